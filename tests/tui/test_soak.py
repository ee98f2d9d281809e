"""A console that is open for a whole weekend: neither its widgets nor what it keeps in memory grow."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from functools import _lru_cache_wrapper
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widget import Widget

from tests.soaking import LONG, times
from tests.tui.stage import Stage, StageHost
from warroom.tui.app import ConsoleApp
from warroom.tui.screens.console import ConsoleScreen

TIMES = times(short=200, whole=1)
"""The short form does so many times less."""

SIZE = (120, 40)

pytestmark = LONG


@pytest.fixture(autouse=True)
def everything_counts() -> Iterator[None]:
    """What was set aside when the tests were collected, the caches among it, is found again."""
    gc.unfreeze()
    yield
    gc.collect()
    gc.freeze()


def alive() -> tuple[int, int]:
    """Widgets, and objects of all kinds, that are alive. Caches of bounded size, of which Textual keeps some that hold
    what closed screens had drawn, are emptied first: how full they are is chance."""
    for cache in [one for one in gc.get_objects() if isinstance(one, _lru_cache_wrapper)]:
        cache.cache_clear()
    gc.collect()
    objects = gc.get_objects()
    return sum(isinstance(one, Widget) for one in objects), len(objects)


class Growth:
    """Compares what is alive at two moments."""

    def __init__(self) -> None:
        self.widgets, self.objects = alive()

    async def insist_on_none(self, pilot: Pilot[Any], repeated: int) -> None:
        """No widget more than before, and less than one object for ten times that something was done."""
        for _ in range(50):
            widgets, objects = alive()
            if widgets <= self.widgets:
                break
            await pilot.pause()  # a screen that was closed takes its widgets down in its own time
        assert widgets <= self.widgets, f"{widgets - self.widgets} widgets are left of {repeated}"
        allowed = 500 + repeated // 10
        assert objects - self.objects <= allowed, f"{objects - self.objects} objects are left of {repeated}"


async def test_focus_changes(at_evening: Stage) -> None:
    app = at_evening.app()
    async with app.run_test(size=SIZE) as pilot:
        await change_focus(app, pilot, 50)
        growth = Growth()
        await change_focus(app, pilot, 10_000 // TIMES)
        await growth.insist_on_none(pilot, 10_000 // TIMES)


async def change_focus(app: ConsoleApp, pilot: Pilot[Any], times: int) -> None:
    for number in range(times):
        app.screen.focus_next()
        if number % 10 == 0:
            await pilot.pause()
    await pilot.pause()


@pytest.mark.parametrize(
    "keys",
    [
        ("n", "escape"),
        ("b", "escape"),
        ("ctrl+p", "escape"),
        ("question_mark", "escape"),
        ("Q", "escape"),
        ("q", "escape"),
    ],
)
async def test_screens_that_open_and_close(at_evening: Stage, keys: tuple[str, ...]) -> None:
    app = at_evening.app()
    async with app.run_test(size=SIZE) as pilot:
        await open_and_close(app, pilot, keys, 3)
        growth = Growth()
        await open_and_close(app, pilot, keys, 1_000 // TIMES)
        await growth.insist_on_none(pilot, 1_000 // TIMES)


async def open_and_close(app: ConsoleApp, pilot: Pilot[Any], keys: tuple[str, ...], times: int) -> None:
    opening, closing = keys
    for _ in range(times):
        await pilot.press(opening)
        assert len(app.screen_stack) == 2
        await pilot.press(closing)
        assert len(app.screen_stack) == 1
    await pilot.pause()


async def test_narrowing_down_and_marking(at_evening: Stage) -> None:
    app = at_evening.app()
    keys = ("slash", "d", "m", "enter", "m", "escape", "escape")
    async with app.run_test(size=SIZE) as pilot:
        for _ in range(3):
            await pilot.press(*keys)
        growth = Growth()
        repeated = 1_000 // TIMES
        for _ in range(repeated):
            await pilot.press(*keys)
        await pilot.pause()
        await growth.insist_on_none(pilot, repeated)
        assert not app.marked
        assert len(app.screen_stack) == 1


@pytest.mark.parametrize("first", ["war-room", "owner"])
async def test_entries(at_evening: Stage, first: str) -> None:
    app = at_evening.app("rahul", screen=first)
    async with app.run_test(size=SIZE) as pilot:
        await write_entries(at_evening, app, pilot, 20)
        growth = Growth()
        await write_entries(at_evening, app, pilot, 10_000 // TIMES)
        await growth.insist_on_none(pilot, 10_000 // TIMES)
        assert app.picture.board.seq == at_evening.state_file.head().seq


async def write_entries(stage: Stage, app: ConsoleApp, pilot: Pilot[Any], count: int) -> None:
    host = app.live
    assert isinstance(host, StageHost)
    for number in range(count):
        stage.do("step.untick" if number % 2 else "step.tick", "DM-07", by="rahul", positions=[2])
        host.catch_up()
        if number % 10 == 9:
            await pilot.pause()
    await pilot.pause()


async def test_a_screen_that_was_left_is_gone(at_evening: Stage) -> None:
    app = at_evening.app()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("t", "escape", "t", "escape")
        await pilot.pause()
        gc.collect()
        screens = [one for one in gc.get_objects() if isinstance(one, Screen) and one.is_attached]
        assert [type(screen).__name__ for screen in screens if isinstance(screen, ConsoleScreen)] == ["WarRoom"]
