"""When people and tasks can work: calendars and absences."""

from __future__ import annotations

from sqlmodel import Field

from warroom.model.row import BookRow, texts


class CalendarHours(BookRow):
    """Working hours, by the name that tasks and people use.

    Attributes:
        timezone: IANA zone whose clocks show the hours.
        hours: the shifts of days of the week, "mon-fri 08:00-12:00, 13:00-18:00"; other days are off.
        exceptions: the shifts of single dates instead, "2026-12-24 off".
    """

    __tablename__ = "calendar"
    key: str
    position: int
    timezone: str
    hours: tuple[str, ...] = texts()
    exceptions: tuple[str, ...] = texts()


class Absence(BookRow):
    """A stretch of time, in seconds from the window start, in which a person does not work whatever calendars say."""

    __tablename__ = "absence"
    person_id: int = Field(foreign_key="person.id", index=True)
    from_s: int
    to_s: int
