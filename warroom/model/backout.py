"""What becomes of the back-out in a run: calls on its triggers, its invocation, ways to recover that were chosen.

Instants are UTC, in run time.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import ClassVar

from sqlmodel import Field

from warroom.model.row import Row, Scope, decimal, long_text, texts, word
from warroom.vocabulary.words import CallKind


class TriggerCall(Row):
    """Somebody said that a trigger is reached, started its clock, or took its figure.

    Attributes:
        measured: what was measured, in words. value: the figure of a trigger that is a metric.
        ended_at: when it was withdrawn, the clock stopped, or the figure taken anew; by whom, and why. None: it still
            counts.
    """

    __tablename__ = "trigger_call"
    scope: ClassVar[Scope] = Scope.RUN
    run_id: int = Field(foreign_key="run.id", index=True)
    trigger_id: int = Field(foreign_key="trigger_of_backout.id", index=True)
    kind_of_call: CallKind = word(CallKind)
    at: datetime
    person_id: int | None = Field(default=None, foreign_key="person.id")
    measured: str | None = long_text(default=None)
    value: Decimal | None = decimal(default=None)
    reason: str = long_text()
    ended_at: datetime | None = None
    ended_by_id: int | None = Field(default=None, foreign_key="person.id")
    ended_because: str | None = long_text(default=None)


class Invocation(Row):
    """The decision to back out of a run; there is at most one, and it stands.

    Attributes:
        person_id: who decided. witness_id: who heard it, where somebody else recorded it.
        trigger_id: the trigger that called for it, where one was named.
        left_out: refs of the back-out tasks that had nothing to undo.
        restore_by: when business must be running again on the old system, as it stood then.
        expected_done_at: when the back-out was expected to be done, as it was decided.
    """

    __tablename__ = "invocation"
    scope: ClassVar[Scope] = Scope.RUN
    run_id: int = Field(foreign_key="run.id", unique=True)
    at: datetime
    person_id: int | None = Field(default=None, foreign_key="person.id")
    witness_id: int | None = Field(default=None, foreign_key="person.id")
    trigger_id: int | None = Field(default=None, foreign_key="trigger_of_backout.id")
    reason: str = long_text()
    left_out: tuple[str, ...] = texts()
    restore_by: datetime
    expected_done_at: datetime


class RecoveryChoice(Row):
    """The decision to recover in one of the ways of the runbook, after the point of no return."""

    __tablename__ = "recovery_choice"
    scope: ClassVar[Scope] = Scope.RUN
    run_id: int = Field(foreign_key="run.id", index=True)
    recovery_id: int = Field(foreign_key="recovery.id", unique=True)
    at: datetime
    person_id: int | None = Field(default=None, foreign_key="person.id")
    witness_id: int | None = Field(default=None, foreign_key="person.id")
    reason: str = long_text()
