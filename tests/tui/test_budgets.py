"""What a console may cost: widgets, style sheets, timers, and what is repainted."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from textual.geometry import Region

from tests.cutover import Cutover, document, task
from tests.tui.stage import Stage, StageHost
from warroom.runbook.document import RunbookDocument
from warroom.tui.app import ConsoleApp
from warroom.tui.timeline.widget import Timeline
from warroom.tui.widgets.painted import Lines


@pytest.mark.parametrize(
    ("screen", "most"),
    [
        ("war-room", 150),
        ("owner", 30),
        *((name, 30) for name in ("gate", "controls", "back-out")),
        *((name, 30) for name in ("network", "people", "log", "handover", "search")),
    ],
)
async def test_a_console_is_built_of_few_widgets_and_style_sheets(at_evening: Stage, screen: str, most: int) -> None:
    app = at_evening.app(screen=screen)
    async with app.run_test(size=(200, 60)) as pilot:
        await pilot.pause()
        assert len(list(app.query("*"))) <= most
        await pilot.press("b", "escape", "enter", "escape", "question_mark")
        assert len(app.stylesheet.source) <= 60


async def test_there_is_one_timer(at_evening: Stage) -> None:
    app = at_evening.app()
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        assert [timer.name for timer in app._timers] == ["heartbeat"]
        assert [widget for widget in app.screen.walk_children() if widget._timers or widget.auto_refresh] == []
        assert app.animation_level == "none"


def watched(lines: Lines | Timeline, monkeypatch: pytest.MonkeyPatch) -> list[Region]:
    """The regions of a widget that are repainted from now on; a whole repaint counts as its region."""
    regions: list[Region] = []
    original = lines.refresh

    def refresh(*some: Region, **options: bool) -> object:
        regions.extend(some or [Region(0, 0, *lines.size)])
        assert not options.get("layout")
        return original(*some, **options)

    monkeypatch.setattr(lines, "refresh", refresh)
    return regions


async def test_a_second_repaints_a_cell_or_two(at_evening: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    app = at_evening.app()
    async with app.run_test(size=(200, 60)) as pilot:
        await pilot.pause()
        header, timeline = app.screen.query_one("#header", Lines), app.screen.query_one(Timeline)
        at_evening.to(92 + 1 / 60)
        app.beat()
        moved, drawn = watched(header, monkeypatch), watched(timeline, monkeypatch)
        at_evening.to(92 + 2 / 60)
        app.beat()
        assert [(region.width, region.height) for region in moved] == [(1, 1)]
        assert drawn == []


async def test_a_tick_repaints_no_row_of_the_timeline_and_a_state_only_its_own(
    at_evening: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = at_evening.app()
    async with app.run_test(size=(200, 60)) as pilot:
        await pilot.pause()
        timeline = app.screen.query_one(Timeline)
        host = app.host
        assert isinstance(host, StageHost)
        drawn = watched(timeline, monkeypatch)
        at_evening.do("step.tick", "DM-07", positions=[2])
        host.catch_up()
        await pilot.pause()
        assert drawn == []
        at_evening.do("task.unblock", "DM-06")
        host.catch_up()
        await pilot.pause()
        rows = {region.y for region in drawn}
        assert timeline.index_of("DM-06") is not None
        assert (timeline.index_of("DM-06") or 0) + timeline.HEAD in rows
        assert (timeline.index_of("DM-07") or 0) + timeline.HEAD not in rows


async def test_only_what_is_in_view_is_drawn(rehearse: Callable[[RunbookDocument], Cutover]) -> None:
    cutover = rehearse(document(*(task(f"T{number}", 10) for number in range(3_000))))
    app = ConsoleApp(StageHost(cutover.state_file, "lena"))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        timeline = app.screen.query_one(Timeline)
        assert timeline.item_count == 3_001
        assert len(timeline._spans) <= 40
        await pilot.press("end")
        await pilot.pause()
        assert timeline.selected == "T2999"
        assert len(timeline._spans) <= 80
        cutover.do("task.start", "T2999", by="omar")
        host = app.host
        assert isinstance(host, StageHost)
        host.catch_up()
        await pilot.pause()
        assert app._redrawing is not None, "a big board is reckoned off the loop"
        await app._redrawing
        assert "running" in timeline.line_strip(3_000, timeline.width, under_cursor=False).text
