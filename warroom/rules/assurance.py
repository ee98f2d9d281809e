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


_MATTERS = {"gate.vote": Matter.VOTE, "gate.decide": Matter.SIGN, "task.verify": Matter.VERIFY}
_RANK = {Assurance.PROXY: 0, Assurance.CLAIMED: 1, Assurance.KEY: 2, Assurance.SYSTEM: 3}
_NEEDED = {
    Assurance.CLAIMED: "they must do it themselves",
    Assurance.KEY: "they must do it themselves, known by their key",
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
    whose = f"{caller.done_by}'s" if caller.for_another else f"{caller.handle}'s"
    how = "only recorded for them" if known is Assurance.PROXY else "only claimed"
    doing = {Matter.VOTE: "vote", Matter.SIGN: "decision", Matter.VERIFY: "verification"}.get(matter, "doing")
    return f"{whose} {doing} would be {how}: this runbook asks for more, {_NEEDED[wanted]} (assurance: {matter.value})"
