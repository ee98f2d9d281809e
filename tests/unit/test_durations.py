"""Reading and showing spans of time."""

from __future__ import annotations

import pytest

from warroom.clock.durations import ACCEPTED, LONGEST, parse_duration, show_duration


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("45m", 2_700),
        ("1h30", 5_400),
        ("1h5", 3_900),
        ("1h30m", 5_400),
        ("1 h 30 min", 5_400),
        ("90", 5_400),
        ("1.5", 90),
        ("1.5h", 5_400),
        ("2d", 172_800),
        ("1 D", 86_400),
        ("2d 4h05", 187_500),
        ("2 days 4 hours 5 minutes", 187_500),
        ("15 min", 900),
        ("30s", 30),
        ("1m 30 sec", 90),
        ("0", 0),
        ("0m", 0),
        (" 45m ", 2_700),
        ("PT1H30M", 5_400),
        ("pt45m", 2_700),
        ("P1DT2H", 93_600),
        ("P1W", 604_800),
        ("PT1.5H", 5_400),
        ("366d", LONGEST),
    ],
)
def test_durations_that_people_write(text: str, seconds: int) -> None:
    assert parse_duration(text) == seconds


@pytest.mark.parametrize(
    "text",
    [
        *("", "  ", "-5m", "- 5m", "P-1D", "h", "m30", "5x", "1h90", "5m30", "2d 30", "30m 1h", "1h 1h", "1,5h"),
        *("P", "PT", "P1M", "P1Y", "PT1H/PT2H", "T+1h", "nan", "inf", "1e3", "٤٥m", "9" * 5_000, "367d"),
    ],
)
def test_everything_else_is_refused_with_what_is_accepted(text: str) -> None:
    with pytest.raises(ValueError, match="bare number is minutes") as caught:
        parse_duration(text)
    assert str(caught.value).endswith(ACCEPTED)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0m"),
        (20, "20s"),
        (60, "1m"),
        (119, "1m"),
        (2_700, "45m"),
        (3_600, "1h"),
        (3_900, "1h05"),
        (5_400, "1h30"),
        (98_700, "27h25"),
        (172_800, "2d"),
        (187_200, "2d 4h"),
        (187_500, "2d 4h05"),
        (173_100, "2d 5m"),
        (-3_900, "-1h05"),
        (-20, "-20s"),
    ],
)
def test_shown_durations(seconds: int, text: str) -> None:
    assert show_duration(seconds) == text


def test_a_sign_is_shown_where_asked_for() -> None:
    assert show_duration(2_280, sign=True) == "+38m"
    assert show_duration(-3_900, sign=True) == "-1h05"
    assert show_duration(0, sign=True) == "0m"
