"""Making a loaded plan say what a runbook file says."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Unpack

from warroom.actions.acting import Acting, Known, check_text, perform, required
from warroom.actions.planning import change_rows
from warroom.board.board import Board
from warroom.board.load import board_in
from warroom.board.rows import Document, Run
from warroom.lint.differences import differences
from warroom.rules import permissions
from warroom.rules.assurance import Matter, asked
from warroom.store.statefile import StateFile, Transaction
from warroom.vocabulary.errors import PlanRefused, Refused
from warroom.vocabulary.journal import Caller, Entry
from warroom.vocabulary.words import RunKind

if TYPE_CHECKING:
    from warroom.runbook.document import RunbookDocument  # dear: it brings the reader of runbooks


def apply(
    state_file: StateFile,
    caller: Caller,
    *,
    document: RunbookDocument,
    name: str,
    reason: str,
    **known: Unpack[Known],
) -> Entry:
    """Make the plan say what `document` says: the open run's copy of it, or a new version where no run is open.

    Of the run's other kind, what takes part in that only is left out, and a rehearsal keeps its own window's start.

    Args:
        name: name of the runbook file, for the record.

    Raises:
        Refused: not allowed (to change people, their roles, parties or the assurance takes more than to plan), or there
            is nothing to change.
        PlanRefused: it would rewrite history; all that it would rewrite is told, and nothing is changed.
    """
    required("the reason", reason)
    check_text("the name of the runbook file", name)
    genesis = state_file.genesis

    def work(acting: Acting) -> str:
        acting.insist(permissions.may_change_plan(acting.actor, in_run=acting.run is not None))
        before = _plan(acting.transaction, genesis, acting.run)
        after, subject = _change(acting, document, genesis, name)
        if not differences(before, after):
            raise Refused("the plan says so already", hint="nothing was changed")
        if _touches_rights(acting, before, after):
            acting.insist(permissions.may_edit_people(acting.actor))
        return subject

    return perform(state_file, caller, "plan.apply", "plan", work, reason=reason, **known)


def _touches_rights(acting: Acting, before: Board, after: Board) -> bool:
    """Whether people, and so their roles, or what is asked of who acts would change: more than the plan."""
    if any(change.table in ("person", "party") for change in acting.rows.changes):
        return True
    return any(asked(before.plan, matter) is not asked(after.plan, matter) for matter in Matter)


def foresee(state_file: StateFile, caller: Caller, *, document: RunbookDocument) -> tuple[Board, Board]:
    """The Boards of the plan before and after `apply`, which is tried in a transaction and taken back.

    Raises:
        PlanRefused: as `apply`.
    """
    boards: list[tuple[Board, Board]] = []

    def work(acting: Acting) -> str:
        before = _plan(acting.transaction, state_file.genesis, acting.run)
        after, _ = _change(acting, document, state_file.genesis, "")
        boards.append((before, after))
        raise _TakenBack

    with suppress(_TakenBack):
        perform(state_file, caller, "plan.apply", "plan", work)
    return boards[0]


class _TakenBack(Exception):
    """Ends a transaction of which nothing is kept."""


def _change(acting: Acting, document: RunbookDocument, genesis: str, name: str) -> tuple[Board, str]:
    """Change the rows; the Board that comes of it, and the subject of the entry."""
    # Dear: they bring the reader of runbooks.
    from warroom.actions.plan import RUNBOOK_MEDIA_TYPE
    from warroom.actions.reshape import new_version, reshape_run

    transaction = acting.transaction
    if (run := acting.run) is not None:
        if run.kind_of_run is RunKind.LIVE and document.window.start != run.window_start:
            raise PlanRefused(
                ["the window of the live run cannot start at another time"],
                hint="every time of the plan counts from there; move its end, or the tasks",
            )
        return change_rows(acting, genesis, lambda _, __: reshape_run(acting.rows, run, document)), f"run {run.name}"
    source = transaction.keep(document.source.encode())
    stored = acting.rows.insert(Document, name=name, media_type=RUNBOOK_MEDIA_TYPE, sha256=source)
    version = new_version(acting.rows, document, stored.id)
    return _plan(transaction, genesis, None), f"cutover {version.number}"


def _plan(transaction: Transaction, genesis: str, run: Run | None) -> Board:
    """The Board of the open run, else that of the plan's latest version."""
    if run is not None:
        return board_in(transaction.rows, genesis, run.name)
    return board_in(transaction.rows, genesis, plan_only=True)
