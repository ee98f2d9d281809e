"""Voting on a gate: at a console, or by voice before a witness, to be counter-signed."""

from __future__ import annotations

from typing import Any, Unpack

from warroom.actions.acting import Acting, Known, perform, required
from warroom.actions.held import insist_not_held
from warroom.actions.subject import person_called, task_called
from warroom.model.gates import Gate, Seat, Vote
from warroom.model.programme import Programme
from warroom.model.tasks import Link, Task
from warroom.rules import permissions
from warroom.rules.assurance import Matter, asked
from warroom.rules.gates import closed, deadline, seats_to_vote_on, too_late
from warroom.store.statefile import StateFile
from warroom.vocabulary.errors import BadInput, Refused
from warroom.vocabulary.journal import Caller, Entry
from warroom.vocabulary.words import Assurance, VoteChoice


def vote(
    state_file: StateFile,
    caller: Caller,
    ref: str,
    *,
    choice: VoteChoice,
    reason: str | None = None,
    seat: str | None = None,
    **known: Unpack[Known],
) -> Entry:
    """Vote on every seat of the gate that is the voter's, or as a substitute where the holder has not voted. A vote may
    be changed until the decision, and again after a no-go, which may be decided anew.

    Args:
        seat: title of the seat that is meant; None: whichever fits.

    Raises:
        Refused: no seat, votes no longer count, or the gate is decided. BadInput: anything but go needs a reason.
    """

    def work(acting: Acting) -> None:
        _cast(acting, ref, choice, reason, seat, None)

    _insist_on_reason(choice, reason)
    return perform(state_file, caller, "gate.vote", ref, work, reason=reason, **known)


def voice(
    state_file: StateFile,
    caller: Caller,
    ref: str,
    *,
    choice: VoteChoice,
    witness: str,
    reason: str | None = None,
    seat: str | None = None,
    **known: Unpack[Known],
) -> Entry:
    """Write down the vote that `caller.done_by` gave by voice and that was read back to them.

    It counts where the runbook accepts that (assurance: vote: proxy), or else once the voter has counter-signed it.

    Args:
        witness: handle of who heard it read back.

    Raises:
        Refused, BadInput: as of `vote`; also if it is the caller's own, the voter has voted at a console, or there is
            no such witness.
    """
    if not caller.for_another:
        raise BadInput("a witness is for the vote of somebody else", hint="say whose it is with --for HANDLE")

    def work(acting: Acting) -> None:
        _cast(acting, ref, choice, reason, seat, _witness(acting, witness))

    _insist_on_reason(choice, reason)
    return perform(state_file, caller, "gate.voice", ref, work, reason=reason, **known)


def countersign(state_file: StateFile, caller: Caller, ref: str, **known: Unpack[Known]) -> Entry:
    """Say that what was written down is what one has voted; from then on it counts as one's own. It may be done after
    the decision too.

    Raises:
        Refused: nobody has written down a vote of the caller's at this gate.
    """

    def work(acting: Acting) -> None:
        _, gate = gate_called(acting, ref)
        own = [
            vote
            for vote in acting.rows.find(Vote, gate_id=gate.id)
            if vote.person_id == acting.doer.person_id and vote.assurance is Assurance.PROXY
        ]
        if not own or caller.for_another:
            raise Refused(f"no vote of yours was written down by somebody else at {ref}", where=ref)
        for vote in own:
            acting.rows.update(vote, assurance=caller.assured, countersigned_at=acting.effective_at)

    return perform(state_file, caller, "gate.countersign", ref, work, **known)


def gate_called(acting: Acting, ref: str) -> tuple[Task, Gate]:
    """The gate `ref` of the open run.

    Raises:
        Refused: no run is open, or it is no gate. BadInput: there is nothing of that ref.
    """
    task = task_called(acting, ref)
    gate = acting.rows.one(Gate, task_id=task.id)
    if gate is None:
        raise Refused(f"{ref} is not a gate", where=ref, hint="warroom gate list shows the gates")
    return task, gate


def insist_on_open(task: Task, gate: Gate) -> None:
    """Raises Refused once it is decided."""
    if (reason := closed(task, gate)) is not None:
        hint = "to go back on it: warroom gate decide REF no-go --reverse" if gate.verdict is not None else None
        raise Refused(reason, where=task.ref, hint=hint)


def _insist_on_reason(choice: VoteChoice, reason: str | None) -> None:
    if choice is not VoteChoice.GO:
        required("the reason", reason)


def _cast(
    acting: Acting, ref: str, choice: VoteChoice, reason: str | None, title: str | None, witness_id: int | None
) -> None:
    caller, rows = acting.caller, acting.rows
    task, gate = gate_called(acting, ref)
    insist_not_held(acting, task)
    insist_on_open(task, gate)
    _insist_in_time(acting, task, gate)
    if caller.for_another:
        acting.insist(permissions.may_record_vote(acting.actor), ref)
    cast = {vote.seat_id: vote for vote in rows.find(Vote, gate_id=gate.id)}
    seats, denied = seats_to_vote_on(acting.doer, rows.find(Seat, gate_id=gate.id), cast, title)
    if denied is not None:
        raise Refused(
            f"at {ref}, {acting.doer.handle} {denied}",
            where=ref,
            hint=f"you act as {acting.actor.handle}; nobody votes for another",
        )
    told: dict[str, Any] = {
        "person_id": acting.doer.person_id,
        "choice": choice,
        "reason": reason,
        "at": acting.effective_at,
        "assurance": caller.assured,
        "recorded_by_id": acting.actor.person_id if caller.for_another else None,
        "witness_id": witness_id,
        "countersigned_at": None,
    }
    for one in seats:
        if one.id in cast:
            _insist_not_over_own(acting, caller, cast[one.id])
            rows.update(cast[one.id], **told)
        else:
            rows.insert(Vote, run_id=acting.open_run().id, gate_id=gate.id, seat_id=one.id, **told)


def _insist_in_time(acting: Acting, task: Task, gate: Gate) -> None:
    if gate.vote_by_s is None:
        return
    rows = acting.rows
    predecessors = [rows.get(Task, link.predecessor_id) for link in rows.find(Link, successor_id=task.id)]
    until = deadline(gate, acting.open_run().window_start, predecessors)
    if (denied := too_late(until, acting.effective_at, rows.settled(Programme)[0].timezone)) is not None:
        raise Refused(denied, where=task.ref, hint="the gate is decided on the votes there are; a no-go can be retried")


def _insist_not_over_own(acting: Acting, caller: Caller, earlier: Vote) -> None:
    """What somebody has voted at a console is not written over by what another says that they said, unless the runbook
    takes that for as good."""
    wanted = asked(acting.open_run(), Matter.VOTE)
    own = earlier.person_id == acting.doer.person_id and earlier.assurance is not Assurance.PROXY
    if caller.for_another and own and wanted is not Assurance.PROXY:
        raise Refused(f"{acting.doer.handle} has voted: {earlier.choice}; only they change that")


def _witness(acting: Acting, handle: str) -> int:
    person = person_called(acting, handle)
    if person.id in (acting.actor.person_id, acting.doer.person_id):
        raise BadInput("a witness is neither who votes nor who writes it down", where=handle)
    return person.id
