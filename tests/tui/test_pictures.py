"""The console as it looks, at the sizes that people have. The README shows one of these."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.tui.looking import LARGE, MIDDLE, SIZES, SMALL, SnapCompare, shown
from tests.tui.stage import Stage, StageHost, evening, night, second_mock, staged
from warroom.tui.timeline.widget import Timeline
from warroom.vocabulary.words import RunKind


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_the_war_room_in_the_evening(snap_compare: SnapCompare, at_evening: Stage, size: tuple[int, int]) -> None:
    async def beaten(pilot: object) -> None:
        app.beat()
        await app.workers.wait_for_complete()

    app = at_evening.app()
    assert snap_compare(app, terminal_size=size, run_before=beaten)


@pytest.mark.parametrize("size", [SMALL, MIDDLE], ids=["80x24", "120x40"])
def test_the_war_room_beyond_the_window(snap_compare: SnapCompare, at_night: Stage, size: tuple[int, int]) -> None:
    assert snap_compare(at_night.app(), terminal_size=size)


def test_the_plan_before_a_run(snap_compare: SnapCompare, stage: Stage) -> None:
    assert snap_compare(stage.app(), terminal_size=MIDDLE)


def test_a_rehearsal_of_the_real_size_plan(snap_compare: SnapCompare, tmp_path: Path) -> None:
    with staged(tmp_path / "state.db", "business-central.yaml", "ana", played=second_mock) as stage:
        assert snap_compare(stage.app("ana"), terminal_size=LARGE)


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_an_owner(snap_compare: SnapCompare, at_evening: Stage, size: tuple[int, int]) -> None:
    assert snap_compare(at_evening.app("rahul", screen="owner"), terminal_size=size)


def test_a_task_whole(snap_compare: SnapCompare, at_evening: Stage) -> None:
    assert snap_compare(at_evening.app(), terminal_size=MIDDLE, press=["enter"])


def test_a_gate_whole(snap_compare: SnapCompare, at_night: Stage) -> None:
    assert snap_compare(at_night.app(), terminal_size=MIDDLE, press=["enter"])


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_help(snap_compare: SnapCompare, at_evening: Stage, size: tuple[int, int]) -> None:
    assert snap_compare(at_evening.app(), terminal_size=size, press=["question_mark"])


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_what_keys_did(snap_compare: SnapCompare, at_evening: Stage, size: tuple[int, int]) -> None:
    keys = ["n", *"seen", "enter", "a", "escape", "Q"]
    assert snap_compare(at_evening.app(), terminal_size=size, press=keys)


def test_the_wall(snap_compare: SnapCompare, at_evening: Stage) -> None:
    assert snap_compare(at_evening.app(wall=True), terminal_size=MIDDLE)


def test_without_colours(snap_compare: SnapCompare, at_evening: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert snap_compare(at_evening.app(), terminal_size=MIDDLE)


async def test_without_colours_every_status_is_still_told(at_evening: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = at_evening.app()
    async with app.run_test(size=MIDDLE) as pilot:
        await pilot.pause()
        timeline = app.screen.query_one(Timeline)
        strips = [timeline.render_line(y) for y in range(timeline.size.height)]
        rows = {strip.text[20:25]: strip.text for strip in strips}
        assert "● running" in rows["DM-07"]
        assert "▲+40m" in rows["DM-07"], "a cause"
        assert "~+40m" in rows["DM-08"], "one that is pushed"
        assert "█" in rows["DM-07"], "own delay is dense"
        assert "░" in rows["DM-08"], "inherited delay is light"
        # Colours alone must not tell the plan from what happens: the halves of the line do.
        assert "▄" in rows["DM-08"]


@pytest.mark.parametrize(("play", "words"), [(evening, "+35m inside the window"), (night, "-6m BEYOND the window")])
@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
async def test_the_first_questions_are_answered_at_every_size(
    stage: Stage, play: Any, words: str, size: tuple[int, int]
) -> None:
    play(stage)
    app = stage.app()
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        text = shown(app)
        for wanted in ("● LIVE", words, "last back-out 21:30", "late", "Who must act", "Berlin  T+0"):
            assert wanted in text


async def test_speed_and_hold_are_told(stage: Stage) -> None:
    stage.start_run(RunKind.REHEARSAL, "fast", rate=60_000)
    app = stage.app()
    async with app.run_test(size=MIDDLE) as pilot:
        await pilot.pause()
        text = shown(app)
        assert "REHEARSAL fast" in text
        assert "60x" in text
        stage.do("run.hold")
        host = app.host
        assert isinstance(host, StageHost)
        host.catch_up()
        await pilot.pause()
        assert "HELD" in shown(app)
