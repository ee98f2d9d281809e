"""Confirming a task that requires so many of several people, and holding it while they are missing.

`at` is that of `acting.perform`: when it really happened (run time, UTC), if not now.
"""

from __future__ import annotations

from datetime import datetime
from typing import Unpack

from warroom.actions.acting import Acting, Known, perform
from warroom.actions.held import insist_not_held
from warroom.actions.rights import standing_in
from warroom.actions.standing import insist_on_order, insist_on_state
from warroom.actions.subject import work_called
from warroom.model.confirmations import Confirmation
from warroom.model.programme import Person
from warroom.model.tasks import Task
from warroom.rules.required import Required, confirms_for, end_in_turn, required
from warroom.store.statefile import StateFile
from warroom.vocabulary.errors import Refused
from warroom.vocabulary.journal import Caller, Entry
from warroom.vocabulary.words import Confirmed, TaskState


def confirm(
    state_file: StateFile, caller: Caller, ref: str, *, at: datetime | None = None, **known: Unpack[Known]
) -> Entry:
    """Confirm, as one of those whom the task requires: before it starts that one is there, while it runs that it is
    finished. Whoever stands in for one of them confirms in their place.

    Raises:
        Refused: not one of them, confirmed already, nothing to confirm, or a back-out holds the task.
    """

    def work(acting: Acting) -> None:
        task = work_called(acting, ref)
        what = end_in_turn(task)
        if what is None:
            insist_on_state(acting, task, TaskState.NOT_STARTED, TaskState.RUNNING)
            raise Refused(f"{ref} was executed: its finish is confirmed no more", where=ref)
        if what is Confirmed.START:
            insist_not_held(acting, task)
        wanted = _required(acting, task, what)
        if wanted is None:
            raise Refused(f"{ref} requires nobody to confirm its {what}", where=ref)
        insist_on_order(acting, task)
        whose, denied = confirms_for(standing_in(acting, acting.doer), wanted, lambda handle: _key(acting, handle))
        if whose is None:
            raise Refused(f"{ref}: {denied}", where=ref, hint=f"you act as {acting.actor.handle}")
        key, doer = _key(acting, whose), acting.doer.person_id
        assert key is not None
        assert doer is not None
        if key != doer:
            acting.in_place_of = whose
        acting.rows.insert(
            Confirmation,
            run_id=acting.open_run().id,
            task_id=task.id,
            attempt=task.attempt,
            confirmed=what,
            person_id=key,
            by_id=doer,
            at=acting.effective_at,
        )

    return perform(state_file, caller, "task.confirm", ref, work, at=at, **known)


def insist_on_confirmations(acting: Acting, task: Task, what: Confirmed) -> None:
    """So many of the people whom the task requires at that end must have confirmed.

    Raises:
        Refused: some are missing; it is said who.
    """
    if not task.requires_of:
        return
    wanted = _required(acting, task, what)
    if wanted is not None and wanted.denied is not None:
        command = f"warroom task confirm {task.ref}"
        hint = f"each of them: {command}; or written down for them: {command} --for {wanted.missing[0]}"
        raise Refused(wanted.denied, where=task.ref, hint=hint)


def forget_finish(acting: Acting, task: Task) -> None:
    """The task is not finished after all: whoever confirmed it confirms it again."""
    for one in acting.rows.find(Confirmation, task_id=task.id):
        if (one.attempt, one.confirmed) == (task.attempt, Confirmed.FINISH):
            acting.rows.delete(one)


def _required(acting: Acting, task: Task, what: Confirmed) -> Required | None:
    rows = acting.rows
    return required(task, what, rows.find(Confirmation, task_id=task.id), lambda key: rows.get(Person, key).handle)


def _key(acting: Acting, handle: str) -> int | None:
    return next((person.id for person in acting.rows.settled(Person, handle=handle)), None)
