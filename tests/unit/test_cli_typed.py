"""Reading what people type after a verb."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.cutover import START, minute
from warroom.cli import typed
from warroom.vocabulary.errors import BadInput

ZONE = "Europe/Berlin"  # START is 19:00 there


def expected(text: str, now: datetime = START) -> datetime:
    return typed.expected(text, zone=ZONE, window_start=START, now=now)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("45m", 45), ("+45m", 45), ("1h30", 90), ("90", 90), ("19:30", 30), ("18:59", 24 * 60 - 1), ("T+2h", 120)],
)
def test_an_eta_is_a_span_from_now_or_the_next_such_time(text: str, minutes: int) -> None:
    assert expected(text) == minute(minutes)


@pytest.mark.parametrize("text", ["", "soon", "-5m", "25:00", "T+", "2026-13-01", "99999d", "Xyz 02:40"])
def test_an_eta_that_is_neither_says_what_is_accepted(text: str) -> None:
    with pytest.raises(BadInput) as told:
        expected(text)
    assert "45m" in str(told.value.hint)


@pytest.mark.parametrize(("prefer", "minutes"), [("past", -30), ("next", 24 * 60 - 30)])
def test_a_bare_clock_time_is_looked_for_on_one_side(prefer: str, minutes: int) -> None:
    found = typed.instant("18:30", zone=ZONE, window_start=START, now=START, prefer=prefer)  # type: ignore[arg-type]
    assert found == START + timedelta(minutes=minutes)


def test_a_time_that_does_not_exist_is_told() -> None:
    with pytest.raises(BadInput, match="does not exist"):
        typed.instant("2027-03-28T02:30", zone=ZONE, window_start=START, now=START, prefer="past")


@pytest.mark.parametrize(
    ("text", "rate"), [("60", 60_000), ("60x", 60_000), (" 0.5 ", 500), ("0.001", 1), ("1", 1_000)]
)
def test_a_speed_becomes_thousandths(text: str, rate: int) -> None:
    assert typed.rate(text) == rate


@pytest.mark.parametrize("text", ["", "fast", "0", "-1", "nan", "inf", "1e99", "0.0001", "x"])
def test_a_speed_out_of_bounds_is_refused(text: str) -> None:
    with pytest.raises(BadInput):
        typed.rate(text)


def test_steps_are_named_by_their_task_and_place() -> None:
    assert typed.steps(["BC-24.1", "BC-24.12"]) == ("BC-24", [1, 12])
    assert typed.steps(["4.1.a.3"]) == ("4.1.a", [3])


@pytest.mark.parametrize("texts", [["BC-24"], ["BC-24."], [".1"], ["A.1", "B.1"], ["A.1", "A"]])
def test_what_names_no_step_of_one_task_is_refused(texts: list[str]) -> None:
    with pytest.raises(BadInput):
        typed.steps(texts)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [("4/12", (4, 12)), ("412,000/1,200,000", (412_000, 1_200_000)), (" 1_000 / 2 000 ", (1_000, 2_000))],
)
def test_progress_is_what_is_done_of_the_whole(text: str, numbers: tuple[int, int]) -> None:
    assert typed.progress(text) == numbers


@pytest.mark.parametrize("text", ["", "4", "4/", "/12", "a/b", "-4/12", "4.5/12"])
def test_what_is_no_progress_is_refused(text: str) -> None:
    with pytest.raises(BadInput):
        typed.progress(text)
