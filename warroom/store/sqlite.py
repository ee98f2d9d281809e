"""SQLite, opened in one place and one way.

Facts behind the settings: several processes share the file through WAL, and an SQLite between 3.7.0 and 3.51.2 can
corrupt it when an automatic (passive) checkpoint races a commit (sqlite.org/wal.html, "WAL-reset bug"). Where the
bundled SQLite of pysqlite3 is not to be had and the standard library's is affected, automatic checkpoints are off and
`settle` does the work: a truncating checkpoint takes the writer's lock first, and so is not exposed.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy.pool import QueuePool

from warroom.store import files, mounts
from warroom.store.codec import Unreadable
from warroom.store.database import damaged, missing, not_ours, replaced
from warroom.vocabulary.errors import BadInput, Busy, Refused, StateFileError, WarroomError

try:
    import pysqlite3.dbapi2 as lite
except ImportError:
    import sqlite3 as lite  # noqa: TID251

VERSION: tuple[int, ...] = lite.sqlite_version_info
SAFE_CHECKPOINTS = VERSION >= (3, 51, 3) or (3, 50, 7) <= VERSION < (3, 51) or (3, 44, 6) <= VERSION < (3, 45)

APPLICATION_ID = 0x57524F4D  # "WROM"
BUSY_TIMEOUT_MS = 5_000
LOCK_PATIENCE_S = 15.0
CHECKPOINT_EVERY = 200

_PRAGMAS = (
    f"busy_timeout={BUSY_TIMEOUT_MS}",  # first: the others may have to wait
    "synchronous=FULL",
    "foreign_keys=ON",
    "trusted_schema=OFF",
    "cell_size_check=ON",
    "mmap_size=0",
    "journal_size_limit=16777216",
    *(() if SAFE_CHECKPOINTS else ("wal_autocheckpoint=0",)),
)

# How long a writer waits between two attempts at the lock: SQLite's own waiting is unfair and starves some for
# seconds; short random waits do not.
_SHORTEST_WAIT_S, _LONGEST_WAIT_S = 0.0005, 0.02


def connect(path: Path, *, alone: bool = False) -> Any:
    """A connection to the file `path`, which it never creates.

    Args:
        alone: nobody else has the file. It is used without locks, so on a file system that knows none too.
    """
    vfs = "&vfs=unix-none" if alone else ""
    connection = lite.connect(
        f"file:{quote(str(path))}?mode=rw{vfs}", uri=True, check_same_thread=False, isolation_level=None
    )
    try:
        if alone:  # before the first read: a file that is left in WAL then needs no shared memory
            connection.execute("PRAGMA locking_mode=EXCLUSIVE")
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
    except BaseException:
        connection.close()
        raise
    return connection


def engine_of(path: Path, *, alone: bool = False) -> sa.Engine:
    """An engine over the file `path`, whose connections are those of `connect`."""
    # More connections than threads that a console or a server uses at once.
    return sa.create_engine(
        "sqlite://",
        module=lite,
        poolclass=QueuePool,
        creator=lambda: connect(path, alone=alone),
        pool_size=8,
        max_overflow=24,
    )


@cache
def _dialect() -> sa.Dialect:
    """One for all files: an engine has one of its own, for which every statement would be written again."""
    return sa.create_engine("sqlite://", module=lite).dialect


def copy(source: Path, target: Path) -> None:
    """Copy what is in `source` at one instant, while others write it, into `target`, an empty file that nobody has.

    All pages are copied in one step: the copying waits for no writer, and no writer for it. The copy needs no file
    beside it: it is left in rollback mode, so that it may be moved, replaced and opened on a read-only disk.

    Raises:
        StateFileError, Busy: one of the two cannot be used.
    """
    with speaking(source):
        reading = connect(source)
    with closing(reading):
        with speaking(source):
            if application_id(reading) != APPLICATION_ID:
                raise not_ours(str(source))
        with speaking(target), closing(connect(target, alone=True)) as writing:
            reading.backup(writing, pages=-1)
    with speaking(target), closing(connect(target, alone=True)) as writing:
        writing.execute("PRAGMA journal_mode=DELETE").fetchall()


def to_write_ahead(path: Path) -> None:
    """Put a copy, which nobody else has yet, back into the mode in which a state file is shared."""
    with speaking(path), closing(connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=WAL").fetchall()


def close_to_others(connection: Any) -> None:
    """Lock everybody out of the file behind `connection`, which then needs no file beside it.

    Leaving WAL mode is possible only for whoever has the file alone: each open connection counts.

    Raises:
        the module's own error when somebody else has it open (see `speaking`).
    """
    connection.execute("PRAGMA busy_timeout=0")
    connection.execute("PRAGMA journal_mode=DELETE").fetchall()
    connection.execute("BEGIN EXCLUSIVE")


def begins_state_file(head: bytes) -> bool:
    """Whether a file that begins with these bytes is a state file: by the SQLite file format, whose header has the
    application's id in the 4 bytes from 68 on."""
    return head[:16] == b"SQLite format 3\0" and head[68:72] == APPLICATION_ID.to_bytes(4, "big")


def application_id(connection: Any) -> int:
    """Whose file it says that it is; 0 where nothing was written yet."""
    return int(connection.execute("PRAGMA application_id").fetchone()[0])


class SQLite:
    """A state file in SQLite: what `database.Database` says of each method holds."""

    def __init__(self, path: Path, *, alone: bool = False) -> None:
        """Args: see `connect`."""
        self.path = path
        self._alone = alone
        self._engine = engine_of(path, alone=alone)
        self._identity = identity(path)
        self._writer: Any = None

    @property
    def where(self) -> str:
        return str(self.path)

    @property
    def dialect(self) -> sa.Dialect:
        return _dialect()

    def insist_on_state_file(self) -> None:
        if not _stands(self.path):
            raise missing(self.where)
        if not self._alone:
            mounts.insist_on_locks(self.path)
        with self.speaking(), self.connection() as connection:
            if application_id(connection) != APPLICATION_ID:
                raise not_ours(self.where)

    def insist_on_same(self) -> None:
        """What is written into a file that has lost its name is lost."""
        if identity(self.path) != self._identity:
            raise replaced(self.where)

    @contextmanager
    def building(self) -> Iterator[SQLite]:
        path = self.path
        if (taken := files.in_the_way(path)) is not None:
            raise BadInput(
                "there is a file already",
                where=str(taken),
                hint="choose another name with --db, or move that file away",
            )
        mounts.insist_on_locks(path)
        if not path.parent.is_dir():
            raise BadInput(
                "there is no such folder", where=str(path.parent), hint="create it, or choose another with --db"
            )
        hidden = files.begin(path)
        try:
            database = SQLite(hidden)
            try:
                with self.speaking(), database.connection() as connection:
                    connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
                yield database
                with self.speaking(), database.connection() as connection:
                    # Nobody else has the file yet: the switch to WAL cannot race.
                    connection.execute("PRAGMA journal_mode=WAL")
            finally:
                database.close()
            files.publish(hidden, path)
        finally:
            files.discard(hidden)

    @contextmanager
    def connection(self) -> Iterator[Any]:
        pooled = self._engine.raw_connection()
        try:
            yield pooled.driver_connection
        finally:
            pooled.close()

    def writer(self) -> Any:
        if self._writer is None:
            self._writer = self._engine.raw_connection()
            self._writer.driver_connection.execute("PRAGMA busy_timeout=0")  # `begin_write` does the waiting
        return self._writer.driver_connection

    def begin_read(self, connection: Any) -> None:
        connection.execute("BEGIN")

    def begin_write(self, connection: Any) -> None:
        """Take the writer's lock, waiting up to `LOCK_PATIENCE_S`."""
        deadline: float | None = None
        attempts = 0
        while True:
            try:
                connection.execute("BEGIN IMMEDIATE")
                return
            except lite.OperationalError as error:
                if _name(error) not in ("SQLITE_BUSY", "SQLITE_LOCKED"):
                    raise
                deadline = deadline or time.monotonic() + LOCK_PATIENCE_S
                if time.monotonic() > deadline:
                    raise
            attempts += 1
            time.sleep(random.uniform(_SHORTEST_WAIT_S, min(_LONGEST_WAIT_S, 0.001 * (1 + attempts))))

    def settle(self, connection: Any, commits: int) -> None:
        """Where SQLite must not do it by itself, move what is in the -wal file into the main file every
        `CHECKPOINT_EVERY` commits, unless readers are in the way just then."""
        if not SAFE_CHECKPOINTS and commits % CHECKPOINT_EVERY == 0:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def mark_of_change(self, connection: Any) -> int:
        """SQLite's data_version: it belongs to this connection."""
        return int(connection.execute("PRAGMA data_version").fetchone()[0])

    def uptime(self, connection: Any) -> None:
        """Those who share a file are on one machine."""

    @contextmanager
    def speaking(self) -> Iterator[None]:
        with speaking(self.path):
            yield

    def guard_journal(self, connection: Any) -> None:
        for name, operation in (("is_never_edited", "UPDATE"), ("is_never_cut", "DELETE")):
            connection.execute(
                f"CREATE TRIGGER journal_{name} BEFORE {operation} ON journal "
                "BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END"
            )

    def drop(self, connection: Any, table: str) -> None:
        connection.execute("PRAGMA defer_foreign_keys=ON")
        connection.execute(f"DROP TABLE IF EXISTS {table}")

    @contextmanager
    def reading_any_text(self, connection: Any) -> Iterator[None]:
        connection.text_factory = lambda data: data.decode("utf-8", "surrogateescape")
        try:
            yield
        finally:
            connection.text_factory = str

    def damage(self, connection: Any) -> Iterator[str]:
        for (message,) in connection.execute("PRAGMA integrity_check").fetchall():
            if message != "ok":
                yield f"the file is damaged: {message}"
        for row in connection.execute("PRAGMA foreign_key_check").fetchall():
            yield f"{row[0]} {row[1]} refers to a row of {row[2]} that is not there"

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()
            self._writer = None
        self._engine.dispose()


@contextmanager
def speaking(path: Path) -> Iterator[None]:
    """Turn SQLite's errors about the file `path` into StateFileError, Busy and Refused, in words."""
    try:
        yield
    except (lite.ProgrammingError, lite.InterfaceError):
        raise  # a fault of ours, not of the file
    except Unreadable as error:
        raise damaged(str(path), str(error)) from error
    except UnicodeDecodeError as error:  # SQLite names what is damaged, and the name is
        raise damaged(str(path)) from error
    except (lite.Error, sa.exc.DBAPIError) as error:
        raise _in_words(error, path) from error


def identity(path: Path) -> tuple[int, int] | None:
    """Which file stands at `path`, None if there is none. Only its directory entry is looked at: opening and closing it
    would drop SQLite's locks on it."""
    try:
        status = os.stat(path)
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _stands(path: Path) -> bool:
    """Whether there is a file.

    Raises:
        StateFileError: the system does not let us look.
    """
    try:
        return path.exists()
    except OSError as error:
        raise _closed(str(path), error.strerror) from None


def _closed(where: str, reason: str | None = None) -> StateFileError:
    return StateFileError(
        "the state file cannot be opened" + (f": {reason}" if reason else ""),
        where=where,
        hint="check that you may read and write the file and its folder",
    )


def _read_only(path: Path) -> StateFileError:
    """SQLite does not tell whether it is the file or the folder, in which it keeps files beside it even to read."""
    file, folder = os.access(path, os.W_OK), os.access(path.parent, os.W_OK)
    if folder or not file:
        what = "the state file is read-only" if folder else "the state file and its folder are read-only"
        hint = "make it writable for you, or use a command that only reads"
    else:
        what = "the folder of the state file is read-only"
        hint = f"make {path.parent} writable for you"
    if not folder:
        hint += "; even to read it a file beside it is needed, unless somebody has it open"
    return StateFileError(what, where=str(path), hint=hint)


def _name(error: BaseException) -> str:
    inner = getattr(error, "orig", None) or error
    return getattr(inner, "sqlite_errorname", "") or ""


def _in_words(error: BaseException, path: Path) -> WarroomError:
    name, where = _name(error), str(path)
    if name.startswith("SQLITE_CANTOPEN"):
        return _closed(where) if _stands(path) else missing(where)
    if name.startswith("SQLITE_NOTADB"):
        return not_ours(where)
    if name.startswith("SQLITE_CORRUPT"):
        return damaged(where)
    if name.startswith("SQLITE_READONLY"):
        return _read_only(path)
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_PROTOCOL")):
        return Busy("the state file is locked by another process", where=where, hint="nothing was changed; try again")
    if name.startswith("SQLITE_FULL"):
        return StateFileError(
            "there is no room left on the disk", where=where, hint="nothing was changed; make room, then try again"
        )
    if name.startswith("SQLITE_IOERR"):
        return StateFileError(
            "the disk refused to read or write the state file",
            where=where,
            hint="nothing was changed; check the disk, its free space and the limit on file size, then try again",
        )
    if name.startswith("SQLITE_CONSTRAINT"):
        return Refused(f"the state file refused the change: {error}", where=where)
    return StateFileError(f"the state file cannot be used: {error}", where=where)
