"""From when on nothing but its people holds a task."""

from __future__ import annotations

from datetime import datetime, timedelta

from warroom.board.board import Board, released_at
from warroom.board.calendars import calendars_of
from warroom.board.networks import planned_activity
from warroom.board.rows import Task
from warroom.schedule.calendars import start_for
from warroom.vocabulary.words import TaskState

_SECOND = timedelta(seconds=1)


def free_from(board: Board, task: Task) -> datetime:
    """From when on a task that is ready can be started: by the plan, by what its predecessors did, and within the
    working time of its calendar and its owner; run time, UTC. A predecessor that is still open holds nothing here."""
    plan, rows = board.plan, board.rows(Task)
    origin = plan.window_start
    activity = planned_activity(task, calendars_of(board))
    calendar = activity.calendar

    def instant(seconds: int) -> datetime:
        return origin + timedelta(seconds=seconds)

    invocation = board.invocation
    if task.backout and invocation is not None:
        found = invocation.at
    else:
        found = instant(max(plan.plan_start_s, activity.earliest_start()))
    if attempts := board.attempts(task.id):
        found = max(found, attempts[-1].replaced_at)
    for link in board.links_to(task.id):
        before = rows[link.predecessor_id]
        end = before.actual_start if link.link_type.leaves_start else released_at(before)
        if before.state is TaskState.SKIPPED:
            end = before.actual_finish
        if end is None:
            continue
        bound = end if before.state is TaskState.SKIPPED else end + timedelta(seconds=link.lag_s)
        if link.link_type.reaches_finish and task.duration_s:
            bound = instant(start_for(calendar, (bound - origin) // _SECOND, task.duration_s))
        found = max(found, bound)
    if calendar is None:
        return found
    seconds = (found - origin) // _SECOND
    opening, _ = calendar.place(seconds, 0)
    return found if opening == seconds else instant(opening)
