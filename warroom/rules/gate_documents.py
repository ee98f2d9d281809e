"""A gate as it stands now, with its criteria judged, as JSON (README: JSON); and as it is frozen by a decision."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from warroom.board.board import Board
from warroom.board.flows import flow_document, flows
from warroom.board.rows import Decision, Gate, Problem, Seat, Task, Vote
from warroom.board.task_documents import gate_document
from warroom.clock.times import iso_utc, iso_whole
from warroom.rules.assurance import Matter, asked
from warroom.rules.conditions import Basis
from warroom.rules.criteria import Judged, asks_confidence, failing, judged, unsettled
from warroom.rules.gate_entities import EntityStanding, entity_standings
from warroom.rules.gates import counts, dissent, panel_of, verdict_denied, votes_until
from warroom.rules.problems import open_problems
from warroom.vocabulary.documents import Document
from warroom.vocabulary.words import Automatic, Verdict, VoteChoice


def live_gate_document(basis: Basis, task: Task, gate: Gate) -> Document:
    """The gate with every criterion as it stands, whether a go could be given, and its decisions."""
    board = basis.board
    found = judged(basis, gate)
    panel = panel_of(board, task, gate, basis.now, failing(found))
    document = gate_document(board, basis.forecast, task, gate)
    document["judged"] = [
        {**plain, **judged_document(board, one, basis.now)}
        for plain, one in zip(document["judged"], found, strict=True)
    ]
    votes = {vote.seat_id: vote for vote in board.votes(gate.id)}
    for seat, told in zip(board.seats(gate.id), document["seats"], strict=True):
        told.update(_vote_marks(board, votes.get(seat.id), gate.verdict))
    until = votes_until(board, task, gate)
    return {
        **document,
        "votes_until": iso_whole(until),
        "go_denied": verdict_denied(Verdict.GO, panel),
        "confidence": None if basis.confidence is None else str(basis.confidence),
        "asks_confidence": asks_confidence(board, gate),
        "flows": [flow_document(flow) for flow in flows(board)] if _asks_tests(board, gate) else [],
        "entities": [entity_document(basis, one) for one in entity_standings(basis, task, gate)],
        "decisions": [decision_document(board, decision) for decision in board.decisions(gate.id)],
    }


def judged_document(board: Board, one: Judged, now: datetime) -> Document:
    """How a criterion stands."""
    return {
        "number": one.number,
        "text": one.criterion.text,
        "value": one.value,
        "threshold": one.threshold,
        "light": one.light.value,
        "holds": one.holds,
        "source": one.source,
        "at": iso_whole(one.at),
        "age_s": one.age_s(now),
        "owes": list(one.owes),
        "waiver": None
        if one.waiver is None
        else {
            "by": board.handle(one.waiver.person_id),
            "reason": one.waiver.reason,
            "at": iso_whole(one.waiver.at),
            "expires_at": iso_whole(one.waiver.expires_at),
        },
    }


def entity_document(basis: Basis, one: EntityStanding) -> Document:
    """How a gate stands for an entity."""
    return {
        "entity": one.entity,
        "verdict": None if one.verdict is None else one.verdict.value,
        "go_denied": verdict_denied(Verdict.GO, one.panel),
        "waits_for": list(one.panel.open_predecessors),
        "criteria": [judged_document(basis.board, judged, basis.now) for judged in one.found],
    }


def decision_document(board: Board, decision: Decision) -> Document:
    """One decision of a gate, without what it froze; its conditions as their tasks stand now."""
    rows = board.rows(Task)
    return {
        "number": decision.number,
        "at": iso_whole(decision.at),
        "verdict": decision.verdict.value,
        "entities": list(decision.entities),
        "reason": decision.reason,
        "decided_by": board.handle(decision.decided_by_id),
        "assurance": decision.assurance.value,
        "then": None if decision.afterwards is None else decision.afterwards.value,
        "retry_at": iso_whole(decision.retry_at),
        "conditions": [
            {
                "ref": rows[condition.task_id].ref,
                "text": condition.text,
                "owner": board.handle(rows[condition.task_id].owner_id),
                "due": _due(board, rows[condition.task_id]),
                "state": rows[condition.task_id].state.value,
            }
            for condition in board.conditions(decision.id)
            if condition.task_id in rows
        ],
    }


def problem_document(board: Board, problem: Problem) -> Document:
    """An entry of the log of the night."""
    return {
        "number": problem.number,
        "severity": problem.severity,
        "title": problem.title,
        "status": problem.status.value,
        "owner": board.handle(problem.owner_id),
        "workaround": problem.workaround,
        "due": iso_whole(problem.due_at),
        "tasks": list(problem.tasks),
        "raised_at": iso_whole(problem.raised_at),
        "raised_by": board.handle(problem.raised_by_id),
        "closed_at": iso_whole(problem.closed_at),
        "closed_by": board.handle(problem.closed_by_id),
        "outcome": problem.outcome,
    }


def frozen(
    basis: Basis,
    task: Task,
    gate: Gate,
    found: Sequence[Judged],
    of_entities: Iterable[EntityStanding],
    decided: Document,
    conditions: Iterable[Document],
) -> Document:
    """What a decision rests on, as it stood: whatever the record of the decision shows.

    Args:
        found: the criteria. of_entities: how the gate stands for each entity. decided: what is decided, by whom.
        conditions: of a conditional go.
    """
    board, forecast, now = basis.board, basis.forecast, basis.now
    votes = {vote.seat_id: vote for vote in board.votes(gate.id)}
    verdict = Verdict(decided["verdict"])
    decide_by = forecast.decide_backout_by
    cast = [vote.choice for vote in votes.values() if counts(vote, asked(board.plan, Matter.VOTE))]
    document = {
        "gate": {
            "ref": task.ref,
            "title": task.title,
            "stage": None if gate.stage is None else gate.stage.value,
            "owner": board.handle(task.owner_id),
            "rule": gate.rule.value,
            "quorum": gate.quorum,
            "waits_for": [one.ref for one in board.open_predecessors(task.id)],
            "agenda": task.instructions,
        },
        "decision": decided,
        "programme": board.programme.name,
        "run": None if board.run is None else board.run.name,
        "at": iso_whole(now),
        "after_seq": board.seq,
        "criteria": [judged_document(board, one, now) for one in found],
        "unsettled": list(unsettled(found)),
        "entities": [entity_document(basis, one) for one in of_entities],
        "seats": [_seat(board, seat, votes.get(seat.id), verdict) for seat in board.seats(gate.id)],
        "tally": {choice.value: cast.count(choice) for choice in VoteChoice},
        "conditions": list(conditions),
        "forecast": {
            "at": iso_utc(forecast.at),
            "finish": iso_utc(forecast.instant(forecast.finish)),
            "window_end": iso_utc(forecast.instant(forecast.end)),
            "window_float_s": forecast.window_float,
            "latest_backout_decision": None if decide_by is None else iso_utc(forecast.instant(decide_by)),
            "backout_duration_s": forecast.backout_duration,
            "confidence": None if basis.confidence is None else str(basis.confidence),
        },
        "flows": [flow_document(flow) for flow in flows(board)],
        "problems": [problem_document(board, problem) for problem in open_problems(board.problems)],
    }
    document["people"] = _names(board, document)
    return document


def _seat(board: Board, seat: Seat, vote: Vote | None, verdict: Verdict) -> Document:
    told = {
        "title": seat.title,
        "person": board.handle(seat.person_id),
        "role": seat.role,
        "substitutes": list(seat.substitutes),
        "chair": seat.chair,
        "veto": seat.veto,
        "vote": None,
        "reason": None,
        "at": None,
    }
    if vote is not None:
        told |= {"vote": vote.choice.value, "reason": vote.reason, "at": iso_whole(vote.at)}
    return {**told, **_vote_marks(board, vote, verdict)}


def _vote_marks(board: Board, vote: Vote | None, verdict: Verdict | None) -> Document:
    """Who voted, how that is known, whether it counts, and whether it stands against the verdict."""
    if vote is None:
        names = ("voted_by", "assurance", "recorded_by", "witness", "countersigned_at")
        return {**dict.fromkeys(names), "counts": False, "dissents": False}
    counted = counts(vote, asked(board.plan, Matter.VOTE))
    return {
        "voted_by": board.handle(vote.person_id),
        "assurance": vote.assurance.value,
        "recorded_by": board.handle(vote.recorded_by_id),
        "witness": board.handle(vote.witness_id),
        "countersigned_at": iso_whole(vote.countersigned_at),
        "counts": counted,
        "dissents": counted and verdict is not None and dissent(verdict, vote.choice),
    }


def _names(board: Board, document: Document) -> dict[str, str]:
    """The names of those whom the document names by handle."""
    handles = {document["gate"]["owner"], document["decision"]["decided_by"]}
    for one in (*document["criteria"], *(each for entity in document["entities"] for each in entity["criteria"])):
        handles |= {one["source"], *one["owes"], (one["waiver"] or {}).get("by")}
    for seat in document["seats"]:
        handles |= {seat[name] for name in ("person", "voted_by", "recorded_by", "witness")}
    for one in (*document["conditions"], *document["problems"]):
        handles.add(one["owner"])
    people = {handle: board.person_called(handle) for handle in sorted(filter(None, handles))}
    return {handle: person.name for handle, person in people.items() if person is not None}


def _asks_tests(board: Board, gate: Gate) -> bool:
    return any(criterion.automatic is Automatic.SMOKE_TESTS for criterion in board.criteria(gate.id))


def _due(board: Board, task: Task) -> str | None:
    if task.deadline_s is None:
        return None
    return iso_utc(board.plan.window_start + timedelta(seconds=task.deadline_s))
