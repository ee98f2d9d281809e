"""The lease of the watch: one holder at a time, another when that is gone, a fence against those who come back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.cutover import Cutover, minute
from warroom.actions import deliveries, lease
from warroom.actions.lease import Holder, Superseded

ONE, TWO = Holder("one:1", "first", can_send=True), Holder("two:2", "second", can_send=True)
AT_ONCE = timedelta(microseconds=-1)
"""How long a lease lasts that is over when it is taken, on every clock."""


def test_one_holds_it_and_the_other_waits(cutover: Cutover) -> None:
    state_file, head = cutover.state_file, cutover.head()
    assert lease.standing(state_file) == (None, False)
    assert [lease.hold(state_file, holder) for holder in (ONE, TWO, ONE, TWO)] == [1, None, 1, None]
    held, awake = lease.standing(state_file)
    assert held is not None
    assert (held.holder, held.since, awake) == ("one:1", minute(0), True)
    assert cutover.head() == head, "it leaves no entry"


def test_whoever_is_gone_is_replaced_and_fenced(cutover: Cutover) -> None:
    state_file = cutover.state_file
    assert lease.hold(state_file, ONE, lasts=AT_ONCE) == 1
    assert lease.hold(state_file, TWO) == 2
    assert lease.hold(state_file, ONE) is None
    with pytest.raises(Superseded):
        deliveries.write(state_file, 1)
    assert deliveries.write(state_file, 2) == []


def test_one_whose_time_was_over_keeps_its_fence_if_nobody_else_came(cutover: Cutover) -> None:
    assert [lease.hold(cutover.state_file, ONE, lasts=AT_ONCE) for _ in range(3)] == [1, 1, 1]


def test_it_is_given_up_at_once(cutover: Cutover) -> None:
    lease.hold(cutover.state_file, ONE)
    lease.release(cutover.state_file, TWO)
    assert lease.hold(cutover.state_file, TWO) is None, "only its holder gives it up"
    lease.release(cutover.state_file, ONE)
    assert lease.standing(cutover.state_file)[1] is False
    assert lease.hold(cutover.state_file, TWO) == 2


def test_one_who_can_send_takes_it_from_one_who_cannot(cutover: Cutover) -> None:
    poor = Holder("poor:3", "third", can_send=False)
    assert [lease.hold(cutover.state_file, holder) for holder in (poor, ONE, poor, TWO)] == [1, 2, None, None]


def test_a_time_that_lies_too_far_ahead_is_that_of_a_clock_that_was_set_back(cutover: Cutover) -> None:
    assert lease.hold(cutover.state_file, ONE, lasts=timedelta(hours=1)) == 1
    assert lease.hold(cutover.state_file, TWO) == 2


@pytest.mark.about_files
def test_its_time_goes_by_the_machine_and_not_by_the_wall(cutover: Cutover) -> None:
    state_file = cutover.state_file
    lease.hold(state_file, ONE)
    cutover.clock.move_to(cutover.clock.now() + lease.LASTS)
    assert lease.hold(state_file, TWO) is None
    cutover.clock.move_to(cutover.clock.now() + timedelta(seconds=1))
    assert lease.standing(state_file)[1], "the next one may just be taking over"
    cutover.clock.move_to(cutover.clock.now() + lease.GRACE)
    assert not lease.standing(state_file)[1]
    assert lease.hold(state_file, TWO) == 2
