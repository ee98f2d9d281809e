"""What the forecast no longer keeps: a deadline, the time of a gate, the window; and how sure it is."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import partial

from warroom.board.board import CLOSED_STATES
from warroom.board.rows import Task
from warroom.clock.durations import show_duration
from warroom.rules.alerting.finding import WINDOW, Matter, Said
from warroom.rules.alerting.limits import Limits
from warroom.rules.alerting.view import View
from warroom.vocabulary.words import TaskKind


def deadline_breaks(view: View, limits: Limits) -> Iterator[Matter]:
    """Also those of gates, which are when their decision is due."""
    for task in view.tasks:
        if task.deadline_s is None or task.state in CLOSED_STATES:
            continue
        over = view.finish(task) - task.deadline_s - limits.after
        from_s = view.now if over > 0 else view.breaks_from(-over)
        yield Matter(task.ref, from_s, partial(_deadline, view, task), pushed=frozenset({task.ref}))


def _deadline(view: View, task: Task) -> Said:
    assert task.deadline_s is not None
    finish, due = view.finish(task), task.deadline_s
    what = "its decision is due" if task.kind_of_task is TaskKind.GATE else "it must be finished"
    late = show_duration(finish - due)
    message = f"{task.ref} {task.title}: {what} {view.shown(due)}, expected {view.shown(finish)}, {late} later"
    return Said(message, view.handles(task.owner_id, task.backup_id, leads=True))


def window_breaks(view: View, limits: Limits) -> Iterator[Matter]:
    """A cause that pushes the end of the window tells of it itself."""
    forecast, ends_with = view.forecast, view.board.plan.ends_with
    over = -forecast.window_float - limits.after
    expected = forecast.expected
    if ends_with is None:
        columns = expected.columns
        last = {key for key, at in zip(expected.network.keys, columns.finish, strict=True) if at == expected.finish}
    else:
        last = {ends_with}
    if all(task.state in CLOSED_STATES for ref in last if (task := view.board.task(ref)) is not None):
        return
    from_s = view.now if over > 0 else view.breaks_from(-over)
    yield Matter(WINDOW, from_s, partial(_window, view), pushed=frozenset(last))


def _window(view: View) -> Said:
    forecast = view.forecast
    over = show_duration(-forecast.window_float)
    message = f"the cutover is expected to end {view.shown(forecast.finish, day=True)}, {over} beyond the window"
    return Said(message, view.leads)


def confidence_low(view: View, limits: Limits) -> Iterator[Matter]:
    """Judged only where somebody has counted."""
    if view.confidence is not None and view.confidence < Decimal(limits.percent or 0):
        message = f"{view.confidence}% of the trials end inside the window, at least {limits.percent}% should"
        yield Matter(WINDOW, view.now, partial(Said, message, view.leads))
