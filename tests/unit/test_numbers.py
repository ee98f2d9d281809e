"""Numbers as people and exports write them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.commands import Commands
from warroom.cli.typed import figure
from warroom.vocabulary.errors import BadInput
from warroom.vocabulary.numbers import Unclear, mark_of, read_number, read_numbers


@pytest.mark.parametrize(
    ("text", "mark", "number"),
    [
        ("1234.50", ".", "1234.50"),
        (" 1,234.50 ", ".", "1234.50"),
        ("1.234,50", ",", "1234.50"),
        ("1 234,50", ",", "1234.50"),
        ("1\u202f234\u202f567,5", ",", "1234567.5"),
        ("1'234.50", ".", "1234.50"),
        ("1\u2019234.50", ".", "1234.50"),
        ("12,34,567.89", ".", "1234567.89"),
        ("5-", ".", "-5"),
        ("-5", ".", "-5"),
        ("\u22125,0", ",", "-5.0"),
        ("(5.00)", ".", "-5.00"),
        ("+7", ".", "7"),
        (".5", ".", "0.5"),
        ("5.", ".", "5"),
        ("1 000", None, "1000"),
        ("-0.00", ".", "0.00"),
    ],
)
def test_what_is_a_number(text: str, mark: str | None, number: str) -> None:
    assert str(read_number(text, mark)) == number
    assert read_numbers([text, "1"], mark) == ([Decimal(number), Decimal(1)], 0)


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("", "."),
        ("-", "."),
        (".", "."),
        ("abc", "."),
        ("1e5", "."),
        ("NaN", "."),
        ("Infinity", "."),
        ("1_000", "."),
        ("\u0661\u0662", "."),
        ("1,23", "."),
        ("1.23", ","),
        ("1,2345.00", "."),
        ("1.234,567.8", "."),
        ("0,500.00", "."),
        ("1-2", "."),
        ("--5", "."),
        ("12 EUR", "."),
        ("1.5", None),
        ("1,500", None),
        ("=1+1", "."),
    ],
)
def test_what_is_none(text: str, mark: str | None) -> None:
    with pytest.raises(ValueError, match=r"is not a number|it cannot be told which"):
        read_number(text, mark)


def test_empty_ones_count_as_nothing_and_are_told() -> None:
    assert read_numbers(["1", "", " ", "2,5"], ",") == ([Decimal(1), Decimal(0), Decimal(0), Decimal("2.5")], 2)


@pytest.mark.parametrize(
    ("texts", "mark"),
    [
        ([], None),
        (["1", "-20", "", "x"], None),
        (["1", "2.50"], "."),
        (["1,234", "2.50"], "."),
        (["1.234", "2,50"], ","),
        (["1.234.567"], ","),
        (["1,234.50"], "."),
        (["0,500"], ","),
        (["12.5000"], "."),
    ],
)
def test_the_mark_is_found_from_the_numbers(texts: list[str], mark: str | None) -> None:
    assert mark_of(texts) == mark


@pytest.mark.parametrize("texts", [["1,234"], ["12.500", "7"], ["1.50", "1,50"]])
def test_what_can_be_read_in_two_ways_is_not_guessed(texts: list[str]) -> None:
    with pytest.raises(Unclear):
        mark_of(texts)


def test_what_is_typed() -> None:
    assert [figure(text) for text in ("1204331.07", "-5", "1,204,331.07", "1.204.331,07", "3,5")] == [
        Decimal(text) for text in ("1204331.07", "-5", "1204331.07", "1204331.07", "3.5")
    ]
    for text in ("1,234", "x", "1e3"):
        with pytest.raises(BadInput):
            figure(text)


def test_a_negative_number_is_no_option(rehearsal: Commands) -> None:
    rehearsal.good("control", "record", "gl", "--side", "legacy", "-5.00", "--as", "gil")
    assert rehearsal.json("control", "show", "gl")["parts"][0]["legacy"] == "-5.00"
    assert rehearsal("control", "record", "gl", "--sied", "new", "5").code == 2
