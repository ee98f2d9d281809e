"""Fixed times, deadlines and waiting as late as possible. All worked by hand.

Source: FIGURES section 2.2 (7), (8). A fixed time is P6's "Start On" and "Finish On": logic is never broken, and the
float below 0 says what must be won back.
"""

from __future__ import annotations

from tests.unit.schedule_networks import network
from warroom.schedule.network import Activity, Progress
from warroom.schedule.passes import schedule
from warroom.schedule.result import Hold, Holder, Schedule


def plan(text: str, *activities: Activity, **durations: int) -> Schedule:
    return schedule(network(text, *activities, **durations), plan_start=0)


def test_must_start_binds_both_ways() -> None:
    """B must start at 50, A is done at 30: A may slip by 20. C behind B cannot move B's late start."""
    result = plan("A>B B>C X>C", Activity("B", 20, must_start=50), A=30, C=10, X=200)
    timing = result.of("B")

    assert (timing.start, timing.late_start, timing.total_float) == (50, 50, 0)
    assert timing.held_by == (Hold(Holder.MUST_START),)
    assert result.of("A").total_float == 20
    assert result.of("C").total_float == 0


def test_a_fixed_start_that_predecessors_miss_leaves_negative_float() -> None:
    result = plan("A>B", Activity("B", 20, must_start=10), A=30)

    assert (result.of("B").start, result.of("B").late_start) == (30, 10)
    assert [result.of(key).total_float for key in "AB"] == [-20, -20]


def test_must_finish_binds_both_ways() -> None:
    result = plan("A>B", Activity("B", 20, must_finish=90), A=30)

    assert (result.of("B").start, result.of("B").finish, result.of("B").total_float) == (70, 90, 0)
    assert result.of("B").held_by == (Hold(Holder.MUST_FINISH),)
    assert (result.of("A").total_float, result.of("A").free_float) == (40, 40)


def test_once_begun_only_the_late_side_is_left() -> None:
    running = Activity("A", 30, must_start=50, must_finish=60, progress=Progress.RUNNING, actual_start=5)
    result = schedule(network("", running), plan_start=0, data_date=10)

    assert (result.of("A").finish, result.of("A").late_finish) == (35, 35)
    late = schedule(network("", running), plan_start=0, data_date=10, anchor=100)
    assert late.of("A").late_finish == 60


def test_as_late_as_possible_takes_the_free_float_only() -> None:
    """B could be at 30-50 and waits until C starts at 80; A gets free float from that, C and D do not move."""
    result = plan("A>B B>C A>X X>C", Activity("B", 20, as_late_as_possible=True), A=30, X=50, C=10)
    timing = result.of("B")

    assert (timing.start, timing.finish, timing.total_float) == (60, 80, 0)
    assert (timing.driven_by, timing.held_by) == ((), (Hold(Holder.AS_LATE_AS_POSSIBLE),))
    assert not timing.on_longest_path
    assert result.of("C").start == 80
    assert result.of("C").driven_by == ("X",)
    assert result.finish == 90


def test_a_chain_waits_as_a_whole() -> None:
    waiting = [Activity(key, 10, as_late_as_possible=True) for key in "AB"]
    result = plan("A>B B>C", *waiting, Activity("C", 5, not_before=100))

    assert [(result.of(key).start, result.of(key).finish) for key in "ABC"] == [(80, 90), (90, 100), (100, 105)]


def test_a_deadline_ends_the_waiting() -> None:
    waiting = Activity("A", 10, as_late_as_possible=True, deadline=40)
    result = plan("A>B", waiting, Activity("B", 5, not_before=100))

    assert (result.of("A").start, result.of("A").finish) == (30, 40)
    missed = plan("A>B", Activity("A", 10, as_late_as_possible=True, deadline=5), B=5)
    assert (missed.of("A").start, missed.of("A").total_float) == (0, -5)


def test_work_that_has_begun_does_not_wait() -> None:
    begun = Activity("A", 10, as_late_as_possible=True, progress=Progress.RUNNING, actual_start=0)
    result = schedule(network("A>B", begun, Activity("B", 5, not_before=100)), plan_start=0, data_date=5)

    assert result.of("A").finish == 10


def test_what_holds_a_start() -> None:
    """The driving link or constraint of each start; ties are all named."""
    result = plan("A>B", Activity("B", 5, not_before=30), A=30)

    assert result.of("A").held_by == (Hold(Holder.PLAN_START),)
    assert [hold.by for hold in result.of("B").held_by] == [Holder.LINK, Holder.NOT_BEFORE]
    forecast = schedule(network("", Activity("A", 5)), plan_start=0, data_date=50)
    assert forecast.of("A").held_by == (Hold(Holder.NOW),)
    running = Activity("A", 5, progress=Progress.RUNNING, actual_start=10)
    assert schedule(network("", running), plan_start=0, data_date=12).of("A").held_by == (Hold(Holder.ACTUAL),)
    promised = Activity("A", 5, progress=Progress.RUNNING, actual_start=10, eta=40)
    assert schedule(network("", promised), plan_start=0, data_date=12).of("A").held_by == (Hold(Holder.ETA),)
    done = Activity("A", 5, progress=Progress.FINISHED, actual_start=10, actual_finish=20)
    assert schedule(network("", done), plan_start=0, data_date=30).of("A").held_by == (Hold(Holder.ACTUAL),)
    failed = Activity("A", 5, progress=Progress.FAILED, not_before=90)
    assert schedule(network("", failed), plan_start=0, data_date=30).of("A").held_by == (Hold(Holder.NOW),)


def test_a_side_branch_takes_float_from_what_leads_to_both_ends() -> None:
    """Without a named end the whole network must fit: A may slip by 5 before S is the last one to finish."""
    result = plan("A>END A>S", Activity("END", 10, not_before=100), A=30, S=75)

    assert result.finish == 110
    assert result.of("A").total_float == 5


def test_waiting_does_not_use_up_the_float_of_others() -> None:
    """A's total float is 70, but B follows at once and does not wait: A's free float is 0."""
    result = plan("A>B", Activity("A", 10, as_late_as_possible=True), B=20, LONG=100)

    assert (result.of("A").start, result.of("B").start) == (0, 10)
    assert (result.of("A").total_float, result.of("A").free_float) == (70, 0)
