"""What the plan says of a task or a gate beyond times and people, as JSON (README: JSON)."""

from __future__ import annotations

from warroom.board.board import Board
from warroom.board.rows import Criterion, Seat, Task
from warroom.clock.times import iso_whole
from warroom.vocabulary.documents import Document


def task_marks(board: Board, task: Task) -> Document:
    """The marks of a task: what it belongs to, what it opens, what happens if it fails, and facts."""
    return {
        "owner_role": task.owner_role,
        "entity": task.entity,
        "environment": task.environment,
        "party": task.party,
        "communication": task.communication,
        "flow": task.flow,
        "opens": list(task.opens),
        "optional": task.optional,
        "splittable": task.splittable,
        "releases": task.releases.value,
        "placeholder": task.placeholder,
        "requires": _requires(board, task),
        "on_failure": {"what": task.failure_plan, "decides": board.handle(task.failure_decider_id)}
        if task.failure_plan
        else None,
        "facts": [{"text": fact.text, "source": fact.source} for fact in board.facts(task.id)],
    }


def _requires(board: Board, task: Task) -> Document | None:
    """How many of whom the task requires at its start and its finish, and who has confirmed of this attempt."""
    if not task.requires_of:
        return None
    confirmed = [
        {
            "what": one.confirmed.value,
            "person": board.handle(one.person_id),
            "by": board.handle(one.by_id),
            "at": iso_whole(one.at),
        }
        for one in board.confirmations(task.id)
        if one.attempt == task.attempt
    ]
    return {
        "of": list(task.requires_of),
        "start": task.requires_start,
        "finish": task.requires_finish,
        "confirmed": confirmed,
    }


def criterion_document(board: Board, criterion: Criterion) -> Document:
    """A criterion: its text, and how it is judged."""
    return {
        "text": criterion.text,
        "automatic": None if criterion.automatic is None else criterion.automatic.value,
        "of": list(criterion.of),
        "severity": criterion.severity,
        "metric": criterion.metric,
        "unit": criterion.unit,
        "at_least": None if criterion.at_least is None else str(criterion.at_least),
        "at_most": None if criterion.at_most is None else str(criterion.at_most),
        "evaluator": board.handle(criterion.evaluator_id),
        "evidence": criterion.evidence,
    }


def seat_marks(seat: Seat) -> Document:
    """What a seat is by the gate's rule, and who may hold it instead."""
    return {"role": seat.role, "substitutes": list(seat.substitutes), "chair": seat.chair, "veto": seat.veto}
