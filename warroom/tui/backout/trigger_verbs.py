"""The trigger under the cursor: that it is reached, or no longer is; its clock."""

from __future__ import annotations

from warroom.board.rows import Trigger
from warroom.clock.durations import show_duration
from warroom.rules import permissions
from warroom.rules.backout import called, trigger_deciders
from warroom.tui.doing.asked import REASON, About
from warroom.tui.doing.context import Context, Reason, can_undo
from warroom.tui.doing.prompt import Answers, Field
from warroom.tui.doing.stand import Stand
from warroom.tui.doing.typed import past
from warroom.tui.drawing.picked import OnTrigger
from warroom.vocabulary.text import one_line
from warroom.vocabulary.words import CallKind

_SINCE = Field("since", "2:40, empty: now")


def on_still_clock(context: Context) -> bool:
    """Whether a trigger is under the cursor whose clock does not run."""
    return isinstance(context.picked, OnTrigger) and not on_running_clock(context)


def on_raised(context: Context) -> bool:
    """Whether the trigger under the cursor was raised."""
    return _is_called(context, CallKind.RAISED)


def on_unraised(context: Context) -> bool:
    return not on_raised(context)


def on_running_clock(context: Context) -> bool:
    """Whether its clock runs."""
    return _is_called(context, CallKind.CLOCK)


def can_raise(context: Context) -> Reason:
    return _denied(context) or permissions.may_call_trigger(context.actor)


def can_withdraw(context: Context) -> Reason:
    return _denied(context) or _may_end(context, CallKind.RAISED)


def can_start_clock(context: Context) -> Reason:
    """Whether it has a clock that the person may start."""
    if (reason := _denied(context)) is not None:
        return reason
    found = _trigger(context)
    if found is not None and found[1].clock_s is None:
        return f"trigger {found[0]} has no clock: {context.key('trigger.raise')} says that it is reached"
    return permissions.may_call_trigger(context.actor)


def can_stop_clock(context: Context) -> Reason:
    return _denied(context) or _may_end(context, CallKind.CLOCK)


def raise_trigger(screen: Stand, _: str) -> None:
    about, trigger = _about(screen)

    async def submit(answers: Answers) -> None:
        at = past(answers["since"], screen.console.run_time(), screen.picture)
        await about.act("rollback.raise", reason=answers["reason"], measured=answers["measured"] or None, at=at)

    hint = f"against {one_line(trigger.threshold, 40)}" if trigger.threshold else "the value, may stay empty"
    about.ask("It is reached", [REASON, Field("measured", hint), _SINCE], submit)


def withdraw(screen: Stand, _: str) -> None:
    _ask_reason(screen, "It is not reached after all", "rollback.withdraw")


def start_clock(screen: Stand, _: str) -> None:
    about, trigger = _about(screen)

    async def submit(answers: Answers) -> None:
        at = past(answers["since"], screen.console.run_time(), screen.picture)
        await about.act("rollback.start-clock", reason=answers["reason"], at=at)

    span = show_duration(trigger.clock_s or 0)
    about.ask(f"Start its clock of {span}", [REASON, _SINCE], submit)


def stop_clock(screen: Stand, _: str) -> None:
    _ask_reason(screen, "Stop its clock: what it counts is over", "rollback.stop-clock")


def _ask_reason(screen: Stand, title: str, action: str) -> None:
    about, _ = _about(screen)

    async def submit(answers: Answers) -> None:
        await about.act(action, reason=answers["reason"])

    about.ask(title, [REASON], submit)


def _trigger(context: Context) -> tuple[int, Trigger] | None:
    """The trigger under the cursor, with its number."""
    picked, triggers = context.picked, context.board.triggers
    if not isinstance(picked, OnTrigger) or not 1 <= picked.number <= len(triggers):
        return None
    return picked.number, triggers[picked.number - 1]


def _is_called(context: Context, kind: CallKind) -> bool:
    found = _trigger(context)
    return found is not None and called(context.board, found[1], kind) is not None


def _denied(context: Context) -> Reason:
    if (reason := can_undo(context)) is not None:
        return reason
    if _trigger(context) is None:
        return f"stand on a trigger of the back-out ({context.key('console.back-out')} shows them)"
    if context.board.invocation is not None:
        return "the back-out was invoked: triggers no longer count"
    return None


def _may_end(context: Context, kind: CallKind) -> Reason:
    found = _trigger(context)
    call = None if found is None else called(context.board, found[1], kind)
    if found is None or call is None:
        return "nobody has called on it"
    return permissions.may_end_call(context.actor, call.person_id, trigger_deciders(context.board, found[1]))


def _about(screen: Stand) -> tuple[About, Trigger]:
    found = _trigger(screen.context())
    assert found is not None
    number, trigger = found
    return About(screen, f"trigger {number}", f"{number}. {one_line(trigger.text, 60)}", number=number), trigger
