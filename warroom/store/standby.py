"""A warm standby: a second copy of the state file in another folder, kept no more than seconds behind.

The copy begins as a verified backup. Then each new entry is taken over as it was written: its hash must follow from the
copy's own last one, and the rows that it changes must be in the copy what the entry says that they were before. So the
copy is verified as it grows, at a cost that does not depend on its size, and it is also a witness: a primary whose
history was rewritten does not go on from it. What is operational (who is watching, say) is of the moment and stays out.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from warroom.store import copies, journal, mounts
from warroom.store.backup import back_up, has_entry, insist_on_sound
from warroom.store.codec import tables
from warroom.store.statefile import StateFile, Transaction
from warroom.vocabulary.errors import BadInput, StateFileError, WarroomError
from warroom.vocabulary.journal import Operation

POLL_S = 0.2
LOOK_EVERY = 10  # polls between two looks at whether the primary is still the same file
VERIFY_EVERY = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Standing:
    """How the copy stands after taking entries over.

    Attributes:
        path: where it is.
        seq, head: its last entry with its hash.
        taken: how many entries were new.
        behind_s: how long ago the last entry was recorded, when it was safe in the copy.
    """

    path: Path
    seq: int
    head: str
    taken: int
    behind_s: float


class HistoryDiffers(StateFileError):
    """The primary does not go on from the copy. Which of the two is right, people must find out."""


class Standby:
    """The copy of one state file, open for one writer; made by `standby_of`."""

    def __init__(self, primary: StateFile, copy: StateFile) -> None:
        self._primary = primary
        self._copy = copy
        self._verified_at = primary.clock.now()
        self._verified_seq = copy.head().seq

    def catch_up(self) -> Standing:
        """Take over what the primary has more.

        Raises:
            HistoryDiffers: the primary does not go on from the copy, which is left as it is.
            StateFileError, Busy: one of the two cannot be used just now.
        """
        first = self._copy.head().seq
        while self._take_page():
            pass
        head, now = self._copy.head(), self._primary.clock.now()
        if now - self._verified_at >= VERIFY_EVERY and head.seq != self._verified_seq:
            insist_on_sound(self._copy)
            self._verified_at, self._verified_seq = now, head.seq
        behind = 0.0 if head.recorded_at is None else (now - head.recorded_at).total_seconds()
        return Standing(copies.file_of(self._copy.database), head.seq, head.hash, head.seq - first, max(0.0, behind))

    def _take_page(self) -> bool:
        """Take over some entries in one transaction; whether there were any."""
        with self._copy.write() as transaction:
            head, connection = transaction.head, transaction.rows.connection
            with self._primary.read() as reader:
                if journal.hash_at(reader.connection, head.seq, self._primary.genesis) != head.hash:
                    raise self._differs(head.seq, "the primary has another one, or none")
                records = journal.records_after(reader.connection, head.seq)
                documents = _missing_documents(reader.connection, connection)
            for document in documents:
                transaction.keep(document)
            for record in records:
                self._take(transaction, record, head)
                head = journal.Head(record.seq, record.hash, None)
        return bool(records)

    def _take(self, transaction: Transaction, record: journal.Record, head: journal.Head) -> None:
        entry = journal.read_entry(record)
        if entry.schema != self._copy.schema.version:
            raise StateFileError(
                f"the primary was migrated to schema {entry.schema} meanwhile",
                where=self._primary.where,
                hint="start the standby again, in the version of warroom that migrated it",
            )
        follows = record.seq == head.seq + 1 and entry.previous_hash == head.hash
        if not follows or journal.record_with(entry) != record:
            raise self._differs(record.seq, "it does not follow from the entry before it")
        rows = transaction.rows
        for change in entry.changes:
            table = tables()[change.table]
            if change.operation is Operation.INSERT:
                rows.restore(table, change.after or {})
                continue
            row = rows.one(table.row_class, id=change.key)
            if row is None:
                raise self._differs(record.seq, f"it changes {change.table} {change.key}, which is not there")
            if change.operation is Operation.DELETE:
                rows.delete(row)
            else:
                rows.update(row, **table.values(change.after or {}))
        # What the gateway saw change here must be what it saw there.
        if rows.changes != [change for change in entry.changes if change.operation is not Operation.INSERT]:
            raise self._differs(record.seq, "what it changes was something else before")
        rows.changes.clear()
        journal.append(rows.connection, record)

    def _differs(self, seq: int, why: str) -> HistoryDiffers:
        return HistoryDiffers(
            f"the primary does not go on from the standby's copy at entry {seq}: {why}",
            where=self._primary.where,
            hint=f"the copy {self._copy.where} was left as it is; find out which of the two is right "
            "(warroom journal verify), then move the copy away and start again, or restore it",
        )


@contextmanager
def standby_of(primary: StateFile, folder: Path) -> Iterator[Standby]:
    """The standby's copy of `primary` in `folder`: the one that is there, verified, else a new one.

    Raises:
        HistoryDiffers: the primary does not go on from the copy that is there.
        BadInput: there is no such folder, or something else under the copy's name.
        StateFileError: it cannot be written.
    """
    if not folder.is_dir():
        raise BadInput("there is no such folder", where=str(folder), hint="create it, or mount it, first")
    with primary.read() as reader:
        path = path_in(folder, copies.programme_key(reader.connection))
    if path.parent.resolve() == copies.file_of(primary.database).parent.resolve():
        raise BadInput(
            "the standby's copy would lie beside the state file",
            where=str(folder),
            hint="name a folder on another disk, best of another machine",
        )
    known = path.exists()
    if known and _is_of_an_older_schema(path, primary):
        path.rename(path.with_name(f"{path.stem}.schema-{primary.schema.version - 1}.db"))
        known = False
    if not known:
        back_up(primary, path)
    with StateFile.copied(path, clock=primary.clock, schema=primary.schema, alone=not _can_lock(path)) as copy:
        if copy.genesis != primary.genesis:
            raise BadInput("there is a copy of another state file", where=str(path), hint="name another folder")
        if known:
            insist_on_sound(copy)
        if not has_entry(primary, head := copy.head()):
            raise Standby(primary, copy)._differs(head.seq, "the primary has another one, or none")
        yield Standby(primary, copy)


def _can_lock(path: Path) -> bool:
    found = mounts.file_system_of(path)
    return found is None or found.can_lock


def _is_of_an_older_schema(path: Path, primary: StateFile) -> bool:
    """Whether the primary was migrated since the copy was made, and still goes on from it.

    Raises:
        HistoryDiffers: it does not.
    """
    with StateFile.copied(path, schema=primary.schema, alone=not _can_lock(path)) as copy:
        if copy.schema.version == primary.schema.version:
            return False
        if copy.genesis == primary.genesis and not has_entry(primary, head := copy.head()):
            raise Standby(primary, copy)._differs(head.seq, "the primary has another one, or none")
        return copy.genesis == primary.genesis


def path_in(folder: Path, programme: str) -> Path:
    """Where the standby's copy of a programme is."""
    return folder / f"{copies.plain(programme)}-standby.db"


def follow(
    primary: StateFile,
    folder: Path,
    stop: threading.Event,
    *,
    told: Callable[[Standing], None],
    trouble: Callable[[WarroomError | None], None],
) -> None:
    """Keep the standby's copy of `primary` in `folder` up to date until `stop` is set.

    Args:
        told: called once at the start, and whenever entries were taken over.
        trouble: called when that is not possible just now and will be tried again, and with None when it is again.

    Raises:
        HistoryDiffers: the primary does not go on from the copy.
        StateFileError: the primary was replaced or migrated; start again.
    """
    with standby_of(primary, folder) as standby:
        told(standby.catch_up())
        version: int | None = None
        polls, failed = 0, False
        with primary.database.connection() as connection:
            while not stop.wait(POLL_S):
                if polls % LOOK_EVERY == 0:
                    primary.database.insist_on_same()
                polls += 1
                try:
                    with primary.database.speaking():
                        now = primary.database.mark_of_change(connection)
                    if now == version and not failed:
                        continue
                    standing = standby.catch_up()
                except HistoryDiffers:
                    raise
                except WarroomError as error:
                    if not failed:
                        trouble(error)
                    failed = True
                    continue
                version = now
                if failed:
                    failed = False
                    trouble(None)
                if standing.taken:
                    told(standing)


def _missing_documents(primary: Any, copy: Any) -> list[bytes]:
    """The documents by content that the copy has not yet. None is ever removed, so their number tells of new ones."""
    count = "SELECT count(*) FROM content"
    if primary.execute(count).fetchone() == copy.execute(count).fetchone():
        return []
    known = {sha256 for (sha256,) in copy.execute("SELECT sha256 FROM content")}
    new = [sha256 for (sha256,) in primary.execute("SELECT sha256 FROM content") if sha256 not in known]
    return [primary.execute("SELECT data FROM content WHERE sha256 = ?", (sha256,)).fetchone()[0] for sha256 in new]
