"""The way back as other programs read it (README: JSON). Instants are UTC text with Z, spans whole seconds."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from warroom.board.board import CLOSED_STATES, Board
from warroom.board.forecast import Forecast
from warroom.board.rows import Recovery
from warroom.board.task_documents import scheduled_task
from warroom.clock.times import iso_utc, iso_whole
from warroom.rules.backout import (
    TriggerStanding,
    authority,
    seconds_in_box,
    tasks_to_undo,
    tasks_under_way,
    time_box,
    trigger_standings,
    why_no_backout,
    why_no_recovery,
)
from warroom.rules.conditions import Found
from warroom.schedule.backout import Backout
from warroom.vocabulary.documents import Document


def rollback_document(
    board: Board, forecast: Forecast, now: datetime, wall: datetime, confidence: Decimal | None = None
) -> Document:
    """Everything about the way back: how far it has come, the latest safe decision with its worst case, what would be
    undone, the time-box, triggers with their standing, ways to recover.

    Args:
        now: run time, UTC. wall: the wall clock, UTC, by which the time-box of a closed live run goes on.
        confidence: as of `trigger_standings`.
    """
    run, ref = board.run, board.plan.point_of_no_return
    return {
        "at": iso_utc(forecast.at),
        "run": None if run is None else run.name,
        "stage": board.backout_stage.value,
        "possible": why_no_backout(board) is None,
        "why_not": why_no_backout(board),
        "authority": list(authority(board)),
        "point_of_no_return": None if ref is None else {"ref": ref, "passed": board.past_point_of_no_return},
        "restore_by": iso_utc(forecast.instant(forecast.restore_by)),
        "buffer_s": board.plan.buffer_s,
        "if_decided_now": None if forecast.backout is None else _decided_now(board, forecast, forecast.backout),
        "worst_case": None if forecast.worst_backout is None else _outlook(forecast, forecast.worst_backout),
        "backing_out": _backing_out(board, forecast),
        "time_box": _time_box(board, now, wall),
        "triggers": [_trigger(one) for one in trigger_standings(board, forecast, now, confidence)],
        "recovery_possible": why_no_recovery(board) is None,
        "recovery": [_recovery(board, way) for way in board.recovery],
    }


def _outlook(forecast: Forecast, backout: Backout) -> Document:
    decision, done = backout.latest_decision(), backout.done_if_decided(forecast.now)
    return {
        "latest_decision": iso_utc(forecast.instant(decision.decide_by)),
        "left_s": decision.decide_by - forecast.now,
        "duration_s": done - forecast.now,
        "done_at": iso_utc(forecast.instant(done)),
        "restore_float_s": forecast.restore_by - done,
    }


def _decided_now(board: Board, forecast: Forecast, backout: Backout) -> Document:
    needed = tasks_to_undo(board, backout)
    return {
        **_outlook(forecast, backout),
        "tasks": [
            {
                "ref": task.ref,
                "title": task.title,
                "owner": board.handle(task.owner_id),
                "undoes": list(task.undoes),
                "duration_s": task.duration_s,
            }
            for task in needed
        ],
        "nothing_to_undo": [task.ref for task in board.backout_tasks if task not in needed],
    }


def _backing_out(board: Board, forecast: Forecast) -> Document | None:
    invocation, backing_out = board.invocation, forecast.backing_out
    if invocation is None or backing_out is None:
        return None
    tasks = tasks_under_way(board, forecast)
    numbers = {trigger.id: number for number, trigger in enumerate(board.triggers, start=1)}
    return {
        "invoked_at": iso_whole(invocation.at),
        "invoked_by": board.handle(invocation.person_id),
        "witness": board.handle(invocation.witness_id),
        "reason": invocation.reason,
        "trigger": None if invocation.trigger_id is None else numbers[invocation.trigger_id],
        "expected_done_at": iso_whole(invocation.expected_done_at),
        "done_at": iso_utc(forecast.instant(backing_out.finish)),
        "restore_float_s": forecast.restore_by - backing_out.finish,
        "done": sum(task.state in CLOSED_STATES for task in tasks),
        "total": len(tasks),
        "tasks": [scheduled_task(board, forecast, task) for task in tasks],
        "left_out": list(invocation.left_out),
        "left_running": [{"ref": task.ref, "owner": board.handle(task.owner_id)} for task in board.left_running],
    }


def _time_box(board: Board, now: datetime, wall: datetime) -> Document | None:
    box = time_box(board)
    if box is None:
        return None
    return {
        "start": iso_whole(box.start),
        "end": iso_whole(box.end),
        "left_s": seconds_in_box(board, box, now, wall),
        "by": box.by,
    }


def _trigger(standing: TriggerStanding) -> Document:
    trigger = standing.trigger
    return {
        "number": standing.number,
        "text": trigger.text,
        "automatic": None if trigger.automatic is None else trigger.automatic.value,
        "measure": trigger.measure,
        "threshold": trigger.threshold,
        "clock_s": trigger.clock_s,
        "due": iso_whole(standing.must_hold_at),
        "condition": None if standing.condition is None else _condition(standing.condition),
        "reached": standing.reached,
        "since": iso_whole(standing.since),
        "value": standing.value,
        "raised_at": None if standing.raised is None else iso_whole(standing.raised.at),
        "measured": None if standing.raised is None else standing.raised.measured,
        "clock_since": None if standing.clock is None else iso_whole(standing.clock.at),
        "clock_due": iso_whole(standing.due_at),
        "deciders": list(standing.deciders),
    }


def _condition(found: Found) -> Document:
    return {
        "value": found.value,
        "threshold": found.threshold,
        "light": found.light.value,
        "holds": found.holds,
        "source": found.source,
        "at": iso_whole(found.at),
    }


def _recovery(board: Board, way: Recovery) -> Document:
    choice = board.recovery_choice(way.id)
    return {
        "key": way.key,
        "title": way.title,
        "plan": way.plan,
        "decider": board.handle(way.decider_id),
        "chosen_at": None if choice is None else iso_whole(choice.at),
        "chosen_by": None if choice is None else board.handle(choice.person_id),
        "witness": None if choice is None else board.handle(choice.witness_id),
        "reason": None if choice is None else choice.reason,
    }
