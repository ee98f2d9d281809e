"""Reading and showing instants; the clocks they come from."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Literal

import pytest

from warroom.clock.source import SteppedClock, SystemClock
from warroom.clock.times import (
    iso_utc,
    parse_iso_utc,
    parse_offset,
    parse_time,
    parse_zone,
    show_distance,
    show_iso,
    show_offset,
    show_time,
    suggest_zone,
)

BERLIN = "Europe/Berlin"
START = datetime(2026, 11, 27, 16, 0, tzinfo=UTC)  # Friday 17:00 in Berlin


def read(text: str, near: datetime | None = None, prefer: Literal["past", "next"] = "next") -> str:
    return iso_utc(parse_time(text, zone=BERLIN, window_start=START, near=near, prefer=prefer))


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("T", "2026-11-27T16:00:00Z"),
        ("T+0h", "2026-11-27T16:00:00Z"),
        ("T+15h", "2026-11-28T07:00:00Z"),
        ("t + 1h30", "2026-11-27T17:30:00Z"),
        ("T-35d", "2026-10-23T16:00:00Z"),
        ("T+16:42", "2026-11-28T08:42:00Z"),
        ("2026-11-28T02:40", "2026-11-28T01:40:00Z"),
        ("2026-11-28 02:40", "2026-11-28T01:40:00Z"),
        ("2026-11-28T02:40:10", "2026-11-28T01:40:10Z"),
        ("2026-11-28", "2026-11-27T23:00:00Z"),
        ("2026-07-01T12:00", "2026-07-01T10:00:00Z"),
        ("20261128T0240", "2026-11-28T01:40:00Z"),
        ("2026-W48-6", "2026-11-27T23:00:00Z"),
        ("2026-11-28T02:40Z", "2026-11-28T02:40:00Z"),
        ("2026-11-28T02:40+05:30", "2026-11-27T21:10:00Z"),
    ],
)
def test_times_that_stand_alone(text: str, instant: str) -> None:
    assert read(text) == instant


@pytest.mark.parametrize(
    ("text", "near", "prefer", "instant"),
    [
        # Near Saturday 09:42 in Berlin.
        ("10:05", "2026-11-28T08:42:00Z", "next", "2026-11-28T09:05:00Z"),
        ("02:40", "2026-11-28T08:42:00Z", "next", "2026-11-29T01:40:00Z"),
        ("02:40", "2026-11-28T08:42:00Z", "past", "2026-11-28T01:40:00Z"),
        ("10:05", "2026-11-28T08:42:00Z", "past", "2026-11-27T09:05:00Z"),
        ("9:42", "2026-11-28T08:42:00Z", "next", "2026-11-28T08:42:00Z"),
        ("9:42", "2026-11-28T08:42:00Z", "past", "2026-11-28T08:42:00Z"),
        ("09:42:01", "2026-11-28T08:42:00Z", "past", "2026-11-27T08:42:01Z"),
        ("Sat 02:40", "2026-11-28T08:42:00Z", "next", "2026-12-05T01:40:00Z"),
        ("sat 02:40", "2026-11-28T08:42:00Z", "past", "2026-11-28T01:40:00Z"),
        ("Sunday 02:40", "2026-11-28T08:42:00Z", "next", "2026-11-29T01:40:00Z"),
        ("Sat 10:05", "2026-11-28T08:42:00Z", "past", "2026-11-21T09:05:00Z"),
        # 00:30 in Berlin is still the day before in UTC.
        ("00:30", "2026-11-28T23:10:00Z", "next", "2026-11-28T23:30:00Z"),
        # Clocks go back on 25 October: 02:30 comes at 00:30 and at 01:30 UTC.
        ("02:30", "2026-10-25T00:00:00Z", "next", "2026-10-25T00:30:00Z"),
        ("02:30", "2026-10-25T00:45:00Z", "next", "2026-10-25T01:30:00Z"),
        ("02:30", "2026-10-25T04:00:00Z", "past", "2026-10-25T01:30:00Z"),
        ("02:30", "2026-10-25T00:45:00Z", "past", "2026-10-25T00:30:00Z"),
    ],
)
def test_clock_times_are_the_nearest_occurrence(
    text: str, near: str, prefer: Literal["past", "next"], instant: str
) -> None:
    assert read(text, parse_iso_utc(near), prefer) == instant


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is not a time"),
        ("soon", "is not a time"),
        ("2026", "is not a time"),
        ("2026-13-01", "is not a time"),
        ("2026-11-28T25:00", "is not a time"),
        ("2026-11-27/2026-11-28", "is not a time"),
        ("28.11.2026", "is not a time"),
        ("0001-01-01", "is not a time"),
        ("25:00", "not a time of day"),
        ("Foo 02:40", "day of the week"),
        ("T+", "is not a time"),
        ("T+x", "not a duration"),
        ("T+T+1h", "not a duration"),
    ],
)
def test_what_is_no_time_is_refused_in_words(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        parse_time(text, zone=BERLIN, window_start=START, near=START)


def test_a_text_that_counts_from_something_unknown_is_refused() -> None:
    with pytest.raises(ValueError, match="window start"):
        parse_time("T+1h", zone=BERLIN)
    with pytest.raises(ValueError, match="names no date"):
        parse_time("02:40", zone=BERLIN)


def test_a_local_time_that_does_not_exist_is_refused() -> None:
    near = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)  # 01:30 in Berlin, half an hour before clocks go forward
    for text in ("2026-03-29T02:30", "02:30", "Sun 02:30"):
        with pytest.raises(ValueError, match="2026-03-29 02:30 does not exist in Europe/Berlin"):
            parse_time(text, zone=BERLIN, near=near)
    assert read("02:30", near + timedelta(hours=2)) == "2026-03-30T00:30:00Z"


def test_a_local_time_that_comes_twice_is_its_first_occurrence() -> None:
    assert read("2026-10-25T02:30") == "2026-10-25T00:30:00Z"


def test_zones() -> None:
    assert parse_zone("Asia/Kolkata").key == "Asia/Kolkata"
    for name in ("", "Berlin", "Europe/Berln", "../etc/passwd", "Europe", "\0"):
        with pytest.raises(ValueError, match="unknown time zone"):
            parse_zone(name)
    assert suggest_zone("Europe/Berln") == "Europe/Berlin"
    assert suggest_zone("berlin") == "Europe/Berlin"
    assert suggest_zone("New York") == "America/New_York"
    assert suggest_zone("xyzzy") is None


def test_instants_shown() -> None:
    instant = datetime(2026, 11, 28, 8, 42, 10, tzinfo=UTC)
    assert show_time(instant, BERLIN) == "Sat 28 Nov 09:42"
    assert show_time(instant, BERLIN, seconds=True, day=False) == "09:42:10"
    assert show_time(instant, parse_zone("Asia/Kolkata"), day=False) == "14:12"
    assert show_time(datetime(2026, 11, 6, 23, 0, tzinfo=UTC), BERLIN) == "Sat 07 Nov 00:00"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "T+00:00"),
        (60_120, "T+16:42"),
        (60_179, "T+16:42"),
        (-7_200, "T-02:00"),
        (359_940, "T+99:59"),
        (360_000, "T+4d 04:00"),
        (-35 * 86_400 - 7_200, "T-35d 02:00"),
    ],
)
def test_offsets_shown_and_read_back(seconds: int, text: str) -> None:
    assert show_offset(seconds) == text
    assert parse_offset(text) == int(seconds / 60) * 60


def test_a_text_of_another_kind_is_no_offset() -> None:
    assert parse_offset("2026-11-28") is None
    assert parse_offset("Thursday") is None


def test_instants_in_files() -> None:
    assert iso_utc(datetime(2026, 11, 28, 8, 42, 10, 5, tzinfo=UTC)) == "2026-11-28T08:42:10.000005Z"
    india = timezone(timedelta(hours=5, minutes=30))
    assert iso_utc(datetime(2026, 11, 28, 14, 12, 10, tzinfo=india)) == "2026-11-28T08:42:10Z"
    assert parse_iso_utc("2026-11-28T08:42:10.000005Z") == datetime(2026, 11, 28, 8, 42, 10, 5, tzinfo=UTC)
    with pytest.raises(ValueError, match="names no time zone"):
        iso_utc(datetime(2026, 11, 28))  # noqa: DTZ001
    with pytest.raises(ValueError, match="ends in Z"):
        parse_iso_utc("2026-11-28T08:42:10")


def test_a_stepped_clock_moves_only_forwards() -> None:
    clock = SteppedClock(START)
    clock.move_to(START)
    clock.move_to(START + timedelta(hours=1))
    assert clock.now() == START + timedelta(hours=1)
    with pytest.raises(ValueError, match="backwards"):
        clock.move_to(START)
    assert clock.now() == START + timedelta(hours=1)
    with pytest.raises(ValueError, match="time zone"):
        SteppedClock(datetime(2026, 11, 27))  # noqa: DTZ001


def test_the_system_clock_is_in_utc() -> None:
    assert SystemClock().now().utcoffset() == timedelta(0)


def test_an_iso_date_comes_with_its_weekday() -> None:
    instant = datetime(2026, 11, 28, 8, 42, 10, tzinfo=UTC)
    assert show_iso(instant, BERLIN) == "Sat 2026-11-28 09:42"
    assert show_iso(instant, "Asia/Kolkata", seconds=True) == "Sat 2026-11-28 14:12:10"


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "now"),
        (30, "in 30s"),
        (12 * 60, "in 12m"),
        (-4 * 60, "4m ago"),
        (5400, "in 1h30"),
        (-200_000, "2d 7h33 ago"),
    ],
)
def test_a_distance_says_which_way(seconds: int, said: str) -> None:
    assert show_distance(seconds) == said


def test_the_hour_that_comes_twice_says_which_it_is() -> None:
    first, second = (datetime(2026, 10, 25, hour, 30, tzinfo=UTC) for hour in (0, 1))
    assert show_time(first, "Europe/Berlin") == "Sun 25 Oct 02:30 CEST"
    assert show_time(second, "Europe/Berlin", day=False, seconds=True) == "02:30:00 CET"
    assert show_iso(first, "Europe/Berlin") == "Sun 2026-10-25 02:30 CEST"
    assert show_time(second, "Europe/Berlin", day=False) != show_time(first, "Europe/Berlin", day=False)
    assert show_time(second + timedelta(hours=1), "Europe/Berlin") == "Sun 25 Oct 03:30"
    assert show_time(first - timedelta(hours=1), "Europe/Berlin") == "Sun 25 Oct 01:30"
    assert show_time(first, "Australia/Sydney", day=False) == "11:30"
    # Where clocks go forward no time comes twice.
    assert show_time(datetime(2026, 3, 29, 1, 30, tzinfo=UTC), "Europe/Berlin") == "Sun 29 Mar 03:30"
