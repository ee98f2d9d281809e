"""What a blocked task waits for: a person, a problem of the log, or a party outside, with ticket, promise and chase."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from warroom.actions.acting import Acting, check_text
from warroom.model.problems import Problem
from warroom.model.programme import Party, Person
from warroom.vocabulary.errors import BadInput
from warroom.vocabulary.words import BlockedOn

NOT_BLOCKED: Mapping[str, Any] = MappingProxyType(
    dict.fromkeys(
        (
            "blocked_at",
            "blocked_reason",
            "blocked_on",
            "blocked_by",
            "blocked_ticket",
            "blocked_promise",
            "blocked_chase",
        )
    )
)
"""The columns of a task that is blocked no longer."""


@dataclass(frozen=True, slots=True)
class Awaited:
    """What was said of it; all of it may be missing.

    Attributes:
        on: the handle of a person, the key of a party, or the number of a problem; "person:", "party:" or "problem:"
            before it says which, where it could be several.
        ticket: by what name they know of it. promise: until when they promised to be done; chase: when they are
            asked again; both run time, UTC.
    """

    on: str | None = None
    ticket: str | None = None
    promise: datetime | None = None
    chase: datetime | None = None

    def columns(self, acting: Acting) -> dict[str, Any]:
        """The columns of the task that say so.

        Raises:
            BadInput: there is no such person, party or problem, or a time has passed.
        """
        check_text("the ticket", self.ticket)
        for name, instant in (("promised", self.promise), ("chase", self.chase)):
            if instant is not None and instant < acting.now:
                raise BadInput("that time has passed", where=f"--{name}", hint="such as 45m or 02:40")
        kind, by = (None, None) if self.on is None else _found(acting, self.on)
        return {
            "blocked_on": kind,
            "blocked_by": by,
            "blocked_ticket": self.ticket,
            "blocked_promise": self.promise,
            "blocked_chase": self.chase,
        }


def _found(acting: Acting, text: str) -> tuple[BlockedOn, str]:
    said, colon, rest = text.partition(":")
    name = (rest if colon else text).strip()
    kinds = [kind for kind in BlockedOn if not colon or kind == said.strip()]
    for kind in kinds:
        if kind is BlockedOn.PERSON and acting.rows.one(Person, handle=name) is not None:
            return kind, name
        if kind is BlockedOn.PARTY and acting.rows.one(Party, key=name) is not None:
            return kind, name
        if kind is BlockedOn.PROBLEM and _is_problem(acting, name):
            return kind, str(int(name))
    parties = ", ".join(party.key for party in acting.rows.find(Party))
    raise BadInput(
        f"there is no person, party or problem called {text}",
        hint="name a handle, the number of a problem" + (f", or a party: {parties}" if parties else ""),
    )


def _is_problem(acting: Acting, name: str) -> bool:
    if not (name.isascii() and name.isdigit()) or len(name) > 9:
        return False
    return acting.rows.one(Problem, run_id=acting.open_run().id, number=int(name)) is not None
