"""What becomes of an alert: when it is worse, who hears of it next, when it may call again. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from warroom.board.board import Board
from warroom.board.rows import Alert, EscalationStep
from warroom.clock.durations import HOUR
from warroom.rules.alerting.finding import Finding
from warroom.rules.alerting.limits import Limits, limits_on
from warroom.rules.alerting.view import leads_of, stream_lead
from warroom.rules.backout import asks_for_odds
from warroom.vocabulary.words import AlertState, EscalatesTo, Severity, TaskKind

CONFIDENCE_LOW = "confidence-low"

WORSE_S = HOUR // 4
"""An own delay counts as doubled from twice this on: below, minutes would double too easily."""

LATE_S = 120
"""An alert that is raised longer than this after it was due says so."""

DAMPED = timedelta(minutes=10)
"""A cause that comes back so soon after its alert was closed opens that alert again."""

ESCALATION = ((EscalatesTo.BACKUP, 900), (EscalatesTo.STREAM_LEAD, 1800), (EscalatesTo.LEAD, 2700))
"""To whom an alert goes, and after how many seconds, where the runbook does not say."""

CALLING = frozenset({AlertState.RAISED, AlertState.ESCALATED})
"""The states in which it waits for an acknowledgement."""

_SEVERITIES = tuple(Severity)


@dataclass(frozen=True, slots=True)
class Escalation:
    """The next step of an alert: its number, from 1, the instant (run time, UTC), and who is told then."""

    level: int
    at: datetime
    to: tuple[str, ...]


def is_worse(board: Board, alert: Alert, finding: Finding) -> bool:
    """Whether those told must hear of an open alert again: it is louder, its cause came a step further or, unless it
    is only a notice, its own delay has doubled, it pushes a gate for the first time, or the window is newly broken."""
    if finding.step > alert.step or _SEVERITIES.index(finding.severity) > _SEVERITIES.index(alert.severity):
        return True
    if finding.severity is Severity.NOTICE:
        return False
    if finding.own_delay_s >= worse_from_s(alert):
        return True
    if alert.window_float_s is not None and alert.window_float_s >= 0 > finding.window_float_s:
        return bool(finding.own_delay_s)
    return bool(finding.gates) and not pushes_a_gate(board, alert)


def worse_from_s(alert: Alert) -> int:
    """The own delay, seconds, from which on it has doubled since it was raised last."""
    return 2 * max(alert.own_delay_s, WORSE_S)


def pushes_a_gate(board: Board, alert: Alert) -> bool:
    """Whether it pushed a gate when it was raised last."""
    refs = (push["ref"] for push in json.loads(alert.pushes))
    return any((task := board.task(ref)) is not None and task.kind_of_task is TaskKind.GATE for ref in refs)


def escalation(board: Board) -> tuple[tuple[EscalatesTo, int], ...]:
    """To whom alerts go, and after how many seconds, on a Board."""
    steps = sorted(board.rows(EscalationStep).values(), key=lambda step: step.position)
    return tuple((step.to, step.after_s) for step in steps) or ESCALATION


def next_escalation(board: Board, alert: Alert) -> Escalation | None:
    """The next step that tells somebody who was not told; None: there is none, it is acknowledged or snoozed, or it is
    only a notice."""
    if alert.state not in CALLING or alert.severity is Severity.NOTICE or alert.calling_since is None:
        return None
    for level, (to, after_s) in enumerate(escalation(board), start=1):
        if level > alert.level:
            new = tuple(handle for handle in _who(board, alert.subject, to) if handle not in alert.told)
            if new:
                return Escalation(level, alert.calling_since + timedelta(seconds=after_s), new)
    return None


def _who(board: Board, subject: str, to: EscalatesTo) -> Iterator[str]:
    if to is EscalatesTo.LEAD:
        yield from leads_of(board)
        return
    task = board.task(subject)
    if task is None:
        return
    handle = board.handle(task.backup_id if to is EscalatesTo.BACKUP else stream_lead(board, task))
    if handle is not None:
        yield handle


def raised_late_s(alert: Alert) -> int:
    """How long after it was due an alert was raised, seconds; 0 where that is as usual."""
    late = (alert.raised_at - alert.due_at) // timedelta(seconds=1)
    return late if late > LATE_S else 0


def changes_of(board: Board, alert: Alert) -> Iterator[datetime]:
    """The instants at which an open alert changes its state by time alone."""
    if alert.state is AlertState.SNOOZED and alert.snoozed_until is not None:
        yield alert.snoozed_until
    if (step := next_escalation(board, alert)) is not None:
        yield step.at


def reopened(board: Board, finding: Finding, at: datetime) -> Alert | None:
    """The alert on the same subject that was closed so shortly before `at` (run time, UTC) that its cause
    only flaps."""
    last = next((alert for alert in reversed(board.alerts) if alert.subject == finding.subject), None)
    if last is None or last.closed_at is None or at - last.closed_at > DAMPED:
        return None
    return last


def episode_of(board: Board, subject: str) -> int:
    """The number of the next alert on a subject."""
    return 1 + sum(alert.subject == subject for alert in board.alerts)


def rests_on_confidence(board: Board, alert: Alert) -> bool:
    """Whether only somebody who has counted can say that an alert is over."""
    if alert.rule == CONFIDENCE_LOW:
        return not limits_on(board, CONFIDENCE_LOW, Limits()).off
    asking = [number for number, trigger in enumerate(board.triggers, start=1) if asks_for_odds(trigger)]
    return board.invocation is None and alert.subject in {f"trigger {number}" for number in asking}
