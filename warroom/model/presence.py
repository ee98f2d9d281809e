"""Who has a console open, of the moment only."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

import sqlalchemy as sa

from warroom.model.row import Kind, Row, word
from warroom.vocabulary.words import Via


class Presence(Row):
    """One open console, kept up to date by the process in which it runs. Instants are wall clock, UTC.

    Attributes:
        holder: that process; `place` is the console's number in it.
        screen: name of the screen that is shown.
        opened_at: when the console was opened; `active_at`: when a key was last pressed there.
        seen_at: when the process last said so; after a while without it the process is taken for dead.
    """

    __tablename__ = "presence"
    __table_args__ = (sa.UniqueConstraint("holder", "place"),)
    kind: ClassVar[Kind] = Kind.OPERATIONAL
    holder: str
    place: int
    handle: str
    via: Via = word(Via)
    screen: str
    opened_at: datetime
    active_at: datetime
    seen_at: datetime
