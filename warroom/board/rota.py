"""Who has a role when: the rota turns the roles of tasks and seats into persons."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Protocol, TypeVar

from warroom.board.board import Board
from warroom.board.rows import RotaShift, Task


class Shift(Protocol):
    """A stretch of time in seconds from the window start, from `from_s` until before `to_s`."""

    @property
    def from_s(self) -> int: ...

    @property
    def to_s(self) -> int: ...


S = TypeVar("S", bound=Shift)


def shift_at(shifts: Iterable[S], at: int) -> S | None:
    """The shift that has a role at `at` (seconds from the window start).

    Where nobody is on shift it is the next one to come, and after the last shift the last one: somebody is always
    accountable. None if the role has no shifts.
    """
    ordered = sorted(shifts, key=lambda shift: shift.from_s)
    return next((shift for shift in ordered if at < shift.to_s), ordered[-1] if ordered else None)


class Rota:
    """The rota of one plan or run."""

    def __init__(self, board: Board) -> None:
        self._shifts: defaultdict[str, list[RotaShift]] = defaultdict(list)
        for row in board.rows(RotaShift).values():
            self._shifts[row.role].append(row)

    def person_at(self, role: str, at: int) -> int | None:
        """The key of the person who has `role` at `at` (seconds from the window start), by the rule of `shift_at`."""
        shift = shift_at(self._shifts.get(role, ()), at)
        return None if shift is None else shift.person_id

    def covers(self, role: str, at: int) -> bool:
        """Whether somebody is on shift in that role right then."""
        return any(shift.from_s <= at < shift.to_s for shift in self._shifts.get(role, ()))


def owner_at(board: Board, task: Task, at: int) -> int | None:
    """The key of the person who owns a task at `at` (seconds from the window start): by the rota where a role owns it,
    else the owner that it has."""
    if task.owner_role is None:
        return task.owner_id
    found = board.view("rota", [RotaShift], lambda: Rota(board)).person_at(task.owner_role, at)
    return task.owner_id if found is None else found
