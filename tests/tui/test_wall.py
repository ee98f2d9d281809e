"""The wall: two countdowns, the timeline following now, who must act, owners page by page; nothing can be changed."""

from __future__ import annotations

import pytest

from tests.tui.looking import LARGE, MIDDLE, SIZES, SMALL, SnapCompare, caught_up, host_of, settled, shown, toasts
from tests.tui.stage import Stage
from warroom.tui.owners.pane_grid import PaneGrid
from warroom.tui.screens.wall import PAGE_BEATS, WallScreen
from warroom.tui.timeline.widget import Timeline
from warroom.tui.widgets.painted import Lines
from warroom.tui.widgets.pane import Pane
from warroom.vocabulary.errors import Refused
from warroom.vocabulary.words import Verdict, VoteChoice


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_the_wall_in_the_evening(snap_compare: SnapCompare, at_evening: Stage, size: tuple[int, int]) -> None:
    assert snap_compare(at_evening.app(wall=True), terminal_size=size)


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
async def test_it_answers_the_first_questions(at_evening: Stage, size: tuple[int, int]) -> None:
    app = at_evening.app(wall=True)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        screen = shown(app)
        for wanted in (
            "● LIVE",
            "+35m inside the window",
            "DM-12 due 20:30",
            "last safe back-out 21:30",
            "Who must act",
            "Owners · page 1",
            "data as of 19:32:00",
        ):
            assert wanted in screen


async def test_no_key_changes_anything_or_leads_away(at_evening: Stage) -> None:
    app = at_evening.app(wall=True)
    async with app.run_test(size=MIDDLE) as pilot:
        await pilot.pause()
        await settled(pilot, *"sdbeunxgaoJD", "space", "enter", "escape")
        assert isinstance(app.screen, WallScreen)
        assert host_of(app).calls == []
        assert not any(pane.show_cursor for pane in app.screen.query(Pane))


async def test_the_countdowns_go_on_and_turn_to_the_next_gate(at_night: Stage) -> None:
    app = at_night.app(wall=True)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        lines = app.screen.query_one("#countdowns", Lines)
        assert "DM-12 was due 20:30  0:56:00 ago" in lines.render_line(0).text
        at_night.to(206 + 1 / 60)
        app.beat()
        assert "0:56:01 ago" in lines.render_line(0).text
        assert "in 0:03:59" in lines.render_line(1).text
        at_night.do("gate.vote", "DM-12", by="helene", choice=VoteChoice.GO)
        at_night.do("gate.decide", "DM-12", by="helene", verdict=Verdict.GO, reason="signed")
        await caught_up(app, pilot)
        assert "DM-14" in lines.render_line(0).text


async def test_big_digits_where_there_is_room(at_evening: Stage) -> None:
    app = at_evening.app(wall=True)
    async with app.run_test(size=LARGE) as pilot:
        await pilot.pause()
        lines = app.screen.query_one("#countdowns", Lines)
        assert lines.size.height == 4
        assert "█▀█" in lines.render_line(1).text
        await pilot.resize_terminal(*SMALL)
        await pilot.pause()
        assert lines.size.height == 2
        assert "in 0:58:00" in lines.render_line(0).text


async def test_pages_of_owners_turn_with_the_heartbeat(at_evening: Stage) -> None:
    app = at_evening.app(wall=True)
    async with app.run_test(size=MIDDLE) as pilot:
        await pilot.pause()
        grid = app.screen.query_one(PaneGrid)
        pages = []
        for _ in range(grid.pages + 1):
            pages.append(grid.page)
            assert f"page {grid.page + 1} of {grid.pages}" in str(grid.border_title)
            for _ in range(PAGE_BEATS):
                app.beat()
        assert pages == [*range(grid.pages), 0]
        assert [timer.name for timer in app._timers] == ["heartbeat"]


async def test_stale_data_is_loud(at_evening: Stage) -> None:
    app = at_evening.app(wall=True)
    async with app.run_test(size=MIDDLE) as pilot:
        await pilot.pause()
        line = app.screen.query_one("#data-as-of", Lines)
        assert "last entry 19:24, 8m ago" in line.render_line(0).text
        host_of(app)._fail(Refused("the state file is gone"))
        await pilot.pause()
        at_evening.to(94)
        app.beat()
        assert "▲ STALE: data as of 19:32:00, 2m ago: the state file is gone" in line.render_line(0).text
        host_of(app)._fail(None)
        await pilot.pause()
        app.beat()
        assert "data as of 19:34:00" in line.render_line(0).text
        assert "STALE" not in line.render_line(0).text


async def test_done_groups_are_folded_and_what_must_act_is_in_view(at_night: Stage) -> None:
    app = at_night.app(wall=True)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        timeline = app.screen.query_one(Timeline)
        assert timeline.index_of("DM-01") is None, "the freeze is done"
        assert timeline.following
        assert "DM-12 Data sign-off" in shown(app)
        assert toasts(app) == []
