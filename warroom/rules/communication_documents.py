"""Communications as JSON documents."""

from __future__ import annotations

from typing import Any

from warroom.board.board import Board
from warroom.board.forecast import Forecast
from warroom.board.rows import Announcement
from warroom.clock.times import iso_utc
from warroom.rules.communications import Sender, Standing, announcements_of, standing_of


def communication_document(board: Board, forecast: Forecast, sender: Sender) -> dict[str, Any]:
    """A communication, and how the next time that it is sent stands. Times are UTC; `due` is of that time."""
    text, standing = sender.communication, standing_of(board, forecast, sender)
    one = standing.announcement
    return {
        "ref": sender.ref,
        "communication": text.key,
        "task": None if sender.task is None else sender.task.ref,
        "title": text.title,
        "notice": text.notice.value,
        "audience": list(text.audience),
        "external": text.external,
        "channel": text.channel,
        "to": list(text.to),
        "approver": board.handle(text.approver_id),
        "every_s": text.every_s,
        "occurrence": standing.occurrence,
        "due": iso_utc(forecast.instant(standing.due_s)),
        "state": "to-be-approved" if one is None and not standing.approved else _state(standing),
        "standing_approval": None if standing.standing is None else board.handle(standing.standing.approved_by_id),
        "outdated": standing.outdated,
        "over": standing.over,
    }


def words_document(standing: Standing) -> dict[str, Any]:
    """What it says: `fresh` is what the Board would give now, where that is not what was edited or approved."""
    words, fresh = standing.words, standing.fresh
    return {
        "subject": words.subject,
        "text": words.text,
        "fresh": {"subject": fresh.subject, "text": fresh.text} if standing.outdated else None,
    }


def whole_document(board: Board, forecast: Forecast, sender: Sender) -> dict[str, Any]:
    """All of it: also the words, and every time that it was edited, approved or sent."""
    standing = standing_of(board, forecast, sender)
    return {
        **communication_document(board, forecast, sender),
        **words_document(standing),
        "times": [announcement_document(board, one) for one in announcements_of(board, sender)],
    }


def announcement_document(board: Board, one: Announcement) -> dict[str, Any]:
    """What became of a communication at one of the times at which it is sent; times are UTC, in run time."""

    def at(name: str) -> str | None:
        instant = getattr(one, name)
        return None if instant is None else iso_utc(instant)

    return {
        "id": one.id,
        "occurrence": one.occurrence,
        "stage": one.stage.value,
        "subject": one.subject,
        "text": one.text,
        "edited_by": board.handle(one.drafted_by_id),
        "edited_at": at("drafted_at"),
        "approved_by": board.handle(one.approved_by_id),
        "approved_at": at("approved_at"),
        "standing": one.standing,
        "sent_by": board.handle(one.sent_by_id),
        "sent_at": at("sent_at"),
        "by_hand": one.by_hand,
        "addresses": list(one.addresses),
        "mode": None if one.mode is None else one.mode.value,
    }


def _state(standing: Standing) -> str:
    one = standing.announcement
    return "approved" if one is None else one.stage.value
