"""Saying that the clock is right, after somebody has set it: alerts of lateness wait for that."""

from __future__ import annotations

from warroom.rules import permissions
from warroom.tui.doing.context import Context, Reason, can_undo
from warroom.tui.doing.prompt import Answers, Field, Prompt
from warroom.tui.doing.stand import Stand
from warroom.vocabulary.errors import WarroomError


def is_doubted(context: Context) -> bool:
    """Whether alerts wait for the clock to be confirmed."""
    return context.board.doubted_clock is not None


def is_trusted(context: Context) -> bool:
    return not is_doubted(context)


def can_confirm(context: Context) -> Reason:
    """Whether the person may say that the clock is right."""
    if (reason := can_undo(context)) is not None:
        return reason
    return permissions.may_lead(context.actor)


def confirm(screen: Stand, _: str) -> None:
    console = screen.console

    async def submit(answers: Answers) -> None:
        try:
            await console.act("clock.confirm", reason=answers["reason"] or None)
        except WarroomError as error:
            console.complain(error)

    fields = [Field("reason", "how you know, may stay empty")]
    screen.app.push_screen(Prompt("The clock is right as it is", fields, submit, console.complain))
