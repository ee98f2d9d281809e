"""How sure the forecast is: the figure in the header, the screen behind it, and when both are reckoned anew."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, Protocol

import pytest
from textual.pilot import Pilot

from tests.cutover import numbered_ids
from tests.tui.looking import MIDDLE, SIZES, caught_up, host_of, settled, shown, still
from tests.tui.replaying import replaying
from tests.tui.stage import WINDOW, Stage, evening
from warroom.actions import plan
from warroom.board.rehearsed import Sample
from warroom.clock.durations import parse_duration
from warroom.clock.source import SteppedClock
from warroom.host.shared import SharedHost
from warroom.resources import folder
from warroom.runbook.reader import read_text
from warroom.store.statefile import StateFile
from warroom.tui.app import ConsoleApp
from warroom.tui.reckoning.odds import FIRST_TRIALS, TRIALS
from warroom.tui.screens.plots import PlotsScreen
from warroom.tui.screens.task import TaskScreen
from warroom.tui.widgets.listing import Listing
from warroom.vocabulary.words import RunKind


class SnapCompare(Protocol):
    def __call__(self, app: Any, *, terminal_size: tuple[int, int], run_before: Any) -> bool: ...


def three_points(written: re.Match[str]) -> str:
    """A duration of the first cutover as one that is at least 4/5, and at most 17/10 of it."""
    likely = parse_duration(written[1])
    return f"duration: {{low: {likely * 4 // 5}s, likely: {likely}s, high: {likely * 17 // 10}s}}"


@pytest.fixture
def unsure(tmp_path: Path) -> Iterator[Stage]:
    """The first cutover with durations that vary; no run is started."""
    text = (folder("sample_runbooks") / "first-cutover.yaml").read_text()
    document = read_text(re.sub(r"duration: \{likely: (\w+), placeholder: true\}", three_points, text), "unsure.yaml")
    clock = SteppedClock(WINDOW - timedelta(minutes=10))
    path = tmp_path / "unsure.db"
    plan.init(path, document, name="unsure.yaml", handle="jana", clock=clock, new_id=numbered_ids())
    with StateFile.open(path, clock=clock, new_id=numbered_ids(1_000)) as state_file:
        yield Stage(state_file, clock)


async def reckoned(app: ConsoleApp, pilot: Pilot[None]) -> None:
    """Let the console reckon what it shows, to the last trial."""
    app.odds._not_before = 0.0
    app.beat()
    await app.workers.wait_for_complete()
    await pilot.pause()


def inside(app: ConsoleApp) -> float:
    known = app.odds.known
    assert known is not None
    assert known.confidence.inside is not None
    return known.confidence.inside


async def open_it(pilot: Pilot[None]) -> None:
    await settled(pilot, "c")
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_the_screen(snap_compare: SnapCompare, unsure: Stage, size: tuple[int, int]) -> None:
    evening(unsure)
    assert snap_compare(unsure.app(), terminal_size=size, run_before=open_it)


@pytest.mark.parametrize("theme", ["daylight", "mono"])
def test_in_other_themes(snap_compare: SnapCompare, unsure: Stage, theme: str) -> None:
    evening(unsure)
    assert snap_compare(unsure.app(theme=theme), terminal_size=MIDDLE, run_before=open_it)


async def test_the_header_tells_the_odds(unsure: Stage) -> None:
    evening(unsure)
    app = unsure.app()
    async with app.run_test(size=MIDDLE) as pilot:
        still(app)
        await reckoned(app, pilot)
        assert app.odds.known is not None
        assert app.odds.known.confidence.trials == TRIALS
        assert f"confidence {round(inside(app) * 100)} %" in shown(app)


async def test_the_screen_tells_figures_and_drivers(unsure: Stage) -> None:
    evening(unsure)
    app = unsure.app()
    async with app.run_test(size=MIDDLE) as pilot:
        await open_it(pilot)
        screen = shown(app)
        for wanted in (
            "10,000 of 10,000 trials",
            "inside the window",
            "a back-out still fits",
            "P95",
            "8 three-point",
            "What drives the finish",
            "How often it finishes then ┃ the window ends Fri 27 Nov 22:00",
            "How sure it is finished by then",
        ):
            assert wanted in screen
        listing = app.screen.query_one("#drivers", Listing)
        assert listing.selected == "DM-11", "the strongest driver"
        await settled(pilot, "enter")
        assert isinstance(app.screen, TaskScreen)


async def test_it_is_reckoned_anew_when_the_journal_moves_and_not_before(unsure: Stage) -> None:
    evening(unsure)
    app = unsure.app()
    async with app.run_test(size=MIDDLE) as pilot:
        still(app)
        await reckoned(app, pilot)
        before, was = app.odds.known, inside(app)
        await reckoned(app, pilot)
        assert app.odds.known is before, "nothing has moved"
        unsure.do("task.eta", "DM-07", by="rahul", eta=WINDOW + timedelta(minutes=150), reason="again")
        await caught_up(app, pilot)
        assert app.odds.known is before, "a key or an entry reckons nothing by itself"
        await reckoned(app, pilot)
        assert inside(app) < was


async def test_once_a_heartbeat_at_most_and_no_longer_than_a_tenth_of_the_time(unsure: Stage) -> None:
    evening(unsure)
    app = unsure.app()
    async with app.run_test(size=MIDDLE) as pilot:
        still(app)
        await reckoned(app, pilot)
        before = app.odds.known
        unsure.to(93)
        app.odds._not_before = float("inf")  # as if the last figure had taken long
        app.beat()
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert app.odds.known is before


async def test_what_is_no_longer_shown_is_not_refined(unsure: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """While the first thousand are under way something happens: they are shown, and no more of that picture follow."""
    evening(unsure)
    app = unsure.app()
    async with app.run_test(size=MIDDLE) as pilot:
        still(app)
        asked: list[int] = []
        show_odds = app.show_odds

        def moved() -> None:
            if not asked:
                unsure.do("task.note", "DM-07", text="meanwhile")
                host_of(app).catch_up()
                app.refresh_picture()
            asked.append(1)
            show_odds()

        monkeypatch.setattr(app, "show_odds", moved)
        await reckoned(app, pilot)
        assert app.odds.known is not None
        assert app.odds.known.confidence.trials == FIRST_TRIALS
        await reckoned(app, pilot)
        assert app.odds.known.confidence.trials == TRIALS


async def test_nothing_to_reckon_is_said(at_evening: Stage) -> None:
    app = at_evening.app()
    async with app.run_test(size=MIDDLE) as pilot:
        await open_it(pilot)
        assert "no duration varies" in shown(app)
        await settled(pilot, "c")
        assert isinstance(app.screen, PlotsScreen), "the key goes on to the next plots"
        await settled(pilot, "escape")
        await reckoned(app, pilot)
        assert "confidence" not in shown(app)


async def test_the_odds_of_a_plan_are_those_of_its_window(unsure: Stage) -> None:
    app = unsure.app()
    async with app.run_test(size=MIDDLE) as pilot:
        await open_it(pilot)
        assert inside(app) == 1.0, "an hour and a quarter in hand"


async def test_a_replay_has_the_odds_of_its_instant(unsure: Stage) -> None:
    evening(unsure)
    app = replaying(unsure)
    async with app.run_test(size=MIDDLE) as pilot:
        still(app)
        await reckoned(app, pilot)
        last = inside(app)
        await settled(pilot, "home")
        await reckoned(app, pilot)
        assert inside(app) >= last
        assert app.odds.known is not None
        assert app.odds.known.picture.board.seq < unsure.board().seq


async def test_hosts_know_what_rehearsals_took(unsure: Stage) -> None:
    """DM-01 took 5 minutes in the only rehearsal; the live run, its replay and a shared host know that."""
    unsure.start_run(RunKind.REHEARSAL, "mock 1", tier=3)
    unsure.do("task.start", "DM-01")
    unsure.to(-5)
    unsure.finish("DM-01")
    assert await unsure.host().rehearsed() == {}, "none came before this one"
    unsure.do("run.close")
    unsure.start_run(RunKind.LIVE)
    known = {"DM-01": (Sample("mock 1", 3, 300),)}
    host = unsure.host()
    assert await host.rehearsed() == known
    assert await (await host.look_back()).rehearsed() == known
    async with SharedHost(unsure.state_file, watching=False) as shared:
        assert await shared.console(host._caller).rehearsed() == known
