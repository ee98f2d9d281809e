"""A clock that was set: the header says so, and a lead confirms it with one key."""

from __future__ import annotations

import pytest

from tests.cutover import set_clock
from tests.tui.looking import SIZES, SnapCompare, host_of, settled, shown, toasts
from tests.tui.stage import Stage


def test_the_header_says_that_alerts_wait(snap_compare: SnapCompare, at_evening: Stage) -> None:
    set_clock(at_evening.state_file, 120)
    assert snap_compare(at_evening.app(), terminal_size=(120, 40))


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
async def test_a_lead_confirms_it(at_evening: Stage, size: tuple[int, int]) -> None:
    set_clock(at_evening.state_file, -60)
    app = at_evening.app()
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        assert "clock set -1h" in shown(app)
        await settled(pilot, "C", *"time server", "enter")
        assert host_of(app).calls == [("clock.confirm", {"reason": "time server"})]
        assert "clock set" not in shown(app)
    (jump,) = at_evening.board().clock_jumps
    lead = at_evening.board().person_called("jana")
    assert lead is not None
    assert (jump.confirmed_by_id, at_evening.board().doubted_clock) == (lead.id, None)


async def test_others_are_told_only(at_evening: Stage) -> None:
    set_clock(at_evening.state_file, 30)
    app = at_evening.app("rahul")
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot, "C")
        assert "clock set +30m: alerts wait" in shown(app)
        assert "C confirms" not in shown(app)
        assert toasts(app)
        assert host_of(app).calls == []
