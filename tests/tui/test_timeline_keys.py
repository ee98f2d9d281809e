"""What keys and mouse do with the timeline, and what it shows of the selected task."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from textual.events import MouseScrollDown, MouseScrollUp
from textual.pilot import Pilot

from tests.tui.looking import SIZES, SnapCompare, settled, shown
from tests.tui.stage import WINDOW, Stage
from warroom.clock.durations import HOUR
from warroom.tui.app import ConsoleApp
from warroom.tui.drawing.axis import ZOOMS
from warroom.tui.drawing.marks import AFTER, BEFORE, DEADLINE, ETA, FLOAT
from warroom.tui.palette import ActionProvider
from warroom.tui.picture.groups import CLOSED_PART, Grouping
from warroom.tui.timeline.head import SecondAxis
from warroom.tui.timeline.shade import shade_of
from warroom.tui.timeline.widget import Timeline

MIDDLE = (120, 40)
ALL_SIZES = {**SIZES, "240x70": (240, 70)}


def timeline_of(app: ConsoleApp) -> Timeline:
    return app.screen.query_one(Timeline)


def row(app: ConsoleApp, ref: str) -> str:
    """The line of a task as it is drawn."""
    timeline = timeline_of(app)
    place = timeline.index_of(ref)
    assert place is not None
    return timeline.line_strip(place, timeline.width, under_cursor=False).text


def bars(app: ConsoleApp, ref: str) -> str:
    return row(app, ref)[timeline_of(app).bars_from :]


def head(app: ConsoleApp) -> list[str]:
    timeline = timeline_of(app)
    return [timeline.render_line(y).text for y in range(timeline.head)]


# --- groups ----------------------------------------------------------------------------------------------------------


async def test_one_key_goes_through_all_groupings_and_the_cursor_stays_on_its_task(at_evening: Stage) -> None:
    app = at_evening.app()
    async with app.run_test(size=MIDDLE) as pilot:
        await pilot.pause()
        timeline = timeline_of(app)
        assert timeline.selected == "DM-07"
        titles = []
        for _ in Grouping:
            await settled(pilot, "V")
            titles.append(str(timeline.border_title).split(" · ")[1])
            assert timeline.selected == "DM-07"
        assert titles == ["by stream", "by owner", "critical path first", "late first", "by phase"]


@pytest.mark.parametrize("grouping", list(Grouping))
async def test_every_task_is_in_one_group_whatever_the_grouping(at_evening: Stage, grouping: Grouping) -> None:
    picture = at_evening.app().picture
    groups = picture.grouped(grouping)
    refs = [task.ref for group in groups for task in group.tasks]
    assert sorted(refs) == sorted(task.ref for task in (*picture.board.tasks, *picture.board.backout_tasks))
    assert len({group.key for group in groups}) == len(groups)
    assert groups[-1].dormant


async def test_late_first_puts_causes_above_those_that_they_push(at_evening: Stage) -> None:
    picture = at_evening.app().picture
    causes, pushed, *_ = picture.grouped(Grouping.LATE)
    assert [task.ref for task in causes.tasks] == ["DM-06", "DM-07"]
    assert (causes.causes, causes.pushed, pushed.causes, pushed.pushed) == (2, 0, 0, 8)
    slips = [picture.forecast.delay(task).slip for task in pushed.tasks]
    assert slips == sorted(slips, reverse=True)


async def test_critical_path_first_has_no_float_on_top_and_what_is_closed_at_the_end(at_evening: Stage) -> None:
    picture = at_evening.app().picture
    groups = [group for group in picture.grouped(Grouping.CRITICAL) if not group.dormant]
    timing = {task.ref: picture.forecast.of(task) for group in groups for task in group.tasks}
    assert all(timing[task.ref].critical or timing[task.ref].on_longest_path for task in groups[0].tasks)
    assert groups[-1].key == CLOSED_PART
    assert groups[-1].closed
    floats = [timing[task.ref].total_float or 0 for group in groups[1:-1] for task in group.tasks]
    assert min(floats) > 0
    starts = [timing[task.ref].start for task in groups[0].tasks]
    assert starts == sorted(starts)


async def test_the_palette_names_each_grouping(at_evening: Stage) -> None:
    app = at_evening.app()
    async with app.run_test(size=MIDDLE) as pilot:
        await pilot.pause()
        titles = [str(hit.prompt) async for hit in ActionProvider(app.screen).discover()]
        for grouping in Grouping:
            assert any(title.startswith("Timeline: ") and grouping.value in title for title in titles)
        await settled(pilot, "ctrl+p", *"late first")
        await settled(pilot, "down", "enter")
        assert timeline_of(app).grouping is Grouping.LATE


async def test_all_groups_are_folded_and_unfolded_and_tell_what_they_hide(at_evening: Stage) -> None:
    app = at_evening.app()
    async with app.run_test(size=MIDDLE) as pilot:
        await pilot.pause()
        timeline = timeline_of(app)
        rows = timeline.item_count
        await settled(pilot, "F")
        assert timeline.item_count == len(app.picture.groups)
        folded = timeline.line_strip(1, timeline.width, under_cursor=False).text
        assert folded.startswith("▸ ")
        assert "LOAD Load 1/5 ▲1 ~3 " in folded
        await settled(pilot, "F")
        assert timeline.item_count == rows + 1, "the back-out too"


async def test_what_is_done_is_folded_at_first_where_there_is_no_room(at_night: Stage) -> None:
    for size, folded in (((80, 24), True), ((120, 40), False)):
        app = at_night.app()
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            assert ("▸ ✓ done     +1h15  FREEZE" in shown(app)) == folded
            assert timeline_of(app).selected == "DM-12"


async def test_a_task_that_goes_to_another_group_takes_the_cursor_along(at_evening: Stage) -> None:
    app = at_evening.app()
    async with app.run_test(size=MIDDLE) as pilot:
        await pilot.pause()
        timeline = timeline_of(app)
        await settled(pilot, *"VVVV")
        timeline.go_to("DM-06")
        at_evening.do("task.unblock", "DM-06", by="greta")
        at_evening.finish("DM-06")
        app.live.catch_up()  # type: ignore[attr-defined]
        await settled(pilot)
        group, task = timeline._rows.at(timeline.cursor)
        assert task is None
        assert group.key == CLOSED_PART, "it is folded away there"


# --- time ------------------------------------------------------------------------------------------------------------


async def test_zoom_reaches_from_a_quarter_of_an_hour_to_a_day(at_evening: Stage) -> None:
    app = at_evening.app()
    async with app.run_test(size=MIDDLE) as pilot:
        await pilot.pause()
        timeline = timeline_of(app)
        await settled(pilot, *["plus"] * len(ZOOMS))
        assert "· 15 min ·" in str(timeline.border_title)
        await settled(pilot, *["minus"] * len(ZOOMS))
        assert "· 1 day ·" in str(timeline.border_title)
        assert "f follows now" in str(timeline.border_title)
        await settled(pilot, "f")
        assert "following now" in str(timeline.border_title)


async def wheel(app: ConsoleApp, pilot: Pilot[None], x: int, y: int, *, up: bool, **keys: bool) -> None:
    """Turn the wheel over a cell of the timeline."""
    timeline = timeline_of(app)
    region = timeline.region
    kind = MouseScrollUp if up else MouseScrollDown
    held: dict[str, Any] = {"shift": False, "meta": False, "ctrl": False, **keys}
    event = kind(
        timeline, x, y, 0, 0, 0, held["shift"], held["meta"], held["ctrl"], screen_x=region.x + x, screen_y=region.y + y
    )
    timeline.post_message(event)
    await pilot.pause()


async def test_the_wheel_zooms_at_the_pointer_and_pans_and_scrolls(at_evening: Stage) -> None:
    app = at_evening.app()
    async with app.run_test(size=(120, 30)) as pilot:
        await pilot.pause()
        timeline = timeline_of(app)
        before = timeline._axis
        x = timeline.bars_from + 10
        pointed = before.left + 10 * before.step
        await wheel(app, pilot, x, 1, up=True)
        assert timeline._axis.step < before.step
        assert timeline._axis.column(pointed) == 10
        await wheel(app, pilot, x, 1, up=False)
        zoomed = timeline._axis
        await wheel(app, pilot, x, 8, up=True, ctrl=True)
        assert timeline._axis.step < zoomed.step
        panned = timeline._axis
        await wheel(app, pilot, x, 8, up=False, shift=True)
        assert timeline._axis.left == panned.left + panned.tick
        top = timeline.scroll_offset.y
        await wheel(app, pilot, x, 8, up=False)
        assert timeline.scroll_offset.y > top, "alone it scrolls"


async def test_bars_are_dragged_and_a_click_chooses_the_row_it_is_on(at_evening: Stage) -> None:
    app = at_evening.app()
    async with app.run_test(size=MIDDLE) as pilot:
        await pilot.pause()
        timeline = timeline_of(app)
        axis, selected = timeline._axis, timeline.selected
        x = timeline.bars_from + 12
        await pilot.mouse_down(timeline, offset=(x, 6))
        await pilot.hover(timeline, offset=(x - 5, 6))
        await pilot.mouse_up(timeline, offset=(x - 5, 6))
        await pilot.pause()
        assert timeline._axis.left == axis.left + 5 * axis.step
        assert not timeline.following
        assert timeline.selected == selected, "dragging chooses nothing"
        place = timeline.index_of("DM-03")
        assert place is not None
        await pilot.click(timeline, offset=(5, 1 + timeline.head + place))
        assert timeline.selected == "DM-03"


async def test_the_second_axis_shows_own_hours_and_offsets_and_what_is_left(at_evening: Stage) -> None:
    app = at_evening.app("rahul")
    async with app.run_test(size=(160, 40)) as pilot:
        await pilot.pause()
        timeline = timeline_of(app)
        assert timeline.second_axis is SecondAxis.OWN
        days, hours, own = head(app)
        assert "Berlin" in days
        assert "Kolkata, yours" in own
        assert hours.index("╷18:00") < own.index("╷00:00") < hours.index("╷20:00")
        await settled(pilot, "Z")
        assert "T+01:00" in head(app)[-1]
        await settled(pilot, "Z")
        assert "╷now" in head(app)[-1]
        assert "╷+1h" in head(app)[-1]
        await settled(pilot, "Z")
        assert len(head(app)) == 2
        await settled(pilot, "Z")
        assert timeline.second_axis is SecondAxis.OWN


async def test_there_is_no_second_zone_for_whoever_lives_in_the_programmes(at_evening: Stage) -> None:
    app = at_evening.app("jana")
    async with app.run_test(size=MIDDLE) as pilot:
        await pilot.pause()
        timeline = timeline_of(app)
        seen = [timeline.second_axis]
        for _ in range(3):
            await settled(pilot, "Z")
            seen.append(timeline.second_axis)
        assert seen == [SecondAxis.NONE, SecondAxis.OFFSET, SecondAxis.RELATIVE, SecondAxis.NONE]


async def test_the_legend_names_every_line_with_its_time(at_evening: Stage) -> None:
    app = at_evening.app()
    async with app.run_test(size=(200, 60)) as pilot:
        await pilot.pause()
        timeline = timeline_of(app)
        rows = timeline.head
        await settled(pilot, "I")
        said = "\n".join(head(app))
        for words in (
            "▼ now 19:32",
            "┃ window end 22:00, in 2h28",
            "⚑ last back-out 21:30, in 1h58",
            "╫ no return 21:15",
            "◆ DM-12 due 20:30, in 58m",
            "own delay",
            "its float",
        ):
            assert words in said
        assert timeline.selected == "DM-07"
        await settled(pilot, "I")
        assert timeline.head == rows


# --- the selected task -----------------------------------------------------------------------------------------------


async def test_what_comes_before_and_after_the_selected_task_is_marked_and_wired(at_evening: Stage) -> None:
    app = at_evening.app()
    async with app.run_test(size=(200, 60)) as pilot:
        await pilot.pause()
        assert f"✓{BEFORE.glyph}done" in row(app, "DM-05")
        assert f"·{AFTER.glyph}waiting" in row(app, "DM-08")
        assert "├" in bars(app, "DM-08")
        assert "╰" in bars(app, "DM-09")
        assert bars(app, "DM-09").index("╰") + 1 == bars(app, "DM-09").index("░"), "it leads to where the bar begins"
        assert "· waiting" in row(app, "DM-10")
        timeline_of(app).go_to("DM-10")
        await pilot.pause()
        assert f"·{BEFORE.glyph}waiting" in row(app, "DM-08")
        assert "├" not in bars(app, "DM-08")
        await settled(pilot, "F")
        timeline = timeline_of(app)
        assert timeline._wiring.wires == ()


async def test_a_folded_group_is_marked_for_what_it_hides(at_evening: Stage) -> None:
    app = at_evening.app()
    async with app.run_test(size=MIDDLE) as pilot:
        await pilot.pause()
        timeline = timeline_of(app)
        timeline.go_to("DM-11")
        await pilot.pause()
        place = timeline.index_of("DM-05")
        assert place is not None
        timeline.move_to(place - 1)
        await settled(pilot, "enter")
        timeline.go_to("DM-11")
        await pilot.pause()
        folded = timeline.line_strip(place - 1, timeline.width, under_cursor=False).text
        assert folded.startswith(f"▸{BEFORE.glyph}")
        assert "LOAD Load" in folded


async def test_eta_float_and_deadline_stand_in_the_row(at_evening: Stage) -> None:
    app = at_evening.app()
    async with app.run_test(size=(200, 60)) as pilot:
        await pilot.pause()
        timeline = timeline_of(app)
        forecast = app.picture.forecast
        at = timeline._axis.column(forecast.seconds(WINDOW + timedelta(minutes=105)))
        assert bars(app, "DM-07")[at] == ETA.glyph
        task = app.picture.board.task("DM-06")
        assert task is not None
        timing = forecast.of(task)
        assert timing.late_finish is not None
        column = timeline._axis.column((timing.finish + timing.late_finish) // 2)
        assert bars(app, "DM-06")[column] == FLOAT.glyph
        assert DEADLINE.glyph not in bars(app, "DM-13")


async def test_the_shade_is_the_night_of_whoever_owns_the_selected_task(at_evening: Stage) -> None:
    app = at_evening.app()
    async with app.run_test(size=MIDDLE) as pilot:
        await pilot.pause()
        timeline = timeline_of(app)
        picture = app.picture
        rahul, here = picture.board.task("DM-07"), shade_of(picture, None, timeline._axis)
        shade = shade_of(picture, rahul, timeline._axis)
        assert (shade.word, shade.whose) == ("night", "Kolkata")
        assert (here.word, here.whose) == ("night", "Berlin")
        # 22:00 in Kolkata is 17:30 in Berlin, half an hour before the window; 22:00 in Berlin is its end.
        assert (-HOUR // 2, 15 * HOUR // 2) in shade.spans
        assert (4 * HOUR, 12 * HOUR) in here.spans
        assert "night" in head(app)[0]
        dark = timeline._dark
        assert dark == frozenset(range(timeline._axis.width))
        timeline.go_to("DM-06")
        await pilot.pause()
        assert len(timeline._dark) < len(dark)


async def test_moving_the_cursor_repaints_only_what_differs(at_evening: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    app = at_evening.app()
    async with app.run_test(size=(200, 60)) as pilot:
        await pilot.pause()
        timeline = timeline_of(app)
        timeline.go_to("DM-01")
        await pilot.pause()
        cells: list[int] = []
        wholes: list[object] = []
        original = timeline.refresh

        def refresh(*some: Any, **options: bool) -> object:
            cells.extend(region.width * region.height for region in some)
            wholes.extend([] if some else [options])
            return original(*some, **options)

        monkeypatch.setattr(timeline, "refresh", refresh)
        await settled(pilot, "down")
        assert not wholes
        assert 0 < sum(cells) < timeline.size.height * timeline.width // 4


@pytest.mark.parametrize("size", ALL_SIZES.values(), ids=ALL_SIZES)
def test_late_first_with_the_legend(snap_compare: SnapCompare, at_evening: Stage, size: tuple[int, int]) -> None:
    assert snap_compare(at_evening.app("rahul"), terminal_size=size, press=["V", "V", "V", "V", "I"])


@pytest.mark.parametrize("size", ALL_SIZES.values(), ids=ALL_SIZES)
def test_by_owner_from_now(snap_compare: SnapCompare, at_night: Stage, size: tuple[int, int]) -> None:
    assert snap_compare(at_night.app(), terminal_size=size, press=["up", "V", "V", "Z", "Z"])
