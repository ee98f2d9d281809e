"""How the tests of each flow of business stand."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from warroom.board.board import Board
from warroom.board.rows import Task
from warroom.vocabulary.words import Result, TaskKind, TaskState

TESTS = (TaskKind.SMOKE_TEST, TaskKind.VALIDATION)


@dataclass(frozen=True, slots=True)
class Flow:
    """The tests of a flow. What was skipped, or is done without a result, was not tested."""

    name: str
    passed: tuple[Task, ...]
    failed: tuple[Task, ...]
    not_tested: tuple[Task, ...]
    open: tuple[Task, ...]

    @property
    def has_passed(self) -> bool:
        """Whether all of them have passed."""
        return bool(self.passed) and not (self.failed or self.not_tested or self.open)


def flows(board: Board) -> tuple[Flow, ...]:
    """The flows that the tests of the plan name, in its order."""

    def build() -> tuple[Flow, ...]:
        found: defaultdict[str, defaultdict[str, list[Task]]] = defaultdict(lambda: defaultdict(list))
        for task in board.tasks:
            if task.kind_of_task in TESTS and task.flow is not None:
                found[task.flow][_outcome(task)].append(task)
        names = ("passed", "failed", "not_tested", "open")
        return tuple(Flow(flow, *(tuple(tests[name]) for name in names)) for flow, tests in found.items())

    return board.view("flows", [Task], build)


def _outcome(task: Task) -> str:
    match task.state:
        case TaskState.DONE:
            return {Result.PASS: "passed", Result.FAIL: "failed"}.get(task.result or Result.NOT_TESTED, "not_tested")
        case TaskState.SKIPPED:
            return "not_tested"
        case TaskState.FAILED:
            return "failed"
        case _:
            return "open"


def flow_document(flow: Flow) -> dict[str, Any]:
    """A flow as JSON (README: JSON)."""
    tests = [*flow.passed, *flow.failed, *flow.not_tested, *flow.open]
    return {
        "flow": flow.name,
        "passed": len(flow.passed),
        "failed": len(flow.failed),
        "not_tested": len(flow.not_tested),
        "open": len(flow.open),
        "tests": [
            {
                "ref": task.ref,
                "state": task.state.value,
                "result": None if task.result is None else task.result.value,
                "documents": list(task.document_numbers),
            }
            for task in sorted(tests, key=lambda task: task.position)
        ],
    }
