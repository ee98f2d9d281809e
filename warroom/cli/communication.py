"""`warroom communication`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import click

from warroom.actions import communications as actions
from warroom.actions.deliveries import of_run
from warroom.board.board import Board
from warroom.board.forecast import forecast
from warroom.board.load import board_at
from warroom.board.rows import Announcement
from warroom.cli.alert_sending import delivery_document, delivery_lines
from warroom.cli.command import (
    Group,
    Invocation,
    with_doer,
    with_optional_reason,
    with_reason,
    with_run,
)
from warroom.cli.desk import ActingDesk, Desk, acting, looking
from warroom.cli.output import columns, narrate, write, write_json
from warroom.clock.times import show_time
from warroom.rules.communication_documents import communication_document, whole_document, words_document
from warroom.rules.communications import Sender, Standing, announcements_of, sender_of, senders, standing_of
from warroom.vocabulary.errors import BadInput
from warroom.vocabulary.text import many_lines, one_line

_HEADS = ("REF", "DUE", "STATE", "APPROVER", "TO", "TITLE")
_SUBJECT = "subject: "


@click.group(cls=Group)
def communication() -> None:
    """Texts for an audience: freeze notice, status, go-live. Filled from the board, approved by a person, sent."""


@communication.command("list")
@with_run
@click.pass_obj
def list_communications(invocation: Invocation, run: str | None) -> None:
    """List what is to be sent, and how each stands."""
    with looking(invocation, run) as desk:
        board, expected = desk.board, desk.forecast()
        if invocation.as_json:
            write_json([communication_document(board, expected, sender) for sender in senders(board)])
            return
        rows = [_row(desk, standing_of(board, expected, sender)) for sender in senders(board)]
        write(columns(rows, _HEADS) if rows else "no communications")


@communication.command()
@click.argument("ref", metavar="REF")
@with_run
@click.pass_obj
def show(invocation: Invocation, ref: str, run: str | None) -> None:
    """Show everything about a communication: its words, who approved and sent them, and what became of each message.

    REF is the task that sends it, or the key of the communication.
    """
    with looking(invocation, run) as desk:
        board, sender = desk.board, _sender(desk.board, ref)
        own = {one.id for one in announcements_of(board, sender)}
        messages = [one for one in of_run(desk.state_file, board.run_id) if one.announcement_id in own]
        if invocation.as_json:
            document = whole_document(board, desk.forecast(), sender)
            write_json({**document, "deliveries": list(map(delivery_document, messages))})
            return
        write("\n".join(_lines(desk, standing_of(board, desk.forecast(), sender))))
        if messages:
            write("\n".join(["", "messages", *delivery_lines(board, messages)]))


@communication.command()
@click.argument("ref", metavar="REF")
@click.option("--at", metavar="TIME", help="As it would have read then. Run time: 02:10, T+5h, a date and time.")
@with_run
@click.pass_obj
def preview(invocation: Invocation, ref: str, at: str | None, run: str | None) -> None:
    """Show what a communication says: as it was sent, approved or edited, else as the board fills it now.

    \b
    warroom communication preview BC-42A
    warroom communication preview status --at 02:10
    """
    with looking(invocation, run) as desk:
        instant, board = desk.past(at) or desk.now, desk.board
        if at is not None:
            board = board_at(desk.state_file, instant, run)
        standing = standing_of(board, forecast(board, instant), _sender(board, ref))
        if invocation.as_json:
            write_json(words_document(standing))
        else:
            write("\n".join(_words(standing)))
            _warn(standing)


@communication.command()
@click.argument("ref", metavar="REF")
@click.argument("file", metavar="FILE|-")
@click.option("--subject", metavar="TEXT", help="Another subject. Default: as it was.")
@with_doer
@with_optional_reason
@click.pass_obj
def draft(
    invocation: Invocation, ref: str, file: str, subject: str | None, done_by: str | None, reason: str | None
) -> None:
    """Change the words of what is to be sent next; "-" reads them from standard input. Somebody else must approve them.

    \b
    warroom communication preview BC-42A > notice.txt
    warroom communication draft BC-42A notice.txt
    """
    text = _read(file)
    with acting(invocation, done_by) as desk:
        standing = _standing(desk, ref)
        # What preview wrote may come back with its heading.
        if text.startswith(_SUBJECT):
            first, _, text = text.partition("\n")
            subject, text = subject or first.removeprefix(_SUBJECT).strip(), text.removeprefix("\n")
        subject = standing.words.subject if subject is None else subject
        words: dict[str, Any] = {"text": text, "subject": subject, "reason": reason}
        desk.tell(actions.draft(desk.state_file, desk.caller, standing.sender.ref, **words))


@communication.command()
@click.argument("ref", metavar="REF")
@click.option("--standing", is_flag=True, help="Of one that is repeated: also every further time.")
@with_doer
@with_optional_reason
@click.pass_obj
def approve(invocation: Invocation, ref: str, standing: bool, done_by: str | None, reason: str | None) -> None:
    """Approve the words, which are shown; they are sent to the letter. Nobody approves what they edited themselves.

    \b
    warroom communication approve BC-42A
    warroom communication approve status --standing
    """
    with acting(invocation, done_by) as desk:
        found = _standing(desk, ref)
        words: dict[str, Any] = {"standing": True}
        if not standing:
            one = found.announcement
            edited = one is not None and one.drafted_by_id is not None
            chosen = found.words if edited else found.fresh
            words = {"text": chosen.text, "subject": chosen.subject}
            if not invocation.as_json:
                write("\n".join(_said(chosen.subject, chosen.text)))
        desk.tell(actions.approve(desk.state_file, desk.caller, found.sender.ref, reason=reason, **words))


@communication.command()
@click.argument("ref", metavar="REF")
@with_doer
@with_reason
@click.pass_obj
def withdraw(invocation: Invocation, ref: str, done_by: str | None, reason: str) -> None:
    """Take back an approval of what was not sent yet, a standing one too."""
    with acting(invocation, done_by) as desk:
        desk.tell(actions.withdraw(desk.state_file, desk.caller, _sender(desk.board, ref).ref, reason=reason))


@communication.command()
@click.argument("ref", metavar="REF")
@click.option("--to", "to", multiple=True, metavar="ADDRESS", help="Channels and mail addresses, not the runbook's.")
@with_doer
@click.pass_obj
def send(invocation: Invocation, ref: str, to: tuple[str, ...], done_by: str | None) -> None:
    """Send the approved words. Messages leave as those of alerts do (warroom alert sending), and the task is finished
    unless steps of it are open.

    \b
    warroom communication send BC-42A
    warroom communication send status --to board@example.org --to leads-teams
    """
    with acting(invocation, done_by) as desk:
        found = _standing(desk, ref)
        _warn(found)
        words: dict[str, Any] = {"text": found.words.text, "subject": found.words.subject, "to": to}
        desk.tell(actions.send(desk.state_file, desk.caller, found.sender.ref, **words))


@communication.command()
@click.argument("ref", metavar="REF")
@click.option("--how", required=True, metavar="TEXT", help='How and where: "posted in the Teams channel".')
@click.option("--text", "file", metavar="FILE|-", help="The words that were sent. Default: those that are shown.")
@click.option("--at", metavar="TIME", help='When: 02:40, "Sat 02:40", T+5h. Default: now.')
@with_doer
@with_optional_reason
@click.pass_obj
def record(
    invocation: Invocation,
    ref: str,
    how: str,
    file: str | None,
    at: str | None,
    done_by: str | None,
    reason: str | None,
) -> None:
    """Record that it was sent by hand: how, when and by whom. What was not approved only a lead records, with a reason.

    \b
    warroom communication record BC-15 --how "read out over the public address" --at 16:05 --for tess
    """
    text = None if file is None else _read(file)
    with acting(invocation, done_by) as desk:
        found = _standing(desk, ref)
        words: dict[str, Any] = {"text": text or found.words.text, "subject": found.words.subject}
        ref, instant = found.sender.ref, desk.past(at)
        entry = actions.record(desk.state_file, desk.caller, ref, how=how, at=instant, reason=reason, **words)
        desk.tell(entry)


def _sender(board: Board, ref: str) -> Sender:
    """What the task of that ref sends, or the communication of that key.

    Raises:
        BadInput: there is none, or several tasks send it.
    """
    task = board.task(ref)
    if task is not None:
        sender = sender_of(board, task)
        if sender is None:
            raise BadInput(f"{ref} sends no text", where=ref, hint="warroom communication list shows those that do")
        return sender
    found = [sender for sender in senders(board) if sender.communication.key == ref]
    if len(found) == 1:
        return found[0]
    if found:
        raise BadInput(f"several tasks send {ref}", hint=f"name one: {', '.join(each.ref for each in found)}")
    known = [name for each in senders(board) for name in (each.ref, each.communication.key)]
    near = get_close_matches(ref, known, n=1, cutoff=0.5)
    hint = f"did you mean {near[0]}?" if near else "warroom communication list shows them all"
    raise BadInput(f"there is no communication {ref}", hint=hint)


def _standing(desk: ActingDesk, ref: str) -> Standing:
    return standing_of(desk.board, desk.forecast(), _sender(desk.board, ref))


def _read(file: str) -> str:
    """The words in a file, without the line breaks at its end.

    Raises:
        BadInput: it cannot be read, or is no text.
    """
    try:
        data = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        return data.decode("utf-8-sig").replace("\r\n", "\n").rstrip("\n")
    except OSError as error:
        raise BadInput(f"the file cannot be read: {error.strerror}", where=file) from None
    except UnicodeDecodeError:
        raise BadInput("the file is no text in UTF-8", where=file) from None


def _row(desk: Desk, standing: Standing) -> tuple[str, ...]:
    text = standing.sender.communication
    return (
        standing.sender.ref,
        show_time(desk.forecast().instant(standing.due_s), desk.zone),
        standing.word,
        desk.board.handle(text.approver_id) or "the lead",
        ", ".join(text.to) or "by hand",
        text.title,
    )


def _said(subject: str | None, text: str) -> Iterator[str]:
    if subject is not None:
        yield f"{_SUBJECT}{one_line(subject)}"
        yield ""
    yield many_lines(text)


def _words(standing: Standing) -> Iterator[str]:
    yield from _said(standing.words.subject, standing.words.text)


def _warn(standing: Standing) -> None:
    if standing.outdated:
        narrate(f"{standing.sender.ref}: the board says something else by now than what is {standing.word}")


def _lines(desk: Desk, standing: Standing) -> Iterator[str]:
    sender, board = standing.sender, desk.board
    text = sender.communication
    yield one_line(f"{sender.ref} {text.title}", 200)
    facts = [
        ("state", standing.word),
        ("due", show_time(desk.forecast().instant(standing.due_s), desk.zone)),
        ("audience", ", ".join(text.audience) + (" (outside the house)" if text.external else "")),
        ("channel", text.channel or ""),
        ("to", ", ".join(text.to) or "by hand"),
        ("approver", board.handle(text.approver_id) or "the lead"),
    ]
    if standing.standing is not None:
        facts.append(("stands", f"approved each time by {board.handle(standing.standing.approved_by_id)}"))
    yield columns(facts, indent="  ")
    done = announcements_of(board, sender)
    if done:
        yield ""
        yield columns((_deeds(desk, one) for one in done), ("TIME", "STATE", "EDITED", "APPROVED", "SENT"))
    yield ""
    yield from _words(standing)
    if standing.outdated:
        yield ""
        yield "the board says by now"
        yield from _said(standing.fresh.subject, standing.fresh.text)


def _deeds(desk: Desk, one: Announcement) -> tuple[str, ...]:
    def by(person: int | None, name: str) -> str:
        instant = getattr(one, name)
        return "" if instant is None else f"{desk.board.handle(person)} {show_time(instant, desk.zone)}"

    how = "" if one.by_hand is None else f", by hand: {one.by_hand}"
    return (
        str(one.occurrence),
        one.stage.value,
        by(one.drafted_by_id, "drafted_at"),
        by(one.approved_by_id, "approved_at") or ("standing" if one.standing else ""),
        by(one.sent_by_id, "sent_at") + how,
    )
