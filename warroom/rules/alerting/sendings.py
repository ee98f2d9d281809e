"""Texts that are to be sent, and are not."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from warroom.board.board import CLOSED_STATES
from warroom.rules.alerting.finding import Matter, Said
from warroom.rules.alerting.limits import Limits
from warroom.rules.alerting.view import View
from warroom.rules.communications import owing
from warroom.vocabulary.words import Severity


def communication_due(view: View, limits: Limits) -> Iterator[Matter]:
    """A text is due when the runbook says; else when the task that sends it was planned to be finished. Of one that is
    repeated, the last time that has come counts, or the next; it is told again for each."""
    invoked = view.board.invocation is not None
    for sender, occurrence, due in owing(view.board, view.forecast):
        task, text = sender.task, sender.communication
        if task is not None and (
            task.state in CLOSED_STATES or task.ref not in view.forecast.delays or (invoked and not task.backout)
        ):
            continue
        state = "" if task is None or task.id not in view.waiting else "; it still waits for others"
        message = f"{sender.ref} {text.title}: is to be sent by {view.shown(due)}{state}"
        severity = Severity.NOTICE if view.now <= due else Severity.WARNING
        people = () if task is None else (task.owner_id, task.backup_id)
        told = view.handles(*people, text.approver_id, leads=task is None and text.approver_id is None)
        say, over = partial(Said, message, told, severity), view.after(due)
        step = int(over <= view.now) + (2 * occurrence if text.every_s is not None else 0)
        following = view.since(due + text.every_s) if text.every_s is not None and over <= view.now else over
        yield Matter(sender.subject, view.since(due - limits.before), say, step, following)
