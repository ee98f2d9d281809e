"""What was typed of run sheets and is not recorded yet. It is kept while the console is open, whatever is shown."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from warroom.board.run_sheets import SheetOrder


class Column(StrEnum):
    """What can be written beside a task, in the order in which it is asked for."""

    STARTED = "started"
    STEPS = "steps"
    FINISHED = "done"
    VERIFIED = "verified"
    OUTCOME = "outcome"
    WHO = "who"
    NOTE = "note"


Cell = tuple[int, Column]
"""A place on a sheet: the key of a task, and what is written beside it."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed into a cell, and when (run time, UTC): a clock time is the last one before that."""

    text: str
    at: datetime


@dataclass(slots=True)
class SheetDraft:
    """What was typed of one person's sheet.

    Attributes:
        typed: by cell; never empty texts.
        refused: why the record of a cell was refused, until something else is typed there.
        printed: as of when (run time, UTC) the sheet was printed, with its order; None: before the run.
    """

    typed: dict[Cell, Typed] = field(default_factory=dict)
    refused: dict[Cell, str] = field(default_factory=dict)
    printed: tuple[datetime, SheetOrder] | None = None

    def put(self, cell: Cell, text: str, at: datetime) -> None:
        """Take in what stands in a cell now; the same again is as old as before."""
        if text == self.written(cell):
            return
        self.refused.pop(cell, None)
        if text.strip():
            self.typed[cell] = Typed(text, at)
        else:
            self.typed.pop(cell, None)

    def written(self, cell: Cell) -> str:
        """What stands in a cell, to the last blank."""
        typed = self.typed.get(cell)
        return "" if typed is None else typed.text

    def text(self, cell: Cell) -> str:
        """What stands in a cell."""
        return self.written(cell).strip()

    def forget(self, cell: Cell) -> None:
        """Drop what was typed into a cell."""
        self.typed.pop(cell, None)
        self.refused.pop(cell, None)


class SheetDrafts:
    """The drafts of one console, by run and person."""

    def __init__(self) -> None:
        self._drafts: dict[tuple[int | None, int], SheetDraft] = {}

    def of(self, run_id: int | None, person_id: int) -> SheetDraft:
        """The draft of a person's sheet in a run; an empty one to begin with."""
        return self._drafts.setdefault((run_id, person_id), SheetDraft())

    @property
    def unrecorded(self) -> int:
        """In how many cells something stands."""
        return sum(len(draft.typed) for draft in self._drafts.values())
