"""How the forecast of the finish has moved: the same live and in a replay, each instant as it was known then."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.cutover import caller
from tests.tui.stage import WINDOW, Stage, night, staged
from warroom.board.finishes import AFTER, FINE, Finish, Finishes
from warroom.board.forecast import forecast
from warroom.board.load import board_at
from warroom.host.finishes import FinishesKept
from warroom.host.replay import replay
from warroom.host.shared import SharedHost
from warroom.store.statefile import StateFile
from warroom.vocabulary.words import RunKind


def walked(state_file: StateFile, *stops: datetime) -> tuple[Finish, ...]:
    finishes = Finishes(1)
    for stop in stops:
        finishes.take_in(state_file.entries(finishes.seq), stop)
    return finishes.found


def at(minutes: float) -> datetime:
    return WINDOW + timedelta(minutes=minutes)


def test_every_quarter_of_an_hour_says_what_was_known_then(tmp_path: Path) -> None:
    with staged(tmp_path / "state.db", played=night) as stage:
        found = walked(stage.state_file, at(206))
        assert [finish.at for finish in found] == [at(minutes) for minutes in range(0, 206, 15)]
        for finish in found:
            board = board_at(stage.state_file, finish.at)
            expected = forecast(board, finish.at)
            assert finish.finish == expected.instant(expected.finish)
        assert found[0].finish == at(165), "as it was planned"
        assert found[-1].finish > at(230), "later and later"


def test_it_makes_no_difference_in_how_many_steps_one_goes(tmp_path: Path) -> None:
    with staged(tmp_path / "state.db", played=night) as stage:
        whole = walked(stage.state_file, at(206))
        assert walked(stage.state_file, at(1), at(45), at(45), at(47), at(100.5), at(206)) == whole


async def test_hosts_and_a_replay_find_the_same(tmp_path: Path) -> None:
    with staged(tmp_path / "state.db", played=night) as stage:
        live = await stage.host().finishes()
        past = replay(stage.state_file, caller("jana"))
        assert await past.finishes() == live
        async with SharedHost(stage.state_file, watching=False) as shared:
            assert await shared.console(caller("jana")).finishes() == live
        past.seek(at(100))
        assert await past.finishes() == tuple(finish for finish in live if finish.at <= at(100))
        past.seek(at(206))
        assert await past.finishes() == live


async def test_there_is_nothing_to_say_before_a_run(stage_planned: Stage) -> None:
    assert await stage_planned.host().finishes() == ()


def test_the_journal_is_read_on_from_where_it_was_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with staged(tmp_path / "state.db", played=night) as stage:
        asked: list[int] = []
        entries = stage.state_file.entries

        def noted(after: int = 0) -> object:
            asked.append(after)
            return entries(after)

        monkeypatch.setattr(stage.state_file, "entries", noted)
        kept, board = FinishesKept(stage.state_file), stage.board()
        asked.clear()
        first = kept.until(board, at(206))
        assert kept.until(board, at(206)) == first
        assert kept.until(board, at(209)) == first, "no quarter has passed"
        assert len(asked) == 1
        assert len(kept.until(board, at(211))) == len(first) + 1
        assert asked[1] == stage.state_file.head().seq


def test_the_weeks_after_the_window_are_left_out(tmp_path: Path) -> None:
    with staged(tmp_path / "state.db") as stage:
        stage.start_run(RunKind.LIVE)
        end = stage.board().plan.window_end
        found = walked(stage.state_file, WINDOW + timedelta(days=9))
        assert found[0].at == WINDOW, "the run began ten minutes before it"
        assert found[-1].at == end + AFTER - FINE


@pytest.fixture
def stage_planned(tmp_path: Path) -> object:
    with staged(tmp_path / "state.db") as stage:
        yield stage
