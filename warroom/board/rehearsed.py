"""What the tasks of a plan took in its rehearsals, and where durations come from when they are drawn."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from warroom.board.board import Board
from warroom.board.calendars import calendars_of
from warroom.board.rows import Outcome, Run, Task
from warroom.schedule.calendars import elapsed
from warroom.vocabulary.words import RunKind, TaskState

ENOUGH = 2
"""From so many rehearsals on their durations stand for what is to come: a single one says nothing of the spread."""


@dataclass(frozen=True, slots=True)
class Sample:
    """What a task took in one rehearsal: seconds of its working time, from its actual start to its actual finish.

    Attributes:
        run: name of the rehearsal.
        tier: its environment tier, where one was given.
    """

    run: str
    tier: int | None
    duration: int


Samples = Mapping[str, tuple[Sample, ...]]
"""What tasks took, by ref, the earliest rehearsal first."""


class Source(StrEnum):
    """Where the duration of a task comes from when it is drawn."""

    REHEARSAL = "rehearsal"
    THREE_POINT = "three-point"
    PLANNED = "planned"


def source_of(task: Task, rehearsed: Samples) -> Source:
    """What took place in at least `ENOUGH` rehearsals counts, else three points of the plan, else its one duration."""
    if len(rehearsed.get(task.ref, ())) >= ENOUGH:
        return Source.REHEARSAL
    if task.duration_low_s is not None and task.duration_high_s is not None:
        return Source.THREE_POINT
    return Source.PLANNED


def varies(board: Board, rehearsed: Samples) -> bool:
    """Whether the duration of any task varies when it is drawn."""
    return any(source_of(task, rehearsed) is not Source.PLANNED for task in board.tasks)


def rehearsals_before(board: Board) -> tuple[str, ...]:
    """The names of the rehearsals of the Board's plan that came before the run that it shows, the earliest first."""
    return tuple(
        run.name
        for run in board.rows(Run).values()
        if run.kind_of_run is RunKind.REHEARSAL
        and run.plan_id == board.plan.plan_id
        and (board.run_id is None or run.id < board.run_id)
    )


def samples_of(rehearsals: Iterable[Board]) -> Samples:
    """What the tasks took that were done in `rehearsals`, one Board for each.

    It is the last attempt that was done that counts. A task that was skipped, or was never finished, says nothing; nor
    does one that takes no time in the plan.
    """
    found: defaultdict[str, list[Sample]] = defaultdict(list)
    for board in rehearsals:
        run, calendars = board.run, calendars_of(board)
        assert run is not None
        for task in (*board.tasks, *board.backout_tasks):
            attempts: tuple[Outcome, ...] = (*board.attempts(task.id), task)
            done = next((attempt for attempt in reversed(attempts) if attempt.state is TaskState.DONE), None)
            if done is None or not task.duration_s or done.actual_start is None or done.actual_finish is None:
                continue
            times = done.actual_start, done.actual_finish
            begun, ended = ((instant - run.window_start) // timedelta(seconds=1) for instant in times)
            calendar = None if calendars is None else calendars.of(task)
            found[task.ref].append(Sample(run.name, run.tier, max(0, elapsed(calendar, begun, ended))))
    return {ref: tuple(samples) for ref, samples in found.items()}
