"""Roll-calls: calling everybody, and ticking who answers."""

from __future__ import annotations

from warroom.board.night import answers_to, last_roll_call
from warroom.rules import permissions
from warroom.tui.doing import context as when
from warroom.tui.doing.asked import About
from warroom.tui.doing.context import Context, Reason
from warroom.tui.doing.prompt import Answers, Field
from warroom.tui.doing.stand import Stand
from warroom.tui.drawing.picked import OnPerson
from warroom.vocabulary.errors import WarroomError


def on_person(context: Context) -> bool:
    return isinstance(context.picked, OnPerson)


def can_call(context: Context) -> Reason:
    """Whether the person may call the roll."""
    return when.can_undo(context) or permissions.may_call_roll(context.actor)


def can_tick(context: Context) -> Reason:
    """Whether the one under the cursor can be ticked in the roll-call, or their tick taken away."""
    if (reason := when.can_undo(context)) is not None:
        return reason
    if not isinstance(context.picked, OnPerson):
        return f"stand on a person ({context.key('console.people')} shows them)"
    if last_roll_call(context.board) is None:
        return f"no roll was called: {context.key('roll.call')} calls it"
    person = context.board.person_called(context.picked.handle)
    return "they are gone" if person is None else permissions.may_answer_roll(context.actor, person.id)


def call(screen: Stand, _: str) -> None:
    about = About(screen, "roll call", "everybody is asked whether they are there")

    async def submit(answers: Answers) -> None:
        await screen.console.act("roll.call", title=answers["title"] or None)

    about.ask("Call the roll", [Field("title", "what for; enter calls, it may stay empty")], submit)


async def tick(screen: Stand, _: str) -> None:
    context = screen.context()
    call, picked = last_roll_call(context.board), context.picked
    assert isinstance(picked, OnPerson)
    assert call is not None
    person = context.board.person_called(picked.handle)
    given = person is not None and person.id in answers_to(context.board, call)
    try:
        await screen.console.act("roll.missing" if given else "roll.answer", handle=picked.handle)
    except WarroomError as error:
        screen.console.complain(error)
