"""What an action on an alert or its rules did, in one line."""

from __future__ import annotations

from warroom.board.board import Board
from warroom.clock.times import show_time
from warroom.rules.alerting.documents import show_limits
from warroom.rules.alerting.limits import limits_on
from warroom.rules.alerting.registry import RULES
from warroom.vocabulary.journal import Entry


def of_alert(board: Board, entry: Entry) -> str:
    """What `entry` did, as seen on a Board that has it."""
    rule = RULES.get(entry.subject.removeprefix("alert rule "))
    if entry.action == "alert.threshold" and rule is not None:
        limits = limits_on(board, rule.name, rule.limits)
        severity = "" if limits.severity is None else f", {limits.severity}"
        return f"{rule.name}: {show_limits(rule, limits) or 'no limits'}{severity}"
    alert = next((alert for alert in board.alerts if f"alert {alert.id}" == entry.subject), None)
    if alert is None:
        return f"{entry.action}: {entry.subject}"
    about = f"{entry.subject} ({alert.subject})"
    match entry.action:
        case "alert.acknowledge":
            return f"{about} is acknowledged by {entry.done_by}; it calls no more until it gets worse"
        case "alert.snooze" if alert.snoozed_until is not None:
            return f"{about} waits until {show_time(alert.snoozed_until, board.programme.timezone)}"
        case _:
            return f"{about}: {entry.reason}"
