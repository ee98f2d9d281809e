"""What the night leaves behind besides problems: decisions taken on the spot, papers written by hand, roll-calls."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

import sqlalchemy as sa
from sqlmodel import Field

from warroom.model.row import Row, Scope, long_text, texts


class AdHocDecision(Row):
    """Something that was decided during a run and belongs to no gate.

    Attributes:
        number: counts from 1 in the run.
        because: why it was decided so.
        tasks: refs of the tasks that it is about.
        at: when it was decided, run time, UTC.
    """

    __tablename__ = "ad_hoc_decision"
    __table_args__ = (sa.UniqueConstraint("run_id", "number"),)
    scope: ClassVar[Scope] = Scope.RUN
    run_id: int = Field(foreign_key="run.id", index=True)
    number: int
    text: str = long_text()
    because: str = long_text()
    decided_by_id: int | None = Field(default=None, foreign_key="person.id")
    tasks: tuple[str, ...] = texts()
    at: datetime


class PaperDocument(Row):
    """A document that was made by hand while the system stood still, to be entered afterwards. Times are run time, UTC.

    Attributes:
        number: counts from 1 in the run.
        text: what it is, such as "delivery note 4711 to Penrose".
        owner_id: who enters it. due_at: until when.
        entered_as: what it is in the new system; None: it was not entered yet.
    """

    __tablename__ = "paper_document"
    __table_args__ = (sa.UniqueConstraint("run_id", "number"),)
    scope: ClassVar[Scope] = Scope.RUN
    run_id: int = Field(foreign_key="run.id", index=True)
    number: int
    text: str = long_text()
    owner_id: int | None = Field(default=None, foreign_key="person.id")
    due_at: datetime | None = None
    made_at: datetime
    made_by_id: int | None = Field(default=None, foreign_key="person.id")
    entered_as: str | None = long_text(default=None)
    entered_at: datetime | None = None
    entered_by_id: int | None = Field(default=None, foreign_key="person.id")


class RollCall(Row):
    """Everybody is asked whether they are there. `called_at` is run time, UTC."""

    __tablename__ = "roll_call"
    __table_args__ = (sa.UniqueConstraint("run_id", "number"),)
    scope: ClassVar[Scope] = Scope.RUN
    run_id: int = Field(foreign_key="run.id", index=True)
    number: int
    title: str | None = long_text(default=None)
    called_at: datetime
    called_by_id: int | None = Field(default=None, foreign_key="person.id")


class RollAnswer(Row):
    """Somebody has answered a roll-call. `at` is run time, UTC; `taken_by_id` is who wrote it down."""

    __tablename__ = "roll_answer"
    __table_args__ = (sa.UniqueConstraint("roll_call_id", "person_id"),)
    scope: ClassVar[Scope] = Scope.RUN
    run_id: int = Field(foreign_key="run.id", index=True)
    roll_call_id: int = Field(foreign_key="roll_call.id", index=True)
    person_id: int = Field(foreign_key="person.id")
    at: datetime
    taken_by_id: int | None = Field(default=None, foreign_key="person.id")
