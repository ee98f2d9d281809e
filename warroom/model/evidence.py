"""What was attached to a task to show that something is so."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from sqlmodel import Field

from warroom.model.row import Row, Scope, long_text


class Evidence(Row):
    """A document attached to a task, or to one step of it.

    Attributes:
        at: when, in run time, UTC. person_id: who attached it.
        note: what it shows, or where the bytes are that are only referred to.
    """

    __tablename__ = "evidence"
    scope: ClassVar[Scope] = Scope.RUN
    run_id: int = Field(foreign_key="run.id", index=True)
    task_id: int = Field(foreign_key="task.id", index=True)
    step_id: int | None = Field(default=None, foreign_key="step.id")
    document_id: int = Field(foreign_key="document.id")
    person_id: int | None = Field(default=None, foreign_key="person.id")
    at: datetime
    note: str | None = long_text(default=None)
