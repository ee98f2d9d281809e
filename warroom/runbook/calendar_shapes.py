"""The shapes of working hours: days of the week, shifts of a day, and days that are different."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from warroom.clock.working_hours import OFF, parse_days, parse_shifts
from warroom.runbook.records import MapOf
from warroom.runbook.shapes import Found, Reading, Schema, text_of
from warroom.runbook.tree import Items, Keys, Tree

_DATE = re.compile(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")
_SHIFT = r"\s*[0-9]{1,2}:[0-9]{2}\s*-\s*[0-9]{1,2}:[0-9]{2}\s*"
_SHIFTS = rf"^{_SHIFT}(,{_SHIFT})*$"


@dataclass(frozen=True, slots=True)
class Days:
    """Days of the week, "mon-fri"; read as their numbers, Monday is 0."""

    def read(self, tree: Tree, reading: Reading) -> Found | None:
        text = text_of(tree, reading, "days of the week")
        if text is None:
            return None
        try:
            return Found(parse_days(text), tree.place)
        except ValueError as error:
            reading.faults.add(tree.place, str(error))
            return None

    def schema(self) -> Schema:
        return {"type": "string", "pattern": r"^[A-Za-z][A-Za-z, -]*$", "examples": ["mon-fri", "mon, wed, fri"]}


@dataclass(frozen=True, slots=True)
class Day:
    """A date, 2026-12-24."""

    def read(self, tree: Tree, reading: Reading) -> Found | None:
        text = text_of(tree, reading, "a date")
        if text is None:
            return None
        try:
            if not _DATE.fullmatch(text):
                raise ValueError(text)
            return Found(date.fromisoformat(text), tree.place)
        except ValueError:
            reading.faults.add(tree.place, f"{text[:80]!r} is not a date", "write it like 2026-12-24")
            return None

    def schema(self) -> Schema:
        return {"type": "string", "format": "date", "pattern": _DATE.pattern}


@dataclass(frozen=True, slots=True)
class Shifts:
    """The shifts of a day, as a list or as one text; each is read with its own place.

    Attributes:
        off: whether "off" may stand for none.
    """

    off: bool = False

    def read(self, tree: Tree, reading: Reading) -> Found | None:
        shifts: list[Found] = []
        items = tree.items if isinstance(tree, Items) else (tree,)
        for item in items:
            text = text_of(item, reading, "a shift such as 08:00-12:00")
            if text is None:
                continue
            if text.strip().lower() == OFF and (not self.off or isinstance(tree, Items)):
                hint = "leave the day out" if not self.off else f"write {OFF} alone"
                reading.faults.add(item.place, f"{OFF!r} is not written here", hint)
                continue
            try:
                shifts += [Found(shift, item.place) for shift in parse_shifts(text)]
            except ValueError as error:
                reading.faults.add(item.place, str(error))
        if not items:
            reading.faults.add(tree.place, "this list may not be empty")
        return Found(tuple(shifts), tree.place)

    def schema(self) -> Schema:
        shift: Schema = {"type": "string", "pattern": _SHIFTS, "examples": ["08:00-12:00", "22:00-06:00"]}
        if self.off:
            return {"anyOf": [{"const": OFF}, shift, {"type": "array", "items": shift, "minItems": 1}]}
        return {"anyOf": [shift, {"type": "array", "items": shift, "minItems": 1}]}


@dataclass(frozen=True, slots=True)
class WeekHours:
    """The shifts of a week: the same on all days that the calendar names, or by days of the week.

    Read as pairs of days (None: those of the calendar) and shifts.
    """

    def read(self, tree: Tree, reading: Reading) -> Found | None:
        if isinstance(tree, Keys):
            if not tree.pairs:
                reading.faults.add(tree.place, "this mapping may not be empty")
            return _BY_DAYS.read(tree, reading)
        shifts = Shifts().read(tree, reading)
        return None if shifts is None else Found(((None, shifts),), tree.place)

    def schema(self) -> Schema:
        return {"anyOf": [*Shifts().schema()["anyOf"], _BY_DAYS.schema()]}


_BY_DAYS = MapOf(Days(), Shifts())
