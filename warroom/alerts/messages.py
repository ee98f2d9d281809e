"""What a message says: plain text, short, the same for every channel; and the document that a webhook is sent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from warroom.alerts.sending import Message
from warroom.board.board import Board
from warroom.board.documents import alert_document
from warroom.board.rows import Alert, Delivery, Run
from warroom.clock.durations import show_duration
from warroom.clock.times import iso_utc, show_time
from warroom.rules.alerting.life import raised_late_s
from warroom.rules.owed import WEBHOOK, mode_of
from warroom.vocabulary.text import one_line
from warroom.vocabulary.words import MessageKind, RunKind, SendingMode, Severity

MOST = 10
"""So many alerts are told in one message; the others are only counted."""

_SUBJECT = 120
_RANK = {Severity.CRITICAL: 0, Severity.WARNING: 1, Severity.NOTICE: 2}


def key_of(deliveries: Sequence[Delivery]) -> str:
    """The key of the message that tells of `deliveries`: their own where it is one, else made of all of theirs."""
    keys = sorted(delivery.key for delivery in deliveries)
    return keys[0] if len(keys) == 1 else str(uuid5(NAMESPACE_OID, "\n".join(keys)))


def compose(board: Board, deliveries: Sequence[Delivery], key: str, head: tuple[int, str]) -> Message:
    """The message that tells one person, or one webhook, of `deliveries`.

    Args:
        head: seq and hash of the journal's last entry: whoever keeps the message is a witness of it.
    """
    alerts = board.rows(Alert)
    pairs = [(one, alert) for one in deliveries if (alert := alerts.get(one.alert_id or 0)) is not None]
    pairs.sort(key=lambda pair: (_RANK[pair[1].severity], pair[1].due_at, pair[1].id))
    first = deliveries[0]
    severity = pairs[0][1].severity if pairs else Severity.NOTICE
    document = None
    if first.person == WEBHOOK and pairs:
        document = _document(board, *pairs[0], head)
    return Message(
        key, first.channel, _subject(board, pairs), _body(board, first, pairs, key, head), severity, document
    )


def _subject(board: Board, pairs: Sequence[tuple[Delivery, Alert]]) -> str:
    if len(pairs) == 1:
        delivery, alert = pairs[0]
        said = f"{_head(delivery, alert)} {alert.message}"
    else:
        refs = ", ".join(dict.fromkeys(alert.subject for _, alert in pairs))
        said = f"{_head(*pairs[0])} {len(pairs)} alerts: {refs}"
    return one_line(f"{_run_words(board)}{said}", _SUBJECT)


def _head(delivery: Delivery, alert: Alert) -> str:
    return "[over]" if delivery.message_kind is MessageKind.OVER else f"[{alert.severity.value.upper()}]"


def _run_words(board: Board) -> str:
    run = board.plan
    return "" if isinstance(run, Run) and run.kind_of_run is RunKind.LIVE else "(rehearsal) "


def _body(
    board: Board, first: Delivery, pairs: Sequence[tuple[Delivery, Alert]], key: str, head: tuple[int, str]
) -> str:
    person = board.person_called(first.person)
    zone = board.programme.timezone if person is None else person.timezone or board.programme.timezone
    lines = []
    if (mode := mode_of(board)).mode is SendingMode.TEST:
        lines += [f"TEST: meant for {one_line(first.person)}, sent to {one_line(mode.to or '')}", ""]
    for delivery, alert in pairs[:MOST]:
        lines += [*_lines(board, delivery, alert, zone), ""]
    if len(pairs) > MOST:
        lines += [f"and {len(pairs) - MOST} more: warroom alert list --open", ""]
    run = board.run
    lines.append(one_line(f"{board.programme.name}, run {run.name if run else 'none'}"))
    lines.append(f"journal {head[0]} {head[1][:16]}, message {key}")
    return "\n".join(lines)


def _lines(board: Board, delivery: Delivery, alert: Alert, zone: str) -> list[str]:
    head = _head(delivery, alert)
    if delivery.message_kind is MessageKind.OVER:
        lasted = int(((alert.closed_at or alert.raised_at) - alert.raised_at).total_seconds())
        return [one_line(f"{head} {alert.message}"), f"over after {show_duration(lasted)}"]
    task = board.task(alert.subject)
    handle = board.handle(task.owner_id) if task is not None else None
    handle = handle or next(iter(alert.told), None)
    person = None if handle is None else board.person_called(handle)
    who = handle or "nobody"
    if person is not None:
        who = person.name + (f", {person.phone}" if person.phone else "")
    late = raised_late_s(alert)
    return [
        one_line(f"{head} {alert.message}"),
        one_line(f"must act: {who}"),
        f"since {show_time(alert.due_at, zone)} ({zone})" + (f", raised late by {show_duration(late)}" if late else ""),
        f"acknowledge: warroom alert ack {alert.id}",
    ]


def _document(board: Board, delivery: Delivery, alert: Alert, head: tuple[int, str]) -> dict[str, Any]:
    run = board.run
    return {
        "event": f"alert.{'closed' if delivery.message_kind is MessageKind.OVER else 'raised'}",
        "key": delivery.key,
        "programme": board.programme.key,
        "run": None if run is None else run.name,
        "version": delivery.version,
        "due_at": iso_utc(alert.due_at),
        "alert": alert_document(board, alert),
        "journal": {"seq": head[0], "hash": head[1]},
    }
