"""Handing over the shift that is shown: offering it, and accepting it."""

from __future__ import annotations

from warroom.board.rows import Person
from warroom.rules import permissions
from warroom.tui.doing import context as when
from warroom.tui.doing.asked import About, person_field
from warroom.tui.doing.context import Context, Reason
from warroom.tui.doing.prompt import Answers, Field
from warroom.tui.doing.stand import Stand
from warroom.tui.drawing.picked import OnShift
from warroom.tui.people.shift_texts import offer_of
from warroom.vocabulary.text import one_line


def on_shift(context: Context) -> bool:
    return isinstance(context.picked, OnShift)


def can_offer(context: Context) -> Reason:
    """Whether the person may offer the shift that is shown."""
    if (reason := when.can_undo(context)) is not None:
        return reason
    person = _person(context)
    return "no shift is shown" if person is None else permissions.may_give_shift(context.actor, person.id)


def can_accept(context: Context) -> Reason:
    """Whether the shift that is shown is offered to the person."""
    if (reason := when.can_undo(context)) is not None:
        return reason
    person = _person(context)
    offer = None if person is None else offer_of(context.board, person)
    if person is None or offer is None:
        return "this shift is not offered"
    if person.id == context.actor.person_id:
        return "nobody hands over to themselves"
    return permissions.may_accept_shift(context.actor, offer.coming_id)


def offer(screen: Stand, _: str) -> None:
    about = _about(screen)

    async def submit(answers: Answers) -> None:
        await about.act("handover.give", to=answers["to"] or None, note=answers["note"] or None)

    fields = [
        person_field("to", "handle; empty: whoever accepts it", screen),
        Field("note", "what the next one should know"),
    ]
    about.ask("Offer the shift", fields, submit)


async def accept(screen: Stand, _: str) -> None:
    await _about(screen).act_or_complain("handover.accept")


def _about(screen: Stand) -> About:
    person = _person(screen.context())
    assert person is not None
    subject = f"shift {person.handle}"
    return About(
        screen, subject, f"of {one_line(person.handle, 20)}, {one_line(person.name, 60)}", handle=person.handle
    )


def _person(context: Context) -> Person | None:
    picked = context.picked
    return context.board.person_called(picked.handle) if isinstance(picked, OnShift) else None
