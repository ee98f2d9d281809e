"""What an action about people, parties or shifts did, in one line for whoever typed it."""

from __future__ import annotations

from datetime import datetime
from typing import TypeVar

from warroom.board.board import Board
from warroom.board.handovers import left_to_verify
from warroom.board.rows import Leave, Person, ShiftHandover, Task
from warroom.clock.times import show_time
from warroom.vocabulary.journal import Entry

R = TypeVar("R", Leave, ShiftHandover)


def of_people(board: Board, entry: Entry) -> str:
    """What `entry` did, as seen on a Board that has it."""
    named = entry.subject.partition(" ")[2]
    person = board.person_called(named)
    name = named if person is None else person.name
    match entry.action:
        case "person.add":
            roles = "" if person is None or not person.roles else f", {', '.join(person.roles)}"
            return f"{name} takes part as {named}{roles}"
        case "person.edit":
            fields = sorted({field for change in entry.changes for field in change.after or {}})
            return f"{named}: {', '.join(fields) or 'nothing'} changed"
        case "person.key-add":
            count = len(entry.changes)
            return f"{name} may log in with {count} more key{'' if count == 1 else 's'}"
        case "person.key-remove":
            return f"a key of {name} is taken away; consoles that were opened with it end"
        case "party.add":
            return f"the party {named} takes part"
        case "person.away" | "person.substitute":
            return _of_leave(board, entry, name)
        case "person.back":
            return f"{name} is back"
        case "handover.give":
            handover = _row(board, entry, ShiftHandover)
            to = "whoever accepts it" if handover is None else _name(board, handover.coming_id) or "whoever accepts it"
            return f"the shift of {name} is offered to {to}; nothing goes over before it is accepted"
        case "handover.accept":
            return _of_accepted(board, entry, person)
        case _:
            return f"{entry.action}: {entry.subject}"


def _of_leave(board: Board, entry: Entry, name: str) -> str:
    leave = _row(board, entry, Leave)
    if leave is None:
        return f"{name} is away"
    zone = board.programme.timezone

    def at(instant: datetime) -> str:
        return show_time(instant, zone)

    until = "until they are back" if leave.to_at is None else f"until {at(leave.to_at)}"
    if leave.substitute_id is None:
        return f"{name} is away from {at(leave.from_at)} {until}; backups may act"
    return f"{_name(board, leave.substitute_id)} stands in for {name} from {at(leave.from_at)} {until}"


def _of_accepted(board: Board, entry: Entry, leaving: Person | None) -> str:
    handover = _row(board, entry, ShiftHandover)
    if handover is None or leaving is None or handover.coming_id is None:
        return f"{entry.action}: {entry.subject}"
    found = [board.rows(Task).get(change.key) for change in entry.changes if change.table == "task"]
    tasks = [task for task in found if task is not None]
    unverified = [task.ref for task in tasks if left_to_verify(task, handover.leaving_id, handover.coming_id)]
    said = f"{_name(board, handover.coming_id)} has the shift of {leaving.name}: "
    said += ", ".join(task.ref for task in tasks) or "no open task"
    return said + (f"; somebody else must verify {', '.join(unverified)}" if unverified else "")


def _row(board: Board, entry: Entry, row_class: type[R]) -> R | None:
    """The row of that kind that the entry made or changed."""
    table = "leave" if row_class is Leave else "shift_handover"
    found = [board.rows(row_class).get(change.key) for change in entry.changes if change.table == table]
    return found[-1] if found else None


def _name(board: Board, person_id: int | None) -> str:
    person = board.person(person_id)
    return "" if person is None else person.name
