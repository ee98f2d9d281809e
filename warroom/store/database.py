"""What the store asks of the engine below it: SQLite in one file, or PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol

import sqlalchemy as sa

from warroom.clock.source import Uptime
from warroom.vocabulary.errors import StateFileError

# Where a state file is: the path of a SQLite file, or the URL of a PostgreSQL database ("postgresql://...").
Location = Path | str


class Database(Protocol):
    """One state file's database.

    A connection is the driver's own, or stands for it: `execute(sql, parameters)` with ? for each parameter, giving a
    cursor, and `in_transaction`. Nothing is committed but by the SQL that the store sends.

    Attributes:
        where: how messages name it.
        dialect: the dialect for which statements are compiled; its parameters are "?" or by name.
    """

    @property
    def where(self) -> str: ...

    @property
    def dialect(self) -> sa.Dialect: ...

    def insist_on_state_file(self) -> None:
        """Raise StateFileError when there is none, or something else is there."""

    def insist_on_same(self) -> None:
        """Raise StateFileError when what was opened is no longer what stands there."""

    def building(self) -> AbstractContextManager[Database]:
        """A database of which nobody knows until the block ends well; then it is this one.

        Raises:
            BadInput: there is one already, or no place for one. StateFileError: it cannot be made.
        """

    def connection(self) -> AbstractContextManager[Any]:
        """A connection of the pool, for reading."""

    def writer(self) -> Any:
        """A connection that only writes, kept until `close`."""

    def begin_read(self, connection: Any) -> None:
        """Begin a transaction in which everything read is of one instant."""

    def begin_write(self, connection: Any) -> None:
        """Begin a transaction that no other writer can be in, waiting for a while."""

    def settle(self, connection: Any, commits: int) -> None:
        """What is to be done now and then after a commit; `commits` counts them."""

    def mark_of_change(self, connection: Any) -> int:
        """A number that changes when another connection has committed; cheap to ask often."""

    def uptime(self, connection: Any) -> Uptime | None:
        """A clock that all who use the database share and nobody sets; None: all are on one machine, which has one."""

    def speaking(self) -> AbstractContextManager[None]:
        """Turn the driver's errors into StateFileError, Busy and Refused, in words."""

    def guard_journal(self, connection: Any) -> None:
        """Have the engine itself refuse to change or delete an entry."""

    def drop(self, connection: Any, table: str) -> None:
        """Drop a table, if it is there, whatever refers to it."""

    def reading_any_text(self, connection: Any) -> AbstractContextManager[None]:
        """Read text that is no UTF-8 too, its odd bytes as lone surrogates: for looking at data that may be forged."""

    def damage(self, connection: Any) -> Iterator[str]:
        """What the engine itself finds wrong with its data, in words."""

    def close(self) -> None:
        """Close all connections."""


def replaced(where: str) -> StateFileError:
    """Another file has its name, or none has."""
    return StateFileError(
        "the state file was replaced or removed while it was open",
        where=where,
        hint="leave whatever has it open, and start that again",
    )


def missing(where: str) -> StateFileError:
    """There is no file of that name."""
    return StateFileError(
        "there is no state file",
        where=where,
        hint="create one with: warroom init RUNBOOK --db FILE, or name yours with --db",
    )


def damaged(where: str, what: str | None = None) -> StateFileError:
    """It is ours and cannot be read; `what`: in the words of the engine."""
    return StateFileError(
        "the state file is damaged" + (f": {what}" if what else ""),
        where=where,
        hint="warroom journal verify tells what is; restore the latest backup of it",
    )


def not_ours(where: str) -> StateFileError:
    """It holds something else."""
    return StateFileError(
        "this file is not a warroom state file", where=where, hint="name the state file with --db or WARROOM_DB"
    )
