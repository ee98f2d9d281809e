"""Tasks planned, done and expected to be done by when: one curve of each over one time axis."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from warroom.board.rows import Task
from warroom.tui.drawing.axis import Axis
from warroom.tui.drawing.chart import Grid, draw_column, draw_rule, empty_grid
from warroom.tui.drawing.marks import NOW, WINDOW_END
from warroom.tui.picture.picture import Picture

PLANNED, DONE, EXPECTED = ("━", "group"), ("█", "status-done"), ("░", "lane-forecast")
"""Glyph and ink of what is planned, of what is done, and of what is expected."""


def _tasks(picture: Picture) -> list[Task]:
    return [task for task in picture.board.tasks if task.ref in picture.forecast.delays]


def planned_finishes(picture: Picture) -> list[int]:
    """When the tasks finish by the plan, seconds from the window start in order."""
    forecast = picture.forecast
    columns, positions = forecast.plan.columns, forecast.plan.network.positions
    return sorted(columns.finish[positions[task.ref]] for task in _tasks(picture))


def actual_finishes(picture: Picture) -> list[int]:
    """When tasks did finish, seconds from the window start in order."""
    forecast = picture.forecast
    return sorted(forecast.seconds(task.actual_finish) for task in _tasks(picture) if task.actual_finish is not None)


def expected_finishes(picture: Picture) -> list[int]:
    """When tasks did finish or are expected to, seconds from the window start in order."""
    return sorted(picture.forecast.finish_of(task) for task in _tasks(picture))


def draw_rules(picture: Picture, axis: Axis, grid: Grid) -> None:
    """The end of the window, and now."""
    draw_rule(grid, axis, picture.forecast.end, (WINDOW_END.glyph, WINDOW_END.ink))
    draw_rule(grid, axis, picture.forecast.now, ("│", NOW.ink))


def burn_up(picture: Picture, axis: Axis, height: int) -> Grid:
    """How many tasks are finished at the end of each column: done up to now, expected behind it, and as planned."""
    forecast = picture.forecast
    planned, expected = planned_finishes(picture), expected_finishes(picture)
    total, now = max(1, len(planned)), forecast.now
    grid = empty_grid(axis, height)

    def share(finishes: Sequence[int], column: int) -> float:
        return bisect_right(finishes, axis.left + (column + 1) * axis.step - 1) / total

    behind_now = axis.column(now)
    for column in range(axis.width):
        glyph, ink = EXPECTED if column > behind_now else DONE
        draw_column(grid, column, share(expected, column), ink, full=glyph)
    draw_rules(picture, axis, grid)
    for column in range(axis.width):
        row = round((1 - share(planned, column)) * (height - 1))
        grid[row][column] = PLANNED
    return grid
