"""Density, and a wall on which nothing burns in."""

from __future__ import annotations

import pytest
from textual.pilot import Pilot

from tests.tui.looking import LARGE, MIDDLE, SMALL, SnapCompare, settled, shown
from tests.tui.stage import Stage
from warroom.tui.app import ConsoleApp
from warroom.tui.screens.wall import SWAP_BEATS
from warroom.tui.timeline.widget import Timeline
from warroom.tui.widgets.listing import Listing
from warroom.tui.widgets.painted import Lines

WHOLE_WALL = (240, 70)


@pytest.mark.parametrize("size", [SMALL, MIDDLE], ids=["80x24", "120x40"])
def test_a_compact_war_room(snap_compare: SnapCompare, at_evening: Stage, size: tuple[int, int]) -> None:
    assert snap_compare(at_evening.app(compact=True), terminal_size=size)


def test_the_widest_wall(snap_compare: SnapCompare, at_evening: Stage) -> None:
    assert snap_compare(at_evening.app(wall=True), terminal_size=WHOLE_WALL)


async def laid_out(pilot: Pilot[None], timeline: Timeline, height: int) -> None:
    """Wait for a timeline of that height: a style that changes is laid out in one of the next frames."""
    for _ in range(100):
        if timeline.size.height == height:
            break
        await pilot.pause()


async def test_compact_has_more_lines_for_the_plan_and_goes_away_again(at_evening: Stage) -> None:
    app = at_evening.app()
    async with app.run_test(size=MIDDLE) as pilot:
        await pilot.pause()
        timeline = app.screen.query_one(Timeline)
        before, airy = timeline.size, shown(app)
        for _ in range(2):
            before_it = app.compact
            await settled(pilot, "ctrl+p", *"denser", "enter")
            assert app.compact is not before_it
            await laid_out(pilot, timeline, before.height + 4 * app.compact)
            if app.compact:
                assert timeline.size.height == before.height + 4, "the frame's two lines, and those of the trend"
                assert timeline.size.width >= before.width
        await pilot.pause()
        assert timeline.size == before
        assert shown(app) == airy


async def test_compact_lists_have_no_blank_lines(at_evening: Stage) -> None:
    def blank(app: ConsoleApp) -> int:
        facts = app.screen.query_one("#consequences", Listing)
        lines = ["".join(text for text, _ in facts.line_spans(line)) for line in range(facts.line_count)]
        return sum(not line.strip() for line in lines)

    for compact in (False, True):
        app = at_evening.app(compact=compact)
        async with app.run_test(size=LARGE) as pilot:
            await settled(pilot, "w", "plus")
            assert (blank(app) == 0) is compact
            assert "DM-07" in shown(app)


async def test_countdowns_are_small_on_a_compact_wall(at_evening: Stage) -> None:
    app = at_evening.app(wall=True, compact=True)
    async with app.run_test(size=LARGE) as pilot:
        await pilot.pause()
        assert app.screen.query_one("#countdowns", Lines).size.height == 2
        assert "in 0:58:00" in shown(app)


@pytest.mark.parametrize("size", [SMALL, MIDDLE, WHOLE_WALL], ids=["80x24", "120x40", "240x70"])
async def test_parts_of_the_wall_change_places_so_that_nothing_burns_in(
    at_evening: Stage, size: tuple[int, int]
) -> None:
    app = at_evening.app(wall=True)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        first = shown(app)
        ends = set()
        pictures = {first}
        for turn in range(1, 5):
            app._beats = turn * SWAP_BEATS - 1
            app.beat()
            await pilot.pause()
            picture = shown(app)
            pictures.add(picture)
            ends.add(picture.index("● LIVE") > picture.index("data as of"))
            for wanted in ("● LIVE", "+35m inside the window", "DM-12", "Who must act", "data as of 19:32:00"):
                assert wanted in picture
        assert len(pictures) == 4
        assert ends == {True, False}, "the header is at the foot for half of the time"
        assert shown(app) == first


@pytest.mark.parametrize("title", [f"Not now: {'x' * length}" for length in range(20, 32)])
@pytest.mark.parametrize("screen", ["war-room", "owner"])
async def test_what_is_said_is_whole_and_hides_neither_keys_nor_the_line_above(
    at_evening: Stage, screen: str, title: str
) -> None:
    app = at_evening.app("rahul", screen=screen)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await settled(pilot)
        below = shown(app).splitlines()[-2:]
        app.notify("there is nothing to open here", title=title, markup=False)
        await settled(pilot)
        lines = shown(app).splitlines()
        assert lines[-2:] == below
        assert "there is nothing to open here" in lines[-3]
