"""Search over everything, and where it leads."""

from __future__ import annotations

import pytest
from textual.events import Key
from textual.pilot import Pilot
from textual.widgets import Input

from tests.tui.looking import LARGE, MIDDLE, SIZES, SMALL, SnapCompare, caught_up, host_of, settled, shown
from tests.tui.stage import Stage
from warroom.tui.drawing.picked import OnLogged, OnPart, OnPerson
from warroom.tui.screens.controls import ControlsScreen
from warroom.tui.screens.journal import JournalScreen
from warroom.tui.screens.log import LogScreen
from warroom.tui.screens.people import PeopleScreen
from warroom.tui.screens.search import SearchScreen
from warroom.tui.screens.task import TaskScreen
from warroom.tui.screens.war_room import WarRoom
from warroom.tui.widgets.listing import Listing


@pytest.fixture
def logged(at_evening: Stage) -> Stage:
    at_evening.do("problem.raise", by="greta", title="The stock report prints no totals", severity=3, tasks=["DM-06"])
    at_evening.do("log.decision", text="Load prices by hand", reason="only 40 of them")
    at_evening.do("log.paper", by="greta", text="Delivery note 4711")
    return at_evening


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_what_is_found(snap_compare: SnapCompare, logged: Stage, size: tuple[int, int]) -> None:
    async def typed(pilot: Pilot[None]) -> None:
        await settled(pilot, *"stok")

    assert snap_compare(logged.app(screen="search"), terminal_size=size, run_before=typed)


@pytest.mark.parametrize(
    ("query", "screen"),
    [
        ("dm10", TaskScreen),
        ("sign-off data", TaskScreen),
        ("kulkarni", PeopleScreen),
        ("prints no totals", LogScreen),
        ("prices hand", LogScreen),
        ("4711", LogScreen),
        ("value per place", ControlsScreen),
        ("rejects in the item file", JournalScreen),
    ],
)
async def test_enter_goes_to_the_best_of_everything(logged: Stage, query: str, screen: type) -> None:
    app = logged.app()
    async with app.run_test(size=LARGE) as pilot:
        await settled(pilot, "colon", *query, "enter")
        await settled(pilot)
        assert isinstance(app.screen, screen)
        if isinstance(app.screen, TaskScreen):
            assert app.screen.ref == ("DM-10" if query == "dm10" else "DM-12")
        elif isinstance(app.screen, PeopleScreen):
            assert app.screen.picked == OnPerson("anjali")
        elif isinstance(app.screen, LogScreen):
            wanted = {"prints no totals": "problem 1", "prices hand": "decision 1", "4711": "paper 1"}[query]
            assert app.screen.picked == OnLogged(wanted)
        elif isinstance(app.screen, ControlsScreen):
            assert app.screen.picked == OnPart("stock")
        else:
            seq = app.screen.query_one(Listing).selected_position
            entry = next(one for one in logged.state_file.entries() if one.seq == seq)
            assert (entry.action, entry.subject) == ("task.eta", "DM-07")
        await settled(pilot, "escape", "escape")
        assert isinstance(app.screen, WarRoom)
        assert host_of(app).calls == []


async def test_letters_are_typed_and_do_nothing_else(at_evening: Stage) -> None:
    app = at_evening.app("rahul")
    async with app.run_test(size=SMALL) as pilot:
        await settled(pilot, "colon", *"sdbq?Xx", "space", "1")
        assert isinstance(app.screen, SearchScreen)
        assert app.screen.query_one(Input).value == "sdbq?Xx 1"
        assert host_of(app).calls == []
        assert "enter goes there" in shown(app)


async def test_what_is_typed_faster_than_it_opens_is_typed_into_it(at_evening: Stage) -> None:
    app = at_evening.app("rahul")
    async with app.run_test(size=MIDDLE) as pilot:
        await pilot.pause()
        for character in ":stöck":
            app.post_message(Key("colon" if character == ":" else character, character))
        await settled(pilot)
        assert isinstance(app.screen, SearchScreen)
        assert app.screen.query_one(Input).value == "stöck"
        assert host_of(app).calls == []


async def test_arrows_choose_and_the_list_takes_the_keys_after_tab(at_evening: Stage) -> None:
    app = at_evening.app(screen="search")
    async with app.run_test(size=MIDDLE) as pilot:
        await settled(pilot, *"load", "down")
        assert isinstance(app.screen, SearchScreen)
        first = app.screen.found
        await settled(pilot, "down")
        second = app.screen.found
        assert first is not None
        assert second is not None
        assert first.key != second.key
        await settled(pilot, "tab")
        assert isinstance(app.focused, Listing)
        await settled(pilot, "enter")
        assert isinstance(app.screen, TaskScreen)
        assert app.screen.ref == second.key


async def test_what_others_write_is_found_too(at_evening: Stage) -> None:
    app = at_evening.app(screen="search")
    async with app.run_test(size=MIDDLE) as pilot:
        await settled(pilot, *"pallet")
        assert "nothing is called that" in shown(app)
        at_evening.do("task.note", "DM-06", by="greta", text="One pallet is missing")
        await caught_up(app, pilot)
        assert "One pallet is missing" in shown(app)
