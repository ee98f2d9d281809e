"""What calls for an alert: pure functions of a Board and its forecast, one per rule.

A rule gives findings; the sweep (warroom.actions.alerts) raises an alert for each that has none, and closes an alert
whose finding is gone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from warroom.board.board import CLOSED_STATES, Board
from warroom.board.forecast import Forecast, floor_to_minute
from warroom.board.rows import Decision, Gate, GoCondition, Task, Trigger
from warroom.clock.durations import HOUR, show_duration
from warroom.clock.times import show_time
from warroom.rules.backout import trigger_standings
from warroom.schedule.calendars import elapsed
from warroom.schedule.delay import pushes
from warroom.vocabulary.words import Automatic, Severity, ShownState, TaskKind, TaskState

DEPENDENCY_SLIPPED = "dependency-slipped"
TRIGGER_REACHED = "trigger-reached"
CONDITION_OVERDUE = "condition-overdue"

# While its planned window lasts, a task counts as slipped only if it is expected to finish this much later by its own
# doing, in its working time, or every minute between two people would be an alert: before a night, one of hours.
FORESEEN_S = 300

LOOK_S = HOUR
"""How long the condition of a trigger is left alone of which nobody can tell when time will make it fail."""

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Push:
    """A task that is moved by an alert's subject, by how many seconds, and whose it is."""

    ref: str
    moves_s: int
    owner: str | None


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that calls for an alert.

    Attributes:
        subject: ref of the task that is the cause, or "trigger" with its number.
        due_at: the instant (run time, UTC) from which on it is true.
        own_delay_s: by how much the subject itself is late, seconds.
        window_float_s: where the window stands, seconds.
    """

    rule: str
    subject: str
    severity: Severity
    due_at: datetime
    message: str
    own_delay_s: int
    window_float_s: int
    pushes: tuple[Push, ...]


Rule = Callable[[Board, Forecast], Iterator[Finding]]


def dependency_slipped(board: Board, forecast: Forecast) -> Iterator[Finding]:
    """A dependency has slipped past its planned window by its own doing.

    Trigger: an open task, on which others wait or with which the window ends, is not finished when its planned window
    (moved by what it inherits) is over; or it is foreseen to finish more than `FORESEEN_S` later than that.
    Closes: when the task is finished or skipped, or its own delay is gone. Told: the owner, the backup, the lead.
    """
    for task in board.tasks_in_play:
        if _may_slip(board, forecast, task) and _slipped(forecast, task):
            yield _finding(board, forecast, task)


def trigger_reached(board: Board, forecast: Forecast) -> Iterator[Finding]:
    """A trigger calls for a back-out.

    Trigger: it was raised, its clock has run out, its condition stands red, or does not hold by the time by which it
    must; and no back-out was invoked.
    Closes: when that is over, or a back-out is invoked. Told: those who decide on it, the lead.
    """
    if board.run is None or board.invocation is not None:
        return
    for standing in trigger_standings(board, forecast, forecast.at):
        if standing.reached:
            deciders = ", ".join(standing.deciders) or "the lead"
            yield Finding(
                rule=TRIGGER_REACHED,
                subject=f"trigger {standing.number}",
                severity=Severity.CRITICAL,
                due_at=min(standing.since or forecast.at, forecast.at),
                message=f"{standing.trigger.text}: {standing.value}; {deciders} decides on a back-out",
                own_delay_s=0,
                window_float_s=forecast.window_float,
                pushes=(),
            )


def condition_overdue(board: Board, forecast: Forecast) -> Iterator[Finding]:
    """A condition of a conditional go is not met when it is due.

    Trigger: its task is open and the minute of its deadline is over. Closes: when the task is finished or skipped.
    Told: its owner, the decider, the lead.
    """
    for gate, task, minute in _conditions(board, forecast):
        if minute <= forecast.at:
            due = show_time(minute - _MINUTE, board.programme.timezone)
            yield Finding(
                rule=CONDITION_OVERDUE,
                subject=task.ref,
                severity=Severity.CRITICAL,
                due_at=minute,
                message=f"{task.ref} {task.title}: condition of {gate.ref}, was due {due}",
                own_delay_s=forecast.now - (task.deadline_s or 0),
                window_float_s=forecast.window_float,
                pushes=(),
            )


def next_change(board: Board, forecast: Forecast) -> datetime | None:
    """The earliest minute (run time, UTC) after the forecast's own at which a rule can find something new while nobody
    does anything; None if time alone can change nothing.

    Time alone adds to the own delay of what is ready and not started, and of what runs, is blocked or has failed and
    is past the finish that it was given; and it makes conditions overdue. It lets clocks of triggers run out, and the
    conditions of triggers fail: of those it is only known that no forecast moves faster than time. Where a calendar
    makes it jump, or the odds are asked for, it is time to look again within `LOOK_S`, and something may be new before.
    """
    minutes = [
        _late_from(forecast, task)
        for task in board.tasks_in_play
        if _may_slip(board, forecast, task) and not _slipped(forecast, task)
    ]
    minutes += [minute for _, _, minute in _conditions(board, forecast) if minute > forecast.at]
    minutes += _triggers_from(board, forecast)
    return max(min(minutes), forecast.at + _MINUTE) if minutes else None


def _triggers_from(board: Board, forecast: Forecast) -> Iterator[datetime]:
    """The minutes from which on triggers that are not reached may be."""
    if board.run is None or board.invocation is not None:
        return
    for standing in trigger_standings(board, forecast, forecast.at):
        if standing.reached:
            continue
        for at in (standing.due_at, standing.must_hold_at):
            if at is not None and at > forecast.at:
                due = floor_to_minute(at)
                yield due if due == at else due + _MINUTE
        if standing.condition is not None and (slack := _slack(board, forecast, standing.trigger)) is not None:
            yield floor_to_minute(forecast.instant(forecast.now + max(0, slack))) + _MINUTE


def _slack(board: Board, forecast: Forecast, trigger: Trigger) -> int | None:
    """For how many seconds the condition of a trigger, which is not red, does not become so by time alone, as far as
    can be told; None: it never does."""
    match trigger.automatic:
        case Automatic.BACK_OUT:
            return None if forecast.decide_backout_by is None else forecast.decide_backout_by - forecast.now
        case Automatic.WINDOW:
            slack = forecast.window_float
        case Automatic.PHASE_DONE | Automatic.TASKS_DONE:
            named = [task for task in board.tasks if {task.ref, task.phase} & set(trigger.of)]
            left = [task for task in named if task.state not in CLOSED_STATES and task.ref in forecast.delays]
            slips = [forecast.delay(task).slip for task in left]
            slack = min((-slip for slip in slips), default=0)
        case Automatic.CONFIDENCE:
            return LOOK_S
        case _:
            return None
    still = _still(board, forecast)
    return max(still, min(still + slack, LOOK_S)) if forecast.expected.network.calendars else still + slack


def _still(board: Board, forecast: Forecast) -> int:
    """For how many seconds no forecast moves while nobody does anything: until the next task could begin, or one that
    has begun is to be finished."""
    left = [task for task in board.tasks if task.state not in CLOSED_STATES and task.ref in forecast.delays]
    timings = [(task.actual_start is not None, forecast.of(task)) for task in left]
    if any(timing.guess for _, timing in timings):
        return 0
    instants = (timing.finish if begun else timing.start for begun, timing in timings)
    return max(0, min(instants, default=forecast.now) - forecast.now)


RULES: Mapping[str, Rule] = MappingProxyType(
    {
        DEPENDENCY_SLIPPED: dependency_slipped,
        CONDITION_OVERDUE: condition_overdue,
        TRIGGER_REACHED: trigger_reached,
    }
)

OVER: Mapping[str, str] = MappingProxyType(
    {
        DEPENDENCY_SLIPPED: "is no longer late",
        CONDITION_OVERDUE: "is no longer late",
        TRIGGER_REACHED: "no longer calls for a back-out",
    }
)
"""Why an alert of each rule is closed, to follow its subject."""


def findings(board: Board, forecast: Forecast) -> list[Finding]:
    """What all rules find, in the order of the rules and of the runbook."""
    return [finding for rule in RULES.values() for finding in rule(board, forecast)]


def _conditions(board: Board, forecast: Forecast) -> Iterator[tuple[Task, Task, datetime]]:
    """The gate and the task of each open condition, with the first minute in which it is overdue."""
    tasks, gates, decisions = board.rows(Task), board.rows(Gate), board.rows(Decision)
    for condition in board.rows(GoCondition).values():
        task = tasks.get(condition.task_id)
        if task is None or task.deadline_s is None or task.state in CLOSED_STATES:
            continue
        gate = tasks[gates[decisions[condition.decision_id].gate_id].task_id]
        yield gate, task, floor_to_minute(forecast.instant(task.deadline_s)) + _MINUTE


def _may_slip(board: Board, forecast: Forecast, task: Task) -> bool:
    """Whether the rule looks at the task: open, not waiting for another (which is then the cause), and something
    depends on it."""
    if task.state in CLOSED_STATES or task.ref not in forecast.delays:
        return False
    if board.shown_state(task) is ShownState.WAITING:
        return False
    successors, ends_with = board.successors(task.id), None if task.backout else board.plan.ends_with
    ends_the_window = not successors if ends_with is None else task.ref == ends_with
    return ends_the_window or any(successor.state not in CLOSED_STATES for successor in successors)


def _slipped(forecast: Forecast, task: Task) -> bool:
    delay, free_finish = forecast.delay(task), _free_finish(forecast, task)
    if delay.slip <= 0 or delay.own <= 0:
        return False
    finish, calendar = forecast.of(task).finish, forecast.expected_with(task).network.activity(task.ref).calendar
    return forecast.now > free_finish or elapsed(calendar, free_finish, finish) > FORESEEN_S


def _free_finish(forecast: Forecast, task: Task) -> int:
    """When the task would finish if it added no delay of its own to what it inherits, seconds."""
    return forecast.planned(task).finish + forecast.delay(task).inherited


def _late_from(forecast: Forecast, task: Task) -> datetime:
    """The first minute in which the task is over its window, or is foreseen to be by what is left of it."""
    expected = forecast.expected_with(task)
    columns, position = expected.columns, expected.network.positions[task.ref]
    left = 0  # a running task is over its window when the window is
    if task.state is TaskState.NOT_STARTED:
        left = task.duration_s
    elif task.state is TaskState.FAILED or (task.state is TaskState.BLOCKED and forecast.of(task).guess):
        left = columns.work[position]
    free_finish = _free_finish(forecast, task)
    calendar = expected.network.calendars.get(position)
    if calendar is None or not left:
        last_good = free_finish + min(0, FORESEEN_S - left)
    else:
        last_good = min(free_finish, calendar.place_back(calendar.finish_for(free_finish, FORESEEN_S), left)[0])
    if calendar is not None and any(not columns.closed[joint[0]] for joint in columns.links_into(position)):
        last_good = min(last_good, forecast.now)  # pushed over the end of a shift it loses a night at once
    if position in columns.delayed:  # until then it waits because it may
        last_good = min(last_good, columns.start[position])
    return floor_to_minute(forecast.instant(last_good)) + _MINUTE


def _finding(board: Board, forecast: Forecast, task: Task) -> Finding:
    own = forecast.delay(task).own
    pushed = []
    for ref, moves in pushes(forecast.expected_with(task), task.ref, own).items():
        moved = board.task(ref)
        pushed.append((moved, Push(ref, moves, None if moved is None else board.handle(moved.owner_id))))
    gates = [push for moved, push in pushed if moved is not None and moved.kind_of_task is TaskKind.GATE]
    if forecast.window_float < 0 or gates:
        severity = Severity.CRITICAL
    else:
        severity = Severity.WARNING if pushed else Severity.NOTICE
    return Finding(
        rule=DEPENDENCY_SLIPPED,
        subject=task.ref,
        severity=severity,
        due_at=min(_late_from(forecast, task), forecast.at),
        message=_message(board, forecast, task, [push for _, push in pushed], gates),
        own_delay_s=own,
        window_float_s=forecast.window_float,
        pushes=tuple(push for _, push in pushed),
    )


def _message(board: Board, forecast: Forecast, task: Task, pushed: list[Push], gates: list[Push]) -> str:
    zone = board.programme.timezone
    planned = show_time(forecast.instant(forecast.planned(task).finish), zone, day=False)
    expected = show_time(forecast.instant(forecast.of(task).finish), zone, day=False)
    delay = forecast.delay(task)
    late = f"{show_duration(delay.own)} late"
    if delay.inherited:
        late += f" by itself ({show_duration(delay.slip)} in all)"
    parts = [f"{task.ref} {task.title}: {late}, planned {planned}, now expected {expected}"]
    if pushed:
        count = f"{len(pushed)} task{'s' if len(pushed) > 1 else ''}"
        first = f", first gate {gates[0].ref} by {show_duration(gates[0].moves_s)}" if gates else ""
        parts.append(f"pushes {count}{first}")
    else:
        parts.append("pushes nobody yet")
    float_s = forecast.window_float
    parts.append(
        f"window float {show_duration(float_s)}" if float_s >= 0 else f"beyond the window by {show_duration(-float_s)}"
    )
    return "; ".join(parts)
