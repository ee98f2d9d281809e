"""What is shouted across the room, and who is on line."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.cutover import caller
from tests.tui.looking import SIZES, SnapCompare, caught_up, host_of, settled, shown
from tests.tui.stage import Stage
from warroom.host.presence import Attendance
from warroom.tui.app import ConsoleApp
from warroom.tui.screens.connected import ConnectedScreen

SIZE = (120, 40)


class Bells(ConsoleApp):
    """Counts how often it rang."""

    rung = 0

    def bell(self) -> None:
        self.rung += 1


async def test_a_shout_is_shown_with_a_bell_until_it_is_put_away(at_evening: Stage) -> None:
    app = Bells(at_evening.host("rahul"))
    async with app.run_test(size=SIZE) as pilot:
        at_evening.do("shout", "The item file is [fixed]", by="jana")
        await caught_up(app, pilot)
        assert "» jana" in shown(app)
        assert "The item file is [fixed]" in shown(app)
        assert app.rung == 1
        at_evening.do("task.note", "DM-07", by="jana", text="seen")
        await caught_up(app, pilot)
        assert app.rung == 1, "it rings once"
        await settled(pilot, "U")
        assert "The item file" not in shown(app)
        at_evening.do("shout", "Only for you", by="jana", to="rahul")
        await caught_up(app, pilot)
        assert "jana to you" in shown(app)
        assert app.rung == 2


async def test_others_neither_hear_nor_see_it_and_it_goes_away(at_evening: Stage) -> None:
    app = Bells(at_evening.host("rahul"))
    async with app.run_test(size=SIZE) as pilot:
        at_evening.do("shout", "Only for you", by="jana", to="greta")
        await caught_up(app, pilot)
        assert "Only for you" not in shown(app)
        assert app.rung == 0
        at_evening.do("shout", "For all", by="jana")
        await caught_up(app, pilot)
        assert "For all" in shown(app)
        at_evening.clock.move_to(at_evening.clock.now() + timedelta(minutes=11))
        app.beat()
        await settled(pilot)
        assert "For all" not in shown(app)


async def test_the_wall_shows_what_is_for_everybody(at_evening: Stage) -> None:
    app = at_evening.app("jana", wall=True)
    async with app.run_test(size=SIZE) as pilot:
        at_evening.do("shout", "Ring me", by="rahul", to="jana")
        at_evening.do("shout", "Pizza", by="rahul")
        await caught_up(app, pilot)
        assert "Pizza" in shown(app)
        assert "Ring me" not in shown(app)


async def test_it_is_shouted_from_the_console(at_evening: Stage) -> None:
    app = at_evening.app("jana")
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot, "M", *"Come now", "tab", *"rahul", "enter")
        assert host_of(app).calls == [
            ("shout", {"text": "Come now", "to": "rahul", "stream": None, "bridge": False}),
        ]
        await settled(pilot, "M", *"All", "enter")
        assert host_of(app).calls[-1][1]["to"] is None


async def test_the_lead_sees_how_many_are_on_line_and_who(at_evening: Stage) -> None:
    app = at_evening.app("jana")
    others = Attendance(at_evening.state_file)
    others.enter(caller("rahul")).stand("owner", at_evening.clock.now() - timedelta(minutes=40))
    others.exchange()
    async with app.run_test(size=SIZE) as pilot:
        assert "on line" not in shown(app)
        host_of(app).attendance.exchange()
        for _ in range(5):
            app.beat()
        await settled(pilot, "ctrl+p", *"who is on line", "down", "enter")
        assert isinstance(app.screen, ConnectedScreen)
        assert "2 on line" in shown(app)
        lines = shown(app).splitlines()
        assert any("rahul" in line and "owner" in line and "idle 40m" in line for line in lines)
        assert any("greta" in line and "DM-06" in line for line in lines), "who is missed"


@pytest.mark.parametrize("size", SIZES)
def test_a_shout_in_the_war_room(at_evening: Stage, snap_compare: SnapCompare, size: str) -> None:
    at_evening.do("shout", "The stock report works again, DM-06 can go on", by="greta")
    at_evening.do("shout", "Gate in ten minutes, everybody of the load", by="rahul", to="jana", bridge=False)
    assert snap_compare(at_evening.app("jana"), terminal_size=SIZES[size])


@pytest.mark.parametrize("size", SIZES)
def test_who_is_on_line(at_evening: Stage, snap_compare: SnapCompare, size: str) -> None:
    app = at_evening.app("jana", screen="connected")
    others = Attendance(at_evening.state_file)
    for handle, screen, minutes in (("rahul", "owner", 1), ("sofie", "task", 40), ("matteo", "gate", 3)):
        others.enter(caller(handle)).stand(screen, at_evening.clock.now() - timedelta(minutes=minutes))
    others.exchange()
    host_of(app).attendance.exchange()
    assert snap_compare(app, terminal_size=SIZES[size])
