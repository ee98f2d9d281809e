"""What an action at a gate, or on a problem, did, in one line for whoever typed it."""

from __future__ import annotations

from warroom.board.board import Board
from warroom.board.rows import Gate, Task
from warroom.clock.times import show_time
from warroom.rules.assurance import Matter, asked
from warroom.rules.gates import counts
from warroom.vocabulary.journal import Entry
from warroom.vocabulary.words import Verdict


def of_gate(board: Board, task: Task, entry: Entry) -> str:
    """What `entry` did at the gate, as seen on a Board that has it."""
    gate = board.gate_of(task.id)
    assert gate is not None
    who = board.name_called(entry.done_by)
    match entry.action:
        case "gate.vote" | "gate.voice":
            return _of_vote(board, task, gate, entry)
        case "gate.countersign":
            return f"{who} has counter-signed at {task.ref}"
        case "gate.assess" | "gate.measure":
            return f"{task.ref}: {entry.reason}"
        case "gate.waive":
            return f"{task.ref}: {who} does without {entry.reason}"
        case _:
            return _of_decision(board, task, gate, entry)


def of_problem(board: Board, entry: Entry) -> str:
    """What `entry` did with a problem, as seen on a Board that has it."""
    found = next((one for one in board.problems if f"problem {one.number}" == entry.subject), None)
    if found is None or entry.run != board.run_id:
        return f"{entry.action}: {entry.subject}"
    owner = board.person(found.owner_id)
    told = f"severity {found.severity}, {'nobody' if owner is None else owner.name} takes care of it"
    if found.outcome is not None:
        told = f"{found.status}: {found.outcome}"
    return f"{entry.subject}: {found.title} ({told})"


def _of_vote(board: Board, task: Task, gate: Gate, entry: Entry) -> str:
    votes = board.votes(gate.id)
    person = board.person_called(entry.done_by)
    own = [vote for vote in votes if person is not None and vote.person_id == person.id]
    choice, seats = ", ".join(dict.fromkeys(vote.choice.value for vote in own)), len(board.seats(gate.id))
    said = f"{board.name_called(entry.done_by)} votes {choice} at {task.ref}: {len(votes)} of {seats} seats have voted"
    if not all(counts(vote, asked(board.plan, Matter.VOTE)) for vote in own):
        said += f"; it counts once it is counter-signed: warroom gate countersign {task.ref} --as {entry.done_by}"
    return said


def _of_decision(board: Board, task: Task, gate: Gate, entry: Entry) -> str:
    decision = board.decisions(gate.id)[-1]
    decider = board.person(decision.decided_by_id)
    name = "nobody" if decider is None else decider.name
    entities = f" for {', '.join(decision.entities)}" if decision.entities else ""
    said = f"{task.ref} is decided: {decision.verdict}{entities}, by {name}: {entry.reason}"
    rows = board.rows(Task)
    if conditions := [rows[one.task_id].ref for one in board.conditions(decision.id)]:
        said += f"; conditions: {', '.join(conditions)}"
    if gate.held and gate.verdict is not Verdict.NO_GO:
        said += f"; still held: {', '.join(gate.held)}"
    if decision.retry_at is not None:
        said += f"; decided again {show_time(decision.retry_at, board.programme.timezone)}"
    return said
