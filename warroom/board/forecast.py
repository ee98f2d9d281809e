"""The forecast of a Board at a time: pure, and the only place where a Board is turned into a network and back.

Inside, time is whole seconds from the window start; `Forecast.instant` turns them into UTC.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from weakref import WeakValueDictionary

from warroom.board import networks
from warroom.board.board import Board, ever_started
from warroom.board.calendars import calendars_of
from warroom.board.networks import (
    MainNetwork,
    activity_of,
    links_of,
    main_network,
    planned_activity,
    seconds_from,
    taking_part,
)
from warroom.board.rows import Decision, Gate, Invocation, Row, Run, Task
from warroom.schedule.backout import Backout
from warroom.schedule.delay import Delay, delays
from warroom.schedule.network import Activity, Network, Progress
from warroom.schedule.passes import schedule
from warroom.schedule.result import Schedule, Timing
from warroom.vocabulary.words import ProgressLogic, RunKind, TaskState

_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class BackingOut:
    """A back-out that has been invoked.

    Attributes:
        invoked_at: seconds.
        plan: the back-out as it was begun. `expected`: the forecast with actuals.
    """

    invoked_at: int
    plan: Schedule
    expected: Schedule

    @property
    def finish(self) -> int:
        """When the back-out is expected to be done, seconds."""
        return max(self.invoked_at, self.expected.finish)


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Forecast:
    """What is planned and what is expected, as known from one Board at one time.

    Attributes:
        at: the data date: the time asked for, floored to the minute, UTC.
        origin: the window start, UTC, 0 of all seconds below.
        end, restore_by: seconds.
        plan: the plan alone. `expected`: the forecast with actuals (the plan again while there is no run).
        delays: own and inherited delay of each task, by ref.
        decide_backout_by: latest safe back-out decision, seconds; None without a back-out, or once the point of
            no return has passed or a back-out was invoked.
        backout_duration: seconds that a back-out decided now takes.
        backout: that back-out itself; None as `decide_backout_by`.
        worst_backout: the same with the longest durations that the plan allows for.
        backing_out: the back-out that was invoked; its tasks are then among the `delays`, and `of`, `planned` and
            `delay` tell of them too.
    """

    at: datetime
    origin: datetime
    end: int
    restore_by: int
    plan: Schedule
    expected: Schedule
    delays: dict[str, Delay]
    decide_backout_by: int | None
    backout_duration: int | None
    backout: Backout | None
    worst_backout: Backout | None = None
    backing_out: BackingOut | None = None

    def instant(self, seconds: int) -> datetime:
        """The UTC instant that lies `seconds` after the window start."""
        return self.origin + timedelta(seconds=seconds)

    def seconds(self, instant: datetime) -> int:
        """The inverse of `instant`, floored."""
        return (instant - self.origin) // _SECOND

    @property
    def now(self) -> int:
        """The data date in seconds."""
        return self.seconds(self.at)

    @property
    def planned_finish(self) -> int:
        return self.plan.finish

    @property
    def finish(self) -> int:
        """When the task that ends the window is expected to finish, seconds."""
        return self.expected.finish

    @property
    def window_float(self) -> int:
        """Seconds between the expected finish and the window's end; negative beyond it."""
        return self.end - self.expected.finish

    def of(self, task: Task) -> Timing:
        """What is expected of a task of the main network, or of the back-out that was invoked."""
        return self.expected_with(task).of(task.ref)

    def start_of(self, task: Task) -> int:
        """When a task is expected to start, or did, seconds; cheaper than all that `of` tells."""
        expected = self.expected_with(task)
        return expected.columns.start[expected.network.positions[task.ref]]

    def finish_of(self, task: Task) -> int:
        """When a task is expected to finish, or did, seconds."""
        expected = self.expected_with(task)
        return expected.columns.finish[expected.network.positions[task.ref]]

    def planned(self, task: Task) -> Timing:
        backing_out = self.backing_out
        plan = self.plan if backing_out is None or not task.backout else backing_out.plan
        return plan.of(task.ref)

    def expected_with(self, task: Task) -> Schedule:
        """The schedule in which the task is expected."""
        backing_out = self.backing_out
        return self.expected if backing_out is None or not task.backout else backing_out.expected

    def delay(self, task: Task) -> Delay:
        return self.delays[task.ref]


def floor_to_minute(instant: datetime) -> datetime:
    """The start of the minute: the data date of a forecast, so that a replay can repeat it."""
    return instant.replace(second=0, microsecond=0)


RESTS_ON: tuple[type[Row], ...] = (*networks.RESTS_ON, Gate, Decision, Invocation)
"""All that a forecast reads of a Board."""


def forecast(board: Board, at: datetime, *, from_window: bool = False) -> Forecast:
    """The forecast of `board` at `at` (UTC, run time); see DESIGN section 4 for the rules.

    One that somebody still holds is not made again, for a later Board neither while nothing changed that it rests on.

    Args:
        from_window: count the plan's late dates back from the window's end, as those of a run always are; otherwise
            from the plan's own finish, so that its longest path has no float.
    """
    kept: WeakValueDictionary[tuple[datetime, bool], Forecast] = board.view("forecasts", RESTS_ON, WeakValueDictionary)
    asked = floor_to_minute(at), from_window
    found = kept.get(asked)
    if found is None:
        found = kept[asked] = _forecast(board, *asked)
    return found


def _forecast(board: Board, at: datetime, from_window: bool) -> Forecast:
    plan_row = board.plan
    origin = plan_row.window_start
    in_run = isinstance(plan_row, Run)
    calendars = calendars_of(board)

    seconds = partial(seconds_from, origin)

    def activity(task: Task) -> Activity:
        return activity_of(task, calendars, origin)

    drawn = main_network(board)
    end, now = seconds(plan_row.window_end), seconds(at)
    restore_by = seconds(plan_row.restore_by)
    assert end is not None
    assert now is not None
    assert restore_by is not None
    plan = drawn.plan(board, end if from_window or in_run else None)
    expected = plan
    if in_run:
        expected = schedule(
            _held(board, drawn, origin, now),
            plan_start=plan_row.plan_start_s,
            data_date=now,
            ends_with=plan_row.ends_with,
            anchor=end,
            progress_override=plan_row.progress_logic is ProgressLogic.OVERRIDE,
        )
    backout, backout_tasks, invocation = None, board.backout_tasks, board.invocation
    worst: Backout | None = None
    if backout_tasks and invocation is None and not board.past_point_of_no_return:
        backout = Backout(
            restore_by,
            Network(map(activity, backout_tasks), links_of(board, backout_tasks)),
            buffer=plan_row.buffer_s,
            needed={task.ref for task in backout_tasks if must_undo(board, task)} if in_run else None,
        )
        worst = backout.lasting({task.ref: task.duration_high_s or task.duration_s for task in backout_tasks})
    backing_out = None
    if invocation is not None:
        # As when it was still dormant, only durations, links and calendars count, and now also what was done.
        called = seconds(invocation.at)
        assert called is not None
        assert now is not None
        woken = [task for task in backout_tasks if not (task.ref in invocation.left_out and _skipped(task))]
        begun = Network([unconstrained(activity(task)) for task in woken], links_of(board, woken))
        backing_out = BackingOut(
            invoked_at=called,
            plan=schedule(begun, plan_start=called, anchor=restore_by),
            expected=schedule(begun, plan_start=called, data_date=max(now, called), anchor=restore_by),
        )
    decision = None if backout is None else backout.latest_decision()
    return Forecast(
        at=at,
        origin=origin,
        end=end,
        restore_by=restore_by,
        plan=plan,
        expected=expected,
        delays=delays(plan, expected) | ({} if backing_out is None else delays(backing_out.plan, backing_out.expected)),
        decide_backout_by=None if decision is None else decision.decide_by,
        backout_duration=None if decision is None else decision.duration,
        backout=backout,
        worst_backout=worst,
        backing_out=backing_out,
    )


def plan_of(board: Board, kind: RunKind, window_start: datetime) -> Schedule:
    """The plan alone, as it is in a run of that kind whose window starts then (UTC), nothing of it done yet."""
    tasks = taking_part(board, kind)
    calendars = calendars_of(board, window_start)
    network = Network([planned_activity(task, calendars) for task in tasks], links_of(board, tasks))
    plan = board.plan
    end = (plan.window_end - plan.window_start) // _SECOND
    return schedule(network, plan_start=plan.plan_start_s, ends_with=plan.ends_with, anchor=end)


def unconstrained(activity: Activity) -> Activity:
    """The same without the times that were planned for it: those of a back-out come from its decision alone."""
    return replace(
        activity, not_before=None, deadline=None, must_start=None, must_finish=None, as_late_as_possible=False
    )


def _skipped(task: Task) -> bool:
    return task.state is TaskState.SKIPPED


def _held(board: Board, drawn: MainNetwork, origin: datetime, now: int) -> Network:
    """The main network as verdicts hold it: a gate that is decided again at a time, not before that; and tasks of an
    entity that a gate has not released, not before it could be decided again, were that begun now."""
    not_before: dict[str, int] = {}
    for task in drawn.tasks:
        if task.state is TaskState.FAILED and (gate := board.gate_of(task.id)) is not None:
            if decisions := board.decisions(gate.id):
                again = decisions[-1].retry_at
                if again is not None:
                    not_before[task.ref] = (again - origin) // _SECOND - task.duration_s
        elif task.state is TaskState.NOT_STARTED and (gates := board.gates_holding(task)):
            not_before[task.ref] = now + max(board.rows(Task)[key].duration_s for key in gates)
    network = drawn.network

    def held(key: str, earliest: int) -> Activity:
        activity = network.activity(key)
        again = activity.progress is Progress.FAILED
        return replace(
            activity,
            progress=Progress.OPEN if again else activity.progress,
            actual_start=None if again else activity.actual_start,
            actual_finish=None if again else activity.actual_finish,
            not_before=max(earliest, activity.not_before or earliest),
        )

    return network.with_activities(held(*each) for each in not_before.items()) if not_before else network


def must_undo(board: Board, backout_task: Task) -> bool:
    """Whether anything that the back-out task undoes has been started; a task that names nothing is always needed."""
    if not backout_task.undoes:
        return True
    return any((task := board.task(ref)) is not None and ever_started(task) for ref in backout_task.undoes)
