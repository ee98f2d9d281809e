"""Backing out at the console: invoked in words, shown unmistakably, worked on like the rest."""

from __future__ import annotations

import pytest

from tests.tui.looking import MIDDLE, SIZES, SMALL, SnapCompare, host_of, settled, shown, toasts
from tests.tui.stage import Stage
from warroom.tui.doing.prompt import Prompt
from warroom.tui.screens.backout import BackoutScreen
from warroom.vocabulary.words import BackoutStage, TaskState


def back_out(stage: Stage) -> None:
    stage.do("rollback.invoke", by="helene", reason="The stock cannot be loaded")


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_the_war_room_says_so(snap_compare: SnapCompare, at_night: Stage, size: tuple[int, int]) -> None:
    back_out(at_night)
    assert snap_compare(at_night.app("jana"), terminal_size=size)


@pytest.mark.parametrize("size", [MIDDLE, SMALL])
def test_owners_see_their_tasks_of_it(snap_compare: SnapCompare, at_night: Stage, size: tuple[int, int]) -> None:
    back_out(at_night)
    assert snap_compare(at_night.app("helene", screen="owner"), terminal_size=size)


async def test_the_authority_types_what_it_does(at_night: Stage) -> None:
    app = at_night.app("helene")
    async with app.run_test(size=MIDDLE) as pilot:
        await settled(pilot, "B")
        assert isinstance(app.screen, BackoutScreen), "first it shows what would happen"
        await settled(pilot, "B")
        assert isinstance(app.screen, Prompt)
        assert "Back out of the cutover: done at" in shown(app)
        await settled(pilot, *"lost", "tab", *"yes", "enter")
        assert "type BACK-OUT to back out" in shown(app)
        assert at_night.board().backout_stage is BackoutStage.DORMANT
        await settled(pilot, *["backspace"] * 3, *"BACK", "minus", *"OUT", "enter")
        assert at_night.board().backout_stage is BackoutStage.BACKING_OUT
        assert "BACKING OUT  done at" in shown(app)
        assert [action for action, _ in host_of(app).calls] == ["rollback.invoke"]
        await settled(pilot, "B")
        assert any("was invoked already" in toast for toast in toasts(app))


async def test_nobody_else_can(at_night: Stage) -> None:
    app = at_night.app("jana")
    async with app.run_test(size=MIDDLE) as pilot:
        await settled(pilot, "B", "B")
        assert any("only the authority that the runbook names" in toast for toast in toasts(app))


@pytest.mark.parametrize("screen", ["war-room", "owner", "owners", "gate", "wall"])
async def test_every_screen_stands_it(screen: str, at_night: Stage) -> None:
    back_out(at_night)
    app = at_night.app("helene", wall=True) if screen == "wall" else at_night.app("helene", screen=screen)
    async with app.run_test(size=MIDDLE) as pilot:
        await settled(pilot)
        assert "BACKING OUT" in shown(app)


async def test_its_task_is_started_where_it_stands(at_night: Stage) -> None:
    back_out(at_night)
    app = at_night.app("helene", screen="owner")
    async with app.run_test(size=MIDDLE) as pilot:
        await settled(pilot, "s")
        task = at_night.board().task("DM-90")
        assert task is not None
        assert task.state is TaskState.RUNNING


async def test_a_reached_trigger_is_told_where_alerts_are(at_night: Stage) -> None:
    at_night.do("rollback.raise", 1, by="rahul", reason="The stock differs", measured="1,204 EUR")
    at_night.sweep()
    app = at_night.app("jana", screen="alerts")
    async with app.run_test(size=MIDDLE) as pilot:
        await settled(pilot)
        assert "trigger 1" in shown(app)
        await settled(pilot, "home", "enter")
        await settled(pilot, "escape", "g")
        assert "REACHED since" in shown(app)
