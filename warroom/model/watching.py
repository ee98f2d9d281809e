"""The watch: who holds it, which clock it goes by, and what it found wrong with clocks."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from sqlmodel import Field

from warroom.model.row import Kind, Row, Scope


class Lease(Row):
    """Who watches: sweeps when something falls due, and sends. There is one row at most.

    Attributes:
        holder: the process, as people are told; `token` is its own, made when it began to watch.
        fence: counts the holders. What is written in the name of an earlier one is refused.
        boot, until_us: until when it is held unless it is renewed, on the clock of `Uptime`, which nobody sets.
        can_send: whether the holder knows channels; one who does takes it over from one who does not.
        since, renewed_at: since when it holds it, and when it said so last; wall clock, UTC, for people only.
    """

    __tablename__ = "lease"
    kind: ClassVar[Kind] = Kind.OPERATIONAL
    holder: str
    token: str
    fence: int
    boot: str
    until_us: int
    can_send: bool
    since: datetime
    renewed_at: datetime


class MachineClock(Row):
    """How a machine's wall clock stood to its uptime when somebody looked last; suddenly another, the clock was set.

    Attributes:
        boot: which start of which machine.
        wall, up_us: what the two showed at that instant.
    """

    __tablename__ = "machine_clock"
    kind: ClassVar[Kind] = Kind.OPERATIONAL
    boot: str = Field(unique=True)
    wall: datetime
    up_us: int


class ClockJump(Row):
    """A wall clock that was set while a run was open.

    Attributes:
        machine: the one whose clock it is.
        expected, shown: what it should have shown by the machine's uptime, and what it did; UTC.
        moved_s: by how many seconds it was set forward; negative: back.
        holds: whether alerts of lateness wait until a lead has confirmed the clock.
        confirmed_at, confirmed_by_id: when that was, in run time, and who did.
    """

    __tablename__ = "clock_jump"
    scope: ClassVar[Scope] = Scope.RUN
    run_id: int = Field(foreign_key="run.id", index=True)
    machine: str
    expected: datetime
    shown: datetime
    moved_s: int
    holds: bool
    confirmed_at: datetime | None = None
    confirmed_by_id: int | None = Field(default=None, foreign_key="person.id")
