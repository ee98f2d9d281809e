"""The time axis of the timeline: which instant lies in which column, and which columns carry a label."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from warroom.clock.durations import DAY, HOUR, MINUTE
from warroom.clock.times import DAYS, MONTHS, instants

TICKS: tuple[int, ...] = (15 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR, 12 * HOUR, DAY)
"""Seconds from label to label, on round local times."""

TICK_CELLS = 8
"""Cells that a label and the space behind it need."""

ZOOMS: tuple[int, ...] = (90, 180, 300, 450, 600, 900, 1200, 1800, 3600, 5400, 10800)
"""Seconds in one column, from the nearest view to the widest."""

NEAREST = 15
"""The fewest seconds in one column."""


@dataclass(frozen=True, slots=True)
class Axis:
    """`width` columns of `step` seconds; `left` is where column 0 begins, in seconds from the window start."""

    left: int
    step: int
    width: int

    @property
    def tick(self) -> int:
        """Seconds from label to label."""
        return next((tick for tick in TICKS if tick >= TICK_CELLS * self.step), DAY)

    @property
    def right(self) -> int:
        return self.left + self.step * self.width

    def column(self, seconds: int) -> int:
        """The column in which an instant lies; it may be off either end."""
        return (seconds - self.left) // self.step

    def shows(self, seconds: int) -> bool:
        return self.left <= seconds < self.right


def fitting_step(span: int, width: int) -> int:
    """The nearest view in which `span` seconds fit into `width` columns, or the widest."""
    return next((step for step in ZOOMS if span <= step * width), ZOOMS[-1])


def filling_step(span: int, width: int) -> int:
    """The step with which `span` seconds fill `width` columns."""
    return max(NEAREST, -(-span // max(1, width)))


def zoomed(step: int, nearer: int) -> int:
    """The step of the view that is `nearer` views nearer (negative: wider), as far as there are any."""
    place = bisect_left(ZOOMS, step) - nearer if nearer > 0 else bisect_right(ZOOMS, step) - 1 - nearer
    return ZOOMS[min(len(ZOOMS) - 1, max(0, place))]


def show_tick(tick: int) -> str:
    """The size of a tick in words: "15 min", "1 h", "1 day"."""
    if tick < HOUR:
        return f"{tick // MINUTE} min"
    return "1 day" if tick == DAY else f"{tick // HOUR} h"


def tick_labels(axis: Axis, origin: datetime, zone: ZoneInfo) -> list[tuple[int, str, bool]]:
    """The ticks in view as (column, label, whether a day begins there), on round local times, from left to right. In
    the night in which clocks go back, those of an hour come twice.

    Args:
        origin: the window start, UTC.
    """
    first = (origin + timedelta(seconds=axis.left)).astimezone(zone)
    midnight = datetime.combine(first.date(), time())
    steps = ((first.replace(tzinfo=None) - midnight) // timedelta(seconds=axis.tick)) - 1
    local = midnight + timedelta(seconds=axis.tick * steps)
    ticks: list[tuple[int, str, bool]] = []
    while True:
        columns = [axis.column((instant - origin) // timedelta(seconds=1)) for instant in instants(local, zone)]
        if columns and columns[0] >= axis.width:
            return sorted(ticks)
        label = day_label(local) if axis.tick == DAY else f"{local:%H:%M}"
        ticks += ((column, label, local.time() == time()) for column in columns if 0 <= column < axis.width)
        local += timedelta(seconds=axis.tick)


def offset_labels(axis: Axis, base: int, show: Callable[[int], str]) -> Iterator[tuple[int, str]]:
    """Ticks at round distances from an instant, as (column, label): T+2h, or in half an hour.

    Args:
        base: the instant, seconds from the window start.
        show: makes a label of a distance in seconds.
    """
    distance = -(-(axis.left - base) // axis.tick) * axis.tick
    while (column := axis.column(base + distance)) < axis.width:
        yield column, show(distance)
        distance += axis.tick


def day_label(local: datetime) -> str:
    """ "Sat 28 Nov" """
    return f"{DAYS[local.weekday()]} {local.day:02d} {MONTHS[local.month - 1]}"
