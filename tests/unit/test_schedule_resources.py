"""Facts about people: load, double-booking, work outside hours, verifying one's own work. All worked by hand."""

from __future__ import annotations

from warroom.schedule.calendars import Calendar
from warroom.schedule.resources import (
    Assignment,
    DoubleBooking,
    OutsideHours,
    double_bookings,
    hourly_load,
    outside_hours,
    verifying_own_work,
)

HOUR = 3600


def test_hourly_load_adds_up_what_overlaps() -> None:
    load = hourly_load(
        [
            Assignment("A", "ana", 1800, 3 * HOUR),
            Assignment("B", "ana", HOUR, 2 * HOUR),
            Assignment("C", "mei", -900, 900),
            Assignment("M", "zoe", 50, 50),
        ]
    )

    assert load == {"ana": {0: 1800, 1: 7200, 2: 3600}, "mei": {-1: 900, 0: 900}, "zoe": {}}


def test_work_through_a_calendar_loads_its_hours_only() -> None:
    lunch = Calendar([(0, HOUR), (2 * HOUR, 4 * HOUR)], (0, 9 * HOUR))

    assert hourly_load([Assignment("A", "ana", 0, 3 * HOUR, lunch)]) == {"ana": {0: HOUR, 2: HOUR}}


def test_who_begins_or_finishes_off_shift_works_there() -> None:
    """Shifts 10-20 and 30-40. From 5 to 45: begun 5 early and done 5 late, with the break between the shifts."""
    shifts = Calendar([(10, 20), (30, 40)], (0, 100))

    assert Assignment("A", "ana", 5, 45, shifts).spans() == [(5, 20), (30, 45)]
    assert Assignment("A", "ana", 22, 28, shifts).spans() == [(22, 28)]
    assert Assignment("A", "ana", 10, 40, shifts).spans() == [(10, 20), (30, 40)]
    assert Assignment("A", "ana", 12, 12, shifts).spans() == []


def test_double_bookings_are_pairs_with_their_overlap() -> None:
    found = double_bookings(
        [
            Assignment("B", "ana", 50, 150),
            Assignment("A", "ana", 0, 100),
            Assignment("C", "ana", 140, 200),
            Assignment("D", "mei", 0, 200),
            Assignment("E", "ana", 200, 210),  # begins when C ends
        ]
    )

    assert found == [DoubleBooking("ana", "A", "B", 50, 100), DoubleBooking("ana", "B", "C", 140, 150)]


def test_a_pair_that_overlaps_twice_is_one() -> None:
    shifts = Calendar([(0, 10), (20, 30)], (0, 100))
    found = double_bookings([Assignment("A", "ana", 0, 30, shifts), Assignment("B", "ana", 5, 40)])

    assert found == [DoubleBooking("ana", "A", "B", 5, 30)]


def test_work_outside_hours() -> None:
    hours = {"ana": Calendar([(0, 100)], (-1000, 1000))}
    found = outside_hours(
        [
            Assignment("B", "ana", 90, 130),
            Assignment("A", "ana", -20, 50),
            Assignment("C", "ana", 10, 20),
            Assignment("D", "mei", 500, 600),
        ],
        hours,
    )

    assert found == [OutsideHours("ana", "A", -20, 20), OutsideHours("ana", "B", 100, 30)]


def test_the_same_person_executes_and_verifies() -> None:
    assert verifying_own_work({"A": "ana", "B": "mei", "C": "ana"}, {"A": "ana", "B": "ana", "D": "ana"}) == ["A"]
