"""The message that carries a communication: its very words, and nothing added but in a rehearsal and in a test."""

from __future__ import annotations

from typing import Any

from warroom.alerts.sending import Message
from warroom.board.board import Board
from warroom.board.rows import Announcement, Communication, Delivery, Run
from warroom.clock.times import iso_utc
from warroom.rules.owed import mode_of
from warroom.vocabulary.text import many_lines, one_line
from warroom.vocabulary.words import RunKind, SendingMode, Severity


def announce(board: Board, delivery: Delivery, key: str) -> Message:
    """The message of one delivery of a communication.

    A rehearsal says so in the subject and on the first line, so that nobody outside takes it for the real thing.
    """
    one = board.rows(Announcement)[delivery.announcement_id or 0]
    communication = next((text for text in board.rows(Communication).values() if text.key == one.communication), None)
    title = board.programme.name if communication is None else communication.title
    subject, notes, run = one.subject or title, [], board.run
    if not isinstance(run, Run) or run.kind_of_run is not RunKind.LIVE:
        subject = f"(rehearsal) {subject}"
        notes.append("REHEARSAL: nothing of this is so, and nobody needs to do anything")
    if one.mode is SendingMode.TEST or mode_of(board).mode is SendingMode.TEST:
        notes.append(f"TEST: meant for {', '.join(one.addresses)}, sent to {delivery.channel}")
    body = "\n".join([*(one_line(note, 2000) for note in notes), *([""] if notes else []), many_lines(one.text)])
    document: dict[str, Any] = {
        "event": "communication.sent",
        "key": key,
        "programme": board.programme.key,
        "run": None if run is None else run.name,
        "communication": one.communication,
        "occurrence": one.occurrence,
        "subject": one.subject,
        "text": one.text,
        "sent_at": None if one.sent_at is None else iso_utc(one.sent_at),
    }
    return Message(key, delivery.channel, one_line(subject, 250), body, Severity.NOTICE, document)
