"""What all tables have in common.

Each table is one frozen SQLModel class, its row (`Task`), with the table's name and constraints beside its fields. The
store derives SQLAlchemy's table from it when it is first used; SQLModel's `table=True` would do so at import, with an
object mapper that nobody uses, and cost every command a tenth of a second. Rows are made by the store and the Board,
never by hand.
"""

from __future__ import annotations

import json
from datetime import datetime
from decimal import Decimal
from enum import Enum, StrEnum
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlmodel import Field, SQLModel
from sqlmodel._compat import SQLModelConfig


class Kind(StrEnum):
    """How a table is kept."""

    JOURNALLED = "journalled"  # every change is in the journal; `verify` rebuilds and compares it
    OPERATIONAL = "operational"  # of the moment only: presence, leases
    SYSTEM = "system"  # the journal itself and what it stands on


class Scope(StrEnum):
    """Which rows of a table belong to one Board."""

    PROGRAMME = "programme"  # all of them
    BOOK = "book"  # those of one plan version, or of one run
    RUN = "run"  # those of one run


class Row(SQLModel):
    """A row as readers see it: frozen, and never validated again."""

    model_config = SQLModelConfig(frozen=True, defer_build=True)
    kind: ClassVar[Kind] = Kind.JOURNALLED
    scope: ClassVar[Scope] = Scope.PROGRAMME
    id: int = Field(primary_key=True)


class BookRow(Row):
    """A row of a plan version (`version_id` set) or of a run, which has its own copy (`run_id` set)."""

    scope: ClassVar[Scope] = Scope.BOOK
    version_id: int | None = Field(default=None, foreign_key="plan_version.id", index=True)
    run_id: int | None = Field(default=None, foreign_key="run.id", index=True)


class TextList(sa.types.TypeDecorator[tuple[str, ...]]):
    """A tuple of texts, stored as a JSON array."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: tuple[str, ...] | None, _dialect: Any) -> str | None:
        return None if value is None else json.dumps(list(value), ensure_ascii=False, separators=(",", ":"))

    def process_result_value(self, value: str | None, _dialect: Any) -> tuple[str, ...] | None:
        return None if value is None else tuple(json.loads(value))


class DecimalText(sa.types.TypeDecorator[Decimal]):
    """An exact decimal number, stored as text so that no engine rounds it."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, _dialect: Any) -> str | None:
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, _dialect: Any) -> Decimal | None:
        return None if value is None else Decimal(value)


def word(enumeration: type[Enum], *, check: str | None = None, **options: Any) -> Any:
    """A column that holds one of the words of `enumeration`, stored as the word and checked by the database.

    Args:
        check: name of that check, where a table has several columns of one enumeration.
    """
    return Field(
        sa_type=sa.Enum(
            enumeration,
            native_enum=False,
            create_constraint=True,
            validate_strings=True,
            values_callable=lambda words: [member.value for member in words],
            length=32,
            name=check or f"is_a_{enumeration.__name__.lower()}",
        ),
        **options,
    )


def texts() -> Any:
    """A column that holds a tuple of texts."""
    return Field(default=(), sa_type=TextList)


def long_text(**options: Any) -> Any:
    """A column for text of any length."""
    return Field(sa_type=sa.Text, **options)


def decimal(**options: Any) -> Any:
    """A column for an exact decimal number."""
    return Field(sa_type=DecimalText, **options)


Value = str | int | bool | datetime | Decimal | StrEnum | tuple[str, ...] | None
