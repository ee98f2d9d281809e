"""What is meant by what somebody types."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warroom.tui.picture.matching import FUZZY_LENGTH, score


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("bc-24", "BC-24 Import delta masters"),
        ("delta import", "BC-24 Import delta masters"),
        ("asters", "BC-24 Import delta masters"),
        ("bc24", "BC-24 Import delta masters"),
        ("stok", "Load stock"),
        ("ÜBER", "über alles"),
    ],
)
def test_what_fits(query: str, text: str) -> None:
    assert score(query, text) is not None


@pytest.mark.parametrize(
    ("query", "text"),
    [("", "x"), ("  ", "x"), ("stock", "Load orders"), ("load orders", "Load stock"), ("stok", "Sofie Brandt, 106 kg")],
)
def test_what_does_not(query: str, text: str) -> None:
    assert score(query, text) is None


def test_letters_alone_count_in_short_texts_only() -> None:
    assert score("stok", "x" * FUZZY_LENGTH + " stock") is None
    assert score("stoc", "x" * FUZZY_LENGTH + " stock") is not None


def test_the_begin_of_a_word_counts_more_than_its_inside_and_that_more_than_letters() -> None:
    scores = [score("load", text) for text in ("Load", "Load it", "unload it", "l-o-ad it")]
    assert None not in scores
    assert scores == sorted(scores, key=lambda one: -(one or 0))


@given(st.text(max_size=60), st.text(max_size=60))
def test_every_part_of_a_text_is_found_in_it(before: str, part: str) -> None:
    if part.split():
        assert score(part, f"{before} {part}") is not None


@given(st.text(max_size=30), st.text(max_size=200))
def test_a_score_is_positive(query: str, text: str) -> None:
    found = score(query, text)
    assert found is None or found > 0
