"""Taking back one's own last action, by the inverse of what its entry says; both stay in the journal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Unpack

from warroom.actions.acting import Acting, Known, check_text, perform
from warroom.model.plan import Run
from warroom.model.tasks import Link, Task
from warroom.model.undo import Undone
from warroom.rules import permissions
from warroom.rules.undo import NOTHING, UNDO, own_last, released_by, why_not
from warroom.store import journal
from warroom.store.codec import journalled_tables
from warroom.store.gateway import Gateway
from warroom.store.statefile import StateFile
from warroom.vocabulary.errors import Refused, Stale
from warroom.vocabulary.journal import Caller, Change, Entry, Operation


def undo(
    state_file: StateFile,
    caller: Caller,
    *,
    entry: int | None = None,
    reason: str | None = None,
    **known: Unpack[Known],
) -> Entry:
    """Take back the caller's own last action of the open run: what they recorded, for themselves or for somebody, and
    have not taken back yet. Doing it twice takes back two.

    Args:
        entry: seq of the entry that the caller means; None: whichever is their last.

    Raises:
        Refused: there is none, it is never taken back, or somebody has built on it.
        Stale: their last is another one than `entry` by now.
    """
    check_text("the reason", reason)
    known_entries = _looked_through(state_file, caller.handle)

    def work(acting: Acting) -> str:
        run = acting.open_run()
        undone = {row.entry_seq: row.undo_seq for row in acting.rows.find(Undone, run_id=run.id)}
        if entry in undone:
            raise Stale(f"entry {entry} was taken back already, by entry {undone[entry]}", seq=undone[entry])
        last, later = _own_last(acting, run.id, undone, known_entries)
        if entry is not None and entry != last.seq:
            raise Stale(
                f"your last action is another one by now: {last.action} of {last.subject}, entry {last.seq}",
                where=last.subject,
                hint="look again, then decide",
                seq=last.seq,
            )
        _insist_on_undoable(acting, last, later)
        for change in reversed(last.changes):
            _take_back(acting.rows, change, last)
        acting.rows.insert(Undone, run_id=run.id, entry_seq=last.seq, undo_seq=acting.transaction.head.seq + 1)
        acting.reason = f"takes back {last.action}, entry {last.seq}" + (f": {reason}" if reason else "")
        return last.subject

    return perform(state_file, caller, UNDO, "run", work, reason=reason, **known)


def _looked_through(state_file: StateFile, handle: str) -> dict[str, Entry]:
    """The entries of the open run back to the last one of `handle`, by their hash. They are read before the
    transaction, so that nobody waits while thousands of them are."""
    read: dict[str, Entry] = {}

    def kept(records: Iterable[journal.Record]) -> Iterator[Entry]:
        for record in records:
            read[record.hash] = entry = journal.read_entry(record)
            yield entry

    with state_file.read() as reader:
        for run in reader.find(Run):
            if run.closed_at is None:
                undone = {row.entry_seq for row in reader.find(Undone, run_id=run.id)}
                own_last(kept(journal.newest_first(reader.connection, run.id)), handle, undone)
    return read


def _own_last(
    acting: Acting, run: int, undone: dict[int, int], known: Mapping[str, Entry]
) -> tuple[Entry, tuple[Entry, ...]]:
    found = own_last(acting.transaction.newest_first(run, known), acting.actor.handle, undone)
    if found is None:
        raise Refused(NOTHING, hint=f"you act as {acting.actor.handle}")
    return found


def _insist_on_undoable(acting: Acting, entry: Entry, later: tuple[Entry, ...]) -> None:
    rows = acting.rows
    acting.insist(permissions.may_undo(acting.actor, entry.actor), entry.subject)
    if entry.schema != acting.transaction.schema:
        raise Refused(f"entry {entry.seq} was recorded by an older warroom", where=entry.subject)

    def links_from(key: int) -> list[tuple[Link, Task]]:
        return [(link, rows.get(Task, link.successor_id)) for link in rows.find(Link, predecessor_id=key)]

    released = released_by(entry, lambda key: rows.get(Task, key), links_from)
    if (denied := why_not(entry, later, released)) is not None:
        hint = f"see: warroom journal list --after {entry.seq - 1}; what was finished too early is reopened"
        raise Refused(denied, where=entry.subject, hint=hint)


def _take_back(rows: Gateway, change: Change, entry: Entry) -> None:
    """Do the inverse of a change.

    Raises:
        Refused: the row is not as the change left it.
    """
    table = journalled_tables()[change.table]
    if change.operation is Operation.DELETE:
        assert change.before is not None
        rows.put_back(table.row_class, **table.values(change.before))
        return
    row = rows.one(table.row_class, id=change.key)
    after = change.after or {}
    if row is None or table.plain({field: getattr(row, field) for field in after}) != after:
        raise Refused(f"what entry {entry.seq} changed has changed since", where=entry.subject)
    if change.operation is Operation.INSERT:
        rows.delete(row)
    else:
        assert change.before is not None
        rows.update(row, **table.values(change.before))
