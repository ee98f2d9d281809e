"""What other programs read of one task: as it is listed, and whole, with its gate and its evidence.

Instants are UTC text with Z, spans whole seconds. Texts stand as they were typed.
"""

from __future__ import annotations

from functools import partial

from warroom.board.awaited import awaited_document
from warroom.board.board import Board
from warroom.board.figures import is_late
from warroom.board.forecast import Forecast
from warroom.board.networks import expected_finish
from warroom.board.plan_documents import criterion_document, seat_marks, task_marks
from warroom.board.rows import Attempt, Evidence, Gate, Link, Step, Task
from warroom.board.rows import Document as DocumentRow
from warroom.clock.times import iso_utc, iso_whole
from warroom.schedule.result import Hold
from warroom.vocabulary.documents import Document


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
    return {**scheduled_task(board, forecast, task), **staleness(task)}


def task_document(board: Board, forecast: Forecast, task: Task) -> Document:
    """Everything about one task. Of a back-out task, which is not in the schedule, its times are missing."""
    in_schedule = task.ref in forecast.delays
    gate = board.gate_of(task.id)
    return {
        **(scheduled_task(board, forecast, task) if in_schedule else _dormant_task(board, task)),
        **staleness(task),
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


def _hold(hold: Hold) -> Document:
    """What holds a task where it is; constraints have the names of the runbook's keys."""
    return {
        "by": hold.by.value.replace(" ", "_"),
        "ref": hold.predecessor,
        "type": None if hold.link_type is None else hold.link_type.value,
        "lag_s": None if hold.link_type is None else hold.lag,
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


def staleness(task: Task) -> Document:
    """Which attempt it is in, and since when and why that is stale."""
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


def _from_start(forecast: Forecast, seconds: int | None) -> str | None:
    return None if seconds is None else iso_utc(forecast.instant(seconds))
