"""Words that follow a refused key are passed over; they are never taken for commands."""

from __future__ import annotations

import pytest
from textual.pilot import Pilot

from tests.tui.looking import MIDDLE, host_of, select, settled, toasts
from tests.tui.stage import Stage
from warroom.tui.app import ConsoleApp
from warroom.tui.doing.prompt import Prompt
from warroom.tui.doing.words_follow import FOLLOWED, PAUSE_S, WordsFollow
from warroom.tui.keys import registry
from warroom.tui.screens.console import ConsoleScreen
from warroom.tui.screens.first import ASIDE, FIRST
from warroom.tui.screens.search import SearchScreen
from warroom.tui.screens.typing import TypingScreen
from warroom.tui.widgets.filter_bar import FilterBar

SCREENS = sorted({*FIRST, *ASIDE} - {"search", "scribe", "sheet"})
WORDS = (*"sdm1x", "space", *"vyzq")


@pytest.fixture(autouse=True)
def people_pause() -> None:
    """Not here."""


def test_words_end_with_a_pause_or_with_what_is_no_part_of_them() -> None:
    words = WordsFollow()
    assert not words.passes_over("s", True, 0.0)
    words.refused(["task.start", "task.note"], 1.0)
    assert words.passes_over("s", True, 1.0 + PAUSE_S * 0.9)
    assert words.tell_once()
    assert not words.tell_once()
    assert words.passes_over("space", True, 1.0 + PAUSE_S * 1.8)
    assert not words.passes_over("s", True, 1.0 + PAUSE_S * 2.8)
    words.refused(["list.filter"], 5.0)
    assert not words.passes_over("down", False, 5.1)
    assert not words.passes_over("s", True, 5.2)
    words.refused(["list.filter"], 6.0)
    assert not words.passes_over("escape", False, 6.1)  # no word was typed yet: it goes back, as it says
    words.refused(["list.filter"], 7.0)
    assert words.passes_over("a", True, 7.1)
    assert words.tell_once()
    assert words.passes_over("enter", False, 7.2)
    assert not words.passes_over("s", True, 7.3)
    words.refused(["move.up", "task.start"], 8.0)
    assert not words.passes_over("s", True, 8.1)


def test_what_is_followed_by_words_is_known_by_the_names_of_actions() -> None:
    assert {action.name for action in registry.ACTIONS} >= FOLLOWED


async def on_screen(pilot: Pilot[None], name: str) -> ConsoleScreen:
    """Show a screen that is not the first one."""
    app = pilot.app
    assert isinstance(app, ConsoleApp)
    await settled(pilot)
    if name not in FIRST:
        app.show_beside(name, "DM-13")
        await settled(pilot)
    assert isinstance(app.screen, ConsoleScreen)
    return app.screen


@pytest.mark.parametrize("name", SCREENS)
async def test_words_after_a_refused_key_do_nothing_on_any_screen(at_night: Stage, name: str) -> None:
    app = at_night.app(screen=name if name in FIRST else "war-room")
    async with app.run_test(size=MIDDLE) as pilot:
        before = await on_screen(pilot, name)
        for key in ("slash", "colon", "n", "at", "L"):
            action = registry.meant_by(key, before.context())
            if action is not None and action.why_disabled(before.context()) is None:
                continue  # it is offered here, and takes the words itself
            app.clear_notifications()
            await settled(pilot, key, *WORDS, "enter")
            assert app.screen is before
            assert host_of(app).calls == []
            assert app.marked == frozenset()
            assert any("they might be words" in said for said in toasts(app))


async def test_a_note_without_a_task_does_not_start_another(at_evening: Stage) -> None:
    app = at_evening.app(read_only=True)
    async with app.run_test(size=MIDDLE) as pilot:
        await settled(pilot)
        select(app, "DM-08")
        await settled(pilot, "n", *"aN", "enter")
        assert len(app.screen_stack) == 1


@pytest.mark.parametrize("name", [name for name in SCREENS if name in FIRST])
async def test_whatever_asks_for_words_is_known_to(at_night: Stage, name: str) -> None:
    """Of all that is offered there: what opens a question or a line to type in."""
    app = at_night.app(screen=name)
    async with app.run_test(size=(200, 60)) as pilot:
        screen = await on_screen(pilot, name)
        asked: set[str] = set()
        for action in registry.ACTIONS:
            context = screen.context()
            if action.name == "console.quit" or not action.keys or action.why_disabled(context) is not None:
                continue
            if registry.meant_by(action.keys[0], context) is not action:
                continue
            await settled(pilot, action.keys[0])
            top = app.screen
            if isinstance(top, Prompt | SearchScreen | TypingScreen) or isinstance(app.focused, FilterBar):
                asked.add(action.name)
            while app.screen is not screen:
                app.screen.dismiss()
                await settled(pilot)
            if app.past is not None:
                app.return_to_live()
            screen.leave_one_level()
        assert asked <= FOLLOWED
        assert "shout.say" in asked
