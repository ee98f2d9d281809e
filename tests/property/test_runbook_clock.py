"""Durations and times: whatever is typed, they are read, or refused in words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from warroom.clock.durations import LONGEST, parse_duration, show_duration
from warroom.clock.times import iso_utc, parse_iso_utc, parse_offset, parse_time, parse_zone, show_offset

START = datetime(2026, 11, 27, 16, 0, tzinfo=UTC)
ZONES = st.sampled_from(["UTC", "Europe/Berlin", "Asia/Kolkata", "America/St_Johns", "Australia/Lord_Howe"])
INSTANTS = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
TYPED = st.text() | st.text(alphabet="0123456789pPtTzZwWdhms:+-. /", max_size=24)


@given(TYPED)
def test_any_text_is_a_duration_or_refused(text: str) -> None:
    try:
        seconds = parse_duration(text)
    except ValueError:
        return
    assert 0 <= seconds <= LONGEST


@given(TYPED | st.from_regex(r"20[0-9]{2}-[0-9WT:.+/P-]{1,20}"), ZONES, st.sampled_from(["past", "next"]))
def test_any_text_is_a_time_or_refused(text: str, zone: str, prefer: str) -> None:
    try:
        instant = parse_time(
            text, zone=zone, window_start=START, near=START, prefer="past" if prefer == "past" else "next"
        )
    except ValueError:
        return
    assert instant.utcoffset() == timedelta(0)


@given(st.integers(0, LONGEST // 60))
def test_whole_minutes_are_read_back_as_shown(minutes: int) -> None:
    assert parse_duration(show_duration(minutes * 60)) == minutes * 60
    assert parse_offset(show_offset(minutes * 60)) == minutes * 60
    assert parse_offset(show_offset(-minutes * 60)) == -minutes * 60


@given(INSTANTS)
def test_instants_in_files_are_read_back(instant: datetime) -> None:
    assert parse_iso_utc(iso_utc(instant)) == instant


@given(INSTANTS, ZONES)
def test_a_local_time_is_read_back_or_comes_twice(instant: datetime, zone: str) -> None:
    minute = instant.replace(second=0, microsecond=0)
    local = minute.astimezone(parse_zone(zone))
    read = parse_time(local.replace(tzinfo=None).isoformat(), zone=zone)
    assert read == minute or (local.fold == 1 and read < minute)


@given(INSTANTS, ZONES, st.times())
def test_a_clock_time_is_within_a_day_on_its_side(near: datetime, zone: str, clock_time: object) -> None:
    text = f"{clock_time:%H:%M}"
    for prefer, side in (("next", 1), ("past", -1)):
        try:
            read = parse_time(text, zone=zone, near=near, prefer="past" if prefer == "past" else "next")
        except ValueError as error:
            if "does not exist" in str(error):
                continue
            raise
        distance = (read - near) * side
        assert timedelta(0) <= distance <= timedelta(hours=25)
        assert f"{read.astimezone(parse_zone(zone)):%H:%M}" == text
