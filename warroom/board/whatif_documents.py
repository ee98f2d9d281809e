"""What-if as JSON documents (README: JSON). Instants are UTC text with Z, spans whole seconds."""

from __future__ import annotations

from collections.abc import Iterable

from warroom.board.board import Board
from warroom.board.forecast import Forecast
from warroom.board.rows import Task
from warroom.board.whatif import Break, Outcome, owner_then
from warroom.clock.times import iso_utc
from warroom.vocabulary.documents import Document
from warroom.vocabulary.words import TaskKind


def outcome_document(board: Board, forecast: Forecast, outcome: Outcome) -> Document:
    """What follows from suppositions."""
    moved = [(task, outcome.moves[task.ref]) for task in board.tasks if task.ref in outcome.moves]
    decide_by = outcome.decide_backout_by

    def owner(task: Task) -> str | None:
        return board.handle(owner_then(board, outcome.effect, task))

    def expected(task: Task) -> str:
        return iso_utc(forecast.instant(outcome.effect.span(task.ref)[1]))

    return {
        "finish_moves_s": outcome.finish_moves,
        "forecast_finish": iso_utc(forecast.instant(outcome.effect.finish)),
        "window_float_s": outcome.window_float,
        "latest_backout_moves_s": outcome.backout_moves,
        "latest_backout_decision": None if decide_by is None else iso_utc(forecast.instant(decide_by)),
        "tasks": [
            {"ref": task.ref, "moves_s": moves, "owner": owner(task), "forecast_finish": expected(task)}
            for task, moves in moved
        ],
        "gates": [
            {"ref": task.ref, "moves_s": moves, "owner": owner(task), "expected_at": expected(task)}
            for task, moves in moved
            if task.kind_of_task is TaskKind.GATE
        ],
        "owners": _owners((owner(task), task, moves) for task, moves in moved),
        "breaks": [_break(forecast, found) for found in outcome.breaks],
    }


def sweep_document(board: Board, forecast: Forecast, slip: int, found: Iterable[tuple[Task, Outcome]]) -> Document:
    """What follows from the same slip (seconds) of each open task, in the given order."""
    return {
        "slip_s": slip,
        "window_float_s": forecast.window_float,
        "tasks": [
            {
                "ref": task.ref,
                "title": task.title,
                "owner": board.handle(task.owner_id),
                "finish_moves_s": outcome.finish_moves,
                "window_float_s": outcome.window_float,
                "moved": len(outcome.moves.keys() - {task.ref}),
                "breaks": [_break(forecast, each) for each in outcome.breaks],
            }
            for task, outcome in found
        ],
    }


def _owners(moved: Iterable[tuple[str | None, Task, int]]) -> list[Document]:
    """Whose tasks move, in the order of the runbook, and by how much at most."""
    found: dict[str, Document] = {}
    for handle, task, moves in moved:
        if handle is None:
            continue
        own = found.setdefault(handle, {"owner": handle, "moves_s": moves, "tasks": []})
        own["moves_s"] = max(own["moves_s"], moves, key=abs)
        own["tasks"].append(task.ref)
    return list(found.values())


def _break(forecast: Forecast, found: Break) -> Document:
    return {
        "kind": found.kind.value,
        "ref": found.ref,
        "owner": found.owner,
        "limit": iso_utc(forecast.instant(found.limit)),
        "expected": iso_utc(forecast.instant(found.expected)),
        "late_s": found.late,
    }
