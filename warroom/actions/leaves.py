"""Saying that somebody is away or back, and naming a substitute for a time."""

from __future__ import annotations

from datetime import datetime
from typing import Unpack

from warroom.actions.acting import Acting, Known, check_text, perform, required
from warroom.actions.subject import person_called
from warroom.board import presence
from warroom.model.programme import Person
from warroom.model.shifts import Leave
from warroom.model.tasks import Task
from warroom.rules import permissions
from warroom.store.statefile import StateFile
from warroom.vocabulary.errors import BadInput, Refused
from warroom.vocabulary.journal import Caller, Entry
from warroom.vocabulary.words import Role, TaskState

_CLOSED = (TaskState.DONE, TaskState.SKIPPED)


def away(
    state_file: StateFile,
    caller: Caller,
    handle: str,
    *,
    reason: str,
    from_at: datetime | None = None,
    to_at: datetime | None = None,
    **known: Unpack[Known],
) -> Entry:
    """Say that a person is away: whoever is backup for them may act meanwhile.

    Args:
        from_at, to_at: run time, UTC; None: from now, and until somebody says that the person is back.

    Raises:
        Refused: not allowed. BadInput: nobody is called that, or the times make no sense.
    """
    required("the reason", reason)

    def work(acting: Acting) -> None:
        person = person_called(acting, handle)
        _insist_on_say(acting, person)
        _insert(acting, person, None, from_at, to_at, reason)

    return perform(state_file, caller, "person.away", f"person {handle}", work, reason=reason, **known)


def substitute(
    state_file: StateFile,
    caller: Caller,
    handle: str,
    *,
    substitute: str,
    reason: str,
    from_at: datetime | None = None,
    to_at: datetime | None = None,
    **known: Unpack[Known],
) -> Entry:
    """Give `substitute` the rights of a person on tasks for a time; votes stay that person's own.

    Args:
        from_at, to_at: run time, UTC; None: from now, and until somebody says that the person is back.

    Raises:
        Refused: not allowed, or the substitute only observes. BadInput: nobody is called that, or the times or the
            pair make no sense.
    """
    required("the reason", reason)

    def work(acting: Acting) -> None:
        person, other = person_called(acting, handle), person_called(acting, substitute)
        acting.insist_either(lambda actor: permissions.may_substitute(actor, person.id))
        if other.id == person.id:
            raise BadInput("nobody is their own substitute", hint="name somebody else with --by")
        if Role.OBSERVER in other.roles:
            raise Refused(f"{substitute} is an observer, who only looks", hint="name somebody else with --by")
        _insert(acting, person, other, from_at, to_at, reason)

    return perform(state_file, caller, "person.substitute", f"person {handle}", work, reason=reason, **known)


def back(
    state_file: StateFile, caller: Caller, handle: str, *, reason: str | None = None, **known: Unpack[Known]
) -> Entry:
    """Say that a person is back: leaves that last end now, with the rights of substitutes; later ones are taken back.

    Raises:
        Refused: not allowed, or the person was not said to be away. BadInput: nobody is called that.
    """
    check_text("the reason", reason)

    def work(acting: Acting) -> None:
        person = person_called(acting, handle)
        _insist_on_say(acting, person)
        ended = False
        for leave in acting.rows.find(Leave, person_id=person.id):
            if presence.lasts(leave, acting.run, acting.now):
                acting.rows.update(leave, to_at=acting.now)
                ended = True
            elif presence.lasts(leave, acting.run, max(leave.from_at, acting.now)):
                acting.rows.delete(leave)
                ended = True
        if not ended:
            raise Refused(
                f"nobody has said that {handle} is away",
                hint="absences of the runbook and shifts end by themselves",
            )

    return perform(state_file, caller, "person.back", f"person {handle}", work, reason=reason, **known)


def _insist_on_say(acting: Acting, person: Person) -> None:
    run = acting.run
    tasks = [] if run is None else acting.rows.find(Task, run_id=run.id, owner_id=person.id)
    backups = {task.backup_id for task in tasks if task.state not in _CLOSED}
    acting.insist_either(
        lambda actor: permissions.may_say_away(actor, person.id, backs_up=actor.person_id in backups),
    )


def _insert(
    acting: Acting,
    person: Person,
    substitute: Person | None,
    from_at: datetime | None,
    to_at: datetime | None,
    reason: str,
) -> None:
    begin = from_at or acting.now
    if to_at is not None and to_at <= max(begin, acting.now):
        raise BadInput("that is over before it begins", hint="give a later --to, or leave it out")
    acting.rows.insert(
        Leave,
        run_id=None if acting.run is None else acting.run.id,
        person_id=person.id,
        substitute_id=None if substitute is None else substitute.id,
        from_at=begin,
        to_at=to_at,
        reason=reason,
    )
