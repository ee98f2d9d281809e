"""Who is there to do something, and when: the one whose part it is, who stands in, or the same one once they are back.

Whoever was said to be away is replaced where somebody may act instead; whoever is off by their hours, or by an absence
that the runbook knows, is waited for, as the forecast does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from warroom.board import presence
from warroom.board.board import Board
from warroom.board.rows import Person, Seat, Task
from warroom.vocabulary.words import Role


@dataclass(frozen=True, slots=True)
class Turn:
    """Whose turn it is (handle), and from when on (run time, UTC)."""

    who: str
    due: datetime


@dataclass(frozen=True, slots=True)
class Attendance:
    """Who is there. What is due earlier than `now` (run time, UTC) is done at `now`."""

    board: Board
    now: datetime

    def of_work(self, task: Task, due: datetime) -> Turn | None:
        """Who works on a task, or decides the gate that it is: its owner, a substitute, the backup, or a lead."""
        return self._turn(task.owner_id, due, (task.backup_id, *self.leads))

    def of_check(self, task: Task, due: datetime) -> Turn | None:
        """Who verifies: the verifier, a substitute or a lead, and never who has executed it."""
        if task.verifier_id in (None, task.executor_id):
            return self.first_of((key for key in self.leads if key != task.executor_id), due)
        return self._turn(task.verifier_id, due, self.leads, but=(task.executor_id,))

    def of_seat(self, seat: Seat, seats: Iterable[Seat], due: datetime) -> Turn | None:
        """Who votes on a seat: its holder, or a substitute who holds none."""
        taken = [other.person_id for other in seats]
        persons = [self.board.person_called(handle) for handle in seat.substitutes]
        others = [person.id for person in persons if person is not None and person.id not in taken]
        return self._turn(seat.person_id, due, others, by_substitutes=False)

    def of_judgement(self, person_id: int | None, due: datetime) -> Turn | None:
        """Who judges a matter of that person: they, or a lead."""
        return self._turn(person_id, due, self.leads, by_substitutes=False)

    def first_of(self, keys: Iterable[int], due: datetime) -> Turn | None:
        """The first of these people who is there; else who is back first; None: nobody knows of any."""
        at = max(due, self.now)
        back: list[tuple[datetime, int]] = []
        for key in keys:
            there = presence.back_at(self.board, key, at)
            if there == at:
                return self._as_turn(key, due)
            if there is not None:
                back.append((there, key))
        if not back:
            return None
        there, key = min(back)
        return self._as_turn(key, there)

    @property
    def leads(self) -> tuple[int, ...]:
        """Keys of the leads."""
        return tuple(person.id for person in self.board.rows(Person).values() if Role.LEAD in person.roles)

    def _turn(
        self,
        key: int | None,
        due: datetime,
        others: Iterable[int | None],
        *,
        by_substitutes: bool = True,
        but: tuple[int | None, ...] = (),
    ) -> Turn | None:
        if key is None:
            return None
        at = max(due, self.now)
        leave = presence.leave_of(self.board, key, at)
        if leave is None:
            there = presence.back_at(self.board, key, at)
            return None if there is None else self._as_turn(key, due if there == at else there)
        substitutes = (leave.substitute_id,) if by_substitutes else ()
        for other in self._but((*substitutes, *others), but):
            if not presence.is_away(self.board, other, at):
                return self._as_turn(other, due)
        return self.first_of((key,), due)

    def _but(self, keys: Iterable[int | None], but: tuple[int | None, ...]) -> Iterator[int]:
        yield from (key for key in keys if key is not None and key not in but)

    def _as_turn(self, key: int, due: datetime) -> Turn:
        return Turn(self.board.handle(key) or "", due)
