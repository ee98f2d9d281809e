"""Finding the person and the task that a few typed letters mean."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TypeVar

from warroom.board.board import CLOSED_STATES, Board
from warroom.board.rows import Person, Task

T = TypeVar("T")

_SAME, _BEGIN, _LETTERS, _NOT = 0, 1, 2, 9
"""How well letters fit a name: they are all of it, its begin, or in it in that order; or they do not fit."""

_SIGNS = re.compile(r"[\W_]+|(?<!\d)0+(?=\d)")
"""What counts for nothing: signs, and zeros before a number."""


def people_meant(board: Board, text: str) -> list[Person]:
    """The people whom a text may mean, all equally likely: by handle, else by a part of the name."""
    ranked = []
    for person in board.rows(Person).values():
        by_handle, by_name = _fit(text, [person.handle]), _fit(text, person.name.split())
        if min(by_handle, by_name) < _NOT:
            ranked.append(((min(by_handle, by_name), by_handle > by_name), person))
    return _best(ranked)


def tasks_meant(board: Board, text: str, person: Person | None) -> list[Task]:
    """The tasks that a text may mean, all equally likely: by ref ("bc24" is BC-24), else by the title. Of several those
    of `person` are meant, then those that are open."""
    ranked = []
    for task in board.tasks_in_play:
        by_ref, by_title = _fit(text, [task.ref]), _fit(text, [task.title, *task.title.split()])
        fit = min(by_ref, by_title)
        if fit < _NOT:
            theirs = person is not None and person.id in (task.owner_id, task.backup_id, task.verifier_id)
            loose = fit if fit == _LETTERS else _SAME if by_ref == _SAME else _BEGIN
            ranked.append(((loose, not theirs, task.state in CLOSED_STATES, by_ref > by_title), task))
    return _best(ranked)


def task_named(board: Board, text: str) -> Task | None:
    """The task whose whole ref the text is ("bc4" is BC-04), unless it is somebody's handle."""
    if board.person_called(text) is not None:
        return None
    found = [task for task in board.tasks_in_play if _fit(text, [task.ref]) == _SAME]
    return found[0] if len(found) == 1 else None


def _best(ranked: Iterable[tuple[tuple[int | bool, ...], T]]) -> list[T]:
    """Those of the lowest rank."""
    found = list(ranked)
    lowest = min((rank for rank, _ in found), default=())
    return [one for rank, one in found if rank == lowest]


def _fit(text: str, names: Iterable[str]) -> int:
    wanted = _plain(text)
    if not wanted:
        return _NOT
    plain = [_plain(name) for name in names]
    if wanted in plain:
        return _SAME
    if any(name.startswith(wanted) for name in plain):
        return _BEGIN
    return _LETTERS if any(_in_order(wanted, name) for name in plain) else _NOT


def _plain(text: str) -> str:
    return _SIGNS.sub("", text.casefold())


def _in_order(wanted: str, name: str) -> bool:
    letters = iter(name)
    return all(letter in letters for letter in wanted)
