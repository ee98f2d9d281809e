"""The owner's screen: now with everything, next with when and what it waits for, later folded; all by keys."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cutover import Cutover, document, task
from tests.tui.looking import MIDDLE, SIZES, SMALL, SnapCompare, caught_up, settled, shown, toasts
from tests.tui.stage import Stage, StageHost, second_mock, staged
from warroom.runbook.document import RunbookDocument
from warroom.tui.app import ConsoleApp
from warroom.tui.owners.own_tasks import LATER
from warroom.tui.screens.owner import OwnerView
from warroom.tui.screens.task import TaskScreen
from warroom.tui.widgets.listing import Listing
from warroom.vocabulary.words import TaskState


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_later_is_folded(snap_compare: SnapCompare, tmp_path: Path, size: tuple[int, int]) -> None:
    with staged(tmp_path / "state.db", "business-central.yaml", "ana", played=second_mock) as stage:
        assert snap_compare(stage.app("dario", screen="owner"), terminal_size=size)


async def test_now_says_how_long_the_eta_with_its_age_and_what_moves(at_evening: Stage) -> None:
    app = at_evening.app("rahul", screen="owner")
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        screen = shown(app)
        for wanted in (
            "running 45m of 20m",
            'ETA 19:45, in 13m (by rahul 8m ago: "rejects in the item file")',
            "late: +38m by itself, +2m pushed by what comes before",
            "waits for this: DM-08 you, DM-09 sofie; DM-12 moves to 20:50 (a guess)",
            "inside the window",
            "last back-out 21:30",
        ):
            assert wanted in screen
        assert "about 19:45" in screen
        assert "waits for DM-07" in screen


async def test_an_owner_works_through_a_task_by_keys_alone(at_evening: Stage) -> None:
    app = at_evening.app("rahul", screen="owner")
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        await settled(pilot, "space", "space", "n", *"two rows left", "enter", "d")
        assert "verifying" not in shown(app), "it is out of the owner's hands"
        assert "executed 19:32, now" in shown(app), "what is done is not about to begin"
        assert "waits for sofie to verify" in shown(app)
        board = at_evening.board()
        task = board.task("DM-07")
        assert task is not None
        assert task.state is TaskState.VERIFYING
        assert [note.text for note in board.notes(task.id)] == ["two rows left"]
        assert [step.ticked_at is not None for step in board.steps(task.id)] == [True, True, True, False, False]


async def test_what_others_do_moves_now_and_next(at_evening: Stage) -> None:
    app = at_evening.app("sofie", screen="owner")
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        assert "nothing is waiting for you" in shown(app)
        at_evening.to(100)
        at_evening.tick_all("DM-07")
        at_evening.do("task.done", "DM-07", by="rahul")
        await caught_up(app, pilot)
        assert "verify: done by rahul" in shown(app)
        await settled(pilot, "v")
        task = at_evening.board().task("DM-07")
        assert task is not None
        assert task.state is TaskState.DONE
        assert "ready, takes 20m" in shown(app), "now DM-09 is up"


async def test_enter_unfolds_what_comes_later_and_opens_a_task(tmp_path: Path) -> None:
    with staged(tmp_path / "state.db", "business-central.yaml", "ana", played=second_mock) as stage:
        app = stage.app("dario", screen="owner")
        async with app.run_test(size=SMALL) as pilot:
            await pilot.pause()
            mine = app.screen.query_one(Listing)
            folded = mine.item_count
            await settled(pilot, "end")
            assert mine.selected == LATER
            await settled(pilot, "s", "b")
            assert toasts(app) == ["no task is selected"] * 2
            await settled(pilot, "enter")
            assert mine.item_count > folded
            assert mine.selected == LATER
            await settled(pilot, "enter")
            assert mine.item_count == folded
            await settled(pilot, "up", "enter")
            assert isinstance(app.screen, TaskScreen)
            await settled(pilot, "escape")
            assert isinstance(app.screen, OwnerView)


async def test_a_seat_is_told_to_vote_and_then_that_it_has(at_night: Stage) -> None:
    app = at_night.app("helene", screen="owner")
    async with app.run_test(size=MIDDLE) as pilot:
        await pilot.pause()
        assert "due 20:30, 56m ago, vote (v)" in shown(app)
        await settled(pilot, "v", "g")
        assert "you have voted" in shown(app)


LONG = "\n".join(f"- line {number} of what to do" for number in range(1, 21))


@pytest.mark.parametrize(("size", "last"), [(SMALL, 3), ((80, 60), 20)], ids=["80x24", "80x60"])
async def test_instructions_take_the_room_there_is(
    rehearse: Callable[[RunbookDocument], Cutover], size: tuple[int, int], last: int
) -> None:
    plan = document(task("A", 30, instructions=LONG, steps=tuple(f"step {number}" for number in range(1, 13))))
    cutover = rehearse(plan)
    app = ConsoleApp(StageHost(cutover.state_file, "omar"), screen="owner")
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        assert f"line {last} of what to do" in shown(app)
        assert ("enter shows all of it" in shown(app)) is (last < 20)


async def test_the_footer_of_a_small_terminal_offers_all_that_an_owner_does(at_evening: Stage) -> None:
    at_evening.tick_all("DM-07")
    app = at_evening.app("rahul", screen="owner", machine=None)
    async with app.run_test(size=SMALL) as pilot:
        await settled(pilot)
        for offered in (" p progress ", " i proof ", " A re-assign ", " D result ", " d done ", " ? help "):
            found = offered in shown(app)
            assert found is (offered != " i proof "), offered
    at_evening.do("step.untick", "DM-07", by="rahul", positions=[3])
    app = at_evening.app("rahul", screen="owner")
    async with app.run_test(size=SMALL) as pilot:
        await settled(pilot)
        assert " i proof " in shown(app)
        await settled(pilot, "enter")
        assert " p progress " in shown(app)
    app = at_evening.app("rahul")
    async with app.run_test(size=SMALL) as pilot:
        await settled(pilot)
        assert " p progress " not in shown(app)
