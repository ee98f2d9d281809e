"""What everybody means to do next, derived from a Board and a seed alone.

People do what they would do at a console: their own tasks, votes and verifications, when their turn has come. What
somebody else has said at a console (a block, a no-go, a vote) is left to whoever said it. Nothing is remembered
between two Boards, so a play can be stopped, taken up again, and shared with people.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from warroom.actions.decisions import Condition
from warroom.board import release
from warroom.board.board import Board
from warroom.board.flows import TESTS
from warroom.board.forecast import forecast
from warroom.board.rows import Gate, Person, Step, Task
from warroom.rules.communications import Sender
from warroom.rules.criteria import Basis, evaluators, failing, judged
from warroom.rules.gates import panel_of, verdict_denied, votes_until
from warroom.simulate import announcing
from warroom.simulate.course import Course, Session, course_of, session_of
from warroom.simulate.sayings import ASSURED
from warroom.vocabulary.errors import Refused
from warroom.vocabulary.words import (
    Automatic,
    Result,
    Role,
    ShownState,
    StepKind,
    TaskKind,
    TaskState,
    Verdict,
    VoteChoice,
)

# An ETA is given in round figures, and never for the next few minutes.
_ROUND = timedelta(minutes=5)
# A decider lets the last vote sink in.
_PAUSE = timedelta(seconds=20)
# So many seconds it takes to read a criterion aloud and to hear its evidence.
_READING_S = 25
# Within this the owner of a condition has put it right.
_TO_PUT_RIGHT = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Intention:
    """What somebody means to do.

    Attributes:
        due: when, run time, UTC; it may have passed.
        who: handle of the person.
        action: its name in the journal, such as "task.start"; `ref` and `arguments` are for the action's function.
        about: the communication whose words, as they stand when it is done, are further arguments.
    """

    due: datetime
    who: str
    action: str
    ref: str
    arguments: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    about: Sender | None = None


def intentions(board: Board, now: datetime, seed: int) -> Iterator[Intention]:
    """What everybody means to do next, at most one thing for each task and each seat, in the order of the runbook.

    Args:
        board: of an open run.
        now: run time, UTC; an ETA that is given lies behind it.
    """
    goes_on = False
    for task in board.tasks_in_play:
        of_task = _of_gate if task.kind_of_task is TaskKind.GATE else _of_task
        for intention in of_task(board, task, now, seed):
            goes_on = True
            yield _telling(board, task, intention, now) if intention.action == "task.done" else intention
    if goes_on:
        for due, action, sender in announcing.repeated(board, now):
            yield Intention(due, announcing.who_does(board, sender, action, None), action, sender.ref, about=sender)


def next_intention(board: Board, now: datetime, seed: int) -> Intention | None:
    """What comes first of all that people mean to do; None when nobody means to do anything."""
    return min(intentions(board, now, seed), key=lambda intention: intention.due, default=None)


def lead_of(board: Board) -> str:
    """Handle of the first lead.

    Raises:
        Refused: the runbook names none.
    """
    for person in board.rows(Person).values():
        if Role.LEAD in person.roles:
            return person.handle
    raise Refused("the runbook names no lead", hint="give at least one person roles: [lead]")


def free_from(board: Board, task: Task) -> datetime:
    """From when on a task that is ready may be started in the Board's run; run time, UTC."""
    free, run = release.free_from(board, task), board.run
    return free if run is None else max(free, run.started_at)


# --- tasks -------------------------------------------------------------------------------------------------------


def _of_task(board: Board, task: Task, now: datetime, seed: int) -> Iterator[Intention]:
    owner = board.handle(task.owner_id)
    if owner is None:
        return
    state = board.shown_state(task)
    if state in (ShownState.WAITING, ShownState.DONE, ShownState.SKIPPED, ShownState.FAILED):
        return
    own: list[Step] = []
    checks: list[Step] = []
    for step in board.steps(task.id):
        to_verify = step.kind_of_step is StepKind.VERIFICATION and task.verifier_id is not None
        (checks if to_verify else own).append(step)
    course = course_of(seed, task, steps=len(own), checks=len(checks))
    if state is ShownState.READY:
        yield Intention(_after(free_from(board, task), course.start_after), owner, "task.start", task.ref)
    elif state is ShownState.RUNNING:
        yield _of_running(task, owner, course, own, now)
    elif state is ShownState.BLOCKED:
        yield from _of_blocked(task, owner, course, now)
    elif (verifier := _verifier(board, task)) is not None:
        yield _of_verifying(task, verifier, course, checks)


def _telling(board: Board, task: Task, done: Intention, now: datetime) -> Intention:
    """What is done in place of finishing a task whose text was not sent: sending it finishes the task."""
    owed = announcing.what_is_owed(board, task, now)
    if owed is None:
        return done
    action, sender = owed
    return Intention(done.due, announcing.who_does(board, sender, action, done.who), action, task.ref, about=sender)


def _of_running(task: Task, owner: str, course: Course, steps: Sequence[Step], now: datetime) -> Intention:
    started = task.actual_start
    assert started is not None
    if (tick := _next_tick(task, owner, started, course.ticks, steps)) is not None:
        first = tick
    else:
        finish = _after(started, course.work)
        if task.eta is not None and (course.promise is None or task.eta_reason != course.promise.reason):
            finish = max(finish, task.eta)  # somebody at a console said so
        told: dict[str, Any] = {} if course.note is None else {"note": course.note}
        if task.kind_of_task in TESTS:
            told |= {"result": Result.PASS, "documents": course.documents}
        first = Intention(finish, owner, "task.done", task.ref, told)
    # An ETA was given already when the block, or the delay, was told.
    if task.eta_given_at is None and course.promise is not None:
        if course.block is not None:
            reason = course.block.trouble.problem
            news = Intention(_after(started, course.block.after), owner, "task.block", task.ref, {"reason": reason})
        else:
            news = _promise(task, owner, course, _after(started, course.promise.after), now)
        first = min(first, news, key=lambda intention: intention.due)
    return first


def _of_blocked(task: Task, owner: str, course: Course, now: datetime) -> Iterator[Intention]:
    block, since = course.block, task.blocked_at
    if block is None or course.promise is None or since is None or task.blocked_reason != block.trouble.problem:
        return
    if task.eta_given_at is None:
        yield _promise(task, owner, course, _after(since, course.promise.after), now)
    else:
        yield Intention(_after(since, block.lasts), owner, "task.unblock", task.ref, {"reason": block.trouble.solution})


def _of_verifying(task: Task, verifier: str, course: Course, checks: Sequence[Step]) -> Intention:
    executed = task.executed_at
    assert executed is not None
    tick = _next_tick(task, verifier, executed, course.checks, checks, course.evidence)
    return tick or Intention(_after(executed, course.verify_after), verifier, "task.verify", task.ref)


def _next_tick(
    task: Task,
    who: str,
    since: datetime,
    after: Sequence[int],
    steps: Sequence[Step],
    evidence: str | None = None,
) -> Intention | None:
    for place, step in enumerate(steps):
        if step.ticked_at is None:
            arguments: dict[str, Any] = {"positions": [step.position]}
            if evidence is not None and step is steps[-1]:
                arguments["evidence"] = evidence
            return Intention(_after(since, after[place]), who, "step.tick", task.ref, arguments)
    return None


def _promise(task: Task, owner: str, course: Course, due: datetime, now: datetime) -> Intention:
    promise = course.promise
    assert promise is not None
    said_at = max(due, now)
    expected = said_at if task.actual_start is None else _after(task.actual_start, promise.finish)
    eta = _rounded_up(max(expected, said_at + _ROUND))
    return Intention(due, owner, "task.eta", task.ref, {"eta": eta, "reason": promise.reason})


def _verifier(board: Board, task: Task) -> str | None:
    """Who verifies: the verifier, or a lead where that one has executed it; None if nobody can."""
    leads = (person.id for person in board.rows(Person).values() if Role.LEAD in person.roles)
    return next((board.handle(key) for key in (task.verifier_id, *leads) if key not in (None, task.executor_id)), None)


# --- gates -------------------------------------------------------------------------------------------------------


def _of_gate(board: Board, task: Task, now: datetime, seed: int) -> Iterator[Intention]:
    gate, decider = board.gate_of(task.id), board.handle(task.owner_id)
    if gate is None or decider is None or board.open_predecessors(task.id):
        return
    seats = board.seats(gate.id)
    session = session_of(seed, task, seats=len(seats))
    if task.state is TaskState.NOT_STARTED:
        since = free_from(board, task)
        due, held_back = _after(since, session.decide_after), session.held_back
        yield from _judgements(board, task, gate, session, since)
    elif gate.decided_at is not None and gate.decision_reason in (session.held_back, session.doubt):
        since = due = _after(gate.decided_at, session.again_after)
        held_back = None
    else:
        return
    yield from _votes(board, task, gate, session, since)
    votes = board.votes(gate.id)
    if len(votes) < len(seats):
        return
    due = max([due, *(vote.at + _PAUSE for vote in votes)])
    decision = _decision(board, task, gate, session, now, due, held_back)
    if decision is not None:
        yield Intention(max(due, decision.pop("due", due)), decider, "gate.decide", task.ref, decision)


def _decision(
    board: Board, task: Task, gate: Gate, session: Session, now: datetime, due: datetime, held_back: str | None
) -> dict[str, Any] | None:
    """What the decider says: what the votes and the criteria allow, and no-go where the time to vote has run out."""
    found = judged(Basis(board, forecast(board, now), now), gate)
    panel = panel_of(board, task, gate, now, failing(found))
    owed = f"To be put right by noon: criterion {', '.join(map(str, panel.failing))}" if panel.failing else None
    condition = session.condition or owed
    verdict = Verdict.GO if condition is None else Verdict.CONDITIONAL
    if verdict_denied(verdict, panel) is not None:
        until = votes_until(board, task, gate)
        if until is None:
            return None
        return {"verdict": Verdict.NO_GO, "reason": session.doubt, "due": until + _PAUSE}
    if held_back is not None:
        return {"verdict": Verdict.NO_GO, "reason": held_back}
    if condition is None:
        return {"verdict": verdict, "reason": session.agreed}
    owner = board.handle(task.owner_id) or ""
    return {"verdict": verdict, "reason": condition, "conditions": [Condition(condition, owner, due + _TO_PUT_RIGHT)]}


def _judgements(board: Board, task: Task, gate: Gate, session: Session, free: datetime) -> Iterator[Intention]:
    """What is said of the criteria of which nothing was said yet, before the votes."""
    for number, criterion in enumerate(board.criteria(gate.id), start=1):
        if board.assessments(criterion.id) or criterion.automatic not in (None, Automatic.METRIC):
            continue
        who = next(iter(evaluators(board, gate, criterion)), None) or board.handle(task.owner_id) or ""
        arguments: dict[str, Any] = {"number": number, "evidence": session.evidence}
        if criterion.automatic is None:
            arguments |= {"met": True}
        else:
            bound = criterion.at_most if criterion.at_least is None else criterion.at_least
            arguments |= {"value": bound or Decimal(0)}
        action = "gate.assess" if criterion.automatic is None else "gate.measure"
        yield Intention(_after(free, number * _READING_S), who, action, task.ref, arguments)


def _votes(board: Board, task: Task, gate: Gate, session: Session, since: datetime) -> Iterator[Intention]:
    cast = {vote.seat_id: vote for vote in board.votes(gate.id)}
    until = votes_until(board, task, gate)
    for place, seat in enumerate(board.seats(gate.id)):
        holder = board.handle(seat.person_id)
        if holder is None:
            continue
        vote = cast.get(seat.id)
        arguments: dict[str, Any] = {"choice": VoteChoice.GO}
        if vote is None:
            due = _after(since, session.votes[place])
            due = due if until is None else min(due, until)
            if place == session.doubter:
                arguments = {"choice": VoteChoice.NO_GO, "reason": session.doubt}
        elif vote.choice is VoteChoice.NO_GO and vote.reason == session.doubt:
            due = max(_after(vote.at, session.again_after), since if gate.verdict is not None else vote.at)
            arguments["reason"] = ASSURED
            if until is not None and due > until:
                continue
        else:
            continue
        yield Intention(due, holder, "gate.vote", task.ref, arguments)


def _after(instant: datetime, seconds: int) -> datetime:
    return instant + timedelta(seconds=seconds)


def _rounded_up(instant: datetime) -> datetime:
    """The next full five minutes."""
    past = (instant - instant.replace(minute=0, second=0, microsecond=0)) % _ROUND
    return instant + (_ROUND - past) if past else instant
