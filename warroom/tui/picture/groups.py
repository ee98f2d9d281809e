"""The tasks of a Board in groups, each with what sums it up: by phase, stream or owner, or the most pressing first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from warroom.board.board import CLOSED_STATES, Board
from warroom.board.figures import is_late
from warroom.board.forecast import Forecast
from warroom.board.rows import Task
from warroom.clock.durations import HOUR, MINUTE
from warroom.schedule.result import Schedule
from warroom.tui.drawing.marks import DORMANT, STATES, Mark
from warroom.vocabulary.words import ShownState, TaskState

BACKOUT_GROUP = "BACK-OUT"
"""Key and name of the group of the back-out's tasks."""

CLOSED_PART = "Closed"
"""Key and name of the part that has nothing left to do, where tasks are grouped by how pressing they are."""

NEAR_S = HOUR
"""Tasks with less float than this come right behind the critical ones."""


class Grouping(StrEnum):
    """By what tasks are put together."""

    PHASE = "phase"
    STREAM = "stream"
    OWNER = "owner"
    CRITICAL = "critical path first"
    LATE = "late first"

    @property
    def heading(self) -> str:
        """ "by phase", "late first" """
        return self.value if self in (Grouping.CRITICAL, Grouping.LATE) else f"by {self.value}"

    @property
    def following(self) -> Grouping:
        """The next one, round and round."""
        all_of_them = list(Grouping)
        return all_of_them[(all_of_them.index(self) + 1) % len(all_of_them)]


@dataclass(frozen=True, slots=True)
class Group:
    """Some tasks with what sums them up; instants in seconds from the window start.

    Attributes:
        key: of the phase, the stream or the owner; "" for the tasks that have none.
        dormant: whether it is the back-out, whose tasks have no time of their own.
        slip: seconds by which the group finishes later than planned.
        causes, pushed: how many open tasks are late by their own doing, and how many because of others.
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
    causes: int = 0
    pushed: int = 0

    @property
    def slip(self) -> int:
        return self.finish - self.planned_finish

    @property
    def closed(self) -> bool:
        """Whether nothing of it is left to do."""
        return self.done == len(self.tasks)


def lateness(board: Board, expected: Forecast, task: Task) -> int:
    """Seconds by which an open task is expected to finish later than planned; 0 below a minute."""
    if board.is_held(task) or not is_late(task, expected):
        return 0
    slip = expected.delay(task).slip
    return slip if slip >= MINUTE else 0


def groups_of(board: Board, expected: Forecast, by: Grouping) -> tuple[Group, ...]:
    """The main network in groups that are not empty, without the back-out.

    Phases, streams and owners come in the order of the runbook, people by their handles. `CRITICAL` and `LATE` put the
    most pressing tasks on top, each part in the order in which somebody has to look at it.
    """
    tasks = [task for task in board.tasks if task.ref in expected.delays]
    if by is Grouping.PHASE:
        parts = _by(tasks, {phase.key: phase.name for phase in board.phases}, _phase, "Other")
    elif by is Grouping.STREAM:
        parts = _by(tasks, {stream.key: stream.name for stream in board.streams}, _stream, "no stream")
    elif by is Grouping.OWNER:
        handles = {task.id: board.handle(task.owner_id) or "" for task in tasks}
        people = sorted({handle for handle in handles.values() if handle})
        names = {handle: board.name_called(handle) for handle in people}
        parts = _by(tasks, names, lambda task: handles[task.id], "nobody")
    elif by is Grouping.CRITICAL:
        parts = _by_float(tasks, expected)
    else:
        parts = _by_lateness(board, expected, tasks)
    return tuple(
        _group(board, expected, key, name, found, expected.plan, expected.expected)
        for key, name, found in parts
        if found
    )


def backout_groups(board: Board, expected: Forecast) -> tuple[Group, ...]:
    """The back-out as a group of its own: once it is invoked as it goes; until then from the latest safe decision on,
    for as long as it takes. None where there is nothing to back out."""
    tasks, begun = board.backout_tasks, expected.backing_out
    if begun is not None:
        tasks = tuple(task for task in tasks if task.ref in expected.delays)
    if not tasks:
        return ()
    if begun is not None:
        return (_group(board, expected, BACKOUT_GROUP, BACKOUT_GROUP, tasks, begun.plan, begun.expected),)
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


def sifted(groups: tuple[Group, ...], keeps: Callable[[Task], bool]) -> tuple[Group, ...]:
    """The groups with the tasks that are kept, and how many of those are done; a group's times stay those of all."""
    found = []
    for group in groups:
        tasks = tuple(task for task in group.tasks if keeps(task))
        if tasks:
            done = sum(task.state in CLOSED_STATES for task in tasks)
            found.append(replace(group, tasks=tasks, done=done))
    return tuple(found)


def in_order(main: tuple[Group, ...], backout: tuple[Group, ...]) -> tuple[Group, ...]:
    """The back-out behind all others, or before them once it is invoked."""
    dormant = all(group.dormant for group in backout)
    return (*main, *backout) if dormant else (*backout, *main)


_Parts = Iterable[tuple[str, str, tuple[Task, ...]]]


def _phase(task: Task) -> str:
    return task.phase or ""


def _stream(task: Task) -> str:
    return task.stream or ""


def _by(tasks: list[Task], names: Mapping[str, str], key_of: Callable[[Task], str], none: str) -> _Parts:
    found: dict[str, list[Task]] = {key: [] for key in names}
    for task in tasks:
        found.setdefault(key_of(task), []).append(task)
    return [(key, names.get(key, key or none), tuple(some)) for key, some in found.items()]


def _by_float(tasks: list[Task], expected: Forecast) -> _Parts:
    columns, positions = expected.expected.columns, expected.expected.network.positions
    found: dict[str, list[Task]] = {name: [] for name in ("On the critical path", _NEAR, "With float", CLOSED_PART)}
    for task in tasks:
        position = positions[task.ref]
        if task.state in CLOSED_STATES or columns.closed[position]:
            found[CLOSED_PART].append(task)
            continue
        spare = expected.expected.total_float(position)
        if spare <= 0 or position in columns.on_longest_path:
            found["On the critical path"].append(task)
        else:
            found[_NEAR if spare < NEAR_S else "With float"].append(task)
    for name, some in found.items():
        if name != CLOSED_PART:
            some.sort(key=lambda task: (columns.start[positions[task.ref]], task.position))
    return [(name, name, tuple(some)) for name, some in found.items()]


_NEAR = "Less than 1 h of float"


def _by_lateness(board: Board, expected: Forecast, tasks: list[Task]) -> _Parts:
    found: dict[str, list[Task]] = {name: [] for name in ("Late by itself", "Pushed", "On time", CLOSED_PART)}
    late = {task.id: lateness(board, expected, task) for task in tasks}
    for task in tasks:
        if task.state in CLOSED_STATES:
            found[CLOSED_PART].append(task)
        elif not late[task.id]:
            found["On time"].append(task)
        else:
            found["Late by itself" if expected.delay(task).own >= MINUTE else "Pushed"].append(task)
    found["Late by itself"].sort(key=lambda task: (-expected.delay(task).own, task.position))
    found["Pushed"].sort(key=lambda task: (-late[task.id], task.position))
    return [(name, name, tuple(some)) for name, some in found.items()]


def _group(
    board: Board,
    forecast: Forecast,
    key: str,
    name: str,
    tasks: tuple[Task, ...],
    plan: Schedule,
    expected: Schedule,
) -> Group:
    columns, planned, positions = expected.columns, plan.columns, expected.network.positions
    in_plan = [plan.network.positions[task.ref] for task in tasks]
    in_forecast = [positions[task.ref] for task in tasks if not board.is_held(task)]
    planned_start = min(planned.start[position] for position in in_plan)
    planned_finish = max(planned.finish[position] for position in in_plan)
    done = sum(task.state in CLOSED_STATES for task in tasks)
    late = [task for task in tasks if lateness(board, forecast, task)]
    causes = sum(forecast.delay(task).own >= MINUTE for task in late)
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
        causes=causes,
        pushed=len(late) - causes,
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
