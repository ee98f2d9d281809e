"""How the values of a row are written: in the database, and in the journal.

In the journal a Decimal is a text, an instant is UTC text with Z, a tuple an array, and there are no floats.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlmodel import SQLModel
from sqlmodel.main import get_column_from_field
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

from warroom.model.registry import TABLES
from warroom.model.row import DecimalText, Kind, Row, Scope, TextList
from warroom.vocabulary.journal import Plain

Convert = Callable[[Any], Any]

# What a converter raises when it is given something that no converter writes.
NOT_WRITTEN_HERE = (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError)


class Unreadable(ValueError):
    """What is stored is nothing that the store writes: damaged, or touched by others. `speaking` says so in words."""


def instant_text(instant: datetime) -> str:
    """An aware instant as UTC text with Z, to the microsecond."""
    utc = instant if instant.tzinfo is UTC else instant.astimezone(UTC)
    return utc.isoformat()[: -len("+00:00")] + "Z"


def read_instant(text: str) -> datetime:
    """The inverse of `instant_text`."""
    return datetime.fromisoformat(text)


@dataclass(frozen=True)
class Table:
    """One table with its row class and converters, by column; a missing converter means "as it is"."""

    name: str
    row_class: type[Row]
    kind: Kind
    scope: Scope
    definition: sa.Table
    columns: tuple[str, ...]
    defaults: Mapping[str, Any]
    to_plain: Mapping[str, Convert]
    from_plain: Mapping[str, Convert]

    def plain(self, values: Mapping[str, Any]) -> dict[str, Plain]:
        """Column values as the journal writes them."""
        return {
            column: value if value is None or (convert := self.to_plain.get(column)) is None else convert(value)
            for column, value in values.items()
        }

    def values(self, plain: Mapping[str, Plain]) -> dict[str, Any]:
        """The inverse of `plain`."""
        return {
            column: value if value is None or (convert := self.from_plain.get(column)) is None else convert(value)
            for column, value in plain.items()
        }


R = TypeVar("R", bound=Row)


def make(row_class: type[R], values: dict[str, Any]) -> R:
    """A row that holds `values` as they are, without validation: they come from the store or from an action."""
    row: R = row_class.__new__(row_class)
    object.__setattr__(row, "__dict__", values)
    return row


def changed(row: R, values: Mapping[str, Any]) -> R:
    """A copy of `row` with `values` in it."""
    return make(type(row), {**row.__dict__, **values})


_defining = threading.Lock()  # threads that use a table for the first time define it once


@cache
def definition_of(model: type[SQLModel]) -> sa.Table:
    """SQLAlchemy's table for a SQLModel class: its columns follow from the fields by SQLModel's own rule."""
    with _defining:
        known = SQLModel.metadata.tables.get(str(model.__tablename__))
        if known is not None:
            return known  # another thread was first
        columns = []
        for name, field in model.model_fields.items():
            column = get_column_from_field(field)
            column.name = column.key = name
            columns.append(column)
        constraints = getattr(model, "__table_args__", ())
        return sa.Table(str(model.__tablename__), SQLModel.metadata, *columns, *constraints)


@cache
def table_of(row_class: type[Row]) -> Table:
    """What the store knows of the table that holds `row_class`.

    Raises:
        TypeError: it has a column of a type that the journal has no notation for.
    """
    definition = definition_of(row_class)
    to_plain: dict[str, Convert] = {}
    from_plain: dict[str, Convert] = {}
    for column in definition.columns:
        kind = column.type
        if isinstance(kind, UTCDateTime):
            to_plain[column.name], from_plain[column.name] = instant_text, read_instant
        elif isinstance(kind, sa.Enum) and kind.enum_class is not None:
            to_plain[column.name], from_plain[column.name] = _word_text, word_reader(kind.enum_class)
        elif isinstance(kind, TextList):
            to_plain[column.name], from_plain[column.name] = list, tuple
        elif isinstance(kind, DecimalText):
            to_plain[column.name], from_plain[column.name] = str, Decimal
        elif not isinstance(kind, AutoString | sa.String | sa.Integer | sa.Boolean):
            raise TypeError(f"{definition.name}.{column.name}: no rule for writing {kind!r} into the journal")
    return Table(
        name=definition.name,
        row_class=row_class,
        kind=row_class.kind,
        scope=row_class.scope,
        definition=definition,
        columns=tuple(column.name for column in definition.columns),
        defaults={name: field.default for name, field in row_class.model_fields.items() if not field.is_required()},
        to_plain=to_plain,
        from_plain=from_plain,
    )


def _word_text(word: Enum) -> str:
    return str(word.value)


def word_reader(enumeration: type[Any]) -> Convert:
    """What reads a word of the enumeration; any other word is a KeyError."""
    members = {str(member.value): member for member in enumeration}
    return members.__getitem__


@cache
def tables() -> Mapping[str, Table]:
    """All tables of rows by name, those referred to first."""
    return {table.name: table for table in map(table_of, TABLES)}


@cache
def journalled_tables() -> Mapping[str, Table]:
    """The tables whose changes are in the journal, by name, those referred to first."""
    return {name: table for name, table in tables().items() if table.kind is Kind.JOURNALLED}
