"""Histogram and S-curve of the finishes; seconds from the window start, which is 18:00 in Berlin."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from tests.cutover import MINUTE
from warroom.clock.durations import HOUR
from warroom.tui.drawing.chart import chart_axis, charts
from warroom.tui.drawing.shares import share_ink, show_share

ORIGIN, BERLIN = datetime(2026, 11, 27, 17, tzinfo=UTC), ZoneInfo("Europe/Berlin")


def drawn(finishes: list[int], end: int, width: int = 66, height: int = 18) -> list[str]:
    return ["".join(text for text, _ in line) for line in charts(finishes, end, ORIGIN, BERLIN, width, height)]


def test_all_finishes_lie_on_the_axis_and_the_end_of_the_window_if_it_is_near() -> None:
    finishes = list(range(2 * HOUR, 3 * HOUR, 60))
    near, far = (chart_axis(finishes, end, 60) for end in (3 * HOUR + 30 * MINUTE, 27 * HOUR))
    for axis in (near, far):
        assert axis.shows(finishes[0])
        assert axis.shows(finishes[-1])
    assert near.shows(3 * HOUR + 30 * MINUTE)
    assert not far.shows(27 * HOUR)
    certain = chart_axis([HOUR] * 10, HOUR, 60)
    assert certain.shows(HOUR)


def test_the_highest_bar_fills_the_histogram_and_what_lies_beyond_has_another_pattern() -> None:
    """Half of all trials finish at 20:00, the other half at 21:00; the window ends at 20:30."""
    lines = drawn([2 * HOUR] * 50 + [3 * HOUR] * 50, 2 * HOUR + 30 * MINUTE)
    assert len(lines) == 18
    assert {len(line) for line in lines[1:7]} == {66}
    for line in lines[1:7]:
        assert line.index("█") < line.index("┃") < line.index("▒")
    assert "the window ends Fri 27 Nov 20:30" in lines[0]
    assert "╷20:00" in lines[-1]


def test_the_curve_climbs_from_none_to_all_and_names_its_percentiles() -> None:
    lines = drawn(list(range(2 * HOUR, 4 * HOUR, 60)), 6 * HOUR)
    curve = lines[8:-1]
    assert curve[0].startswith("100 %")
    assert curve[-1].startswith("  0 %")
    firsts = [min(line.find(glyph, 6) for glyph in "▀▄" if line.find(glyph, 6) >= 0) for line in curve]
    assert firsts == sorted(firsts, reverse=True), "the higher, the later"
    for said in ("◆ P50 20:59", "P80 21:35", "P95 21:53"):
        assert said in "\n".join(curve)


def test_a_far_end_is_said_and_a_small_place_gets_no_chart() -> None:
    assert "the window ends Sat 28 Nov 21:00, right of all this" in drawn([HOUR, 2 * HOUR], 27 * HOUR)[0]
    assert "left of all this" in drawn([20 * HOUR, 21 * HOUR], HOUR)[0]
    assert drawn([HOUR], HOUR, width=20) == ["there is no room for a chart"]


def test_shares_are_never_shown_surer_than_they_are() -> None:
    shown = [show_share(share) for share in (0.0, 0.0001, 0.5, 0.874, 0.9999, 1.0)]
    assert shown == ["0 %", "<1 %", "50 %", "87 %", ">99 %", "100 %"]
    assert [share_ink(share) for share in (0.9, 0.6, 0.1)] == ["inside", "status-ready", "beyond"]
