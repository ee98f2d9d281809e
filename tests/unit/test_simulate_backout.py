"""Simulated people back out: invoked at three different points, played to its end in time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from warroom.actions import backout, plan, runs
from warroom.board.board import CLOSED_STATES, Board
from warroom.board.forecast import forecast
from warroom.board.load import board_at, load_board
from warroom.clock.source import SteppedClock
from warroom.resources import folder
from warroom.runbook.reader import read_runbook
from warroom.simulate.demo import seeded_ids
from warroom.simulate.people import lead_of
from warroom.simulate.play import as_person, play_stepped
from warroom.store.statefile import StateFile
from warroom.store.verify import verify
from warroom.vocabulary.errors import Refused
from warroom.vocabulary.words import BackoutStage, RunKind

SAMPLES = folder("sample_runbooks")
SEED = 4


def rehearsal(path: Path, name: str) -> tuple[StateFile, SteppedClock, Board]:
    """A rehearsal of a sample that starts when the plan does."""
    runbook = read_runbook(SAMPLES / f"{name}.yaml")
    start = runbook.window.start + timedelta(seconds=runbook.plan_start_s)
    clock = SteppedClock(start.astimezone(UTC))
    ids = seeded_ids(SEED)
    plan.init(path, runbook, name=f"{name}.yaml", clock=clock, new_id=ids)
    state_file = StateFile.open(path, clock=clock, new_id=ids)
    lead = lead_of(load_board(state_file))
    runs.start(state_file, as_person(lead), kind=RunKind.REHEARSAL, name="r1")
    return state_file, clock, load_board(state_file)


def backed_out(path: Path, name: str, hours: float) -> tuple[Board, set[str]]:
    """The Board after a play that was backed out of that many hours after the window start, and what was undone."""
    state_file, clock, board = rehearsal(path, name)
    with state_file:
        at: datetime = board.plan.window_start + timedelta(hours=hours)
        before = play_stepped(state_file, clock, SEED, until=at)
        decide_by = forecast(before, at).decide_backout_by
        assert decide_by is not None
        assert forecast(before, at).now < decide_by
        authority = before.handle(before.backout_authority[0].person_id)
        assert authority is not None
        backout.invoke(state_file, as_person(authority), reason="it cannot be loaded")
        left = {task.ref for task in load_board(state_file).left_running}
        after = play_stepped(state_file, clock, SEED)
        assert verify(state_file).sound
        assert board_at(state_file, at - timedelta(minutes=1)).backout_stage is BackoutStage.DORMANT
        for task in after.tasks:
            began_after = task.actual_start is not None and task.actual_start > at
            assert not began_after, f"{task.ref} was held"
            assert task.ref not in left or task.state in CLOSED_STATES
        invocation = after.invocation
        assert invocation is not None
        woken = {task.ref for task in after.backout_tasks} - set(invocation.left_out)
        finish = max(task.actual_finish for task in after.backout_tasks if task.actual_finish is not None)
        assert finish <= invocation.restore_by
        return after, woken


@pytest.mark.parametrize("hours", [0.5, 1.5, 2])
def test_the_first_cutover_is_backed_out(tmp_path: Path, hours: float) -> None:
    board, woken = backed_out(tmp_path / "small.db", "first-cutover", hours)
    assert board.backout_stage is BackoutStage.CLOSED
    assert woken == {"DM-90"}


@pytest.mark.parametrize(("hours", "undone"), [(1, {"BC-91"}), (10, {"BC-90", "BC-91"}), (18, {"BC-90", "BC-91"})])
def test_the_real_size_cutover_is_backed_out(tmp_path: Path, hours: float, undone: set[str]) -> None:
    board, woken = backed_out(tmp_path / "large.db", "business-central", hours)
    assert board.backout_stage is BackoutStage.CLOSED
    assert woken == undone


def test_after_the_point_of_no_return_it_is_refused(tmp_path: Path) -> None:
    state_file, clock, board = rehearsal(tmp_path / "late.db", "first-cutover")
    with state_file:
        until = board.plan.window_start
        while not load_board(state_file).past_point_of_no_return:
            until += timedelta(minutes=5)
            play_stepped(state_file, clock, SEED, until=until)
        with pytest.raises(Refused, match="the point of no return has passed"):
            backout.invoke(state_file, as_person("helene"), reason="too late")
