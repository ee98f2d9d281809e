"""Shifts, substitutes and backups in the console: what is offered follows from who is away and who stands in."""

from __future__ import annotations

from datetime import timedelta

from tests.tui.looking import caught_up, host_of, settled, shown, toasts
from tests.tui.stage import WINDOW, Stage
from warroom.tui.keys import registry
from warroom.tui.screens.console import ConsoleScreen
from warroom.tui.timeline.widget import Timeline

SIZE = (160, 45)


async def test_a_shift_that_is_offered_is_accepted_by_one_key(at_evening: Stage) -> None:
    app = at_evening.app("anjali")
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot, "H")
        assert toasts(app) == ["no shift is offered to you"]
        at_evening.do("handover.give", "rahul", by="rahul", to="anjali", note="rejects are in the folder")
        await caught_up(app, pilot)
        await settled(pilot, "H")
        board = host_of(app).board
        anjali = board.person_called("anjali")
        assert anjali is not None
        assert [task.ref for task in board.tasks if task.owner_id == anjali.id] == ["DM-07", "DM-08"]
        assert host_of(app).calls == [("handover.accept", {})]


async def test_a_backup_is_told_to_wait_until_the_owner_is_away(at_evening: Stage) -> None:
    app = at_evening.app("anjali")
    async with app.run_test(size=SIZE) as pilot:
        app.screen.query_one(Timeline).go_to("DM-07")
        await pilot.pause()
        screen = app.screen
        assert isinstance(screen, ConsoleScreen)
        block = registry.action_called("task.block")
        assert "the owner is not known to be away" in (block.why_disabled(screen.context()) or "")
        at_evening.do("person.away", "rahul", by="anjali", reason="does not answer")
        await caught_up(app, pilot)
        assert block.why_disabled(screen.context()) is None


async def test_a_substitute_sees_for_whom_they_act_and_may(at_evening: Stage) -> None:
    until = WINDOW + timedelta(hours=9)
    at_evening.do("person.substitute", "rahul", by="rahul", substitute="callum", to_at=until, reason="sleeps")
    app = at_evening.app("callum")
    async with app.run_test(size=SIZE) as pilot:
        assert "callum for rahul" in shown(app)
        app.screen.query_one(Timeline).go_to("DM-07")
        await pilot.pause()
        screen = app.screen
        assert isinstance(screen, ConsoleScreen)
        assert registry.action_called("task.block").why_disabled(screen.context()) is None
