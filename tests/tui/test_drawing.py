"""The pure parts: axis, bars, gauge, pieces of the header, who must act, what people type."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.style import Style

from tests.tui.looking import shown
from tests.tui.stage import WINDOW, Stage
from warroom.clock.durations import DAY
from warroom.tui.alerts.side import demand_items
from warroom.tui.doing.typed import parse_eta, parse_progress, preview_eta
from warroom.tui.drawing.axis import ZOOMS, Axis, fitting_step, show_tick, tick_labels, zoomed
from warroom.tui.drawing.ink import Ink, differing, drawn, padded, width_of
from warroom.tui.drawing.wrapping import wrapped
from warroom.tui.picture.attention import Want
from warroom.tui.picture.picture import Picture, picture_of
from warroom.tui.telling.gauge import gauge
from warroom.tui.telling.heading import Piece, fitted
from warroom.tui.timeline.bars import Bar, Rule, bar_cells
from warroom.tui.timeline.labels import Columns, over_cells
from warroom.vocabulary.errors import BadInput
from warroom.vocabulary.words import ShownState, VoteChoice

BERLIN = ZoneInfo("Europe/Berlin")
AXIS = Axis(0, 60, 10)  # ten columns of a minute


def pictured(stage: Stage) -> Picture:
    host = stage.host()
    return picture_of(host.board, host.board.run_time(host.wall_time()), host.actor)


def bar(**changes: object) -> Bar:
    values: dict[str, object] = {
        "state": ShownState.WAITING,
        "planned_start": 0,
        "planned_finish": 180,
        "start": 0,
        "finish": 180,
        "worked_until": None,
        "own": 0,
        "guess": False,
        "glyph": "",
    }
    return Bar(**(values | changes))  # type: ignore[arg-type]


def glyphs(shown: Bar, rules: tuple[Rule, ...] = ()) -> str:
    return "".join(text for text, _ in bar_cells(shown, AXIS, rules))


def test_a_bar_on_its_plan_has_both_lanes() -> None:
    assert glyphs(bar()) == "▀▀▀       "
    assert bar_cells(bar(), AXIS, ())[0] == ("▀", "lane-forecast on:lane-plan")


def test_own_delay_is_dense_and_inherited_delay_light() -> None:
    running = bar(state=ShownState.RUNNING, start=60, finish=420, worked_until=360, own=180)
    assert glyphs(running) == "▄▀▀▒██▓   "
    waiting = bar(start=240, finish=420)
    assert glyphs(waiting) == "▄▄▄ ░░░   "


def test_a_guess_has_gaps_and_what_was_worked_has_none() -> None:
    assert glyphs(bar(guess=True)) == "▀▄▀       "
    blocked = bar(state=ShownState.BLOCKED, guess=True, worked_until=120, finish=420, own=180)
    assert glyphs(blocked) == "▀▀▀ ▓ ▓   "


def test_a_task_shorter_than_a_column_is_seen_and_not_called_late() -> None:
    assert glyphs(bar(planned_finish=10, finish=10)) == "▀         "


def test_a_point_stands_where_it_is_expected_and_where_it_was_planned() -> None:
    assert glyphs(bar(glyph="◆", planned_finish=120, finish=300)) == "  ◇  ◆    "


def test_lines_lie_under_bars_and_now_over_all_other_lines() -> None:
    rules = (Rule(300, "│", "now-line"), Rule(300, "┃", "window-end"), Rule(60, "┊", "backout-line"))
    assert glyphs(bar(), rules) == "▀▀▀  │    "


@given(
    spans=st.lists(st.integers(-3_000, 3_000), min_size=4, max_size=4),
    own=st.integers(0, 3_000),
    left=st.integers(-2_000, 2_000),
    step=st.sampled_from(ZOOMS),
    width=st.integers(0, 60),
    guess=st.booleans(),
)
def test_a_row_always_has_the_width_of_its_axis(
    spans: list[int], own: int, left: int, step: int, width: int, guess: bool
) -> None:
    planned, expected = sorted(spans[:2]), sorted(spans[2:])
    shown = bar(
        planned_start=planned[0],
        planned_finish=planned[1],
        start=expected[0],
        finish=expected[1],
        own=own,
        guess=guess,
    )
    assert width_of(bar_cells(shown, Axis(left, step, width), (Rule(0, "│", "now-line"),))) == width


def test_ticks_stand_on_round_local_times_also_when_clocks_go_back() -> None:
    origin = datetime(2026, 10, 24, 22, tzinfo=UTC)  # midnight in Berlin, the night with 25 hours
    axis = Axis(0, 450, 40)
    labels = [(column, label) for column, label, _ in tick_labels(axis, origin, BERLIN)]
    assert labels == [(0, "00:00"), (8, "01:00"), (16, "02:00"), (24, "02:00"), (32, "03:00")]
    late = Axis(9_000, 450, 20)
    labels = [(column, label) for column, label, _ in tick_labels(late, origin, BERLIN)]
    assert labels == [(4, "02:00"), (12, "03:00")], "the second one, of which the first is out of sight"
    days = [label for _, label, begins in tick_labels(Axis(-DAY, 10_800, 24), origin, BERLIN) if begins]
    assert days == ["Sat 24 Oct", "Sun 25 Oct", "Mon 26 Oct"]


def test_views_reach_from_a_quarter_of_an_hour_to_a_day() -> None:
    assert show_tick(Axis(0, ZOOMS[0], 1).tick) == "15 min"
    assert show_tick(Axis(0, ZOOMS[-1], 1).tick) == "1 day"
    assert zoomed(ZOOMS[0], 1) == ZOOMS[0]
    assert zoomed(ZOOMS[-1], -1) == ZOOMS[-1]
    assert fitting_step(4 * 3600, 40) == 450


@pytest.mark.parametrize("width", [80, 120, 200])
def test_the_gauge_fills_its_width_and_names_the_finish(at_evening: Stage, width: int) -> None:
    spans = gauge(pictured(at_evening), width)
    text = "".join(text for text, _ in spans)
    assert width_of(spans) == width
    assert "Fri 18:00" in text
    assert "▼" in text
    assert "21:25 finish" in text
    assert "⚑" in text


def test_the_gauge_reaches_beyond_the_window_when_the_forecast_does(at_night: Stage) -> None:
    text = "".join(text for text, _ in gauge(pictured(at_night), 120))
    assert text.index("┃") < text.index("◆")


def test_the_least_important_piece_goes_first() -> None:
    pieces = [Piece((("aaaa", ""),)), Piece((("bbbb", ""),), rank=2), Piece((("cccc", ""),), rank=1, right=True)]
    assert "".join(text for text, _ in fitted(pieces, 30)) == " aaaa   bbbb" + " " * 13 + "cccc"
    assert "".join(text for text, _ in fitted(pieces, 14)) == " aaaa" + " " * 4 + "cccc"
    assert "".join(text for text, _ in fitted(pieces, 6)) == " aaaa"


def test_a_piece_says_less_before_it_goes_and_a_small_one_may_fit_where_a_greater_did_not() -> None:
    long = Piece((("done 12:05, at worst 13:15", ""),), rank=1, short=(("done 12:05", ""),))
    pieces = [Piece((("aaaa", ""),)), long, Piece((("it ends", ""),), rank=2), Piece((("gate", ""),), rank=3)]

    def text(width: int) -> str:
        return "".join(text for text, _ in fitted(pieces, width))

    assert text(60) == " aaaa   done 12:05, at worst 13:15   it ends   gate"
    assert text(30) == " aaaa  done 12:05  it ends"
    assert text(24) == " aaaa  done 12:05  gate"


TITLES = st.text(st.sampled_from("ab 漢é\u0301💻…"), max_size=60)


@given(title=TITLES, blank=st.integers(0, 30), bar=st.integers(0, 5), room=st.integers(2, 20))
def test_a_title_runs_on_over_blank_cells_and_never_over_a_bar(title: str, blank: int, bar: int, room: int) -> None:
    columns = Columns(3, room, 0, blank + bar)
    label = ((" " * (columns.label - room), ""), (title, "muted"))
    cells = (*[(" ", "on:panel")] * blank, *[("▀", "lane-done")] * bar)
    line = over_cells(label, cells, columns)
    text = "".join(text for text, _ in line)
    assert width_of(line) == columns.label + blank + bar
    assert text.endswith("▀" * bar)
    if blank or cell_len(title) < room:
        assert not text.rstrip("▀") or text.rstrip("▀").endswith(" "), "one cell is left free before the bar"
    if cell_len(title) < room + blank:
        assert title in text


async def test_titles_are_readable_where_the_lead_looks(at_evening: Stage) -> None:
    app = at_evening.app()
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        rows = shown(app)
        for title in ("Load opening balances", "One order to paid invoice", "Tie out trial balance, rec"):
            assert title in rows


def test_who_must_act_in_order_of_urgency(at_evening: Stage) -> None:
    found = pictured(at_evening).demands
    assert [(one.want, one.ref, one.who) for one in found] == [
        (Want.RUNNING_LATE, "DM-07", "rahul"),
        (Want.BLOCKED, "DM-06", "greta"),
        (Want.GATE, "DM-12", "helene, matteo, rahul"),
    ]
    assert found[0].why == "25m over its 20m, ETA 19:45: rejects in the item file"
    assert found[1].since == WINDOW + timedelta(minutes=47)


def test_names_take_no_more_room_than_the_longest_of_them(at_evening: Stage) -> None:
    picture = pictured(at_evening)
    first, *_ = demand_items(picture, 80)
    assert "".join(text for text, _ in first.lines[0]).startswith(" ▲ rahul            DM-07 "), "three have a seat"
    short = replace(picture, demands=picture.demands[:1])
    (first,) = demand_items(short, 80)
    assert "".join(text for text, _ in first.lines[0]).startswith(" ▲ rahul DM-07 ")


def test_who_was_released_and_who_owes_a_verification_must_act(at_evening: Stage) -> None:
    at_evening.tick_all("DM-07")
    at_evening.do("task.done", "DM-07", by="rahul")
    at_evening.to(100)
    owed = {one.ref: one for one in pictured(at_evening).demands}["DM-07"]
    assert (owed.want, owed.who, owed.why) == (Want.VERIFICATION, "sofie", "executed by rahul, to be verified")
    at_evening.do("task.verify", "DM-07", by="sofie")
    at_evening.to(107)
    ready = {one.ref: one for one in pictured(at_evening).demands}["DM-08"]
    assert (ready.want, ready.why) == (Want.NOT_STARTED, "ready for 7m, not started")
    at_evening.do("task.start", "DM-09")
    at_evening.do("task.fail", "DM-09", reason="wrong file")
    failed = {one.ref: one for one in pictured(at_evening).demands}["DM-09"]
    assert (failed.want, failed.why) == (Want.FAILED, "failed: wrong file, holds 1")


def test_a_gate_with_all_votes_asks_its_decider(at_night: Stage) -> None:
    for handle in ("helene", "rahul"):
        at_night.do("gate.vote", "DM-12", by=handle, choice=VoteChoice.GO)
    (gate, *_) = pictured(at_night).demands
    assert (gate.ref, gate.who, gate.why) == ("DM-12", "helene", "was due 20:30, all votes are in: decide")


def test_nobody_must_act_without_a_run_or_after_it(stage: Stage) -> None:
    assert pictured(stage).demands == ()


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("+15", 15), ("15", 15), ("45m", 45), ("1h30", 90), ("+1h", 60), ("21:00", 88), ("T+3h", 88), ("Sat 02:40", 428)],
)
def test_an_eta_as_people_type_it(at_evening: Stage, text: str, minutes: int) -> None:
    picture = pictured(at_evening)
    assert parse_eta(text, picture.now, picture) == picture.now + timedelta(minutes=minutes)
    assert preview_eta(text, picture.now, picture).startswith("= ")


def test_an_eta_that_is_none_has_no_preview(at_evening: Stage) -> None:
    picture = pictured(at_evening)
    with pytest.raises(ValueError, match="not a"):
        parse_eta("soon", picture.now, picture)
    assert preview_eta("soon", picture.now, picture) == ""


def test_progress_as_people_type_it() -> None:
    assert parse_progress("412,000 / 1.200.000 rows of it") == (412_000, 1_200_000, "rows of it")
    assert parse_progress("1/2") == (1, 2, None)
    with pytest.raises(BadInput):
        parse_progress("half")


@given(st.text(max_size=60), st.integers(0, 30))
def test_text_is_cut_to_cells(text: str, width: int) -> None:
    ink = Ink({})
    shown = "".join(character for character in text if character.isprintable())
    assert cell_len(padded(shown, width)) == width
    assert drawn(((shown, ""),), width, ink, Style()).cell_length == width


def test_wrapping_keeps_to_cells_and_cuts_at_the_end() -> None:
    assert wrapped("one two three", 8) == ["one two", "three"]
    assert wrapped("日本語テキスト", 8) == ["日本語テ", "キスト"]
    assert wrapped("a " * 40, 8, most=2) == ["a a a a", "a a a a…"]


def test_what_differs_is_found_by_cells() -> None:
    assert differing((("12:00:09", "a"),), (("12:00:09", "a"),)) == (0, 0)
    assert differing((("12:00:09 x", "a"),), (("12:00:10 x", "a"),)) == (6, 8)
    assert differing((("日本", "a"), ("x", "b")), (("日本", "a"), ("y", "b"))) == (4, 5)
    assert differing((("abc", ""),), (("abcd", ""),)) == (3, 4)
