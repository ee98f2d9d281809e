"""Gates with their seats, criteria and votes; back-out triggers; controls."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import ClassVar

import sqlalchemy as sa
from sqlmodel import Field

from warroom.model.row import BookRow, Row, Scope, decimal, long_text, word
from warroom.vocabulary.words import Verdict, VoteChoice


class Gate(BookRow):
    """The decision that belongs to the task of kind gate beside it.

    Attributes:
        due_s: when the decision is due, seconds from the window start; None: when planned.
        quorum: votes (abstentions not counted) that a verdict needs.
    """

    task_id: int = Field(foreign_key="task.id", unique=True)
    due_s: int | None = None
    quorum: int
    verdict: Verdict | None = word(Verdict, default=None)
    decided_at: datetime | None = None
    decided_by_id: int | None = Field(default=None, foreign_key="person.id")
    decision_reason: str | None = long_text(default=None)


class GateTable(Gate, table=True):
    __tablename__ = "gate"


class Seat(BookRow):
    gate_id: int = Field(foreign_key="gate.id", index=True)
    position: int
    title: str
    person_id: int = Field(foreign_key="person.id")


class SeatTable(Seat, table=True):
    __tablename__ = "seat"


class Criterion(BookRow):
    gate_id: int = Field(foreign_key="gate.id", index=True)
    position: int
    text: str = long_text()


class CriterionTable(Criterion, table=True):
    __tablename__ = "criterion"


class Vote(Row):
    """The vote of one seat; a change of vote before the decision is a change of this row."""

    scope: ClassVar[Scope] = Scope.RUN
    run_id: int = Field(foreign_key="run.id", index=True)
    gate_id: int = Field(foreign_key="gate.id", index=True)
    seat_id: int = Field(foreign_key="seat.id")
    person_id: int = Field(foreign_key="person.id")
    choice: VoteChoice = word(VoteChoice)
    reason: str | None = long_text(default=None)
    at: datetime


class VoteTable(Vote, table=True):
    __tablename__ = "vote"
    __table_args__ = (sa.UniqueConstraint("run_id", "seat_id"),)


class Trigger(BookRow):
    """What calls for a back-out."""

    position: int
    text: str = long_text()
    threshold: str | None = None


class TriggerTable(Trigger, table=True):
    __tablename__ = "trigger_of_backout"


class Authority(BookRow):
    """Somebody who may decide on a back-out."""

    person_id: int = Field(foreign_key="person.id")


class AuthorityTable(Authority, table=True):
    __tablename__ = "backout_authority"


class Control(BookRow):
    """A control total: what must tie out, and within which tolerance (absolute, in `unit`, or per cent)."""

    key: str
    name: str
    unit: str | None = None
    tolerance_absolute: Decimal | None = decimal(default=None)
    tolerance_percent: Decimal | None = decimal(default=None)
    signs_id: int | None = Field(default=None, foreign_key="person.id")
    position: int


class ControlTable(Control, table=True):
    __tablename__ = "control"
