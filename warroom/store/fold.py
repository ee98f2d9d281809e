"""The tables that the journal tells of, rebuilt in memory."""

from __future__ import annotations

from collections.abc import Iterable

from warroom.vocabulary.journal import Change, Entry, Operation, Plain

Rows = dict[int, dict[str, Plain]]


def fold(entries: Iterable[Entry]) -> dict[str, Rows]:
    """All journalled rows, by table and key, as they stand after `entries`, in the journal's own notation.

    Raises:
        HistoryBroken: a change does not fit what the entries before it say.
    """
    tables: dict[str, Rows] = {}
    for entry in entries:
        for change in entry.changes:
            _apply(tables.setdefault(change.table, {}), change, entry.seq)
    return tables


class HistoryBroken(ValueError):
    """A change does not fit the entries before it. `seq` is the entry that carries it."""

    def __init__(self, seq: int, message: str) -> None:
        super().__init__(message)
        self.seq = seq


def _apply(rows: Rows, change: Change, seq: int) -> None:
    place = f"{change.table} {change.key}"
    row = rows.get(change.key)
    if change.operation is Operation.INSERT:
        if row is not None or change.after is None:
            raise HistoryBroken(seq, f"{place} is inserted twice")
        rows[change.key] = dict(change.after)
        return
    if row is None or change.before is None:
        raise HistoryBroken(seq, f"{place} is changed but was never there")
    for field, value in change.before.items():
        if row.get(field) != value:
            raise HistoryBroken(seq, f"{place}: {field} was not {value!r} before")
    if change.operation is Operation.DELETE:
        del rows[change.key]
    elif change.after is not None:
        row.update(change.after)
