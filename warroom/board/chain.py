"""What comes before a task and after it, all the way: the chain that it is a part of."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from warroom.board.board import Board
from warroom.board.rows import Task


@dataclass(frozen=True, slots=True)
class Chained:
    """A task of a chain. `level` is how many links it is away at least: below 0 it comes before."""

    task: Task
    level: int


def upstream(board: Board, task: Task, levels: int | None = None) -> tuple[Chained, ...]:
    """All that comes before a task, the nearest first; with `levels` no farther than so many links."""
    return tuple(Chained(one, -level) for one, level in _reached(task, board.predecessors, levels))


def downstream(board: Board, task: Task, levels: int | None = None) -> tuple[Chained, ...]:
    """All that comes after a task, the nearest first; with `levels` no farther than so many links."""
    return tuple(Chained(one, level) for one, level in _reached(task, board.successors, levels))


def _reached(task: Task, beside: Callable[[int], Iterable[Task]], levels: int | None) -> Iterable[tuple[Task, int]]:
    seen, edge, level = {task.id}, [task], 0
    while edge and (levels is None or level < levels):
        level += 1
        following = []
        for one in edge:
            for other in beside(one.id):
                if other.id not in seen:
                    seen.add(other.id)
                    following.append(other)
                    yield other, level
        edge = following
