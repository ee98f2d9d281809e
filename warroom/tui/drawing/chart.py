"""The finishes of many trials as a histogram and as an S-curve; and what all charts are drawn with: block glyphs over
one time axis."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from rich.cells import cell_len

from warroom.clock.durations import MINUTE
from warroom.clock.times import show_time
from warroom.tui.drawing.axis import Axis, tick_labels
from warroom.tui.drawing.ink import Span, Spans
from warroom.tui.drawing.marks import WINDOW_END

PERCENTS = (50, 80, 95)

EIGHTHS = " ▁▂▃▄▅▆▇█"
FEWEST_COLUMNS, FEWEST_LINES = 24, 8
"""Columns and lines with which charts still say something."""

_LABEL = 6  # cells left of the charts

Grid = list[list[Span]]


def charts(
    finishes: Sequence[int], end: int, origin: datetime, zone: ZoneInfo, width: int, height: int
) -> tuple[Spans, ...]:
    """Both charts, one above the other, in `width` cells and `height` lines.

    Args:
        finishes: the finish of each trial in ascending order, seconds from `origin`; at least one.
        end: the end of the window, seconds from `origin`. What lies beyond it is drawn in another pattern.
        origin: the window start, UTC.
        zone: in which times are shown.
    """
    axis = chart_axis(finishes, end, width - _LABEL)
    if axis.width < FEWEST_COLUMNS or height < FEWEST_LINES:
        return ((("there is no room for a chart", "muted"),),)
    bars = (height - 3) * 2 // 5
    curve = height - 3 - bars
    beyond_from = axis.column(end)
    said = f"the window ends {show_time(_instant(origin, end), zone)}"
    where = (
        f" {WINDOW_END.glyph} {said}"
        if axis.shows(end)
        else f" {said}, {'right' if end >= axis.right else 'left'} of all this"
    )
    return (
        ((" How often it finishes then", "primary bold"), (where, WINDOW_END.ink)),
        *labelled(_histogram(finishes, axis, beyond_from, bars), {}),
        ((" How sure it is finished by then", "primary bold"),),
        *labelled(
            _s_curve(finishes, axis, beyond_from, curve, origin, zone),
            {0: "100 %", curve // 2: "50 %", curve - 1: "0 %"},
        ),
        ticks(axis, origin, zone),
    )


def chart_axis(finishes: Sequence[int], end: int, width: int) -> Axis:
    """The axis on which all finishes lie; and the window's end too, unless that is so far off that it would leave them
    no room."""
    first, last = finishes[0], finishes[-1]
    reach = max(last - first, 10 * MINUTE)
    if first - reach <= end <= last + reach:
        first, last = min(first, end), max(last, end)
    margin = max(MINUTE, (last - first) // 20)
    first, last = first - margin, last + margin
    step = max(1, -(-(last - first) // max(1, width)))
    return Axis(first, step, max(0, width))


def _histogram(finishes: Sequence[int], axis: Axis, beyond_from: int, height: int) -> Grid:
    counts = [
        bisect_left(finishes, axis.left + (column + 1) * axis.step)
        - bisect_left(finishes, axis.left + column * axis.step)
        for column in range(axis.width)
    ]
    most = max(1, *counts)
    grid = _grid(axis, beyond_from, height)
    for column, count in enumerate(counts):
        eighths = -(-count * height * 8 // most)
        for row in range(height):
            level = min(8, max(0, eighths - 8 * (height - 1 - row)))
            if level:
                glyph = "▒" if level == 8 and column > beyond_from else EIGHTHS[level]
                grid[row][column] = (glyph, "beyond" if column > beyond_from else "inside")
    return grid


def _s_curve(
    finishes: Sequence[int], axis: Axis, beyond_from: int, height: int, origin: datetime, zone: ZoneInfo
) -> Grid:
    grid = _grid(axis, beyond_from, height)
    halves = 2 * height - 1
    before: int | None = None
    for column in range(axis.width):
        share = bisect_right(finishes, axis.left + (column + 1) * axis.step - 1) / len(finishes)
        half = round((1 - share) * halves)
        ink = "beyond" if column > beyond_from else "inside"
        row = half // 2
        for between in range(row + 1, row if before is None else before // 2):
            grid[between][column] = ("│", ink)
        grid[row][column] = ("▄" if half % 2 else "▀", ink)
        before = half
    for percent in PERCENTS:
        finish = finishes[-(-len(finishes) * percent // 100) - 1]
        column, row = axis.column(finish), round((1 - percent / 100) * halves) // 2
        if 0 <= column < axis.width:
            grid[row][column] = ("◆", "bold")
            said = f" P{percent} {show_time(_instant(origin, finish), zone, day=False)} "
            _write(grid[row], column + 1, said)
    return grid


def _write(row: list[Span], column: int, text: str) -> None:
    """Write a text from a column on, or left of the one before it where that hides nothing; else where it has room."""
    size = cell_len(text)
    places = [start for start in (column, column - 1 - size) if start >= 0 and start + size <= len(row)]
    free = (start for start in places if all(cell[0] == " " for cell in row[start : start + size]))
    start = next(free, places[0] if places else None)
    if start is not None:
        row[start : start + size] = [(character, "bold") for character in text]


def _grid(axis: Axis, beyond_from: int, height: int) -> Grid:
    grid = empty_grid(axis, height)
    if 0 <= beyond_from < axis.width:
        for row in grid:
            row[beyond_from] = (WINDOW_END.glyph, WINDOW_END.ink)
    return grid


def empty_grid(axis: Axis, height: int) -> Grid:
    """A grid with nothing drawn in it."""
    return [[(" ", "")] * axis.width for _ in range(height)]


def draw_rule(grid: Grid, axis: Axis, at: int, rule: Span) -> None:
    """Draw a vertical line of a glyph at an instant, seconds from the window start, if it is in view."""
    if axis.shows(at):
        for row in grid:
            row[axis.column(at)] = rule


def draw_column(grid: Grid, column: int, share: float, ink: str, *, full: str = "█") -> None:
    """Draw a bar of a share of the grid's height (0 to 1) into a column, `full` where it fills a cell. A bar of another
    glyph than the full block ends with whole cells."""
    height = len(grid)
    eighths = -(-round(share * 1_000) * height * 8 // 1_000)
    for row in range(height):
        level = min(8, max(0, eighths - 8 * (height - 1 - row)))
        if level == 8 or (level >= 4 and full != "█"):
            grid[row][column] = (full, ink)
        elif level and full == "█":
            grid[row][column] = (EIGHTHS[level], ink)


def labelled(grid: Grid, labels: dict[int, str], room: int = _LABEL) -> list[Spans]:
    """The lines of a grid with labels of its rows in `room` cells left of it."""
    return [((f"{labels.get(row, ''):>{room - 1}} ", "muted"), *cells) for row, cells in enumerate(grid)]


def ticks(axis: Axis, origin: datetime, zone: ZoneInfo, room: int = _LABEL) -> Spans:
    """The line of times below charts that begin `room` cells from the left."""
    cells: list[Span] = [(" ", "")] * axis.width
    for column, label, begins_day in tick_labels(axis, origin, zone):
        said = f"╷{label}"
        if column + len(said) <= axis.width:
            for offset, character in enumerate(said):
                cells[column + offset] = (character, "bold" if begins_day else "muted")
    return ((" " * room, ""), *cells)


def _instant(origin: datetime, seconds: int) -> datetime:
    return origin + timedelta(seconds=seconds)
