"""Recording what was done on paper: many lines in one transaction, each with its entry, or none of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from warroom.actions import confirmations, steps, tasks
from warroom.actions.acting import Known, required
from warroom.store.statefile import StateFile
from warroom.store.together import together
from warroom.vocabulary.errors import BadInput, BadSheet, Fault, Refused
from warroom.vocabulary.journal import Caller, Entry
from warroom.vocabulary.sheet import SheetLine
from warroom.vocabulary.words import Medium

Record = Callable[..., Entry]
"""Records a line: the state file, who records it, the line, and what is `Known`."""


def _reason(line: SheetLine) -> str:
    return required("the note, which says why,", line.note)


VERBS: Mapping[str, Record] = MappingProxyType(
    {
        "start": lambda state, caller, line, **known: tasks.start(
            state, caller, line.ref, at=line.at, note=line.note, **known
        ),
        "confirm": lambda state, caller, line, **known: confirmations.confirm(
            state, caller, line.ref, at=line.at, **known
        ),
        "done": lambda state, caller, line, **known: tasks.done(
            state, caller, line.ref, at=line.at, note=line.note, **known
        ),
        "verify": lambda state, caller, line, **known: tasks.verify(
            state, caller, line.ref, at=line.at, note=line.note, **known
        ),
        "block": lambda state, caller, line, **known: tasks.block(
            state, caller, line.ref, at=line.at, reason=_reason(line), **known
        ),
        "unblock": lambda state, caller, line, **known: tasks.unblock(
            state, caller, line.ref, at=line.at, reason=line.note, **known
        ),
        "skip": lambda state, caller, line, **known: tasks.skip(
            state, caller, line.ref, at=line.at, reason=_reason(line), **known
        ),
        "fail": lambda state, caller, line, **known: tasks.fail(
            state, caller, line.ref, at=line.at, reason=_reason(line), **known
        ),
        "note": lambda state, caller, line, **known: tasks.note(
            state, caller, line.ref, at=line.at, text=line.note or "", **known
        ),
        "tick": lambda state, caller, line, **known: steps.tick(
            state, caller, line.ref, at=line.at, positions=line.positions, evidence=line.note, **known
        ),
    }
)


def record(
    state_file: StateFile,
    caller: Caller,
    lines: Sequence[SheetLine],
    *,
    name: str,
    by: Medium | None = None,
    entry_id: str | None = None,
) -> list[Entry]:
    """Record the lines in their order, each as done by whom it names.

    Args:
        name: of the run sheet, for what is said about it. by: how all of it was told.
        entry_id: a UUID made by the caller, for the last of the entries. If there is one with it already, this is a
            repetition after an unknown outcome: nothing is done, and only that entry is returned.

    Raises:
        BadSheet: lines were refused; all of them are named, and nothing was recorded.
        BadInput: there are no lines.
    """
    if not lines:
        raise BadInput("the run sheet is empty", where=name)
    entries: list[Entry] = []
    faults: list[Fault] = []
    with together(state_file) as one:
        if entry_id is not None and (recorded := _recorded(one, entry_id)) is not None:
            return [recorded]
        for line in lines:
            known: Known = {"seen": line.seen, "entry_id": entry_id if line is lines[-1] else None}
            try:
                entries.append(VERBS[line.verb](one, replace(caller, done_by=line.who, by=by), line, **known))
            except (Refused, BadInput) as error:
                faults.append(Fault(name, line.number, 1, error.message, error.hint))
        if faults:
            raise BadSheet(faults)
    return entries


def record_whole(
    state_file: StateFile,
    caller: Caller,
    *,
    lines: Sequence[SheetLine],
    name: str,
    by: Medium | None = None,
    entry_id: str | None = None,
) -> Entry:
    """`record` for whoever calls by a name and is given one entry: the last of them."""
    return record(state_file, caller, lines, name=name, by=by, entry_id=entry_id)[-1]


def _recorded(state_file: StateFile, entry_id: str) -> Entry | None:
    with state_file.write() as transaction:
        return transaction.entry_with(entry_id)
