"""Changing the plan from the console: re-assign, re-time, re-link; and tasks that come and go meanwhile."""

from __future__ import annotations

import pytest
from textual.pilot import Pilot

from tests.tui.looking import MIDDLE, SIZES, SMALL, SnapCompare, caught_up, host_of, settled, shown, task_of, toasts
from tests.tui.stage import Stage
from warroom.actions.plan_tasks import Part
from warroom.tui.app import ConsoleApp
from warroom.tui.doing.prompt import Prompt
from warroom.tui.timeline.widget import Timeline

REAL_SCREENS = ("war-room", "owners", "alerts", "journal", "gate", "owner")


async def at(pilot: Pilot[None], app: ConsoleApp, ref: str) -> None:
    app.screen.query_one(Timeline).go_to(ref)
    await pilot.pause()


async def test_the_lead_gives_a_task_to_somebody_else(at_evening: Stage) -> None:
    app = at_evening.app("jana")
    async with app.run_test(size=MIDDLE) as pilot:
        await at(pilot, app, "DM-09")
        seen = app.host.board.last_entry("DM-09")
        await settled(pilot, "A", *"tomasz")
        assert "= " in str(app.screen.query_one("#prompt-said").render())
        await settled(pilot, "enter")
        assert isinstance(app.screen, Prompt), "a reason is needed"
        await settled(pilot, *"Sofie is ill", "enter")
        assert not isinstance(app.screen, Prompt)
        arguments = {"ref": "DM-09", "seen": seen, "people": {"owner": "tomasz"}, "reason": "Sofie is ill"}
        assert host_of(app).calls == [("task.assign", arguments)]
        assert app.host.board.handle(task_of(app, "DM-09").owner_id) == "tomasz"
        assert any("no task moves" in toast for toast in toasts(app))


async def test_an_owner_hands_a_running_task_to_the_backup_and_to_nobody_else(at_evening: Stage) -> None:
    board = at_evening.board()
    row = board.task("DM-07")
    assert row is not None
    owner, backup = board.handle(row.owner_id), board.handle(row.backup_id)
    assert owner is not None
    assert backup is not None
    app = at_evening.app(owner, screen="owner")
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        await settled(pilot, "A", *"jana", "enter", *"tired", "enter")
        assert isinstance(app.screen, Prompt)
        assert any("the lead or a deputy may do that" in toast for toast in toasts(app))
        await settled(pilot, "up", *["backspace"] * 4, *backup, "enter", "enter")
        assert app.host.board.handle(task_of(app, "DM-07").owner_id) == backup
        assert app.host.board.handle(task_of(app, "DM-07").backup_id) == owner


async def test_the_lead_plans_another_duration_and_is_told_what_moves(at_evening: Stage) -> None:
    app = at_evening.app("jana")
    async with app.run_test(size=MIDDLE) as pilot:
        await at(pilot, app, "DM-10")
        await settled(pilot, "T", *"1h30")
        assert "= 1h30" in str(app.screen.query_one("#prompt-said").render())
        await settled(pilot, "enter", *"twice the volume", "enter")
        assert task_of(app, "DM-10").duration_s == 5_400
        assert any("finish" in toast and "(+" in toast for toast in toasts(app))


async def test_what_is_no_duration_stays_in_the_prompt(at_evening: Stage) -> None:
    app = at_evening.app("jana")
    async with app.run_test(size=MIDDLE) as pilot:
        await at(pilot, app, "DM-10")
        await settled(pilot, "T", *"soon", "enter", *"x", "enter")
        assert isinstance(app.screen, Prompt)
        assert host_of(app).calls == []
        assert any("is not a duration" in toast for toast in toasts(app))


async def test_the_lead_links_and_unlinks(at_evening: Stage) -> None:
    app = at_evening.app("jana")
    async with app.run_test(size=MIDDLE) as pilot:
        await at(pilot, app, "DM-10")
        before = {task.ref for task in app.host.board.predecessors(task_of(app, "DM-10").id)}
        await settled(pilot, "L", *"DM-03 SS+15m", "enter", *"needs the list", "enter")
        assert {task.ref for task in app.host.board.predecessors(task_of(app, "DM-10").id)} == before | {"DM-03"}
        await settled(pilot, "L", *"-DM-03", "enter", *"not after all", "enter")
        assert {task.ref for task in app.host.board.predecessors(task_of(app, "DM-10").id)} == before
        await settled(pilot, "L", *"DM-15", "enter", *"no", "enter")
        assert any("wait for each other" in toast for toast in toasts(app))


@pytest.mark.parametrize(
    ("handle", "ref", "key", "why"),
    [
        ("rahul", "DM-09", "T", "only the lead or a deputy may do that"),
        ("rahul", "DM-09", "A", "the lead or a deputy may do that"),
        ("jana", "DM-07", "T", "DM-07 has begun"),
        ("jana", "DM-01", "L", "DM-01 has begun"),
        ("jana", "DM-01", "A", "whose it was stands"),
    ],
)
async def test_what_cannot_be_changed_says_why(at_evening: Stage, handle: str, ref: str, key: str, why: str) -> None:
    app = at_evening.app(handle, screen="war-room")
    async with app.run_test(size=MIDDLE) as pilot:
        await at(pilot, app, ref)
        await settled(pilot, key)
        assert not isinstance(app.screen, Prompt)
        assert any(why in toast for toast in toasts(app))


def change_everything(stage: Stage) -> None:
    """All kinds of changes, as the lead made them in the evening."""
    stage.do("task.retime", "DM-10", times={"duration_s": 3_600}, reason="twice the volume")
    stage.do("task.assign", "DM-09", people={"owner": "tomasz"}, reason="Sofie is ill")
    stage.do("task.link", "DM-10", after=["DM-03 SS+15m"], reason="it needs the list")
    stage.do("task.unlink", "DM-10", after=["DM-03"], reason="not after all")
    stage.do("task.split", "DM-09", parts=[Part("DM-09-a", 600), Part("DM-09-b", 600)], reason="two shifts")
    stage.do("task.remove", "DM-09-a", reason="done in the rehearsal")
    stage.do("run.rebaseline", reason="agreed with the sponsor")


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_the_journal_of_a_changed_plan(snap_compare: SnapCompare, at_evening: Stage, size: tuple[int, int]) -> None:
    change_everything(at_evening)
    assert snap_compare(at_evening.app(screen="journal"), terminal_size=size)


async def test_the_journal_tells_what_was_changed(at_evening: Stage) -> None:
    change_everything(at_evening)
    app = at_evening.app(screen="journal")
    async with app.run_test(size=MIDDLE) as pilot:
        await settled(pilot)
        screen = shown(app)
        for wanted in (
            "re-timed DM-10",
            "duration 10m to 1h: twice the volume",
            " owner sofie to tomasz: Sofie is ill",
            "removed, DM-09-b after DM-07: done in the rehearsal",
            "split DM-09",
            "froze the baseline",
            "agreed with the sponsor",
        ):
            assert wanted in screen, wanted


async def test_a_task_that_is_removed_under_the_cursor_and_on_its_own_screen(at_evening: Stage) -> None:
    app = at_evening.app("jana")
    async with app.run_test(size=MIDDLE) as pilot:
        await at(pilot, app, "DM-09")
        await settled(pilot, "t")
        at_evening.do("task.split", "DM-09", parts=[Part("DM-09-a", 600), Part("DM-09-b", 600)], reason="r")
        await caught_up(app, pilot)
        await settled(pilot, "n", "escape", "escape", "down", "up")
        assert "DM-09-a" in shown(app)


@pytest.mark.parametrize("screen", REAL_SCREENS)
async def test_every_screen_draws_a_changed_plan(at_night: Stage, screen: str) -> None:
    at_night.do("task.split", "DM-13", parts=[Part("DM-13-a", 600), Part("DM-13-b", 600)], reason="r")
    at_night.do("task.assign", "DM-13-b", people={"owner": "tomasz"}, reason="r")
    app = at_night.app("jana", screen=screen)
    async with app.run_test(size=MIDDLE) as pilot:
        await settled(pilot)
        at_night.do("task.remove", "DM-13-a", reason="r")
        await caught_up(app, pilot)
        assert shown(app)
