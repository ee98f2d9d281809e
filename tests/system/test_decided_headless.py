"""A cutover of real size decided from gate to gate by simulated people: a no-go, a conditional go, and its task."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from warroom.cli.gate_record import html, markdown, record_of
from warroom.resources import folder
from warroom.simulate.demo import demo_headless
from warroom.store.statefile import StateFile
from warroom.vocabulary.words import Automatic, GateStage, Light, TaskState, Verdict

FINANCE_AND_OPERATIONS = folder("sample_runbooks") / "d365-fo-lcs.yaml"
SEED = 375
"""In its play the entrance gate goes conditionally, and the final one only at the second attempt."""


@pytest.mark.timeout(300)
def test_gates_a_b_and_c_are_decided(tmp_path: Path) -> None:
    out = io.StringIO()
    played = demo_headless(FINANCE_AND_OPERATIONS, tmp_path / "fo.db", seed=SEED, out=out)
    board = played.board
    assert played.verification.sound
    assert all(task.state is TaskState.DONE for task in board.tasks)
    gates = {own.stage: (task, own) for task in board.tasks if (own := board.gate_of(task.id)) is not None}
    verdicts = {stage: [decision.verdict for decision in board.decisions(own.id)] for stage, (_, own) in gates.items()}
    assert verdicts == {
        GateStage.ENTRANCE: [Verdict.CONDITIONAL],
        GateStage.DATA_SIGN_OFF: [Verdict.GO],
        GateStage.GO_LIVE: [Verdict.NO_GO, Verdict.GO],
        GateStage.EXIT: [Verdict.GO],
    }
    (entrance,) = board.decisions(gates[GateStage.ENTRANCE][1].id)
    (condition,) = board.conditions(entrance.id)
    put_right = next(task for task in board.tasks if task.id == condition.task_id)
    assert put_right.ref == f"{gates[GateStage.ENTRANCE][0].ref}-C1"
    assert put_right.deadline_s is not None
    final = json.loads(board.decisions(gates[GateStage.GO_LIVE][1].id)[-1].frozen)
    by_kind = {
        criterion.automatic: told["light"]
        for criterion, told in zip(board.criteria(gates[GateStage.GO_LIVE][1].id), final["criteria"], strict=True)
    }
    assert by_kind[Automatic.SMOKE_TESTS] == Light.GREEN
    assert by_kind[Automatic.BACK_OUT] == Light.GREEN
    assert all(flow["passed"] and not flow["failed"] for flow in final["flows"])
    with StateFile.open(tmp_path / "fo.db") as state_file:
        record = record_of(state_file, board, *gates[GateStage.GO_LIVE])
    assert "Decision 1: no-go" in markdown(record)
    assert "<h2>Decision 2: go</h2>" in html(record)
