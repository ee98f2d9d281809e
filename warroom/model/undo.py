"""Which entries of the journal were taken back."""

from __future__ import annotations

from typing import ClassVar

from sqlmodel import Field

from warroom.model.row import Row, Scope


class Undone(Row):
    """An entry whose changes another entry has taken back; both stay in the journal.

    Attributes:
        entry_seq: the entry that was taken back. undo_seq: the one that did it.
    """

    __tablename__ = "undone"
    scope: ClassVar[Scope] = Scope.RUN
    run_id: int = Field(foreign_key="run.id", index=True)
    entry_seq: int = Field(unique=True)
    undo_seq: int
