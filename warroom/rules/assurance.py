"""How well it must be known who does something: what the runbook asks for, and whether an entry has it."""

from __future__ import annotations

from enum import StrEnum

from warroom.board.rows import PlanVersion, Run
from warroom.vocabulary.journal import Caller
from warroom.vocabulary.words import Assurance, Via


class Matter(StrEnum):
    """What the runbook names an assurance for (`assurance:`)."""

    VOTE = "vote"
    SIGN = "sign"
    VERIFY = "verify"
    WORK = "work"


_MATTERS = {
    "gate.vote": Matter.VOTE,
    "gate.countersign": Matter.VOTE,
    "gate.decide": Matter.SIGN,
    "gate.waive": Matter.SIGN,
    "control.sign": Matter.SIGN,
    "rollback.invoke": Matter.SIGN,
    "rollback.recover": Matter.SIGN,
    "task.verify": Matter.VERIFY,
}
_RANK = {Assurance.PROXY: 0, Assurance.CLAIMED: 1, Assurance.KEY: 2, Assurance.SYSTEM: 3}
_FOR_ANOTHER = {
    Matter.VOTE: "nobody votes for somebody else",
    Matter.SIGN: "nobody decides for somebody else",
    Matter.VERIFY: "nobody verifies for somebody else",
    Matter.WORK: "nothing is recorded for somebody else",
}


def matter_of(action: str) -> Matter:
    """What an action counts as; whatever is not named elsewhere is work."""
    return _MATTERS.get(action, Matter.WORK)


def asked(plan: Run | PlanVersion, matter: Matter) -> Assurance:
    """The lowest assurance that the plan accepts."""
    asked: Assurance = getattr(plan, f"assurance_{matter.value}")
    return asked


def denied(plan: Run | PlanVersion, action: str, caller: Caller) -> str | None:
    """Why it is not known well enough who does `action`, and what is needed, in words; None when it is.

    Simulated people, who play rehearsals only, stand for people with a key.
    """
    matter = matter_of(action)
    wanted, known = asked(plan, matter), caller.assured
    if caller.via is Via.SIMULATOR or _RANK[known] >= _RANK[wanted]:
        return None
    key = ", known by key," if wanted is Assurance.KEY else ""
    if known is Assurance.PROXY:
        return f"{_FOR_ANOTHER[matter]}: this runbook wants it{key} from {caller.done_by} (assurance: {matter.value})"
    return f"this runbook wants {caller.handle} known by key, not by a claim, for that (assurance: {matter.value})"
