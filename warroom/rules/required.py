"""Tasks that require so many of several people: how many have confirmed, and what is said while some are missing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from warroom.board.board import Board
from warroom.board.rows import Confirmation, Task
from warroom.rules import permissions
from warroom.rules.permissions import Actor
from warroom.vocabulary.words import Confirmed, TaskState


@dataclass(frozen=True, slots=True)
class Required:
    """What a task requires at one of its ends.

    Attributes:
        ref: of the task. what: which end.
        count: so many of `of` (handles, in the order of the runbook).
        confirmed: those of them who have, in the order in which they did.
    """

    ref: str
    what: Confirmed
    count: int
    of: tuple[str, ...]
    confirmed: tuple[str, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        """Who of them has not confirmed; nobody, once enough have."""
        if len(self.confirmed) >= self.count:
            return ()
        return tuple(handle for handle in self.of if handle not in self.confirmed)

    @property
    def denied(self) -> str | None:
        """Why the task can be neither started nor finished yet, in words; None once enough have confirmed."""
        if not self.missing:
            return None
        that = "that they are there before it starts" if self.what is Confirmed.START else "that it is finished"
        who = f"{self.count} of {', '.join(self.of)}" if self.count < len(self.of) else " and ".join(self.of)
        match self.confirmed:
            case ():
                so_far = "nobody has yet"
            case (one,):
                so_far = f"only {one} has"
            case several:
                so_far = f"only {' and '.join(several)} have"
        return f"{self.ref} needs {who} to confirm {that}: {so_far}"


def end_in_turn(task: Task) -> Confirmed | None:
    """Which end of the task can be confirmed now; None once it is executed or closed."""
    if task.state not in (TaskState.NOT_STARTED, TaskState.RUNNING, TaskState.BLOCKED) or task.executed_at is not None:
        return None
    return Confirmed.START if task.actual_start is None else Confirmed.FINISH


def required(
    task: Task, what: Confirmed, confirmations: Iterable[Confirmation], handle: Callable[[int], str | None]
) -> Required | None:
    """What the task requires at that end; None where it requires nobody.

    Args:
        confirmations: all of the task; those of earlier attempts no longer count. handle: of a person, by key.
    """
    count = task.requires_start if what is Confirmed.START else task.requires_finish
    if count is None:
        return None
    given = [handle(one.person_id) for one in confirmations if (one.attempt, one.confirmed) == (task.attempt, what)]
    return Required(task.ref, what, count, task.requires_of, tuple(who for who in given if who in task.requires_of))


def required_on(board: Board, task: Task, what: Confirmed) -> Required | None:
    """The same on a Board."""
    return required(task, what, board.confirmations(task.id), board.handle)


def still_required(board: Board, task: Task) -> Required | None:
    """What the task requires at the end that is in turn, while people are missing; else None."""
    what = end_in_turn(task)
    wanted = None if what is None else required_on(board, task, what)
    return wanted if wanted is not None and wanted.missing else None


def confirms_for(actor: Actor, wanted: Required, key: Callable[[str], int | None]) -> tuple[str | None, str | None]:
    """Whose confirmation the actor's is: their own, or that of whom they stand in for (handle); else None, and why it
    counts for nothing, in words.

    Args:
        key: of a person, by handle.
    """
    named = {handle: found for handle in wanted.of if (found := key(handle)) is not None}
    if (denied := permissions.may_confirm(actor, named.values())) is not None:
        return None, f"{denied}: {', '.join(wanted.of)}"
    own = [handle for handle, found in named.items() if found == actor.person_id]
    placed = [*own, *(handle for handle, found in named.items() if found != actor.person_id and actor.is_(found))]
    open_ones = [handle for handle in placed if handle not in wanted.confirmed]
    if not open_ones:
        end = "that they are there" if wanted.what is Confirmed.START else "that it is finished"
        return None, f"{placed[0]} has confirmed already {end}"
    return open_ones[0], None
