"""Backing out from the console: by the authority, who types what it is."""

from __future__ import annotations

from warroom.board.rows import Recovery
from warroom.rules import permissions
from warroom.rules.backout import authority, trigger_standings, why_no_backout, why_no_recovery
from warroom.tui.doing.asked import REASON, About
from warroom.tui.doing.context import Context, Reason, can_undo
from warroom.tui.doing.prompt import Answers, Field
from warroom.tui.doing.stand import Stand
from warroom.tui.drawing.picked import OnRecovery, OnTrigger
from warroom.vocabulary.errors import BadInput
from warroom.vocabulary.text import one_line

CONFIRMED = "BACK-OUT"
"""What must be typed, so that nobody backs out by a slip of the hand."""

SUBJECT = "back-out"
"""What entries about the decision to back out are about."""


def can_invoke(context: Context) -> Reason:
    """Whether the person may back out now."""
    if (reason := can_undo(context)) is not None:
        return reason
    if (reason := why_no_backout(context.board)) is not None:
        return reason
    return permissions.may_invoke(context.actor, authority(context.board))


def invoke(screen: Stand, _: str) -> None:
    """A reached trigger under the cursor is named as what called for it."""
    picture, picked = screen.picture, screen.context().picked
    number = None
    if isinstance(picked, OnTrigger):
        standings = trigger_standings(picture.board, picture.forecast, picture.now)
        number = next((one.number for one in standings if one.number == picked.number and one.reached), None)
    forecast = picture.forecast
    done = ""
    if forecast.backout is not None:
        at = forecast.instant(forecast.backout.done_if_decided(forecast.now))
        done = f"done at {picture.weekday_time(at)}"
    because = "" if number is None else f", called for by trigger {number}"
    about = About(screen, SUBJECT, f"{done}{because}")

    async def submit(answers: Answers) -> None:
        if answers["confirm"] != CONFIRMED:
            raise BadInput(f"type {CONFIRMED} to back out", hint="esc leaves, and nothing happens")
        await about.act("rollback.invoke", reason=answers["reason"], trigger=number)

    fields = [REASON, Field("confirm", f"type {CONFIRMED}; it cannot be taken back", required=True)]
    about.ask("Back out of the cutover", fields, submit)


def on_recovery(context: Context) -> bool:
    return isinstance(context.picked, OnRecovery)


def can_recover(context: Context) -> Reason:
    """Whether the person may decide on the way to recover that is under the cursor."""
    if (reason := can_undo(context)) is not None:
        return reason
    way = _way(context)
    if way is None:
        return f"stand on a way to recover ({context.key('console.back-out')} shows them)"
    if (reason := why_no_recovery(context.board)) is not None:
        return reason
    if context.board.recovery_choice(way.id) is not None:
        return f"{way.key} was chosen already"
    decider = context.board.handle(way.decider_id)
    return permissions.may_invoke(context.actor, () if decider is None else (decider,))


def recover(screen: Stand, _: str) -> None:
    way = _way(screen.context())
    assert way is not None
    about = About(screen, f"recovery {way.key}", f"{one_line(way.key, 20)} {one_line(way.title, 60)}", key=way.key)

    async def submit(answers: Answers) -> None:
        await about.act("rollback.recover", reason=answers["reason"])

    about.ask("Recover in this way", [REASON], submit)


def _way(context: Context) -> Recovery | None:
    picked = context.picked
    if not isinstance(picked, OnRecovery):
        return None
    return next((way for way in context.board.recovery if way.key == picked.key), None)
