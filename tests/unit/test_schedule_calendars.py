"""Working time: sums on a calendar, hours made into one, and schedules through it. All worked by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfoNotFoundError

import pytest

from tests.unit.schedule_networks import links
from warroom.schedule.backout import latest_backout_decision
from warroom.schedule.calendars import Calendar, merged
from warroom.schedule.hours import WorkingHours, calendar
from warroom.schedule.network import Activity, Network, Progress
from warroom.schedule.passes import schedule
from warroom.schedule.result import Schedule

HOUR = 3600
DAY = 24 * HOUR
# In hours, 0 is midnight before a first day: 8 to 17 on four days, and nothing else until the horizon ends.
OFFICE = Calendar([(day * DAY + 8 * HOUR, day * DAY + 17 * HOUR) for day in range(4)], (0, 10 * DAY))


def at(day: int, hour: float) -> int:
    return day * DAY + round(hour * HOUR)


def run(text: str, *activities: Activity, now: int | None = None) -> Schedule:
    return schedule(Network(activities, links(text)), plan_start=0, data_date=now)


def test_sums_on_a_calendar() -> None:
    assert OFFICE.place(at(0, 9), 2 * HOUR) == (at(0, 9), at(0, 11))
    assert OFFICE.place(at(0, 16), 2 * HOUR) == (at(0, 16), at(1, 9))
    assert OFFICE.place(at(0, 17), HOUR) == (at(1, 8), at(1, 9))
    assert OFFICE.place(at(0, 8), 9 * HOUR) == (at(0, 8), at(0, 17))
    assert OFFICE.place_back(at(1, 8), HOUR) == (at(0, 16), at(0, 17))
    assert OFFICE.place_back(at(1, 9), 2 * HOUR) == (at(0, 16), at(1, 9))
    assert OFFICE.between(at(0, 12), at(1, 12)) == 9 * HOUR
    assert OFFICE.between(at(1, 12), at(0, 12)) == -9 * HOUR
    assert OFFICE.between(at(0, 17), at(1, 8)) == 0


def test_milestones_may_stand_at_either_end_of_a_work_period() -> None:
    assert [OFFICE.settle(at(0, hour)) for hour in (7, 8, 12, 17, 20)] == [
        at(0, 8), at(0, 8), at(0, 12), at(0, 17), at(1, 8),
    ]  # fmt: skip
    assert [OFFICE.settle_back(at(1, hour)) for hour in (7, 8, 12, 17, 20)] == [
        at(0, 17), at(1, 8), at(1, 12), at(1, 17), at(1, 17),
    ]  # fmt: skip


def test_beyond_its_horizon_it_counts_round_the_clock() -> None:
    assert OFFICE.place(at(3, 17), HOUR) == (10 * DAY, 10 * DAY + HOUR)
    assert OFFICE.place(-DAY, HOUR) == (-DAY, HOUR - DAY)
    assert OFFICE.place_back(at(0, 9), 2 * HOUR) == (-HOUR, at(0, 9))
    assert Calendar([], (0, 10)).place(3, 5) == (10, 15)
    with pytest.raises(ValueError, match="ends before it begins"):
        Calendar([], (1, 0))


def test_overlapping_periods_are_one() -> None:
    assert merged([(5, 9), (1, 3), (3, 4), (8, 12), (7, 7)]) == [(1, 4), (5, 12)]


def test_an_owner_works_within_the_hours_of_the_task() -> None:
    """Owner calendar intersected with task calendar; an absence takes time away."""
    mornings = Calendar([(day * DAY + 6 * HOUR, day * DAY + 12 * HOUR) for day in range(4)], (0, 10 * DAY))
    both = OFFICE.intersection(mornings)

    assert list(both.periods(0, 2 * DAY)) == [(at(0, 8), at(0, 12)), (at(1, 8), at(1, 12))]
    away = both.without([(at(0, 10), at(1, 9))])
    assert list(away.periods(0, 2 * DAY)) == [(at(0, 8), at(0, 10)), (at(1, 9), at(1, 12))]


def test_hours_of_a_week_with_exceptions() -> None:
    """Monday 2026-11-23 is day 0 in Berlin (UTC+1); a shift past midnight belongs to the day on which it begins."""
    weekly = {0: [(8 * 60, 12 * 60), (13 * 60, 17 * 60)], 1: [(22 * 60, 6 * 60)]}
    exceptions = {date(2026, 11, 30): [], date(2026, 11, 28): [(9 * 60, 10 * 60)]}
    origin = datetime(2026, 11, 22, 23, tzinfo=UTC)
    made = calendar(WorkingHours("Europe/Berlin", weekly, exceptions), origin=origin, horizon=(0, 9 * DAY))

    assert list(made.periods(0, 9 * DAY)) == [
        (at(0, 8), at(0, 12)),
        (at(0, 13), at(0, 17)),
        (at(1, 22), at(2, 6)),
        (at(5, 9), at(5, 10)),
        (at(8, 22), at(9, 0)),  # cut at the horizon
    ]


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 29), 7), (date(2026, 10, 25), 9), (date(2026, 7, 1), 8)])
def test_a_shift_over_a_clock_change_is_an_hour_shorter_or_longer(day: date, hours: int) -> None:
    """Berlin, 22:00 to 06:00, begun the evening before; clocks change at 01:00 UTC on the last Sundays."""
    shifts = WorkingHours("Europe/Berlin", {weekday: [(22 * 60, 6 * 60)] for weekday in range(7)})
    origin = datetime(day.year, day.month, day.day, tzinfo=UTC)
    made = calendar(shifts, origin=origin, horizon=(-DAY, DAY))

    assert made.between(-12 * HOUR, 12 * HOUR) == hours * HOUR


def test_hours_in_a_zone_that_is_half_an_hour_off_and_with_absences() -> None:
    hours = WorkingHours("Asia/Kolkata", {3: [(9 * 60, 17 * 60)]})  # Thursday 03:30 to 11:30 UTC
    origin = datetime(2026, 11, 26, tzinfo=UTC)
    made = calendar(hours, origin=origin, horizon=(0, DAY), absences=[(4 * HOUR, 5 * HOUR)])

    assert list(made.periods(0, DAY)) == [(at(0, 3.5), at(0, 4)), (at(0, 5), at(0, 11.5))]
    with pytest.raises(ValueError, match="needs a zone"):
        calendar(hours, origin=datetime(2026, 11, 26), horizon=(0, 1))  # noqa: DTZ001 - that is the fault
    with pytest.raises(ZoneInfoNotFoundError):
        calendar(WorkingHours("Mars/Base", {}), origin=origin, horizon=(0, 1))


def test_work_goes_on_in_the_next_period() -> None:
    """FIGURES 2.2 (11): durations in the task's calendar, lags elapsed. A 16:00 to 09:00, B 2 h of lag later."""
    result = run(
        "A>B+7200",
        Activity("A", 2 * HOUR, not_before=at(0, 16), calendar=OFFICE),
        Activity("B", 8 * HOUR, calendar=OFFICE),
    )

    assert (result.of("A").start, result.of("A").finish) == (at(0, 16), at(1, 9))
    assert (result.of("B").start, result.of("B").finish) == (at(1, 11), at(2, 10))
    assert result.of("B").driven_by == ("A",)


def test_floats_are_working_time() -> None:
    """A finishes at 17:00 and must be done by 10:00 next morning: the float is 2 h, not 17 (P6's finish float)."""
    result = run(
        "A>END",
        Activity("A", 4 * HOUR, not_before=at(0, 13), calendar=OFFICE),
        Activity("END", HOUR, not_before=at(1, 10)),
    )
    timing = result.of("A")

    assert (timing.finish, timing.late_finish, timing.total_float) == (at(0, 17), at(1, 10), 2 * HOUR)
    assert (timing.late_start, timing.free_float) == (at(0, 15), 2 * HOUR)


def test_the_end_of_a_day_and_the_next_morning_are_one_instant() -> None:
    """FIGURES 2.3: A until 17:00, B from 08:00 on; nothing lies between, and both are critical."""
    result = run("A>B", Activity("A", 9 * HOUR, calendar=OFFICE), Activity("B", HOUR, calendar=OFFICE))

    assert (result.of("A").finish, result.of("B").start) == (at(0, 17), at(1, 8))
    assert [result.of(key).total_float for key in "AB"] == [0, 0]
    assert [result.of(key).on_longest_path for key in "AB"] == [True, True]
    assert result.of("A").late_finish == at(0, 17)
    assert result.of("A").free_float == 0


def test_milestones_in_working_time() -> None:
    """FIGURES 2.2 (10): a finish milestone sits at the end of a period, a start milestone at the beginning."""
    result = run(
        "A>M",
        Activity("A", 9 * HOUR, calendar=OFFICE),
        Activity("M", 0, calendar=OFFICE),
        Activity("S", 0, not_before=at(0, 17), calendar=OFFICE),
    )

    assert (result.of("M").start, result.of("M").finish) == (at(0, 17), at(0, 17))
    assert result.of("S").start == at(1, 8)


def test_a_finish_bound_in_the_night_is_that_of_the_evening() -> None:
    """FF from work round the clock that ends at 20:00: the successor's last hour is before 17:00, which is the same
    working instant as 20:00; it is not split over the night."""
    result = run("A>B:FF", Activity("A", 20 * HOUR), Activity("B", HOUR, calendar=OFFICE))

    assert (result.of("B").start, result.of("B").finish) == (at(0, 16), at(0, 17))
    assert result.of("B").driven_by == ("A",)


def test_running_work_counts_its_working_time() -> None:
    """Begun at 15:00 with 4 h: by 20:00 it has done 2, and needs 08:00 to 10:00. By 09:30 it is no guess yet."""
    running = Activity("A", 4 * HOUR, progress=Progress.RUNNING, actual_start=at(0, 15), calendar=OFFICE)

    assert run("", running, now=at(0, 20)).of("A").finish == at(1, 10)
    assert not run("", running, now=at(1, 9.5)).of("A").guess
    late = run("", running, now=at(1, 10.5)).of("A")
    assert (late.finish, late.guess) == (at(1, 10.5), True)


def test_a_promise_outside_working_time_stands() -> None:
    running = Activity("A", 4 * HOUR, progress=Progress.RUNNING, actual_start=at(0, 15), eta=at(0, 22), calendar=OFFICE)

    assert run("", running, now=at(0, 16)).of("A").finish == at(0, 22)


def test_a_back_out_through_a_calendar_is_decided_by_the_evening_before() -> None:
    """Restore at 10:00, an hour of buffer: 3 h of office work before 09:00 begin at 15:00 the day before."""
    backout = Network([Activity("UNDO", 3 * HOUR, calendar=OFFICE)], [])
    decision = latest_backout_decision(at(1, 10), backout, HOUR)

    assert (decision.decide_by, decision.duration) == (at(0, 15), 18 * HOUR)
