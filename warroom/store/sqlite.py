"""SQLite, opened in one place and one way.

Facts behind the settings: several processes share the file through WAL, and an SQLite between 3.7.0 and 3.51.2 can
corrupt it when an automatic (passive) checkpoint races a commit (sqlite.org/wal.html, "WAL-reset bug"). Where the
bundled SQLite of pysqlite3 is not to be had and the standard library's is affected, automatic checkpoints are off and
`checkpoint_if_due` does the work: a truncating checkpoint takes the writer's lock first, and so is not exposed.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy.pool import QueuePool

from warroom.vocabulary.errors import Busy, Refused, StateFileError, WarroomError

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


def engine_of(path: Path) -> sa.Engine:
    """An engine over the file `path`, which it never creates."""

    def connect() -> Any:
        connection = lite.connect(
            f"file:{quote(str(path))}?mode=rw", uri=True, check_same_thread=False, isolation_level=None
        )
        try:
            for pragma in _PRAGMAS:
                connection.execute(f"PRAGMA {pragma}")
        except BaseException:
            connection.close()
            raise
        return connection

    # More connections than threads that a console or a server uses at once.
    return sa.create_engine(
        "sqlite://", module=lite, poolclass=QueuePool, creator=connect, pool_size=8, max_overflow=24
    )


def make_writer(connection: Any) -> None:
    """Make `connection` one that only writes: `begin_write` does its waiting, not SQLite."""
    connection.execute("PRAGMA busy_timeout=0")


def begin_write(connection: Any) -> None:
    """Take the writer's lock on a connection made for it, waiting up to `LOCK_PATIENCE_S`.

    Raises:
        the module's own error when it is still locked then (see `speaking`).
    """
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


def checkpoint_if_due(connection: Any, commits: int) -> None:
    """Where SQLite must not do it by itself, move what is in the -wal file into the main file every
    `CHECKPOINT_EVERY` commits, unless readers are in the way just then."""
    if not SAFE_CHECKPOINTS and commits % CHECKPOINT_EVERY == 0:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def data_version(connection: Any) -> int:
    """A number that changes when another connection has changed the file; it belongs to this connection."""
    return int(connection.execute("PRAGMA data_version").fetchone()[0])


def application_id(connection: Any) -> int:
    return int(connection.execute("PRAGMA application_id").fetchone()[0])


@contextmanager
def reading_any_text(connection: Any) -> Iterator[None]:
    """Read text that is no UTF-8 too, its odd bytes as lone surrogates: for looking at a file that may be forged."""
    connection.text_factory = lambda data: data.decode("utf-8", "surrogateescape")
    try:
        yield
    finally:
        connection.text_factory = str


def identity(path: Path) -> tuple[int, int] | None:
    """Which file stands at `path`, None if there is none. Only its directory entry is looked at: opening and closing it
    would drop SQLite's locks on it."""
    try:
        status = os.stat(path)
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _name(error: BaseException) -> str:
    inner = getattr(error, "orig", None) or error
    return getattr(inner, "sqlite_errorname", "") or ""


@contextmanager
def speaking(path: Path) -> Iterator[None]:
    """Turn SQLite's errors about the file `path` into those that people can act on.

    Raises:
        StateFileError: missing, damaged, not SQLite, read-only, or no room.
        Busy: locked by others for too long.
    """
    try:
        yield
    except (lite.ProgrammingError, lite.InterfaceError):
        raise  # a fault of ours, not of the file
    except (lite.Error, sa.exc.DBAPIError) as error:
        raise _in_words(error, path) from error


def _in_words(error: BaseException, path: Path) -> WarroomError:
    name, where = _name(error), str(path)
    if name.startswith("SQLITE_CANTOPEN"):
        if path.exists():
            return StateFileError(
                "the state file cannot be opened",
                where=where,
                hint="check that you may read and write the file and its folder",
            )
        return missing(path)
    if name.startswith("SQLITE_NOTADB"):
        return not_ours(path)
    if name.startswith("SQLITE_CORRUPT"):
        return StateFileError("the state file is damaged", where=where, hint="restore the latest backup of it")
    if name.startswith("SQLITE_READONLY"):
        return StateFileError(
            "the state file is read-only",
            where=where,
            hint="make the file and its folder writable for you, or use a command that only reads",
        )
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


def missing(path: Path) -> StateFileError:
    return StateFileError(
        "there is no state file",
        where=str(path),
        hint="create one with: warroom init RUNBOOK --db FILE, or name yours with --db",
    )


def not_ours(path: Path) -> StateFileError:
    return StateFileError(
        "this file is not a warroom state file", where=str(path), hint="name the state file with --db or WARROOM_DB"
    )
