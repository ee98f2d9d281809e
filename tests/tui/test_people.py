"""People: who is there, the roll-call, hourly load, and the call sheet."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.tui.looking import LARGE, MIDDLE, SIZES, SMALL, SnapCompare, host_of, settled, shown, toasts
from tests.tui.stage import WINDOW, Stage
from warroom.board.night import answers_to, last_roll_call
from warroom.board.rows import Call
from warroom.tui.doing.prompt import Prompt
from warroom.tui.drawing.picked import OnPerson
from warroom.tui.people.texts import next_call
from warroom.tui.screens.people import PeopleScreen
from warroom.tui.screens.task import TaskScreen
from warroom.tui.timeline.widget import Timeline
from warroom.tui.widgets.listing import Listing


@pytest.fixture
def called(at_evening: Stage) -> Stage:
    """The roll was called; two have answered, and somebody is away."""
    at_evening.do("roll.call", title="Before the load")
    at_evening.do("roll.answer", "rahul")
    at_evening.do("roll.answer", "sofie", by="sofie")
    at_evening.do("person.away", "tomasz", reason="asleep", to_at=WINDOW + timedelta(hours=6))
    return at_evening


def answered(stage: Stage) -> set[str | None]:
    board = stage.board()
    call = last_roll_call(board)
    return set() if call is None else {board.handle(key) for key in answers_to(board, call)}


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_people(snap_compare: SnapCompare, called: Stage, size: tuple[int, int]) -> None:
    assert snap_compare(called.app(screen="people"), terminal_size=size, run_before=settled)


def test_the_call_sheet(snap_compare: SnapCompare, real_size: Stage) -> None:
    assert snap_compare(real_size.app("ana", screen="people"), terminal_size=LARGE, run_before=settled)


async def test_who_has_not_answered_stands_first_and_everybody_with_number_and_work(called: Stage) -> None:
    app = called.app(screen="people")
    async with app.run_test(size=MIDDLE) as pilot:
        await settled(pilot)
        screen = shown(app)
        for wanted in (
            "9 there",
            "1 away",
            "roll-call Before the load, 19:32: 2 of 10",
            "+49 30 23125 104",
            "away until Sat 28 Nov 00:00: asleep",
            "● running DM-07",
            "■ blocked DM-06",
            "nothing is open",
        ):
            assert wanted in screen, wanted
        assert screen.index("matteo") < screen.index("rahul  ")


async def test_the_roll_is_called_and_ticked(at_evening: Stage) -> None:
    app = at_evening.app(screen="people")
    async with app.run_test(size=SMALL) as pilot:
        await settled(pilot, "space")
        assert host_of(app).calls == []
        assert any("no roll was called" in toast for toast in toasts(app))
        await settled(pilot, "R", *"now", "enter")
        assert not isinstance(app.screen, Prompt)
        assert answered(at_evening) == set()
        people = app.screen.query_one("#people", Listing)
        people.stand_on(OnPerson("callum"))
        await settled(pilot, "space")
        assert answered(at_evening) == {"callum"}
        assert "1 of 10" in shown(app)
        assert people.picked == OnPerson("callum"), "the cursor stays with the one who was ticked"
        await settled(pilot, "space")
        assert answered(at_evening) == set()


async def test_people_tick_themselves_only(called: Stage) -> None:
    app = called.app("greta", screen="people")
    async with app.run_test(size=MIDDLE) as pilot:
        await settled(pilot)
        people = app.screen.query_one("#people", Listing)
        people.stand_on(OnPerson("matteo"))
        await settled(pilot, "space", "R")
        assert host_of(app).calls == []
        people.stand_on(OnPerson("greta"))
        await settled(pilot, "space")
        assert answered(called) == {"rahul", "sofie", "greta"}


async def test_it_opens_on_the_owner_of_the_selected_task_and_enter_shows_what_they_are_at(at_evening: Stage) -> None:
    app = at_evening.app()
    async with app.run_test(size=MIDDLE) as pilot:
        await pilot.pause()
        app.screen.query_one(Timeline).go_to("DM-09")
        await settled(pilot, "P")
        await settled(pilot)
        assert isinstance(app.screen, PeopleScreen)
        assert app.screen.picked == OnPerson("sofie")
        await settled(pilot, "enter")
        assert isinstance(app.screen, TaskScreen)
        assert app.screen.ref == "DM-09"


async def test_bridge_calls_shifts_and_numbers_outside(real_size: Stage) -> None:
    for size in (SMALL, LARGE):
        app = real_size.app("ana", screen="people")
        async with app.run_test(size=size) as pilot:
            await settled(pilot)
            if size == SMALL:
                await settled(pilot, "end", "end")
            items = app.screen.query_one("#people" if size == SMALL else "#sheet", Listing)._items
            told = "\n".join("".join(text for text, _ in line) for item in items for line in item.lines)
            for wanted in ("+49 30 23125 900", "PIN 2705", "On shift", "Outside", "Calls"):
                assert wanted in told, wanted


def test_when_a_call_is_held_next() -> None:
    once = Call.model_construct(at_s=100, every_s=None, until_s=None)
    assert [next_call(once, now) for now in (0, 100, 101)] == [100, 100, None]
    often = Call.model_construct(at_s=100, every_s=60, until_s=220)
    assert [next_call(often, now) for now in (-5, 101, 160, 161, 221)] == [100, 160, 160, 220, None]
