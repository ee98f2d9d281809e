"""The journal as values: an entry, the row changes it carries, and who acts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from warroom.vocabulary.words import Assurance, Medium, Via

# What a field of a change may hold, as in JSON: Decimal as string, times as UTC text, never a float.
Plain = str | int | bool | None | list[Any]


class Operation(StrEnum):
    INSERT = "insert"
    UPDATE = "update"
    DELETE = "delete"


@dataclass(frozen=True, slots=True)
class Change:
    """One row that changed.

    `before` is None for an insert, `after` is None for a delete; an update carries only the fields that
    differ, in both.
    """

    operation: Operation
    table: str
    key: int
    before: Mapping[str, Plain] | None
    after: Mapping[str, Plain] | None


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the journal.

    Attributes:
        seq: place in the journal, from 1 without a gap.
        id: the UUID that the client made; sending the same one again changes nothing.
        run: key of the run that the entry belongs to, or None.
        recorded_at: wall clock, UTC, never running backwards.
        run_time: the run's own clock, UTC; None outside a run.
        effective_at: when it really happened, UTC.
        actor: handle of the one who recorded it.
        done_by: handle of the one who did it; the actor's own unless recorded for somebody.
        by: how the one who did it told the one who recorded it; None where it is not known, or both are one.
        clock: what the wall clock said, UTC, where that lies before the entry before it; else None.
        in_place_of: handle of the person for whom the one who did it stood in; None where nobody's rights were needed.
        schema: schema version that the changes are written in.
        previous_hash, hash: SHA-256 in hex; `hash` is over the stored bytes of the entry.
    """

    seq: int
    id: str
    run: int | None
    recorded_at: datetime
    run_time: datetime | None
    effective_at: datetime
    actor: str
    done_by: str
    assurance: Assurance
    via: Via
    action: str
    subject: str
    reason: str | None
    changes: tuple[Change, ...]
    schema: int
    previous_hash: str
    hash: str
    by: Medium | None = None
    in_place_of: str | None = None
    clock: datetime | None = None

    @property
    def who(self) -> str:
        """The one who did it, and for whom: "bea for omar"."""
        return self.done_by if self.in_place_of is None else f"{self.done_by} for {self.in_place_of}"

    @property
    def recorded_by(self) -> str | None:
        """Who recorded it for the one who did it, and how it was told: "lena, by phone"; None where both are one."""
        if self.actor == self.done_by:
            return None
        return self.actor if self.by is None else f"{self.actor}, {self.by.phrase}"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls an action, and how that is known.

    Attributes:
        handle: handle of the person who acts (the actor), or "watch", or "server".
        assurance: how the handle was established.
        via: the way in.
        done_by: handle of the one who did what is recorded; None means the actor.
        by: how that one told it, where it is known.
    """

    handle: str
    assurance: Assurance
    via: Via
    done_by: str | None = None
    by: Medium | None = None

    @property
    def for_another(self) -> bool:
        """Whether it is recorded for somebody else."""
        return self.done_by not in (None, self.handle)

    @property
    def assured(self) -> Assurance:
        """How it is known who did it: of what is recorded for somebody else, only that the actor says so."""
        return Assurance.PROXY if self.for_another else self.assurance


WATCH = Caller("watch", Assurance.SYSTEM, Via.ALERTS)
SERVER = Caller("server", Assurance.SYSTEM, Via.SSH)
