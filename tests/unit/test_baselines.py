"""What a run's plan was whenever it was frozen: at its start, and at each re-baseline."""

from __future__ import annotations

import pytest

from tests.cutover import MINUTE, Cutover, minute, task
from warroom.board.rows import Baseline, BaselineTime
from warroom.store.verify import verify
from warroom.vocabulary.errors import BadInput, Refused


def frozen(cutover: Cutover, number: int) -> dict[str, tuple[int, int]]:
    """The times of one baseline in minutes, by ref."""
    board = cutover.board()
    (baseline,) = (row for row in board.rows(Baseline).values() if row.number == number)
    return {
        time.ref: (time.start_s // MINUTE, time.finish_s // MINUTE)
        for time in board.rows(BaselineTime).values()
        if time.baseline_id == baseline.id
    }


def current(cutover: Cutover) -> dict[str, tuple[int, int] | None]:
    """The baseline times that the tasks have now, in minutes."""
    return {
        row.ref: None
        if row.baseline_start_s is None or row.baseline_finish_s is None
        else (row.baseline_start_s // MINUTE, row.baseline_finish_s // MINUTE)
        for row in cutover.board().tasks
    }


def test_the_start_of_a_run_freezes_its_first_baseline(cutover: Cutover) -> None:
    run = cutover.board().run
    assert run is not None
    assert run.baseline == 1
    assert frozen(cutover, 1) == current(cutover)
    (first,) = cutover.board().rows(Baseline).values()
    assert (first.number, first.at, first.reason) == (1, minute(0), None)


def test_a_rebaseline_freezes_the_plan_as_it_stands_and_keeps_what_was(cutover: Cutover) -> None:
    before = frozen(cutover, 1)
    cutover.finish("A")
    cutover.to(10)
    cutover.do("task.retime", "B", times={"duration_s": 90 * MINUTE}, reason="twice the volume")
    cutover.do("task.add", "X", task=task("X", 10, "B"), before=["GO"], reason="forgotten")
    assert current(cutover) == {**before, "X": None}
    cutover.do("run.rebaseline", reason="agreed with the sponsor")
    after = current(cutover)
    assert frozen(cutover, 1) == before
    assert frozen(cutover, 2) == after
    assert (after["A"], after["B"], after["X"]) == (before["A"], (30, 120), (120, 130))
    assert after["GO"] == (130, 145)
    run = cutover.board().run
    assert run is not None
    assert run.baseline == 2
    second = list(cutover.board().rows(Baseline).values())[1]
    assert (second.number, second.at, second.reason) == (2, minute(10), "agreed with the sponsor")
    assert verify(cutover.state_file).sound


def test_what_is_done_keeps_its_baseline_and_what_runs_gets_the_plans(cutover: Cutover) -> None:
    before = current(cutover)
    cutover.do("task.start", "A")
    cutover.do("task.skip", "TRY", reason="not today")
    cutover.to(60)
    cutover.do("task.retime", "C", times={"not_before_s": 70 * MINUTE}, reason="r")
    cutover.do("run.rebaseline", reason="r")
    after = current(cutover)
    assert (after["A"], after["TRY"]) == (before["A"], before["TRY"])
    assert after["C"] == (70, 90)


def test_the_baseline_follows_the_plan_and_not_the_forecast(cutover: Cutover) -> None:
    before = current(cutover)
    cutover.to(45)
    cutover.do("run.rebaseline", reason="nothing was planned otherwise")
    assert current(cutover) == before


def test_only_the_lead_freezes_the_plan_with_a_reason_in_a_run(cutover: Cutover) -> None:
    head = cutover.head()
    with pytest.raises(Refused, match="only the lead"):
        cutover.do("run.rebaseline", by="omar", reason="r")
    with pytest.raises(BadInput, match="reason"):
        cutover.do("run.rebaseline", reason=" ")
    assert cutover.head() == head
    cutover.do("run.close")
    with pytest.raises(Refused, match="no run is open"):
        cutover.do("run.rebaseline", reason="r")


def test_a_removed_task_stays_in_the_baselines_that_had_it(cutover: Cutover) -> None:
    cutover.do("task.remove", "TRY", reason="r")
    cutover.do("run.rebaseline", reason="r")
    assert "TRY" in frozen(cutover, 1)
    assert "TRY" not in frozen(cutover, 2)
