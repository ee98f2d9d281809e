"""Which entries of the journal can be taken back, and what stands in the way."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable
from itertools import islice

from warroom.board.board import holds
from warroom.board.plan_words import PLAN_ACTIONS
from warroom.board.rows import Link, Task
from warroom.store.codec import changed, table_of
from warroom.vocabulary.journal import Entry

UNDO = "undo"

REACH = 20_000
"""So many entries of the run are looked back through, which takes about a second: more than most cutovers have. Whoever
takes something back has mostly just done it, but in a busy room their own last deed may lie thousands back."""

NOTHING = f"there is nothing of yours to take back among the last {REACH:,} entries"

UNDOABLE = frozenset(
    {
        "task.start",
        "task.confirm",
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
        "gate.voice",
        "gate.assess",
        "gate.measure",
        "log.decision",
        "log.paper",
        "log.entered",
        "roll.answer",
        "roll.missing",
        "problem.raise",
        "problem.update",
        "problem.solve",
        "problem.reopen",
        "control.record",
        "control.import",
        "control.dispose",
        "control.reopen",
    }
)
"""Every other action is never taken back."""

_INSTEAD = {
    **dict.fromkeys(PLAN_ACTIONS, "the plan is changed by a change of its own"),
    "gate.decide": "a decision is reversed by a new decision only",
    "rollback": "a back-out stands once it is invoked; a trigger is withdrawn, its clock stopped",
    "control.sign": "what is signed stands, and its next round is opened: warroom control reopen",
    "run": "runs and their clocks are not wound back",
    "plan": "the plan is changed by a change of its own",
    "person": "people are edited anew, and come back by: warroom person back",
    "party": "parties stay",
    "roll": "a roll-call is called anew",
    "handover": "a shift goes back by another hand-over",
}
"""Why not, by action or by its noun."""

_TAKING_UP = frozenset({"task.start", "task.done", "task.verify", "gate.decide"})


def own_last(
    newest_first: Iterable[Entry], handle: str, undone: Container[int]
) -> tuple[Entry, tuple[Entry, ...]] | None:
    """The last entry that `handle` recorded and that still counts, with the later ones that do, oldest first; None if
    there is none within `REACH`. Undo entries, what they took back (`undone`, by seq), and entries that changed
    nothing, such as that of a log-in, count for nothing."""
    later: list[Entry] = []
    for entry in islice(newest_first, REACH):
        if entry.action == UNDO or entry.seq in undone or not entry.changes:
            continue
        if entry.actor == handle:
            return entry, tuple(reversed(later))
        later.append(entry)
    return None


def why_not(entry: Entry, later: Iterable[Entry], released: Iterable[int]) -> str | None:
    """Why `entry` cannot be taken back, in words; None when it can. The arguments are those of `built_on`."""
    if entry.action not in UNDOABLE:
        instead = _INSTEAD.get(entry.action) or _INSTEAD.get(entry.action.partition(".")[0])
        return f"{told(entry)} is never taken back" + (f": {instead}" if instead else "")
    if (builder := built_on(entry, later, released)) is not None:
        return f"{told(entry)} has been built on: {told(builder)[:-1]}"
    return None


def told(entry: Entry) -> str:
    """An entry in a few words: what, about what, by whom, which."""
    who = entry.done_by if entry.done_by == entry.actor else f"{entry.done_by} (recorded by {entry.actor})"
    return f"{entry.action} of {entry.subject} by {who}, entry {entry.seq},"


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
