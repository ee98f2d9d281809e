"""Backing out from the console: by the authority, who types what it is."""

from __future__ import annotations

from warroom.rules import permissions
from warroom.rules.backout import authority, why_no_backout
from warroom.tui.asked import REASON
from warroom.tui.context import Context, Reason, can_undo
from warroom.tui.prompt import Answers, Field, Prompt
from warroom.tui.stand import Stand
from warroom.vocabulary.errors import BadInput

CONFIRMED = "BACK-OUT"
"""What must be typed, so that nobody backs out by a slip of the hand."""


def can_invoke(context: Context) -> Reason:
    """Whether the person may back out now."""
    if (reason := can_undo(context)) is not None:
        return reason
    if (reason := why_no_backout(context.board)) is not None:
        return reason
    return permissions.may_invoke(context.actor, authority(context.board))


def invoke(screen: Stand, _: str) -> None:
    console = screen.console

    async def submit(answers: Answers) -> None:
        if answers["confirm"] != CONFIRMED:
            raise BadInput(f"type {CONFIRMED} to back out", hint="esc leaves, and nothing happens")
        await console.act("rollback.invoke", reason=answers["reason"])

    forecast = screen.picture.forecast
    done = ""
    if forecast.backout is not None:
        at = forecast.instant(forecast.backout.done_if_decided(forecast.now))
        done = f", done at {screen.picture.weekday_time(at)}"
    fields = [REASON, Field("confirm", f"type {CONFIRMED}; it cannot be taken back", required=True)]
    screen.app.push_screen(Prompt(f"Back out of the cutover{done}", fields, submit, console.complain))
