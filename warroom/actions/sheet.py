"""Recording what was done on paper: many lines in one transaction, each with its entry, or none of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType

from warroom.actions import confirmations, steps, tasks
from warroom.actions.acting import required
from warroom.store.statefile import StateFile
from warroom.store.together import together
from warroom.vocabulary.errors import BadInput, BadSheet, Fault, Refused
from warroom.vocabulary.journal import Caller, Entry


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One line of a run sheet.

    Attributes:
        number: its line in the file, from 1.
        ref: of the task; `positions` are the steps that are ticked.
        verb: one of `VERBS`.
        who: handle of the one who did it; None: the one who records it.
        at: when (run time, UTC); None: now.
        note: what was written beside it; of a block, a skip or a failure the reason, of a tick the evidence.
    """

    number: int
    ref: str
    verb: str
    who: str | None = None
    at: datetime | None = None
    note: str | None = None
    positions: tuple[int, ...] = ()


Record = Callable[[StateFile, Caller, SheetLine], Entry]


def _reason(line: SheetLine) -> str:
    return required("the note, which says why,", line.note)


VERBS: Mapping[str, Record] = MappingProxyType(
    {
        "start": lambda state, caller, line: tasks.start(state, caller, line.ref, at=line.at, note=line.note),
        "confirm": lambda state, caller, line: confirmations.confirm(state, caller, line.ref, at=line.at),
        "done": lambda state, caller, line: tasks.done(state, caller, line.ref, at=line.at, note=line.note),
        "verify": lambda state, caller, line: tasks.verify(state, caller, line.ref, at=line.at, note=line.note),
        "block": lambda state, caller, line: tasks.block(state, caller, line.ref, at=line.at, reason=_reason(line)),
        "unblock": lambda state, caller, line: tasks.unblock(state, caller, line.ref, at=line.at, reason=line.note),
        "skip": lambda state, caller, line: tasks.skip(state, caller, line.ref, at=line.at, reason=_reason(line)),
        "fail": lambda state, caller, line: tasks.fail(state, caller, line.ref, at=line.at, reason=_reason(line)),
        "note": lambda state, caller, line: tasks.note(state, caller, line.ref, at=line.at, text=line.note or ""),
        "tick": lambda state, caller, line: steps.tick(
            state, caller, line.ref, at=line.at, positions=line.positions, evidence=line.note
        ),
    }
)


def record(state_file: StateFile, caller: Caller, lines: Sequence[SheetLine], *, name: str) -> list[Entry]:
    """Record the lines in their order, each as done by whom it names.

    Args:
        name: of the run sheet, for what is said about it.

    Raises:
        BadSheet: lines were refused; all of them are named, and nothing was recorded.
    """
    entries: list[Entry] = []
    faults: list[Fault] = []
    with together(state_file) as one:
        for line in lines:
            try:
                entries.append(VERBS[line.verb](one, replace(caller, done_by=line.who), line))
            except (Refused, BadInput) as error:
                faults.append(Fault(name, line.number, 1, error.message, error.hint))
        if faults:
            raise BadSheet(faults)
    return entries
