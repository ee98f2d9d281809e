"""What an action on a communication did, in one line."""

from __future__ import annotations

from warroom.board.board import Board
from warroom.board.rows import Announcement
from warroom.rules.communications import sender_of, subject_of
from warroom.vocabulary.journal import Entry
from warroom.vocabulary.words import SendingMode


def of_communication(board: Board, entry: Entry) -> str:
    """What `entry` did, as seen on a Board that has it."""
    task = board.task(entry.subject)
    sender = None if task is None else sender_of(board, task)
    key = entry.subject.removeprefix(subject_of("")) if sender is None else sender.communication.key
    ref = key if task is None else task.ref
    match entry.action:
        case "communication.draft":
            return f"the text of {ref} was edited by {entry.done_by}; somebody else approves it"
        case "communication.withdraw":
            return f"the text of {ref} is not approved any more: {entry.reason}"
        case "communication.approve":
            each = any(change.table == "standing_approval" for change in entry.changes)
            return f"the text of {ref} is approved by {entry.done_by}{', each time that it is sent' if each else ''}"
        case "communication.record":
            return f"{ref} was sent by hand: {_announced(board, entry).by_hand}"
        case _:
            return f"{ref} {_going(_announced(board, entry))}"


def _announced(board: Board, entry: Entry) -> Announcement:
    key = next(change.key for change in entry.changes if change.table == Announcement.__tablename__)
    return board.rows(Announcement)[key]


def _going(one: Announcement) -> str:
    to = ", ".join(one.addresses)
    if one.mode is SendingMode.OFF:
        return f"counts as sent to {to}; in this rehearsal no message leaves"
    if one.mode is SendingMode.TEST:
        return f"goes to {one.test_to}, in place of {to}"
    return f"goes to {to}"
