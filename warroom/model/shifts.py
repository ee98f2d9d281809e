"""Who is away and who stands in for them, and shifts that are handed over."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from sqlmodel import Field

from warroom.model.row import Row, Scope, long_text


class Leave(Row):
    """A stretch of time in which a person is away, as it was said during the cutover.

    Attributes:
        run_id: the run that it was said in and counts in; None: said outside any run, and counts in the live one.
        substitute_id: who has the person's rights on tasks meanwhile, if anybody does.
        from_at, to_at: run time, UTC; without an end it lasts until somebody says that the person is back.
    """

    __tablename__ = "leave"
    run_id: int | None = Field(default=None, foreign_key="run.id")
    person_id: int = Field(foreign_key="person.id", index=True)
    substitute_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    from_at: datetime
    to_at: datetime | None = None
    reason: str | None = long_text(default=None)


class ShiftHandover(Row):
    """A shift that is offered and, once it is accepted, has gone over. Instants are run time, UTC.

    Attributes:
        leaving_id: whose open tasks go over.
        coming_id: to whom it is offered, then who accepted it; None: offered to anybody.
    """

    __tablename__ = "shift_handover"
    scope: ClassVar[Scope] = Scope.RUN
    run_id: int = Field(foreign_key="run.id", index=True)
    leaving_id: int = Field(foreign_key="person.id")
    coming_id: int | None = Field(default=None, foreign_key="person.id")
    given_at: datetime
    given_by_id: int | None = Field(default=None, foreign_key="person.id")
    accepted_at: datetime | None = None
    note: str | None = long_text(default=None)
