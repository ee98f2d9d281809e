"""The calendars of a Board: when each task is worked on, within the hours of its owner."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, timedelta

from warroom.board.board import Board
from warroom.board.rows import Absence, CalendarHours, Person, PlanVersion, Run, Task
from warroom.clock.durations import DAY
from warroom.clock.working_hours import Shift, parse_days, parse_shifts, show_days, show_shifts
from warroom.schedule.calendars import Calendar, Interval
from warroom.schedule.hours import WorkingHours, calendar

BEFORE_S = 60 * DAY
AFTER_S = 366 * DAY
"""How far beyond the plan's start and the window's end calendars are known; further off counts as round the clock."""


def hours_texts(hours: WorkingHours) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Working hours as a `CalendarHours` row keeps them: (hours, exceptions). Days with the same hours share a text."""
    alike: defaultdict[tuple[Shift, ...], list[int]] = defaultdict(list)
    for day, shifts in sorted(hours.weekly.items()):
        if shifts:
            alike[tuple(shifts)].append(day)
    week = tuple(f"{show_days(days).replace(' ', '')} {show_shifts(shifts)}" for shifts, days in alike.items())
    return week, tuple(f"{day} {show_shifts(shifts)}" for day, shifts in sorted(hours.exceptions.items()))


def hours_of(row: CalendarHours) -> WorkingHours:
    """The inverse of `hours_texts`."""
    weekly: dict[int, tuple[Shift, ...]] = {}
    for text in row.hours:
        days, _, shifts = text.partition(" ")
        weekly |= dict.fromkeys(parse_days(days), parse_shifts(shifts))
    exceptions = {}
    for text in row.exceptions:
        day, _, shifts = text.partition(" ")
        exceptions[date.fromisoformat(day)] = parse_shifts(shifts)
    return WorkingHours(row.timezone, weekly, exceptions)


class Calendars:
    """The calendars of one plan or run; each is made when it is first asked for."""

    def __init__(self, board: Board, origin: datetime) -> None:
        """`origin` (UTC) is the window start, from which the seconds of absences count."""
        plan = board.plan
        window_end = (plan.window_end - plan.window_start) // timedelta(seconds=1)
        self._origin = origin
        self._horizon: Interval = plan.plan_start_s - BEFORE_S, window_end + AFTER_S
        self._rows = {row.key: row for row in board.rows(CalendarHours).values()}
        self._people = board.rows(Person)
        self._away: defaultdict[int, list[Interval]] = defaultdict(list)
        for absence in board.rows(Absence).values():
            self._away[absence.person_id].append((absence.from_s, absence.to_s))
        self._by_key: dict[str, Calendar] = {}
        self._by_person: dict[int, Calendar | None] = {}
        self._by_both: dict[tuple[str, int], Calendar] = {}

    def of(self, task: Task) -> Calendar | None:
        """When a task is worked on by its owner; None: round the clock. Whoever owns it by the rota is on shift."""
        return self.between(task.calendar, None if task.owner_role else task.owner_id)

    def between(self, key: str | None, person_id: int | None) -> Calendar | None:
        """The hours that a calendar and a person have in common; None: round the clock."""
        available = None if person_id is None else self.of_person(person_id)
        if key is None:
            return available
        if available is None or person_id is None:
            return self.called(key)
        pair = key, person_id
        if pair not in self._by_both:
            self._by_both[pair] = self.called(key).intersection(available)
        return self._by_both[pair]

    def of_person(self, person_id: int) -> Calendar | None:
        """When a person works: the hours of their calendar, less their absences; None: round the clock."""
        if person_id not in self._by_person:
            self._by_person[person_id] = self._available(person_id)
        return self._by_person[person_id]

    def called(self, key: str) -> Calendar:
        """The calendar of that name.

        Raises:
            KeyError: there is none.
        """
        if key not in self._by_key:
            self._by_key[key] = calendar(hours_of(self._rows[key]), origin=self._origin, horizon=self._horizon)
        return self._by_key[key]

    def _available(self, person_id: int) -> Calendar | None:
        key, away = self._people[person_id].calendar, self._away.get(person_id)
        if key is None and away is None:
            return None
        hours = Calendar([self._horizon], self._horizon) if key is None else self.called(key)
        return hours if away is None else hours.without(away)


def calendars_of(board: Board, origin: datetime | None = None) -> Calendars | None:
    """The calendars of `board`, kept until one of them changes; None: everything is worked on round the clock.

    Args:
        origin: another window start (UTC) than the Board's, of a run that is about to begin.
    """
    if not board.rows(CalendarHours) and not board.rows(Absence):
        return None
    if origin is not None:
        return Calendars(board, origin)
    return board.view(
        "calendars",
        [CalendarHours, Absence, Person, PlanVersion, Run],
        lambda: Calendars(board, board.plan.window_start),
    )
