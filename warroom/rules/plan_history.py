"""What a change of the plan may not touch: what has begun, and what is over."""

from __future__ import annotations

from collections.abc import Iterator

from warroom.board.board import CLOSED_STATES, Board
from warroom.board.plan_rows import column_word
from warroom.board.rows import Task
from warroom.store.codec import table_of
from warroom.vocabulary.words import TaskState

_WHERE_IT_IS_SHOWN = frozenset({"title", "phase", "stream", "position"})
_WHOSE_AND_HOW = frozenset({"owner_id", "backup_id", "verifier_id", "instructions", "undo"})


def begun(board: Board, task: Task) -> bool:
    """Whether work on the task has begun, or people have voted on the gate that it is; from then on its plan stands."""
    if task.state is TaskState.BLOCKED:
        return task.actual_start is not None
    gate = board.gate_of(task.id)
    voted = gate is not None and bool(board.votes(gate.id))
    return voted or task.state is not TaskState.NOT_STARTED


def rewritten(before: Board, after: Board) -> tuple[str, ...]:
    """What of history the way from `before` to `after` would rewrite, in words; nothing, if it may be gone.

    Of a task that has begun the plan stands: its times, links, steps, votes. It may be shown elsewhere (title, phase,
    stream, place), and until it is done go to other people, with other instructions. Where the point of no return has
    been passed, it stays where it was.
    """
    return tuple(_rewritten(before, after))


def _rewritten(before: Board, after: Board) -> Iterator[str]:
    for task in sorted(before.rows(Task).values(), key=lambda task: task.position):
        if not begun(before, task):
            continue
        new = after.rows(Task).get(task.id)
        standing = f"{task.ref} {_standing(task)}"
        if new is None:
            yield f"{standing}: it cannot be removed"
        elif changed := _changed(before, after, task, new):
            yield f"{standing}: its {', '.join(changed)} cannot be changed"
    ref = before.plan.point_of_no_return
    passed = None if ref is None else before.task(ref)
    if passed is not None and passed.actual_start is not None and after.plan.point_of_no_return != ref:
        yield f"the point of no return, {ref}, has been passed: it cannot be moved"


def _changed(before: Board, after: Board, task: Task, new: Task) -> list[str]:
    free = _WHERE_IT_IS_SHOWN if task.state in CLOSED_STATES else _WHERE_IT_IS_SHOWN | _WHOSE_AND_HOW
    changed = [
        column_word(column)
        for column in table_of(Task).columns
        if column not in free and getattr(task, column) != getattr(new, column)
    ]
    if _links(before, task) != _links(after, task):
        changed.append("links")
    if _steps(before, task) != _steps(after, task):
        changed.append("steps")
    if _panel(before, task) != _panel(after, task):
        changed.append("gate")
    return changed


def _links(board: Board, task: Task) -> set[tuple[int, str, int]]:
    return {(link.predecessor_id, link.link_type, link.lag_s) for link in board.links_to(task.id)}


def _steps(board: Board, task: Task) -> list[tuple[int, str, str]]:
    return [(step.id, step.kind_of_step, step.text) for step in board.steps(task.id)]


def _panel(board: Board, task: Task) -> object:
    """All that is laid down about a gate; None for a task."""
    gate = board.gate_of(task.id)
    if gate is None:
        return None
    return [row.__dict__ for row in (gate, *board.seats(gate.id), *board.criteria(gate.id))]


def _standing(task: Task) -> str:
    if task.state is TaskState.NOT_STARTED:
        return "has been voted on"
    return {TaskState.DONE: "is done", TaskState.SKIPPED: "was skipped", TaskState.FAILED: "has failed"}.get(
        task.state, "has begun"
    )
