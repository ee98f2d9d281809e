"""What a blocked task waits for, in words and as JSON."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from warroom.board.board import Board
from warroom.board.rows import Party, Task
from warroom.clock.times import iso_whole
from warroom.vocabulary.words import BlockedOn


def awaited_words(board: Board, task: Task, shown: Callable[[datetime], str]) -> str:
    """Whom or what a blocked task waits for, with number, ticket, promise and chase; "" if nothing was said of it. The
    text is people's, not yet harmless.

    Args:
        shown: how an instant is told.
    """
    parts = [_who(board, task)] if task.blocked_on is not None else []
    if task.blocked_ticket:
        parts.append(f"ticket {task.blocked_ticket}")
    if task.blocked_promise is not None:
        parts.append(f"promised {shown(task.blocked_promise)}")
    if task.blocked_chase is not None:
        parts.append(f"chase {shown(task.blocked_chase)}")
    return ", ".join(parts)


def awaited_document(task: Task) -> dict[str, Any] | None:
    """The same as JSON (README: JSON); None where nothing was said of it."""
    document = {
        "kind": None if task.blocked_on is None else task.blocked_on.value,
        "by": task.blocked_by,
        "ticket": task.blocked_ticket,
        "promised_at": iso_whole(task.blocked_promise),
        "chase_at": iso_whole(task.blocked_chase),
    }
    return document if any(value is not None for value in document.values()) else None


def _who(board: Board, task: Task) -> str:
    by = task.blocked_by or ""
    match task.blocked_on:
        case BlockedOn.PERSON:
            person = board.person_called(by)
            return _reached(by, None if person is None else person.phone)
        case BlockedOn.PARTY:
            party = next((party for party in board.rows(Party).values() if party.key == by), None)
            return by if party is None else _reached(party.name, party.phone)
        case _:
            problem = next((problem for problem in board.problems if str(problem.number) == by), None)
            return f"problem {by}" + ("" if problem is None else f" ({problem.title})")


def _reached(name: str, phone: str | None) -> str:
    return f"{name} ({phone})" if phone else name
