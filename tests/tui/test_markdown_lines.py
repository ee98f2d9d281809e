"""Instructions as lines: what of Markdown is drawn, what stays as typed, and that nothing does harm."""

from __future__ import annotations

import pytest

from warroom.tui.drawing.ink import width_of
from warroom.tui.drawing.markdown import CODE, HEADING, LINK, QUIET, markdown_lines


def plain(text: str, width: int = 60, most: int = 400) -> list[str]:
    return ["".join(part for part, _ in line).rstrip() for line in markdown_lines(text, width, most)]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("one\ntwo", ["one two"]),
        ("one\n\n\ntwo", ["one", "", "two"]),
        ("# Head #\ntext", ["Head", "text"]),
        ("- a\n- b\n  goes on\n  - c", ["• a", "• b goes on", "  • c"]),
        ("1. a\n2) b", ["1. a", "2) b"]),
        ("> said", ["│ said"]),
        ("```sh\nrm  -rf *x*\n```\nafter", ["  rm  -rf *x*", "after"]),
        ("see [the guide](https://x.example/a), `SELECT *`", ["see the guide <https://x.example/a>, SELECT *"]),
        ("**all** of *it*, 2*3*4 and a_b_c", ["all of it, 2*3*4 and a_b_c"]),
        ("[not](a link) **open", ["[not](a link) **open"]),
    ],
)
def test_what_is_drawn(text: str, lines: list[str]) -> None:
    assert plain(text) == lines


def test_inks_tell_links_code_and_headings() -> None:
    lines = markdown_lines("# Head\n`code` https://x.example", 60)
    inks = {part: ink for line in lines for part, ink in line}
    assert (inks["Head"], inks["code"], inks["https://x.example"]) == (HEADING, CODE, LINK)


def test_a_link_never_hides_where_it_leads() -> None:
    assert "https://evil.example" in plain("[https://bank.example](https://evil.example)")[0]


@pytest.mark.parametrize("width", [16, 33, 80])
def test_lines_keep_their_width_and_are_harmless(width: int) -> None:
    text = "\x1b[2J\u202e漢字 " * 9 + "`" + "x" * 200 + "` - [b](c)\n- " + "word " * 40 + "\n```\n" + "y\x07" * 90
    for line in markdown_lines(text, width):
        assert width_of(line) <= width
        assert "\x1b" not in "".join(part for part, _ in line)
        assert "\u202e" not in "".join(part for part, _ in line)


def test_what_is_cut_says_so() -> None:
    assert plain("- a\n- b\n- c", most=2) == ["• a", "…"]
    assert markdown_lines("- a\n- b\n- c", 60, 2, "… enter shows it")[-1] == (("… enter shows it", QUIET),)
