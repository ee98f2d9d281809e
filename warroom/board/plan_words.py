"""What an entry of the journal changed in the plan, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from warroom.board.board import Board
from warroom.board.plan_rows import column_word, link_text, references, show_value
from warroom.board.rows import Link, Person, Run, Task
from warroom.vocabulary.journal import Change, Entry, Operation
from warroom.vocabulary.words import LinkType

PLAN_ACTIONS = frozenset(
    {
        *("task.add", "task.remove", "task.split", "task.assign", "task.link", "task.unlink", "task.retime"),
        *("run.rebaseline", "plan.apply"),
    }
)
"""The actions that change the plan of a run, by their names in the journal."""

_UNTOLD = frozenset({"position", "planned_from_s", "baseline_start_s", "baseline_finish_s", "title", "ref"})


def plan_words(board: Board, entry: Entry) -> str:
    """What a change of the plan did, in a line: which tasks came or went, whose they are, when, after what.

    Args:
        board: any Board of the run from the entry on; a task that was removed since goes by no name.
    """
    return ", ".join(dict.fromkeys(_told(board, entry)))


def _told(board: Board, entry: Entry) -> Iterator[str]:
    refs = {task.id: task.ref for task in board.rows(Task).values()}
    gone: set[Any] = set()
    for change in entry.changes:
        if change.table == "task":
            named = (change.after or {}).get("ref") or (change.before or {}).get("ref")
            refs[change.key] = str(named or refs.get(change.key, entry.subject))
            if change.operation is Operation.DELETE:
                gone.add(change.key)
                yield "removed" if refs[change.key] == entry.subject else f"{refs[change.key]} removed"
    for change in entry.changes:
        after, before = change.after or {}, change.before or {}
        if change.table == "link" and gone & {before.get("successor_id"), before.get("predecessor_id")}:
            continue  # it went with its task
        match change.table, change.operation:
            case "task", Operation.INSERT:
                who = "" if after["ref"] == entry.subject else f"{after['ref']} "
                yield f"{who}added ({show_value('duration_s', after['duration_s'])})"
            case "task", Operation.UPDATE:
                ref = "" if refs[change.key] == entry.subject else f"{refs[change.key]} "
                yield from (f"{ref}{words}" for words in _fields(board, Task, before, after))
            case "run", Operation.UPDATE:
                yield from _fields(board, Run, before, after)
            case "link", _:
                yield _link(board, refs, change, entry.subject)


def _fields(
    board: Board, row_class: type[Task] | type[Run], before: Mapping[str, Any], after: Mapping[str, Any]
) -> Iterator[str]:
    targets = references(row_class)
    for column in after:
        if column not in _UNTOLD:
            was, now = (
                board.handle(values[column]) if targets.get(column) is Person else values[column]
                for values in (before, after)
            )
            yield f"{column_word(column)} {show_value(column, was)} to {show_value(column, now)}"


def _link(board: Board, refs: Mapping[int, str], change: Change, subject: str) -> str:
    row = board.rows(Link).get(change.key)
    values: dict[str, Any] = {} if row is None else dict(row.__dict__)
    values |= change.before or {}
    values |= change.after or {}
    after, before = (refs.get(values.get(end, 0), "a task") for end in ("successor_id", "predecessor_id"))
    link = link_text(before, LinkType(values.get("link_type", LinkType.FINISH_START)), int(values.get("lag_s", 0)))
    who = "" if after == subject else f"{after} "
    return f"{who}{'no longer ' if change.operation is Operation.DELETE else ''}after {link}"
