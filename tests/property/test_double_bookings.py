"""Who has two tasks at the same time, against looking at every pair of tasks, stretch by stretch."""

from __future__ import annotations

from itertools import combinations, product

from hypothesis import given
from hypothesis import strategies as st

from tests.property.schedule_strategies import calendars
from warroom.schedule.calendars import Calendar
from warroom.schedule.resources import Assignment, DoubleBooking, double_bookings

WORK = st.tuples(
    st.sampled_from(["ana", "omar"]),
    st.integers(-50, 50) | st.integers(-100_000, 400_000),
    st.integers(0, 30) | st.integers(0, 200_000),
    st.booleans(),
)


def by_pairs(assignments: list[Assignment]) -> list[DoubleBooking]:
    found = []
    for one, other in combinations(assignments, 2):
        common = [
            (max(a[0], b[0]), min(a[1], b[1]), sorted([(*a, one.key), (*b, other.key)]))
            for a, b in product(one.spans(), other.spans())
            if max(a[0], b[0]) < min(a[1], b[1])
        ]
        if common and one.owner == other.owner:
            (*_, first), (*_, second) = min(common)[2]
            found.append(DoubleBooking(one.owner, first, second, min(common)[0], max(end for _, end, _ in common)))
    return sorted(found, key=lambda booking: (booking.start, booking.owner, booking.first, booking.second))


@given(work=st.lists(WORK, max_size=12), calendar=calendars)
def test_the_same_as_looking_at_every_pair(work: list[tuple[str, int, int, bool]], calendar: Calendar) -> None:
    assignments = [
        Assignment(f"T{number}", owner, start, start + seconds, calendar if working else None)
        for number, (owner, start, seconds, working) in enumerate(work)
    ]
    assert double_bookings(assignments) == by_pairs(assignments)
