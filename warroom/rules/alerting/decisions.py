"""What somebody has to decide: gates, conditions of a go, controls, and the way back."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from warroom.board.board import CLOSED_STATES
from warroom.board.rows import Control, Decision, Gate, GoCondition, Task, Trigger
from warroom.clock.durations import show_duration
from warroom.rules.alerting.finding import BACK_OUT, Matter, Said
from warroom.rules.alerting.limits import Limits
from warroom.rules.alerting.view import View, each_once
from warroom.rules.assurance import Matter as AssuranceMatter
from warroom.rules.assurance import asked
from warroom.rules.backout import TriggerStanding, authority, trigger_standings
from warroom.rules.conditions import Basis
from warroom.rules.controls import control_standing
from warroom.rules.criteria import Judged, judged
from warroom.rules.gates import ballots
from warroom.vocabulary.words import Automatic, ControlStanding, Light, Severity, TaskKind

LEFT_S = (7200, 3600, 1800, 600, 0)
"""So long before the latest safe back-out decision it is told, seconds."""


def gate_due(view: View, limits: Limits) -> Iterator[Matter]:
    """It is due when the runbook says, or when it can be decided if that is later: then not the panel is late."""
    for task in view.tasks:
        gate = None if task.kind_of_task is not TaskKind.GATE else view.board.gate_of(task.id)
        if gate is None or task.state in CLOSED_STATES or gate.verdict is not None:
            continue
        due = view.finish(task) if gate.due_s is None else max(gate.due_s, view.finish(task))
        from_s = (view.since if due == gate.due_s else view.foreseen)(due - limits.before)
        if from_s > view.now:
            yield Matter(task.ref, from_s, partial(_gate_due, view, task, gate, due, ()))
            continue
        basis = Basis(view.board, view.forecast, view.forecast.at, view.confidence)
        criteria = judged(basis, gate)
        if _votes_missing(view, gate) or _unsettled(criteria):
            yield Matter(task.ref, from_s, partial(_gate_due, view, task, gate, due, criteria))
        else:
            expiring = [view.since(view.instant(one.waiver.expires_at)) for one in criteria if one.waiver is not None]
            if expiring:
                say = partial(_gate_due, view, task, gate, due, criteria)
                yield Matter(task.ref, max(min(expiring), view.after(view.now)), say)


def _votes_missing(view: View, gate: Gate) -> tuple[str, ...]:
    """Handles of those who have not voted; nobody once the quorum has."""
    seats = view.board.seats(gate.id)
    cast = ballots(seats, view.board.votes(gate.id), asked(view.board.plan, AssuranceMatter.VOTE))
    if sum(ballot.choice is not None for ballot in cast) >= gate.quorum:
        return ()
    missing = (seat.person_id for seat, ballot in zip(seats, cast, strict=True) if ballot.choice is None)
    return view.handles(*missing)


def _unsettled(criteria: tuple[Judged, ...]) -> list[Judged]:
    return [one for one in criteria if one.holds is None and one.light is not Light.WAIVED]


def _gate_due(view: View, task: Task, gate: Gate, due: int, criteria: tuple[Judged, ...]) -> Said:
    voters, unsettled = _votes_missing(view, gate), _unsettled(criteria)
    missing = []
    if voters:
        missing.append(f"votes of {', '.join(voters)}")
    if unsettled:
        numbers = ", ".join(str(one.number) for one in unsettled)
        missing.append(f"evidence for {'criterion' if len(unsettled) == 1 else 'criteria'} {numbers}")
    message = f"{task.ref} {task.title}: due {view.shown(due)}; missing: {' and '.join(missing)}"
    owing = [handle for one in unsettled for handle in one.owes]
    return Said(message, each_once([*voters, *owing, *view.handles(task.owner_id, task.backup_id)]))


def condition_overdue(view: View, limits: Limits) -> Iterator[Matter]:
    """The minute of its deadline is over, and the limit."""
    board = view.board
    tasks, gates, decisions = board.rows(Task), board.rows(Gate), board.rows(Decision)
    for condition in board.rows(GoCondition).values():
        task = tasks.get(condition.task_id)
        if task is None or task.deadline_s is None or task.state in CLOSED_STATES:
            continue
        gate = tasks[gates[decisions[condition.decision_id].gate_id].task_id]
        due = view.shown(task.deadline_s, day=True)
        message = f"{task.ref} {task.title}: condition of {gate.ref}, was due {due}"
        told = view.handles(task.owner_id, gate.owner_id, leads=True)
        yield Matter(task.ref, view.after(task.deadline_s + limits.after), partial(Said, message, told))


def trigger_reached(view: View, limits: Limits) -> Iterator[Matter]:
    """It was raised, its clock has run out, its condition stands red, or does not hold by the time by which it must;
    and no back-out was invoked."""
    del limits
    forecast = view.forecast
    if view.board.invocation is not None:
        return
    for standing in trigger_standings(view.board, forecast, forecast.at, view.confidence):
        subject, say = f"trigger {standing.number}", partial(_reached, view, standing)
        if standing.reached:
            since = view.now if standing.since is None else min(view.now, view.since(view.instant(standing.since)))
            yield Matter(subject, since, say)
            continue
        for at in (standing.due_at, standing.must_hold_at):
            if at is not None:
                yield Matter(subject, max(view.since(view.instant(at)), view.after(view.now)), say)
        if standing.condition is not None and (from_s := _fails_from(view, standing.trigger)) is not None:
            yield Matter(subject, from_s, say)


def _fails_from(view: View, trigger: Trigger) -> int | None:
    """The first minute in which the condition of a trigger, which is not red, can become so by time alone; None: it
    never does, or only somebody who counts can tell."""
    forecast = view.forecast
    match trigger.automatic:
        case Automatic.WINDOW:
            return view.breaks_from(forecast.window_float)
        case Automatic.BACK_OUT:
            return None if forecast.decide_backout_by is None else view.after(forecast.decide_backout_by)
        case Automatic.PHASE_DONE | Automatic.TASKS_DONE:
            named = [task for task in view.tasks if {task.ref, task.phase} & set(trigger.of)]
            slips = [forecast.delay(task).slip for task in named if task.state not in CLOSED_STATES]
            still = _still(view)
            slack = 0 if view.calendars else max(0, min((-slip for slip in slips), default=0))
            return view.after(view.now + still + slack)
        case _:
            return None


def _still(view: View) -> int:
    """For how many seconds no forecast moves while nobody does anything: until the next task could begin, or one that
    has begun is to be finished."""
    left = [task for task in view.tasks if task.state not in CLOSED_STATES]
    if any(view.forecast.of(task).guess for task in left):
        return 0
    instants = (view.start(task) if task.actual_start is None else view.finish(task) for task in left)
    return max(0, min(instants, default=view.now) - view.now)


def _reached(view: View, standing: TriggerStanding) -> Said:
    deciders = ", ".join(standing.deciders) or "the lead"
    message = f"{standing.trigger.text}: {standing.value}; {deciders} decides on a back-out"
    return Said(message, each_once([*standing.deciders, *view.leads]))


def backout_decision(view: View, limits: Limits) -> Iterator[Matter]:
    """Told when two hours are left, one, 30 minutes, 10, and when it has passed; each is worse than the one before."""
    forecast = view.forecast
    by, before = forecast.decide_backout_by, limits.before
    ends_with = view.board.plan.ends_with
    last = None if ends_with is None else view.board.task(ends_with)
    if by is None or (last is not None and last.state in CLOSED_STATES):
        return
    told_at = [view.since(by - left) for left in LEFT_S[:-1] if left <= before] + [view.after(by)]
    step = sum(at <= view.now for at in told_at)
    next_step = told_at[step] if 0 < step < len(told_at) else None
    yield Matter(BACK_OUT, told_at[0], partial(_backout_decision, view, by), max(0, step - 1), next_step)


def _backout_decision(view: View, by: int) -> Said:
    told = each_once([*authority(view.board), *view.leads])
    left = by - view.now
    if left < 0:
        message = f"the latest safe back-out decision, {view.shown(by)}, has passed {show_duration(-left)} ago"
        return Said(message, told, Severity.CRITICAL)
    message = f"a back-out must be decided by {view.shown(by)}: {show_duration(left)} left"
    severe = (Severity.NOTICE, 7200), (Severity.WARNING, 3600), (Severity.CRITICAL, 1800)
    return Said(message, told, next(level for level, most in reversed(severe) if left <= most or most == 7200))


def control_outside(view: View, limits: Limits) -> Iterator[Matter]:
    """The two sides of a control differ by more than its tolerance, and nothing was accepted or settled."""
    for control in view.board.controls:
        standing = control_standing(view.board, control)
        if standing.standing is not ControlStanding.OUTSIDE:
            continue
        new = standing.worst.new
        taken = view.now if new is None else min(view.now, view.instant(new.at))
        from_s = view.since(taken + limits.after)
        yield Matter(f"control {control.key}", from_s, partial(_outside, view, control))


def _outside(view: View, control: Control) -> Said:
    worst = control_standing(view.board, control).worst
    unit = f" {control.unit}" if control.unit else ""
    by = "" if worst.difference is None else f" by {abs(worst.difference):f}{unit}"
    allowed = "" if worst.allowed is None else f", allowed is {worst.allowed:f}"
    because = f"; {worst.because}" if worst.because else ""
    message = f"{control.name}: the two sides differ{by}{allowed}{because}"
    loads = [task.owner_id for ref in control.loads if (task := view.board.task(ref)) is not None]
    return Said(message, view.handles(control.signs_id, *loads, leads=True))
