"""How simulated people tell others: a text is approved by whoever is to, then sent; by hand where it has no address."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from warroom.board.board import Board
from warroom.board.forecast import forecast
from warroom.board.rows import StandingApproval, Task
from warroom.rules.communications import (
    Sender,
    announcements_of,
    due_s,
    occurrence_at,
    sender_of,
    senders,
    sent_occurrences,
    standing_approval,
    standing_of,
)
from warroom.simulate.attendance import Attendance, Turn
from warroom.vocabulary.words import AnnouncementStage

APPROVE, SEND, RECORD = "communication.approve", "communication.send", "communication.record"


def what_is_owed(board: Board, task: Task, now: datetime) -> tuple[str, Sender] | None:
    """The next action for the text that a task sends; None: it sends none, or all of it was sent."""
    sender = sender_of(board, task)
    return None if sender is None else _next(board, sender, now)


def repeated(board: Board, now: datetime) -> Iterator[tuple[datetime, str, Sender]]:
    """The same for what is repeated and no task sends, with when it is due (run time, UTC)."""
    for sender in senders(board):
        if sender.task is None and sender.communication.every_s is not None:
            owed = _next(board, sender, now)
            if owed is not None:
                yield _due(board, sender, now), *owed


def turn_of(there: Attendance, sender: Sender, action: str, due: datetime) -> Turn | None:
    """Who does it: the approver approves, or where none is there a lead; whoever works on the task sends."""
    if action != APPROVE and sender.task is not None:
        return there.of_work(sender.task, due)
    approver = sender.communication.approver_id
    return there.first_of((*(() if approver is None else (approver,)), *there.leads), due)


def words_of(board: Board, sender: Sender, action: str, handle: str, now: datetime) -> dict[str, Any]:
    """The arguments of an action of `handle` about a text: its words as they stand at `now` (run time, UTC)."""
    who = board.person_called(handle)
    standing = standing_of(board, forecast(board, now), sender)
    words = standing.fresh if action == APPROVE else standing.words
    told: dict[str, Any] = {"text": words.text, "subject": words.subject}
    if action == RECORD:
        told["how"] = sender.communication.channel or "read out on the bridge"
    elif action == APPROVE and sender.communication.approver_id not in (None, who.id if who is not None else None):
        told["reason"] = "The approver is not there"
    return told


def _next(board: Board, sender: Sender, now: datetime) -> tuple[str, Sender] | None:
    announcements, occurrence = announcements_of(board, sender), _occurrence(board, sender, now)
    if occurrence is None:
        return None
    one = next((one for one in announcements if one.occurrence == occurrence), None)
    approvals = board.rows(StandingApproval).values()
    approved = (
        standing_approval(approvals, sender.communication) is not None
        if one is None
        else one.stage is AnnouncementStage.APPROVED
    )
    return (SEND if sender.communication.to else RECORD) if approved else APPROVE, sender


def _occurrence(board: Board, sender: Sender, now: datetime) -> int | None:
    attempt = 1 if sender.task is None else sender.task.attempt
    now_s = int((now - board.plan.window_start).total_seconds())
    return occurrence_at(sender.communication, attempt, now_s, sent_occurrences(announcements_of(board, sender)))


def _due(board: Board, sender: Sender, now: datetime) -> datetime:
    occurrence = _occurrence(board, sender, now)
    due = None if occurrence is None else due_s(sender.communication, occurrence)
    return now if due is None else board.plan.window_start + timedelta(seconds=due)
