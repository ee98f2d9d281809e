"""The baselines of a run: what its plan was when it was frozen, once at the start and once at each re-baseline."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

import sqlalchemy as sa
from sqlmodel import Field

from warroom.model.row import Row, Scope, long_text


class Baseline(Row):
    """One freezing of a run's plan; never edited. Number 1 is made by the start of the run.

    Attributes:
        at: run time, UTC.
        person_id: who froze it.
        reason: why; None for the first.
    """

    __tablename__ = "baseline"
    __table_args__ = (sa.UniqueConstraint("run_id", "number"),)
    scope: ClassVar[Scope] = Scope.RUN
    run_id: int = Field(foreign_key="run.id", index=True)
    number: int
    at: datetime
    person_id: int | None = Field(default=None, foreign_key="person.id")
    reason: str | None = long_text(default=None)


class BaselineTime(Row):
    """When a baseline has a task start and finish, in seconds from the window start. `ref` is what the task was called
    then; it may have been removed since."""

    __tablename__ = "baseline_time"
    scope: ClassVar[Scope] = Scope.RUN
    run_id: int = Field(foreign_key="run.id", index=True)
    baseline_id: int = Field(foreign_key="baseline.id", index=True)
    ref: str
    start_s: int
    finish_s: int
