"""Glyph sets: what stands in for the signs that the console draws, where a terminal cannot show them.

Everything that is drawn, borders and scrollbars too, passes one filter on its way to the terminal, so that no screen
knows which set is in use. Every sign is replaced by one of its own width: nothing moves.
"""

from __future__ import annotations

import codecs
import locale
from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from rich.cells import cell_len
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter


class GlyphSet(StrEnum):
    """Which signs the console draws."""

    UNICODE = "unicode"
    ASCII = "ascii"


ASCII: Mapping[str, str] = MappingProxyType(
    {
        # How tasks, criteria and controls stand.
        "·": ".",
        "◌": "o",
        "●": "*",
        "◐": "%",
        "■": "#",
        "✓": "v",
        "»": ">",
        "✗": "x",
        "▲": "!",
        "↺": "&",
        "○": "o",
        "≈": "~",
        "±": "~",
        # Instants.
        "▼": "V",
        "│": "|",
        "┃": "H",
        "⚑": "P",
        "┊": ":",
        "⚐": "p",
        "╫": "N",
        "┆": ";",
        "◆": "@",
        "◇": "o",
        "╎": "'",
        "◷": "T",
        # Bars: the plan below, what happens above it, and delays.
        "▄": "-",
        "▀": "=",
        "█": "#",
        "▓": "%",
        "▒": "+",
        "░": ",",
        "┄": ".",
        "═": "^",
        "◈": "^",
        "╌": "~",
        "━": "=",
        "╍": "#",
        # Heights, from low to high; the middle one and the full one are above.
        "▁": "_",
        "▂": "_",
        "▃": ".",
        "▅": "=",
        "▆": "*",
        "▇": "%",
        # Lines and borders, and what leads from one place to another.
        "─": "-",
        "╷": "|",
        "▏": "|",
        "╵": "|",
        "▸": "+",
        "▾": "-",
        "►": ">",
        "→": ">",
        "←": "<",
        "↑": "^",
        "↓": "v",
        "‹": "<",
        "›": ">",
        # What texts are made of.
        "…": "~",
        "–": "-",
        "÷": "/",
        "“": '"',
        "”": '"',
        "‘": "'",
        "’": "'",
        "\N{NO-BREAK SPACE}": " ",
    }
)
"""What ASCII draws for the signs of the console."""

_OTHERS = (
    (range(0x2190, 0x2200), ">"),  # arrows
    (range(0x2500, 0x2580), "+"),  # lines and corners
    (range(0x2580, 0x25A0), "#"),  # blocks
    (range(0x25A0, 0x2800), "*"),  # shapes and symbols
    (range(0x2800, 0x2900), "."),  # patterns of dots
    (range(0x1F000, 0x1FB00), "*"),  # pictures
)
"""What ASCII draws for any other sign: those of Textual's own widgets."""

_POOR_TERMINALS = ("linux", "vt", "dumb", "ansi", "cons")
"""Terminals whose font has few signs beyond those of the keyboard, by how their names begin."""


class _Table(dict[int, str]):
    """Replacements as `str.translate` takes them, filled as signs come up."""

    def __init__(self, glyphs: Mapping[str, str], *, plain: bool) -> None:
        super().__init__({ord(sign): glyph for sign, glyph in glyphs.items()})
        self._plain = plain

    def __missing__(self, code: int) -> str:
        sign = chr(code)
        other = next((glyph for codes, glyph in _OTHERS if code in codes), sign) if self._plain else sign
        found = self[code] = other if other == sign else other * max(1, cell_len(sign))
        return found


class GlyphFilter(LineFilter):
    """Draws the signs of one set; what people typed in other letters stays as it is.

    Args:
        glyphs: each sign with what stands in for it, of the same width.
        plain: also replace signs that `glyphs` does not name.
    """

    def __init__(self, glyphs: Mapping[str, str], *, plain: bool) -> None:
        super().__init__()
        self._table = _Table(glyphs, plain=plain)

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002
        table = self._table
        return [
            one if one.text.isascii() else Segment(one.text.translate(table), one.style, one.control)
            for one in segments
        ]


def glyph_filter(glyph_set: GlyphSet, of_theme: Mapping[str, str]) -> GlyphFilter | None:
    """What draws a set with the theme's own signs in it; None where nothing is replaced.

    Args:
        of_theme: as `checked_glyphs` lets them pass. In ASCII only those that are ASCII count.
    """
    if glyph_set is GlyphSet.ASCII:
        return GlyphFilter({**ASCII, **{sign: own for sign, own in of_theme.items() if own.isascii()}}, plain=True)
    return GlyphFilter(of_theme, plain=False) if of_theme else None


def checked_glyphs(glyphs: Mapping[str, str]) -> Mapping[str, str]:
    """The signs of a theme file, if each can stand where the console's own stood.

    Raises:
        ValueError: one is not a sign that the console draws, or what stands in for it is not one visible character of
            the same width.
    """
    for sign, own in glyphs.items():
        if sign not in ASCII:
            raise ValueError(f"{sign!r} is not a sign that the console draws")
        if len(own) != 1 or not own.isprintable() or own.isspace() or cell_len(own) != cell_len(sign):
            raise ValueError(f"{own!r} cannot stand for {sign}: it must be one character of the same width")
    return glyphs


def glyph_set_for(environment: Mapping[str, str], encoding: str | None = None) -> GlyphSet:
    """The set for a terminal: what `$WARROOM_GLYPHS` says, else what its letters and its kind allow.

    Args:
        environment: for `WARROOM_GLYPHS` and `TERM`.
        encoding: of the letters of the terminal; None: that of the locale.
    """
    wanted = environment.get("WARROOM_GLYPHS", "").strip().lower()
    if wanted in tuple(GlyphSet):
        return GlyphSet(wanted)
    if environment.get("TERM", "").startswith(_POOR_TERMINALS):
        return GlyphSet.ASCII
    try:
        name = codecs.lookup(encoding or locale.getencoding()).name
    except LookupError:
        return GlyphSet.ASCII
    return GlyphSet.UNICODE if name == "utf-8" else GlyphSet.ASCII
