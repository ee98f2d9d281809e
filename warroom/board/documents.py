"""What other programs read: a Board, its forecast and the journal as JSON documents (README: JSON).

Instants are UTC text with Z, spans whole seconds. Texts stand as they were typed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from warroom.board.board import Board
from warroom.board.figures import figures
from warroom.board.flows import flow_document, flows
from warroom.board.forecast import Forecast
from warroom.board.impossible import impossible_hours
from warroom.board.rows import Alert, Baseline, BaselineTime, Run, Task
from warroom.board.task_documents import scheduled_task, staleness
from warroom.clock.run_clock import LIFE
from warroom.clock.times import iso_utc, iso_whole
from warroom.vocabulary.documents import Document
from warroom.vocabulary.journal import Entry
from warroom.vocabulary.words import AlertState, ProblemStatus, ShownState


def schedule_document(board: Board, forecast: Forecast) -> Document:
    """Plan, forecast and actual times of the main network, in the order of the runbook."""
    decide_by = forecast.decide_backout_by
    return {
        "at": iso_utc(forecast.at),
        "run": None if board.run is None else board.run.name,
        "window": _window(forecast),
        "planned_finish": iso_utc(forecast.instant(forecast.planned_finish)),
        "forecast_finish": iso_utc(forecast.instant(forecast.finish)),
        "window_float_s": forecast.window_float,
        "latest_backout_decision": None if decide_by is None else iso_utc(forecast.instant(decide_by)),
        "tasks": [scheduled_task(board, forecast, task) for task in board.tasks if task.ref in forecast.delays],
        "faults": [{"ref": ref, "message": message} for ref, message in impossible_hours(board, forecast).items()],
        "out_of_sequence": [
            {"predecessor": before, "successor": after} for before, after in forecast.expected.out_of_sequence
        ],
    }


def status_document(board: Board, forecast: Forecast, now: datetime) -> Document:
    """The figures of the console's header, tasks by state, late tasks, open alerts and the next gate.

    Args:
        now: wall clock, UTC; it tells how fast the run's clock goes at present.
    """
    sums = figures(board, forecast)
    run, clock = board.run, board.clock
    programme = board.programme
    decide_by = sums.latest_backout_decision
    open_run = run is not None and run.closed_at is None
    return {
        "at": iso_utc(forecast.at),
        "seq": board.seq,
        "programme": {"key": programme.key, "name": programme.name, "timezone": programme.timezone},
        "run": None if run is None else run.name,
        "run_kind": None if run is None else run.kind_of_run.value,
        "run_open": open_run,
        "speed": speed(clock.rate_at(now)) if clock is not None and open_run else None,
        "window": _window(forecast),
        "since_window_start_s": forecast.now,
        "planned_finish": iso_utc(sums.planned_finish),
        "forecast_finish": iso_utc(sums.forecast_finish),
        "window_float_s": sums.window_float_s,
        "latest_backout_decision": None if decide_by is None else iso_utc(decide_by),
        "tasks": {"total": sums.total, "by_state": {state.value: sums.states[state] for state in ShownState}},
        "late": [_late_task(board, forecast, task) for task in sums.late],
        "causes": [task.ref for task in sums.causes],
        "stale": [
            {"ref": task.ref, "title": task.title, "owner": board.handle(task.owner_id), **staleness(task)}
            for task in board.stale_tasks
        ],
        "open_alerts": [alert_document(board, alert) for alert in board.open_alerts],
        "next_gate": None if sums.next_gate is None else _next_gate(board, *sums.next_gate),
        "flows": [flow_document(flow) for flow in flows(board)],
        "open_problems": [
            {"number": problem.number, "severity": problem.severity, "title": problem.title}
            for problem in board.problems
            if problem.status is ProblemStatus.OPEN
        ],
    }


def alert_document(board: Board, alert: Alert) -> Document:
    """An alert, with whom it pushes as known when it was raised last."""
    lasted = None if alert.closed_at is None else (alert.closed_at - alert.raised_at) // timedelta(seconds=1)
    return {
        "id": alert.id,
        "rule": alert.rule,
        "subject": alert.subject,
        "episode": alert.episode,
        "severity": alert.severity.value,
        "state": alert.state.value,
        "raised_at": iso_whole(alert.raised_at),
        "closed_at": iso_whole(alert.closed_at),
        "message": alert.message,
        "own_delay_s": alert.own_delay_s,
        "pushes": json.loads(alert.pushes),
        "window_float_s": alert.window_float_s,
        "due_at": iso_whole(alert.due_at),
        "lasted_s": lasted,
        "told": list(alert.told),
        "version": alert.version,
        "level": alert.level,
        "acknowledged_by": board.handle(alert.acknowledged_by_id),
        "acknowledged_at": iso_whole(alert.acknowledged_at),
        "acknowledged_how": None if alert.acknowledged_how is None else alert.acknowledged_how.value,
        "snoozed_until": iso_whole(alert.snoozed_until) if alert.state is AlertState.SNOOZED else None,
    }


def speed(rate: int) -> int | float:
    """How many times as fast as life a clock goes, from thousandths; 0 is held."""
    return rate // LIFE if rate % LIFE == 0 else rate / LIFE


def run_document(run: Run) -> Document:
    """One play of the plan."""
    return {
        "name": run.name,
        "kind": run.kind_of_run.value,
        "tier": run.tier,
        "baseline": run.baseline,
        "open": run.closed_at is None,
        "started_at": iso_whole(run.started_at),
        "closed_at": iso_whole(run.closed_at),
        "closing_note": run.closing_note,
        "window": {
            "start": iso_utc(run.window_start),
            "end": iso_utc(run.window_end),
            "restore_by": iso_utc(run.restore_by),
        },
    }


def baselines_document(board: Board, forecast: Forecast) -> list[Document]:
    """The baselines of the run, the first of them that of its start, with the times that each has of its tasks."""

    def at(seconds: int) -> str:
        return iso_utc(forecast.instant(seconds))

    times: dict[int, list[Document]] = {}
    for time in board.rows(BaselineTime).values():
        times.setdefault(time.baseline_id, []).append(
            {"ref": time.ref, "start": at(time.start_s), "finish": at(time.finish_s)}
        )
    return [
        {
            "number": baseline.number,
            "at": iso_whole(baseline.at),
            "by": board.handle(baseline.person_id),
            "reason": baseline.reason,
            "tasks": times.get(baseline.id, []),
        }
        for baseline in board.rows(Baseline).values()
    ]


def entry_document(entry: Entry, runs: Mapping[int, str]) -> Document:
    """An entry of the journal; its changes are told field by field.

    Args:
        runs: names of the runs by key.
    """
    return {
        "seq": entry.seq,
        "id": entry.id,
        "run": None if entry.run is None else runs[entry.run],
        "recorded_at": iso_utc(entry.recorded_at),
        "run_time": None if entry.run_time is None else iso_utc(entry.run_time),
        "effective_at": iso_utc(entry.effective_at),
        "actor": entry.actor,
        "for": entry.done_by,
        "by": None if entry.by is None else entry.by.value,
        "in_place_of": entry.in_place_of,
        "clock": None if entry.clock is None else iso_utc(entry.clock),
        "assurance": entry.assurance.value,
        "via": entry.via.value,
        "action": entry.action,
        "subject": entry.subject,
        "reason": entry.reason,
        "changes": list(_fields(entry)),
        "schema": entry.schema,
        "previous_hash": entry.previous_hash,
        "hash": entry.hash,
    }


def _fields(entry: Entry) -> Iterator[Document]:
    """The changes of an entry, one for each field that differs."""
    for change in entry.changes:
        before, after = change.before or {}, change.after or {}
        for field in sorted(before.keys() | after.keys()):
            yield {
                "op": change.operation.value,
                "table": change.table,
                "key": change.key,
                "field": field,
                "before": before.get(field),
                "after": after.get(field),
            }


def _window(forecast: Forecast) -> Document:
    return {
        "start": iso_utc(forecast.origin),
        "end": iso_utc(forecast.instant(forecast.end)),
        "restore_by": iso_utc(forecast.instant(forecast.restore_by)),
    }


def _late_task(board: Board, forecast: Forecast, task: Task) -> Document:
    row = scheduled_task(board, forecast, task)
    wanted = ("ref", "title", "state", "owner", "guess", "planned_finish", "forecast_finish")
    return {key: row[key] for key in (*wanted, "own_delay_s", "inherited_delay_s")}


def _next_gate(board: Board, task: Task, expected_at: datetime) -> Document:
    return {
        "ref": task.ref,
        "title": task.title,
        "owner": board.handle(task.owner_id),
        "expected_at": iso_utc(expected_at),
    }
