"""How the panel of a gate goes in a play: what is said of its criteria, the votes, the verdict."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from warroom.board.forecast import forecast
from warroom.board.rows import Gate, Task
from warroom.rules.conditions import Basis
from warroom.rules.criteria import evaluators, failing, judged
from warroom.rules.gates import panel_of, verdict_denied, votes_until
from warroom.simulate.attendance import Attendance
from warroom.simulate.course import Session, session_of
from warroom.simulate.intention import Intention, after
from warroom.simulate.sayings import ASSURED, RISK_TAKEN
from warroom.vocabulary.decision import Condition
from warroom.vocabulary.words import Automatic, TaskState, Verdict, VoteChoice

# A decider lets the last vote sink in.
_PAUSE = timedelta(seconds=20)
# So many seconds it takes to read a criterion aloud and to hear its evidence.
_READING_S = 25
# Within this the owner of a condition has put it right.
_TO_PUT_RIGHT = timedelta(hours=12)
_OF_TIME = frozenset({Automatic.WINDOW, Automatic.BACK_OUT})


def of_gate(there: Attendance, task: Task, seed: int, free: datetime, counting: Collection[str]) -> Iterator[Intention]:
    """What is said, voted and decided next at a gate.

    Args:
        free: from when on it can be decided (run time, UTC).
        counting: keys of the controls that people are at; the panel waits for those that it asks for.
    """
    board = there.board
    gate = board.gate_of(task.id)
    if gate is None or task.owner_id is None or board.open_predecessors(task.id) or _counted(there, gate, counting):
        return
    seats = board.seats(gate.id)
    session = session_of(seed, task, seats=len(seats))
    if task.state is TaskState.NOT_STARTED:
        since = free
        due, held_back = after(since, session.decide_after), session.held_back
        yield from _judgements(there, task, gate, session, since)
    elif gate.decided_at is not None and gate.decision_reason in (session.held_back, session.doubt):
        since = due = after(gate.decided_at, session.again_after)
        held_back = None
    else:
        return
    yield from _votes(there, task, gate, session, since)
    votes = board.votes(gate.id)
    if len(votes) < len(seats):
        return
    waived = [waiver.at for criterion in board.criteria(gate.id) for waiver in board.waivers(criterion.id)]
    due = max([due, *(said_at + _PAUSE for said_at in (*(vote.at for vote in votes), *waived))])
    yield from _verdict(there, task, gate, session, due, held_back)


def _counted(there: Attendance, gate: Gate, counting: Collection[str]) -> bool:
    """Whether people are still at a control that the gate asks for."""
    asked = [one for one in there.board.criteria(gate.id) if one.automatic is Automatic.CONTROLS]
    return any(counting if not one.of else not set(one.of).isdisjoint(counting) for one in asked)


def _verdict(
    there: Attendance, task: Task, gate: Gate, session: Session, due: datetime, held_back: str | None
) -> Iterator[Intention]:
    """What the decider says: what the votes and the criteria allow, and no-go where the time to vote has run out. Time
    that has run out is not put right any more: such a criterion is waived by name first."""
    turn = there.of_work(task, due)
    if turn is None:
        return
    board, at = there.board, max(turn.due, there.now)
    found = judged(Basis(board, forecast(board, at), at), gate)
    panel = panel_of(board, task, gate, at, failing(found))
    lost = [one for one in found if one.number in panel.failing and one.criterion.automatic in _OF_TIME]
    owed = f"To be put right by noon: criterion {', '.join(map(str, panel.failing))}" if panel.failing else None
    condition = session.condition or owed
    verdict = Verdict.GO if condition is None else Verdict.CONDITIONAL
    told: dict[str, Any] = {"verdict": verdict, "reason": session.agreed if condition is None else condition}
    if verdict_denied(verdict, panel) is not None:
        until = votes_until(board, task, gate)
        if until is None or (turn := there.of_work(task, max(due, until + _PAUSE))) is None:
            return
        told = {"verdict": Verdict.NO_GO, "reason": session.doubt}
    elif held_back is not None:
        told = {"verdict": Verdict.NO_GO, "reason": held_back}
    elif lost:
        waived = {"number": lost[0].number, "reason": RISK_TAKEN, "expires_at": at + _TO_PUT_RIGHT}
        yield Intention(turn.due, turn.who, "gate.waive", task.ref, waived)
        return
    elif condition is not None:
        told["conditions"] = [Condition(condition, board.handle(task.owner_id) or "", due + _TO_PUT_RIGHT)]
    yield Intention(turn.due, turn.who, "gate.decide", task.ref, told)


def _judgements(there: Attendance, task: Task, gate: Gate, session: Session, free: datetime) -> Iterator[Intention]:
    """What is said of the criteria of which nothing was said yet, before the votes."""
    board = there.board
    for number, criterion in enumerate(board.criteria(gate.id), start=1):
        if board.assessments(criterion.id) or criterion.automatic not in (None, Automatic.METRIC):
            continue
        person = board.person_called(next(iter(evaluators(board, gate, criterion)), ""))
        turn = there.of_judgement(task.owner_id if person is None else person.id, after(free, number * _READING_S))
        if turn is None:
            continue
        arguments: dict[str, Any] = {"number": number, "evidence": session.evidence}
        if criterion.automatic is None:
            arguments |= {"met": True}
        else:
            bound = criterion.at_most if criterion.at_least is None else criterion.at_least
            arguments |= {"value": bound or Decimal(0)}
        action = "gate.assess" if criterion.automatic is None else "gate.measure"
        yield Intention(turn.due, turn.who, action, task.ref, arguments)


def _votes(there: Attendance, task: Task, gate: Gate, session: Session, since: datetime) -> Iterator[Intention]:
    board = there.board
    cast = {vote.seat_id: vote for vote in board.votes(gate.id)}
    until = votes_until(board, task, gate)
    seats = board.seats(gate.id)
    for place, seat in enumerate(seats):
        vote = cast.get(seat.id)
        arguments: dict[str, Any] = {"choice": VoteChoice.GO}
        if vote is None:
            due = after(since, session.votes[place])
            due = due if until is None else min(due, until)
            if place == session.doubter:
                arguments = {"choice": VoteChoice.NO_GO, "reason": session.doubt}
        elif vote.choice is VoteChoice.NO_GO and vote.reason == session.doubt:
            due = max(after(vote.at, session.again_after), since if gate.verdict is not None else vote.at)
            arguments["reason"] = ASSURED
        else:
            continue
        turn = there.of_seat(seat, seats, due)
        if turn is None or (until is not None and turn.due > until):
            continue
        if turn.who != board.handle(seat.person_id):
            arguments["seat"] = seat.title
        yield Intention(turn.due, turn.who, "gate.vote", task.ref, arguments)
