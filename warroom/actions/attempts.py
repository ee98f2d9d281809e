"""When what was done does not hold: reopening a task, doing it again, correcting its times, settling what is stale."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from itertools import pairwise
from typing import Any, Unpack

from warroom.actions.acting import Acting, Known, perform, required
from warroom.actions.confirmations import forget_finish
from warroom.actions.control_rounds import controls_entered
from warroom.actions.held import insist_not_held
from warroom.actions.rights import allowed, insist_may
from warroom.actions.standing import insist_on_state
from warroom.actions.subject import task_called, work_called
from warroom.model.tasks import Attempt, Link, Outcome, Step, Task
from warroom.rules import permissions
from warroom.rules.resting import resting_on, why_not_again
from warroom.store.statefile import StateFile
from warroom.vocabulary.errors import BadInput, Refused
from warroom.vocabulary.journal import Caller, Entry
from warroom.vocabulary.words import TaskKind, TaskState

_NOT_STARTED: dict[str, Any] = {name: field.default for name, field in Outcome.model_fields.items()}

_UNFINISHED = {
    name: _NOT_STARTED[name]
    for name in (
        "executed_at",
        "actual_finish",
        "verified_by_id",
        "result",
        "document_numbers",
        "closing_reason",
        *(name for name in _NOT_STARTED if name.startswith(("eta", "blocked_", "progress_"))),
    )
}
"""What no longer counts of a task that turns out not to be finished; what was said of its finish neither."""


def reopen(state_file: StateFile, caller: Caller, ref: str, *, reason: str, **known: Unpack[Known]) -> Entry:
    """Say that a task that was done, executed, skipped or failed is not finished after all: it runs again, or waits for
    its start if it never ran. It is the same attempt. What was taken up behind it since becomes stale.

    Raises:
        Refused: not allowed, a gate, or not finished.
    """
    required("the reason", reason)

    def work(acting: Acting) -> None:
        task = work_called(acting, ref)
        insist_may(acting, permissions.may_correct, task)
        insist_on_state(acting, task, TaskState.DONE, TaskState.SKIPPED, TaskState.FAILED, TaskState.VERIFYING)
        resting = what_rests_on(acting, task, again=False)
        state = TaskState.NOT_STARTED if task.actual_start is None else TaskState.RUNNING
        acting.rows.update(task, state=state, **_UNFINISHED)
        forget_finish(acting, task)
        mark_stale(acting, resting, f"{ref} was reopened: {reason}")
        acting.reason = reason + named("now stale", resting) + _controls(acting, [task])

    return perform(state_file, caller, "task.reopen", ref, work, reason=reason, **known)


def rerun(
    state_file: StateFile,
    caller: Caller,
    ref: str,
    *,
    reason: str,
    from_here: bool = False,
    **known: Unpack[Known],
) -> Entry:
    """Open the next attempt of a task: the present one is kept whole, its steps are unticked, and the task waits to be
    started again. What rests on it becomes stale.

    Args:
        from_here: do the same with all tasks that rest on it; gates stay decided, and stale.

    Raises:
        Refused: not allowed (for one of them), a gate, or neither done, failed nor stale.
    """
    required("the reason", reason)

    def work(acting: Acting) -> None:
        task = work_called(acting, ref)
        insist_may(acting, permissions.may_correct, task)
        if why_not_again(task) is not None:
            insist_on_state(acting, task, TaskState.DONE, TaskState.FAILED)
        insist_not_held(acting, task)
        resting = what_rests_on(acting, task, again=True)
        because = f"{ref} was re-run: {reason}"
        too = [one for one in resting if one.kind_of_task is not TaskKind.GATE] if from_here else []
        _insist_on_all(acting, too)
        _next_attempt(acting, task, reason)
        for one in too:
            _next_attempt(acting, one, because)
        stale = [one for one in resting if one not in too]
        mark_stale(acting, stale, because)
        told = named("re-run too", too) + named("now stale", stale)
        acting.reason = reason + told + _controls(acting, [task, *too])

    return perform(state_file, caller, "task.rerun", ref, work, reason=reason, **known)


def settle(state_file: StateFile, caller: Caller, ref: str, *, reason: str, **known: Unpack[Known]) -> Entry:
    """Say that a stale task or gate still holds, though what it rests on was done again.

    Raises:
        Refused: not allowed, or not stale.
    """
    required("the reason", reason)

    def work(acting: Acting) -> None:
        task = task_called(acting, ref)
        insist_may(acting, permissions.may_settle, task)
        if task.stale_since is None:
            raise Refused(f"{ref} is not stale: nothing is to be settled", where=ref)
        acting.rows.update(task, stale_since=None, stale_because=None)

    return perform(state_file, caller, "task.settle", ref, work, reason=reason, **known)


def correct(
    state_file: StateFile,
    caller: Caller,
    ref: str,
    *,
    reason: str,
    start: datetime | None = None,
    executed: datetime | None = None,
    finish: datetime | None = None,
    **known: Unpack[Known],
) -> Entry:
    """Correct when a task really started, was executed or finished (run time, UTC); the entry keeps both values.

    While a task waits to be verified, its finish is when it was executed; once it is verified, when that was done.

    Raises:
        Refused: not allowed, a gate, or it has not come so far.
        BadInput: no time is given, one has not come yet, or they are out of order.
    """
    required("the reason", reason)
    if not (start or executed or finish):
        raise BadInput("no time is given", where=ref, hint="such as --start 02:10, or --finish 02:40")

    def work(acting: Acting) -> None:
        task = work_called(acting, ref)
        insist_may(acting, permissions.may_correct, task)
        times = _corrected(task, start, executed, finish)
        _insist_on_order(ref, times, acting.now)
        if all(getattr(task, name) == time for name, time in times.items()):
            raise Refused(f"{ref} has these times already", where=ref)
        acting.rows.update(task, **times)

    return perform(state_file, caller, "task.correct", ref, work, reason=reason, **known)


_TIMES = {"actual_start": "start", "executed_at": "execution", "actual_finish": "finish"}
"""The times of a task in the order in which they lie, with their names."""


def _corrected(
    task: Task, start: datetime | None, executed: datetime | None, finish: datetime | None
) -> dict[str, datetime | None]:
    """The times of `task` with the corrected ones among them.

    Raises:
        Refused: one of those to be corrected has not happened.
    """
    if finish is not None and task.actual_finish is None:
        executed, finish = executed or finish, None
    corrections = {"actual_start": start, "executed_at": executed, "actual_finish": finish}
    times = {name: getattr(task, name) for name in _TIMES}
    for name, time in corrections.items():
        if time is not None:
            if times[name] is None:
                raise Refused(f"{task.ref} has no {_TIMES[name]} to correct", where=task.ref)
            times[name] = time
    if task.verified_by_id is None and task.state is TaskState.DONE:
        times["executed_at"] = times["actual_finish"] = finish or executed or task.actual_finish
    return times


def _insist_on_order(ref: str, times: dict[str, datetime | None], now: datetime) -> None:
    at_once = times["executed_at"] == times["actual_finish"]  # then it has one name only
    in_order = [
        (_TIMES[name], time)
        for name, time in times.items()
        if time is not None and not (at_once and name == "executed_at")
    ]
    for name, time in in_order:
        if time > now:
            raise BadInput(f"the {name} of {ref} has not come yet", where=ref, hint="give an earlier time")
    for (before, one), (after, other) in pairwise(in_order):
        if other < one:
            raise BadInput(
                f"the {after} of {ref} would come before its {before}", where=ref, hint=f"see: warroom task show {ref}"
            )


def what_rests_on(acting: Acting, task: Task, *, again: bool) -> list[Task]:
    """What rests on the task, as of `resting_on`."""
    run = acting.open_run()
    tasks = {one.id: one for one in acting.rows.find(Task, run_id=run.id)}
    return resting_on(task, tasks, acting.rows.find(Link, run_id=run.id), again=again)


def _insist_on_all(acting: Acting, tasks: Iterable[Task]) -> None:
    denied = [one.ref for one in tasks if not allowed(acting, permissions.may_correct, one)]
    if denied:
        raise Refused(
            f"{', '.join(denied)} would be re-run too, which only the lead or their owners may do",
            where=denied[0],
            hint="re-run it alone: what rests on it becomes stale, and its owners see it",
        )


def _next_attempt(acting: Acting, task: Task, reason: str) -> None:
    rows = acting.rows
    rows.insert(
        Attempt,
        run_id=acting.open_run().id,
        task_id=task.id,
        number=task.attempt,
        replaced_at=acting.effective_at,
        replaced_by_id=acting.doer.person_id,
        replaced_because=reason,
        **{name: getattr(task, name) for name in _NOT_STARTED},
    )
    rows.update(task, attempt=task.attempt + 1, **_NOT_STARTED)
    for step in rows.find(Step, task_id=task.id):
        rows.update(step, ticked_at=None, ticked_by_id=None, evidence=None)


def mark_stale(acting: Acting, tasks: Iterable[Task], because: str) -> None:
    """What is stale already stays so since then, for one more reason."""
    for task in tasks:
        acting.rows.update(
            task,
            stale_since=task.stale_since or acting.effective_at,
            stale_because=because if task.stale_because is None else f"{task.stale_because}; {because}",
        )


def named(what: str, tasks: Iterable[Task]) -> str:
    """Tasks in brackets, to follow a reason: " (now stale: A, B)"; nothing for none."""
    refs = ", ".join(task.ref for task in tasks)
    return f" ({what}: {refs})" if refs else ""


def _controls(acting: Acting, tasks: Iterable[Task]) -> str:
    """The controls whose new side was taken of what these tasks load: by that alone they are stale now."""
    keys = ", ".join(controls_entered(acting, {task.ref for task in tasks}))
    return f" (controls now stale: {keys})" if keys else ""
