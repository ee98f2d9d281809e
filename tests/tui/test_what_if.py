"""What if this task slips? One key, digits and signs; ghosts, what breaks, whom to call; and no trace of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cutover import START as _START
from tests.cutover import document, opened, task
from tests.tui.looking import MIDDLE, SIZES, SMALL, SnapCompare, caught_up, host_of, select, settled, shown, toasts
from tests.tui.replaying import replaying
from tests.tui.stage import Stage, StageHost
from warroom.actions import plan
from warroom.clock.source import SteppedClock
from warroom.tui.app import ConsoleApp
from warroom.tui.picture.picture import BIG_BOARD
from warroom.tui.screens.whatif import WhatIfScreen
from warroom.tui.timeline.widget import Timeline
from warroom.tui.widgets.listing import Listing


def row(app: ConsoleApp, ref: str) -> str:
    """The line of a task on the timeline."""
    timeline = app.screen.query_one(Timeline)
    index = timeline.index_of(ref)
    assert index is not None
    return timeline.line_strip(index, timeline.width, under_cursor=False).text


def panel(app: ConsoleApp) -> str:
    listing = app.screen.query_one("#consequences", Listing)
    return "\n".join("".join(text for text, _ in listing.line_spans(line)) for line in range(listing.line_count))


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_half_an_hour_on_the_late_load(snap_compare: SnapCompare, at_evening: Stage, size: tuple[int, int]) -> None:
    assert snap_compare(at_evening.app(), terminal_size=size, press=["w"])


@pytest.mark.parametrize("theme", ["daylight", "mono"])
def test_in_other_themes(snap_compare: SnapCompare, at_evening: Stage, theme: str) -> None:
    assert snap_compare(at_evening.app(theme=theme), terminal_size=MIDDLE, press=["w", "1", "h", "3", "0"])


async def test_one_key_answers(at_evening: Stage) -> None:
    """DM-07 is expected at 19:45. Half an hour more moves all that follows, and DM-15 comes after the last back-out."""
    app = at_evening.app()
    async with app.run_test(size=MIDDLE) as pilot:
        await settled(pilot, "w")
        assert isinstance(app.screen, WhatIfScreen)
        assert app.screen.ref == "DM-07"
        said = panel(app)
        for wanted in (
            "21:25 → 21:55  +30m",
            "✓ +5m inside  instead of +35m",
            "by 21:30  stays",
            "Breaks  1",
            "back-out DM-15 Open users and web shop",
            "15m late: a back-out must be",
            "Rahul Deshmukh  +44 20 7946 0178 ext 1",
            "DM-07 +30m, DM-08 +30m",
        ):
            assert wanted in said
        assert "═+30m" in row(app, "DM-07")
        assert "═══" in row(app, "DM-11")
        assert "◈" in row(app, "DM-12"), "a gate has a ghost as well"
        assert "═" not in row(app, "DM-06"), "what does not move has none"


async def test_digits_and_signs_change_it(at_evening: Stage) -> None:
    app = at_evening.app()
    async with app.run_test(size=MIDDLE) as pilot:
        await settled(pilot, "w", "1", "h", "3", "0")
        assert "slips by +1h30" in shown(app)
        assert "▲ -55m BEYOND" in panel(app)
        assert "window DM-15" in panel(app)
        await settled(pilot, "minus")
        assert "slips by +1h15" in shown(app)
        assert "═+1h15" in row(app, "DM-07")
        await settled(pilot, "5")
        assert "✓ Nothing breaks" in panel(app)
        await settled(pilot, "backspace")
        assert "Whom to call" not in panel(app), "nothing slips, so that nobody is called"
        await settled(pilot, "minus")
        assert "takes less: -15m" in shown(app)


async def test_it_leaves_no_trace(at_evening: Stage) -> None:
    app = at_evening.app()
    async with app.run_test(size=MIDDLE) as pilot:
        await settled(pilot)
        head, widgets = at_evening.state_file.head(), list(app.query("*"))
        before, cursor = shown(app), app.screen.query_one(Timeline).cursor
        await settled(pilot, "w", "4", "5", "plus", "d", "s", "space", "escape")
        assert shown(app) == before
        assert app.screen.query_one(Timeline).cursor == cursor
        assert list(app.query("*")) == widgets
        assert len(app.screen_stack) == 1
        assert host_of(app).calls == []
        assert at_evening.state_file.head() == head


async def test_nothing_can_be_written_meanwhile(at_evening: Stage) -> None:
    app = at_evening.app("rahul")
    async with app.run_test(size=MIDDLE) as pilot:
        select(app, "DM-07")
        await settled(pilot, "w", "b")
        assert toasts(app) == ["a what-if changes nothing; esc goes back"]
        assert isinstance(app.screen, WhatIfScreen)


@pytest.mark.parametrize("screen", ["owner", "gate", "alerts"])
async def test_from_other_screens(at_evening: Stage, screen: str) -> None:
    app = at_evening.app("rahul", screen=screen)
    async with app.run_test(size=SMALL) as pilot:
        await settled(pilot, "w")
        assert isinstance(app.screen, WhatIfScreen), toasts(app)
        assert "Whom to call" in panel(app)
        await settled(pilot, "escape")
        assert screen == app.screen.SCREEN_NAME


async def test_from_the_task_screen_and_about_another_task(at_evening: Stage) -> None:
    app = at_evening.app()
    async with app.run_test(size=MIDDLE) as pilot:
        await settled(pilot, "enter", "w", "4", "5")
        assert isinstance(app.screen, WhatIfScreen)
        select(app, "DM-11")
        assert app.screen.ref == "DM-07", "the cursor is free to look around"
        await settled(pilot, "w")
        assert app.screen.ref == "DM-11"
        assert "slips by +30m" in shown(app)
        assert "═+30m" not in row(app, "DM-07")


async def test_what_is_done_cannot_slip(at_evening: Stage) -> None:
    app = at_evening.app()
    async with app.run_test(size=MIDDLE) as pilot:
        select(app, "DM-01")
        await settled(pilot, "w")
        assert toasts(app) == ["DM-01 is done already"]
        select(app, "DM-06")
        await settled(pilot, "w")
        at_evening.do("task.unblock", "DM-06")
        at_evening.finish("DM-06")
        await caught_up(app, pilot)
        assert "DM-06 is done by now" in panel(app)


async def test_a_longer_back_out_must_be_decided_earlier(at_evening: Stage) -> None:
    app = at_evening.app()
    async with app.run_test(size=MIDDLE) as pilot:
        backout = at_evening.board().backout_tasks[0].ref
        select(app, backout)
        await settled(pilot, "w", "2", "0")
        assert "by 21:10  -20m" in panel(app)


async def test_it_is_for_all_who_look(at_evening: Stage) -> None:
    app = at_evening.app(read_only=True)
    async with app.run_test(size=MIDDLE) as pilot:
        await settled(pilot, "w")
        assert "Whom to call" in panel(app)
    app = at_evening.app(wall=True)
    async with app.run_test(size=MIDDLE) as pilot:
        await settled(pilot, "w")
        assert toasts(app) == ["the wall only shows"]


async def test_in_a_replay_it_asks_about_that_instant(at_evening: Stage) -> None:
    app = replaying(at_evening)
    async with app.run_test(size=MIDDLE) as pilot:
        await settled(pilot, "home")
        select(app, "DM-01")
        await settled(pilot, "w")
        assert isinstance(app.screen, WhatIfScreen)
        assert "DM-01" in panel(app)


async def test_a_big_board_is_reckoned_off_the_loop_and_the_last_key_wins(tmp_path: Path) -> None:
    """A chain: the slip moves all of it. Every key is echoed at once, and in the end the last one is answered."""
    rows = [task(f"T{number}", 1, *([f"T{number - 1}"] if number else [])) for number in range(BIG_BOARD + 1)]
    path = tmp_path / "state.db"
    plan.init(path, document(*rows, hours=60), name="big.yaml", handle="lena", clock=SteppedClock(_START))
    with opened(path) as cutover:
        cutover.rehearse()
        app = ConsoleApp(StageHost(cutover.state_file, "lena"))
        async with app.run_test(size=MIDDLE) as pilot:
            await settled(pilot, "w")
            for key in "123":
                await pilot.press(key)
            assert "slips by +123" in shown(app)
            await settled(pilot)
            await app.workers.wait_for_complete()
            await pilot.pause()
            assert "+2h03" in panel(app)
            assert "2001 tasks move" in shown(app)
