"""Raising and closing alerts. Any number of processes may sweep at the same time: the alert's key makes it one."""

from __future__ import annotations

import json

from warroom.board.board import Board
from warroom.board.forecast import forecast
from warroom.board.load import follow, load_board, load_samples
from warroom.model.alerts import Alert, WatchMark
from warroom.rules.alerts import OVER, Finding, findings
from warroom.rules.backout import asks_confidence
from warroom.store.statefile import StateFile, Transaction
from warroom.vocabulary.journal import WATCH, Entry
from warroom.vocabulary.words import AlertState


def sweep(state_file: StateFile, board: Board | None = None) -> Board:
    """Raise what the rules find and no open alert tells of; close the alerts whose cause is gone.

    Deciding happens outside the write lock. Each alert is then written only if nothing has been journalled since;
    otherwise everything is decided anew on the newer Board. So no alert ever rests on a Board that was out of date.

    Args:
        board: a Board of the open run to start from; None reads one.

    Returns a Board that has every alert raised or closed here.
    """
    board = load_board(state_file) if board is None else board
    while True:
        run = board.run
        if run is None or run.closed_at is not None:
            return board
        todo = _todo(board, state_file)
        if todo is None:
            return board
        with state_file.write() as transaction:
            if transaction.head.seq == board.seq:
                entry = (
                    _raise(transaction, board, todo) if isinstance(todo, Finding) else _close(transaction, board, todo)
                )
            else:
                entry = None
        board = follow(state_file, board, [entry] if entry is not None else state_file.entries(board.seq))


def mark(state_file: StateFile, holder: str) -> None:
    """Leave word that `holder` has swept just now, so that everybody sees that somebody watches."""
    with state_file.write() as transaction:
        kept = transaction.rows.one(WatchMark)
        values = {"holder": holder, "swept_at": state_file.clock.now()}  # also when the clock was set back
        if kept is None:
            transaction.rows.insert(WatchMark, **values)
        else:
            transaction.rows.update(kept, **values)


def _todo(board: Board, state_file: StateFile) -> Finding | Alert | None:
    """The next alert to raise (its finding) or to close, or None when all is as it should be."""
    expected = forecast(board, board.run_time(state_file.clock.now()))
    if asks_confidence(board) and board.invocation is None:
        from warroom.board.confidence import with_confidence  # loads numpy

        expected = with_confidence(board, expected, rehearsed=load_samples(state_file, board))
    found = {(finding.rule, finding.subject): finding for finding in findings(board, expected)}
    told = {(alert.rule, alert.subject): alert for alert in board.open_alerts}
    for key, alert in told.items():
        if key not in found:
            return alert
    for key, finding in found.items():
        if key not in told:
            return finding
    return None


def _raise(transaction: Transaction, board: Board, finding: Finding) -> Entry:
    assert board.run_id is not None
    run_time = board.run_time(transaction.recorded_at)
    earlier = [alert for alert in board.alerts if (alert.rule, alert.subject) == (finding.rule, finding.subject)]
    alert = transaction.rows.insert(
        Alert,
        run_id=board.run_id,
        rule=finding.rule,
        subject=finding.subject,
        episode=len(earlier) + 1,
        severity=finding.severity,
        state=AlertState.RAISED,
        due_at=finding.due_at,
        raised_at=run_time,
        message=finding.message,
        own_delay_s=finding.own_delay_s,
        window_float_s=finding.window_float_s,
        pushes=json.dumps(
            [{"ref": push.ref, "moves_s": push.moves_s, "owner": push.owner} for push in finding.pushes],
            ensure_ascii=False,
        ),
    )
    return transaction.journal(
        WATCH,
        "alert.raise",
        f"alert {alert.id}",
        run=board.run_id,
        run_time=run_time,
        effective_at=finding.due_at,
        reason=finding.message,
    )


def _close(transaction: Transaction, board: Board, alert: Alert) -> Entry:
    run_time = board.run_time(transaction.recorded_at)
    transaction.rows.update(alert, state=AlertState.CLOSED, closed_at=run_time)
    return transaction.journal(
        WATCH,
        "alert.close",
        f"alert {alert.id}",
        run=board.run_id,
        run_time=run_time,
        reason=f"{alert.subject} {OVER[alert.rule]}",
    )
