"""`warroom alert sending|deliveries|test`: whether messages leave, what became of them, and trying it out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import uuid4

import click

from warroom.actions import deliveries as rows
from warroom.actions import lease
from warroom.board.board import Board
from warroom.board.rows import Delivery
from warroom.cli.command import Command, Invocation, with_optional_reason, with_run
from warroom.cli.desk import Desk, acting, looking
from warroom.cli.identity import insist_on_person
from warroom.cli.known_channels import channels_at, with_channels
from warroom.cli.output import columns, narrate, write, write_json
from warroom.clock.times import iso_utc, show_time
from warroom.rules.owed import WEBHOOK, channel_of, mode_of
from warroom.vocabulary.addresses import mail_address
from warroom.vocabulary.errors import BadInput, Refused
from warroom.vocabulary.text import one_line
from warroom.vocabulary.words import DeliveryState, MessageKind, SendingMode, Severity

_HEADS = ("ALERT", "WHAT", "FOR", "BY", "STATE", "TRIED", "WHEN", "WHY")


@click.command("sending", cls=Command)
@click.argument("mode", required=False, type=click.Choice([mode.value for mode in SendingMode]))
@click.option("--to", metavar="ADDRESS", help="With test: the channel or mail address to which everything goes.")
@with_optional_reason
@click.pass_obj
def sending(invocation: Invocation, mode: str | None, to: str | None, reason: str | None) -> None:
    """Show whether messages leave; with a mode, switch it for the open run.

    Off: nothing leaves. Test: everything goes to one address. On: everybody is told. Unless somebody says so, it is on
    in the live run and off in a rehearsal.

    \b
    warroom alert sending test --to jana@example.org
    warroom alert sending on
    """
    if mode is None:
        if to is not None:
            raise BadInput("--to belongs to test", hint="warroom alert sending test --to ADDRESS")
        with looking(invocation) as desk:
            document = _sending_document(desk)
            if invocation.as_json:
                write_json(document)
            else:
                write("\n".join(_sending_lines(desk, document)))
        return
    with acting(invocation) as desk:
        desk.tell(rows.switch(desk.state_file, desk.caller, SendingMode(mode), to=to, reason=reason))


@click.command("deliveries", cls=Command)
@click.argument("number", metavar="[ALERT]", required=False, type=int)
@click.option("--state", type=click.Choice([state.value for state in DeliveryState]), help="Only those in that state.")
@with_run
@click.pass_obj
def deliveries(invocation: Invocation, number: int | None, state: str | None, run: str | None) -> None:
    """List the messages of a run, or of one alert: for whom, by which channel, and what became of each."""
    with looking(invocation, run) as desk:
        found = [
            one
            for one in rows.of_run(desk.state_file, desk.board.run_id)
            if number in (None, one.alert_id) and state in (None, one.state.value)
        ]
        if invocation.as_json:
            write_json(list(map(delivery_document, found)))
        elif found:
            write("\n".join(delivery_lines(desk.board, found)))
        else:
            write("no messages")


@click.command("test", cls=Command)
@click.option("--to", "handle", metavar="HANDLE", help="Whose channels to try. Default: your own.")
@click.option("--channel", "name", metavar="NAME", help="Only this channel or mail address.")
@with_channels
@click.pass_obj
def test(invocation: Invocation, handle: str | None, name: str | None, channels: str | None) -> None:
    """Send a test message now, whatever the mode, and say what happened."""
    from warroom.alerts.sending import Message, NotSent, send

    known = channels_at(channels)
    if known is None:
        raise BadInput("there is no channels file", hint="name one with --channels FILE or $WARROOM_CHANNELS")
    with acting(invocation) as desk:
        handle = handle or desk.caller.handle
        insist_on_person(desk.board, handle)
        person = desk.board.person_called(handle)
        assert person is not None
        addresses = (
            [mail_address(one) or one for one in person.notify] if name is None else [mail_address(name) or name]
        )
        if not addresses:
            raise Refused(f"{handle} has no channel", hint="warroom person edit HANDLE --notify ADDRESS, or --channel")
        made: list[Delivery] = []
        for address in addresses:
            channel = known.named.get(channel_of(address))
            key, now = str(uuid4()), desk.state_file.clock.now()
            error = None
            if channel is None:
                error = f"the channels file has no {channel_of(address)}"
            else:
                subject = f"[TEST] {desk.board.programme.name}"
                body = f"A test message for {person.name}, sent by {desk.caller.handle}. Nothing needs to be done."
                document = {"event": "test", "key": key, "programme": desk.board.programme.key}
                message = Message(key, address, one_line(subject), one_line(body), Severity.NOTICE, document)
                try:
                    send(known, channel, message, now)
                except NotSent as not_sent:
                    error = str(not_sent)
            made.append(rows.note_test(desk.state_file, _test_row(desk, key, handle, address, error)))
        if invocation.as_json:
            write_json(list(map(delivery_document, made)))
        else:
            for one in made:
                narrate(f"{one.channel}: {'sent' if one.error is None else f'not sent: {one.error}'}")
        if any(one.error is not None for one in made):
            raise click.exceptions.Exit(Refused.exit_code)


def _test_row(desk: Desk, key: str, handle: str, address: str, error: str | None) -> dict[str, Any]:
    now = desk.state_file.clock.now()
    return {
        "key": key,
        "run_id": desk.board.run_id,
        "message_kind": MessageKind.TEST,
        "person": handle,
        "channel": address,
        "state": DeliveryState.SENT if error is None else DeliveryState.GIVEN_UP,
        "message": key,
        "attempts": 1,
        "error": error,
        "created_at": now,
        "sent_at": now if error is None else None,
    }


def delivery_document(delivery: Delivery) -> dict[str, Any]:
    """What became of a message."""
    return {
        "key": delivery.key,
        "alert": delivery.alert_id,
        "communication": delivery.announcement_id,
        "version": delivery.version,
        "kind": delivery.message_kind.value,
        "person": delivery.person or None,
        "channel": delivery.channel,
        "state": delivery.state.value,
        "message": delivery.message,
        "attempts": delivery.attempts,
        "error": delivery.error,
        "created_at": iso_utc(delivery.created_at),
        "next_at": None if delivery.next_at is None else iso_utc(delivery.next_at),
        "sent_at": None if delivery.sent_at is None else iso_utc(delivery.sent_at),
    }


def delivery_lines(board: Board, found: Sequence[Delivery]) -> Iterator[str]:
    """A table of messages, with its heads."""
    zone = board.programme.timezone

    def row(delivery: Delivery) -> tuple[str, ...]:
        when = delivery.sent_at or delivery.next_at or delivery.created_at
        return (
            "" if delivery.alert_id is None else str(delivery.alert_id),
            delivery.message_kind.value,
            _whom(delivery),
            one_line(delivery.channel, 60),
            delivery.state.value,
            str(delivery.attempts),
            show_time(when, zone, seconds=True),
            one_line(delivery.error or "", 200),
        )

    yield columns(map(row, found), _HEADS)


def _whom(delivery: Delivery) -> str:
    if delivery.announcement_id is not None:
        return "its audience"
    return "a webhook" if delivery.person == WEBHOOK else delivery.person


def _sending_document(desk: Desk) -> dict[str, Any]:
    mode = mode_of(desk.board)
    held, awake = lease.standing(desk.state_file)
    found = rows.of_run(desk.state_file, desk.board.run_id)
    return {
        "mode": mode.mode.value,
        "to": mode.to,
        "said": mode.said,
        "watch": {
            "holder": held.holder if held is not None and awake else None,
            "since": iso_utc(held.since) if held is not None and awake else None,
            "can_send": held is not None and awake and held.can_send,
        },
        "messages": {state.value: sum(one.state is state for one in found) for state in DeliveryState},
    }


def _sending_lines(desk: Desk, document: dict[str, Any]) -> Iterator[str]:
    watch, messages = document["watch"], document["messages"]
    to = f", everything to {document['to']}" if document["to"] else ""
    why = "" if document["said"] else " (nobody has said otherwise)"
    counted = ", ".join(f"{count} {state}" for state, count in messages.items() if count) or "none"
    facts = [("mode", document["mode"] + to + why)]
    if watch["holder"] is None:
        facts.append(("watch", "nobody watches now, so nothing is sent"))
    else:
        sends = "" if watch["can_send"] else "; it knows no channels, so nothing leaves"
        held, _ = lease.standing(desk.state_file)
        since = "" if held is None else f", since {show_time(held.since, desk.zone)}"
        facts.append(("watch", f"{watch['holder']}{since}{sends}"))
    facts.append(("messages", counted))
    yield columns(facts)
