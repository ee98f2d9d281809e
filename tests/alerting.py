"""Shorthands to try alert rules: a runbook in which only some of them speak, and what they find."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from tests.cutover import Cutover, minute
from warroom.board.forecast import forecast
from warroom.rules.alerting.deciding import findings, next_change
from warroom.rules.alerting.finding import Finding
from warroom.rules.alerting.registry import RULES
from warroom.runbook.alerts import PlannedAlerts, PlannedLimits
from warroom.runbook.document import RunbookDocument


def only(runbook: RunbookDocument, *rules: str, **limits: Any) -> RunbookDocument:
    """The runbook in which only these rules speak, with these limits."""
    said = [PlannedLimits(name, off=name not in rules, **(limits if name in rules else {})) for name in RULES]
    return replace(runbook, alerts=PlannedAlerts(tuple(said)))


def found(cutover: Cutover) -> dict[str, Finding]:
    """What is found now, by subject."""
    board = cutover.board()
    expected = forecast(board, board.run_time(cutover.clock.now()))
    return {finding.subject: finding for finding in findings(board, expected)}


def due(cutover: Cutover) -> float | None:
    """The minute of the next change."""
    board = cutover.board()
    change = next_change(board, forecast(board, board.run_time(cutover.clock.now())))
    return None if change is None else (change - minute(0)) / timedelta(minutes=1)


def step(cutover: Cutover, until: int) -> dict[int, set[str]]:
    """What is found at each minute at which that changes, while nobody acts."""
    changes: dict[int, set[str]] = {}
    start = int((cutover.clock.now() - minute(0)) / timedelta(minutes=1))
    for number in range(start, until + 1):
        cutover.to(number)
        now = set(found(cutover))
        if not changes or now != changes[max(changes)]:
            changes[number] = now
    return changes


def first_found(cutover: Cutover, subject: str, until: int) -> int | None:
    """The first minute up to `until` in which something is found about a subject while nobody acts; and no earlier
    change was promised than there is, so that nobody would sleep over it."""
    start = int((cutover.clock.now() - minute(0)) / timedelta(minutes=1))
    promised: float | None = None
    for number in range(start, until + 1):
        cutover.to(number)
        if subject in found(cutover):
            assert number == start or promised is None or promised <= number
            return number
        if promised is None or promised <= number:
            promised = due(cutover)
            assert promised is None or promised > number
    return None
