"""What other programs read: a Board, its forecast and the journal as JSON documents (README: JSON).

Instants are UTC text with Z, spans whole seconds. Texts stand as they were typed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from warroom.board.awaited import awaited_document
from warroom.board.board import Board
from warroom.board.figures import figures, is_late
from warroom.board.flows import flow_document, flows
from warroom.board.forecast import Forecast
from warroom.board.impossible import impossible_hours
from warroom.board.networks import expected_finish
from warroom.board.plan_documents import criterion_document, seat_marks, task_marks
from warroom.board.rows import Alert, Attempt, Baseline, BaselineTime, Evidence, Gate, Link, Run, Step, Task
from warroom.board.rows import Document as DocumentRow
from warroom.clock.run_clock import LIFE
from warroom.clock.times import iso_utc, iso_whole
from warroom.schedule.result import Hold
from warroom.vocabulary.journal import Entry
from warroom.vocabulary.words import AlertState, ProblemStatus, ShownState

Document = dict[str, Any]


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


def scheduled_task(board: Board, forecast: Forecast, task: Task) -> Document:
    """One entry of `tasks` in the schedule document. Actual times are cut to whole seconds, as the engine does."""
    planned, expected, delay = forecast.planned(task), forecast.of(task), forecast.delay(task)

    at = partial(_from_start, forecast)

    return {
        "ref": task.ref,
        "title": task.title,
        "state": board.shown_state(task).value,
        "owner": board.handle(task.owner_id),
        "kind": task.kind_of_task.value,
        "duration_s": task.duration_s,
        "guess": expected.guess,
        "baseline_start": at(task.baseline_start_s),
        "baseline_finish": at(task.baseline_finish_s),
        "planned_start": at(planned.start),
        "planned_finish": at(planned.finish),
        "early_start": at(expected.start),
        "early_finish": at(expected.finish),
        "late_start": at(expected.late_start),
        "late_finish": at(expected.late_finish),
        "total_float_s": expected.total_float,
        "free_float_s": expected.free_float,
        "critical": expected.critical,
        "on_longest_path": expected.on_longest_path,
        "driven_by": list(expected.driven_by),
        "forecast_start": at(expected.start),
        "forecast_finish": at(expected.finish),
        "actual_start": iso_whole(task.actual_start),
        "actual_finish": iso_whole(task.actual_finish),
        "own_delay_s": delay.own,
        "inherited_delay_s": delay.inherited,
        "held_by": [_hold(hold) for hold in expected.held_by],
    }


def listed_task(board: Board, forecast: Forecast, task: Task) -> Document:
    """A task as it is listed: its entry in the schedule, which attempt it is, and whether it is stale."""
    return {**scheduled_task(board, forecast, task), **_staleness(task)}


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
            {"ref": task.ref, "title": task.title, "owner": board.handle(task.owner_id), **_staleness(task)}
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


def task_document(board: Board, forecast: Forecast, task: Task) -> Document:
    """Everything about one task. Of a back-out task, which is not in the schedule, its times are missing."""
    in_schedule = task.ref in forecast.delays
    gate = board.gate_of(task.id)
    return {
        **(scheduled_task(board, forecast, task) if in_schedule else _dormant_task(board, task)),
        **_staleness(task),
        "attempts": [_attempt(board, attempt) for attempt in board.attempts(task.id)],
        "phase": task.phase,
        "stream": task.stream,
        "backup": board.handle(task.backup_id),
        "verifier": board.handle(task.verifier_id),
        "runs": task.runs.value,
        "backout": task.backout,
        "undoes": list(task.undoes),
        "calendar": task.calendar,
        "duration_low_s": task.duration_low_s,
        "duration_high_s": task.duration_high_s,
        "not_before": _from_start(forecast, task.not_before_s),
        "deadline": _from_start(forecast, task.deadline_s),
        "must_start": _from_start(forecast, task.must_start_s),
        "must_finish": _from_start(forecast, task.must_finish_s),
        "as_late_as_possible": task.as_late_as_possible,
        "late": in_schedule and is_late(task, forecast),
        "executor": board.handle(task.executor_id),
        "executed_at": iso_whole(task.executed_at),
        "verified_by": board.handle(task.verified_by_id),
        "out_of_sequence": task.out_of_sequence,
        "result": None if task.result is None else task.result.value,
        "documents": list(task.document_numbers),
        "problems": [problem.number for problem in board.problems if task.ref in problem.tasks],
        "eta": iso_whole(task.eta),
        "eta_given_at": iso_whole(task.eta_given_at),
        "eta_given_by": board.handle(task.eta_given_by_id),
        "eta_reason": task.eta_reason,
        "blocked_at": iso_whole(task.blocked_at),
        "blocked_reason": task.blocked_reason,
        "blocked_on": awaited_document(task),
        "progress": _progress(task),
        "closing_reason": task.closing_reason,
        "after": [_link(board, link, link.predecessor_id) for link in board.links_to(task.id)],
        "before": [_link(board, link, link.successor_id) for link in board.links_from(task.id)],
        "instructions": task.instructions,
        "undo": task.undo,
        **task_marks(board, task),
        "steps": [_step(board, task, step) for step in board.steps(task.id)],
        "notes": [
            {"at": iso_whole(note.at), "by": board.handle(note.person_id), "text": note.text}
            for note in board.notes(task.id)
        ],
        "evidence": [evidence_document(board, attached) for attached in board.evidence(task.id)],
        "gate": None if gate is None else gate_document(board, forecast, task, gate),
        "open_alerts": [alert.id for alert in board.open_alerts if alert.subject == task.ref],
    }


def evidence_document(board: Board, attached: Evidence) -> Document:
    """What was attached to a task, and by whom; `kept` says whether its bytes are in the state file."""
    document = board.rows(DocumentRow)[attached.document_id]
    return {
        "id": attached.id,
        "ref": board.rows(Task)[attached.task_id].ref,
        "step": None if attached.step_id is None else board.rows(Step)[attached.step_id].position,
        "name": document.name,
        "media_type": document.media_type,
        "size_bytes": document.size_bytes,
        "sha256": document.sha256,
        "kept": document.kept,
        "at": iso_whole(attached.at),
        "by": board.handle(attached.person_id),
        "note": attached.note,
    }


def gate_document(board: Board, forecast: Forecast, task: Task, gate: Gate) -> Document:
    """A gate with its criteria, and its seats with their votes."""
    votes = {vote.seat_id: vote for vote in board.votes(gate.id)}
    seats = []
    for seat in board.seats(gate.id):
        vote = votes.get(seat.id)
        seats.append(
            {
                "title": seat.title,
                "person": board.handle(seat.person_id),
                **seat_marks(seat),
                "vote": None if vote is None else vote.choice.value,
                "reason": None if vote is None else vote.reason,
                "at": None if vote is None else iso_whole(vote.at),
            }
        )
    in_schedule = task.ref in forecast.delays
    return {
        "ref": task.ref,
        "title": task.title,
        "state": board.shown_state(task).value,
        "owner": board.handle(task.owner_id),
        "due": _from_start(forecast, gate.due_s),
        "planned_at": iso_utc(forecast.instant(forecast.planned(task).finish)) if in_schedule else None,
        "expected_at": iso_utc(forecast.instant(forecast.finish_of(task))) if in_schedule else None,
        "waits_for": [predecessor.ref for predecessor in board.open_predecessors(task.id)],
        "quorum": gate.quorum,
        "rule": gate.rule.value,
        "stage": None if gate.stage is None else gate.stage.value,
        "vote_by": _from_start(forecast, gate.vote_by_s),
        "criteria": [criterion.text for criterion in board.criteria(gate.id)],
        "judged": [criterion_document(board, criterion) for criterion in board.criteria(gate.id)],
        "seats": seats,
        "verdict": None if gate.verdict is None else gate.verdict.value,
        "decided_at": iso_whole(gate.decided_at),
        "decided_by": board.handle(gate.decided_by_id),
        "decision_reason": gate.decision_reason,
        "held_entities": list(gate.held),
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


def _from_start(forecast: Forecast, seconds: int | None) -> str | None:
    return None if seconds is None else iso_utc(forecast.instant(seconds))


def _hold(hold: Hold) -> Document:
    """What holds a task where it is; constraints have the names of the runbook's keys."""
    return {
        "by": hold.by.value.replace(" ", "_"),
        "ref": hold.predecessor,
        "type": None if hold.link_type is None else hold.link_type.value,
        "lag_s": None if hold.link_type is None else hold.lag,
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


def _dormant_task(board: Board, task: Task) -> Document:
    """The part of `scheduled_task` that a task outside the schedule has."""
    return {
        "ref": task.ref,
        "title": task.title,
        "state": board.shown_state(task).value,
        "owner": board.handle(task.owner_id),
        "kind": task.kind_of_task.value,
        "duration_s": task.duration_s,
        "actual_start": iso_whole(task.actual_start),
        "actual_finish": iso_whole(task.actual_finish),
    }


def _staleness(task: Task) -> Document:
    return {
        "attempt": task.attempt,
        "stale_since": iso_whole(task.stale_since),
        "stale_because": task.stale_because,
    }


def _attempt(board: Board, attempt: Attempt) -> Document:
    """An attempt that the next one has replaced."""
    return {
        "number": attempt.number,
        "state": attempt.state.value,
        "actual_start": iso_whole(attempt.actual_start),
        "executed_at": iso_whole(attempt.executed_at),
        "actual_finish": iso_whole(attempt.actual_finish),
        "executor": board.handle(attempt.executor_id),
        "verified_by": board.handle(attempt.verified_by_id),
        "result": None if attempt.result is None else attempt.result.value,
        "documents": list(attempt.document_numbers),
        "closing_reason": attempt.closing_reason,
        "replaced_at": iso_whole(attempt.replaced_at),
        "replaced_by": board.handle(attempt.replaced_by_id),
        "replaced_because": attempt.replaced_because,
    }


def _progress(task: Task) -> Document | None:
    if task.progress_done is None:
        return None
    return {
        "done": task.progress_done,
        "total": task.progress_total,
        "unit": task.progress_unit,
        "at": iso_whole(task.progress_at),
        "implies_finish": iso_whole(expected_finish(task)),
    }


def _link(board: Board, link: Link, other_id: int) -> Document:
    other = board.rows(Task)[other_id]
    return {
        "ref": other.ref,
        "type": link.link_type.value,
        "lag_s": link.lag_s,
        "state": board.shown_state(other).value,
    }


def _step(board: Board, task: Task, step: Step) -> Document:
    return {
        "step": f"{task.ref}.{step.position}",
        "kind": step.kind_of_step.value,
        "text": step.text,
        "ticked_at": iso_whole(step.ticked_at),
        "ticked_by": board.handle(step.ticked_by_id),
        "evidence": step.evidence,
    }
