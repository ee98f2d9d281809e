"""Plays of the small sample, two hundred in the long form: every one legal, honest, finished and verified."""

from __future__ import annotations

import io
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.soaking import LONG, times
from warroom.board.board import Board
from warroom.board.rows import Person
from warroom.resources import folder
from warroom.rules.communications import sender_of
from warroom.rules.controls import control_standing
from warroom.runbook.document import RunbookDocument
from warroom.runbook.reader import read_runbook
from warroom.simulate.demo import play_document
from warroom.store.statefile import StateFile
from warroom.vocabulary.journal import WATCH, Entry
from warroom.vocabulary.words import AlertState, Role, TaskState, Verdict, Via

RUNBOOK = folder("sample_runbooks") / "first-cutover.yaml"
SEEDS, CHUNK = times(short=20, whole=200), 10
pytestmark = LONG

BY_OWNER = {"task.start", "task.done", "task.block", "task.unblock", "task.eta", "gate.decide", "gate.waive"} | {
    "communication.send",
    "communication.record",
}


@pytest.fixture(scope="module")
def document() -> RunbookDocument:
    return read_runbook(RUNBOOK)


@pytest.fixture
def in_memory(tmp_path: Path) -> Iterator[Path]:
    """A folder in memory where there is one: throwaway files need no disk, and are synced all the same."""
    memory = Path("/dev/shm")
    if memory.is_dir() and os.access(memory, os.W_OK):
        with tempfile.TemporaryDirectory(dir=memory, prefix="warroom-test-") as name:
            yield Path(name)
    else:
        yield tmp_path


def may_have_counted(board: Board, entry: Entry, person: Person) -> bool:
    """Whether it was theirs to sign or to judge, or a figure of what somebody else loads."""
    (control,) = (one for one in board.controls if entry.subject == f"control {one.key}")
    if entry.action in ("control.sign", "control.dispose"):
        return person.id == control.signs_id
    loads = [task for ref in control.loads if (task := board.task(ref)) is not None]
    return entry.action == "control.record" and person.id not in {control.signs_id, *(one.owner_id for one in loads)}


def may_have_done(board: Board, entry: Entry, state: dict[str, str]) -> bool:
    """Whether the actor of the entry is the one whose part it was; `state` is that of each task before it."""
    if entry.action.startswith("alert."):
        return entry.actor == WATCH.handle and entry.via is Via.ALERTS
    person = board.person_called(entry.actor)
    assert person is not None
    if entry.action.startswith(("run.", "plan.")):
        return Role.LEAD in person.roles
    if entry.subject.startswith("control "):
        return may_have_counted(board, entry, person)
    task = board.task(entry.subject)
    assert task is not None
    if (gate := board.gate_of(task.id)) is not None and entry.action in ("gate.vote", "gate.assess", "gate.measure"):
        judges = {criterion.evaluator_id for criterion in board.criteria(gate.id)}
        holders = {seat.person_id for seat in board.seats(gate.id)}
        return person.id in (holders if entry.action == "gate.vote" else holders | judges)
    if entry.action == "task.verify":
        return person.id == task.verifier_id and person.id != task.executor_id
    if entry.action == "step.tick":
        return person.id == (task.verifier_id if state[task.ref] == "verifying" else task.owner_id)
    if entry.action == "communication.approve":
        sender = sender_of(board, task)
        assert sender is not None
        return sender.communication.approver_id == person.id or Role.LEAD in person.roles
    assert entry.action in BY_OWNER
    return person.id == task.owner_id


@pytest.mark.parametrize("first", range(0, SEEDS, CHUNK))
def test_every_seed_plays_to_a_verified_end(first: int, document: RunbookDocument, in_memory: Path) -> None:
    for seed in range(first, first + CHUNK):
        out = io.StringIO()
        played = play_document(document, RUNBOOK.name, in_memory / f"{seed}.db", seed=seed, out=out)
        assert played.verification.sound, (seed, played.verification.findings)
        board = played.board
        assert {task.state for task in board.tasks} == {TaskState.DONE}, seed
        assert {task.state for task in board.backout_tasks} == {TaskState.NOT_STARTED}, seed
        assert board.run is not None
        assert board.run.closed_at is not None
        assert not any(task.out_of_sequence for task in board.tasks), seed
        assert {alert.state for alert in board.alerts} <= {AlertState.CLOSED}, seed
        assert all(control_standing(board, control).signed for control in board.controls), seed
        for task in board.tasks:
            gate = board.gate_of(task.id)
            assert gate is None or gate.verdict in (Verdict.GO, Verdict.CONDITIONAL), seed

        state: dict[str, str] = {}
        count = 0
        keys = {task.id: task.ref for task in board.tasks}
        with StateFile.open(played.path) as state_file:
            for entry in state_file.entries():
                count += 1
                assert entry.done_by == entry.actor, (seed, entry.seq)
                assert may_have_done(board, entry, state), (seed, entry.seq, entry.action, entry.actor)
                for change in entry.changes:
                    if change.table == "task" and change.key in keys and "state" in (change.after or {}):
                        assert change.after is not None
                        state[keys[change.key]] = str(change.after["state"])
        lines = out.getvalue().splitlines()
        assert len(lines) == count + 6, seed
        played.path.unlink()
