"""Moving about in a replay: by entry, mark, time, task and click, by playing; and the line on which it shows."""

from __future__ import annotations

from datetime import timedelta

import pytest
from textual.widgets import Input

from tests.cutover import caller
from tests.tui.looking import MIDDLE, settled, still, toasts
from tests.tui.replaying import at, past_of, replaying, scrubber_of
from tests.tui.stage import WINDOW, Stage
from warroom.host.interface import MarkKind
from warroom.host.replay import replay
from warroom.tui.doing.looking_back import SPEEDS
from warroom.tui.doing.prompt import Prompt
from warroom.tui.replay.scrubber import Track, instant_at, track_line
from warroom.tui.replay.widget import Scrubber
from warroom.tui.timeline.widget import Timeline
from warroom.vocabulary.words import RunKind, VoteChoice

# --- moving about ----------------------------------------------------------------------------------------------------


async def test_steps_go_entry_by_entry(at_evening: Stage) -> None:
    app = replaying(at_evening)
    async with app.run_test(size=MIDDLE) as pilot:
        host = past_of(app).replay
        last = host.place[1]
        assert host.place == (last, last)
        await settled(pilot, "comma")
        assert host.place == (last - 1, last)
        assert f"entry {last - 1}/{last}" in scrubber_of(app)[1]
        await settled(pilot, "full_stop", "full_stop")
        assert host.place == (last, last)
        await settled(pilot, "home", "comma")
        assert host.place == (1, last)
        assert host.instant == host.begin
        assert "started run" in scrubber_of(app)[1]
        await settled(pilot, "end")
        assert host.instant == host.end


async def test_marks_are_the_decisions_blocks_alerts_and_votes(at_night: Stage) -> None:
    app = replaying(at_night)
    async with app.run_test(size=MIDDLE) as pilot:
        host = past_of(app).replay
        kinds = {mark.kind for mark in host.marks}
        assert kinds == {MarkKind.BLOCK, MarkKind.ALERT, MarkKind.VOTE}
        await settled(pilot, "home", "left_square_bracket")
        assert toasts(app) == ["there is none before this instant"]
        timeline = app.screen.query_one(Timeline)
        for mark in host.marks:
            await settled(pilot, "right_square_bracket")
            assert host.entry.seq == mark.seq
            assert host.instant == mark.instant
            if at_night.board().task(mark.subject) is not None:
                assert timeline.selected == mark.subject
        await settled(pilot, "right_square_bracket")
        assert host.entry.seq == host.marks[-1].seq
        await settled(pilot, *["left_square_bracket"] * (len(host.marks) - 1))
        assert host.entry.action == "task.block"
        assert timeline.selected == "DM-06"
        assert "19:" not in host.marks[0].text
        assert "greta blocked DM-06: The stock report" in scrubber_of(app)[1]


async def test_a_time_is_understood_while_it_is_typed(at_evening: Stage) -> None:
    app = at_evening.app()
    async with app.run_test(size=MIDDLE) as pilot:
        await settled(pilot, "r", "at", *"19:05")
        assert "= 19:05" in str(app.screen.query_one("#prompt-said").render())
        await settled(pilot, "enter")
        assert app.picture.now == at(65)
        await settled(pilot, "at", *"T+30m", "enter")
        assert app.picture.now == at(30)
        await settled(pilot, "at", *"noon")
        assert str(app.screen.query_one("#prompt-said").render()) == ""
        await settled(pilot, "enter")
        assert isinstance(app.screen, Prompt)
        assert app.screen.query_one(Input).value == "noon"
        await settled(pilot, *["backspace"] * 4, *"T-3h")
        assert "where the run begins" in str(app.screen.query_one("#prompt-said").render())
        await settled(pilot, "enter")
        assert app.picture.now == past_of(app).replay.begin
        await settled(pilot, "at", *"T+9h")
        assert "where the replay ends" in str(app.screen.query_one("#prompt-said").render())


async def test_a_task_is_found_by_its_ref_and_again(at_evening: Stage) -> None:
    app = at_evening.app()
    async with app.run_test(size=MIDDLE) as pilot:
        await settled(pilot, "r", "home", "slash", *"dm-06")
        assert "= DM-06" in str(app.screen.query_one("#prompt-said").render())
        await settled(pilot, "enter")
        host = past_of(app).replay
        assert (host.entry.action, host.entry.subject, host.instant) == ("task.start", "DM-06", at(33))
        assert app.screen.query_one(Timeline).selected == "DM-06"
        await settled(pilot, "slash", "enter")
        assert (host.entry.action, host.instant) == ("task.block", at(47))
        await settled(pilot, "slash", "enter")
        assert (host.entry.action, host.instant) == ("task.start", at(33)), "round again"
        await settled(pilot, "slash", *"DM-60", "enter")
        assert isinstance(app.screen, Prompt)
        assert any("there is no task DM-60" in toast and "did you mean" in toast for toast in toasts(app))
        await settled(pilot, *["backspace"] * 5, *"DM-15", "enter")
        assert any("nothing was written about DM-15" in toast for toast in toasts(app))


async def test_a_click_on_the_line_goes_there(at_evening: Stage) -> None:
    app = at_evening.app()
    async with app.run_test(size=MIDDLE) as pilot:
        await settled(pilot, "r")
        scrubber = app.screen.query_one(Scrubber)
        for x in (20, 55, 100):
            await pilot.click(Scrubber, offset=(x, 0))
            await pilot.pause()
            assert scrubber_of(app)[0][x] == "▼"
        before = past_of(app).replay.instant
        await pilot.click(Scrubber, offset=(2, 0))
        await pilot.click(Scrubber, offset=(30, 1))
        await pilot.pause()
        assert past_of(app).replay.instant == before
        assert scrubber.size.height == 2


# --- playing ---------------------------------------------------------------------------------------------------------


async def test_it_plays_by_the_heartbeat_as_fast_as_was_asked_and_pauses_at_the_end(at_evening: Stage) -> None:
    app = at_evening.app()
    async with app.run_test(size=MIDDLE) as pilot:
        still(app)
        await settled(pilot, "r")
        past = past_of(app)
        app.beat(5.0)
        assert past.replay.instant == past.replay.end
        await settled(pilot, "space")
        assert past.replay.instant == past.replay.begin, "from the begin again"
        assert "► playing 60x" in scrubber_of(app)[1]
        app.beat(2.5)
        assert past.replay.instant == past.replay.begin + timedelta(seconds=150)
        await settled(pilot, "less_than_sign")
        app.beat(1.0)
        assert past.replay.instant == past.replay.begin + timedelta(seconds=160)
        await settled(pilot, *["less_than_sign"] * 3)
        assert past.speed == SPEEDS[0] == 1
        await settled(pilot, *["greater_than_sign"] * 9)
        assert past.speed == SPEEDS[-1] == 3600
        await settled(pilot, "space")
        app.beat(9.0)
        assert past.replay.instant == past.replay.begin + timedelta(seconds=160), "paused"
        await settled(pilot, "space")
        app.beat(0.5)
        assert past.replay.instant == past.replay.begin + timedelta(seconds=160 + 1800)
        assert app.picture.now == past.replay.instant
        app.beat(10.0)
        assert not past.playing
        assert past.replay.instant == past.replay.end
        await pilot.pause()
        assert "paused" in scrubber_of(app)[1]
        assert [timer.name for timer in app._timers] == ["heartbeat"]
        assert [widget for widget in app.screen.walk_children() if widget._timers or widget.auto_refresh] == []


async def test_entries_within_one_minute_are_shown_as_they_come(at_evening: Stage) -> None:
    app = at_evening.app()
    async with app.run_test(size=MIDDLE) as pilot:
        still(app)
        await settled(pilot, "r")
        app.go_to_instant(at(33) - timedelta(seconds=1))
        past = past_of(app)
        past.speed = 1
        await settled(pilot, "space")
        before = app.picture
        app.beat(0.5)
        assert app.picture is before, "nothing but the clock"
        app.beat(1.0)
        assert app.picture.board.seq > before.board.seq
        assert past.replay.entry.subject == "DM-06"


async def test_a_step_pauses_and_a_paused_beat_repaints_nothing(
    at_evening: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = at_evening.app()
    async with app.run_test(size=MIDDLE) as pilot:
        still(app)
        await settled(pilot, "r", "home", "space", "full_stop")
        assert not past_of(app).playing
        drawn: list[object] = []
        for widget in app.screen.walk_children():
            monkeypatch.setattr(widget, "refresh", lambda *some, **_: drawn.append(some))
        app.beat()
        assert drawn == []


# --- the line itself -------------------------------------------------------------------------------------------------


def test_weeks_before_the_window_are_pressed_together(at_evening: Stage) -> None:
    host = replay(at_evening.state_file, caller("jana"))
    begin, end = host.begin, host.end
    plain = Track.over(host, WINDOW, 100)
    assert (plain.knee, plain.knee_cell) == (begin, 0)
    late = end - timedelta(minutes=10)
    bent = Track.over(host, late, 100)
    assert bent.knee_cell == 20
    assert bent.cell(late) == 20
    assert bent.cell(late - timedelta(microseconds=1)) == 19
    for track in (plain, bent):
        assert track.instant(0) == begin
        assert track.instant(100) == end
        assert [track.cell(track.instant(cell)) for cell in range(100)] == list(range(100))
        assert track.cell(end) == 99
        assert track.cell(begin - timedelta(days=1)) == 0
        assert track.cell(end + timedelta(days=1)) == 99


def test_the_line_has_density_marks_and_the_position(at_night: Stage) -> None:
    at_night.do("gate.vote", "DM-12", by="rahul", choice=VoteChoice.GO)
    app = at_night.app()
    host = replay(at_night.state_file, caller("jana"))
    host.seek(at(100))
    for width in (200, 120, 80, 40):
        line = "".join(text for text, _ in track_line(host, app.picture, width))
        assert len(line) == width
        assert line.startswith(" Fri 17:50 ")
        assert line.endswith(" Fri 21:26 ")
        assert line.count("▼") == 1
        assert "■" in line
        assert "▲" in line
        assert "◇" in line or width == 40  # where an alert of the same minutes covers it
        x = line.index("▼")
        there = instant_at(host, app.picture, width, x)
        following = instant_at(host, app.picture, width, x + 1)
        assert there is not None
        assert following is not None
        assert there <= at(100) < following
    assert instant_at(host, app.picture, 80, 3) is None
    assert instant_at(host, app.picture, 80, 79) is None
    assert "".join(text for text, _ in track_line(host, app.picture, 30)) == " Fri 17:50  Fri 21:26 "


def test_density_counts_every_entry_once(at_night: Stage) -> None:
    host = replay(at_night.state_file, caller("jana"))
    for parts in (1, 7, 100):
        edges = [host.begin + (host.end - host.begin) * part / parts for part in range(parts + 1)]
        assert sum(host.density(edges)) == host.place[1]
    assert host.density([host.begin, host.begin]) == (1,)


def test_a_run_of_one_entry_can_be_shown(stage: Stage) -> None:
    stage.start_run(RunKind.LIVE)
    app = replaying(stage)
    host = past_of(app).replay
    assert host.begin == host.end
    line = "".join(text for text, _ in track_line(host, app.picture, 80))
    assert line.count("▼") == 1
