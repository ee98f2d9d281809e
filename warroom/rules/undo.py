"""Which entries of the journal can be taken back, and what stands in the way."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from warroom.board.board import holds
from warroom.board.rows import Link, Task
from warroom.store.codec import changed, table_of
from warroom.vocabulary.journal import Entry

UNDO = "undo"

UNDOABLE = frozenset(
    {
        "task.start",
        "task.done",
        "task.verify",
        "task.block",
        "task.unblock",
        "task.skip",
        "task.fail",
        "task.eta",
        "task.progress",
        "task.note",
        "task.reopen",
        "task.rerun",
        "task.correct",
        "task.settle",
        "step.tick",
        "step.untick",
        "gate.vote",
    }
)
"""Every other action is never taken back."""

_INSTEAD = {
    "gate.decide": "a decision is reversed by a new decision only",
    "run": "runs and their clocks are not wound back",
    "plan": "the plan is changed by a change of its own",
}
"""Why not, by action or by its noun."""

_TAKING_UP = frozenset({"task.start", "task.done", "task.verify", "gate.decide"})


def never_undone(action: str) -> str | None:
    """Why an action is never taken back, in words; None when it can be."""
    if action in UNDOABLE:
        return None
    return _INSTEAD.get(action) or _INSTEAD.get(action.partition(".")[0]) or "it is not of the kind that can be"


def released_by(
    entry: Entry, task: Callable[[int], Task], links_from: Callable[[int], Iterable[tuple[Link, Task]]]
) -> set[int]:
    """Keys of the tasks that `entry` let start, and that taking it back would hold again.

    Args:
        task: the task with a key, as it is now. links_from: its links with the successor of each.
    """
    found = set()
    for change in entry.changes:
        if change.table == "task" and change.before is not None and "state" in change.before:
            now = task(change.key)
            before = changed(now, table_of(Task).values(change.before))
            found |= {
                successor.id
                for link, successor in links_from(change.key)
                if holds(link, before, successor) and not holds(link, now, successor)
            }
    return found


def built_on(entry: Entry, later: Iterable[Entry], released: Iterable[int]) -> Entry | None:
    """The first of the later entries that touched what `entry` changed or was about, or took up a task that it let
    start; None if nobody has built on it.

    Args:
        later: the entries after it, oldest first, without those that were taken back and without undo entries.
        released: what `released_by` gives.
    """
    rows = {(change.table, change.key) for change in entry.changes}
    held = {("task", key) for key in released}
    for one in later:
        touched = {(change.table, change.key) for change in one.changes}
        if one.subject == entry.subject or touched & rows or (one.action in _TAKING_UP and touched & held):
            return one
    return None
