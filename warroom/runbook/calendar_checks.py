"""What must hold within the calendars of a runbook and between people, tasks and calendars."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from warroom.clock.working_hours import MINUTES_OF_DAY, Shift, length, show_days
from warroom.runbook.faults import Faults
from warroom.runbook.records import Entry
from warroom.runbook.shapes import Found

_WEEK = 7 * MINUTES_OF_DAY


def week_of(calendar: Entry) -> dict[int, list[Found]]:
    """The shifts of each weekday that has any, Monday is 0; each with its place. A day counts where it stands first."""
    week: dict[int, list[Found]] = {}
    for days, shifts in calendar.get("hours") or ():
        for day in (calendar.get("days") or ()) if days is None else days.value:
            week.setdefault(day, list(shifts.value))
    return week


def check_calendars(root: Entry, rows: Iterable[Entry], faults: Faults) -> None:
    """Note every fault of the calendars themselves, of their use in `rows` and by people, and of absences."""
    calendars = root.get("calendars") or ()
    known = {key.value for key, _ in calendars}
    for _, found in calendars:
        _check_calendar(found.value, faults)
    people = root.entries("people")
    for entry in [*rows, *people]:
        if (named := entry.fields.get("calendar")) is not None and named.value not in known:
            message = f"the calendar {named.value!r} is not one of the calendars"
            faults.add(named.place, message, faults.did_you_mean(named.value, known) or "add it to calendars:")
    for person in people:
        for absence in person.entries("away"):
            begin, end = absence.get("from"), absence.fields.get("to")
            if begin is not None and end is not None and end.value <= begin:
                faults.add(end.place, "the absence ends before it begins")


def _check_calendar(calendar: Entry, faults: Faults) -> None:
    hours = calendar.get("hours")
    if hours is None:
        return
    by_days = [days for days, _ in hours if days is not None]
    if by_days:
        _check_days(calendar, by_days, faults)
    elif hours and "days" not in calendar.written:
        faults.add(calendar.place, "a calendar needs the key 'days'", "write it like days: mon-fri")
    _check_overlaps(week_of(calendar), faults)
    for _, shifts in calendar.get("except") or ():
        _check_overlaps({0: list(shifts.value)}, faults)


def _check_days(calendar: Entry, by_days: Sequence[Found], faults: Faults) -> None:
    """Hours that name their days: each day once, and nowhere else."""
    if (days := calendar.fields.get("days")) is not None:
        faults.add(days.place, "the hours of this calendar name their days themselves", "leave days out")
    named: set[int] = set()
    for found in by_days:
        if again := named & set(found.value):
            faults.add(found.place, f"{show_days(again)} has hours already")
        named |= set(found.value)


def _check_overlaps(week: Mapping[int, Sequence[Found]], faults: Faults) -> None:
    """No shift may begin before the one before it ends, be it of the day before, or of the week before."""
    shifts = sorted(
        ((day * MINUTES_OF_DAY + found.value[0], found) for day, founds in week.items() for found in founds),
        key=lambda pair: pair[0],
    )
    if not shifts:
        return
    told: set[int] = set()
    ends = -1
    first_begin, first = shifts[0]
    for begin, found in [*shifts, (first_begin + _WEEK, first)]:
        if begin < ends and id(found) not in told:
            told.add(id(found))
            faults.add(found.place, "this shift begins before another one ends")
        shift: Shift = found.value
        ends = max(ends, begin + length(shift))
