"""The state file: created, opened, read and written."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa

from warroom.clock.source import Clock, SystemClock, Uptime
from warroom.model.journal import ContentTable, JournalTable, StateFileTable
from warroom.store import copies, files, journal
from warroom.store.codec import definition_of, tables
from warroom.store.database import Database, Location
from warroom.store.fold import fold
from warroom.store.gateway import Gateway, Reader, Remembered
from warroom.store.migration import CURRENT, Schema
from warroom.store.sqlite import SQLite
from warroom.vocabulary.errors import StateFileError
from warroom.vocabulary.journal import WATCH, Caller, Entry


@dataclass
class Transaction:
    """One write transaction: rows change through `rows`, and `journal` appends the entry that tells of it.

    Attributes:
        recorded_at: the instant of this transaction, UTC, never before that of the last entry.
        clock: what the wall clock says, UTC.
    """

    rows: Gateway
    recorded_at: datetime
    clock: datetime
    head: journal.Head
    new_id: Callable[[], UUID]
    schema: int
    entry: Entry | None = field(default=None, init=False)

    def keep(self, data: bytes) -> str:
        """Store a document once by its content and return its SHA-256 in hex."""
        sha256 = hashlib.sha256(data).hexdigest()
        if self.rows.connection.execute("SELECT 1 FROM content WHERE sha256 = ?", (sha256,)).fetchone() is None:
            self.rows.connection.execute("INSERT INTO content (sha256, data) VALUES (?, ?)", (sha256, data))
        return sha256

    def entry_with(self, entry_id: str) -> Entry | None:
        """The entry that was recorded with that id, or None."""
        record = journal.record_of(self.rows.connection, entry_id)
        return None if record is None else journal.read_entry(record)

    def last_entry_of(self, run: int | None, subject: str) -> Entry | None:
        record = journal.last_of_subject(self.rows.connection, run, subject)
        return None if record is None else journal.read_entry(record)

    def entries_of(self, run: int | None, subject: str, after: int) -> list[Entry]:
        """The entries about `subject` that follow `after`, in order."""
        return list(map(journal.read_entry, journal.of_subject(self.rows.connection, run, subject, after)))

    def newest_first(self, run: int, known: Mapping[str, Entry]) -> Iterator[Entry]:
        """The entries of a run from the last one back, with their changes as they were written.

        Args:
            known: entries by their hash, which were read before this transaction held up everybody else.
        """
        for record in journal.newest_first(self.rows.connection, run):
            yield known.get(record.hash) or journal.read_entry(record)

    def journal(
        self,
        caller: Caller,
        action: str,
        subject: str,
        *,
        run: int | None,
        run_time: datetime | None,
        effective_at: datetime | None = None,
        reason: str | None = None,
        entry_id: str | None = None,
        in_place_of: str | None = None,
    ) -> Entry:
        """Append the one entry of this transaction, with all changes made through `rows`."""
        if self.entry is not None:
            raise RuntimeError("a transaction writes one entry")
        entry = Entry(
            seq=self.head.seq + 1,
            id=entry_id or str(self.new_id()),
            run=run,
            recorded_at=self.recorded_at,
            run_time=run_time,
            effective_at=effective_at or run_time or self.recorded_at,
            actor=caller.handle,
            done_by=caller.done_by or caller.handle,
            assurance=caller.assured,
            via=caller.via,
            action=action,
            subject=subject,
            reason=reason,
            changes=tuple(self.rows.changes),
            schema=self.schema,
            previous_hash=self.head.hash,
            hash="",
            by=caller.by if caller.for_another else None,
            in_place_of=in_place_of,
            clock=self.clock if self.clock < self.recorded_at else None,
        )
        record = journal.record_with(entry)
        journal.append(self.rows.connection, record)
        self.entry = replace(entry, hash=record.hash)
        return self.entry

    def next_entry(self) -> None:
        """Go on to another entry in the same transaction; the one before must be written."""
        if self.entry is None:
            raise RuntimeError("an entry is written before the next one begins")
        self.rows.follow(self.entry)
        self.head = journal.Head(self.entry.seq, self.entry.hash, self.entry.recorded_at)
        self.entry = None


class StateFile:
    """An open state file. Safe to use from several threads; each transaction has a connection of its own.

    Attributes:
        backup_folder: where automatic backups go (`warroom.store.automatic`); None: none are made.
    """

    def __init__(
        self,
        database: Database,
        genesis: str,
        *,
        clock: Clock | None = None,
        new_id: Callable[[], UUID] = uuid4,
        schema: Schema = CURRENT,
        backup_folder: Path | None = None,
    ) -> None:
        self.database = database
        self.genesis = genesis
        self.clock = clock or SystemClock()
        self.new_id = new_id
        self.schema = schema
        self.backup_folder = backup_folder
        self._remembered = Remembered()
        self._writing = threading.Lock()

    @property
    def where(self) -> str:
        """How messages name it: its path, or its URL without a password."""
        return self.database.where

    @property
    def own_files(self) -> tuple[Path, ...]:
        """The files on this machine in which it is kept, whether they are all there or not."""
        if not isinstance(self.database, SQLite):
            return ()
        return (self.database.path, *files.beside(self.database.path))

    @classmethod
    def open(
        cls,
        location: Location,
        *,
        clock: Clock | None = None,
        new_id: Callable[[], UUID] = uuid4,
        schema: Schema = CURRENT,
        backup_folder: Path | None = None,
    ) -> StateFile:
        """Open the state file at `location`, migrating an older one, of a file after a backup of it.

        Raises:
            StateFileError: missing, damaged, not a state file, or written by a newer warroom.
            Busy: locked for too long.
        """
        database = database_at(location)
        try:
            database.insist_on_state_file()
            version, genesis = _known(database, schema)
            state_file = cls(database, genesis, clock=clock, new_id=new_id, schema=schema, backup_folder=backup_folder)
            if version < schema.version:
                state_file._back_up_before_migrating(version)
                state_file._migrate()
        except BaseException:
            database.close()
            raise
        return state_file

    @classmethod
    @contextmanager
    def copied(
        cls, path: Path, *, clock: Clock | None = None, schema: Schema = CURRENT, alone: bool = True
    ) -> Iterator[StateFile]:
        """A copy of a state file, opened as it is: on any file system, never migrated.

        Args:
            alone: nobody else has it, so that no locks are needed.

        Raises:
            StateFileError: missing, damaged, not a state file, or written by a newer warroom.
        """
        with closing(SQLite(path, alone=alone)) as database:
            database.insist_on_state_file()
            version, genesis = _known(database, schema)
            yield cls(database, genesis, clock=clock, schema=Schema(schema.migrations[: version - 1]))

    @classmethod
    @contextmanager
    def create(
        cls, location: Location, *, clock: Clock | None = None, new_id: Callable[[], UUID] = uuid4
    ) -> Iterator[StateFile]:
        """Create a state file: what is written inside the `with` appears at `location` whole, or not at all.

        Raises:
            BadInput: there is one already, or its folder is missing.
            StateFileError: the folder cannot be written.
        """
        with closing(database_at(location)) as place, place.building() as database:
            genesis = str(new_id())
            with database.speaking():
                _create_schema(database, genesis)
            yield cls(database, genesis, clock=clock, new_id=new_id)

    def close(self) -> None:
        self.database.close()

    def __enter__(self) -> StateFile:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def read(self) -> Iterator[Reader]:
        """A read transaction: everything read inside is of one instant."""
        database = self.database
        with database.speaking(), database.connection() as connection:
            database.begin_read(connection)
            try:
                yield Reader(connection, database.dialect)
            finally:
                connection.execute("ROLLBACK")

    def uptime(self, reader: Reader) -> Uptime:
        """A clock that all who have the state file open share, whichever machine they are on, and that nobody sets."""
        return self.database.uptime(reader.connection) or self.clock.uptime()

    @contextmanager
    def write(self) -> Iterator[Transaction]:
        """A write transaction, committed (and durable) when the block ends, undone whole when it raises.

        Raises:
            RuntimeError: journalled rows changed and no entry was written.
            Busy: locked by others for too long.
            StateFileError: read-only, full, damaged, or migrated by a newer warroom; nothing was changed.
        """
        with self._transaction() as (transaction, version):
            if version != self.schema.version:
                raise StateFileError(
                    f"the state file was migrated to schema {version} meanwhile",
                    where=self.where,
                    hint="start warroom again, in the version that migrated it",
                )
            yield transaction
            if transaction.rows.changes and transaction.entry is None:
                raise RuntimeError("rows changed without an entry in the journal")

    @contextmanager
    def _transaction(self) -> Iterator[tuple[Transaction, int]]:
        """A write transaction, and the schema version that the file has in it."""
        database = self.database
        with self._writing, database.speaking():
            connection = database.writer()
            database.begin_write(connection)
            try:
                database.insist_on_same()
                version, head = journal.standing(connection, self.genesis)
                now = self.clock.now()
                transaction = Transaction(
                    rows=Gateway(connection, database.dialect, self._remembered.under(head.hash)),
                    recorded_at=now if head.recorded_at is None else max(now, head.recorded_at),
                    clock=now,
                    head=head,
                    new_id=self.new_id,
                    schema=self.schema.version,
                )
                yield transaction, version
                connection.execute("COMMIT")
                if transaction.entry is not None:
                    self._remembered.follow(transaction.entry)
            except BaseException:
                if connection.in_transaction:  # SQLite itself rolls back when the disk is full
                    connection.execute("ROLLBACK")
                raise
            database.settle(connection, head.seq)

    def _back_up_before_migrating(self, version: int) -> None:
        if not isinstance(self.database, SQLite):
            return  # PostgreSQL has its own tools
        path = self.database.path
        with self.read() as reader:
            programme = copies.programme_key(reader.connection)
            head = journal.head(reader.connection, self.genesis)
        name = copies.BackupName(programme, self.clock.now(), head.seq, head.hash, f"schema-{version}")
        folder = files.make_folder(self.backup_folder or copies.folder_beside(path))
        with copies.copied(path, folder) as copy:
            files.publish(copy, folder / name.text, replace=True)

    def _migrate(self) -> None:
        """Bring the tables to today's schema: those of rows are made afresh and filled from the journal."""
        with self._transaction() as (transaction, version):
            connection = transaction.rows.connection
            if version >= self.schema.version:
                return  # another process was first
            steps = self.schema.migrations[version - 1 :]
            for step in steps:
                for statement in step.statements:
                    connection.execute(statement)
            entries = (self.schema.today(journal.read_entry(record)) for record in journal.all_records(connection))
            rebuilt = fold(entries)
            for table in reversed(tuple(tables().values())):
                self.database.drop(connection, table.name)
            for table in tables().values():
                _create_table(connection, self.database.dialect, table.definition)
                for row in rebuilt.get(table.name, {}).values():
                    transaction.rows.restore(table, row)
            connection.execute("UPDATE state_file SET schema_version = ?", (self.schema.version,))
            transaction.journal(
                WATCH,
                "state-file.migrate",
                f"schema {self.schema.version}",
                run=None,
                run_time=None,
                reason="; ".join(step.name for step in steps),
            )

    def entries(self, after: int = 0) -> Iterator[Entry]:
        """The entries that follow `after`, with their changes in today's schema.

        They are read page by page, each page in a transaction of its own.
        """
        while True:
            with self.read() as reader:
                page = journal.records_after(reader.connection, after)
            if not page:
                return
            with self.database.speaking():
                entries = [self.schema.today(journal.read_entry(record)) for record in page]
            yield from entries
            after = page[-1].seq

    def head(self) -> journal.Head:
        with self.read() as reader:
            return journal.head(reader.connection, self.genesis)


def database_at(location: Location) -> Database:
    """The database at `location`; nothing is opened yet, and the driver of the other engine is not loaded."""
    if isinstance(location, str):
        from warroom.store.postgresql import PostgreSQL

        return PostgreSQL(location)
    return SQLite(location)


def _known(database: Database, schema: Schema) -> tuple[int, str]:
    """The schema version and the genesis of a state file that is not newer than `schema`.

    Raises:
        StateFileError: it is.
    """
    with database.speaking(), database.connection() as connection:
        version, genesis = journal.birth(connection)
    if version > schema.version:
        raise StateFileError(
            f"the state file has schema {version}, and this warroom knows schemas up to {schema.version}",
            where=database.where,
            hint="use the newer warroom that wrote it",
        )
    return version, genesis


def _create_schema(database: Database, genesis: str) -> None:
    with database.connection() as connection:
        database.begin_write(connection)
        for system in (StateFileTable, ContentTable, JournalTable):
            _create_table(connection, database.dialect, definition_of(system))
        for table in tables().values():
            _create_table(connection, database.dialect, table.definition)
        database.guard_journal(connection)
        connection.execute(
            "INSERT INTO state_file (id, schema_version, genesis) VALUES (1, ?, ?)", (CURRENT.version, genesis)
        )
        connection.execute("COMMIT")


def _create_table(connection: Any, dialect: sa.Dialect, table: sa.Table) -> None:
    connection.execute(str(sa.schema.CreateTable(table).compile(dialect=dialect)))
    for index in sorted(table.indexes, key=lambda index: str(index.name)):
        connection.execute(str(sa.schema.CreateIndex(index).compile(dialect=dialect)))
