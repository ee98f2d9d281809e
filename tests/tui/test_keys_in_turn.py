"""Keys that come at once, as a slow line brings them, do what they do one by one."""

from __future__ import annotations

import asyncio

from textual.events import Key
from textual.keys import _character_to_key
from textual.pilot import Pilot

from tests.tui.looking import MIDDLE, SMALL, at_once, settled
from tests.tui.stage import Stage
from warroom.tui.app import ConsoleApp
from warroom.tui.keys.keys_in_turn import LOST_AFTER_S, CameThrough, KeysInTurn
from warroom.tui.screens.console import ConsoleScreen
from warroom.tui.timeline.widget import Timeline
from warroom.tui.widgets.filter_bar import FilterBar


async def until_typed(pilot: Pilot[None], text: str) -> None:
    bar = pilot.app.screen.query_one(FilterBar)
    async with asyncio.timeout(20):
        while len(bar.value) < len(text):
            await asyncio.sleep(0)
    assert bar.value == text


async def test_what_follows_the_filters_key_is_typed_into_the_filter(at_evening: Stage) -> None:
    app: ConsoleApp = at_evening.app()
    before = at_evening.state_file.head()
    async with app.run_test(size=MIDDLE) as pilot:
        await settled(pilot)
        await at_once(pilot, *"/stock sx")
        screen = app.screen
        assert isinstance(screen, ConsoleScreen)
        assert screen.query_one(FilterBar).value == "stock sx"
    assert at_evening.state_file.head() == before, "none of them was a command"


async def test_what_follows_enter_goes_to_the_list_again(at_evening: Stage) -> None:
    app: ConsoleApp = at_evening.app()
    async with app.run_test(size=SMALL) as pilot:
        await settled(pilot, "slash", "D", "M")
        await at_once(pilot, "enter", "j", "j")
        screen = app.screen
        assert isinstance(screen, ConsoleScreen)
        assert screen.query_one(FilterBar).value == "DM"
        assert isinstance(app.focused, Timeline)


async def test_whenever_they_come_they_keep_their_order(at_evening: Stage) -> None:
    app: ConsoleApp = at_evening.app()
    text = "the quick brown fox jumps over the lazy dog"
    async with app.run_test(size=MIDDLE) as pilot:
        await settled(pilot, "slash")
        for number, character in enumerate(text):
            event = Key(_character_to_key(character), character)
            event.set_sender(app)
            app.post_message(event)
            for _ in range(number % 4):
                await asyncio.sleep(0)
        await settled(pilot)
        await until_typed(pilot, text)


async def test_one_whose_screen_goes_away_holds_up_no_other(at_evening: Stage) -> None:
    app: ConsoleApp = at_evening.app()
    async with app.run_test(size=MIDDLE) as pilot:
        await settled(pilot)
        await at_once(pilot, "question_mark", "escape", "a", "escape", "question_mark", "escape", "g")
        assert isinstance(app.screen, ConsoleScreen)
        assert app.screen.SCREEN_NAME == "gate"


class Deaf:
    """A widget that takes what it is given, and never hands it on."""

    is_running = True

    def post_message(self, message: object) -> bool:
        return isinstance(message, CameThrough)


async def test_a_key_that_never_comes_back_is_given_up() -> None:
    given: list[Key] = []

    class App:
        def post_message(self, event: Key) -> bool:
            given.append(event)
            return True

    keys = KeysInTurn(App())  # type: ignore[arg-type]
    keys.sent(Deaf())  # type: ignore[arg-type]
    later = Key("a", "a")
    assert keys.must_wait(later)
    async with asyncio.timeout(100 * LOST_AFTER_S):
        while not given:
            await asyncio.sleep(0.01)
    assert given == [later]
    assert not keys.must_wait(later)
