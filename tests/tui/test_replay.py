"""Looking back: the very same screens over the past, and nothing to be written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Protocol

import pytest
from textual.pilot import Pilot

from tests.cutover import caller
from tests.tui.looking import MIDDLE, SIZES, SMALL, console_screen, settled, shown, toasts
from tests.tui.replaying import at, live_host, past_of, replaying, scrubber_of, text_of
from tests.tui.stage import Stage, evening, night
from warroom.board.board import Board
from warroom.host.replay import ReplayHost, replay
from warroom.tui.app import ConsoleApp
from warroom.tui.doing.looking_back import LookingBack
from warroom.tui.doing.prompt import Prompt
from warroom.tui.keys import registry
from warroom.tui.replay.widget import Scrubber
from warroom.tui.screens.console import ConsoleScreen
from warroom.tui.screens.help import HelpScreen
from warroom.tui.timeline.widget import Timeline
from warroom.tui.widgets.header import Header
from warroom.tui.widgets.listing import Listing
from warroom.tui.widgets.painted import Lines
from warroom.tui.widgets.pane import Pane
from warroom.vocabulary.errors import Refused
from warroom.vocabulary.words import RunKind


class SnapCompare(Protocol):
    def __call__(
        self, app: Any, *, terminal_size: tuple[int, int] = ..., press: Any = ..., run_before: Any = ...
    ) -> bool: ...


# --- looking back, and return ----------------------------------------------------------------------------------------


async def test_looking_back_begins_with_what_is_live_and_escape_returns(at_evening: Stage) -> None:
    app = at_evening.app()
    async with app.run_test(size=MIDDLE) as pilot:
        await pilot.pause()
        timeline = text_of(app.screen.query_one(Timeline))
        assert not app.screen.query(Scrubber)
        await settled(pilot, "r")
        assert past_of(app).replay.instant == at(92)
        assert timeline.startswith(text_of(app.screen.query_one(Timeline)))
        assert "REPLAY of LIVE" in text_of(app.screen.query_one(Header))
        assert "● LIVE" not in shown(app)
        assert "watch ok" not in shown(app)
        assert app.screen.has_class("-run-replay")
        assert not app.screen.has_class("-run-live")
        assert app.screen.query_one("#gauge").display is False
        await settled(pilot, "comma", "comma", "escape")
        assert app.past is None
        assert text_of(app.screen.query_one(Timeline)) == timeline
        assert "● LIVE" in text_of(app.screen.query_one(Header))
        assert not app.screen.query(Scrubber)
        assert app.screen.query_one("#gauge").display is True
        assert app.screen.has_class("-run-live")


async def test_the_run_goes_on_meanwhile_and_a_banner_tells(at_evening: Stage) -> None:
    app = at_evening.app()
    async with app.run_test(size=MIDDLE) as pilot:
        await settled(pilot, "r", "home")
        assert "live: nothing new" in scrubber_of(app)[1]
        shown = text_of(app.screen.query_one(Timeline))
        at_evening.do("task.note", "DM-07", by="rahul", text="half done")
        live_host(app).catch_up()
        await pilot.pause()
        assert "live: +1 entry" in scrubber_of(app)[1]
        at_evening.to(125)
        at_evening.do("task.unblock", "DM-06", by="greta")
        live_host(app).catch_up()
        await pilot.pause()
        assert "live: +2 entries" in scrubber_of(app)[1]
        assert text_of(app.screen.query_one(Timeline)) == shown, "the past stays"
        await settled(pilot, "r")
        assert app.past is None
        assert app.picture.board.seq == live_host(app).board.seq
        assert app.picture.now == at(125)


def test_alerts_that_were_raised_meanwhile_are_loud(stage: Stage) -> None:
    moments = boards_left_behind(stage, evening)
    past = LookingBack(replay(stage.state_file, caller("jana")), moments[-3][1])
    now = stage.board()
    assert len(moments[-3][1].alerts) == 0
    assert len(now.alerts) == 2
    assert past.news(now) == (f"live: +{now.seq - moments[-3][1].seq} entries, 2 alerts", "status-late bold")


async def test_before_a_run_there_is_nothing_to_look_back_at(stage: Stage) -> None:
    app = stage.app()
    async with app.run_test(size=MIDDLE) as pilot:
        await settled(pilot, "r")
        assert app.past is None
        assert toasts(app) == ["no run has been started yet"]


async def test_a_past_that_cannot_be_read_is_told(at_evening: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    app = at_evening.app()

    async def fail() -> ReplayHost:
        raise Refused("the file is gone")

    monkeypatch.setattr(app.live, "look_back", fail)
    async with app.run_test(size=MIDDLE) as pilot:
        await settled(pilot, "r")
        assert app.past is None
        assert toasts(app) == ["the file is gone"]


async def test_another_run_started_meanwhile_is_told(at_evening: Stage) -> None:
    app = at_evening.app()
    async with app.run_test(size=MIDDLE) as pilot:
        await settled(pilot, "r", "home")
        at_evening.do("run.close")
        live_host(app).catch_up()
        await pilot.pause()
        assert "the run is closed" in scrubber_of(app)[1]
        at_evening.start_run(RunKind.REHEARSAL, "again")
        live_host(app).catch_up()
        await pilot.pause()
        assert "live: another run was started" in scrubber_of(app)[1]


async def test_a_replay_of_its_own_has_no_live_side(at_evening: Stage) -> None:
    app = replaying(at_evening)
    async with app.run_test(size=MIDDLE) as pilot:
        await settled(pilot, "escape")
        assert app.past is not None
        await settled(pilot, "r")
        assert app.past is not None
        assert any("no live console" in toast for toast in toasts(app))
        assert "live:" not in scrubber_of(app)[1]
        assert past_of(app).replay.end == at(84), "it ends with the last entry"


# --- the same screens ------------------------------------------------------------------------------------------------


def boards_left_behind(stage: Stage, play: Callable[[Stage], None]) -> list[tuple[datetime, Board]]:
    """Play a scene, and keep each Board that was live right before the clock moved on, with that instant."""
    left: list[tuple[datetime, Board]] = []
    move = stage.to

    def to(minutes: float) -> None:
        if minutes > 0:
            left.append((at(minutes) - timedelta(seconds=1), stage.board()))
        move(minutes)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stage, "to", to)
        play(stage)
    return left


def shown_of(app: ConsoleApp) -> dict[str, list[str]]:
    """The lines of everything that depends on Board and time alone."""
    shown = {pane.id or "": text_of(pane).split("\n") for pane in app.screen.query(Pane)}
    return shown | {"header": text_of(app.screen.query_one(Header)).split("\n")[1:]}


@pytest.mark.parametrize("play", [evening, night])
async def test_the_screens_show_of_an_instant_what_they_showed_live(
    stage: Stage, play: Callable[[Stage], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    moments = boards_left_behind(stage, play)
    app = stage.app()
    live = live_host(app)
    seen: list[dict[str, list[str]]] = []
    async with app.run_test(size=MIDDLE) as pilot:
        with monkeypatch.context() as then:
            for instant, board in moments:
                then.setattr(live, "_board", board)
                then.setattr(live, "wall_time", lambda instant=instant: instant)
                app.refresh_picture()
                await pilot.pause()
                seen.append(shown_of(app))
        assert app.host.board.seq == stage.board().seq
        await settled(pilot, "r")
        # The scrubber is one line higher than the gauge.
        await pilot.resize_terminal(MIDDLE[0], MIDDLE[1] + 1)
        for (instant, _), texts in zip(moments, seen, strict=True):
            app.go_to_instant(instant)
            await pilot.pause()
            assert app.picture.now == instant
            for name, lines in shown_of(app).items():
                assert lines == texts[name], (instant, name)


@pytest.mark.parametrize("size", [SMALL, MIDDLE], ids=["80x24", "120x40"])
async def test_the_owner_view_and_the_task_screen_look_back_too(at_evening: Stage, size: tuple[int, int]) -> None:
    app = at_evening.app("rahul", screen="owner")
    async with app.run_test(size=size) as pilot:
        await settled(pilot, "r")
        app.go_to_instant(at(10))
        await pilot.pause()
        assert "REPLAY of LIVE" in shown(app)
        assert "▼" in scrubber_of(app)[0]
        assert app.picture.now == at(10)
        app.show_task("DM-07")
        await pilot.pause()
        assert "REPLAY of LIVE" in shown(app)
        assert "waiting" in shown(app)
        assert "▼" in scrubber_of(app)[0]
        app.go_to_instant(at(50))
        await pilot.pause()
        assert "● running" in shown(app)
        assert len(list(app.screen_stack[0].query("*"))) <= 30
        await settled(pilot, "escape")
        assert app.past is not None, "first one screen back"
        await settled(pilot, "escape")
        assert app.past is None
        assert not app.screen.query(Scrubber)


@pytest.mark.parametrize(("key", "before", "after"), [
    ("g", "DM-12", "matteo"),
    ("a", "DM-06", "DM-07"),
    ("o", "greta", "rahul"),
    ("J", "DM-07", "entries"),
])  # fmt: skip
async def test_every_screen_looks_back(at_night: Stage, key: str, before: str, after: str) -> None:
    app = at_night.app()
    async with app.run_test(size=MIDDLE) as pilot:
        await settled(pilot, "r")
        app.go_to_instant(at(81))
        await settled(pilot, key)
        text = shown(app)
        assert "REPLAY of LIVE" in text
        assert "▼" in scrubber_of(app)[0]
        assert before in text
        if key == "J":
            assert "voted" not in text
        await settled(pilot, "end")
        assert app.picture.now == at(206)
        later = shown(app)
        assert later != text
        assert after in later
        await settled(pilot, "at", *"19:21", "enter")
        assert shown(app) == text, "back at that instant, it is as it was"
        await settled(pilot, "escape", "escape")
        assert app.past is None
        assert "REPLAY" not in shown(app)


async def test_the_footer_and_help_tell_the_keys_of_the_replay(at_evening: Stage) -> None:
    app = at_evening.app()
    async with app.run_test(size=SMALL) as pilot:
        live_footer = text_of(app.screen.query_one("#footer", Lines))
        await settled(pilot, "r")
        footer = text_of(app.screen.query_one("#footer", Lines))
        for said in ("space play", ", back", ". on", "] mark", "@ time", "/ task", "> faster", "r live", "? help"):
            assert f" {said} " in footer
        context = console_screen(app).context()
        assert {action.name for action in registry.offered(context)} == {
            action.name for action in registry.ACTIONS if action.group == "replay" and action.label
        } | {action.name for action in registry.offered(context) if action.group in ("console", "screen", "task")}
        await settled(pilot, "question_mark")
        assert isinstance(app.screen, HelpScreen)
        instant = past_of(app).replay.instant
        await settled(pilot, "end", "home", "space")
        assert (past_of(app).replay.instant, past_of(app).playing) == (instant, False), (
            "here these keys are of the list"
        )
        assert "Play, or pause" in shown(app)
        helped = {
            item.ref: item.lines[0][0][0].split() for item in app.screen.query_one("#help", Listing)._items if item.ref
        }
        assert helped["replay.begin"] == ["home"]
        assert helped["move.first"] == []
        assert helped["step.tick"] == [], "its key plays"
        await settled(pilot, "escape", "escape")
        assert text_of(app.screen.query_one("#footer", Lines)) == live_footer


# --- nothing can be written ------------------------------------------------------------------------------------------


async def back_to(base: ConsoleScreen, pilot: Pilot[None]) -> None:
    """Leave whatever was opened over a screen."""
    while pilot.app.screen_stack[-1] is not base:
        pilot.app.pop_screen()
        await pilot.pause()


@pytest.mark.parametrize("first", ["war-room", "owner"])
@pytest.mark.parametrize("handle", ["jana", "rahul", "helene"])
async def test_no_action_of_the_registry_writes_in_the_past(at_night: Stage, handle: str, first: str) -> None:
    app = at_night.app(handle, screen=first)
    live = live_host(app)
    head = at_night.state_file.head()
    asked: set[tuple[str, bool]] = set()  # an action and whether it is offered: tried on the first task where it is so
    async with app.run_test(size=MIDDLE) as pilot:
        await settled(pilot, "r", "left_square_bracket")
        base = console_screen(app)
        tasks = {(task.kind_of_task, task.state): task.ref for task in base.picture.board.tasks}  # one of each sort
        for ref in list(tasks.values()) if first == "war-room" else [""]:
            if first == "war-room":
                base.query_one(Timeline).go_to(ref)
            context = base.context()
            assert context.read_only == "the past cannot be changed"
            for action in registry.ACTIONS:
                if action.name in ("console.quit", "replay.live", "console.back", "console.palette"):
                    continue
                offered = action.why_disabled(context) is None
                if (action.name, offered) in asked:
                    continue
                asked.add((action.name, offered))
                assert not (offered and action.group == "step")
                if offered and action.group not in ("task", "gate"):
                    continue
                base.run_action_here(action, next(iter(action.keys), ""))
                assert offered or app.screen_stack[-1] is base
                await app.workers.wait_for_complete()
                await pilot.pause()
                assert not isinstance(app.screen, Prompt), action.name
                await back_to(base, pilot)
            assert app.past is not None
        writing = {"task.start", "task.done", "task.block", "task.eta", "task.note", "step.tick", "gate.vote"}
        assert {(name, False) for name in writing} <= asked
        assert not {(name, True) for name in writing} & asked
        with pytest.raises(Refused, match="the past cannot be changed"):
            await app.host.act("task.start", ref="DM-13")
    assert live.calls == []
    assert at_night.state_file.head() == head


async def test_keys_of_live_verbs_write_nothing_in_the_past(at_evening: Stage) -> None:
    app = at_evening.app("rahul", screen="owner")
    head = at_evening.state_file.head()
    async with app.run_test(size=SMALL) as pilot:
        base = console_screen(app)
        await settled(pilot, "r")
        for key in (*"sdvg", "space", "space", *"123iebupnDxXORSC"):
            await settled(pilot, key)
            assert not isinstance(app.screen, Prompt), key
            await back_to(base, pilot)
    assert live_host(app).calls == []
    assert at_evening.state_file.head() == head


# --- as it looks -----------------------------------------------------------------------------------------------------


async def _looking_back(pilot: Pilot[None]) -> None:
    await settled(pilot, "r", "at", *"20:20", "enter", "right_square_bracket")


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_the_war_room_in_a_replay(snap_compare: SnapCompare, at_night: Stage, size: tuple[int, int]) -> None:
    assert snap_compare(at_night.app(), terminal_size=size, run_before=_looking_back)


def test_an_owner_in_a_replay(snap_compare: SnapCompare, at_night: Stage) -> None:
    assert snap_compare(at_night.app("rahul", screen="owner"), terminal_size=SMALL, run_before=_looking_back)
