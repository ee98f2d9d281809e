"""What rests on a task: found here and nowhere else, for whoever does it again or finds that it is not finished."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from warroom.board.board import released_at
from warroom.board.rows import Link, Task
from warroom.vocabulary.words import TaskKind, TaskState

_TAKEN_UP = frozenset({TaskState.RUNNING, TaskState.VERIFYING, TaskState.DONE})
RUN_AGAIN = frozenset({TaskState.DONE, TaskState.FAILED})


def resting_on(task: Task, tasks: Mapping[int, Task], links: Iterable[Link], *, again: bool) -> list[Task]:
    """The tasks that have begun and the gates that are decided behind `task`, directly or through others that have
    begun, in the order of the runbook.

    Args:
        tasks, links: those of the run, tasks by key.
        again: whether the task is done again from its start. Otherwise its start stands, and directly behind it only
            what was taken up since it was finished rests on it.
    """
    behind: defaultdict[int, list[Link]] = defaultdict(list)
    for link in links:
        behind[link.predecessor_id].append(link)
    found: dict[int, Task] = {}
    waiting = [task.id]
    while waiting:
        key = waiting.pop()
        for link in behind[key]:
            successor = tasks[link.successor_id]
            if successor.id in found or successor.id == task.id or not _taken_up(successor):
                continue
            if key == task.id and not again and not _since_finish(link, task, successor):
                continue
            found[successor.id] = successor
            waiting.append(successor.id)
    return sorted(found.values(), key=lambda one: one.position)


def why_not_again(task: Task) -> str | None:
    """Why `task` cannot be done again, in words; None when it can: it is done or has failed, or it has begun and rests
    on something that was done again."""
    if task.kind_of_task is TaskKind.GATE:
        return "a gate is decided anew, not re-run"
    if task.state in RUN_AGAIN or (task.stale_since is not None and task.actual_start is not None):
        return None
    return "only what is done, has failed or became stale is re-run"


def _taken_up(task: Task) -> bool:
    if task.state in _TAKEN_UP:
        return True
    begun = task.actual_start is not None
    return begun and (task.state is TaskState.BLOCKED or task.stale_since is not None)


def _since_finish(link: Link, task: Task, successor: Task) -> bool:
    finished = released_at(task)
    if finished is None or link.link_type.leaves_start:
        return False
    taken_up = successor.actual_start
    if link.link_type.reaches_finish:
        taken_up = successor.actual_finish or successor.executed_at
    return taken_up is not None and taken_up >= finished
