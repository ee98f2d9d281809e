"""When it is night for somebody, or outside their shift: the shade behind the bars."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from warroom.board.calendars import calendars_of
from warroom.board.rows import Task
from warroom.clock.times import parse_zone
from warroom.tui.drawing.axis import Axis
from warroom.tui.drawing.ink import Spans
from warroom.tui.picture.picture import Picture
from warroom.vocabulary.text import one_line

NIGHT = (time(22), time(6))
"""What counts as night where nobody has said when they work."""

GROUND = "panel"
"""The colour of the shade."""

_ON_GROUND = f" on:{GROUND}"


@dataclass(frozen=True, slots=True)
class Shade:
    """The hours that are shaded.

    Attributes:
        spans: when they begin and end, seconds from the window start.
        word: what they are: "night" or "off shift". whose: the owner or the city.
    """

    spans: tuple[tuple[int, int], ...]
    word: str
    whose: str

    def columns(self, axis: Axis) -> frozenset[int]:
        """The columns whose middle lies in the shade."""
        half = axis.step // 2
        found: set[int] = set()
        for begin, end in self.spans:
            first, stop = -(-(begin - half - axis.left) // axis.step), -(-(end - half - axis.left) // axis.step)
            found.update(range(max(0, first), min(axis.width, stop)))
        return frozenset(found)


def shade_of(picture: Picture, task: Task | None, axis: Axis) -> Shade:
    """What is shaded on the axis: the hours off shift of a task's owner, or their nights; without a task the nights in
    the programme's zone."""
    board = picture.board
    owner = None if task is None or task.owner_role else board.person(task.owner_id)
    calendars = calendars_of(board)
    hours = None if task is None or calendars is None else calendars.of(task)
    if hours is not None:
        off, begin = [], axis.left
        for start, end in hours.periods(axis.left, axis.right):
            if start > begin:
                off.append((begin, start))
            begin = max(begin, end)
        if begin < axis.right:
            off.append((begin, axis.right))
        whose = one_line(board.handle(task.owner_id) or "", 20) if task is not None else ""
        return Shade(tuple(off), "off shift", whose)
    zone = picture.zone if owner is None or owner.timezone is None else parse_zone(owner.timezone)
    return Shade(tuple(_nights(picture.forecast.origin, zone, axis)), "night", city(zone))


def city(zone: ZoneInfo) -> str:
    """ "New York" of America/New_York."""
    return zone.key.rpartition("/")[2].replace("_", " ")


def _nights(origin: datetime, zone: ZoneInfo, axis: Axis) -> list[tuple[int, int]]:
    first = (origin + timedelta(seconds=axis.left)).astimezone(zone).date() - timedelta(days=1)
    last = (origin + timedelta(seconds=axis.right)).astimezone(zone).date()
    found = []
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        begin = datetime.combine(day, NIGHT[0], zone).astimezone(UTC)
        end = datetime.combine(day + timedelta(days=1), NIGHT[1], zone).astimezone(UTC)
        found.append(((begin - origin) // timedelta(seconds=1), (end - origin) // timedelta(seconds=1)))
    return found


def shaded(cells: Spans, columns: frozenset[int]) -> Spans:
    """Cells (one span each) with the shade behind those that have no ground of their own."""
    if not columns:
        return cells
    return tuple(
        (text, f"{ink}{_ON_GROUND}".lstrip()) if column in columns and "on:" not in ink else (text, ink)
        for column, (text, ink) in enumerate(cells)
    )


def unshaded(spans: Spans) -> Spans:
    """The same without the shade, for the line under the cursor."""
    return tuple((text, ink.replace(f"on:{GROUND}", "").strip()) for text, ink in spans)
