"""A line of a run sheet: one thing that was done, as it was written on paper."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

COLUMNS = ("ref", "verb", "who", "time", "note")
"""The columns of a line that is written as text, in their order."""


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One line of a run sheet.

    Attributes:
        number: its line in the file, from 1.
        ref: of the task; `positions` are the steps that are ticked.
        verb: such as "start"; all of them are in `warroom.actions.sheet`.
        who: handle of the one who did it; None: the one who records it.
        at: when (run time, UTC); None: now.
        note: what was written beside it; of a block, a skip or a failure the reason, of a tick the evidence.
        seen: seq of the last entry about the task that whoever records it had seen; None: it rests on what is there.
    """

    number: int
    ref: str
    verb: str
    who: str | None = None
    at: datetime | None = None
    note: str | None = None
    positions: tuple[int, ...] = ()
    seen: int | None = None
