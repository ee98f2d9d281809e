"""Texts that are to be sent, and are not."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from warroom.board.board import CLOSED_STATES
from warroom.board.release import free_from
from warroom.board.rows import Task
from warroom.rules.alerting.finding import Matter, Said
from warroom.rules.alerting.limits import Limits
from warroom.rules.alerting.view import View
from warroom.rules.communications import owing
from warroom.vocabulary.words import Severity, ShownState


def communication_due(view: View, limits: Limits) -> Iterator[Matter]:
    """A text is due when the runbook says; else when the task that sends it was planned to be finished. Of one that is
    repeated, the last time that has come counts, or the next; it is told again for each. A task that sends it once has
    until its own planned end, and as long as it will be in time, it is not told."""
    invoked = view.board.invocation is not None
    for sender, occurrence, due in owing(view.board, view.forecast):
        task, text = sender.task, sender.communication
        if task is not None and (
            task.state in CLOSED_STATES or task.ref not in view.forecast.delays or (invoked and not task.backout)
        ):
            continue
        enters, forgiven = view.since(due - limits.before), 0
        if task is not None and text.every_s is None:
            due, forgiven = max(due, view.forecast.planned(task).finish), limits.after
            enters = _late_from(view, task, due, limits)
        state = "" if task is None or task.id not in view.waiting else "; it still waits for others"
        message = f"{sender.ref} {text.title}: is to be sent by {view.shown(due)}{state}"
        severity = Severity.NOTICE if view.now <= due + forgiven else Severity.WARNING
        people = () if task is None else (task.owner_id, task.backup_id)
        told = view.handles(*people, text.approver_id, leads=task is None and text.approver_id is None)
        say, over = partial(Said, message, told, severity), view.after(due + forgiven)
        step = int(over <= view.now) + (2 * occurrence if text.every_s is not None else 0)
        following = view.since(due + text.every_s) if text.every_s is not None and over <= view.now else over
        yield Matter(sender.subject, enters, say, step, following)


def _late_from(view: View, task: Task, due: int, limits: Limits) -> int:
    """From when on it is told: it could long have been begun, or will be finished too late."""
    enters, slack = due - limits.before, due + limits.after - view.finish(task)
    if slack < 0:
        return view.foreseen(enters)
    late = view.after(view.now) if view.calendars else view.closes(slack)
    if view.board.shown_state(task) is ShownState.READY:
        could = max(view.instant(free_from(view.board, task)), view.planned_start(task))
        late = min(late, view.since(could + limits.after))
    return max(view.since(enters), late)
