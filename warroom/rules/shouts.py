"""Who hears a shout, and for how long it is shown."""

from __future__ import annotations

from datetime import datetime, timedelta

from warroom.board.board import CLOSED_STATES, Board
from warroom.board.rows import Person, Shout, Task

SHOWN_FOR = timedelta(minutes=10)
"""So long after it was said a shout is shown (wall clock)."""


def listeners(board: Board, shout: Shout) -> frozenset[int]:
    """Keys of the people who hear it: the one whom it is for; of a stream its lead, and whoever owns, backs up or
    verifies an open task of it; else everybody. Who said it is never among them."""
    if shout.to_id is not None:
        heard = {shout.to_id}
    elif shout.stream is not None:
        heard = _of_stream(board, shout.stream)
    else:
        heard = set(board.rows(Person))
    return frozenset(heard - {shout.by_id})


def is_shown(shout: Shout, wall: datetime) -> bool:
    """Whether it is still shown at `wall` (wall clock, UTC)."""
    return timedelta() <= wall - shout.said_at < SHOWN_FOR


def heard(board: Board, person_id: int | None, wall: datetime) -> tuple[Shout, ...]:
    """What is shown to a person at `wall` (wall clock, UTC), the newest first. To None, who stands for the room, only
    what is said to everybody is."""
    shown = [shout for shout in board.rows(Shout).values() if is_shown(shout, wall)]
    return tuple(
        shout
        for shout in reversed(shown)
        if (is_to_all(shout) if person_id is None else person_id in listeners(board, shout))
    )


def is_to_all(shout: Shout) -> bool:
    """Whether it is said to everybody."""
    return shout.to_id is None and shout.stream is None


def _of_stream(board: Board, key: str) -> set[int]:
    stream = next((stream for stream in board.streams if stream.key == key), None)
    people = set() if stream is None else {stream.lead_id}
    for task in board.rows(Task).values():
        if task.stream == key and task.state not in CLOSED_STATES:
            people |= {task.owner_id, task.backup_id, task.verifier_id}
    return {person for person in people if person is not None}
