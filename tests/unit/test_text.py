"""Text that people type: what is refused, and how anything is shown harmlessly."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warroom.vocabulary.text import LONGEST_TEXT, fault_of_ref, fault_of_text, many_lines, one_line

ANY_TEXT = st.text(st.characters(codec=None, categories=None))


@pytest.mark.parametrize(
    "text", ["", "plain", "tab\tand\nnewline", "Grüße \U0001f600 عربى", "\u202e", "x" * LONGEST_TEXT]
)
def test_text_that_is_stored(text: str) -> None:
    assert fault_of_text(text) is None


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("a\x00", "U+0000 at position 2"),
        ("\x1b[2J", "U+001B at position 1"),
        ("line\r\n", "U+000D at position 5"),
        ("\x7f", "U+007F"),
        ("\x9b31m", "U+009B"),
        ("\ud800", "U+D800"),
        ("x" * (LONGEST_TEXT + 1), "longer than 1 MB"),
        ("é" * (LONGEST_TEXT // 2 + 1), "longer than 1 MB"),
    ],
)
def test_text_that_is_refused(text: str, fault: str) -> None:
    assert fault in (fault_of_text(text) or "")


@given(ANY_TEXT)
def test_what_is_stored_can_be_written_as_utf_8(text: str) -> None:
    if fault_of_text(text) is None:
        assert text.encode().decode() == text


@pytest.mark.parametrize("ref", ["A", "BC-24", "4.1.10a", "1.10x", "Ü", "a" * 64])
def test_a_ref(ref: str) -> None:
    assert fault_of_ref(ref) is None


@pytest.mark.parametrize(
    "ref", ["", "A B", "A+1", "A\tB", "A\n", "A.3", "4.1.10", "A.3\n", "a" * 65, "A\x07", "A\u00a0B"]
)
def test_no_ref(ref: str) -> None:
    assert fault_of_ref(ref) is not None


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("  two\n lines\t ", "two lines"),
        ("\x1b[31mred\x9b0m", "·[31mred·0m"),
        ("a\u202eb\u200bc\ufeff", "a·b·c·"),
        ("line\u2028break", "line break"),
        ("twelve chars", "twelve chars"),
        ("thirteen chars", "thirteen ch…"),
        ("", ""),
        (" " * 500 + "far away", "far away"),
        ("a" + " " * 500 + "b", "a b"),
        ("a b c d e f g h", "a b c d e f…"),
    ],
)
def test_one_line(text: str, shown: str) -> None:
    assert one_line(text, 12) == shown


def harmless(shown: str) -> bool:
    return not any(
        ord(character) < 32 or 127 <= ord(character) < 160 or character in "\u202e\u2066" for character in shown
    )


@given(ANY_TEXT, st.integers(1, 60))
def test_a_line_is_short_and_harmless(text: str, longest: int) -> None:
    shown = one_line(text, longest)
    assert len(shown) <= longest
    assert harmless(shown)
    shown.encode()


@given(ANY_TEXT)
def test_lines_are_kept_and_harmless(text: str) -> None:
    shown = many_lines(text)
    assert shown.count("\n") == text.count("\n")
    assert all(harmless(line) for line in shown.split("\n"))
    shown.encode()


def test_many_lines_are_cut() -> None:
    assert many_lines("a\tb\nccc", 5) == "a   b\nc…"
