"""The latest safe back-out decision. All worked by hand."""

from __future__ import annotations

import pytest

from tests.unit.schedule_networks import network
from warroom.schedule.backout import BackoutDecision, latest_backout_decision
from warroom.schedule.network import Activity, BadNetwork, Network, Progress

# Stop, then restore two systems side by side, then check: 10 + max(40, 25) + 5 = 55.
BACKOUT = network("STOP>ERP STOP>WMS ERP>CHECK WMS>CHECK", STOP=10, ERP=40, WMS=25, CHECK=5)


def test_restore_by_less_duration_less_buffer() -> None:
    """DESIGN 4: restore_by - forecast duration of the back-out network - buffer."""
    assert latest_backout_decision(1000, BACKOUT, 100) == BackoutDecision(decide_by=845, duration=55)


def test_only_what_must_be_undone_takes_time() -> None:
    """Without the restore of the ERP the other one is the longer: 10 + 25 + 5."""
    without = latest_backout_decision(1000, BACKOUT, 0, needed={"STOP", "WMS", "CHECK"})

    assert without == BackoutDecision(decide_by=960, duration=40)
    assert latest_backout_decision(1000, BACKOUT, 0, needed=()).duration == 0


def test_what_is_not_needed_keeps_the_order_but_not_its_lag() -> None:
    chain = network("A>B B>C+30", A=10, B=20, C=5)

    assert latest_backout_decision(0, chain, 0).duration == 65
    assert latest_backout_decision(0, chain, 0, needed=["A", "C"]).duration == 15


def test_it_begins_with_the_decision_whatever_was_planned() -> None:
    """Dormant until invoked: times and progress of its tasks are put aside."""
    dormant = BACKOUT.with_activities(
        [
            Activity("STOP", 10, not_before=5000, deadline=1),
            Activity("ERP", 40, progress=Progress.RUNNING, actual_start=77),
        ]
    )

    assert latest_backout_decision(1000, dormant, 0).duration == 55


def test_nothing_to_undo_and_unknown_tasks() -> None:
    assert latest_backout_decision(1000, Network([], []), 60) == BackoutDecision(decide_by=940, duration=0)
    with pytest.raises(BadNetwork, match="no back-out task X"):
        latest_backout_decision(1000, BACKOUT, 0, needed={"X"})
