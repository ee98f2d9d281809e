"""Who acts, where the state file lies on this machine: everybody who may open it is trusted to say who they are."""

from __future__ import annotations

import getpass
import os
from dataclasses import replace

from warroom.board.board import Board
from warroom.board.rows import Person
from warroom.vocabulary.errors import BadInput
from warroom.vocabulary.journal import Caller
from warroom.vocabulary.words import Assurance, Medium, Role, Via


def login_name() -> str | None:
    """The account name on this machine, if it has one."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return None


def claimed_handle(handle: str | None) -> str | None:
    """Who somebody says to be: with --as, else in `$WARROOM_USER`."""
    return handle if handle is not None else os.environ.get("WARROOM_USER") or None


def caller(
    board: Board,
    handle: str | None,
    *,
    via: Via = Via.CLI,
    done_by: str | None = None,
    by: Medium | None = None,
    known: Caller | None = None,
) -> Caller:
    """Who acts: `handle`, else `$WARROOM_USER`, else whose handle or login the login name is, else the first lead.

    Args:
        handle: what --as said.
        done_by: handle of the one who did what is recorded.
        by: how that one told it.
        known: who acts, where a server knows it; then `handle` counts for nothing.

    Raises:
        BadInput: there is nobody called that, or it is said how something was told that nobody else did.
    """
    if by is not None and done_by is None:
        raise BadInput("--by says how somebody told you what they did", hint="name who did it with --for HANDLE")
    if done_by is not None:
        insist_on_person(board, done_by)
    if known is not None:
        insist_on_person(board, known.handle)
        return replace(known, done_by=done_by, by=by)
    claimed = claimed_handle(handle)
    if claimed is not None:
        insist_on_person(board, claimed)
    return Caller(claimed or _by_login(board), Assurance.CLAIMED, via, done_by, by)


def insist_on_person(board: Board, handle: str) -> None:
    """Refuse a handle that is nobody's.

    Raises:
        BadInput: there is nobody called that.
    """
    if board.person_called(handle) is None:
        handles = ", ".join(person.handle for person in _people(board))
        raise BadInput(f"there is nobody called {handle}", hint=f"the people are: {handles}")


def _people(board: Board) -> list[Person]:
    """The people in the order of the runbook."""
    return sorted(board.rows(Person).values(), key=lambda person: person.id)


def _by_login(board: Board) -> str:
    people = _people(board)
    login = login_name()
    if login is not None:
        for person in people:
            if login in (person.handle, person.login):
                return person.handle
    leads = [person for person in people if Role.LEAD in person.roles]
    return (leads or people)[0].handle
