"""The one gateway through which rows are read and changed.

Statements are written once per table from the SQLModel definitions and run on the driver's own connection. A change
of a journalled row is recorded here, so that no action can forget it, and a new table is journalled from its first day.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Self

import sqlalchemy as sa
from sqlmodel.sql.sqltypes import UTCDateTime

from warroom.model.row import Kind, Row
from warroom.store.codec import NOT_WRITTEN_HERE, R, Table, Unreadable, changed, make, table_of, word_reader
from warroom.vocabulary.journal import Change, Entry, Operation, Plain


@dataclass(frozen=True)
class Statement:
    """A statement with ? for each parameter: whose value each is, with the converter of those that need one."""

    text: str
    order: tuple[tuple[str, Any], ...]

    def parameters(self, values: Mapping[str, Any]) -> list[Any]:
        return [
            values[name] if convert is None or values[name] is None else convert(values[name])
            for name, convert in self.order
        ]


class _Writing:
    """How statements about one table are written for one engine."""

    def __init__(self, table: sa.Table, dialect: sa.Dialect) -> None:
        self._dialect = dialect
        self._quote = dialect.identifier_preparer.quote
        self._types = {column.name: column.type for column in table.columns}
        self.table = self._quote(table.name)
        self.columns = tuple(self._types)

    def list_of(self, columns: Iterable[str]) -> str:
        return ", ".join(map(self._quote, columns))

    def each(self, columns: Iterable[str], between: str) -> str:
        return between.join(f"{self._quote(column)} = ?" for column in columns)

    def statement(self, text: str, *columns: str) -> Statement:
        return Statement(text, tuple((column, _writer(self._types[column], self._dialect)) for column in columns))


@lru_cache(maxsize=1024)
def _select(table: sa.Table, dialect: sa.Dialect, where: tuple[str, ...]) -> Statement:
    write = _Writing(table, dialect)
    condition = f" WHERE {write.each(where, ' AND ')}" if where else ""
    return write.statement(f"SELECT {write.list_of(write.columns)} FROM {write.table}{condition} ORDER BY id", *where)


@lru_cache(maxsize=1024)
def _insert(table: sa.Table, dialect: sa.Dialect) -> Statement:
    write = _Writing(table, dialect)
    places = ", ".join("?" * len(write.columns))
    return write.statement(
        f"INSERT INTO {write.table} ({write.list_of(write.columns)}) VALUES ({places})", *write.columns
    )


@lru_cache(maxsize=1024)
def _update(table: sa.Table, dialect: sa.Dialect, columns: tuple[str, ...]) -> Statement:
    write = _Writing(table, dialect)
    return write.statement(f"UPDATE {write.table} SET {write.each(columns, ', ')} WHERE id = ?", *columns, "id")


@lru_cache(maxsize=1024)
def _delete(table: sa.Table, dialect: sa.Dialect) -> Statement:
    write = _Writing(table, dialect)
    return write.statement(f"DELETE FROM {write.table} WHERE id = ?", "id")


@lru_cache(maxsize=1024)
def _highest_key(table: sa.Table, dialect: sa.Dialect) -> str:
    return f"SELECT MAX(id) FROM {_Writing(table, dialect).table}"


@lru_cache(maxsize=1024)
def _readers(table: sa.Table, dialect: sa.Dialect) -> tuple[tuple[str, Any], ...]:
    """Name and converter of each column whose database value, unless NULL, is not the value itself."""
    return tuple(
        (column.name, reader) for column in table.columns if (reader := _reader(column.type, dialect)) is not None
    )


def _reader(kind: sa.types.TypeEngine[Any], dialect: sa.Dialect) -> Any:
    """SQLAlchemy's own converter, or a quicker one that gives the same where rows are full of such values."""
    if isinstance(kind, sa.Enum) and kind.enum_class is not None:
        return word_reader(kind.enum_class)
    if isinstance(kind, UTCDateTime) and dialect.name == "sqlite":
        return _utc
    return kind.dialect_impl(dialect).result_processor(dialect, None)


def _writer(kind: sa.types.TypeEngine[Any], dialect: sa.Dialect) -> Any:
    """The inverse of `_reader`."""
    if isinstance(kind, UTCDateTime) and dialect.name == "sqlite":
        return _utc_text
    return kind.dialect_impl(dialect).bind_processor(dialect)


# SQLAlchemy keeps an instant on SQLite as text of one length, in UTC, which names no zone.


def _utc(text: str) -> datetime:
    return datetime.fromisoformat(text + "+00:00")


def _utc_text(instant: datetime) -> str:
    if instant.tzinfo is None:
        raise ValueError(f"{instant} has no time zone")
    return instant.astimezone(UTC).isoformat(" ", "microseconds")[: -len("+00:00")]


class Reader:
    """Reads rows within one transaction."""

    def __init__(self, connection: Any, dialect: sa.Dialect) -> None:
        self.connection = connection
        self.dialect = dialect

    def find(self, row_class: type[R], **equals: Any) -> list[R]:
        """The rows in which every column named in `equals` has that value (not None), by key."""
        table = table_of(row_class)
        statement = _select(table.definition, self.dialect, tuple(equals))
        columns, readers = table.columns, _readers(table.definition, self.dialect)
        try:
            found = self.connection.execute(statement.text, statement.parameters(equals)).fetchall()
        except UnicodeEncodeError:
            return []  # text that cannot be stored is equal to none that is
        rows = []
        for record in found:
            values = dict(zip(columns, record, strict=True))
            try:
                for name, read in readers:
                    if (value := values[name]) is not None:
                        values[name] = read(value)
            except NOT_WRITTEN_HERE as error:
                raise Unreadable(f"a row of {table.name} cannot be read") from error
            rows.append(make(row_class, values))
        return rows

    def one(self, row_class: type[R], **equals: Any) -> R | None:
        """The first of `find`, or None."""
        found = self.find(row_class, **equals)
        return found[0] if found else None

    def get(self, row_class: type[R], key: int) -> R:
        """The row with that key.

        Raises:
            KeyError: there is none.
        """
        if (row := self.one(row_class, id=key)) is None:
            raise KeyError(f"{row_class.__name__} {key}")
        return row


class Remembered:
    """Rows read in earlier transactions, which still stand as long as nobody else has written.

    The hash of the journal's last entry stands for all that is in the journalled tables: what was read under it holds
    under it, and, table by table, under the entries that the same process appends.
    """

    def __init__(self) -> None:
        self._head = ""
        self._found: dict[tuple[type[Row], tuple[tuple[str, Any], ...]], list[Any]] = {}

    def under(self, head: str) -> Self:
        """What still stands when the last entry has the hash `head`."""
        if head != self._head:
            self._found.clear()
            self._head = head
        return self

    def follow(self, entry: Entry) -> None:
        """Go along with `entry`, which follows the last one."""
        self._head = entry.hash
        touched = {change.table for change in entry.changes}
        for wanted in [wanted for wanted in self._found if table_of(wanted[0]).name in touched]:
            del self._found[wanted]

    def find(self, reader: Gateway, row_class: type[R], **equals: Any) -> list[R]:
        """The same as `reader.find`, for rows that hardly ever change."""
        if any(change.table == table_of(row_class).name for change in reader.changes):
            return reader.find(row_class, **equals)
        wanted = (row_class, tuple(equals.items()))
        if (found := self._found.get(wanted)) is None:
            found = self._found[wanted] = reader.find(row_class, **equals)
        return found


class Gateway(Reader):
    """Reads and changes rows within one write transaction, and keeps the record of the changes."""

    def __init__(self, connection: Any, dialect: sa.Dialect, remembered: Remembered) -> None:
        super().__init__(connection, dialect)
        self.changes: list[Change] = []
        self._remembered = remembered
        self._next_key: dict[str, int] = {}

    def settled(self, row_class: type[R], **equals: Any) -> list[R]:
        """The same as `find`, for journalled rows that hardly ever change: they are read anew only after a change."""
        return self._remembered.find(self, row_class, **equals)

    def follow(self, entry: Entry) -> None:
        """Go on to the next entry of the same transaction: all changes so far are in `entry`."""
        self._remembered.follow(entry)
        self.changes.clear()

    def insert(self, row_class: type[R], **values: Any) -> R:
        """Add a row; its key is allocated here, and what is not given takes its default."""
        table = table_of(row_class)
        return self._add(table, row_class, {**table.defaults, **values, "id": self._allocate(table)})

    def put_back(self, row_class: type[R], **values: Any) -> R:
        """Add a row again that was deleted, under the key (`id`) that it had."""
        table = table_of(row_class)
        return self._add(table, row_class, {**table.defaults, **values})

    def _add(self, table: Table, row_class: type[R], row: Mapping[str, Any]) -> R:
        statement = _insert(table.definition, self.dialect)
        self.connection.execute(statement.text, statement.parameters(row))
        self._record(table, Operation.INSERT, row["id"], None, row)
        return make(row_class, {column: row[column] for column in table.columns})

    def restore(self, table: Table, plain: Mapping[str, Plain]) -> None:
        """Put back a row that the journal already tells of; nothing is recorded."""
        statement = _insert(table.definition, self.dialect)
        self.connection.execute(statement.text, statement.parameters(table.values(plain)))

    def update(self, row: R, **values: Any) -> R:
        """Change fields of `row` and return it as it is then; what stays equal is not recorded."""
        differing = {name: value for name, value in values.items() if getattr(row, name) != value}
        if not differing:
            return row
        table = table_of(type(row))
        statement = _update(table.definition, self.dialect, tuple(differing))
        self.connection.execute(statement.text, statement.parameters({**differing, "id": row.id}))
        self._record(table, Operation.UPDATE, row.id, {name: getattr(row, name) for name in differing}, differing)
        return changed(row, differing)

    def delete(self, row: R) -> None:
        table = table_of(type(row))
        statement = _delete(table.definition, self.dialect)
        self.connection.execute(statement.text, statement.parameters({"id": row.id}))
        self._record(table, Operation.DELETE, row.id, row.__dict__, None)

    def _allocate(self, table: Table) -> int:
        if table.name not in self._next_key:
            (highest,) = self.connection.execute(_highest_key(table.definition, self.dialect)).fetchone()
            self._next_key[table.name] = (highest or 0) + 1
        key = self._next_key[table.name]
        self._next_key[table.name] = key + 1
        return key

    def _record(
        self,
        table: Table,
        operation: Operation,
        key: int,
        before: Mapping[str, Any] | None,
        after: Mapping[str, Any] | None,
    ) -> None:
        if table.kind is Kind.JOURNALLED:
            self.changes.append(
                Change(
                    operation,
                    table.name,
                    key,
                    None if before is None else table.plain(before),
                    None if after is None else table.plain(after),
                )
            )
