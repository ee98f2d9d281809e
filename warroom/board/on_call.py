"""Whom the one at a task can call for help now: in the order in which they are tried, with their numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from warroom.board.board import Board
from warroom.board.presence import is_away
from warroom.board.rows import Bridge, Party, Person, Stream, Task
from warroom.vocabulary.words import BlockedOn, Role

_ROLES = (Role.LEAD, Role.DEPUTY, Role.SUPPORT)


@dataclass(frozen=True, slots=True)
class OnCall:
    """Somebody who may help. Texts are people's, not yet harmless.

    Attributes:
        handle: None for a party outside.
        part: why they are asked: "backup", "leads the stream", "party", or a role.
        away: whether they are known to be away now.
    """

    handle: str | None
    name: str
    part: str
    phone: str | None
    away: bool


def on_call(board: Board, task: Task, person_id: int | None, at: datetime) -> tuple[OnCall, ...]:
    """Who can be called about a task at `at` (run time, UTC) by a person, each once; those who are away come last."""
    found: dict[str, OnCall] = {}
    for person, part in _people(board, task):
        if person is not None and person.id != person_id and person.handle not in found:
            away = is_away(board, person.id, at)
            found[person.handle] = OnCall(person.handle, person.name, part, person.phone, away)
    keys = {task.party, task.blocked_by if task.blocked_on is BlockedOn.PARTY else None}
    parties = [
        OnCall(None, party.name, f"party, ask for {party.contact}" if party.contact else "party", party.phone, False)
        for party in board.rows(Party).values()
        if party.key in keys
    ]
    return tuple(sorted([*parties, *found.values()], key=lambda one: one.away))


def bridge_words(board: Board) -> str:
    """How one gets to the bridge of the runbook; "" where it names none. Not yet harmless."""
    bridge = next(iter(board.rows(Bridge).values()), None)
    if bridge is None:
        return ""
    pin = None if bridge.pin is None else f"PIN {bridge.pin}"
    return ", ".join(part for part in (bridge.name, bridge.phone, pin, bridge.url) if part)


def _people(board: Board, task: Task) -> Iterator[tuple[Person | None, str]]:
    yield board.person(task.owner_id), "owner"
    yield board.person(task.backup_id), "backup"
    lead = next((stream.lead_id for stream in board.rows(Stream).values() if stream.key == task.stream), None)
    yield board.person(lead), "leads the stream"
    for role in _ROLES:
        yield from ((person, role.value) for person in board.rows(Person).values() if role in person.roles)
