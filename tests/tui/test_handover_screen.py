"""The shift hand-over: what whoever comes in must know, offered and accepted."""

from __future__ import annotations

import pytest

from tests.tui.looking import MIDDLE, SIZES, SMALL, SnapCompare, host_of, settled, shown, toasts
from tests.tui.stage import Stage
from warroom.board.rows import ShiftHandover
from warroom.tui.screens.shift import ShiftScreen


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_a_shift_that_is_offered(snap_compare: SnapCompare, at_evening: Stage, size: tuple[int, int]) -> None:
    at_evening.do("handover.give", "rahul", by="rahul", to="anjali", note="rejects are in the folder")
    at_evening.do("problem.raise", title="Empty rows", severity=2, owner="rahul")
    assert snap_compare(at_evening.app("anjali", screen="handover"), terminal_size=size)


async def test_all_that_whoever_comes_in_must_know(at_night: Stage) -> None:
    app = at_night.app("helene")
    async with app.run_test(size=MIDDLE) as pilot:
        await settled(pilot, "E")
        assert isinstance(app.screen, ShiftScreen)
        screen = shown(app)
        for wanted in ("helene · Helene Voss", "not offered yet", "◆ DM-12 Data sign-off", "◆ DM-14", "expected"):
            assert wanted in screen, wanted
    app = at_night.app("rahul", screen="handover")
    async with app.run_test(size=MIDDLE) as pilot:
        await settled(pilot)
        screen = shown(app)
        assert "Done since 17:50  3" in screen
        assert "DM-08 Load open invoices" in screen


async def test_it_is_offered_and_accepted_by_the_one_coming_in(at_evening: Stage) -> None:
    app = at_evening.app("rahul", screen="handover")
    async with app.run_test(size=SMALL) as pilot:
        await settled(pilot)
        assert "ETA 19:45: rejects in the item file" in shown(app)
        await settled(pilot, "o", *"anjali", "tab", *"in the folder", "enter")
        (offer,) = at_evening.board().rows(ShiftHandover).values()
        assert (at_evening.board().handle(offer.coming_id), offer.note) == ("anjali", "in the folder")
        assert "offered to anjali" in shown(app)
        await settled(pilot, "H")
        assert any("themselves" in toast for toast in toasts(app))
    app = at_evening.app("anjali", screen="handover")
    async with app.run_test(size=SMALL) as pilot:
        await settled(pilot)
        assert "rahul · Rahul Deshmukh" in shown(app), "what is offered to oneself comes first"
        assert "in the folder" in shown(app)
        await settled(pilot, "H")
        board = at_evening.board()
        task = board.task("DM-07")
        assert task is not None
        assert board.handle(task.owner_id) == "anjali"


async def test_others_are_turned_to_but_not_offered(at_evening: Stage) -> None:
    app = at_evening.app("rahul", screen="handover")
    async with app.run_test(size=MIDDLE) as pilot:
        await settled(pilot, "right")
        assert isinstance(app.screen, ShiftScreen)
        assert app.screen.person is not None
        assert app.screen.person.handle != "rahul"
        await settled(pilot, "o", "H")
        assert host_of(app).calls == []
        await settled(pilot, "left")
        assert app.screen.person.handle == "rahul"
        assert "1 of 9" in shown(app)
