"""Links that change while the plan runs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Unpack

from warroom.actions.acting import Acting, Known
from warroom.actions.planning import change_plan, insist_not_begun
from warroom.actions.subject import task_called
from warroom.board.board import Board
from warroom.board.rows import Link, Task
from warroom.store.statefile import StateFile
from warroom.vocabulary.errors import BadInput, Refused
from warroom.vocabulary.journal import Caller, Entry
from warroom.vocabulary.words import LinkType


def link(
    state_file: StateFile,
    caller: Caller,
    ref: str,
    *,
    after: Sequence[str],
    instead: bool = False,
    reason: str,
    **known: Unpack[Known],
) -> Entry:
    """Let a task that has not begun come after others. Where it does so already, by a link of the same type, only the
    lag changes.

    Args:
        after: as in a runbook: "BC-22", "BC-22 SS+15m".
        instead: a new link takes the place of all that the task has from the same predecessor.

    Raises:
        Refused: the task has begun. BadInput: a link cannot be read.
        PlanRefused: tasks would wait for each other (the path is named), or the networks would mix.
    """

    def work(acting: Acting, board: Board) -> None:
        task = task_called(acting, ref)
        insist_not_begun(board, task)
        for named, link_type, lag_s in parsed_links(after):
            predecessor = task_called(acting, named)
            if instead:
                for old in acting.rows.find(Link, predecessor_id=predecessor.id, successor_id=task.id):
                    if old.link_type is not link_type:
                        acting.rows.delete(old)
            put_link(acting, predecessor, task, link_type, lag_s)

    return change_plan(state_file, caller, "task.link", ref, work, reason=reason, **known)


def unlink(
    state_file: StateFile,
    caller: Caller,
    ref: str,
    *,
    after: Sequence[str],
    reason: str,
    **known: Unpack[Known],
) -> Entry:
    """Let a task that has not begun no longer come after others.

    Args:
        after: refs of predecessors, with all links from them; or "BC-22 SS", the link of that type.

    Raises:
        Refused: the task has begun, or there is no such link.
    """

    def work(acting: Acting, board: Board) -> None:
        task = task_called(acting, ref)
        insist_not_begun(board, task)
        for text in after:
            (named, link_type, _), typed = parsed_links([text])[0], len(text.split()) > 1
            predecessor = task_called(acting, named)
            found = [
                old
                for old in acting.rows.find(Link, predecessor_id=predecessor.id, successor_id=task.id)
                if not typed or old.link_type is link_type
            ]
            if not found:
                others = ", ".join(before.ref for before in board.predecessors(task.id))
                raise Refused(f"{ref} does not come after {text}", where=ref, hint=f"it comes after: {others or '-'}")
            for old in found:
                acting.rows.delete(old)

    return change_plan(state_file, caller, "task.unlink", ref, work, reason=reason, **known)


def parsed_links(texts: Sequence[str]) -> list[tuple[str, LinkType, int]]:
    """What links say that are written as in a runbook: ref, type, lag in seconds.

    Raises:
        BadInput: one cannot be read.
    """
    from warroom.runbook.time_shapes import parse_link  # dear: it brings the reader of runbooks

    try:
        return [parse_link(text) for text in texts]
    except ValueError as error:
        message, _, hint = str(error).partition("; ")
        raise BadInput(message, hint=hint or None) from None


def put_link(
    acting: Acting, predecessor: Task, successor: Task, link_type: LinkType, lag_s: int, *, keep_longer: bool = False
) -> None:
    """Have one link of that type between two tasks, with that lag.

    Args:
        keep_longer: a link that is there already keeps its lag, if that is the longer one.
    """
    ends = {"predecessor_id": predecessor.id, "successor_id": successor.id}
    known = acting.rows.find(Link, **ends, link_type=link_type)
    if not known:
        acting.rows.insert(Link, run_id=acting.open_run().id, **ends, link_type=link_type, lag_s=lag_s)
        return
    first, *doubled = known
    acting.rows.update(first, lag_s=max(lag_s, *(link.lag_s for link in known)) if keep_longer else lag_s)
    for link in doubled:
        acting.rows.delete(link)
