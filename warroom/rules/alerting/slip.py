"""A dependency that has slipped past its planned window by its own doing: the founding rule."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from warroom.board.board import CLOSED_STATES, Board
from warroom.board.forecast import Forecast
from warroom.board.rows import Task
from warroom.clock.durations import DAY, show_duration
from warroom.rules.alerting.finding import Matter, Push, Said
from warroom.rules.alerting.limits import Limits
from warroom.rules.alerting.view import View, view_of
from warroom.schedule.calendars import elapsed
from warroom.schedule.delay import pushes
from warroom.vocabulary.words import Severity, TaskKind, TaskState


def dependency_slipped(view: View, limits: Limits) -> Iterator[Matter]:
    """While its planned window lasts, a task counts as slipped only if it is expected to finish by more than the limit
    later than that by its own doing, in its working time: otherwise every minute between two people would be an alert,
    and before a night, one of hours."""
    for task in _that_others_wait_for(view):
        late = late_from(view, task, free_finish(view, task), limits.after)
        from_s = min(late, view.now) if _slipped(view, task, limits.after) else max(late, view.after(view.now))
        small = own_delay(view, task.ref) <= limits.after
        louder = late_from(view, task, free_finish(view, task) + limits.after, 0) if small else None
        yield Matter(task.ref, from_s, partial(_say, view, task, small), next_step_s=louder)


def own_delay(view: View, ref: str) -> int:
    """By how many seconds a task is late by itself; 0 for one that is not, or of another subject."""
    delay = view.forecast.delays.get(ref)
    task = view.board.task(ref)
    if delay is None or task is None or task.state in CLOSED_STATES:
        return 0
    return max(0, delay.own)


def pushes_of(view: View, ref: str) -> tuple[Push, ...]:
    """What the own delay of a task moves now, in the order of the network; worked out once for a view."""
    kept = view.pushes.get(ref)
    if kept is None:
        kept = view.pushes[ref] = _pushes_of(view, ref)
    return kept


def _pushes_of(view: View, ref: str) -> tuple[Push, ...]:
    task, own = view.board.task(ref), own_delay(view, ref)
    if task is None or not own:
        return ()
    found = []
    for pushed, moves in pushes(view.forecast.expected_with(task), ref, own).items():
        moved = view.board.task(pushed)
        found.append(Push(pushed, moves, None if moved is None else view.board.handle(moved.owner_id)))
    return tuple(found)


def pushed_by(board: Board, forecast: Forecast, ref: str) -> tuple[Push, ...]:
    """The same, of a Board and its forecast."""
    return pushes_of(view_of(board, forecast), ref)


def gates_among(view: View, pushed: tuple[Push, ...]) -> tuple[str, ...]:
    """Refs of the gates among those pushed."""
    tasks = ((push.ref, view.board.task(push.ref)) for push in pushed)
    return tuple(ref for ref, task in tasks if task is not None and task.kind_of_task is TaskKind.GATE)


def free_finish(view: View, task: Task) -> int:
    """When the task would finish if it added no delay of its own to what it inherits, seconds."""
    forecast = view.forecast
    backing_out = forecast.backing_out
    plan = forecast.plan if backing_out is None or not task.backout else backing_out.plan
    return plan.columns.finish[plan.network.positions[task.ref]] + forecast.delay(task).inherited


def late_from(view: View, task: Task, finish: int, forgiven: int) -> int:
    """The first minute in which the task is over `finish`, or is foreseen to finish by more than `forgiven` seconds of
    its working time later than that, by what is left of it; if nobody does anything."""
    expected = view.forecast.expected_with(task)
    columns, position = expected.columns, expected.network.positions[task.ref]
    left = 0  # a running task is over its window when the window is
    if task.state is TaskState.NOT_STARTED:
        left = task.duration_s
    elif task.state is TaskState.FAILED or (task.state is TaskState.BLOCKED and position in columns.guess):
        left = columns.work[position]
    calendar = expected.network.calendars.get(position)
    if calendar is None or not left:
        last_good = finish + min(0, forgiven - left)
    else:
        last_good = min(finish, calendar.place_back(calendar.finish_for(finish, forgiven), left)[0])
    if calendar is not None and any(not columns.closed[joint[0]] for joint in columns.links_into(position)):
        last_good = min(last_good, view.now)  # pushed over the end of a shift it loses a night at once
    if position in columns.delayed:  # until then it waits because it may
        last_good = min(last_good, columns.start[position])
    return view.after(last_good)


def _that_others_wait_for(view: View) -> Iterator[Task]:
    """The tasks at which the rule looks: open, not waiting for another (which is then the cause), and something
    depends on them."""
    board = view.board
    for task in view.tasks:
        if task.state in CLOSED_STATES:
            continue
        successors, ends_with = board.successors(task.id), None if task.backout else board.plan.ends_with
        ends_the_window = not successors if ends_with is None else task.ref == ends_with
        if not ends_the_window and all(successor.state in CLOSED_STATES for successor in successors):
            continue
        if task.id not in view.waiting:
            yield task


def _slipped(view: View, task: Task, forgiven: int) -> bool:
    delay, free = view.forecast.delay(task), free_finish(view, task)
    if delay.slip <= 0 or delay.own <= 0:
        return False
    return view.now > free or elapsed(view.calendar(task), free, view.finish(task)) > forgiven


def _say(view: View, task: Task, small: bool) -> Said:
    """Minutes by which it is over are only a notice: most are gone before anybody could do something about them."""
    pushed = pushes_of(view, task.ref)
    gates = gates_among(view, pushed)
    if small:
        severity = Severity.NOTICE
    elif view.forecast.window_float < 0 or any(_misses_deadline(view, push.ref) for push in pushed):
        severity = Severity.CRITICAL
    else:
        severity = Severity.WARNING if pushed else Severity.NOTICE
    told = view.handles(task.owner_id, task.backup_id, leads=True)
    return Said(_message(view, task, pushed, gates), told, severity)


def _misses_deadline(view: View, ref: str) -> bool:
    task = view.board.task(ref)
    return task is not None and task.deadline_s is not None and view.finish(task) > task.deadline_s


def _message(view: View, task: Task, pushed: tuple[Push, ...], gates: tuple[str, ...]) -> str:
    forecast, delay = view.forecast, view.forecast.delay(task)
    far = delay.slip >= DAY // 2
    planned = view.shown(forecast.planned(task).finish, day=far)
    expected = view.shown(view.finish(task), day=far)
    late = f"{show_duration(delay.own)} late"
    if delay.inherited:
        late += f" by itself ({show_duration(delay.slip)} in all)"
    parts = [f"{task.ref} {task.title}: {late}, planned {planned}, now expected {expected}"]
    if pushed:
        count = f"{len(pushed)} task{'s' if len(pushed) > 1 else ''}"
        moves = {push.ref: push.moves_s for push in pushed}
        first = f", first gate {gates[0]} by {show_duration(moves[gates[0]])}" if gates else ""
        parts.append(f"pushes {count}{first}")
    else:
        parts.append("pushes nobody yet")
    float_s = forecast.window_float
    parts.append(
        f"window float {show_duration(float_s)}" if float_s >= 0 else f"beyond the window by {show_duration(-float_s)}"
    )
    return "; ".join(parts)
