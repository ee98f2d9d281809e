"""What every change of a running plan does around its own work: who may, what stands, what the reader would refuse."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Unpack

from warroom.actions.acting import Acting, Known, perform, required
from warroom.board.board import Board
from warroom.board.forecast import floor_to_minute, forecast
from warroom.board.load import board_in
from warroom.board.plan_rows import column_word, references
from warroom.board.rows import Row, Task
from warroom.model.row import BookRow
from warroom.rules import permissions
from warroom.rules.plan_history import begun, rewritten
from warroom.store.codec import table_of, tables
from warroom.store.gateway import Gateway
from warroom.store.statefile import StateFile
from warroom.vocabulary.errors import PlanRefused, Refused
from warroom.vocabulary.journal import Caller, Entry

Work = Callable[[Acting, Board], None]
"""Changes rows of the open run's plan, as it stands on the Board."""


def change_plan(
    state_file: StateFile, caller: Caller, action: str, subject: str, work: Work, *, reason: str, **known: Unpack[Known]
) -> Entry:
    """Change the open run's plan by `work`, in one transaction with one entry; what comes of it must be a plan that
    the reader of runbooks would take, and leave alone what has begun.

    Raises:
        Refused: not the lead, or no run is open.
        PlanRefused: history would be rewritten, or the plan would not hold together.
        BadInput: there is no reason.
    """
    required("the reason", reason)

    def planned(acting: Acting) -> None:
        acting.insist(permissions.may_change_plan(acting.actor, in_run=acting.run is not None))
        change_rows(acting, state_file.genesis, work, where=subject)

    return perform(state_file, caller, action, subject, planned, reason=reason, **known)


def change_rows(acting: Acting, genesis: str, work: Work, *, where: str | None = None) -> Board:
    """Do `work` inside a transaction, and return the Board of the plan that comes of it.

    Raises:
        PlanRefused: as for `change_plan`.
    """
    from warroom.board.plan_checks import plan_faults  # dear: it brings the reader of runbooks

    run = acting.open_run()
    before = board_in(acting.rows, genesis, run.name)
    work(acting, before)
    after = board_in(acting.rows, genesis, run.name)
    if history := rewritten(before, after):
        raise PlanRefused(
            history, where=where, hint="what has begun stands; for what is still to be done, add a task beside it"
        )
    known = set(plan_faults(before))
    if faults := [fault for fault in plan_faults(after) if fault not in known]:
        raise PlanRefused(faults, where=where, hint="nothing was changed")
    if _place(acting, before, after):
        after = board_in(acting.rows, genesis, run.name)
    return after


def insist_not_begun(board: Board, task: Task) -> None:
    """Only what has not begun can be planned otherwise.

    Raises:
        Refused: it has begun, or is over.
    """
    if begun(board, task):
        state = board.shown_state(task).value
        raise Refused(
            f"{task.ref} is {state}: its plan stands" if state not in ("waiting", "ready") else f"{task.ref} has votes",
            where=task.ref,
            hint=f"to say when it will be finished: warroom task eta {task.ref} TIME --reason TEXT",
        )


def referring(rows: Gateway, gone: Sequence[Row]) -> list[str]:
    """What refers to rows that are to go and is no part of the plan itself, in words: notes, votes and the like."""
    found = []
    for row in gone:
        for other in tables().values():
            if issubclass(other.row_class, BookRow):
                continue
            for column, target in references(other.row_class).items():
                count = len(rows.find(other.row_class, **{column: row.id})) if target is type(row) else 0
                if count:
                    name = getattr(row, "ref", None) or column_word(table_of(type(row)).name)
                    found.append(f"{name} has {count} {column_word(other.name)}{'' if count == 1 else 's'}")
    return found


def _place(acting: Acting, before: Board, after: Board) -> bool:
    """See that no change plans into the past, nor forgives anybody a delay: a task that was added is planned from now
    on; one whose links or constraints changed from now on too, less what it is late by its own doing. Says whether
    anything had to be placed."""
    run = acting.open_run()
    now = (floor_to_minute(acting.now) - run.window_start) // timedelta(seconds=1)
    expected = forecast(before, acting.now)
    placed = False
    for task in after.tasks:
        old = before.rows(Task).get(task.id)
        if old is not None and (begun(before, old) or _held(before, old) == _held(after, task)):
            continue
        earliest = now
        if old is not None and old.ref in expected.delays:
            earliest = min(now, expected.of(old).start) - max(0, expected.delay(old).own)
        if earliest > run.plan_start_s:
            acting.rows.update(task, planned_from_s=earliest)
            placed = True
    return placed


def _held(board: Board, task: Task) -> object:
    """What holds a task in the plan, its duration and its people aside."""
    links = {(link.predecessor_id, link.link_type, link.lag_s) for link in board.links_to(task.id)}
    return links, task.not_before_s, task.must_start_s, task.must_finish_s, task.calendar, task.as_late_as_possible
