"""What an alert does now, and the rules with their limits, as JSON and in words."""

from __future__ import annotations

import json

from warroom.board.board import Board
from warroom.board.forecast import Forecast
from warroom.board.rows import Alert
from warroom.clock.durations import show_duration
from warroom.rules.alerting.limits import Limits, limits_on
from warroom.rules.alerting.registry import LIMITS, RULES, AlertRule, known_limits
from warroom.rules.alerting.slip import gates_among, own_delay, pushes_of
from warroom.rules.alerting.view import view_of
from warroom.vocabulary.documents import Document


def effect_document(board: Board, forecast: Forecast, alert: Alert) -> Document:
    """What the cause of an alert does now, and to the window: its float without that cause, and with it. That it did
    when it was raised last is in the alert itself."""
    view = view_of(board, forecast)
    pushed = pushes_of(view, alert.subject)
    gates = gates_among(view, pushed)
    moves = {push.ref: push.moves_s for push in pushed}
    return {
        "own_delay_s": own_delay(view, alert.subject),
        "pushes": [{"ref": push.ref, "moves_s": push.moves_s, "owner": push.owner} for push in pushed],
        "first_gate": gates[0] if gates else None,
        **_window(board, forecast.window_float, alert, moves, own_delay(view, alert.subject)),
    }


def raised_window(board: Board, alert: Alert) -> Document:
    """The window's float without and with the cause of an alert, when it was raised last."""
    moves = {push["ref"]: push["moves_s"] for push in json.loads(alert.pushes)}
    return _window(board, alert.window_float_s or 0, alert, moves, alert.own_delay_s)


def _window(board: Board, float_s: int, alert: Alert, moves: dict[str, int], own: int) -> Document:
    ends_with = board.plan.ends_with
    moved = own if alert.subject == ends_with else moves.get(ends_with or "", 0)
    if ends_with is None:
        moved = max(moves.values(), default=own)
    return {"window_float_before_s": float_s + moved, "window_float_s": float_s}


def rule_document(board: Board, rule: AlertRule) -> Document:
    """A rule with the limits that count on a Board."""
    limits = limits_on(board, rule.name, rule.limits)
    return {
        "rule": rule.name,
        "off": limits.off,
        "severity": None if limits.severity is None else limits.severity.value,
        "after_s": limits.after_s,
        "before_s": limits.before_s,
        "percent": limits.percent,
        "changed": limits != rule.limits,
        "trigger": rule.trigger,
        "told": rule.told,
        "closes": f"it {rule.over}",
    }


def show_limits(rule: AlertRule, limits: Limits) -> str:
    """The limits of a rule as a runbook has them: "after 15m, percent 25"."""
    values = zip(LIMITS, (limits.after_s, limits.before_s, limits.percent), strict=True)
    shown = [
        f"{name} {value if name == 'percent' else show_duration(value)}"
        for name, value in values
        if value is not None and name in known_limits(rule)
    ]
    return ", ".join((["off"] if limits.off else []) + shown)


def rules_table() -> str:
    """The rules with their own limits as a Markdown table, for the README."""
    rows = ["| rule | speaks when | severity | limits | told |", "|---|---|---|---|---|"]
    for rule in RULES.values():
        severity = "by case" if rule.limits.severity is None else rule.limits.severity.value
        rows.append(f"| `{rule.name}` | {rule.trigger} | {severity} | {show_limits(rule, rule.limits)} | {rule.told} |")
    return "\n".join(rows)
