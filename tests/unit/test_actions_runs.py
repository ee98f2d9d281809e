"""Runs: a copy of the plan with its own window, baseline and clock."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.cutover import MINUTE, START, Cutover, caller, created, document, gate, minute, opened, small_document, task
from tests.unit.test_actions_tasks import Rehearse
from warroom.actions import runs
from warroom.board.load import load_board
from warroom.clock.run_clock import LIFE
from warroom.model.row import BookRow
from warroom.store.codec import journalled_tables
from warroom.vocabulary.errors import BadInput, Refused
from warroom.vocabulary.journal import Entry
from warroom.vocabulary.words import GateStage, RunKind, Verdict, VoteChoice

COPIED = (
    *("calendar", "absence", "phase", "stream", "task", "link", "step", "gate", "seat", "criterion"),
    *("trigger_of_backout", "backout_authority", "recovery", "control"),
    *("entity", "environment", "rota_shift", "bridge", "call_sheet", "communication", "silence", "fact"),
    *("alert_setting", "escalation_step"),
)
KEYS = {"id", "version_id", "run_id", "task_id", "gate_id", "predecessor_id", "successor_id"}


def live(cutover: Cutover, by: str = "lena", **more: Any) -> Entry:
    return runs.start(cutover.state_file, caller(by), kind=RunKind.LIVE, **more)


def contents(cutover: Cutover, table: str, **where: int) -> list[dict[str, Any]]:
    """The rows of a plan version or of a run, with refs in place of keys."""
    found = journalled_tables()[table]
    with cutover.state_file.read() as reader:
        refs = {row.id: row.ref for row in reader.find(journalled_tables()["task"].row_class)}  # type: ignore[attr-defined]
        tasks_of_gates = {row.id: row.task_id for row in reader.find(journalled_tables()["gate"].row_class)}  # type: ignore[attr-defined]
        rows = []
        for row in reader.find(found.row_class, **where):
            values = dict(row.__dict__)
            refers = {key: refs[values[key]] for key in KEYS & values.keys() if key.endswith(("task_id", "sor_id"))}
            if "gate_id" in values:
                refers["gate_id"] = refs[tasks_of_gates[values["gate_id"]]]
            rows.append({key: value for key, value in values.items() if key not in KEYS} | refers)
    return rows


def without_baseline(rows: list[dict[str, Any]], *left_out: str) -> list[dict[str, Any]]:
    return [
        {key: value for key, value in row.items() if not key.startswith("baseline")}
        for row in rows
        if not {row.get("ref"), row.get("predecessor_id"), row.get("successor_id")} & set(left_out)
    ]


@pytest.mark.parametrize("kind", RunKind)
def test_a_run_copies_what_takes_part_in_it(kind: RunKind, planned: Cutover) -> None:
    if kind is RunKind.LIVE:
        live(planned)
    else:
        planned.rehearse()
    left_out = "TRY" if kind is RunKind.LIVE else "REAL"
    assert {table for table, codec in journalled_tables().items() if issubclass(codec.row_class, BookRow)} == set(
        COPIED
    )
    for table in COPIED:
        plan = without_baseline(contents(planned, table, version_id=1), left_out)
        assert without_baseline(contents(planned, table, run_id=1)) == plan
        assert plan, f"the small document has something in {table}"
    assert [row["ref"] for row in contents(planned, "task", version_id=1)] == [
        *("A", "B", "C", "TRY", "REAL", "END", "AFTER", "GO", "U1", "U2")
    ]


def test_live_changes_touch_the_copy_only(cutover: Cutover) -> None:
    plan = {table: contents(cutover, table, version_id=1) for table in COPIED}
    cutover.finish("A")
    assert {table: contents(cutover, table, version_id=1) for table in COPIED} == plan


def test_the_baseline_is_the_plan(cutover: Cutover) -> None:
    expected = {
        "A": (0, 30),
        "B": (30, 90),
        "C": (40, 60),
        "TRY": (30, 45),
        "GO": (90, 105),
        "END": (105, 135),
        "AFTER": (135, 145),
    }
    board = cutover.board()
    assert {row.ref: (row.baseline_start_s, row.baseline_finish_s) for row in board.tasks} == {
        ref: (start * MINUTE, finish * MINUTE) for ref, (start, finish) in expected.items()
    }
    assert {(row.baseline_start_s, row.baseline_finish_s) for row in board.backout_tasks} == {(None, None)}


def test_a_rehearsal_moves_the_plan_to_where_it_starts(tmp_path: Path) -> None:
    """The network starts with the minute in which the run does, and the window keeps its distance."""
    runbook = replace(small_document(), plan_start_s=-90 * MINUTE)
    with opened(created(tmp_path / "s.db", runbook)) as cutover:
        cutover.clock.move_to(minute(500) + timedelta(seconds=42))
        cutover.rehearse(tier=3)
        run = cutover.board().run
        assert run is not None
        assert (run.kind_of_run, run.name, run.tier) == (RunKind.REHEARSAL, "mock 1", 3)
        assert run.started_at == minute(500) + timedelta(seconds=42)
        assert run.window_start == minute(590)
        assert (run.window_end, run.restore_by) == (minute(590 + 240), minute(590 + 240))
        assert (run.plan_start_s, run.buffer_s) == (-90 * MINUTE, 15 * MINUTE)
        assert (run.ends_with, run.point_of_no_return) == ("END", "END")
        assert cutover.task("A").baseline_start_s == -90 * MINUTE


def test_a_rehearsal_may_begin_at_another_time_and_go_faster(planned: Cutover) -> None:
    entry = planned.rehearse(at=minute(-600), rate=60 * LIFE)
    assert (entry.run_time, entry.effective_at, entry.recorded_at) == (minute(-600), minute(-600), START)
    assert (entry.action, entry.subject, entry.run) == ("run.start", "run mock 1", 1)
    planned.to(2)
    board = planned.board()
    assert board.run_time(planned.clock.now()) == minute(-600 + 120)
    assert planned.do("task.note", "A", text="x").run_time == minute(-600 + 120)


def test_the_live_run_keeps_the_plans_window_and_the_wall_clock(planned: Cutover) -> None:
    planned.to(33)
    live(planned)
    board = planned.board()
    run = board.run
    assert run is not None
    assert (run.name, run.window_start, run.window_end) == ("live", START, minute(240))
    planned.to(99)
    assert board.run_time(planned.clock.now()) == minute(99)


@pytest.mark.parametrize("more", [{"rate": 2 * LIFE}, {"at": START}, {"tier": 2}])
def test_the_live_run_has_no_time_of_its_own(more: dict[str, Any], planned: Cutover) -> None:
    with pytest.raises(BadInput, match="goes by the wall clock"):
        live(planned, **more)


@pytest.mark.parametrize("name", [None, "", " ", "live", "two\nlines", "x" * 61, "bell\x07"])
def test_a_rehearsal_needs_a_name(name: str | None, planned: Cutover) -> None:
    with pytest.raises(BadInput):
        planned.rehearse(name)  # type: ignore[arg-type]


def test_one_run_is_open_at_a_time(cutover: Cutover) -> None:
    with pytest.raises(Refused, match="the run 'mock 1' is still open"):
        live(cutover)
    cutover.to(10)
    cutover.do("run.close", reason="enough")
    run = cutover.board().run
    assert run is not None
    assert (run.closed_at, run.closing_note) == (minute(10), "enough")
    with pytest.raises(BadInput, match="there was a run called 'mock 1' already"):
        cutover.rehearse()
    live(cutover)
    cutover.do("run.close")
    with pytest.raises(Refused, match="no run is open"):
        cutover.do("run.close")


def test_a_closed_run_stands_still_and_can_be_read_by_name(cutover: Cutover) -> None:
    cutover.finish("A")
    cutover.to(10)
    cutover.do("run.close")
    cutover.to(50)
    assert cutover.board().run_time(cutover.clock.now()) == minute(10)
    cutover.rehearse("mock 2")
    first, second = load_board(cutover.state_file, "mock 1"), cutover.board()
    assert [(board.run.name if board.run else None) for board in (first, second)] == ["mock 1", "mock 2"]
    assert [board.task("A").state.value for board in (first, second)] == ["done", "not_started"]  # type: ignore[union-attr]
    with pytest.raises(BadInput, match="there is no run called 'mock 3'") as caught:
        load_board(cutover.state_file, "mock 3")
    assert caught.value.hint == "the runs are: mock 1, mock 2"


@pytest.mark.parametrize("by", ["omar", "gil"])
def test_only_the_lead_leads(by: str, cutover: Cutover) -> None:
    for act in ("run.hold", "run.resume", "run.close"):
        with pytest.raises(Refused, match="only the lead"):
            cutover.do(act, by=by)
    cutover.do("run.close")
    with pytest.raises(Refused, match="only the lead"):
        live(cutover, by)


def test_hold_resume_and_speed_are_segments_of_the_clock(planned: Cutover) -> None:
    planned.rehearse(rate=10 * LIFE)

    def run_minute() -> float:
        board = planned.board()
        return (board.run_time(planned.clock.now()) - START) / timedelta(minutes=1)

    planned.to(1)
    assert run_minute() == 10
    assert planned.do("run.hold").action == "run.hold"
    planned.to(5)
    assert run_minute() == 10
    with pytest.raises(Refused, match="goes like that already"):
        planned.do("run.hold")
    assert planned.do("task.note", "A", text="held").run_time == minute(10)
    planned.do("run.resume")
    planned.to(6)
    assert run_minute() == 20
    runs.set_rate(planned.state_file, caller("lena"), 30 * LIFE)
    planned.to(7)
    assert run_minute() == 50
    with pytest.raises(Refused, match="goes like that already"):
        planned.do("run.resume")
    assert [entry.subject for entry in planned.entries()[2:]] == ["run mock 1", "A", "run mock 1", "run mock 1"]


def test_the_live_run_is_neither_held_nor_sped_up(planned: Cutover) -> None:
    with pytest.raises(Refused, match="no run is open"):
        planned.do("run.hold")
    with pytest.raises(Refused, match="no run is open"):
        planned.do("run.resume")
    live(planned)
    with pytest.raises(Refused, match="the live run goes by the wall clock") as caught:
        planned.do("run.hold")
    assert caught.value.hint == "only a rehearsal can be held or sped up"


@pytest.mark.parametrize("rate", [-1, 0, 2**63])
def test_a_clock_that_cannot_be_is_refused(rate: int, planned: Cutover) -> None:
    with pytest.raises(BadInput, match="speed"):
        planned.rehearse(rate=rate)
    planned.rehearse()
    if rate:
        with pytest.raises(BadInput, match="speed"):
            runs.set_rate(planned.state_file, caller("lena"), rate)
    assert planned.board().clock is not None


def test_a_run_ends_by_its_exit_gate_or_for_a_reason(rehearse: Rehearse) -> None:
    runbook = document(task("A", 10), gates=(gate("OUT", "A", seats=("lena",), quorum=1, stage=GateStage.EXIT),))
    cutover = rehearse(runbook)
    for reason in (None, " "):
        with pytest.raises(Refused, match="the exit of the cutover, OUT, has not been decided") as caught:
            cutover.do("run.close", reason=reason)
        assert (caught.value.where, "gate decide OUT go" in (caught.value.hint or "")) == ("OUT", True)
    cutover.finish("A")
    cutover.do("gate.vote", "OUT", choice=VoteChoice.GO)
    cutover.do("gate.decide", "OUT", verdict=Verdict.NO_GO, reason="one list is open")
    with pytest.raises(Refused, match="has not been decided"):
        cutover.do("run.close")
    cutover.do("gate.decide", "OUT", verdict=Verdict.GO, reason="it is closed")
    cutover.do("run.close")
    cutover.rehearse("mock 2")
    assert cutover.do("run.close", reason="only tried").reason == "only tried"
