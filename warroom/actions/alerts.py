"""Raising alerts and what the watch does with them. Any number of processes may sweep at the same time: the alert's
key makes it one."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from warroom.board.board import Board
from warroom.board.forecast import Forecast, forecast
from warroom.board.load import follow, load_board
from warroom.clock.durations import show_duration
from warroom.model.alerts import Alert
from warroom.rules.alerting import life
from warroom.rules.alerting.deciding import asks_confidence, findings
from warroom.rules.alerting.finding import Finding
from warroom.rules.alerting.registry import RULES
from warroom.rules.alerting.view import each_once
from warroom.store.statefile import StateFile, Transaction
from warroom.vocabulary.journal import WATCH, Entry
from warroom.vocabulary.words import AlertState

Count = Callable[[Board, Forecast], Decimal | None]
"""Counts how sure a forecast is: per cent of the trials that end inside the window."""


@dataclass(frozen=True, slots=True)
class _Deed:
    """One thing to do about alerts: the action, the alert as it stands (None: a new one) and what becomes of it."""

    action: str
    alert: Alert | None
    values: dict[str, Any]
    reason: str
    due_at: datetime | None = None


def sweep(state_file: StateFile, board: Board | None = None, *, count: Count | None = None) -> Board:
    """Raise what the rules find, once; raise anew what got materially worse, escalate what nobody acknowledges, wake
    what was snoozed, say quietly what has come in place of what it was raised for, and close what is over.

    Deciding happens outside the write lock. Each alert is then written only if nothing else has been journalled since;
    otherwise everything is decided anew on the newer Board. So no alert ever rests on a Board that was out of date.

    Args:
        board: a Board of the open run to start from; None reads one.
        count: asked only where a rule is switched on that wants to know; without it that rule is left alone.

    Returns a Board that has every alert raised or closed here.
    """
    board = load_board(state_file) if board is None else board
    while True:
        run = board.run
        if run is None or run.closed_at is not None:
            return board
        now = board.run_time(state_file.clock.now())
        deeds = list(_deeds(board, forecast(board, now), count))
        if not deeds:
            return board
        for deed in deeds:
            with state_file.write() as transaction:
                entry = _do(transaction, board, deed) if transaction.head.seq == board.seq else None
            board = follow(state_file, board, [entry] if entry is not None else state_file.entries(board.seq))
            if entry is None:
                break


def _deeds(board: Board, expected: Forecast, count: Count | None) -> Iterator[_Deed]:
    """What is to be done about alerts, as of the minute of the forecast, in the order in which it fell due.

    While the clock is doubted, what rests on it is left as it is.
    """
    at = expected.at
    confidence = count(board, expected) if count is not None and asks_confidence(board) else None
    found = {finding.subject: finding for finding in findings(board, expected, confidence)}
    doubted = board.doubted_clock is not None

    def rests(rule: str) -> bool:
        return doubted and not RULES[rule].whatever_the_clock

    for alert in board.open_alerts:
        finding = found.get(alert.subject)
        if rests(alert.rule) or (finding is not None and rests(finding.rule)):
            continue
        if finding is None:
            if confidence is not None or not life.rests_on_confidence(board, alert):
                yield _close(alert)
        elif life.is_worse(board, alert, finding):
            yield _Deed("alert.worsen", alert, _again(alert, finding), finding.message)
        elif doubted:
            continue
        elif alert.state is AlertState.SNOOZED and alert.snoozed_until is not None and alert.snoozed_until <= at:
            yield _Deed("alert.wake", alert, _calls(alert), f"snoozed until then: {alert.message}")
        elif (step := life.next_escalation(board, alert)) is not None and step.at <= at:
            yield _escalate(alert, step)
        elif alert.rule not in (finding.rule, *finding.others):
            yield _Deed("alert.turn", alert, {"rule": finding.rule, "message": finding.message}, finding.message)
    known = {alert.subject for alert in board.open_alerts}
    for finding in sorted(found.values(), key=lambda finding: finding.due_at):
        if finding.subject not in known and not rests(finding.rule):
            yield _raise(board, finding, at)


def _raise(board: Board, finding: Finding, at: datetime) -> _Deed:
    earlier = life.reopened(board, finding, at)
    if earlier is None:
        values = {
            "rule": finding.rule,
            "subject": finding.subject,
            "episode": life.episode_of(board, finding.subject),
            "state": AlertState.RAISED,
            "due_at": finding.due_at,
            "told": finding.told,
            "calling_since": None,
            **_facts(finding),
        }
        return _Deed("alert.raise", None, values, finding.message, finding.due_at)
    if life.is_worse(board, earlier, finding):
        return _Deed("alert.reopen", earlier, {**_again(earlier, finding), "closed_at": None}, finding.message)
    state = AlertState.RAISED if earlier.acknowledged_at is None else AlertState.ACKNOWLEDGED
    return _Deed("alert.reopen", earlier, {"state": state, "closed_at": None}, finding.message)


def _again(alert: Alert, finding: Finding) -> dict[str, Any]:
    """Its fields when it is raised anew: everybody hears of it, whoever knew of it before. One that was calling goes on
    to, so that getting worse puts off nobody who would hear of it next."""
    told = each_once([*alert.told, *finding.told])
    values = {**_calls(alert), **_facts(finding), "rule": finding.rule, "told": told}
    if alert.state in life.CALLING:
        values["state"] = alert.state
        del values["calling_since"]
    return values


def _calls(alert: Alert) -> dict[str, Any]:
    """The fields of an alert that calls from now on; "calling_since" is when that is written."""
    nobody = {"acknowledged_by_id": None, "acknowledged_at": None, "acknowledged_how": None, "snoozed_until": None}
    return {**nobody, "state": AlertState.RAISED, "version": alert.version + 1, "calling_since": None}


def _facts(finding: Finding) -> dict[str, Any]:
    pushes = [{"ref": push.ref, "moves_s": push.moves_s, "owner": push.owner} for push in finding.pushes]
    return {
        "severity": finding.severity,
        "message": finding.message,
        "own_delay_s": finding.own_delay_s,
        "window_float_s": finding.window_float_s,
        "pushes": json.dumps(pushes, ensure_ascii=False),
        "step": finding.step,
    }


def _escalate(alert: Alert, step: life.Escalation) -> _Deed:
    values = {
        "state": AlertState.ESCALATED,
        "level": step.level,
        "told": each_once([*alert.told, *step.to]),
        "version": alert.version + 1,
    }
    return _Deed("alert.escalate", alert, values, f"nobody acknowledged it: to {', '.join(step.to)}", step.at)


def _close(alert: Alert) -> _Deed:
    return _Deed("alert.close", alert, {"state": AlertState.CLOSED}, f"{alert.subject} {RULES[alert.rule].over}")


def _do(transaction: Transaction, board: Board, deed: _Deed) -> Entry:
    assert board.run_id is not None
    run_time, values, reason = board.run_time(transaction.recorded_at), dict(deed.values), deed.reason
    if "calling_since" in values:
        values["calling_since"] = run_time
    if deed.alert is None:
        key = transaction.rows.insert(Alert, run_id=board.run_id, raised_at=run_time, **values).id
    else:
        if deed.values.get("state") is AlertState.CLOSED:
            values["closed_at"] = run_time
            reason += f", after {show_duration(round((run_time - deed.alert.raised_at).total_seconds()))}"
        transaction.rows.update(deed.alert, **values)
        key = deed.alert.id
    return transaction.journal(
        WATCH,
        deed.action,
        f"alert {key}",
        run=board.run_id,
        run_time=run_time,
        effective_at=deed.due_at,
        reason=reason,
    )
