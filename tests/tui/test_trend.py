"""How the night goes: tasks planned and done, the finish's history, and what the gauge says of the way back."""

from __future__ import annotations

import pytest

from tests.tui.looking import SnapCompare, settled, shown
from tests.tui.stage import Stage
from warroom.board.finishes import Finish
from warroom.tui.app import ConsoleApp
from warroom.tui.drawing.ink import width_of
from warroom.tui.plots.trend import trend_lines
from warroom.tui.telling.gauge import gauge
from warroom.tui.widgets.painted import Lines


def text_of(app: ConsoleApp) -> str:
    lines = app.screen.query_one("#trend", Lines)
    return "\n".join(lines.render_line(y).text for y in range(lines.size.height))


async def test_the_finish_has_moved_since_the_window_began(at_night: Stage) -> None:
    app = at_night.app()
    async with app.run_test(size=(160, 45)) as pilot:
        await pilot.pause()
        assert "the finish has" not in text_of(app), "nothing has been read"
        assert "now 22:06, planned 20:45" in text_of(app)
        app.beat()
        await settled(pilot)
        said = text_of(app)
        assert "15 of 15 due by now" in said
        assert "11 done, 4 behind the plan" in said
        assert "the finish has moved +1h21 since 18:00" in said
        assert "now 22:06, planned 20:45" in said
        assert app.finishes.known


async def test_it_is_read_once_in_a_quarter_of_an_hour(at_night: Stage) -> None:
    app = at_night.app()
    async with app.run_test(size=(160, 45)) as pilot:
        asked = []
        original = app.live.finishes

        async def finishes() -> object:
            asked.append(app.run_time())
            return await original()

        app.live.finishes = finishes  # type: ignore[assignment,method-assign]
        for minute in (206, 207, 208, 211, 212):
            at_night.to(minute)
            app.beat()
            await settled(pilot)
        assert len(asked) == 2


async def test_a_low_screen_has_no_room_for_it(at_night: Stage) -> None:
    app = at_night.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert not app.screen.query_one("#trend", Lines).display
        assert "behind the plan" not in shown(app)


@pytest.mark.parametrize("known", [None, ()], ids=["unread", "unmoved"])
@pytest.mark.parametrize("width", [40, 80, 109, 110, 160, 240])
def test_both_lines_fill_their_width(at_evening: Stage, width: int, known: tuple[Finish, ...] | None) -> None:
    picture = at_evening.app().picture
    assert [width_of(line) for line in trend_lines(picture, known, width)] == [width, width]


def test_the_gauge_and_the_header_say_when_a_back_out_would_be_done(at_evening: Stage) -> None:
    picture = at_evening.app().picture
    backout = picture.forecast.backout
    assert backout is not None
    assert picture.backed_out is not None
    assert picture.backed_out[0] == backout.done_if_decided(picture.forecast.now)
    text = "".join(text for text, _ in gauge(picture, 200))
    assert "⚐ 19:47 if backed out now" in text


def test_the_gauge_shows_the_worst_case_where_it_is_known(at_evening: Stage) -> None:
    picture = at_evening.app().picture
    worst = picture.forecast.end + 20 * 60
    spans = gauge(picture, 200, worst=worst)
    text = "".join(text for text, _ in spans)
    assert width_of(spans) == 200
    assert "worst ◇" in text
    assert ("◇", "beyond bold") in spans


@pytest.mark.parametrize("size", [(120, 40), (240, 70)], ids=["120x40", "240x70"])
def test_the_trend_of_the_night(snap_compare: SnapCompare, at_night: Stage, size: tuple[int, int]) -> None:
    async def beaten(pilot: object) -> None:
        app.beat()
        await app.workers.wait_for_complete()

    app = at_night.app()
    assert snap_compare(app, terminal_size=size, run_before=beaten)
