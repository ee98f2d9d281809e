"""The rows of a run sheet in the console: what is known of each task, and what is still asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from warroom.board.rows import Person, Step, Task
from warroom.board.run_sheets import SheetOrder
from warroom.tui.doing.sheet_draft import Column
from warroom.tui.picture.picture import Picture
from warroom.vocabulary.words import StepKind, TaskKind, TaskState

_UNFINISHED = (TaskState.NOT_STARTED, TaskState.RUNNING, TaskState.BLOCKED)


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A task of the sheet.

    Attributes:
        checks: whether they only verify it.
        times: when what is known of it happened (UTC, run time).
        asked: what may still be written beside it.
        steps: those that are still to be ticked.
        who: handle of the one who is taken to have done it, where nothing else is written.
        verifier: handle of the one who verifies it, or None.
    """

    task: Task
    checks: bool
    times: Mapping[Column, datetime]
    asked: frozenset[Column]
    steps: tuple[Step, ...]
    who: str
    verifier: str | None


def sheet_rows(picture: Picture, person: Person, order: SheetOrder, drafted: Iterable[int]) -> tuple[SheetRow, ...]:
    """The rows in the order of the sheet: their own tasks, then those they verify.

    Args:
        drafted: keys of tasks of which something was typed; they stay, whoever's they are by now.
    """
    placed = {*order.own, *order.to_verify}
    own = [*order.own, *sorted(key for key in set(drafted) if key not in placed)]
    tasks = picture.board.rows(Task)
    return tuple(
        _row(picture, person, tasks[key], checks)
        for keys, checks in ((own, False), (order.to_verify, True))
        for key in keys
        if key in tasks
    )


def _row(picture: Picture, person: Person, task: Task, checks: bool) -> SheetRow:
    board = picture.board
    verifier = board.handle(task.verifier_id)
    happened = {
        Column.STARTED: task.actual_start,
        Column.FINISHED: task.executed_at or task.actual_finish,
        Column.VERIFIED: task.actual_finish if verifier and task.state is TaskState.DONE else None,
    }
    steps = tuple(_open_steps(picture, task, checks))
    return SheetRow(
        task=task,
        checks=checks,
        times={column: at for column, at in happened.items() if at is not None},
        asked=frozenset(_asked(task, checks, bool(steps))),
        steps=steps,
        who=person.handle if checks else board.handle(task.executor_id) or person.handle,
        verifier=verifier,
    )


def _asked(task: Task, checks: bool, steps: bool) -> Iterator[Column]:
    """A gate is voted on and decided in its own way; whatever else there is may have a note. Of what is blocked it is
    only asked how that ended: it goes on before anything else is done to it."""
    if task.kind_of_task is TaskKind.GATE:
        return
    yield Column.NOTE
    unfinished, blocked = task.state in _UNFINISHED, task.state is TaskState.BLOCKED
    if not checks and unfinished:
        yield from (Column.FINISHED, Column.OUTCOME, Column.WHO)
        if task.actual_start is None and not blocked:
            yield Column.STARTED
    if (unfinished and not blocked) or task.state is TaskState.VERIFYING:
        if task.verifier_id is not None:
            yield Column.VERIFIED
        if steps:
            yield Column.STEPS


def _open_steps(picture: Picture, task: Task, checks: bool) -> Iterator[Step]:
    """The steps that may still be ticked by those on whose sheet the task stands."""
    for step in picture.board.steps(task.id):
        checking = step.kind_of_step is StepKind.VERIFICATION
        if step.ticked_at is None and (checking or (not checks and task.state in _UNFINISHED)):
            yield step
