"""How much work there is in each hour: in all, and for each owner or stream, over one time axis."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from warroom.board.rows import Task
from warroom.clock.durations import HOUR, show_duration
from warroom.tui.drawing.axis import Axis
from warroom.tui.drawing.chart import EIGHTHS, Grid, draw_column, empty_grid
from warroom.tui.drawing.ink import Span, Spans, padded
from warroom.tui.drawing.items import Item
from warroom.tui.drawing.marks import LATE, NOW
from warroom.tui.owners.panes import By, OwnerPane, owner_panes
from warroom.tui.picture.picture import Picture
from warroom.tui.plots.burn_up import PLANNED, draw_rules
from warroom.vocabulary.words import TaskState

LABEL = 12
"""Cells left of the axis: whose row it is, and figures."""

NOTE = 24
"""Cells right of it for what is said of a row, where the width allows."""

_ROOM_FOR_NOTES = 110

WORKED = "status-running"


@dataclass(frozen=True, slots=True)
class Load:
    """Work in each bucket of an axis.

    Attributes:
        bucket: seconds in one bucket; the first begins at the axis' left end.
        seconds: of work in each; as much as the bucket has where one task is worked on all the time.
    """

    bucket: int
    seconds: tuple[int, ...]

    def at(self, axis: Axis, column: int) -> float:
        """How many tasks are worked on at once, on the average, in the bucket of a column."""
        place = (column * axis.step + axis.step // 2) // self.bucket
        return self.seconds[place] / self.bucket if place < len(self.seconds) else 0.0

    @property
    def peak(self) -> float:
        """The most that are worked on at once, on the average of a bucket."""
        return max(self.seconds, default=0) / self.bucket


def plot_axis(picture: Picture, width: int) -> Axis:
    """The axis of all plots of this screen in a line of `width` cells: the window, and what lies beyond its end."""
    forecast = picture.forecast
    room = max(1, width - LABEL - (NOTE if width >= _ROOM_FOR_NOTES else 0))
    reach = max(forecast.end, forecast.finish, forecast.planned_finish, HOUR)
    return Axis(0, max(1, -(-(reach + reach // 50) // room)), room)


def load_of(spans: Iterable[tuple[int, int]], axis: Axis) -> Load:
    """The load of spans of work (from, to; seconds from the window start) by the hour, or by the column if that is
    longer."""
    bucket = max(HOUR, axis.step)
    seconds = [0] * -(-(axis.right - axis.left) // bucket)
    for start, finish in spans:
        begin, end = max(start, axis.left) - axis.left, min(finish, axis.right) - axis.left
        for place in range(begin // bucket, -(-end // bucket)) if begin < end else ():
            seconds[place] += min(end, (place + 1) * bucket) - max(begin, place * bucket)
    return Load(bucket, tuple(seconds))


def _at_work(picture: Picture, tasks: Iterable[Task]) -> list[Task]:
    known = picture.forecast.delays
    return [task for task in tasks if task.ref in known and task.state is not TaskState.SKIPPED]


def _expected(picture: Picture, tasks: Iterable[Task]) -> list[tuple[int, int]]:
    timings = (picture.forecast.of(task) for task in _at_work(picture, tasks))
    return [(timing.start, timing.finish) for timing in timings]


def _planned(picture: Picture, tasks: Iterable[Task]) -> list[tuple[int, int]]:
    timings = (picture.forecast.planned(task) for task in _at_work(picture, tasks))
    return [(timing.start, timing.finish) for timing in timings]


def whole_load(picture: Picture, axis: Axis, height: int) -> tuple[Grid, float]:
    """How many tasks are worked on at once in each hour: worked and expected as bars, planned as a line; and the most,
    at the top of the grid."""
    forecast, tasks = picture.forecast, picture.board.tasks_in_play
    expected, planned = load_of(_expected(picture, tasks), axis), load_of(_planned(picture, tasks), axis)
    most = max(expected.peak, planned.peak, 1.0)
    now = forecast.now
    grid = empty_grid(axis, height)
    for column in range(axis.width):
        ink = "lane-forecast" if column > axis.column(now) else WORKED
        draw_column(grid, column, expected.at(axis, column) / most, ink, full="█" if ink == WORKED else "░")
    draw_rules(picture, axis, grid)
    for column in range(axis.width):
        level = planned.at(axis, column) / most
        if level:
            grid[round((1 - level) * (height - 1))][column] = PLANNED
    return grid, most


def load_items(picture: Picture, by: By, width: int) -> tuple[Item, ...]:
    """A row for each owner or stream, in the order of their panes; the cursor stands on the most urgent task of one.
    An owner who has more than one task at once is shown denser; a stream is drawn against the busiest one."""
    axis = plot_axis(picture, width)
    rows = [
        (pane, load_of(_expected(picture, _tasks_of(picture, by, pane.key)), axis)) for pane in owner_panes(picture, by)
    ]
    most = 1.0 if by is By.OWNER else max((load.peak for _, load in rows), default=1.0)
    return tuple(_row(picture, pane, load, axis, max(most, 1.0), width) for pane, load in rows)


def _tasks_of(picture: Picture, by: By, key: str) -> list[Task]:
    board = picture.board
    return [
        task
        for task in board.tasks_in_play
        if ((board.handle(task.owner_id) if by is By.OWNER else task.stream) or "") == key
    ]


def _row(picture: Picture, pane: OwnerPane, load: Load, axis: Axis, most: float, width: int) -> Item:
    now = axis.column(picture.forecast.now)
    cells: list[Span] = []
    for column in range(axis.width):
        at_once = load.at(axis, column)
        ink = "lane-forecast" if column > now else WORKED
        if at_once > most + 0.01:
            cells.append(("▓", LATE.ink))
        elif at_once:
            cells.append((EIGHTHS[max(1, min(8, round(8 * at_once / most)))], ink))
        else:
            cells.append(("│", NOW.ink) if column == now else (" ", ""))
    spans: Spans = ((f" {padded(pane.title, LABEL - 2)} ", "bold"), *cells)
    if width >= _ROOM_FOR_NOTES:
        spans = (*spans, (padded(_note(picture, load), NOTE), "muted"))
    return Item((spans,), pane.ref)


def _note(picture: Picture, load: Load) -> str:
    """How much it is in all, and when the most of it comes together."""
    if not any(load.seconds):
        return " nothing in the window"
    busiest = load.seconds.index(max(load.seconds)) * load.bucket
    at = picture.weekday_time(picture.forecast.instant(busiest))
    return f" {show_duration(sum(load.seconds))}, {load.peak:.1f} at {at}"
