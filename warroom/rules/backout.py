"""The way back: which triggers are reached, who decides, the time-box, and what stands in the way of backing out.

Pure functions of a Board, its forecast and now.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from warroom.board.board import Board
from warroom.board.forecast import Forecast
from warroom.board.rows import Gate, Task, Trigger, TriggerCall
from warroom.clock.durations import HOUR, show_duration
from warroom.clock.times import show_time
from warroom.rules.conditions import Basis, Found, Measured, stands
from warroom.schedule.backout import Backout
from warroom.vocabulary.words import Automatic, BackoutStage, CallKind, GateStage, Light, RunKind, Verdict

TIME_BOX_S = 48 * HOUR
"""How long after go-live a way back is still decided on, where the runbook does not say."""


@dataclass(frozen=True, slots=True)
class TriggerStanding:
    """How a trigger stands.

    Attributes:
        number: its place among all, from 1; people name it by that.
        reached: whether it calls for a back-out now; None where nobody has said so, and nothing can tell by itself or
            yet.
        since: since when it is reached, where that is known. due_at: when its clock reaches it. must_hold_at: from when
            on it is reached unless its condition holds. Run time, UTC.
        condition: how its condition stands; None where it has none, or where it is no longer asked.
        value: what is known of it, in words.
        raised, clock: the calls that count now.
        deciders: handles of those who decide as things stand.
    """

    trigger: Trigger
    number: int
    reached: bool | None
    since: datetime | None
    due_at: datetime | None
    must_hold_at: datetime | None
    condition: Found | None
    value: str
    raised: TriggerCall | None
    clock: TriggerCall | None
    deciders: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TimeBox:
    """The time after go-live in which a way back is still decided on; run time, UTC, which in a live run is the wall
    clock.

    Attributes:
        by: ref of the gate that was decided, or of the task that was done.
    """

    start: datetime
    end: datetime
    by: str


def trigger_standings(
    board: Board, forecast: Forecast, now: datetime, confidence: Decimal | None = None
) -> tuple[TriggerStanding, ...]:
    """How every trigger stands at `now` (run time, UTC), in the order of the runbook.

    A condition that is judged without a person reaches its trigger when it stands red: it is known not to hold, or what
    it waits for is late or stuck. From the time on by which it must hold, everything but that it holds does.

    Args:
        confidence: per cent of the trials that finish inside the window; None: not computed.
    """
    basis = Basis(board, forecast, now, confidence)
    return tuple(_standing(basis, trigger, number) for number, trigger in enumerate(board.triggers, start=1))


def called(board: Board, trigger: Trigger, kind: CallKind) -> TriggerCall | None:
    """The call of that kind on a trigger that still counts."""
    return next(
        (call for call in board.trigger_calls(trigger.id) if call.kind_of_call is kind and not call.ended_at), None
    )


def trigger_deciders(board: Board, trigger: Trigger) -> tuple[str, ...]:
    """Handles of those who decide on a trigger now: whom it names for before or after the point of no return, else
    those who decide on the back-out."""
    key = trigger.decider_after_id if board.past_point_of_no_return else trigger.decider_before_id
    handle = board.handle(key)
    return authority(board) if handle is None else (handle,)


def authority(board: Board) -> tuple[str, ...]:
    """Handles of those who may decide on the back-out, as the runbook names them."""
    handles = (board.handle(one.person_id) for one in board.backout_authority)
    return tuple(handle for handle in handles if handle is not None)


def asks_confidence(board: Board) -> bool:
    """Whether a trigger needs the confidence, which takes a while to compute."""
    return any(map(asks_for_odds, board.triggers))


def asks_for_odds(trigger: Trigger) -> bool:
    """Whether only somebody who has counted can say how the trigger stands."""
    return trigger.automatic is Automatic.CONFIDENCE


def time_box(board: Board) -> TimeBox | None:
    """The time-box, once it has started: when the first gate of the stage go-live was decided go or conditional or, if
    the runbook has no such gate, when the task that ends the window was done. It outlasts the run."""
    start, by = _gone_live(board)
    if start is None:
        return None
    length = TIME_BOX_S if board.plan.time_box_s is None else board.plan.time_box_s
    return TimeBox(start, start + timedelta(seconds=length), by)


def seconds_in_box(board: Board, box: TimeBox, now: datetime, wall: datetime) -> int:
    """Whole seconds until the time-box is over, negative once it is.

    Args:
        now: run time, UTC. wall: the wall clock, UTC, which counts once a live run is closed.
    """
    run = board.run
    over = run is not None and run.closed_at is not None and run.kind_of_run is RunKind.LIVE
    return (box.end - (wall if over else now)) // timedelta(seconds=1)


def time_left_words(seconds: int) -> str:
    """How long it still is, or how long it has been over."""
    return f"{show_duration(seconds)} left" if seconds >= 0 else f"over for {show_duration(-seconds)}"


def tasks_to_undo(board: Board, backout: Backout) -> tuple[Task, ...]:
    """The tasks of the back-out that would have something to undo."""
    return tuple(task for task in board.backout_tasks if backout.needed is None or task.ref in backout.needed)


def tasks_under_way(board: Board, forecast: Forecast) -> tuple[Task, ...]:
    """The tasks of the back-out that was invoked, without those that were left out; all of them are in its forecast."""
    return tuple(task for task in board.backout_tasks if task.ref in forecast.delays)


def why_no_backout(board: Board) -> str | None:
    """Why nobody can back out now, in words; None when it can be decided."""
    if not board.backout_tasks:
        return "no back-out is planned: the runbook has no tasks under rollback"
    if board.backout_stage is not BackoutStage.DORMANT:
        return "the back-out was invoked already, and that stands"
    if board.past_point_of_no_return:
        return f"the point of no return has passed: {board.plan.point_of_no_return} was started"
    return None


def why_no_recovery(board: Board) -> str | None:
    """Why nobody can recover in a way of the runbook now, in words; None when it can be decided."""
    if not board.recovery:
        return "the runbook names no ways to recover"
    if board.invocation is not None:
        return "the back-out was invoked: it brings the old system back"
    if not board.past_point_of_no_return:
        return "the point of no return has not passed: a back-out is still possible"
    return None


def _gone_live(board: Board) -> tuple[datetime | None, str]:
    tasks = board.rows(Task)
    gates = [gate for gate in board.rows(Gate).values() if gate.stage is GateStage.GO_LIVE]
    found = [
        (gate.decided_at, tasks[gate.task_id].ref)
        for gate in gates
        if gate.verdict in (Verdict.GO, Verdict.CONDITIONAL) and gate.decided_at is not None
    ]
    if gates:
        return min(found, default=(None, ""))
    ref = board.plan.ends_with
    task_at_end = None if ref is None else board.task(ref)
    return (None, "") if task_at_end is None else (task_at_end.actual_finish, task_at_end.ref)


def _condition(basis: Basis, trigger: Trigger) -> Found | None:
    """How the condition of a trigger stands; None where it has none, or it is no longer asked."""
    board = basis.board
    if trigger.automatic is None:
        return None
    if trigger.automatic is Automatic.BACK_OUT and basis.forecast.decide_backout_by is None:
        return None  # whether a back-out fits is asked only while there can be one
    call = called(board, trigger, CallKind.MEASURED)
    measured = None
    if call is not None and call.value is not None:
        measured = Measured(call.value, call.measured, board.handle(call.person_id) or "somebody", call.at)
    return stands(basis, trigger, measured)


def _standing(basis: Basis, trigger: Trigger, number: int) -> TriggerStanding:
    board, forecast, now = basis.board, basis.forecast, basis.now
    zone = board.programme.timezone
    raised, clock = called(board, trigger, CallKind.RAISED), called(board, trigger, CallKind.CLOCK)
    due_at = None if clock is None or trigger.clock_s is None else clock.at + timedelta(seconds=trigger.clock_s)
    condition = _condition(basis, trigger)
    must_hold_at = None if condition is None or trigger.due_s is None else forecast.instant(trigger.due_s)
    reached, since, said = None, None, []
    if condition is not None:
        overdue = must_hold_at is not None and now >= must_hold_at and condition.holds is not True
        reached = True if overdue or condition.light is Light.RED else None if condition.holds is None else False
        since = must_hold_at if overdue else None
        by = "" if must_hold_at is None else f", by {show_time(must_hold_at, zone)}"
        said.append(f"{condition.value} (asked: {condition.threshold}{by})")
    if clock is not None and due_at is not None:
        over = now >= due_at
        reached, since = reached or over, _earlier(since, due_at) if over else since
        ran = show_duration(max(0, int((now - clock.at).total_seconds())))
        said.append(f"clock since {show_time(clock.at, zone)}, {ran} of {show_duration(trigger.clock_s or 0)}")
    if raised is not None:
        reached, since = True, _earlier(since, raised.at)
        measured = f" ({raised.measured})" if raised.measured else ""
        said.append(
            f"raised {show_time(raised.at, zone)} by {board.handle(raised.person_id)}: {raised.reason}{measured}"
        )
    return TriggerStanding(
        trigger=trigger,
        number=number,
        reached=reached,
        since=since,
        due_at=due_at,
        must_hold_at=must_hold_at,
        condition=condition,
        value="; ".join(said) or ("no longer judged" if trigger.automatic else "nobody has raised it"),
        raised=raised,
        clock=clock,
        deciders=trigger_deciders(board, trigger),
    )


def _earlier(known: datetime | None, other: datetime) -> datetime:
    return other if known is None else min(known, other)
