"""The state file: created, opened, read and written."""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa

from warroom.clock.source import Clock, SystemClock
from warroom.model.journal import ContentTable, JournalTable, StateFileTable
from warroom.store import journal, sqlite
from warroom.store.codec import definition_of, tables
from warroom.store.fold import fold
from warroom.store.gateway import Gateway, Reader, Remembered
from warroom.store.migration import CURRENT, Schema
from warroom.vocabulary.errors import BadInput, StateFileError
from warroom.vocabulary.journal import WATCH, Caller, Entry

_TRIGGERS = tuple(
    f"CREATE TRIGGER journal_{name} BEFORE {operation} ON journal "
    "BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END"
    for name, operation in (("is_never_edited", "UPDATE"), ("is_never_cut", "DELETE"))
)


@dataclass
class Transaction:
    """One write transaction: rows change through `rows`, and `journal` appends the entry that tells of it.

    Attributes:
        recorded_at: the instant of this transaction, UTC, never before that of the last entry.
    """

    rows: Gateway
    recorded_at: datetime
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
            assurance=caller.assurance,
            via=caller.via,
            action=action,
            subject=subject,
            reason=reason,
            changes=tuple(self.rows.changes),
            schema=self.schema,
            previous_hash=self.head.hash,
            hash="",
        )
        record = journal.record_with(entry)
        journal.append(self.rows.connection, record)
        self.entry = replace(entry, hash=record.hash)
        return self.entry


class StateFile:
    """An open state file. Safe to use from several threads; each transaction has a connection of its own."""

    def __init__(
        self,
        path: Path,
        engine: sa.Engine,
        genesis: str,
        *,
        clock: Clock | None = None,
        new_id: Callable[[], UUID] = uuid4,
        schema: Schema = CURRENT,
    ) -> None:
        self.path = path
        self.engine = engine
        self.genesis = genesis
        self.clock = clock or SystemClock()
        self.new_id = new_id
        self.schema = schema
        self._identity = sqlite.identity(path)
        self._writing = threading.Lock()
        self._remembered = Remembered()
        self._writer: Any = None  # the one connection that writes, kept between transactions

    @classmethod
    def open(
        cls,
        path: Path,
        *,
        clock: Clock | None = None,
        new_id: Callable[[], UUID] = uuid4,
        schema: Schema = CURRENT,
    ) -> StateFile:
        """Open the state file `path`, migrating an older one.

        Raises:
            StateFileError: missing, damaged, not a state file, or written by a newer warroom.
            Busy: locked for too long.
        """
        if not path.exists():
            raise sqlite.missing(path)
        engine = sqlite.engine_of(path)
        try:
            with sqlite.speaking(path), _connection(engine) as connection:
                if sqlite.application_id(connection) != sqlite.APPLICATION_ID:
                    raise sqlite.not_ours(path)
                version, genesis = connection.execute("SELECT schema_version, genesis FROM state_file").fetchone()
            if version > schema.version:
                raise StateFileError(
                    f"the state file has schema {version}, and this warroom knows schemas up to {schema.version}",
                    where=str(path),
                    hint="use the newer warroom that wrote it",
                )
            state_file = cls(path, engine, genesis, clock=clock, new_id=new_id, schema=schema)
            if version < schema.version:
                state_file._migrate()
        except BaseException:
            engine.dispose()
            raise
        return state_file

    @classmethod
    @contextmanager
    def create(
        cls, path: Path, *, clock: Clock | None = None, new_id: Callable[[], UUID] = uuid4
    ) -> Iterator[StateFile]:
        """Create a state file: what is written inside the `with` appears at `path` whole, or not at all.

        Raises:
            BadInput: there is a file already, or its folder is missing.
            StateFileError: the folder cannot be written.
        """
        if path.exists():
            raise BadInput(
                "there is a file already", where=str(path), hint="choose another name with --db, or move that file away"
            )
        if not path.parent.is_dir():
            raise BadInput(
                "there is no such folder", where=str(path.parent), hint="create it, or choose another with --db"
            )
        building = path.with_name(f".{path.name}.{uuid4().hex}.new")
        try:
            with sqlite.speaking(path):
                try:
                    os.close(os.open(building, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
                except OSError as error:
                    raise StateFileError(
                        f"the state file cannot be created: {error.strerror}",
                        where=str(path.parent),
                        hint="choose a folder that you may write",
                    ) from error
                engine = sqlite.engine_of(building)
                try:
                    genesis = str(new_id())
                    with _connection(engine) as connection:
                        _create_schema(connection, engine.dialect, genesis)
                    yield cls(building, engine, genesis, clock=clock, new_id=new_id)
                    with _connection(engine) as connection:
                        # Nobody else has the file yet: the switch to WAL cannot race.
                        connection.execute("PRAGMA journal_mode=WAL")
                finally:
                    engine.dispose()
                _publish(building, path)
        finally:
            for leftover in (
                building,
                *(building.with_name(building.name + end) for end in ("-wal", "-shm", "-journal")),
            ):
                leftover.unlink(missing_ok=True)

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()
            self._writer = None
        self.engine.dispose()

    def __enter__(self) -> StateFile:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def insist_on_same_file(self) -> None:
        """What is written into a file that has lost its name is lost.

        Raises:
            StateFileError: the state file was replaced or removed since it was opened.
        """
        if sqlite.identity(self.path) != self._identity:
            raise StateFileError(
                "the state file was replaced or removed while it was open",
                where=str(self.path),
                hint="leave the console and open it again",
            )

    @contextmanager
    def read(self) -> Iterator[Reader]:
        """A read transaction: everything read inside is of one instant."""
        with sqlite.speaking(self.path), _connection(self.engine) as connection:
            connection.execute("BEGIN")
            try:
                yield Reader(connection, self.engine.dialect)
            finally:
                connection.execute("ROLLBACK")

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
                    where=str(self.path),
                    hint="start warroom again, in the version that migrated it",
                )
            yield transaction
            if transaction.rows.changes and transaction.entry is None:
                raise RuntimeError("rows changed without an entry in the journal")

    @contextmanager
    def _transaction(self) -> Iterator[tuple[Transaction, int]]:
        """A write transaction, and the schema version that the file has in it."""
        with self._writing, sqlite.speaking(self.path):
            connection = self._connection_to_write()
            sqlite.begin_write(connection)
            try:
                self.insist_on_same_file()
                version, head = journal.standing(connection, self.genesis)
                now = self.clock.now()
                transaction = Transaction(
                    rows=Gateway(connection, self.engine.dialect, self._remembered.under(head.hash)),
                    recorded_at=now if head.recorded_at is None else max(now, head.recorded_at),
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
            sqlite.checkpoint_if_due(connection, head.seq)

    def _connection_to_write(self) -> Any:
        if self._writer is None:
            self._writer = self.engine.raw_connection()
            sqlite.make_writer(self._writer.driver_connection)
        return self._writer.driver_connection

    def _migrate(self) -> None:
        """Bring the tables to today's schema: those of rows are made afresh and filled from the journal."""
        with self._transaction() as (transaction, version):
            connection = transaction.rows.connection
            if version >= self.schema.version:
                return  # another process was first
            connection.execute("PRAGMA defer_foreign_keys=ON")
            steps = self.schema.migrations[version - 1 :]
            for step in steps:
                for statement in step.statements:
                    connection.execute(statement)
            entries = (self.schema.today(journal.read_entry(record)) for record in journal.all_records(connection))
            rebuilt = fold(entries)
            for table in reversed(tuple(tables().values())):
                connection.execute(f"DROP TABLE IF EXISTS {table.name}")
            for table in tables().values():
                _create_table(connection, self.engine.dialect, table.definition)
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
            yield from (self.schema.today(journal.read_entry(record)) for record in page)
            after = page[-1].seq

    def head(self) -> journal.Head:
        with self.read() as reader:
            return journal.head(reader.connection, self.genesis)


@contextmanager
def _connection(engine: sa.Engine) -> Iterator[Any]:
    """The driver's own connection, from the engine's pool."""
    pooled = engine.raw_connection()
    try:
        yield pooled.driver_connection
    finally:
        pooled.close()


def _create_schema(connection: Any, dialect: sa.Dialect, genesis: str) -> None:
    connection.execute(f"PRAGMA application_id={sqlite.APPLICATION_ID}")
    connection.execute("BEGIN IMMEDIATE")
    for system in (StateFileTable, ContentTable, JournalTable):
        _create_table(connection, dialect, definition_of(system))
    for table in tables().values():
        _create_table(connection, dialect, table.definition)
    for trigger in _TRIGGERS:
        connection.execute(trigger)
    connection.execute(
        "INSERT INTO state_file (id, schema_version, genesis) VALUES (1, ?, ?)", (CURRENT.version, genesis)
    )
    connection.execute("COMMIT")


def _create_table(connection: Any, dialect: sa.Dialect, table: sa.Table) -> None:
    connection.execute(str(sa.schema.CreateTable(table).compile(dialect=dialect)))
    for index in sorted(table.indexes, key=lambda index: str(index.name)):
        connection.execute(str(sa.schema.CreateIndex(index).compile(dialect=dialect)))


def _publish(building: Path, path: Path) -> None:
    """Give the finished file its name, unless somebody took the name meanwhile."""
    try:
        os.link(building, path)
    except FileExistsError:
        raise BadInput(
            "somebody created that file meanwhile", where=str(path), hint="choose another name with --db"
        ) from None
    except OSError:  # a file system without hard links
        os.rename(building, path)
