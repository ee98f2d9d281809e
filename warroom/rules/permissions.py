"""Who may do what, as pure functions of small facts that a Board and an action (by key, inside its transaction) can
both fill. Each returns None when it is allowed, else why not and who may, in words. What they answer is in one table,
`warroom.rules.roles`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from warroom.board import presence
from warroom.board.board import Board
from warroom.board.rows import Person, Task
from warroom.rules.roles import GRANTS, Capability, Grantee, Place, who_may
from warroom.vocabulary.words import Role


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who wants to do something. `person_id` is None for those who are no person of the programme.

    `stands_for` are the keys of the people whose rights on tasks are the actor's for a time.
    """

    person_id: int | None
    handle: str
    roles: frozenset[str] = frozenset()
    stands_for: frozenset[int] = frozenset()

    @property
    def leads(self) -> bool:
        """Whether the actor leads the cutover, as a lead or a deputy."""
        return Role.OBSERVER not in self.roles and not self.roles.isdisjoint((Role.LEAD, Role.DEPUTY))

    def is_(self, person_id: int | None) -> bool:
        """Whether the actor is that person, or stands in for them."""
        return person_id is not None and (person_id == self.person_id or person_id in self.stands_for)


@dataclass(frozen=True, slots=True)
class TaskPeople:
    """The people of a task, by key; `executor_id` is who has executed it, once somebody has. While the owner is away
    the backup acts."""

    owner_id: int | None
    backup_id: int | None
    verifier_id: int | None
    executor_id: int | None
    owner_away: bool = False


Rule = Callable[[Actor, TaskPeople], str | None]


def actor_on(board: Board, handle: str, at: datetime | None = None) -> Actor:
    """Whoever goes by `handle`, with the rights that the Board gives them; those they have in somebody's place only
    with the run time `at` (UTC)."""
    person = board.person_called(handle)
    if person is None:
        return Actor(None, handle)
    return actor_of(person, () if at is None else presence.stood_in_for(board, person.id, at))


def actor_of(person: Person, stands_for: Iterable[int] = ()) -> Actor:
    """The facts about a person; `stands_for`: keys of the people whose rights on tasks they have besides."""
    return Actor(person.id, person.handle, frozenset(person.roles), frozenset(stands_for))


def people_of(task: Task, *, owner_away: bool = False) -> TaskPeople:
    """The people of a task, as its row names them."""
    return TaskPeople(task.owner_id, task.backup_id, task.verifier_id, task.executor_id, owner_away)


def people_on(board: Board, task: Task, at: datetime) -> TaskPeople:
    """The same with what the Board tells of the owner at `at` (run time, UTC)."""
    away = task.backup_id is not None and task.owner_id is not None and presence.is_away(board, task.owner_id, at)
    return people_of(task, owner_away=away)


def may_work(actor: Actor, people: TaskPeople) -> str | None:
    """Start, tick, finish, block, skip, fail, give an ETA or progress."""
    return _denied(Capability.WORK, actor, _places(actor, people), waits=_waits(actor, people))


def may_confirm(actor: Actor, named: Iterable[int]) -> str | None:
    """Confirm the start or the finish of a task that requires the people with these keys: one of them."""
    places = (Place.REQUIRED,) if any(actor.is_(key) for key in named) else ()
    return _denied(Capability.CONFIRM, actor, places)


def may_check(actor: Actor, people: TaskPeople) -> str | None:
    """Tick a verification step: whoever may work where there is no verifier."""
    if people.verifier_id is None:
        return may_work(actor, people)
    return _denied(Capability.CHECK, actor, _places(actor, people))


def may_verify(actor: Actor, people: TaskPeople) -> str | None:
    """Verify an executed task, but never what one has executed oneself."""
    if people.executor_id is not None and actor.person_id == people.executor_id:
        return "nobody verifies what they executed themselves"
    if people.verifier_id is None:
        return may_work(actor, people)
    return _denied(Capability.VERIFY, actor, _places(actor, people))


def may_correct(actor: Actor, people: TaskPeople) -> str | None:
    """Reopen, do again or correct the times of what was done."""
    return _denied(Capability.CORRECT, actor, _places(actor, people), waits=_waits(actor, people))


def may_settle(actor: Actor, people: TaskPeople) -> str | None:
    """Say that what was done still holds: whoever may correct it."""
    return may_correct(actor, people)


def may_undo(actor: Actor, recorded_by: str) -> str | None:
    """Take an entry back: whoever recorded it."""
    if actor.handle != recorded_by:
        return "nobody takes back what somebody else has recorded"
    return _denied(Capability.UNDO, actor)


def may_start_out_of_sequence(actor: Actor) -> str | None:
    """Start a task that waits for others."""
    if _denied(Capability.START_EARLY, actor) is None:
        return None
    return f"its predecessors are not finished; only {who_may(Capability.START_EARLY)} may start it all the same"


def may_note(actor: Actor) -> str | None:
    """Write something down: everybody who takes part."""
    return None if _holds(Capability.NOTE, actor) else "only people of the programme may write"


def may_attach(actor: Actor) -> str | None:
    """Attach evidence to a task."""
    return _denied(Capability.ATTACH, actor)


def may_vote(actor: Actor, seat_person_id: int, substitutes: Collection[str] = ()) -> str | None:
    """Vote: the holder of the seat, or one of its substitutes (by handle), and nobody else."""
    seat = (Place.SEAT,) if actor.person_id == seat_person_id or actor.handle in substitutes else ()
    return None if _holds(Capability.VOTE, actor, seat) else "nobody votes on a seat that is not their own"


def may_record_vote(actor: Actor) -> str | None:
    """Record the vote of somebody else; whether that counts, the assurance that the runbook asks for decides."""
    if _holds(Capability.RECORD_VOTE, actor):
        return None
    return f"only {who_may(Capability.RECORD_VOTE)} may record a vote for somebody else"


def may_decide(actor: Actor, people: TaskPeople) -> str | None:
    """Decide a gate."""
    return _denied(Capability.DECIDE, actor, _places(actor, people), waits=_waits(actor, people))


def may_call_trigger(actor: Actor) -> str | None:
    """Say that a trigger of the back-out is reached, or start its clock."""
    return _denied(Capability.CALL_TRIGGER, actor)


def may_end_call(actor: Actor, called_by_id: int | None, deciders: Collection[str]) -> str | None:
    """Withdraw a trigger, or stop its clock: whoever called on it, and its deciders (handles)."""
    places = (*_authority(actor, deciders), *(_self(actor, called_by_id) if called_by_id is not None else ()))
    return _denied(Capability.END_CALL, actor, places)


def may_invoke(actor: Actor, authority: Collection[str]) -> str | None:
    """Decide on the back-out, or on a way to recover: the authority (handles) for it, nobody in their place."""
    denied = _denied(Capability.BACK_OUT, actor, _authority(actor, authority))
    named = f": {', '.join(authority)}" if authority else ""
    return None if denied is None else f"{denied}{named}"


def may_assess(actor: Actor, evaluators: Collection[str]) -> str | None:
    """Judge a criterion; `evaluators` are the handles of those whose matter it is."""
    return _denied(Capability.ASSESS, actor, (Place.EVALUATOR,) if actor.handle in evaluators else ())


def may_log(actor: Actor) -> str | None:
    """Record a figure, or a problem and what becomes of it."""
    return _denied(Capability.LOG, actor)


def may_lead(actor: Actor) -> str | None:
    """Start, hold, resume, close a run."""
    return _denied(Capability.CONTROL_RUN, actor)


def may_change_plan(actor: Actor, *, in_run: bool) -> str | None:
    """Change the plan: of an open run, or before it."""
    return _denied(Capability.PLAN_DURING if in_run else Capability.PLAN_BEFORE, actor)


def may_reassign(actor: Actor, people: TaskPeople, changes: Mapping[str, int | None]) -> str | None:
    """Give a task of a run to other people; its owner may hand it to its backup.

    Args:
        changes: the new people, by "owner", "backup" and "verifier"; only those that change.
    """
    to_backup = people.backup_id is not None and dict(changes) == {"owner": people.backup_id}
    return _denied(Capability.HAND_OVER_TASK if to_backup else Capability.PLAN_DURING, actor, _places(actor, people))


def may_record_for(actor: Actor, done_by_id: int | None) -> str | None:
    """Record what somebody else did. That they may do it is asked besides."""
    if actor.person_id == done_by_id or _holds(Capability.RECORD, actor):
        return None
    return f"only {who_may(Capability.RECORD)} may record for somebody else"


def may_edit_people(actor: Actor) -> str | None:
    """Add people and parties; change anything about them, roles too."""
    return _denied(Capability.EDIT_PEOPLE, actor)


def may_edit_contact(actor: Actor, person_id: int) -> str | None:
    """Change how a person is reached: the person too."""
    return _denied(Capability.EDIT_SELF, actor, _self(actor, person_id))


def may_substitute(actor: Actor, person_id: int) -> str | None:
    """Give somebody the rights of a person on tasks for a time: the person too."""
    return _denied(Capability.SUBSTITUTE, actor, _self(actor, person_id))


def may_say_away(actor: Actor, person_id: int, *, backs_up: bool) -> str | None:
    """Say that a person is away or back: whoever is backup on an open task of theirs too (`backs_up`), so that nobody
    is locked out at night by an owner who does not answer."""
    return _denied(Capability.SAY_AWAY, actor, (*_self(actor, person_id), *((Place.BACKUP,) if backs_up else ())))


def may_call_roll(actor: Actor) -> str | None:
    """Call the roll: whoever may record what others did."""
    return _denied(Capability.RECORD, actor)


def may_answer_roll(actor: Actor, person_id: int) -> str | None:
    """Tick a person in a roll-call: the person too."""
    return None if actor.person_id == person_id else _denied(Capability.RECORD, actor)


def may_give_shift(actor: Actor, leaving_id: int) -> str | None:
    """Offer the shift of the person who leaves: that person too."""
    return _denied(Capability.GIVE_SHIFT, actor, _self(actor, leaving_id))


def may_accept_shift(actor: Actor, coming_id: int | None) -> str | None:
    """Accept a shift that is offered to `coming_id`, or to anybody (None)."""
    concerned = actor.person_id is not None and coming_id in (None, actor.person_id)
    if _holds(Capability.ACCEPT_SHIFT, actor, (Place.SELF,) if concerned else ()):
        return None
    return "only the one coming in may accept a shift"


def may_shout(actor: Actor) -> str | None:
    """Shout a line to everybody, a stream or one person."""
    return _denied(Capability.SHOUT, actor)


def may_answer_alert(actor: Actor, told: Collection[str]) -> str | None:
    """Acknowledge or snooze an alert: those whom it concerns (`told`, by handle), and the leads."""
    return _denied(Capability.ANSWER_ALERT, actor, (Place.SELF,) if actor.handle in told else ())


def may_set_limits(actor: Actor) -> str | None:
    """Change the limits of alert rules in a run."""
    return _denied(Capability.SET_LIMITS, actor)


def may_communicate(actor: Actor, people: TaskPeople, approver_id: int | None) -> str | None:
    """Edit the text of a communication, and send it; `people` are those of the task that sends it."""
    places = (*_places(actor, people), *_approver(actor, approver_id))
    return _denied(Capability.COMMUNICATE, actor, places, waits=_waits(actor, people))


def may_approve(actor: Actor, approver_id: int | None, edited_by_id: int | None) -> str | None:
    """Approve the text of a communication, but never what one has edited oneself. That a lead who is not the approver
    says why is asked besides.

    Args:
        approver_id: who is to approve it; None: the leads. edited_by_id: who changed its text, if anybody did.
    """
    if edited_by_id is not None and actor.person_id == edited_by_id:
        return "nobody approves a text that they edited themselves"
    return _denied(Capability.APPROVE, actor, _approver(actor, approver_id))


def taken_place(rule: Rule, actor: Actor, people: TaskPeople) -> int | None:
    """Key of the person whose rights the actor needs for what `rule` allows; None where their own are enough."""
    if rule(replace(actor, stands_for=frozenset()), people) is None:
        return None
    for key in sorted(actor.stands_for):
        if rule(replace(actor, stands_for=frozenset({key})), people) is None:
            return key
    return None


def _denied(capability: Capability, actor: Actor, places: Iterable[Place] = (), *, waits: bool = False) -> str | None:
    if _holds(capability, actor, places):
        return None
    said = f"only {who_may(capability)} may do that"
    return f"{said}, and the owner is not known to be away (warroom person away)" if waits else said


def _holds(capability: Capability, actor: Actor, places: Iterable[Place] = ()) -> bool:
    return not GRANTS[capability].isdisjoint(_standing(actor, places))


def _standing(actor: Actor, places: Iterable[Place]) -> Iterator[Grantee]:
    if Role.OBSERVER in actor.roles:
        yield Role.OBSERVER
        return
    yield from (role for role in Role if role in actor.roles)
    if actor.person_id is not None:
        yield Place.ANYBODY
        yield from places


def _places(actor: Actor, people: TaskPeople) -> Iterator[Place]:
    if actor.is_(people.owner_id):
        yield Place.OWNER
    if people.owner_away and actor.is_(people.backup_id):
        yield Place.BACKUP
    if actor.is_(people.verifier_id):
        yield Place.VERIFIER


def _self(actor: Actor, person_id: int) -> tuple[Place, ...]:
    return (Place.SELF,) if actor.person_id == person_id else ()


def _approver(actor: Actor, approver_id: int | None) -> tuple[Place, ...]:
    return (Place.APPROVER,) if actor.is_(approver_id) else ()


def _authority(actor: Actor, authority: Collection[str]) -> tuple[Place, ...]:
    """Where nobody is named, the leads are the authority."""
    return (Place.AUTHORITY,) if actor.handle in authority or (not authority and actor.leads) else ()


def _waits(actor: Actor, people: TaskPeople) -> bool:
    """Whether the actor is a backup who waits for the owner to be away."""
    return not people.owner_away and actor.is_(people.backup_id)
