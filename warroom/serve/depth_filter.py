"""Colours as a terminal of some depth shows them, before they are drawn.

Rich keeps with a style what it once sent for it, and equal styles are one object in a process: a console would be sent
the colours of whichever terminal came first. Styles whose colours are those of its own depth are its own.
"""

from __future__ import annotations

from rich.color import Color, ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual.color import Color as Background
from textual.filter import LineFilter


class DepthFilter(LineFilter):
    """Turns every colour into the nearest one that the terminal has."""

    def __init__(self, system: ColorSystem) -> None:
        super().__init__()
        self._system = system
        self._made: dict[Style, Style] = {}

    def apply(self, segments: list[Segment], background: Background) -> list[Segment]:  # noqa: ARG002
        return [Segment(text, None if style is None else self._of(style), control) for text, style, control in segments]

    def _of(self, style: Style) -> Style:
        made = self._made.get(style)
        if made is None:
            made = style + Style(color=self._nearest(style.color), bgcolor=self._nearest(style.bgcolor))
            self._made[style] = made
        return made

    def _nearest(self, colour: Color | None) -> Color | None:
        return None if colour is None else colour.downgrade(self._system)
