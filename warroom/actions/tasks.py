"""The life of a task: start, done, verify, block, unblock, skip, fail, ETA, progress, note.

`at` is that of `acting.perform`: when it really happened (run time, UTC), if not now.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Unpack

from warroom.actions.acting import Acting, Known, check_text, perform, required
from warroom.actions.awaited import NOT_BLOCKED, Awaited
from warroom.actions.confirmations import insist_on_confirmations
from warroom.actions.held import insist_not_held
from warroom.actions.rights import insist_may
from warroom.actions.standing import insist_on_order, insist_on_state
from warroom.actions.subject import open_predecessors, task_called, work_called
from warroom.actions.unsent import insist_on_sent
from warroom.model.tasks import Note, Step, Task
from warroom.rules import permissions
from warroom.store.statefile import StateFile
from warroom.vocabulary.errors import BadInput, Refused
from warroom.vocabulary.journal import Caller, Entry
from warroom.vocabulary.words import Confirmed, Result, StepKind, TaskState

_BEGUN = (TaskState.RUNNING, TaskState.VERIFYING)


def start(
    state_file: StateFile,
    caller: Caller,
    ref: str,
    *,
    at: datetime | None = None,
    note: str | None = None,
    **known: Unpack[Known],
) -> Entry:
    """Start a task.

    Raises:
        Refused: not allowed, started already, a gate, its predecessors are open (the lead may, and it is flagged),
            people whom it requires have not confirmed, or a back-out holds it.
    """

    def work(acting: Acting) -> None:
        _note(acting, begin(acting, _workable(acting, ref)), note)

    check_text("the note", note)
    return perform(state_file, caller, "task.start", ref, work, at=at, **known)


def done(
    state_file: StateFile,
    caller: Caller,
    ref: str,
    *,
    at: datetime | None = None,
    result: Result | None = None,
    note: str | None = None,
    documents: Sequence[str] = (),
    reason: str | None = None,
    **known: Unpack[Known],
) -> Entry:
    """Finish a running task. With a verifier it is then to be verified, else it is done.

    Args:
        result: how a test ended. documents: numbers of the business documents that it made, such as an order's.
        reason: why a lead finishes a communication whose text was not sent.

    Raises:
        Refused: not allowed, not running, steps are open, people whom it requires have not confirmed, or its text was
            not sent.
    """

    def work(acting: Acting) -> None:
        task = _workable(acting, ref)
        insist_on_state(acting, task, TaskState.RUNNING)
        insist_on_sent(acting, task)
        finish(acting, task, result=result, document_numbers=tuple(dict.fromkeys(documents)))
        _note(acting, task, note)

    check_text("the note", note)
    for number in documents:
        check_text("the document's number", required("the document's number", number, "such as --document SO-1001"))
    return perform(state_file, caller, "task.done", ref, work, reason=reason, at=at, **known)


def verify(
    state_file: StateFile,
    caller: Caller,
    ref: str,
    *,
    at: datetime | None = None,
    note: str | None = None,
    **known: Unpack[Known],
) -> Entry:
    """Verify an executed task, which is then done.

    Raises:
        Refused: not allowed (the executor never verifies), not executed, or verification steps are open.
    """

    def work(acting: Acting) -> None:
        task = work_called(acting, ref)
        insist_on_state(acting, task, TaskState.VERIFYING)
        insist_may(acting, permissions.may_verify, task, doer_alone=True)
        _insist_on_ticks(acting, task, StepKind.VERIFICATION)
        insist_on_order(acting, task)
        acting.rows.update(
            task,
            state=TaskState.DONE,
            actual_finish=acting.effective_at,
            verified_by_id=acting.doer.person_id,
        )
        _note(acting, task, note)

    check_text("the note", note)
    return perform(state_file, caller, "task.verify", ref, work, at=at, **known)


def block(
    state_file: StateFile,
    caller: Caller,
    ref: str,
    *,
    reason: str,
    on: str | None = None,
    ticket: str | None = None,
    promise: datetime | None = None,
    chase: datetime | None = None,
    at: datetime | None = None,
    **known: Unpack[Known],
) -> Entry:
    """Say that an open task cannot go on, and why. An ETA given before no longer counts.

    Args:
        on, ticket, promise, chase: what it waits for, as far as that is known (see `Awaited`).

    Raises:
        Refused: not allowed, or not open.
        BadInput: what it waits for is not there, or a time that was promised has passed.
    """
    required("the reason", reason)
    awaited = Awaited(on, ticket, promise, chase)

    def work(acting: Acting) -> None:
        task = _workable(acting, ref)
        insist_on_state(acting, task, TaskState.NOT_STARTED, *_BEGUN)
        insist_on_order(acting, task)
        acting.rows.update(
            task,
            state=TaskState.BLOCKED,
            blocked_at=acting.effective_at,
            blocked_reason=reason,
            **awaited.columns(acting),
            eta=None,
            eta_given_at=None,
            eta_given_by_id=None,
            eta_reason=None,
        )

    return perform(state_file, caller, "task.block", ref, work, reason=reason, at=at, **known)


def unblock(
    state_file: StateFile,
    caller: Caller,
    ref: str,
    *,
    reason: str | None = None,
    at: datetime | None = None,
    **known: Unpack[Known],
) -> Entry:
    """Say that a blocked task can go on; it is again what it was before.

    Raises:
        Refused: not allowed, or not blocked.
    """

    def work(acting: Acting) -> None:
        task = _workable(acting, ref)
        insist_on_state(acting, task, TaskState.BLOCKED)
        insist_on_order(acting, task)
        if task.executed_at is not None:
            state = TaskState.VERIFYING
        else:
            state = TaskState.NOT_STARTED if task.actual_start is None else TaskState.RUNNING
        acting.rows.update(task, state=state, **NOT_BLOCKED)

    return perform(state_file, caller, "task.unblock", ref, work, reason=reason, at=at, **known)


def skip(
    state_file: StateFile,
    caller: Caller,
    ref: str,
    *,
    reason: str,
    at: datetime | None = None,
    **known: Unpack[Known],
) -> Entry:
    """Leave out a task that is open or has failed; its successors are released.

    Raises:
        Refused: not allowed, or done already.
    """
    required("the reason", reason)

    def work(acting: Acting) -> None:
        task = _workable(acting, ref)
        insist_on_state(acting, task, TaskState.NOT_STARTED, *_BEGUN, TaskState.BLOCKED, TaskState.FAILED)
        insist_on_order(acting, task)
        acting.rows.update(task, state=TaskState.SKIPPED, actual_finish=acting.effective_at, closing_reason=reason)

    return perform(state_file, caller, "task.skip", ref, work, reason=reason, at=at, **known)


def fail(
    state_file: StateFile,
    caller: Caller,
    ref: str,
    *,
    reason: str,
    at: datetime | None = None,
    **known: Unpack[Known],
) -> Entry:
    """Say that a started task has failed; it holds its successors.

    Raises:
        Refused: not allowed, or not under way.
    """
    required("the reason", reason)

    def work(acting: Acting) -> None:
        task = _workable(acting, ref)
        if task.actual_start is None:
            insist_on_state(acting, task, *_BEGUN)
        insist_on_state(acting, task, *_BEGUN, TaskState.BLOCKED)
        insist_on_order(acting, task)
        acting.rows.update(task, state=TaskState.FAILED, actual_finish=acting.effective_at, closing_reason=reason)

    return perform(state_file, caller, "task.fail", ref, work, reason=reason, at=at, **known)


def eta(
    state_file: StateFile,
    caller: Caller,
    ref: str,
    *,
    eta: datetime,
    reason: str,
    **known: Unpack[Known],
) -> Entry:
    """Say when a started or blocked task will be finished (run time, UTC), and why.

    Raises:
        Refused: not allowed, or neither started nor blocked.
        BadInput: the time has passed.
    """
    required("the reason", reason)

    def work(acting: Acting) -> None:
        task = _workable(acting, ref)
        insist_on_state(acting, task, *_BEGUN, TaskState.BLOCKED)
        if eta < acting.now:
            raise BadInput(
                "that time has passed", where=ref, hint="say when the task will be finished, such as 45m or 02:40"
            )
        acting.rows.update(
            task, eta=eta, eta_given_at=acting.now, eta_given_by_id=acting.doer.person_id, eta_reason=reason
        )

    return perform(state_file, caller, "task.eta", ref, work, reason=reason, **known)


def progress(
    state_file: StateFile,
    caller: Caller,
    ref: str,
    *,
    done: int,
    total: int,
    unit: str | None = None,
    **known: Unpack[Known],
) -> Entry:
    """Say that `done` of `total` units of a running task are done; the rate so far gives an ETA.

    Raises:
        Refused: not allowed, or not running.
        BadInput: the numbers make no sense.
    """
    check_text("the unit", unit)
    if not (0 <= done <= total and 0 < total < 2**63):
        raise BadInput(
            f"{done} of {total} makes no sense",
            where=ref,
            hint="give what is done and the whole, such as 412000/1200000",
        )

    def work(acting: Acting) -> None:
        task = _workable(acting, ref)
        insist_on_state(acting, task, TaskState.RUNNING)
        acting.rows.update(
            task,
            progress_done=done,
            progress_total=total,
            progress_unit=unit if unit is not None else task.progress_unit,
            progress_at=acting.effective_at,
        )

    return perform(state_file, caller, "task.progress", ref, work, **known)


def note(
    state_file: StateFile,
    caller: Caller,
    ref: str,
    *,
    text: str,
    at: datetime | None = None,
    **known: Unpack[Known],
) -> Entry:
    """Write something down about a task, whatever its state.

    Raises:
        Refused: not a person of the programme.
    """
    check_text("the note", required("the note", text))

    def work(acting: Acting) -> None:
        acting.insist(permissions.may_note(acting.actor))
        _note(acting, task_called(acting, ref), text)

    return perform(state_file, caller, "task.note", ref, work, at=at, **known)


def begin(acting: Acting, task: Task) -> Task:
    """Start a task; returns it as it is then.

    Raises:
        Refused: started already, held, or its predecessors are open and no lead acts.
    """
    insist_on_state(acting, task, TaskState.NOT_STARTED)
    insist_not_held(acting, task)
    holding = open_predecessors(acting, task)
    if holding:
        denied = permissions.may_start_out_of_sequence(acting.actor)
        if denied is not None and permissions.may_start_out_of_sequence(acting.doer) is not None:
            raise Refused(
                f"{task.ref} waits for {', '.join(holding)}: {denied}",
                where=task.ref,
                hint="finish those first, or ask the lead",
            )
    insist_on_confirmations(acting, task, Confirmed.START)
    return acting.rows.update(
        task,
        state=TaskState.RUNNING,
        actual_start=acting.effective_at,
        executor_id=acting.doer.person_id,
        out_of_sequence=bool(holding),
    )


def finish(acting: Acting, task: Task, *, result: Result | None = None, document_numbers: tuple[str, ...] = ()) -> None:
    """Bring a running task to its verification, or where there is none to its end.

    Raises:
        Refused: steps are open. BadInput: it is said to have ended before it began.
    """
    verified = task.verifier_id is not None
    _insist_on_ticks(acting, task, StepKind.STEP if verified else None)
    insist_on_confirmations(acting, task, Confirmed.FINISH)
    insist_on_order(acting, task)
    acting.rows.update(
        task,
        state=TaskState.VERIFYING if verified else TaskState.DONE,
        executed_at=acting.effective_at,
        actual_finish=None if verified else acting.effective_at,
        executor_id=acting.doer.person_id,
        result=result,
        document_numbers=document_numbers,
    )


def has_open_steps(acting: Acting, task: Task) -> bool:
    """Whether steps keep it from being finished."""
    verified = task.verifier_id is not None
    steps = acting.rows.find(Step, task_id=task.id)
    return any(step.ticked_at is None and (not verified or step.kind_of_step is StepKind.STEP) for step in steps)


def _workable(acting: Acting, ref: str) -> Task:
    task = work_called(acting, ref)
    insist_may(acting, permissions.may_work, task)
    return task


def _note(acting: Acting, task: Task, text: str | None) -> None:
    if text:
        acting.rows.insert(
            Note,
            run_id=acting.open_run().id,
            task_id=task.id,
            person_id=acting.doer.person_id,
            at=acting.effective_at,
            text=text,
        )


def _insist_on_ticks(acting: Acting, task: Task, kind: StepKind | None) -> None:
    """All steps of that kind (None: of both) must be ticked."""
    open_steps = [
        step.position
        for step in acting.rows.find(Step, task_id=task.id)
        if step.ticked_at is None and kind in (None, step.kind_of_step)
    ]
    if open_steps:
        named = ", ".join(f"{task.ref}.{position}" for position in sorted(open_steps))
        what = "verification steps are" if kind is StepKind.VERIFICATION else "steps are"
        raise Refused(
            f"{what} open: {named}", where=task.ref, hint=f"tick them first: warroom step tick {named.replace(',', '')}"
        )
