"""The timeline's own view: it fills its width, and the back-out lies folded at its end."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cutover import Cutover, document, task
from tests.tui.looking import LARGE, MIDDLE, SIZES, SMALL, settled, shown
from tests.tui.stage import Stage, StageHost, evening, night, second_mock, staged
from warroom.runbook.document import RunbookDocument
from warroom.tui.app import ConsoleApp
from warroom.tui.drawing.axis import NEAREST, ZOOMS, filling_step, zoomed
from warroom.tui.picture.groups import BACKOUT_GROUP
from warroom.tui.picture.picture import picture_of
from warroom.tui.timeline.widget import Timeline
from warroom.tui.widgets.painted import Lines


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


@pytest.mark.parametrize("size", [SMALL, MIDDLE], ids=["80x24", "120x40"])
async def test_what_is_over_is_shown_whole_and_called_finished(
    rehearse: Callable[[RunbookDocument], Cutover], size: tuple[int, int]
) -> None:
    cutover = rehearse(document(task("A", 30), task("B", 30, "A")))
    for minutes, ref in ((20, "A"), (70, "B")):
        cutover.do("task.start", ref, by="omar")
        cutover.to(minutes)
        cutover.do("task.done", ref, by="omar")
    cutover.to(60 * 18)
    app = ConsoleApp(StageHost(cutover.state_file, "lena"))
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        axis, forecast = app.screen.query_one(Timeline)._axis, app.picture.forecast
        assert axis.shows(0)
        assert axis.shows(forecast.end)
        assert axis.step * axis.width <= 2 * forecast.end, "not the week in which nothing happens any more"
        assert "finished Fri 20:10  ✓ +2h50 inside the window" in shown(app)
        assert "no back-out planned" in shown(app), "a plan that never had one has not lost it"
        assert "plan Fri 19:00-19:30  now Fri 19:00-19:20" in shown(app)


async def test_lines_are_named_where_they_stand(at_evening: Stage) -> None:
    app = at_evening.app()
    async with app.run_test(size=MIDDLE) as pilot:
        await pilot.pause()
        head = app.screen.query_one(Timeline).render_line(0).text
        assert "19:32 ▼" in head, "now to the left, for the room is needed to the right"
        assert "back-out ⚑" in head
        assert "Berlin Fri 27 Nov" in head
    app = at_evening.app()
    async with app.run_test(size=LARGE) as pilot:
        await pilot.pause()
        head = app.screen.query_one(Timeline).render_line(0).text
        assert "last back-out ⚑" in head
        assert "end ┃" in head


@pytest.mark.parametrize("minutes", [0, 1, 4, 9, 14])
@pytest.mark.parametrize("size", [SMALL, MIDDLE, LARGE], ids=["80x24", "120x40", "200x60"])
async def test_now_never_hides_the_last_back_out_that_is_ahead(
    at_evening: Stage, size: tuple[int, int], minutes: int
) -> None:
    at_evening.to((at_evening.app().picture.forecast.decide_backout_by or 0) / 60 - minutes)
    app = at_evening.app()
    assert app.picture.forecast.decide_backout_by == app.picture.forecast.now + minutes * 60
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        timeline = app.screen.query_one(Timeline)
        column = timeline._columns.label + timeline._axis.column(app.picture.forecast.decide_backout_by)
        head = [timeline.render_line(y).text for y in range(2)]
        assert head[0][column] == "⚑"
        assert "back-out" in head[0]
        assert "▼" in head[0] + head[1]
        gauge = app.screen.query_one("#gauge", Lines).render_line(0).text
        assert "⚑" in gauge
