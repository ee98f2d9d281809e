"""Ticking the steps of a task.

`at` is that of `acting.perform`: when it really happened (run time, UTC), if not now.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Unpack

from warroom.actions.acting import Acting, Known, check_text, perform
from warroom.actions.rights import insist_may
from warroom.actions.standing import insist_on_order
from warroom.actions.subject import task_called
from warroom.model.programme import Person
from warroom.model.tasks import Step, Task
from warroom.rules import permissions
from warroom.store.statefile import StateFile
from warroom.vocabulary.errors import BadInput, Refused
from warroom.vocabulary.journal import Caller, Entry
from warroom.vocabulary.words import StepKind, TaskState


def tick(
    state_file: StateFile,
    caller: Caller,
    ref: str,
    *,
    positions: Sequence[int],
    evidence: str | None = None,
    at: datetime | None = None,
    **known: Unpack[Known],
) -> Entry:
    """Tick steps of a task, all in one transaction, with the same evidence where some is given.

    Args:
        positions: places in the task's list, the steps first, then the verification steps, from 1.

    Raises:
        Refused: not allowed, ticked already, or the task is not at that point.
        BadInput: there is no such step.
    """
    check_text("the evidence", evidence)

    def work(acting: Acting) -> None:
        task = task_called(acting, ref)
        for step in _steps(acting, task, positions):
            _insist_on_turn(acting, task, step)
            insist_on_order(acting, task)
            if step.ticked_at is not None:
                by = acting.rows.get(Person, step.ticked_by_id).name if step.ticked_by_id is not None else "the system"
                raise Refused(f"{ref}.{step.position} was ticked already by {by}", where=ref)
            acting.rows.update(
                step, ticked_at=acting.effective_at, ticked_by_id=acting.doer.person_id, evidence=evidence
            )

    return perform(state_file, caller, "step.tick", ref, work, reason=evidence, at=at, **known)


def untick(
    state_file: StateFile,
    caller: Caller,
    ref: str,
    *,
    positions: Sequence[int],
    **known: Unpack[Known],
) -> Entry:
    """Take back ticks; the journal keeps them.

    Raises:
        Refused: not allowed, not ticked, or the task is not at that point.
        BadInput: there is no such step.
    """

    def work(acting: Acting) -> None:
        task = task_called(acting, ref)
        for step in _steps(acting, task, positions):
            _insist_on_turn(acting, task, step)
            if step.ticked_at is None:
                raise Refused(f"{ref}.{step.position} is not ticked", where=ref)
            acting.rows.update(step, ticked_at=None, ticked_by_id=None, evidence=None)

    return perform(state_file, caller, "step.untick", ref, work, **known)


def _steps(acting: Acting, task: Task, positions: Sequence[int]) -> list[Step]:
    if not positions:
        raise BadInput("no step is named", where=task.ref, hint=f"such as {task.ref}.1")
    steps = []
    for position in dict.fromkeys(positions):
        step = acting.rows.one(Step, task_id=task.id, position=position)
        if step is None:
            count = len(acting.rows.find(Step, task_id=task.id))
            raise BadInput(
                f"{task.ref} has no step {position}",
                hint=f"its steps are {task.ref}.1 to {task.ref}.{count}" if count else "it has no steps",
            )
        steps.append(step)
    return steps


def _insist_on_turn(acting: Acting, task: Task, step: Step) -> None:
    checking = step.kind_of_step is StepKind.VERIFICATION
    insist_may(acting, permissions.may_check if checking else permissions.may_work, task)
    allowed = (TaskState.RUNNING, TaskState.VERIFYING) if checking else (TaskState.RUNNING,)
    if task.state not in allowed:
        raise Refused(
            f"{task.ref} is {task.state.value.replace('_', ' ')}",
            where=task.ref,
            hint="steps are ticked while their task is running",
        )
