"""The main network of a Board, carried on from Board to Board: only what changed of it is made anew."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial

from warroom.board.board import Board, released_at
from warroom.board.calendars import Calendars, calendars_of
from warroom.board.rows import Absence, CalendarHours, Person, PlanVersion, Row, Run, Task
from warroom.board.rows import Link as TaskLink
from warroom.schedule.network import Activity, Link, Network, Progress
from warroom.schedule.passes import schedule
from warroom.schedule.result import Schedule
from warroom.vocabulary.words import Releases, RunKind, Runs, TaskState

RESTS_ON: tuple[type[Row], ...] = (Run, PlanVersion, Task, TaskLink, CalendarHours, Absence, Person)
"""All that a network reads of a Board."""

_SECOND = timedelta(seconds=1)

_PROGRESS = {
    TaskState.NOT_STARTED: Progress.OPEN,
    TaskState.RUNNING: Progress.RUNNING,
    TaskState.VERIFYING: Progress.RUNNING,
    TaskState.BLOCKED: Progress.BLOCKED,
    TaskState.DONE: Progress.FINISHED,
    TaskState.SKIPPED: Progress.SKIPPED,
    TaskState.FAILED: Progress.FAILED,
}


@dataclass(frozen=True, slots=True)
class MainNetwork:
    """The network of the tasks that take part.

    Attributes:
        tasks: in the order of the runbook.
        network: with what was done of them.
        frame: what all activities and links rest on beside their own tasks, compared by identity.
        plans: the plan alone by the anchor from which it counts back, as far as it was asked for.
    """

    tasks: tuple[Task, ...]
    network: Network
    frame: tuple[object, ...]
    plans: dict[int | None, Schedule] = field(default_factory=dict)

    def plan(self, board: Board, anchor: int | None) -> Schedule:
        """The plan alone, progress put aside; `anchor` as `schedule` takes it."""
        found = self.plans.get(anchor)
        if found is None:
            row = board.plan
            found = self.plans[anchor] = schedule(
                self.network, plan_start=row.plan_start_s, ends_with=row.ends_with, anchor=anchor
            )
        return found


def main_network(board: Board) -> MainNetwork:
    """The main network of a Board, made with what is kept of the one before it."""
    return board.renewed("main network drawn", RESTS_ON, lambda before: _renewed(board, before))


def _renewed(board: Board, before: MainNetwork | None) -> MainNetwork:
    tasks = tuple(taking_part(board, None if isinstance(board.plan, Run) else RunKind.LIVE))
    calendars = calendars_of(board)
    row = board.plan
    frame = board.rows(TaskLink), calendars, row.window_start, row.plan_start_s, row.ends_with
    origin = row.window_start
    if before is None or not _comparable(before, tasks, frame):
        network = Network((activity_of(task, calendars, origin) for task in tasks), links_of(board, tasks))
        return MainNetwork(tasks, network, frame)
    changed = [(old, new) for old, new in zip(before.tasks, tasks, strict=True) if old is not new]
    if not changed:
        return replace(before, frame=frame)
    as_planned = all(planned_activity(old, calendars) == planned_activity(new, calendars) for old, new in changed)
    network = before.network.with_activities(activity_of(new, calendars, origin) for _, new in changed)
    return MainNetwork(tasks, network, frame, before.plans if as_planned else {})


def _comparable(before: MainNetwork, tasks: Sequence[Task], frame: tuple[object, ...]) -> bool:
    """Whether nothing but fields of tasks can differ."""
    links, calendars, *plan = frame
    known_links, known_calendars, *known_plan = before.frame
    return (
        links is known_links
        and calendars is known_calendars
        and plan == known_plan
        and len(tasks) == len(before.tasks)
        and all((old.id, old.ref) == (new.id, new.ref) for old, new in zip(before.tasks, tasks, strict=True))
    )


def taking_part(board: Board, kind: RunKind | None) -> list[Task]:
    """The tasks of the main network that take part in a run of that kind; a run's own copy holds no others."""
    other = {None: None, RunKind.LIVE: Runs.REHEARSAL, RunKind.REHEARSAL: Runs.LIVE}[kind]
    return [task for task in board.tasks if task.runs is not other]


def seconds_from(origin: datetime, instant: datetime | None) -> int | None:
    """Whole seconds from `origin` to `instant` (both UTC), floored; None where there is no instant."""
    return None if instant is None else (instant - origin) // _SECOND


def activity_of(task: Task, calendars: Calendars | None, origin: datetime) -> Activity:
    """What is planned of a task, and what was done of it; `origin` (UTC) is the window start, 0 of all seconds."""

    seconds = partial(seconds_from, origin)
    released = task.state is TaskState.VERIFYING and task.releases is Releases.ON_EXECUTION
    return replace(
        planned_activity(task, calendars),
        progress=Progress.FINISHED if released else _PROGRESS[task.state],
        actual_start=seconds(task.actual_start),
        actual_finish=seconds(released_at(task)),
        eta=seconds(expected_finish(task)),
        blocked_since=seconds(task.blocked_at) if task.state is TaskState.BLOCKED else None,
        resumes=None if task.eta is not None else seconds(task.blocked_promise),
    )


def planned_activity(task: Task, calendars: Calendars | None) -> Activity:
    """What is planned of a task, with nothing of it done yet; `calendars` are those of its Board."""
    return Activity(
        key=task.ref,
        duration=task.duration_s,
        not_before=_earliest(task),
        deadline=task.deadline_s,
        must_start=task.must_start_s,
        must_finish=task.must_finish_s,
        as_late_as_possible=task.as_late_as_possible,
        calendar=None if calendars is None else calendars.of(task),
    )


def _earliest(task: Task) -> int | None:
    """The earliest start that the plan allows by itself: as written, and not before a change of the plan placed it."""
    named = [time for time in (task.not_before_s, task.planned_from_s) if time is not None]
    return max(named, default=None)


def expected_finish(task: Task) -> datetime | None:
    """When the task is expected to finish: as its owner said, or as counted progress implies if that is newer and the
    task goes on.

    Progress of `done` of `total` units since the actual start gives a rate, and the rate the time for the rest.
    """
    counted = task.progress_at is not None and (task.eta_given_at is None or task.progress_at > task.eta_given_at)
    if not counted or task.state is TaskState.BLOCKED:
        return task.eta
    done, total, since, at = task.progress_done, task.progress_total, task.actual_start, task.progress_at
    if not done or total is None or since is None or at is None or at <= since:
        return task.eta
    return at + (at - since) * max(0, total - done) / done


def links_of(board: Board, tasks: Iterable[Task]) -> list[Link]:
    """The links among these tasks."""
    refs = {task.id: task.ref for task in tasks}
    return [
        Link(refs[link.predecessor_id], refs[link.successor_id], link.lag_s, link.link_type)
        for task_id in refs
        for link in board.links_to(task_id)
        if link.predecessor_id in refs
    ]
