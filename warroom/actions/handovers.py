"""Handing over a shift: offered by the one leaving, accepted by the one coming in, all tasks in one entry."""

from __future__ import annotations

from typing import Any, Unpack

from warroom.actions.acting import Acting, Known, check_text, perform
from warroom.actions.subject import person_called
from warroom.board.handovers import roles_after
from warroom.model.programme import Person
from warroom.model.shifts import ShiftHandover
from warroom.model.tasks import Task
from warroom.rules import permissions
from warroom.store.statefile import StateFile
from warroom.vocabulary.errors import BadInput, Refused
from warroom.vocabulary.journal import Caller, Entry
from warroom.vocabulary.words import Role


def give(
    state_file: StateFile,
    caller: Caller,
    handle: str,
    *,
    to: str | None = None,
    note: str | None = None,
    **known: Unpack[Known],
) -> Entry:
    """Offer the shift of `handle`, who leaves, to somebody, or to anybody who accepts it. An offer that is still open
    is replaced. Nothing goes over before it is accepted.

    Raises:
        Refused: not allowed, or no run is open. BadInput: nobody is called that, or both are one.
    """
    check_text("the note", note)

    def work(acting: Acting) -> None:
        run = acting.open_run()
        leaving = person_called(acting, handle)
        coming = None if to is None else person_called(acting, to)
        acting.insist_either(lambda actor: permissions.may_give_shift(actor, leaving.id))
        if coming is not None:
            _insist_on_taker(leaving, coming)
        offered: dict[str, Any] = {
            "coming_id": None if coming is None else coming.id,
            "given_at": acting.now,
            "given_by_id": acting.doer.person_id,
            "note": note,
        }
        for handover in acting.rows.find(ShiftHandover, run_id=run.id, leaving_id=leaving.id):
            if handover.accepted_at is None:
                acting.rows.update(handover, **offered)
                return
        acting.rows.insert(ShiftHandover, run_id=run.id, leaving_id=leaving.id, **offered)

    return perform(state_file, caller, "handover.give", f"shift {handle}", work, reason=note, **known)


def accept(state_file: StateFile, caller: Caller, handle: str | None = None, **known: Unpack[Known]) -> Entry:
    """Accept a shift that is offered: the open tasks of the one leaving go over, in this one entry. Gates and seats
    stay with whom they are.

    Args:
        handle: the one leaving; None: the only one whose shift can be accepted.

    Raises:
        Refused: none is offered to the one who accepts, or no run is open.
        BadInput: nobody is called that, or several are offered.
    """

    def work(acting: Acting) -> str:
        run = acting.open_run()
        leaving_id = None if handle is None else person_called(acting, handle).id
        handover = _offered(acting, run.id, leaving_id)
        leaving = acting.rows.get(Person, handover.leaving_id)
        coming = person_called(acting, acting.doer.handle)
        _insist_on_taker(leaving, coming)
        acting.rows.update(handover, coming_id=coming.id, accepted_at=acting.now)
        for task in acting.rows.find(Task, run_id=run.id):
            if after := roles_after(task, leaving.id, coming.id):
                acting.rows.update(task, **after)
        return f"shift {leaving.handle}"

    return perform(state_file, caller, "handover.accept", f"shift {handle or ''}".strip(), work, **known)


def _offered(acting: Acting, run_id: int, leaving_id: int | None) -> ShiftHandover:
    """The open offer that the doer may accept, of that person if one is named."""
    is_open = [
        handover
        for handover in acting.rows.find(ShiftHandover, run_id=run_id)
        if handover.accepted_at is None and leaving_id in (None, handover.leaving_id)
    ]
    own = [one for one in is_open if permissions.may_accept_shift(acting.doer, one.coming_id) is None]
    if leaving_id is None:
        own = [one for one in own if one.leaving_id != acting.doer.person_id]
    if len(own) > 1:
        handles = ", ".join(acting.rows.get(Person, one.leaving_id).handle for one in own)
        raise BadInput(f"several shifts are offered: {handles}", hint="say whose: warroom handover accept HANDLE")
    if own:
        return own[0]
    for one in is_open:
        acting.insist(permissions.may_accept_shift(acting.doer, one.coming_id))
    raise Refused("no shift is offered", hint="the one leaving offers it: warroom handover give HANDLE")


def _insist_on_taker(leaving: Person, coming: Person) -> None:
    if leaving.id == coming.id:
        raise BadInput("nobody hands over to themselves", hint="the one coming in is somebody else")
    if Role.OBSERVER in coming.roles:
        raise Refused(f"{coming.handle} is an observer, who only looks", hint="somebody else takes the shift")
