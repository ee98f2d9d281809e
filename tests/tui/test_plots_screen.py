"""The plots: what is done by when, and how much work there is in each hour."""

from __future__ import annotations

import pytest

from tests.tui.looking import MIDDLE, SIZES, SMALL, SnapCompare, settled, shown
from tests.tui.stage import Stage
from warroom.clock.durations import HOUR, MINUTE
from warroom.tui.drawing.axis import Axis
from warroom.tui.owners.panes import By
from warroom.tui.plots.burn_up import actual_finishes, burn_up, expected_finishes, planned_finishes
from warroom.tui.plots.loads import load_items, load_of, plot_axis, whole_load
from warroom.tui.plots.whole_run import plots
from warroom.tui.screens.plots import PlotsScreen
from warroom.tui.screens.task import TaskScreen


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_the_plots_in_the_evening(snap_compare: SnapCompare, at_evening: Stage, size: tuple[int, int]) -> None:
    assert snap_compare(at_evening.app(screen="plots"), terminal_size=size)


def test_work_falls_into_the_hours_in_which_it_is_done() -> None:
    axis = Axis(0, 10 * MINUTE, 24)  # four hours
    load = load_of([(30 * MINUTE, 90 * MINUTE), (60 * MINUTE, 75 * MINUTE), (-HOUR, 6 * MINUTE)], axis)
    assert load.bucket == HOUR
    assert load.seconds == (36 * MINUTE, 45 * MINUTE, 0, 0)
    assert load.at(axis, 0) == load.at(axis, 5) == 0.6
    assert load.at(axis, 6) == load.peak == 0.75
    assert load.at(axis, 23) == 0


def test_a_long_plan_is_put_together_by_the_column() -> None:
    axis = Axis(0, 3 * HOUR, 8)
    load = load_of([(0, 24 * HOUR), (3 * HOUR, 6 * HOUR)], axis)
    assert load.bucket == 3 * HOUR
    assert [load.at(axis, column) for column in range(8)] == [1, 2, 1, 1, 1, 1, 1, 1]


async def test_the_curves_say_what_the_board_says(at_evening: Stage) -> None:
    app = at_evening.app(screen="plots")
    async with app.run_test(size=MIDDLE):
        picture = app.picture
        assert len(planned_finishes(picture)) == len(expected_finishes(picture)) == 15
        assert len(actual_finishes(picture)) == 5
        axis = plot_axis(picture, 100)
        grid = burn_up(picture, axis, 15)
        now = axis.column(picture.forecast.now)
        assert sum(row[now - 1][0] == "█" for row in grid) == 5, "a line for each task that is done"
        assert all(row[now + 8][0] != "█" for row in grid)
        assert any(row[now + 8][0] == "░" for row in grid)
        assert all("━" in {row[column][0] for row in grid} for column in range(axis.width))
        _, most = whole_load(picture, axis, 5)
        assert most == 1.8, "at a time, in the second hour"


async def test_an_owner_with_two_tasks_at_once_is_told_apart(at_evening: Stage) -> None:
    at_evening.do("task.assign", "DM-06", by="jana", people={"owner": "rahul"}, reason="greta is ill")
    app = at_evening.app(screen="plots")
    async with app.run_test(size=MIDDLE) as pilot:
        await pilot.pause()
        items = {item.lines[0][0][0].strip(): item for item in load_items(app.picture, By.OWNER, 117)}
        assert ("▓", "status-late") in items["rahul"].lines[0]
        assert items["rahul"].ref == "DM-06"
        assert all(text != "▓" for text, _ in items["greta"].lines[0])


async def test_it_opens_from_the_odds_turns_to_streams_and_leads_to_a_task(at_evening: Stage) -> None:
    app = at_evening.app()
    async with app.run_test(size=MIDDLE) as pilot:
        await pilot.pause()
        await settled(pilot, "c", "c")
        assert isinstance(app.screen, PlotsScreen)
        assert "Load by owner" in shown(app)
        await settled(pilot, "o")
        assert "Load by stream" in shown(app)
        assert "more than one task at once" not in shown(app)
        await settled(pilot, "enter")
        assert isinstance(app.screen, TaskScreen)
        await settled(pilot, "escape", "escape", "escape")
        assert len(app.screen_stack) == 1


async def test_it_is_found_in_the_palette_and_before_a_run(stage: Stage) -> None:
    app = stage.app()
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("ctrl+p", *"loadper")
        await pilot.pause()
        await app.workers.wait_for_complete()
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(app.screen, PlotsScreen)
        assert "15 tasks" in shown(app)
        assert plots(app.picture, 30, 20) == ((("there is no room for a plot", "muted"),),)
