"""Without colours: what stood on a ground of its own is reversed, what was muted is dim, and all else stays."""

from __future__ import annotations

from rich.segment import Segment
from rich.style import Style
from textual.color import Color

from warroom.tui.look.plain import PlainFilter

ROW, CARET, SCREEN = "on #363636", "on #e6e6e6", "on #121212"


def plain(*pieces: tuple[str, str]) -> list[tuple[str, str]]:
    """The pieces of a line, each with its style in words."""
    segments = [Segment(text, Style.parse(style)) for text, style in pieces]
    drawn = PlainFilter().apply(segments, Color.parse("black"))
    assert all(one.style is not None and one.style.color is None and one.style.bgcolor is None for one in drawn)
    return [(one.text, " ".join(words(one.style))) for one in drawn if one.style is not None]


def words(style: Style) -> list[str]:
    return [word for word in ("bold", "dim", "italic", "underline", "reverse") if getattr(style, word)]


def test_what_is_muted_is_dim_and_what_is_bold_stays_so() -> None:
    assert plain(("a", f"#a0a0a0 {SCREEN}"), ("b", f"bold #ffffff {SCREEN}"), ("c", "underline")) == [
        ("a", "dim"),
        ("b", "bold"),
        ("c", "underline"),
    ]


def test_a_ground_of_its_own_is_reversed_also_where_the_style_is_already() -> None:
    assert plain(("row", f"#a0a0a0 {ROW}")) == [("row", "reverse")]
    assert plain(("label", f"#121212 {CARET}")) == [("label", "reverse")]
    assert plain(("label", "reverse #e6e6e6 on #121212")) == [("label", "reverse")]
    assert plain(("text", "reverse #121212 on #e6e6e6")) == [("text", "")]


def test_a_caret_is_cut_out_of_its_field() -> None:
    assert plain(("2:4", f"#e6e6e6 {ROW}"), ("0", f"#363636 {CARET}"), (" ", ROW)) == [
        ("2:4", "reverse"),
        ("0", "bold"),
        (" ", "reverse"),
    ]


def test_two_halves_in_two_colours_fill_their_cell() -> None:
    assert plain(("▀▀", "#8c8c8c on #5a5a5a"), ("▄", f"#5a5a5a {SCREEN}")) == [("██", ""), ("▄", "dim")]


def test_what_the_mouse_finds_there_stays() -> None:
    style = Style.parse(f"#ffffff {ROW}") + Style(meta={"@click": "app.bell"}, link="https://example.org")
    (drawn,) = PlainFilter().apply([Segment("x", style)], Color.parse("black"))
    assert drawn.style is not None
    assert (drawn.style.meta, drawn.style.link) == ({"@click": "app.bell"}, "https://example.org")
