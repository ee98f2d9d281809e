"""The log of the night: what goes wrong in a run, and what becomes of it."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

import sqlalchemy as sa
from sqlmodel import Field

from warroom.model.row import Row, Scope, long_text, texts, word
from warroom.vocabulary.words import ProblemStatus

WORST, MILDEST = 1, 4


class Problem(Row):
    """Something that is wrong. Times are run time, UTC.

    Attributes:
        number: counts from 1 in the run.
        severity: 1 is the worst, 4 the mildest.
        tasks: refs of the tasks that it is about.
        due_at: until when it is to be solved. closed_at: when it was solved or accepted.
        outcome: how it was solved, or why it is accepted.
    """

    __tablename__ = "problem"
    __table_args__ = (
        sa.UniqueConstraint("run_id", "number"),
        sa.CheckConstraint(f"severity BETWEEN {WORST} AND {MILDEST}", name="is_a_severity_of_a_problem"),
    )
    scope: ClassVar[Scope] = Scope.RUN
    run_id: int = Field(foreign_key="run.id", index=True)
    number: int
    severity: int
    title: str = long_text()
    status: ProblemStatus = word(ProblemStatus, default=ProblemStatus.OPEN)
    owner_id: int | None = Field(default=None, foreign_key="person.id")
    workaround: str | None = long_text(default=None)
    due_at: datetime | None = None
    tasks: tuple[str, ...] = texts()
    raised_at: datetime
    raised_by_id: int | None = Field(default=None, foreign_key="person.id")
    closed_at: datetime | None = None
    closed_by_id: int | None = Field(default=None, foreign_key="person.id")
    outcome: str | None = long_text(default=None)
