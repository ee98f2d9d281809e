"""The way back: calling on triggers, backing out, and recovering after the point of no return.

`at` is that of `acting.perform`: when it really happened (run time, UTC), if not now.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Unpack

from warroom.actions.acting import Acting, Known, check_text, perform, required
from warroom.actions.baselines import freeze
from warroom.actions.subject import person_called
from warroom.board.board import Board
from warroom.board.forecast import forecast
from warroom.board.load import board_in
from warroom.board.rows import Invocation, Link, Recovery, RecoveryChoice, Run, Task, Trigger, TriggerCall
from warroom.rules import permissions
from warroom.rules.backout import authority, called, trigger_deciders, why_no_backout, why_no_recovery
from warroom.schedule.backout import bridges
from warroom.schedule.network import Link as NetworkLink
from warroom.store.statefile import StateFile
from warroom.vocabulary.errors import BadInput, Refused
from warroom.vocabulary.exact import is_figure
from warroom.vocabulary.journal import Caller, Entry
from warroom.vocabulary.words import Automatic, CallKind, TaskState

SUBJECT = "back-out"
"""What entries about the decision to back out are about."""


def raise_trigger(
    state_file: StateFile,
    caller: Caller,
    number: int,
    *,
    reason: str,
    measured: str | None = None,
    at: datetime | None = None,
    **known: Unpack[Known],
) -> Entry:
    """Say that a trigger is reached, and what was measured.

    Raises:
        Refused: an observer, it is raised already, or the back-out was invoked. BadInput: there is no such trigger.
    """
    check_text("the measured value", measured)
    return _call(state_file, caller, "rollback.raise", number, CallKind.RAISED, reason, measured, at, known)


def start_clock(
    state_file: StateFile,
    caller: Caller,
    number: int,
    *,
    reason: str,
    at: datetime | None = None,
    **known: Unpack[Known],
) -> Entry:
    """Start the clock of a trigger, which is reached once the clock has run for as long as the runbook says.

    Raises:
        Refused: an observer, the clock runs already, or the trigger has none. BadInput: there is no such trigger.
    """
    return _call(state_file, caller, "rollback.start-clock", number, CallKind.CLOCK, reason, None, at, known)


def measure(
    state_file: StateFile,
    caller: Caller,
    number: int,
    *,
    value: Decimal,
    measured: str | None = None,
    at: datetime | None = None,
    **known: Unpack[Known],
) -> Entry:
    """Record the figure of a trigger that is a metric; the one before stays in the journal, and no longer counts.

    Args:
        measured: what shows it.

    Raises:
        Refused: an observer, the trigger is no metric, or the back-out was invoked. BadInput: there is no such trigger,
            or no such number.
    """
    check_text("what was measured", measured)
    if not is_figure(value):
        raise BadInput("that is no figure", hint="give a plain number, such as 12 or 0.5")
    subject, reason = trigger_subject(number), f"{value:f}" + (f": {measured}" if measured else "")

    def work(acting: Acting) -> None:
        board, trigger = _counting(acting, state_file, number)
        if trigger.automatic is not Automatic.METRIC:
            raise Refused(f"{subject} is no metric", where=subject, hint="see: warroom rollback status")
        earlier = called(board, trigger, CallKind.MEASURED)
        if earlier is not None:
            ended = {"ended_at": acting.now, "ended_by_id": acting.doer.person_id, "ended_because": "measured anew"}
            acting.rows.update(earlier, **ended)
        _insert_call(acting, trigger, CallKind.MEASURED, reason, measured, value=value)

    return perform(state_file, caller, "rollback.measure", subject, work, reason=reason, at=at, **known)


def withdraw(state_file: StateFile, caller: Caller, number: int, *, reason: str, **known: Unpack[Known]) -> Entry:
    """Say that a trigger that was raised is not reached after all.

    Raises:
        Refused: not whoever raised it, its decider or the lead, or it is not raised. BadInput: no such trigger.
    """
    return _end(state_file, caller, "rollback.withdraw", number, CallKind.RAISED, reason, known)


def stop_clock(state_file: StateFile, caller: Caller, number: int, *, reason: str, **known: Unpack[Known]) -> Entry:
    """Stop the clock of a trigger: what it counted is over.

    Raises:
        Refused: not whoever started it, its decider or the lead, or it does not run. BadInput: no such trigger.
    """
    return _end(state_file, caller, "rollback.stop-clock", number, CallKind.CLOCK, reason, known)


def invoke(
    state_file: StateFile,
    caller: Caller,
    *,
    reason: str,
    trigger: int | None = None,
    witness: str | None = None,
    **known: Unpack[Known],
) -> Entry:
    """Back out: the back-out's tasks can be worked on, those without anything to undo are skipped, and nothing more of
    the main network is started. It cannot be taken back.

    Args:
        trigger: number of the trigger that called for it.
        witness: handle of who heard the decision, where the caller records it for the authority.

    Raises:
        Refused: not the authority, no back-out is planned, it was invoked, or the point of no return has passed.
        BadInput: no such trigger or witness.
    """
    required("the reason", reason)

    def work(acting: Acting) -> None:
        run = acting.open_run()
        board = board_in(acting.rows, state_file.genesis, run.name)
        if (why := why_no_backout(board)) is not None:
            raise Refused(why, where=SUBJECT, hint=_instead(board))
        acting.insist(permissions.may_invoke(acting.doer, authority(board)), SUBJECT)
        witness_id = _witness(acting, witness)
        trigger_id = None if trigger is None else _trigger(board, trigger).id
        expected = forecast(board, acting.now)
        backout = expected.backout
        assert backout is not None
        needed = set(backout.network.keys if backout.needed is None else backout.needed)
        left_out = [task for task in board.backout_tasks if task.ref not in needed]
        acting.rows.insert(
            Invocation,
            run_id=run.id,
            at=acting.now,
            person_id=acting.doer.person_id,
            witness_id=witness_id,
            trigger_id=trigger_id,
            reason=reason,
            left_out=tuple(task.ref for task in left_out),
            restore_by=run.restore_by,
            expected_done_at=expected.instant(backout.done_if_decided(expected.seconds(acting.now))),
        )
        _leave_out(acting, board, run, left_out)
        _freeze(acting, state_file, run, f"backing out: {reason}")
        running = [f"{task.ref} ({board.handle(task.owner_id) or 'nobody'})" for task in board.left_running]
        acting.reason = reason + (f"; to be stopped or finished: {', '.join(running)}" if running else "")

    return perform(state_file, caller, "rollback.invoke", SUBJECT, work, reason=reason, **known)


def recover(
    state_file: StateFile,
    caller: Caller,
    key: str,
    *,
    reason: str,
    witness: str | None = None,
    **known: Unpack[Known],
) -> Entry:
    """Decide, after the point of no return, to recover in one of the ways of the runbook. Several may be chosen.

    Raises:
        Refused: not the one who decides on that way, the point of no return has not passed, a back-out was invoked, or
            it was chosen already. BadInput: there is no such way, or no such witness.
    """
    required("the reason", reason)

    def work(acting: Acting) -> str:
        run = acting.open_run()
        board = board_in(acting.rows, state_file.genesis, run.name)
        way = _recovery(board, key)
        if (why := why_no_recovery(board)) is not None:
            hint = "warroom rollback invoke --reason TEXT" if why_no_backout(board) is None else None
            raise Refused(why, where=key, hint=hint)
        decider = board.handle(way.decider_id)
        acting.insist(permissions.may_invoke(acting.doer, () if decider is None else (decider,)), key)
        if board.recovery_choice(way.id) is not None:
            raise Refused(f"{key} was chosen already", where=key)
        acting.rows.insert(
            RecoveryChoice,
            run_id=run.id,
            recovery_id=way.id,
            at=acting.now,
            person_id=acting.doer.person_id,
            witness_id=_witness(acting, witness),
            reason=reason,
        )
        return f"recovery {key}"

    return perform(state_file, caller, "rollback.recover", f"recovery {key}", work, reason=reason, **known)


def _call(
    state_file: StateFile,
    caller: Caller,
    action: str,
    number: int,
    kind: CallKind,
    reason: str,
    measured: str | None,
    at: datetime | None,
    known: Known,
) -> Entry:
    required("the reason", reason)

    def work(acting: Acting) -> None:
        board, trigger = _counting(acting, state_file, number)
        if kind is CallKind.CLOCK and trigger.clock_s is None:
            raise Refused(
                f"{subject} has no clock", where=subject, hint=f"warroom rollback trigger {number} raise --reason TEXT"
            )
        if called(board, trigger, kind) is not None:
            raise Refused(f"{subject} {'is raised' if kind is CallKind.RAISED else 'has its clock running'} already")
        _insert_call(acting, trigger, kind, reason, measured)

    subject = trigger_subject(number)
    return perform(state_file, caller, action, subject, work, reason=reason, at=at, **known)


def _counting(acting: Acting, state_file: StateFile, number: int) -> tuple[Board, Trigger]:
    """The Board, and a trigger on which the one who acts may call.

    Raises:
        Refused: they may not, or the back-out was invoked. BadInput: there is no such trigger.
    """
    board = board_in(acting.rows, state_file.genesis, acting.open_run().name)
    trigger, subject = _trigger(board, number), trigger_subject(number)
    acting.insist(permissions.may_call_trigger(acting.doer), subject)
    if board.invocation is not None:
        raise Refused("the back-out was invoked: triggers no longer count", where=subject)
    return board, trigger


def _insert_call(
    acting: Acting, trigger: Trigger, kind: CallKind, reason: str, measured: str | None, value: Decimal | None = None
) -> None:
    acting.rows.insert(
        TriggerCall,
        run_id=acting.open_run().id,
        trigger_id=trigger.id,
        kind_of_call=kind,
        at=acting.effective_at,
        person_id=acting.doer.person_id,
        measured=measured,
        value=value,
        reason=reason,
    )


def _end(
    state_file: StateFile, caller: Caller, action: str, number: int, kind: CallKind, reason: str, known: Known
) -> Entry:
    required("the reason", reason)

    def work(acting: Acting) -> None:
        board = board_in(acting.rows, state_file.genesis, acting.open_run().name)
        trigger = _trigger(board, number)
        call = called(board, trigger, kind)
        if call is None:
            raise Refused(f"{subject} {'is not raised' if kind is CallKind.RAISED else 'has no clock running'}")
        deciders = trigger_deciders(board, trigger)
        acting.insist(permissions.may_end_call(acting.doer, call.person_id, deciders), subject)
        acting.rows.update(call, ended_at=acting.effective_at, ended_by_id=acting.doer.person_id, ended_because=reason)

    subject = trigger_subject(number)
    return perform(state_file, caller, action, subject, work, reason=reason, **known)


def trigger_subject(number: int) -> str:
    """What entries about a trigger are about."""
    return f"trigger {number}"


def _trigger(board: Board, number: int) -> Trigger:
    if 1 <= number <= len(board.triggers):
        return board.triggers[number - 1]
    raise BadInput(f"there is no trigger {number}", hint="warroom rollback status lists them with their numbers")


def _recovery(board: Board, key: str) -> Recovery:
    for way in board.recovery:
        if way.key == key:
            return way
    known = ", ".join(way.key for way in board.recovery)
    raise BadInput(f"there is no way to recover called {key}", hint=f"the ways are: {known}" if known else None)


def _witness(acting: Acting, witness: str | None) -> int | None:
    """Key of the witness of a decision that is recorded for somebody else; one's own needs none."""
    if not acting.caller.for_another:
        if witness is not None:
            raise BadInput("one's own decision needs no witness", hint="a witness is for --for HANDLE")
        return None
    if witness is None:
        raise Refused(
            f"the decision of {acting.doer.handle} needs a witness who heard it", hint="name one with --witness HANDLE"
        )
    key = person_called(acting, witness).id
    if key in (acting.actor.person_id, acting.doer.person_id):
        raise Refused("the witness is neither the one who decides nor the one who records it")
    return key


def _instead(board: Board) -> str | None:
    if board.invocation is not None:
        return "see: warroom rollback status"
    if board.past_point_of_no_return:
        ways = ", ".join(way.key for way in board.recovery) or "the runbook names none"
        return f"recover under control: warroom rollback recover KEY --reason TEXT (ways: {ways})"
    return None


def _leave_out(acting: Acting, board: Board, run: Run, left_out: list[Task]) -> None:
    """Skip the tasks that have nothing to undo, and keep the order of the others."""
    for task in left_out:
        acting.rows.update(
            task,
            state=TaskState.SKIPPED,
            actual_finish=acting.now,
            closing_reason=f"nothing to undo: {', '.join(task.undoes)} was not begun",
        )
    refs = {task.id: task.ref for task in board.backout_tasks}
    keys = {ref: key for key, ref in refs.items()}
    links = [
        NetworkLink(refs[link.predecessor_id], refs[key], link.lag_s, link.link_type)
        for key in refs
        for link in board.links_to(key)
        if link.predecessor_id in refs
    ]
    for bridge in bridges(links, [task.ref for task in left_out]):
        acting.rows.insert(
            Link,
            run_id=run.id,
            predecessor_id=keys[bridge.predecessor],
            successor_id=keys[bridge.successor],
            link_type=bridge.type,
            lag_s=bridge.lag,
        )


def _freeze(acting: Acting, state_file: StateFile, run: Run, reason: str) -> None:
    """Freeze the plan of the back-out as it is begun, as a new baseline."""
    board = board_in(acting.rows, state_file.genesis, run.name)
    begun = forecast(board, acting.now)
    for task in board.backout_tasks:
        if task.ref in begun.delays:
            planned = begun.planned(task)
            acting.rows.update(task, baseline_start_s=planned.start, baseline_finish_s=planned.finish)
    freeze(acting, acting.rows.update(run, baseline=run.baseline + 1), reason)
