"""Who may do what, as pure functions of small facts that a Board and an action (by key, inside its transaction) can
both fill. Each returns None when it is allowed, else why not, in words.
"""

from __future__ import annotations

from dataclasses import dataclass

from warroom.board.board import Board
from warroom.board.rows import Person, Task

LEAD = "lead"
OBSERVER = "observer"


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who wants to do something. `person_id` is None for those who are no person of the programme."""

    person_id: int | None
    handle: str
    roles: frozenset[str] = frozenset()

    @property
    def leads(self) -> bool:
        return LEAD in self.roles


@dataclass(frozen=True, slots=True)
class TaskPeople:
    """The people of a task, by key; `executor_id` is who has executed it, once somebody has."""

    owner_id: int | None
    backup_id: int | None
    verifier_id: int | None
    executor_id: int | None


def actor_on(board: Board, handle: str) -> Actor:
    """Whoever goes by `handle`, with the rights that the Board gives them."""
    person = board.person_called(handle)
    return Actor(None, handle) if person is None else actor_of(person)


def actor_of(person: Person) -> Actor:
    return Actor(person.id, person.handle, frozenset(person.roles))


def people_of(task: Task) -> TaskPeople:
    return TaskPeople(task.owner_id, task.backup_id, task.verifier_id, task.executor_id)


def may_work(actor: Actor, people: TaskPeople) -> str | None:
    """Start, tick, finish, block, skip, fail, give an ETA or progress: the owner, the backup, the lead."""
    if actor.leads or (actor.person_id is not None and actor.person_id in (people.owner_id, people.backup_id)):
        return None
    return "only its owner, its backup or the lead may do that"


def may_check(actor: Actor, people: TaskPeople) -> str | None:
    """Tick a verification step: the verifier, or whoever may work where there is none."""
    if people.verifier_id is None:
        return may_work(actor, people)
    if actor.leads or actor.person_id == people.verifier_id:
        return None
    return "only its verifier or the lead may do that"


def may_verify(actor: Actor, people: TaskPeople) -> str | None:
    """Verify an executed task: the verifier or the lead, but never the one who executed it."""
    if people.executor_id is not None and actor.person_id == people.executor_id:
        return "nobody verifies what they executed themselves"
    return may_check(actor, people)


def may_correct(actor: Actor, people: TaskPeople) -> str | None:
    """Reopen, do again or correct the times of what was done: whoever may work on it or verifies it."""
    if may_work(actor, people) is None or (actor.person_id is not None and actor.person_id == people.verifier_id):
        return None
    return "only its owner, its backup, its verifier or the lead may do that"


def may_settle(actor: Actor, people: TaskPeople) -> str | None:
    """Say that what was done still holds: whoever may correct it."""
    return may_correct(actor, people)


def may_undo(actor: Actor, recorded_by: str) -> str | None:
    """Take an entry back: whoever recorded it."""
    return None if actor.handle == recorded_by else "nobody takes back what somebody else has recorded"


def may_start_out_of_sequence(actor: Actor) -> str | None:
    return None if actor.leads else "its predecessors are not finished; only the lead may start it all the same"


def may_note(actor: Actor) -> str | None:
    """Write something down: everybody who takes part."""
    return None if actor.person_id is not None else "only people of the programme may write"


def may_vote(actor: Actor, seat_person_id: int) -> str | None:
    """Vote: the holder of the seat, and nobody for them."""
    return None if actor.person_id == seat_person_id else "nobody votes on a seat that is not their own"


def may_decide(actor: Actor, people: TaskPeople) -> str | None:
    """Decide a gate: its owner, their backup, or the lead."""
    if may_work(actor, people) is None:
        return None
    return "only the gate's owner, their backup or the lead may decide it"


def may_lead(actor: Actor) -> str | None:
    """Start, hold, resume, close a run: the lead."""
    return None if actor.leads else "only the lead may do that"


def may_record_for(actor: Actor, done_by_id: int | None) -> str | None:
    """Record what somebody else did: the lead."""
    if actor.leads or actor.person_id == done_by_id:
        return None
    return "only the lead may record for somebody else"
