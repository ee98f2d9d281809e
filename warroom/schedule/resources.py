"""Who has how much to do when, who is in two places at once, and who works outside their hours.

Facts for people to judge: nothing here moves a task.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from warroom.schedule.calendars import Calendar, Interval, merged

HOUR = 3600


@dataclass(frozen=True, slots=True)
class Assignment:
    """One person at work on one task.

    Attributes:
        key: the task.
        owner: who.
        start, finish: from when to when, seconds on the axis.
        calendar: when the task is worked on; None means round the clock.
    """

    key: str
    owner: str
    start: int
    finish: int
    calendar: Calendar | None = None

    def spans(self) -> list[Interval]:
        """The stretches of time in which there is work, in order; none for a milestone.

        Who begins or finishes outside the calendar works there until it goes on, or since it stopped.
        """
        calendar, start, finish = self.calendar, self.start, self.finish
        if start >= finish:
            return []
        if calendar is None:
            return [(start, finish)]
        before = start, min(finish, calendar.place(start, 0)[0])
        after = max(start, calendar.settle_back(finish)), finish
        return merged([before, *calendar.periods(start, finish), after])


@dataclass(frozen=True, slots=True)
class DoubleBooking:
    """Two tasks that one person has at the same time, from `start` to `finish` (seconds); the earlier task first."""

    owner: str
    first: str
    second: str
    start: int
    finish: int


@dataclass(frozen=True, slots=True)
class OutsideHours:
    """A task that makes its owner work when they are not available: for `seconds` in all, from `start` on."""

    owner: str
    key: str
    start: int
    seconds: int


def hourly_load(assignments: Iterable[Assignment]) -> dict[str, dict[int, int]]:
    """Seconds of work of each owner by hour: hour 0 begins at the axis' 0, hour -1 before it.

    An hour can hold more than 3,600 of them: then there is too much to do. Hours without work are left out.
    """
    load: dict[str, dict[int, int]] = {}
    for assignment in assignments:
        hours = load.setdefault(assignment.owner, {})
        for start, finish in assignment.spans():
            for hour in range(start // HOUR, -(-finish // HOUR)):
                seconds = min(finish, (hour + 1) * HOUR) - max(start, hour * HOUR)
                hours[hour] = hours.get(hour, 0) + seconds
    return {owner: dict(sorted(hours.items())) for owner, hours in load.items()}


def double_bookings(assignments: Iterable[Assignment]) -> list[DoubleBooking]:
    """Every pair of tasks of one owner that overlap, from the first to the last second of their overlap; in order."""
    by_owner: defaultdict[str, list[tuple[int, int, str]]] = defaultdict(list)
    for assignment in assignments:
        by_owner[assignment.owner] += [(start, finish, assignment.key) for start, finish in assignment.spans()]
    overlaps: dict[tuple[str, str, str], Interval] = {}
    for owner, spans in by_owner.items():
        running: list[tuple[int, int, str]] = []
        for start, finish, key in sorted(spans):
            running = [span for span in running if span[1] > start]
            for _, until, other in running:
                if other == key:
                    continue
                pair = (owner, other, key) if (owner, key, other) not in overlaps else (owner, key, other)
                known = overlaps.get(pair, (start, start))
                overlaps[pair] = known[0], max(known[1], min(until, finish))
            running.append((start, finish, key))
    found = [DoubleBooking(*pair, *overlap) for pair, overlap in overlaps.items()]
    return sorted(found, key=lambda booking: (booking.start, booking.owner, booking.first, booking.second))


def outside_hours(assignments: Iterable[Assignment], available: Mapping[str, Calendar]) -> list[OutsideHours]:
    """The tasks that are worked on while their owner is not available; owners without a calendar always are."""
    found = []
    for assignment in assignments:
        calendar = available.get(assignment.owner)
        if calendar is None:
            continue
        gaps = [gap for span in assignment.spans() for gap in _gaps(span, calendar)]
        if gaps:
            seconds = sum(finish - start for start, finish in gaps)
            found.append(OutsideHours(assignment.owner, assignment.key, gaps[0][0], seconds))
    return sorted(found, key=lambda fact: (fact.start, fact.owner, fact.key))


def verifying_own_work(executors: Mapping[str, str], verifiers: Mapping[str, str]) -> list[str]:
    """The tasks of which one person both executes and verifies; both arguments give a person by task."""
    return sorted(key for key, person in verifiers.items() if executors.get(key) == person)


def _gaps(span: Interval, calendar: Calendar) -> list[Interval]:
    """The parts of a stretch of time that lie outside working time."""
    found = []
    at, end = span
    for start, finish in calendar.periods(*span):
        if at < start:
            found.append((at, start))
        at = finish
    if at < end:
        found.append((at, end))
    return found
