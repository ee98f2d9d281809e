"""What is to be done with messages now: pure functions of the rows, the Board and the time."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from warroom.board.board import Board
from warroom.board.rows import Alert, Announcement, Delivery
from warroom.rules.owed import WEBHOOK, Owed, why_not_any_more
from warroom.rules.quiet import quiet_until
from warroom.vocabulary.words import DeliveryState, MessageKind, Severity

BATCH = timedelta(seconds=5)
"""Messages to one person that come within so long of the first go out as one."""

BACK_OFF = tuple(timedelta(seconds=seconds) for seconds in (10, 30, 60, 120, 300, 600, 600))
"""How long after each failure it is tried again; after the last one it is given up."""

Change = tuple[Delivery, Mapping[str, Any]]


@dataclass(slots=True)
class Work:
    """What is to be written, and which messages are then to be sent: each a list of rows that go out as one."""

    changes: list[Change] = field(default_factory=list)
    batches: list[list[Delivery]] = field(default_factory=list)


def row_of(owed: Owed, now: datetime) -> dict[str, Any]:
    """The columns of a message that is owed; `now`: wall clock, UTC."""
    about = owed.about
    told = (
        {"announcement_id": about.id}
        if isinstance(about, Announcement)
        else {"alert_id": about.id, "version": about.version}
    )
    return {
        **told,
        "key": owed.key,
        "run_id": about.run_id,
        "message_kind": owed.kind,
        "person": owed.person,
        "channel": owed.channel,
        "state": DeliveryState.QUEUED if owed.unsent is None else DeliveryState.SUPPRESSED,
        "error": owed.unsent,
        "created_at": now,
    }


def work_on(board: Board, waiting: Iterable[Delivery], now: datetime, under_way: Container[str | None]) -> Work:
    """What to do with the messages that wait.

    Args:
        now: wall clock, UTC.
        under_way: keys of what this very process is sending just now.
    """
    work = Work()
    together: dict[tuple[str, ...], list[Delivery]] = {}
    for delivery in waiting:
        if delivery.state is DeliveryState.SENDING:
            # Whoever was sending it is gone, or stood still for so long that somebody else watches: it may have left,
            # or not. So it is sent again, under the same key.
            if delivery.message not in under_way:
                work.changes.append((delivery, {"state": DeliveryState.QUEUED, "next_at": None}))
            continue
        if (reason := why_not_any_more(board, delivery)) is not None:
            work.changes.append((delivery, {"state": DeliveryState.SUPPRESSED, "error": reason, "next_at": None}))
        elif (until := _held_until(board, delivery, now)) is not None:
            held = {"state": DeliveryState.HELD, "next_at": until, "error": "quiet hours"}
            if (delivery.state, delivery.next_at) != (DeliveryState.HELD, until):
                work.changes.append((delivery, held))
        elif _is_due(delivery, now):
            if delivery.message is not None:  # tried before: with the same others, under the same key
                place: tuple[str, ...] = ("again", delivery.message)
            elif delivery.person == WEBHOOK:
                place = ("alone", delivery.key)
            else:
                place = ("new", delivery.person, delivery.channel)
            together.setdefault(place, []).append(delivery)
    for place, batch in together.items():
        waited = place[0] != "new" or now - min(one.created_at for one in batch) >= BATCH
        if waited or any(one.created_at > now for one in batch):  # the clock was set back: nothing waits for that
            work.batches.append(batch)
    return work


def claimed(batch: Sequence[Delivery], message: str, fence: int) -> list[Change]:
    """The changes by which a batch is being sent."""
    values = {"state": DeliveryState.SENDING, "message": message, "fence": fence, "next_at": None}
    return [(one, {**values, "attempts": one.attempts + 1}) for one in batch]


def sent(batch: Sequence[Delivery], now: datetime) -> list[Change]:
    """The changes by which a batch was sent; `now`: wall clock, UTC."""
    return [(one, {"state": DeliveryState.SENT, "sent_at": now, "error": None}) for one in batch]


def failed(batch: Sequence[Delivery], reason: str, now: datetime, *, for_good: bool) -> list[Change]:
    """The changes by which a batch was not sent: it is tried again later, or given up. `now`: wall clock, UTC."""
    changes: list[Change] = []
    for one in batch:
        if for_good or one.attempts > len(BACK_OFF):
            changes.append((one, {"state": DeliveryState.GIVEN_UP, "error": reason}))
        else:
            next_at = now + BACK_OFF[max(one.attempts, 1) - 1]
            changes.append((one, {"state": DeliveryState.FAILED, "error": reason, "next_at": next_at}))
    return changes


def _is_due(delivery: Delivery, now: datetime) -> bool:
    """Whether it may be tried; also where the clock was set back since it was said when."""
    if delivery.state is not DeliveryState.FAILED or delivery.next_at is None:
        return True
    return not now < delivery.next_at <= now + max(BACK_OFF)


def _held_until(board: Board, delivery: Delivery, now: datetime) -> datetime | None:
    person = board.person_called(delivery.person)
    if person is None or delivery.message_kind is MessageKind.TEST:
        return None
    alert = board.rows(Alert).get(delivery.alert_id or 0)
    severity = Severity.NOTICE if alert is None or delivery.message_kind is MessageKind.OVER else alert.severity
    return quiet_until(person.quiet, person.timezone or board.programme.timezone, now, severity)
