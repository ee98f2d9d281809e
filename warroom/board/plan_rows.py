"""The rows of which a plan consists: what tells one from another, and how people call their columns."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import sqlalchemy as sa

from warroom.board.rows import Programme, Row
from warroom.clock.durations import MINUTE, show_duration
from warroom.clock.times import show_offset
from warroom.model.row import BookRow
from warroom.store.codec import journalled_tables, table_of
from warroom.vocabulary.text import one_line
from warroom.vocabulary.words import LinkType

NAMES = ("ref", "handle", "key")
"""Columns that name a row; the first that a table has."""

KEYS = frozenset({"id", "version_id", "run_id"})
"""Columns that say where a row is kept; the same plan has others in each version and run."""

_SPANS = ("duration", "buffer", "every", "lag", "time_box", "clock")
"""How columns begin that hold a span; the other columns of seconds hold a time from the window start."""

_SUFFIXES = ("_of_task", "_of_step", "_of_control", "_id")


@cache
def identity(row_class: type[Row]) -> tuple[str, ...]:
    """The columns by which a row is found again in another version of the plan.

    They are its name; else its place in the list that it belongs to; else whatever it hangs on, if that has one only;
    else all that it says. There is one programme.
    """
    if row_class is Programme:
        return ()
    table = table_of(row_class)
    for name in NAMES:
        if name in table.columns:
            return (name,)
    parents = tuple(column for column, parent in references(row_class).items() if issubclass(parent, BookRow))
    if "position" in table.columns:
        return (*parents, "position")
    if len(parents) == 1 and table.definition.columns[parents[0]].unique:
        return parents
    return tuple(column for column in table.columns if column not in KEYS)


@cache
def references(row_class: type[Row]) -> Mapping[str, type[Row]]:
    """The columns that refer to other journalled rows, those of `KEYS` aside, with what they refer to."""
    tables = journalled_tables()
    found: dict[str, type[Row]] = {}
    for column in table_of(row_class).definition.columns:
        target = _target(column)
        if column.name not in KEYS and target is not None and target in tables:
            found[column.name] = tables[target].row_class
    return found


def _target(column: sa.Column[Any]) -> str | None:
    return next((key.column.table.name for key in column.foreign_keys), None)


def field_of(column: str) -> str:
    """A column without what only tables need: "owner_id" is the owner, "kind_of_task" the kind."""
    for suffix in _SUFFIXES:
        column = column.removesuffix(suffix)
    return column


def column_word(column: str) -> str:
    """What people call a column or a field: "duration_s" is the duration."""
    return field_of(column).removesuffix("_s").replace("_", " ")


def link_text(predecessor: str, link_type: LinkType, lag_s: int) -> str:
    """A link as a runbook has it: "BC-22", "BC-22 SS", "BC-22 FS+15m"."""
    if lag_s % MINUTE:
        lag = f"{'-' if lag_s < 0 else '+'}{abs(lag_s)}s"
    else:
        lag = show_duration(lag_s, sign=True) if lag_s else ""
    plain = link_type is LinkType.FINISH_START and not lag
    return predecessor if plain else f"{predecessor} {link_type.value}{lag}"


def show_value(field: str, value: object) -> str:
    """A field's value in words: spans as people write them, times from the window start; "none" for nothing."""
    if value is None or value == "":
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int) and field.endswith("_s"):
        if field.startswith(_SPANS):
            return show_duration(value)
        return show_offset(value)
    return one_line(str(value), 80)
