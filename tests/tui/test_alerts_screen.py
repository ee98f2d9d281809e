"""All alerts, open and closed, whole, with what each pushes and whose that is."""

from __future__ import annotations

import pytest

from tests.tui.looking import MIDDLE, SIZES, SnapCompare, caught_up, host_of, settled, shown, toasts
from tests.tui.stage import Stage
from warroom.clock.durations import show_duration
from warroom.tui.alerts.texts import most_urgent_first, pushes_now, pushes_of
from warroom.tui.screens.alerts import AlertsScreen
from warroom.tui.screens.task import TaskScreen
from warroom.tui.widgets.listing import Listing
from warroom.vocabulary.words import AcknowledgedHow, AlertState, Severity


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_the_alerts_at_night(snap_compare: SnapCompare, at_night: Stage, size: tuple[int, int]) -> None:
    assert snap_compare(at_night.app(screen="alerts"), terminal_size=size)


def test_the_most_severe_come_first_and_of_those_the_newest(at_night: Stage) -> None:
    alerts = most_urgent_first(at_night.board().open_alerts)
    assert alerts[0].severity is Severity.CRITICAL
    assert {alert.severity for alert in alerts[1:]} == {Severity.WARNING}
    assert alerts[1:] == sorted(alerts[1:], key=lambda alert: (alert.raised_at, alert.id), reverse=True)


async def test_open_alerts_tell_everything_that_they_push(at_evening: Stage) -> None:
    app = at_evening.app()
    async with app.run_test(size=MIDDLE) as pilot:
        await settled(pilot, "a")
        assert isinstance(app.screen, AlertsScreen)
        screen = shown(app)
        assert "2 open, 2 in all" in screen
        for alert in at_evening.board().open_alerts:
            assert alert.message[:60] in screen
            assert f"told {', '.join(alert.told)}" in screen
            now = pushes_now(app.picture, alert)
            assert {push.ref for push in pushes_of(alert)} <= {push.ref for push in now}
            for push in now:
                moves = show_duration(push.moves_s, sign=True)
                line = next(line for line in screen.split("\n") if f"  {push.ref} " in line and moves in line)
                assert push.owner in line


async def test_who_is_told_knows_of_it_with_one_key(at_evening: Stage) -> None:
    app = at_evening.app("rahul", screen="alerts")
    async with app.run_test(size=MIDDLE) as pilot:
        await pilot.pause()
        await settled(pilot, "y")
        (alert,) = [alert for alert in at_evening.board().alerts if alert.subject == "DM-07"]
        assert (alert.state, alert.acknowledged_how) == (AlertState.ACKNOWLEDGED, AcknowledgedHow.COMMAND)
        assert "rahul knows of it" in shown(app)
        await settled(pilot, "y")
        assert "it is acknowledged already" in toasts(app)


async def test_an_alert_is_let_wait(at_evening: Stage) -> None:
    app = at_evening.app("rahul", screen="alerts")
    async with app.run_test(size=MIDDLE) as pilot:
        await pilot.pause()
        await settled(pilot, "z", *"+20", "enter")
        (alert,) = [alert for alert in at_evening.board().alerts if alert.subject == "DM-07"]
        assert alert.state is AlertState.SNOOZED
        assert "waits until" in shown(app)


async def test_others_cannot_answer_it(at_evening: Stage) -> None:
    app = at_evening.app("callum", screen="alerts")
    async with app.run_test(size=MIDDLE) as pilot:
        await pilot.pause()
        await settled(pilot, "y")
        assert toasts(app) == ["only the person concerned, the lead or a deputy may do that"]


@pytest.mark.parametrize(("who", "called"), [("greta", 1), ("callum", 0)])
async def test_only_those_who_are_told_are_called(who: str, called: int, at_evening: Stage) -> None:
    """At T+1h46 DM-06 has been blocked for an hour, and is twice as late as when it was raised."""
    app = at_evening.app(who)
    rung: list[int] = []
    async with app.run_test(size=MIDDLE) as pilot:
        await pilot.pause()
        app.bell = lambda: rung.append(1)  # type: ignore[method-assign]
        at_evening.to(180)
        at_evening.sweep()
        await caught_up(app, pilot)
        assert len(rung) == called
        assert any("DM-06" in toast for toast in toasts(app)) is bool(called)
        at_evening.sweep()
        await caught_up(app, pilot)
        assert len(rung) == called


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
