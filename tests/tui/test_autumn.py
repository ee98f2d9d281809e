"""The night in which clocks go back: 02:00 to 03:00 in Berlin comes twice on 25 October 2026."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.cutover import numbered_ids
from tests.tui.looking import SMALL, settled, shown
from tests.tui.stage import Stage
from warroom.actions import plan
from warroom.board.rows import Task
from warroom.clock.source import SteppedClock
from warroom.resources import folder
from warroom.runbook.reader import read_runbook
from warroom.store.statefile import StateFile
from warroom.tui.timeline.widget import Timeline
from warroom.vocabulary.words import RunKind

MIDNIGHT = datetime(2026, 10, 24, 22, tzinfo=UTC)
"""In Berlin; the first 02:30 is two and a half hours later, the second one an hour after that."""

FIRST, SECOND = datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


def at(hour: int, minute: int) -> datetime:
    return datetime(2026, 10, 25, hour, minute, tzinfo=UTC)


@contextmanager
def autumn(path: Path) -> Iterator[Stage]:
    """The first cutover, live, in that night; DM-02 is under way."""
    clock = SteppedClock(MIDNIGHT)
    document = read_runbook(folder("sample_runbooks") / "first-cutover.yaml")
    length = document.window.end - document.window.start
    window = replace(document.window, start=MIDNIGHT, end=MIDNIGHT + length, restore_by=MIDNIGHT + length)
    plan.init(path, replace(document, window=window), name="autumn", handle="jana", clock=clock, new_id=numbered_ids())
    with StateFile.open(path, clock=clock, new_id=numbered_ids(1_000)) as state_file:
        stage = Stage(state_file, clock)
        stage.start_run(RunKind.LIVE)
        stage.finish("DM-01")
        stage.do("task.start", "DM-02", by="imogen")
        yield stage


def task_of(stage: Stage, ref: str) -> Task:
    task = stage.board().task(ref)
    assert task is not None
    return task


NOWS = pytest.mark.parametrize(
    ("now", "clock", "meant"),
    [
        (at(0, 10), "02:10", FIRST),
        (at(0, 40), "02:40", SECOND),
        (at(1, 10), "02:10", SECOND),
    ],
    ids=["first", "between", "second"],
)


@NOWS
@pytest.mark.parametrize("screen", ["owner", "war-room"])
async def test_an_eta_in_the_hour_that_comes_twice_is_the_next_one(
    tmp_path: Path, screen: str, now: datetime, clock: str, meant: datetime
) -> None:
    with autumn(tmp_path / "state.db") as stage:
        stage.clock.move_to(now)
        zone = "CEST" if now < at(1, 0) else "CET"
        app = stage.app("imogen" if screen == "owner" else "jana", screen=screen)
        async with app.run_test(size=SMALL) as pilot:
            await settled(pilot)
            head = shown(app).splitlines()[0]
            seconds = ":00" if screen == "war-room" else ""
            assert f"Sun 2026-10-25 {clock}{seconds} {zone} " in head
            assert "Nordhafen" in head, "the programme keeps its name"
            assert not re.search(r"(?<!\d\d:\d\d)(?<!\d\d:\d\d:\d\d) CES?T", shown(app)), "a time keeps its hour"
            if screen == "war-room":
                app.screen.query_one(Timeline).go_to("DM-02")
                await settled(pilot)
            await settled(pilot, "e", *"02:30")
            said = "CEST" if meant == FIRST else "CET"
            minutes = int((meant - now).total_seconds()) // 60
            assert f"= 02:30 {said}, in {minutes}m" in shown(app)
            await settled(pilot, "enter", *"the carrier", "enter")
            assert task_of(stage, "DM-02").eta == meant
            assert f"02:30 {said}" in shown(app)


async def test_the_timeline_tells_which_hour_it_is(tmp_path: Path) -> None:
    with autumn(tmp_path / "state.db") as stage:
        stage.clock.move_to(at(1, 10))
        app = stage.app("jana")
        async with app.run_test(size=(160, 45)) as pilot:
            await settled(pilot)
            assert "02:10 CET ▼" in app.screen.query_one(Timeline).render_line(0).text


async def test_a_sheet_says_which_of_two_times_is_meant_and_takes_the_other(tmp_path: Path) -> None:
    with autumn(tmp_path / "state.db") as stage:
        stage.clock.move_to(at(1, 50))
        app = stage.app("jana", screen="scribe")
        async with app.run_test(size=SMALL) as pilot:
            await settled(pilot, *"imogen", "f5")
            assert "Nordhafen" in shown(app).splitlines()[0]
            await settled(pilot, *"all", "tab", *"0230")
            assert "the second of two; the first is T+02:30" in shown(app)
            await settled(pilot, *["backspace"] * 4, *"T+2:30")
            assert "the first of two; the second is T+03:30" in shown(app)
            await settled(pilot, "ctrl+s", "enter")
        done = [
            entry for entry in stage.state_file.entries() if (entry.action, entry.subject) == ("task.done", "DM-02")
        ]
        assert [one.effective_at for one in done] == [FIRST]
