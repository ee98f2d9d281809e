"""The picture: everything that the screens draw, made once from a Board at a run time and shared by all widgets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from warroom.board.board import CLOSED_STATES, Board
from warroom.board.figures import Figures, figures, is_late
from warroom.board.forecast import Forecast, forecast
from warroom.board.impossible import impossible_hours
from warroom.board.rows import Task
from warroom.clock.durations import MINUTE
from warroom.clock.times import parse_zone, show_time
from warroom.rules.permissions import Actor
from warroom.schedule.result import Schedule
from warroom.tui.attention import Demand, demands
from warroom.tui.marks import DORMANT, STATES, Mark
from warroom.vocabulary.words import ShownState, TaskState

BIG_BOARD = 2_000
"""From so many tasks on a picture is made off the loop."""

BACKOUT_GROUP = "BACK-OUT"
"""Key and name of the group of the back-out's tasks."""


@dataclass(frozen=True, slots=True)
class Group:
    """The tasks of one phase with what sums them up; instants in seconds from the window start.

    Attributes:
        key: of the phase; "" for the tasks that have none.
        dormant: whether it is the back-out, whose tasks have no time of their own.
        slip: seconds by which the group finishes later than planned.
    """

    key: str
    name: str
    tasks: tuple[Task, ...]
    done: int
    mark: Mark
    planned_start: int
    planned_finish: int
    start: int
    finish: int
    dormant: bool = False

    @property
    def slip(self) -> int:
        return self.finish - self.planned_finish


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """One Board at one run time.

    Attributes:
        now: run time, UTC; the wall clock while there is no run.
        zone: the programme's zone, in which times are shown and typed.
        groups: the main network by phase, in the order of the runbook; behind it the back-out, if there is one, or
            before it once that is invoked.
        demands: who must act.
        impossible: why tasks never find the working time that they need, by ref.
    """

    board: Board
    forecast: Forecast
    figures: Figures
    now: datetime
    zone: ZoneInfo
    actor: Actor
    groups: tuple[Group, ...]
    demands: tuple[Demand, ...]
    impossible: Mapping[str, str]

    @property
    def in_run(self) -> bool:
        """Whether there is a run that is still open."""
        run = self.board.run
        return run is not None and run.closed_at is None

    def time(self, instant: datetime) -> str:
        """The clock time in the programme's zone, with the day where it is not today's."""
        same_day = instant.astimezone(self.zone).date() == self.now.astimezone(self.zone).date()
        return show_time(instant, self.zone, day=not same_day)

    def weekday_time(self, instant: datetime) -> str:
        """The clock time in the programme's zone, with the weekday alone where that is enough to tell the day."""
        if abs(instant - self.now) > timedelta(days=6):
            return self.time(instant)
        same_day = instant.astimezone(self.zone).date() == self.now.astimezone(self.zone).date()
        shown = show_time(instant, self.zone)
        return shown[-5:] if same_day else f"{shown[:3]} {shown[-5:]}"

    def late(self, task: Task) -> bool:
        """Whether an open task is expected to finish at least a minute after its planned finish."""
        if self.board.is_held(task):
            return False
        return is_late(task, self.forecast) and self.forecast.delay(task).slip >= MINUTE


def picture_of(board: Board, now: datetime, actor: Actor) -> Picture:
    """Make the picture of `board` at `now` (UTC, run time) for `actor`. Pure."""
    expected = forecast(board, now)
    zone = parse_zone(board.programme.timezone)
    return Picture(
        board=board,
        forecast=expected,
        figures=figures(board, expected),
        now=now,
        zone=zone,
        actor=actor,
        groups=_in_order(_groups(board, expected), _backout(board, expected)),
        demands=demands(board, expected, zone),
        impossible=impossible_hours(board, expected),
    )


def _in_order(main: tuple[Group, ...], backout: tuple[Group, ...]) -> tuple[Group, ...]:
    dormant = all(group.dormant for group in backout)
    return (*main, *backout) if dormant else (*backout, *main)


def _groups(board: Board, expected: Forecast) -> tuple[Group, ...]:
    by_phase: dict[str, list[Task]] = {phase.key: [] for phase in board.phases}
    for task in board.tasks:
        if task.ref in expected.delays:
            by_phase.setdefault(task.phase or "", []).append(task)
    names = {phase.key: phase.name for phase in board.phases}
    return tuple(
        _group(board, key, names.get(key, key or "Other"), tuple(tasks), expected.plan, expected.expected)
        for key, tasks in by_phase.items()
        if tasks
    )


def _backout(board: Board, expected: Forecast) -> tuple[Group, ...]:
    """The back-out as a group of its own: once it is invoked as it goes; until then from the latest safe decision on,
    for as long as it takes."""
    tasks, begun = board.backout_tasks, expected.backing_out
    if begun is not None:
        tasks = tuple(task for task in tasks if task.ref in expected.delays)
    if not tasks:
        return ()
    if begun is not None:
        return (_group(board, BACKOUT_GROUP, BACKOUT_GROUP, tasks, begun.plan, begun.expected),)
    start = expected.end if expected.decide_backout_by is None else expected.decide_backout_by
    finish = start + (0 if expected.decide_backout_by is None else expected.backout_duration or 0)
    return (
        Group(
            key=BACKOUT_GROUP,
            name=BACKOUT_GROUP,
            tasks=tasks,
            done=sum(task.state in CLOSED_STATES for task in tasks),
            mark=DORMANT,
            planned_start=start,
            planned_finish=finish,
            start=start,
            finish=finish,
            dormant=True,
        ),
    )


def _group(board: Board, key: str, name: str, tasks: tuple[Task, ...], plan: Schedule, expected: Schedule) -> Group:
    columns, planned, positions = expected.columns, plan.columns, expected.network.positions
    in_plan = [plan.network.positions[task.ref] for task in tasks]
    in_forecast = [positions[task.ref] for task in tasks if not board.is_held(task)]
    planned_start = min(planned.start[position] for position in in_plan)
    planned_finish = max(planned.finish[position] for position in in_plan)
    done = sum(task.state in CLOSED_STATES for task in tasks)
    return Group(
        key=key,
        name=name,
        tasks=tasks,
        done=done,
        mark=STATES[_state(tasks, done)],
        planned_start=planned_start,
        planned_finish=planned_finish,
        start=min((columns.start[position] for position in in_forecast), default=planned_start),
        finish=max((columns.finish[position] for position in in_forecast), default=planned_finish),
    )


def _state(tasks: tuple[Task, ...], done: int) -> ShownState:
    """The state that says most about a group."""
    states = {task.state for task in tasks}
    if done == len(tasks):
        return ShownState.DONE
    if TaskState.FAILED in states:
        return ShownState.FAILED
    if TaskState.BLOCKED in states:
        return ShownState.BLOCKED
    if done or states & {TaskState.RUNNING, TaskState.VERIFYING}:
        return ShownState.RUNNING
    return ShownState.WAITING
