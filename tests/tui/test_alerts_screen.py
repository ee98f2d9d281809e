"""All alerts, open and closed, whole, with what each pushes and whose that is."""

from __future__ import annotations

import pytest

from tests.tui.looking import MIDDLE, SIZES, SnapCompare, caught_up, host_of, settled, shown, toasts
from tests.tui.stage import Stage
from warroom.tui.alert_texts import pushes_of
from warroom.tui.screens.alerts import AlertsScreen
from warroom.tui.screens.task import TaskScreen
from warroom.tui.widgets.listing import Listing
from warroom.vocabulary.words import AlertState


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_the_alerts_at_night(snap_compare: SnapCompare, at_night: Stage, size: tuple[int, int]) -> None:
    assert snap_compare(at_night.app(screen="alerts"), terminal_size=size)


async def test_open_alerts_tell_everything_that_they_push(at_evening: Stage) -> None:
    app = at_evening.app()
    async with app.run_test(size=MIDDLE) as pilot:
        await settled(pilot, "a")
        assert isinstance(app.screen, AlertsScreen)
        screen = shown(app)
        assert "2 open, 2 in all" in screen
        for alert in at_evening.board().open_alerts:
            assert alert.message[:60] in screen
            for push in pushes_of(alert):
                line = next(line for line in screen.split("\n") if f"  {push.ref} " in line and "+13m" in line)
                assert push.owner in line


async def test_enter_jumps_to_the_cause_and_keys_work_on_it(at_evening: Stage) -> None:
    app = at_evening.app("rahul", screen="alerts")
    async with app.run_test(size=MIDDLE) as pilot:
        await pilot.pause()
        assert app.screen.query_one(Listing).selected == "DM-07"
        await settled(pilot, "e", *"+20", "enter", *"slow", "enter")
        task = at_evening.board().task("DM-07")
        assert task is not None
        assert task.eta_reason == "slow"
        await settled(pilot, "enter")
        assert isinstance(app.screen, TaskScreen)
        assert app.screen.ref == "DM-07"
        await settled(pilot, "escape")
        assert isinstance(app.screen, AlertsScreen)


async def test_an_alert_that_is_over_moves_to_the_closed_ones(at_evening: Stage) -> None:
    app = at_evening.app(screen="alerts")
    async with app.run_test(size=MIDDLE) as pilot:
        await pilot.pause()
        at_evening.to(105)
        at_evening.finish("DM-07")
        at_evening.sweep()
        await caught_up(app, pilot)
        screen = shown(app)
        states = {alert.subject: alert.state for alert in at_evening.board().alerts}
        assert states["DM-07"] is AlertState.CLOSED
        opened, _, closed = screen.partition("CLOSED")
        assert "DM-06" in opened
        assert "✓ DM-07  19:20 to 19:45" in closed


async def test_without_alerts_it_says_so(stage: Stage) -> None:
    app = stage.app(screen="alerts")
    async with app.run_test(size=MIDDLE) as pilot:
        await pilot.pause()
        assert "no alert is open" in shown(app)
        await settled(pilot, "enter", "s")
        assert isinstance(app.screen, AlertsScreen)


async def test_nobody_watching_is_told(at_evening: Stage) -> None:
    app = at_evening.app(screen="alerts")
    host_of(app).watched = False
    async with app.run_test(size=MIDDLE) as pilot:
        await pilot.pause()
        assert "nobody watches for new ones" in shown(app)


async def test_who_only_looks_changes_nothing_here(at_evening: Stage) -> None:
    app = at_evening.app(screen="alerts", read_only=True)
    async with app.run_test(size=MIDDLE) as pilot:
        await pilot.pause()
        await settled(pilot, *"sdbeunx", "space")
        assert host_of(app).calls == []
        assert set(toasts(app)) == {"this console only looks"}
