"""What all rules find on a Board, one finding per subject, and when time alone can change that. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal

from warroom.board.board import Board
from warroom.board.forecast import Forecast
from warroom.rules import backout
from warroom.rules.alerting import life
from warroom.rules.alerting.finding import Finding, Matter, Push
from warroom.rules.alerting.limits import Limits, limits_on
from warroom.rules.alerting.registry import RULES, AlertRule
from warroom.rules.alerting.slip import gates_among, late_from, own_delay, pushes_of
from warroom.rules.alerting.view import View, each_once, view_of
from warroom.vocabulary.words import Severity

_RuleMatter = tuple[AlertRule, Limits, Matter]

_LOUDEST_FIRST = tuple(reversed(Severity))


def rules_on(board: Board) -> Iterator[tuple[AlertRule, Limits]]:
    """The rules that speak on a Board, with the limits that count there."""
    for rule in RULES.values():
        limits = limits_on(board, rule.name, rule.limits)
        if not limits.off:
            yield rule, limits


def asks_confidence(board: Board) -> bool:
    """Whether a rule, or a trigger of the back-out, wants to know how sure the forecast is, which takes a while to
    count."""
    if any(rule.name == life.CONFIDENCE_LOW for rule, _ in rules_on(board)):
        return True
    return board.invocation is None and backout.asks_confidence(board)


def findings(board: Board, forecast: Forecast, confidence: Decimal | None = None) -> list[Finding]:
    """What calls for an alert: one finding for each subject, of which the loudest rule speaks, and among equals the
    first of the registry.

    Args:
        forecast: of `board`. confidence: per cent of the trials that end inside the window, if somebody has counted.
    """
    if board.run is None:
        return []
    view, matters = _judged(board, forecast, confidence)
    due: defaultdict[str, list[_RuleMatter]] = defaultdict(list)
    for rule, limits, matter in matters:
        if matter.from_s <= view.now:
            due[matter.subject].append((rule, limits, matter))
    pushes = {subject: pushes_of(view, subject) for subject in due}
    found = []
    for subject, concerning in due.items():
        elsewhere = {push.ref for other, pushed in pushes.items() if other != subject for push in pushed}
        at_end = {other for other in due if other != subject and own_delay(view, other)}
        told = [each for each in concerning if not each[2].pushed & (elsewhere | at_end)]
        if told:
            found.append(_finding(view, subject, told, pushes[subject]))
    return found


def next_change(board: Board, forecast: Forecast) -> datetime | None:
    """The earliest minute (run time, UTC) after the forecast's own at which a rule can find something new, or an alert
    changes its state, while nobody does anything; None if time alone can change nothing."""
    if board.run is None:
        return None
    view, matters = _judged(board, forecast, None)
    ahead = [at for _, _, matter in matters for at in (matter.from_s, matter.next_step_s) if at is not None]
    ahead += [view.since(view.instant(at)) for alert in board.open_alerts for at in life.changes_of(board, alert)]
    for alert in board.open_alerts:
        task = board.task(alert.subject)
        if task is not None and alert.severity is not Severity.NOTICE and own_delay(view, alert.subject):
            worse = view.finish(task) + life.worse_from_s(alert) - own_delay(view, alert.subject)
            ahead.append(late_from(view, task, worse - 1, 0))
    ahead = [at for at in ahead if at > view.now]
    return max(forecast.instant(min(ahead)), forecast.at + timedelta(minutes=1)) if ahead else None


def _judged(board: Board, forecast: Forecast, confidence: Decimal | None) -> tuple[View, tuple[_RuleMatter, ...]]:
    """What all rules see, now and coming. Whoever has just swept asks for it again to know when to sweep next."""

    def judge() -> tuple[View, tuple[_RuleMatter, ...]]:
        view = view_of(board, forecast, confidence)
        return view, tuple(
            (rule, limits, matter) for rule, limits in rules_on(board) for matter in rule.find(view, limits)
        )

    return board.latest("alert matters", (forecast.at, confidence), judge)


def _finding(view: View, subject: str, matters: list[_RuleMatter], pushes: tuple[Push, ...]) -> Finding:
    said = []
    for rule, limits, matter in matters:
        words = matter.say()
        severity = limits.severity or words.severity or Severity.WARNING
        said.append((rule.name, severity, words, matter))
    rule_name, severity, words, _ = min(said, key=lambda each: _LOUDEST_FIRST.index(each[1]))
    return Finding(
        rule=rule_name,
        subject=subject,
        severity=severity,
        due_at=view.forecast.instant(min(matter.from_s for *_, matter in said)),
        message=words.message,
        own_delay_s=own_delay(view, subject),
        window_float_s=view.forecast.window_float,
        pushes=pushes,
        told=each_once([*words.told, *(handle for _, _, others, _ in said for handle in others.told)]),
        gates=gates_among(view, pushes),
        others=tuple(name for name, *_ in said if name != rule_name),
        step=max(matter.step for *_, matter in said),
    )
