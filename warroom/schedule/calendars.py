"""Working time: a calendar as sorted intervals on the axis, and the sums that are made with it.

The end of a work period and the beginning of the next are the same working instant. Wherever work begins, that
instant is shown as the beginning, and wherever it ends, as the end.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator

FAR = 1 << 62
"""Later than any instant of a plan, and `-FAR` earlier than any."""

Interval = tuple[int, int]
"""A stretch of time: (its first second, the second after its last)."""


class Calendar:
    """When there is work, in whole seconds on the axis of the plan.

    A calendar is known within a horizon. Outside it counts as working round the clock, so that every sum has an
    answer; whoever makes one chooses a horizon far wider than the plan.

    A *reading* counts the working seconds: it equals the instant up to the horizon's beginning, and from there on it
    stands still outside working time. Two instants with one reading are the same working instant.

    Attributes:
        horizon: from when to when it is known.
        starts, ends: where each work period begins and ends.
        readings: the reading at each beginning.
        shifts: seconds without work before each period, so that instant = reading + shift within it.
    """

    __slots__ = ("ends", "horizon", "readings", "shifts", "starts")

    def __init__(self, intervals: Iterable[Interval], horizon: Interval) -> None:
        """Sort, merge and clip `intervals` (seconds) to the `horizon`.

        Raises:
            ValueError: a horizon that ends before it begins.
        """
        begins, ends = horizon
        if begins > ends:
            raise ValueError("the horizon of a calendar ends before it begins")
        self.horizon = horizon
        inside = ((max(start, begins), min(end, ends)) for start, end in intervals)
        periods = merged([(-FAR, begins), *inside, (ends, FAR)])
        self.starts: list[int] = [start for start, _ in periods]
        self.ends: list[int] = [end for _, end in periods]
        self.readings: list[int] = []
        self.shifts: list[int] = []
        shift, last = 0, -FAR
        for start, end in periods:
            shift += start - last
            self.readings.append(start - shift)
            self.shifts.append(shift)
            last = end

    @property
    def works(self) -> bool:
        """Whether there is any working time within the horizon."""
        return any(True for _ in self.periods(*self.horizon))

    def reading(self, instant: int) -> int:
        """The reading at an instant."""
        period = bisect_right(self.starts, instant) - 1
        return min(instant, self.ends[period]) - self.shifts[period]

    def opening(self, reading: int) -> int:
        """The instant of a reading as one at which work goes on."""
        return reading + self.shifts[bisect_right(self.readings, reading) - 1]

    def closing(self, reading: int) -> int:
        """The instant of a reading as one at which work ends."""
        return reading + self.shifts[bisect_left(self.readings, reading) - 1]

    def between(self, start: int, finish: int) -> int:
        """Working seconds from one instant to another; below 0 if the second is the earlier one."""
        return self.reading(finish) - self.reading(start)

    def place(self, instant: int, duration: int) -> Interval:
        """Start and finish of work that takes `duration` working seconds and begins at `instant` or, where there is no
        work then, at the next working time."""
        period = bisect_right(self.starts, instant) - 1
        if instant >= self.ends[period]:
            period += 1
            instant = self.starts[period]
        finish = instant + duration
        if finish > self.ends[period]:
            finish = self.closing(finish - self.shifts[period])
        return instant, finish

    def place_back(self, instant: int, duration: int) -> Interval:
        """The latest start and finish of work that takes `duration` working seconds and is done by `instant`."""
        period = bisect_left(self.starts, instant) - 1
        finish = min(instant, self.ends[period])
        start = finish - duration
        if start < self.starts[period]:
            start = self.opening(start - self.shifts[period])
        return start, finish

    def settle(self, instant: int) -> int:
        """The same instant if it lies in a work period or at either end of one, else the next beginning."""
        period = bisect_right(self.starts, instant) - 1
        return instant if instant <= self.ends[period] else self.starts[period + 1]

    def settle_back(self, instant: int) -> int:
        """The same instant if it lies in a work period or at either end of one, else the end before it."""
        return min(instant, self.ends[bisect_right(self.starts, instant) - 1])

    def start_for(self, instant: int, duration: int) -> int:
        """When work of `duration` working seconds starts that ends at the working instant `instant`."""
        return self.opening(self.reading(instant) - duration)

    def finish_for(self, instant: int, duration: int) -> int:
        """When work of `duration` working seconds ends that starts at the working instant `instant`."""
        return self.closing(self.reading(instant) + duration)

    def periods(self, start: int, finish: int) -> Iterator[Interval]:
        """The stretches of working time between two instants, in order."""
        for period in range(bisect_right(self.starts, start) - 1, len(self.starts)):
            begins, ends = max(start, self.starts[period]), min(finish, self.ends[period])
            if self.starts[period] >= finish:
                return
            if begins < ends:
                yield begins, ends

    def intersection(self, other: Calendar) -> Calendar:
        """The working time of both, known where either is: of a task within the hours of its owner."""
        horizon = min(self.horizon[0], other.horizon[0]), max(self.horizon[1], other.horizon[1])
        common = [pair for period in self.periods(*horizon) for pair in other.periods(*period)]
        return Calendar(common, horizon)

    def without(self, absences: Iterable[Interval]) -> Calendar:
        """The same calendar less stretches of time; those outside its horizon are left out."""
        away = merged(absences)
        gaps = zip([-FAR, *(end for _, end in away)], [*(start for start, _ in away), FAR], strict=True)
        return self.intersection(Calendar(list(gaps), self.horizon))


def merged(intervals: Iterable[Interval]) -> list[Interval]:
    """The same stretches of time in order, those that touch or overlap made one; empty ones are left out."""
    found: list[Interval] = []
    for start, end in sorted(intervals):
        if start >= end:
            continue
        if found and start <= found[-1][1]:
            found[-1] = found[-1][0], max(end, found[-1][1])
        else:
            found.append((start, end))
    return found


def elapsed(calendar: Calendar | None, start: int, finish: int) -> int:
    """Seconds from one instant to another, in working time if there is a calendar."""
    return finish - start if calendar is None else calendar.between(start, finish)


def start_for(calendar: Calendar | None, instant: int, duration: int) -> int:
    """When work starts that takes `duration` seconds and ends at `instant`, in working time if there is a calendar."""
    return instant - duration if calendar is None else calendar.start_for(instant, duration)


def finish_for(calendar: Calendar | None, instant: int, duration: int) -> int:
    """When work ends that takes `duration` seconds and starts at `instant`, in working time if there is a calendar."""
    return instant + duration if calendar is None else calendar.finish_for(instant, duration)
