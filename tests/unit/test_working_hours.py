"""Days of the week and shifts, as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warroom.clock.working_hours import length, parse_days, parse_shifts, show_days, show_shifts

minutes = st.integers(0, 1439)
shifts = st.lists(st.tuples(minutes, st.integers(0, 1440)).filter(lambda shift: shift[0] != shift[1]), max_size=4)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("mon-fri", (0, 1, 2, 3, 4)),
        ("sat", (5,)),
        ("Wed, mon", (0, 2)),
        ("friday - monday", (0, 4, 5, 6)),
        ("sun-sat", (0, 1, 2, 3, 4, 5, 6)),
        ("tue-tue", (1,)),
    ],
)
def test_days(text: str, days: tuple[int, ...]) -> None:
    assert parse_days(text) == days


@pytest.mark.parametrize("text", ["", "x", "mon-", "-fri", "mon fri", "mon-fri-sun", "mon,,tue", "mon, mon", "0-4"])
def test_what_names_no_days(text: str) -> None:
    with pytest.raises(ValueError, match=r"days? "):
        parse_days(text)


def test_shifts() -> None:
    assert parse_shifts("08:00-12:00, 13:00 - 18:30") == ((480, 720), (780, 1110))
    assert parse_shifts("8:00-24:00") == ((480, 1440),)
    assert parse_shifts(" OFF ") == ()
    assert [length(shift) for shift in parse_shifts("08:00-12:00, 22:00-06:00, 22:00-00:00, 00:00-24:00")] == [
        240, 480, 120, 1440,
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["", "8-12", "08:00", "24:00-08:00", "08:00-24:01", "08:00-08:00", "08:60-09:00", "x"])
def test_what_is_no_shift(text: str) -> None:
    with pytest.raises(ValueError, match="write"):
        parse_shifts(text)


@given(st.sets(st.integers(0, 6), min_size=1))
def test_days_are_shown_as_they_are_read(days: set[int]) -> None:
    assert parse_days(show_days(days)) == tuple(sorted(days))


@given(shifts)
def test_shifts_are_shown_as_they_are_read(found: list[tuple[int, int]]) -> None:
    assert parse_shifts(show_shifts(found)) == tuple(found)


def test_runs_of_days_are_shown_short() -> None:
    assert show_days([0, 1, 2, 4, 6]) == "mon-wed, fri, sun"
    assert show_shifts([]) == "off"
