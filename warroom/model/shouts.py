"""Lines that somebody shouts across the room."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field

from warroom.model.row import Row, long_text


class Shout(Row):
    """A line to everybody, to those of a stream, or to one person; it is shown in their consoles with a bell.

    Attributes:
        run_id: the run in which it was said; None: outside any.
        by_id: who said it. to_id: to whom; None: to a stream or to everybody.
        stream: key of the stream to which it was said; None: to one person or to everybody.
        bridge: whether those who hear it are called to the bridge.
        said_at: wall clock, UTC.
    """

    __tablename__ = "shout"
    run_id: int | None = Field(default=None, foreign_key="run.id")
    by_id: int | None = Field(default=None, foreign_key="person.id")
    to_id: int | None = Field(default=None, foreign_key="person.id")
    stream: str | None = None
    text: str = long_text()
    bridge: bool = False
    said_at: datetime
