"""Open tasks whose hours cannot be: their forecast is no more than a place beyond all calendars."""

from __future__ import annotations

from warroom.board.board import CLOSED_STATES, Board
from warroom.board.calendars import Calendars, calendars_of
from warroom.board.forecast import Forecast
from warroom.board.rows import Task
from warroom.schedule.calendars import Calendar


def impossible_hours(board: Board, forecast: Forecast) -> dict[str, str]:
    """Why a task never finds the working time that it needs, in words, by ref in the order of the runbook.

    Calendars are known for a year beyond the window; what lies behind such a task is not named again, unless its own
    hours cannot be either.
    """
    calendars = calendars_of(board)
    if calendars is None:
        return {}
    found = {}
    for task in (*board.tasks, *board.backout_tasks):
        calendar = calendars.of(task)
        if calendar is None or task.state in CLOSED_STATES or not task.duration_s:
            continue
        if not calendar.works:
            found[task.ref] = _never(board, calendars, task)
        elif task.ref in forecast.delays and _does_not_fit(forecast, task, calendar):
            found[task.ref] = "its hours do not suffice: it would not be finished within a year after the window"
    return found


def _never(board: Board, calendars: Calendars, task: Task) -> str:
    """Which hours leave no working time."""
    owner = board.handle(task.owner_id)
    if task.calendar is None:
        return f"its owner {owner} is never available"
    if not calendars.called(task.calendar).works:
        return f"the calendar {task.calendar} has no working time"
    return f"the calendar {task.calendar} and the hours of its owner {owner} have no time in common"


def _does_not_fit(forecast: Forecast, task: Task, calendar: Calendar) -> bool:
    """Whether a task that starts within its calendar is finished beyond it."""
    timing, end = forecast.of(task), calendar.horizon[1]
    return timing.start < end < timing.finish
