"""The timeline's own view: it fills its width, and the back-out lies folded at its end."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tui.looking import SIZES, settled
from tests.tui.stage import Stage, evening, night, second_mock, staged
from warroom.tui.axis import NEAREST, ZOOMS, filling_step, zoomed
from warroom.tui.groups import BACKOUT_GROUP
from warroom.tui.picture import picture_of
from warroom.tui.widgets.timeline import Timeline


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
@pytest.mark.parametrize("play", [evening, night])
async def test_the_window_fills_the_width(stage: Stage, size: tuple[int, int], play: object) -> None:
    (evening if play is evening else night)(stage)
    app = stage.app()
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        timeline = app.screen.query_one(Timeline)
        axis, forecast = timeline._axis, app.picture.forecast
        assert axis.shows(0)
        assert axis.shows(forecast.end)
        assert axis.shows(forecast.finish)
        reach = max(forecast.end, forecast.finish)
        assert reach >= axis.step * axis.width * 85 // 100


async def test_the_view_stays_while_the_finish_creeps_on(at_night: Stage) -> None:
    app = at_night.app()
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        timeline = app.screen.query_one(Timeline)
        axes = set()
        for minute in range(206, 212):
            at_night.to(minute)
            app.beat()
            axes.add(timeline._axis)
        assert len(axes) == 1


def test_zooming_from_a_step_between_the_views() -> None:
    assert zoomed(100, 1) == 90
    assert zoomed(100, -1) == 180
    assert zoomed(NEAREST, 1) == ZOOMS[0]
    assert filling_step(3_600, 100) == 36
    assert filling_step(60, 100) == NEAREST
    assert filling_step(60, 0) == 60


async def test_the_back_out_lies_folded_at_the_end(at_evening: Stage) -> None:
    app = at_evening.app()
    group = app.picture.groups[-1]
    assert (group.key, group.dormant, [task.ref for task in group.tasks]) == (BACKOUT_GROUP, True, ["DM-90"])
    assert group.start == app.picture.forecast.decide_backout_by
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        timeline = app.screen.query_one(Timeline)
        row = timeline.line_strip(timeline.item_count - 1, timeline.width, under_cursor=False).text
        assert row.startswith("▸ · dormant")
        assert "BACK-OUT 0/1" in row
        assert "dormant" in row
        assert "╌" in row
        assert timeline.index_of("DM-90") is None
        await settled(pilot, "end", "enter")
        assert timeline.index_of("DM-90") == timeline.item_count - 1
        assert "dormant" in timeline.line_strip(timeline.item_count - 1, timeline.width, under_cursor=False).text


def test_past_the_point_of_no_return_there_is_no_time_for_a_back_out(tmp_path: Path) -> None:
    with staged(tmp_path / "state.db", played=night) as stage:
        stage.do("task.start", "DM-15", by="jana")
        host = stage.host()
        picture = picture_of(host.board, host.board.run_time(host.wall_time()), host.actor)
        group = picture.groups[-1]
        assert picture.forecast.decide_backout_by is None
        assert group.start == group.finish


async def test_a_plan_without_a_back_out_has_no_such_group(tmp_path: Path) -> None:
    with staged(tmp_path / "state.db", "business-central.yaml", "ana", played=second_mock) as stage:
        groups = stage.app("ana").picture.groups
        assert [group.dormant for group in groups].count(True) == bool(stage.board().backout_tasks)
