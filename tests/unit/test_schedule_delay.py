"""Own and inherited delay, and whom an own delay pushes. All worked by hand."""

from __future__ import annotations

import pytest

from tests.unit.schedule_networks import network
from warroom.schedule.calendars import Calendar
from warroom.schedule.delay import Delay, delays, pushes
from warroom.schedule.network import Activity, Network, Progress
from warroom.schedule.passes import schedule
from warroom.schedule.result import Schedule

# Planned: A 0-30, B 30-50, C 50-60, and S 100-110 for which S's own time is what counts.
PLAN = network("A>B B>C A>S", Activity("S", 10, not_before=100), A=30, B=20, C=10)


def at(now: int, *changed: Activity, plan: Network = PLAN) -> Schedule:
    return schedule(plan.with_activities(changed), plan_start=0, data_date=now)


def done(key: str, start: int, finish: int) -> Activity:
    return Activity(key, 20, progress=Progress.FINISHED, actual_start=start, actual_finish=finish)


def measured(forecast: Schedule) -> dict[str, tuple[int, int]]:
    found = delays(schedule(PLAN, plan_start=0), forecast)
    return {key: (found[key].own, found[key].inherited) for key in "ABC"}


def test_an_overrun_is_own_where_it_arises_and_inherited_behind() -> None:
    """DESIGN 8: inherited = max(0, allowed start - planned start); own = slip - inherited."""
    running = Activity("A", 30, progress=Progress.RUNNING, actual_start=0, eta=45)

    assert measured(at(10, running)) == {"A": (15, 0), "B": (0, 15), "C": (0, 15)}


def test_a_late_start_is_own() -> None:
    """A was allowed to start at 0 and has not: nobody pushed it."""
    assert measured(at(12)) == {"A": (12, 0), "B": (0, 12), "C": (0, 12)}


def test_both_parts_add_up_and_time_won_back_is_below_zero() -> None:
    """B finished 15 late, 25 pushed, 10 won back; C is pushed by the 15."""
    forecast = at(70, done("A", 0, 55), done("B", 55, 65))
    found = delays(schedule(PLAN, plan_start=0), forecast)

    assert (found["B"], found["B"].slip, found["B"].cause) == (Delay(own=-10, inherited=25), 15, False)
    assert (found["A"].own, found["A"].cause) == (25, True)
    assert found["C"] == Delay(own=5, inherited=15)


def test_slack_before_a_start_swallows_the_push() -> None:
    found = delays(schedule(PLAN, plan_start=0), at(60, done("A", 0, 55)))

    assert found["S"] == Delay(own=0, inherited=0)


def test_who_is_pushed_over_the_end_of_a_shift_inherits_the_night() -> None:
    """Shifts 0-60 and 100-160. B (20) is planned for 30-50. Pushed to 45 it is done at 105, 55 late; pushed to 65 it
    begins with the next shift, and is done at 120, 70 late. Nothing of either is its own."""
    shifts = Calendar([(0, 60), (100, 160)], (0, 1000))
    plan = network("A>B", Activity("B", 20, calendar=shifts), A=30)

    def found(eta: int) -> Delay:
        forecast = at(10, Activity("A", 30, progress=Progress.RUNNING, actual_start=0, eta=eta), plan=plan)
        return delays(schedule(plan, plan_start=0), forecast)["B"]

    assert found(45) == Delay(own=0, inherited=55)
    assert found(65) == Delay(own=0, inherited=70)
    assert found(35) == Delay(own=0, inherited=5)


def test_who_starts_late_and_runs_over_a_shift_end_is_late_by_itself() -> None:
    """A finishes as planned; B starts at 50 and not at 30: 10 of its 20 are done by 60, the rest at 110. Its own delay
    is 60, the night included: slip - inherited."""
    shifts = Calendar([(0, 60), (100, 160)], (0, 1000))
    plan = network("A>B", Activity("B", 20, calendar=shifts), A=30)
    running = Activity("B", 20, calendar=shifts, progress=Progress.RUNNING, actual_start=50)
    forecast = at(55, done("A", 0, 30), running, plan=plan)

    assert delays(schedule(plan, plan_start=0), forecast)["B"] == Delay(own=60, inherited=0)


def test_waiting_as_late_as_possible_is_not_own() -> None:
    """L (10) may wait until B is done at 50 and then carry on to D at 60; an ETA of A moves all of it by 15."""
    plan = network("A>B B>D A>L L>D", Activity("L", 10, as_late_as_possible=True), A=30, B=20, D=5)
    forecast = at(10, Activity("A", 30, progress=Progress.RUNNING, actual_start=0, eta=45), plan=plan)

    assert delays(schedule(plan, plan_start=0), forecast)["L"] == Delay(own=0, inherited=15)


def test_pushes_name_those_behind_and_by_how_much() -> None:
    running = Activity("A", 30, progress=Progress.RUNNING, actual_start=0, eta=45)

    assert pushes(at(10, running), "A", 15) == {"B": 15, "C": 15}
    assert pushes(at(10, running), "A", 0) == {}
    assert pushes(at(10, running), "C", 15) == {}


def test_a_push_is_only_what_other_predecessors_leave_of_it() -> None:
    """X holds C until 55 as planned: of A's 35 only the last 10 push C."""
    plan = network("A>C X>C", Activity("X", 55, progress=Progress.RUNNING, actual_start=0), A=30, C=10)
    running = Activity("A", 30, progress=Progress.RUNNING, actual_start=0, eta=65)

    assert pushes(at(10, running, plan=plan), "A", 35) == {"C": 10}


def test_a_push_is_seen_when_now_has_passed_the_planned_start() -> None:
    """A is overdue, so B, planned for 30, waits for it at now = 42; without A's delay it would have begun."""
    forecast = at(42, Activity("A", 30, progress=Progress.RUNNING, actual_start=0))

    assert measured(forecast)["A"] == (12, 0)
    assert pushes(forecast, "A", 12) == {"B": 12, "C": 12}


def test_a_push_leaves_out_what_the_pushed_one_adds_itself() -> None:
    """A finished 5 late, B could have begun at 35 and has not at 60: 25 of its 30 are its own."""
    forecast = at(60, done("A", 0, 35))

    assert measured(forecast) == {"A": (5, 0), "B": (25, 5), "C": (0, 30)}
    assert pushes(forecast, "A", 5) == {"B": 5, "C": 5}
    assert pushes(forecast, "B", 25) == {"C": 25}


def test_a_push_goes_through_what_is_finished() -> None:
    """B was pushed by A and is finished on time after that; C is late because of A alone."""
    forecast = at(
        75, done("A", 0, 45), done("B", 45, 65), Activity("C", 10, progress=Progress.RUNNING, actual_start=65)
    )

    assert pushes(forecast, "A", 15) == {"C": 15}


def test_a_push_ends_at_what_is_skipped() -> None:
    skipped = Activity("B", 20, progress=Progress.SKIPPED, actual_finish=40)

    assert pushes(at(50, done("A", 0, 45), skipped), "A", 15) == {}


def test_who_began_before_it_was_allowed_was_not_pushed() -> None:
    """B began at 30 although A finished at 45 only."""
    running = Activity("B", 20, progress=Progress.RUNNING, actual_start=30)

    assert pushes(at(48, done("A", 0, 45), running), "A", 15) == {}


def test_the_remainder_of_out_of_sequence_work_is_pushed() -> None:
    """A finishes at 60 instead of 30; B, begun at 30 without it, is held until then: 30 to 60."""
    first = Activity("A", 30, progress=Progress.RUNNING, actual_start=0, eta=60)
    second = Activity("B", 20, progress=Progress.RUNNING, actual_start=30)

    assert pushes(at(40, first, second), "A", 30) == {"B": 30, "C": 30}


def test_in_the_plan_alone_an_own_delay_pushes_like_a_longer_duration() -> None:
    assert pushes(schedule(PLAN, plan_start=0), "A", 10) == {"B": 10, "C": 10}


def test_an_unknown_key_is_refused() -> None:
    with pytest.raises(KeyError):
        pushes(at(0), "X", 1)
