"""Recording what was done on paper: many lines in one transaction, each with its entry, or none of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from operator import attrgetter
from types import MappingProxyType
from typing import Any, Unpack

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


def _by(action: Callable[..., Entry], **told: Callable[[SheetLine], Any]) -> Record:
    """Records a line by an action, which is told these things of the line besides its task and its time."""

    def record(state_file: StateFile, caller: Caller, line: SheetLine, **known: Unpack[Known]) -> Entry:
        return action(
            state_file, caller, line.ref, at=line.at, **{name: of(line) for name, of in told.items()}, **known
        )

    return record


_NOTE = attrgetter("note")

VERBS: Mapping[str, Record] = MappingProxyType(
    {
        "start": _by(tasks.start, note=_NOTE),
        "confirm": _by(confirmations.confirm),
        "done": _by(tasks.done, note=_NOTE),
        "verify": _by(tasks.verify, note=_NOTE),
        "block": _by(tasks.block, reason=_reason),
        "unblock": _by(tasks.unblock, reason=_NOTE),
        "skip": _by(tasks.skip, reason=_reason),
        "fail": _by(tasks.fail, reason=_reason),
        "note": _by(tasks.note, text=lambda line: line.note or ""),
        "tick": _by(steps.tick, positions=attrgetter("positions"), evidence=_NOTE),
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
