"""What somebody may do with a task, inside the transaction: by their own right, or as backup or substitute.

Whose right is somebody else's takes more reading, so it is asked only where the actor's own is not enough.
"""

from __future__ import annotations

from dataclasses import replace

from warroom.actions.acting import Acting
from warroom.board import presence
from warroom.model.calendars import Absence, CalendarHours
from warroom.model.programme import Person
from warroom.model.shifts import Leave
from warroom.model.tasks import Task
from warroom.rules import permissions
from warroom.rules.permissions import Actor, Rule, TaskPeople
from warroom.vocabulary.errors import Refused


def insist_may(acting: Acting, rule: Rule, task: Task, *, doer_alone: bool = False) -> None:
    """The one who records it or the one who did it must be allowed by `rule`; with `doer_alone`, the latter.

    Raises:
        Refused: neither is.
    """
    people = permissions.people_of(task)
    actors = [acting.doer] if doer_alone or acting.doer == acting.actor else [acting.actor, acting.doer]
    if any(rule(actor, people) is None for actor in actors):
        return
    people = replace(people, owner_away=is_away(acting, task.owner_id))
    denied = None
    for actor in (standing_in(acting, actor) for actor in actors):
        denied = rule(actor, people)
        if denied is None:
            key = permissions.taken_place(rule, actor, people)
            acting.in_place_of = None if key is None else acting.rows.get(Person, key).handle
            return
    assert denied is not None
    raise Refused(denied, where=task.ref, hint=_hint(acting, actors[-1], people))


def allowed(acting: Acting, rule: Rule, task: Task) -> bool:
    """Whether `insist_may` would let it pass; what the entry says of substitutes stays as it is."""
    kept = acting.in_place_of
    try:
        insist_may(acting, rule, task)
    except Refused:
        return False
    finally:
        acting.in_place_of = kept
    return True


def is_away(acting: Acting, person_id: int | None) -> bool:
    """Whether a person is away now (see `presence.is_away`)."""
    if person_id is None:
        return False
    rows, run = acting.rows, acting.run
    if any(presence.lasts(leave, run, acting.now) for leave in rows.settled(Leave, person_id=person_id)):
        return True
    if run is None:
        return False
    key = rows.get(Person, person_id).calendar
    hours = None if key is None else next(iter(rows.settled(CalendarHours, run_id=run.id, key=key)), None)
    absences = rows.settled(Absence, run_id=run.id, person_id=person_id)
    return presence.is_off(hours, absences, run.window_start, acting.now)


def standing_in(acting: Acting, actor: Actor) -> Actor:
    """The actor with the rights on tasks of those whose substitute they are now."""
    if actor.person_id is None:
        return actor
    leaves = acting.rows.settled(Leave, substitute_id=actor.person_id)
    return replace(actor, stands_for=presence.substituted(leaves, acting.run, actor.person_id, acting.now))


def _hint(acting: Acting, actor: Actor, people: TaskPeople) -> str:
    you = f"you act as {acting.actor.handle}"
    if people.owner_id is None or people.owner_away or not actor.is_(people.backup_id):
        return you
    owner = acting.rows.get(Person, people.owner_id).handle
    return f"if the owner does not answer: warroom person away {owner} --reason TEXT; {you}"
