"""A forecast that is carried on from Board to Board is the one that would be made from nothing."""

from __future__ import annotations

from datetime import UTC, timedelta
from pathlib import Path

import pytest

from tests.cutover import Cutover, minute
from tests.filled import fill_every_table
from warroom.actions import plan, runs
from warroom.board.board import Board
from warroom.board.forecast import RESTS_ON, Forecast, forecast
from warroom.board.history import History
from warroom.board.load import load_board
from warroom.board.rows import Row
from warroom.clock.source import SteppedClock
from warroom.resources import folder
from warroom.runbook.reader import read_runbook
from warroom.simulate.people import lead_of
from warroom.simulate.play import as_person, play_stepped
from warroom.store.statefile import StateFile
from warroom.vocabulary.words import RunKind, Via

SAMPLES = ("business-central.yaml", "first-cutover.yaml")


def figures_of(found: Forecast) -> tuple[object, ...]:
    """All in which two forecasts can differ."""
    schedules = [found.plan, found.expected]
    if found.backing_out is not None:
        schedules += [found.backing_out.plan, found.backing_out.expected]
    worst = found.worst_backout
    return (
        [(list(schedule.timings()), schedule.finish, schedule.out_of_sequence) for schedule in schedules],
        found.delays,
        found.decide_backout_by,
        found.backout_duration,
        None if worst is None else worst.done_if_decided(found.now),
    )


@pytest.mark.parametrize("sample", SAMPLES)
def test_after_each_entry_of_a_weekend(tmp_path: Path, sample: str) -> None:
    document = read_runbook(folder("sample_runbooks") / sample)
    start = document.window.start + timedelta(seconds=document.plan_start_s)
    clock = SteppedClock(start.astimezone(UTC))
    plan.init(tmp_path / "state.db", document, name=sample, via=Via.SIMULATOR, clock=clock)
    with StateFile.open(tmp_path / "state.db", clock=clock) as state_file:
        lead = as_person(lead_of(load_board(state_file)))
        runs.start(state_file, lead, kind=RunKind.REHEARSAL, name="mock", at=start)
        play_stepped(state_file, clock, 7, until=document.window.start + timedelta(hours=12))
        run_id = load_board(state_file).run_id
        history = History(state_file.entries(0), run_id, None)
    seqs = history.own_seqs
    assert len(seqs) > 50
    carried = history.board(seqs[0])
    for place, seq in enumerate(seqs):
        carried = history.board(seq, carried)
        now = history.instant_of(seq)
        found = forecast(carried, now)
        if place % 10 == 0:
            assert figures_of(found) == figures_of(forecast(_copy(history, seq, run_id), now)), history.entries[seq - 1]


def _copy(history: History, seq: int, run_id: int | None) -> Board:
    """The same Board with nothing kept from earlier ones."""
    return History(history.entries, run_id, None).board(seq)


def test_all_that_it_reads_is_named(cutover: Cutover, monkeypatch: pytest.MonkeyPatch) -> None:
    fill_every_table(cutover)
    read = set[type[Row]]()
    rows = Board.rows

    def noted(board: Board, row_class: type[Row]) -> object:
        read.add(row_class)
        return rows(board, row_class)

    monkeypatch.setattr(Board, "rows", noted)
    board = load_board(cutover.state_file)
    forecast(board, minute(50))
    assert {row.__name__ for row in read} <= {row.__name__ for row in RESTS_ON}


def test_one_that_is_held_is_not_made_again_until_something_changes_that_it_rests_on(cutover: Cutover) -> None:
    cutover.do("task.start", "A", by="omar")
    before = cutover.board()
    first = forecast(before, minute(1))
    cutover.do("task.note", "A", by="omar", text="goes well")
    noted = before.apply(cutover.state_file.entries(before.seq))
    assert forecast(noted, minute(1)) is first
    assert forecast(noted, minute(2)) is not first
    cutover.do("task.skip", "A", reason="by hand")
    done = noted.apply(cutover.state_file.entries(noted.seq))
    assert forecast(done, minute(1)) is not first
