"""A client that types faster than screens open and close, or a hostile one, ends nothing and does nothing twice."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from random import Random
from typing import Any

import pytest
from textual.command import CommandList
from textual.events import Paste
from textual.widgets import Input

from tests.tui.looking import at_once, host_of, settled, shown
from tests.tui.stage import Stage, StageHost, night, staged
from warroom.board.board import Board
from warroom.tui.app import ConsoleApp
from warroom.tui.doing.prompt import Prompt
from warroom.tui.keys import registry
from warroom.tui.palette import Palette
from warroom.tui.screens.console import ConsoleScreen
from warroom.tui.screens.task import TaskScreen

SIZE = (120, 40)

WHOLE = bool(os.environ.get("WARROOM_SOAK"))
SEEDS, BURSTS = (range(30), 40) if WHOLE else (range(2), 12)

OFTEN = ["ctrl+p", "ctrl+p", "enter", "enter", "enter", "escape", "escape", "escape", "down", "tab", "space", "f2", "r"]
OFTEN += ["t", "w", "g", "a", "J", "b", "e", "i", "o", "N", "P", "M", "q", "slash", "colon", "question_mark", "&", "!"]
"""What opens and closes something."""


@pytest.mark.parametrize("keys", [("enter",) * 2, ("enter",) * 3 + ("escape",), ("enter", "escape", "enter")])
@pytest.mark.parametrize("asked", ["write a note", "open the journal", "denser"])
async def test_what_is_chosen_twice_in_the_palette_is_done_once(
    at_evening: Stage, asked: str, keys: tuple[str, ...]
) -> None:
    app = at_evening.app("jana")
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot, "ctrl+p", *asked)
        await pilot.pause()
        await settled(pilot, "down")
        await at_once(pilot, *keys)
        assert app._exception is None
        opened = [type(screen) for screen in app.screen_stack]
        assert Palette not in opened
        assert len(set(opened)) == len(opened)  # an enter that came after it was open may have gone on from there
        if "escape" not in keys:
            assert app.compact is (asked == "denser")


@pytest.mark.parametrize("asked", ["write a note", "go back", "denser"])
async def test_what_a_double_click_chooses_in_the_palette_is_done_once(at_evening: Stage, asked: str) -> None:
    app = at_evening.app("jana")
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot, "ctrl+p", *asked)
        await pilot.pause()
        await settled(pilot, "down")
        palette = app.screen
        for _ in range(2):  # both are under way before the first is looked at
            palette.query_one(CommandList).action_select()
        palette.post_message(Input.Submitted(palette.query_one(Input), asked))
        await settled(pilot)
        assert app._exception is None
        assert len(app.screen_stack) == (2 if asked == "write a note" else 1)
        assert app.compact is (asked == "denser")


async def test_a_screen_that_is_left_twice_does_not_close_the_one_below(at_evening: Stage) -> None:
    app = at_evening.app("jana")
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot, "t", "n")
        task, prompt = app.screen_stack[-2:]
        assert isinstance(prompt, Prompt)
        prompt.dismiss(False)
        prompt.dismiss(False)
        await pilot.pause()
        assert app.screen is task


async def test_a_screen_is_left_before_it_is_there(at_evening: Stage) -> None:
    app = at_evening.app("jana")
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        for _ in range(3):
            screen = TaskScreen("DM-07")
            app.push_screen(screen)
            screen.dismiss()
        await pilot.pause()
        assert len(app.screen_stack) == 1


async def test_a_prompt_that_is_through_closes_itself_and_not_what_lies_above(at_evening: Stage) -> None:
    app = at_evening.app("jana")
    host, let = host_of(app), asyncio.Event()
    act = host.act

    async def slowly(action: str, **arguments: Any) -> Board:
        await let.wait()
        return await act(action, **arguments)

    host.act = slowly  # type: ignore[method-assign]
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot, "n")
        await pilot.press(*"well", "enter")
        await pilot.press("ctrl+p")
        assert isinstance(app.screen, Palette)
        let.set()
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert not any(isinstance(screen, Prompt) for screen in app.screen_stack)
        assert isinstance(app.screen, ConsoleScreen)


def random_burst(random: Random) -> list[str]:
    """Some keys; none that leaves at once."""
    known = sorted(registry.bound_keys() - {"ctrl+q"})
    return [random.choice(OFTEN if random.random() < 0.8 else known) for _ in range(random.randint(2, 12))]


async def press_bursts(app: ConsoleApp, random: Random) -> None:
    host = app.live
    assert isinstance(host, StageHost)
    typed: list[list[str]] = []
    async with app.run_test(size=SIZE) as pilot:
        while app.is_running and not app._exit and len(typed) < BURSTS:
            typed.append(random_burst(random))
            await at_once(pilot, *typed[-1])
            host.catch_up()
            assert app._exception is None, typed[-3:]


@pytest.mark.soak
@pytest.mark.timeout(3_600 if WHOLE else 120)
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("handle", "options"), [("jana", {}), ("matteo", {"screen": "owner"})], ids=["lead", "owner"])
async def test_bursts_of_random_keys(tmp_path: Path, handle: str, options: dict[str, Any], seed: int) -> None:
    with staged(tmp_path / "state.db") as stage:
        night(stage)
        await press_bursts(stage.app(handle, **options), Random(f"{handle}{seed}"))


async def test_a_paste_that_is_too_long_is_told(at_evening: Stage) -> None:
    app = at_evening.app("jana")
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot, "n", *"so far")
        app.post_message(Paste("x" * 4_000))
        await settled(pilot)
        assert "an answer has at most 4,000 characters; nothing was added" in shown(app)
        assert "so far" in shown(app)
