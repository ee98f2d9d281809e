"""Answering alerts from the list of all alerts."""

from __future__ import annotations

from warroom.board.rows import Alert
from warroom.rules import permissions
from warroom.tui.doing.context import Context, Reason, can_undo
from warroom.tui.doing.prompt import Answers, Field, Prompt
from warroom.tui.doing.stand import Stand
from warroom.tui.doing.typed import parse_eta
from warroom.vocabulary.errors import BadInput, WarroomError
from warroom.vocabulary.words import AlertState


def can_acknowledge(context: Context) -> Reason:
    """Whether the selected alert can be acknowledged by the person."""
    if (reason := _answering(context)) is not None:
        return reason
    alert = context.alert
    return "it is acknowledged already" if alert is not None and alert.state is AlertState.ACKNOWLEDGED else None


def can_snooze(context: Context) -> Reason:
    """Whether the selected alert can be let wait by the person."""
    return _answering(context)


async def acknowledge(screen: Stand, _: str) -> None:
    alert = _selected(screen)
    try:
        await screen.console.act("alert.acknowledge", number=alert.id, seen=_seen(screen, alert))
    except WarroomError as error:
        screen.console.complain(error)


def snooze(screen: Stand, _: str) -> None:
    alert, console = _selected(screen), screen.console
    seen = _seen(screen, alert)

    async def submit(answers: Answers) -> None:
        try:
            until = parse_eta(answers["until"], console.run_time(), screen.picture)
        except ValueError as error:
            raise BadInput(str(error), hint="such as +15, 45m, 2:40 or Sat 02:40") from None
        await console.act("alert.snooze", number=alert.id, until=until, reason=answers["reason"] or None, seen=seen)

    fields = [Field("until", "+15, 45m, 2:40", required=True), Field("reason", "why, may stay empty")]
    screen.app.push_screen(Prompt(f"Let alert {alert.id} wait", fields, submit, console.complain))


def _answering(context: Context) -> Reason:
    if (reason := can_undo(context)) is not None:
        return reason
    if context.alert is None:
        return "no alert is selected"
    if context.alert.state is AlertState.CLOSED:
        return "what it was about is over"
    return permissions.may_answer_alert(context.actor, context.alert.told)


def _selected(screen: Stand) -> Alert:
    alert = screen.context().alert
    assert alert is not None
    return alert


def _seen(screen: Stand, alert: Alert) -> int:
    return screen.picture.board.last_entry(f"alert {alert.id}")
