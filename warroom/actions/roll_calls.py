"""Roll-calls: everybody is asked whether they are there, and whoever answers is ticked."""

from __future__ import annotations

from typing import Unpack

from warroom.actions.acting import Acting, Known, check_text, perform
from warroom.actions.subject import next_number, person_called
from warroom.model.night import RollAnswer, RollCall
from warroom.model.programme import Person
from warroom.rules import permissions
from warroom.store.statefile import StateFile
from warroom.vocabulary.errors import Refused
from warroom.vocabulary.journal import Caller, Entry


def call(state_file: StateFile, caller: Caller, *, title: str | None = None, **known: Unpack[Known]) -> Entry:
    """Call the roll in the open run: nobody has answered it yet.

    Raises:
        Refused: not allowed, or no run is open.
    """
    check_text("the title", title)

    def work(acting: Acting) -> str:
        acting.insist(permissions.may_call_roll(acting.actor))
        run = acting.open_run()
        number = next_number(acting, RollCall)
        acting.rows.insert(
            RollCall,
            run_id=run.id,
            number=number,
            title=title,
            called_at=acting.effective_at,
            called_by_id=acting.doer.person_id,
        )
        return f"roll call {number}"

    return perform(state_file, caller, "roll.call", "roll call", work, reason=title, **known)


def answer(state_file: StateFile, caller: Caller, handle: str, **known: Unpack[Known]) -> Entry:
    """Tick somebody in the last roll-call.

    Raises:
        Refused: not allowed, no run is open, no roll was called, or they have answered it. BadInput: nobody is called
            that.
    """

    def work(acting: Acting) -> None:
        last, person, given = _asked(acting, handle)
        if given is not None:
            raise Refused(f"{handle} has answered already", where=f"person {handle}")
        acting.rows.insert(
            RollAnswer,
            run_id=last.run_id,
            roll_call_id=last.id,
            person_id=person.id,
            at=acting.effective_at,
            taken_by_id=acting.actor.person_id,
        )

    return perform(state_file, caller, "roll.answer", f"person {handle}", work, **known)


def miss(state_file: StateFile, caller: Caller, handle: str, **known: Unpack[Known]) -> Entry:
    """Take somebody's tick in the last roll-call away.

    Raises:
        Refused: not allowed, no run is open, no roll was called, or they have not answered it. BadInput: nobody is
            called that.
    """

    def work(acting: Acting) -> None:
        given = _asked(acting, handle)[2]
        if given is None:
            raise Refused(f"{handle} has not answered", where=f"person {handle}")
        acting.rows.delete(given)

    return perform(state_file, caller, "roll.missing", f"person {handle}", work, **known)


def _asked(acting: Acting, handle: str) -> tuple[RollCall, Person, RollAnswer | None]:
    """The last roll-call, the person, and the answer that they have given to it."""
    run, person = acting.open_run(), person_called(acting, handle)
    acting.insist(permissions.may_answer_roll(acting.actor, person.id))
    calls = acting.rows.find(RollCall, run_id=run.id)
    if not calls:
        raise Refused("no roll was called", hint="the lead calls it: warroom roll call")
    last = max(calls, key=lambda one: one.number)
    return last, person, acting.rows.one(RollAnswer, roll_call_id=last.id, person_id=person.id)
