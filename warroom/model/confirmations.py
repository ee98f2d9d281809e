"""What people have confirmed of tasks that require some of them."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

import sqlalchemy as sa
from sqlmodel import Field

from warroom.model.row import Row, Scope, word
from warroom.vocabulary.words import Confirmed


class Confirmation(Row):
    """One of those whom a task requires has confirmed that they are there to start it, or that it is finished.

    Attributes:
        attempt: number of the attempt at the task for which it counts.
        person_id: whose it is. by_id: who gave it: the same person, or who stands in for them.
        at: run time, UTC.
    """

    __tablename__ = "confirmation"
    __table_args__ = (sa.UniqueConstraint("task_id", "attempt", "confirmed", "person_id"),)
    scope: ClassVar[Scope] = Scope.RUN
    run_id: int = Field(foreign_key="run.id", index=True)
    task_id: int = Field(foreign_key="task.id", index=True)
    attempt: int
    confirmed: Confirmed = word(Confirmed)
    person_id: int = Field(foreign_key="person.id")
    by_id: int = Field(foreign_key="person.id")
    at: datetime
