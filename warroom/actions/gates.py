"""Voting on a gate and deciding it."""

from __future__ import annotations

from typing import Unpack

from warroom.actions.acting import Acting, Known, perform, required
from warroom.actions.held import insist_not_held
from warroom.actions.rights import insist_may
from warroom.actions.subject import open_predecessors, task_called
from warroom.model.gates import Gate, Seat, Vote
from warroom.model.tasks import Task
from warroom.rules import permissions
from warroom.rules.gates import closed, verdict_denied
from warroom.store.statefile import StateFile
from warroom.vocabulary.errors import Refused
from warroom.vocabulary.journal import Caller, Entry
from warroom.vocabulary.words import TaskState, Verdict, VoteChoice


def vote(
    state_file: StateFile,
    caller: Caller,
    ref: str,
    *,
    choice: VoteChoice,
    reason: str | None = None,
    **known: Unpack[Known],
) -> Entry:
    """Vote on every seat of the gate that is the voter's; a vote may be changed until the decision, and again after
    a no-go, which may be decided anew.

    Raises:
        Refused: no seat, or the gate is decided. BadInput: anything but go needs a reason.
    """
    if choice is not VoteChoice.GO:
        required("the reason", reason)

    def work(acting: Acting) -> None:
        task, gate = _gate(acting, ref)
        _insist_on_open(task, gate)
        if caller.for_another:
            acting.insist(permissions.may_record_vote(acting.actor), ref)
        own = [
            seat
            for seat in acting.rows.find(Seat, gate_id=gate.id)
            if permissions.may_vote(acting.doer, seat.person_id) is None
        ]
        if not own:
            who = f"{acting.doer.handle} holds" if caller.for_another else "you hold"
            raise Refused(
                f"{who} no seat at {ref}",
                where=ref,
                hint=f"you act as {acting.actor.handle}; nobody votes for another",
            )
        for seat in own:
            cast = {"choice": choice, "reason": reason, "at": acting.effective_at}
            earlier = acting.rows.one(Vote, seat_id=seat.id)
            if earlier is not None:
                acting.rows.update(earlier, **cast)
            else:
                acting.rows.insert(
                    Vote,
                    run_id=acting.open_run().id,
                    gate_id=gate.id,
                    seat_id=seat.id,
                    person_id=seat.person_id,
                    **cast,
                )

    return perform(state_file, caller, "gate.vote", ref, work, reason=reason, **known)


def decide(
    state_file: StateFile,
    caller: Caller,
    ref: str,
    *,
    verdict: Verdict,
    reason: str,
    **known: Unpack[Known],
) -> Entry:
    """Decide a gate. Go and conditional release its successors; no-go holds them until it is decided again.

    Raises:
        Refused: not allowed, decided already, its quorum or its predecessors are missing, or a no-go vote stands.
    """
    required("the reason", reason)

    def work(acting: Acting) -> None:
        task, gate = _gate(acting, ref)
        insist_may(acting, permissions.may_decide, task)
        _insist_on_open(task, gate)
        denied = verdict_denied(
            verdict,
            quorum=gate.quorum,
            votes=[vote.choice for vote in acting.rows.find(Vote, gate_id=gate.id)],
            open_predecessors=open_predecessors(acting, task),
        )
        if denied is not None:
            raise Refused(f"{ref}: {denied}", where=ref, hint=f"see: warroom gate show {ref}")
        acting.rows.update(
            gate,
            verdict=verdict,
            decided_at=acting.effective_at,
            decided_by_id=acting.doer.person_id,
            decision_reason=reason,
        )
        released = verdict is not Verdict.NO_GO
        acting.rows.update(
            task,
            state=TaskState.DONE if released else TaskState.FAILED,
            actual_start=task.actual_start or acting.effective_at,
            executed_at=acting.effective_at,
            actual_finish=acting.effective_at,
            executor_id=acting.doer.person_id,
            closing_reason=None if released else reason,
            blocked_at=None,
            blocked_reason=None,
            stale_since=None,
            stale_because=None,
        )

    return perform(state_file, caller, "gate.decide", ref, work, reason=reason, **known)


def _gate(acting: Acting, ref: str) -> tuple[Task, Gate]:
    task = task_called(acting, ref)
    gate = acting.rows.one(Gate, task_id=task.id)
    if gate is None:
        raise Refused(f"{ref} is not a gate", where=ref, hint="warroom gate list shows the gates")
    insist_not_held(acting, task)
    return task, gate


def _insist_on_open(task: Task, gate: Gate) -> None:
    if (reason := closed(task, gate)) is not None:
        raise Refused(reason, where=task.ref)
