"""Spans of text with the name of their ink, and how they become a strip of the terminal.

What decides what is shown works with names of inks only; the theme gives them their colours when a line is drawn.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.strip import Strip

Span = tuple[str, str]
"""A text and its ink: words such as "status-late", "bold", "reverse", "on:panel" (a background); "" is plain."""

Spans = tuple[Span, ...]

_MODIFIERS = frozenset({"bold", "reverse", "underline"})


class Ink:
    """The styles of one theme, by the names of inks."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        """Take the colours from a theme's variables (name to colour)."""
        self._variables = variables
        self._styles: dict[str, Style] = {}

    def __getitem__(self, name: str) -> Style:
        """The style of an ink.

        Raises:
            KeyError: it names a colour that the theme's variables do not have.
        """
        style = self._styles.get(name)
        if style is None:
            style = self._styles[name] = self._made(name)
        return style

    def _made(self, name: str) -> Style:
        made = Style()
        for part in name.split():
            if part in _MODIFIERS:
                made += Style.parse(part)
            elif part.startswith("on:"):
                made += Style(bgcolor=Color.parse(self._variables[part[3:]]).rich_color)
            else:
                made += Style(color=Color.parse(self._variables[part]).rich_color)
        return made


def width_of(spans: Iterable[Span]) -> int:
    """How many cells the spans take."""
    return sum(cell_len(text) for text, _ in spans)


def padded(text: str, width: int) -> str:
    """`text` in exactly `width` cells, cut with "…" where it is longer."""
    if cell_len(text) > width:
        text = set_cell_size(text, max(0, width - 1)) + "…"
    return set_cell_size(text, max(0, width))


def drawn(spans: Iterable[Span], width: int, ink: Ink, base: Style) -> Strip:
    """The spans as one line of exactly `width` cells on the style `base`, cut with "…" where they are longer.

    Neighbours of one ink, of which bars are full, become one segment.
    """
    segments: list[Segment] = []
    alike: list[str] = []
    ink_of_these, room = "", width

    def close() -> None:
        if text := "".join(alike):
            segments.append(Segment(text, base + ink[ink_of_these] if ink_of_these else base))
        alike.clear()

    for text, name in spans:
        if room <= 0:
            break
        if name != ink_of_these:
            close()
            ink_of_these = name
        length = cell_len(text)
        if length > room:
            text, length = padded(text, room), room
        alike.append(text)
        room -= length
    if room > 0 and ink_of_these:
        close()
        ink_of_these = ""
    alike.append(" " * max(0, room))
    close()
    return Strip(segments, width)


def differing(before: Spans, after: Spans) -> tuple[int, int]:
    """The cells, from the first to behind the last, in which two lines differ; (0, 0) if they do not."""
    if before == after:
        return 0, 0
    old, new = _cells(before), _cells(after)
    shorter = min(len(old), len(new))
    first = next((place for place in range(shorter) if old[place] != new[place]), shorter)
    if len(old) != len(new):
        return first, max(len(old), len(new))
    stop = next((place for place in range(len(new), first, -1) if old[place - 1] != new[place - 1]), first)
    return first, stop


def _cells(spans: Spans) -> list[tuple[str, str]]:
    """One pair of character and ink for every cell; the second cell of a wide character is empty."""
    cells: list[tuple[str, str]] = []
    for text, name in spans:
        for character in text:
            cells.append((character, name))
            cells.extend([("", name)] * (cell_len(character) - 1))
    return cells
