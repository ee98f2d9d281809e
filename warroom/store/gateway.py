"""The one gateway through which rows are read and changed.

Statements are compiled once per table from the SQLModel definitions and run on the driver's own connection. A change
of a journalled row is recorded here, so that no action can forget it, and a new table is journalled from its first day.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from warroom.model.row import Kind
from warroom.store.codec import R, Table, changed, make, table_of
from warroom.vocabulary.journal import Change, Operation, Plain


@dataclass(frozen=True)
class Statement:
    """A compiled statement: its text, the order of its parameters (None: by name), and their converters."""

    text: str
    order: tuple[str, ...] | None
    convert: Mapping[str, Any]

    def parameters(self, values: Mapping[str, Any]) -> Sequence[Any] | Mapping[str, Any]:
        bound = {
            name: value if (convert := self.convert.get(name)) is None else convert(value)
            for name, value in values.items()
        }
        return bound if self.order is None else [bound[name] for name in self.order]


def _compile(statement: sa.sql.ClauseElement, dialect: sa.Dialect, table: sa.Table) -> Statement:
    compiled: Any = statement.compile(dialect=dialect)
    converters = {
        column.name: processor
        for column in table.columns
        if (processor := column.type.dialect_impl(dialect).bind_processor(dialect)) is not None
    }
    order = compiled.positiontup
    return Statement(str(compiled), None if order is None else tuple(order), converters)


@lru_cache(maxsize=1024)
def _select(table: sa.Table, dialect: sa.Dialect, where: tuple[str, ...]) -> Statement:
    query = sa.select(table).order_by(table.c.id)
    for name in where:
        query = query.where(table.c[name] == sa.bindparam(name))
    return _compile(query, dialect, table)


@lru_cache(maxsize=1024)
def _insert(table: sa.Table, dialect: sa.Dialect) -> Statement:
    return _compile(sa.insert(table), dialect, table)


@lru_cache(maxsize=1024)
def _update(table: sa.Table, dialect: sa.Dialect, columns: tuple[str, ...]) -> Statement:
    change = sa.update(table).where(table.c.id == sa.bindparam("key_of_row"))
    return _compile(change.values({name: sa.bindparam(name) for name in columns}), dialect, table)


@lru_cache(maxsize=1024)
def _delete(table: sa.Table, dialect: sa.Dialect) -> Statement:
    return _compile(sa.delete(table).where(table.c.id == sa.bindparam("key_of_row")), dialect, table)


@lru_cache(maxsize=1024)
def _highest_key(table: sa.Table, dialect: sa.Dialect) -> str:
    return str(sa.select(sa.func.max(table.c.id)).compile(dialect=dialect))


@lru_cache(maxsize=1024)
def _readers(table: sa.Table, dialect: sa.Dialect) -> tuple[tuple[int, Any], ...]:
    """Place and converter of each column whose database value is not the value itself."""
    return tuple(
        (place, processor)
        for place, column in enumerate(table.columns)
        if (processor := column.type.dialect_impl(dialect).result_processor(dialect, None)) is not None
    )


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
        rows = []
        for record in self.connection.execute(statement.text, statement.parameters(equals)):
            cells = list(record)
            for place, read in readers:
                cells[place] = read(cells[place])
            rows.append(make(row_class, dict(zip(columns, cells, strict=True))))
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


class Gateway(Reader):
    """Reads and changes rows within one write transaction, and keeps the record of the changes."""

    def __init__(self, connection: Any, dialect: sa.Dialect) -> None:
        super().__init__(connection, dialect)
        self.changes: list[Change] = []
        self._next_key: dict[str, int] = {}

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
        self.connection.execute(statement.text, statement.parameters({**differing, "key_of_row": row.id}))
        self._record(table, Operation.UPDATE, row.id, {name: getattr(row, name) for name in differing}, differing)
        return changed(row, differing)

    def delete(self, row: R) -> None:
        table = table_of(type(row))
        statement = _delete(table.definition, self.dialect)
        self.connection.execute(statement.text, statement.parameters({"key_of_row": row.id}))
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
