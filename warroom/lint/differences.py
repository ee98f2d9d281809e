"""What differs between two plans: rows added and removed, and the rest field by field.

It compares Boards, so that a runbook file, a loaded plan and a running one are told apart in the same way, and a new
table is compared from its first day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from warroom.board.board import Board
from warroom.board.plan_rows import KEYS, NAMES, field_of, identity, link_text, references
from warroom.board.rows import (
    Absence,
    Authority,
    Criterion,
    Gate,
    Link,
    Party,
    Person,
    Programme,
    Row,
    Seat,
    Step,
    Task,
    Trigger,
)
from warroom.clock.times import iso_utc
from warroom.model.plan import Window
from warroom.model.row import BookRow
from warroom.store.codec import journalled_tables, table_of
from warroom.vocabulary.words import StepKind, TaskKind

Value = Any
"""A value as JSON has it: spans and times from the window start as seconds, instants as UTC text."""

_UNTOLD = KEYS | {"position", "planned_from_s", "baseline_start_s", "baseline_finish_s", "task_id", "gate_id"}


class How(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs.

    Attributes:
        what: the kind of thing: task, gate, person, calendar, window ...
        name: its ref, handle or key.
        field: what of it differs, seconds with `_s` behind; None where all of it was added or removed.
        before, after: the values of the field; lists for what there may be many of.
    """

    how: How
    what: str
    name: str
    field: str | None = None
    before: Value = None
    after: Value = None


def differences(before: Board, after: Board) -> tuple[Difference, ...]:
    """All that differs between the plans of two Boards, in the order of the tables and of the rows in them.

    What a task, a gate or the back-out is made of (links, steps, seats, criteria ...) counts as fields of it. Whatever
    only happened, such as actual times, counts nowhere.
    """
    return tuple(_differences(_Plan(before), _Plan(after)))


def _differences(before: _Plan, after: _Plan) -> Iterator[Difference]:
    for what in dict.fromkeys((*before.things, *after.things)):
        old, new = before.things.get(what, {}), after.things.get(what, {})
        for name in dict.fromkeys((*old, *new)):
            if name not in new:
                yield Difference(How.REMOVED, what, name)
            elif name not in old:
                yield Difference(How.ADDED, what, name)
            else:
                for field in dict.fromkeys((*old[name], *new[name])):
                    was, now = old[name].get(field), new[name].get(field)
                    if was != now:
                        yield Difference(How.CHANGED, what, name, field, was, now)
        both = [[name for name in names if name in old and name in new] for names in (old, new)]
        if what not in ("person", "party") and both[0] != both[1]:
            yield Difference(How.CHANGED, what, "all", "order", *both)


class _Plan:
    """A Board's plan as named things with fields.

    Attributes:
        things: of each kind of thing, by name, the fields with their values.
    """

    def __init__(self, board: Board) -> None:
        self.board = board
        self.things: defaultdict[str, dict[str, dict[str, Value]]] = defaultdict(dict)
        self.things["programme"]["programme"] = self._fields(board.programme)
        plan = board.plan
        self.things["window"]["window"] = {
            field_of(column): self._value(getattr(plan, column)) for column in Window.model_fields
        }
        for table in journalled_tables().values():
            row_class = table.row_class
            if row_class in (Person, Party) or (issubclass(row_class, BookRow) and _named(row_class)):
                for row in self._in_order(row_class):
                    self.things[self._what(row)][self._name(row)] = self._fields(row)
        for table in journalled_tables().values():
            if issubclass(table.row_class, BookRow) and not _named(table.row_class):
                for row in self._in_order(table.row_class):
                    self._add_part(row)

    def _in_order(self, row_class: type[Row]) -> list[Any]:
        rows = list(self.board.rows(row_class).values())
        return sorted(rows, key=lambda row: getattr(row, "position", 0))

    def _add_part(self, row: Row) -> None:
        """Count a row that has no name of its own as a field of what it hangs on."""
        row_class = type(row)
        if isinstance(row, Gate):
            self._owner(row).update(self._fields(row))
            return
        field = self._owner(row).setdefault(_part_word(row), [])
        field.append(self._part(row))
        if row_class is Link:
            field.sort()

    def _owner(self, row: Row) -> dict[str, Value]:
        """The fields of the thing that a row hangs on: its task, by way of its gate if need be; else the plan's."""
        board = self.board
        if isinstance(row, Link):
            owner: Any = board.rows(Task)[row.successor_id]
        elif (gate_id := getattr(row, "gate_id", None)) is not None:
            owner = board.rows(Task)[board.rows(Gate)[gate_id].task_id]
        elif (task_id := getattr(row, "task_id", None)) is not None:
            owner = board.rows(Task)[task_id]
        elif set(references(type(row)).values()) == {Person} and "position" not in table_of(type(row)).columns:
            return self._of_person(row)
        else:
            return self.things["plan"].setdefault("plan", {})
        return self.things[self._what(owner)][self._name(owner)]

    def _of_person(self, row: Row) -> dict[str, Value]:
        (column,) = references(type(row))
        if set(table_of(type(row)).columns) <= {column, *KEYS}:
            return self.things["plan"].setdefault("plan", {})
        return self.things["person"][self.board.handle(getattr(row, column)) or ""]

    def _part(self, row: Row) -> Value:
        """All that a row without a name says, as one value."""
        if isinstance(row, Link):
            return link_text(self.board.rows(Task)[row.predecessor_id].ref, row.link_type, row.lag_s)
        if isinstance(row, Step):
            return row.text
        fields = {name: value for name, value in self._fields(row).items() if value not in (None, [], False)}
        return next(iter(fields.values())) if len(fields) == 1 else fields

    def _fields(self, row: Row) -> dict[str, Value]:
        row_class = type(row)
        names, targets = identity(row_class), references(row_class)
        untold = _UNTOLD | (set(names) if _named(row_class) else set())
        return {
            field_of(column): self._value(getattr(row, column), targets.get(column))
            for column in table_of(row_class).columns
            if column not in untold
        }

    def _value(self, value: Any, target: type[Row] | None = None) -> Value:
        if value is None or isinstance(value, bool):
            return value
        if target is not None:
            return self._name(self.board.rows(target)[value])
        if isinstance(value, datetime):
            return iso_utc(value)
        if isinstance(value, tuple):
            return list(value)
        return value if isinstance(value, int) else str(value)

    def _what(self, row: Row) -> str:
        if isinstance(row, Task):
            return "gate" if row.kind_of_task is TaskKind.GATE else "back-out task" if row.backout else "task"
        return table_of(type(row)).name.replace("_", " ")

    def _name(self, row: Row) -> str:
        return str(next((getattr(row, name) for name in NAMES if hasattr(row, name)), row.id))


def _named(row_class: type[Row]) -> bool:
    names = identity(row_class)
    return (len(names) == 1 and names[0] in NAMES) or row_class is Programme


def _part_word(row: Row) -> str:
    """What people call the list to which a row without a name belongs."""
    if isinstance(row, Step):
        return "steps" if row.kind_of_step is StepKind.STEP else "verify"
    return _PARTS.get(type(row), table_of(type(row)).name)


_PARTS: Mapping[type[Row], str] = {
    Link: "after",
    Seat: "seats",
    Criterion: "criteria",
    Trigger: "triggers",
    Authority: "authority",
    Absence: "away",
}
