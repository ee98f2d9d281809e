"""The console without any colour: what stands on a ground of its own is reversed, and what is muted is dim.

NO_COLOR asks for no colours at all (https://no-color.org); shades of grey would be colours to a terminal.
"""

from __future__ import annotations

from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual.color import Color as Background
from textual.filter import LineFilter

GROUND, BRIGHT = 0x30, 0x80
"""From these brightnesses on, of 255, a ground stands out from the screen's, and from one that does: in the theme that
is shown without colours."""

MUTED = 0xA4
"""Up to this brightness a text is muted."""

_HALVES = str.maketrans("▀▄", "██")


class PlainFilter(LineFilter):
    """Turns colours into what every terminal has: reversed, dim, or neither."""

    def __init__(self) -> None:
        super().__init__()
        self._made: dict[Style, _Plain] = {}

    def apply(self, segments: list[Segment], background: Background) -> list[Segment]:  # noqa: ARG002
        looks = [None if segment.style is None else self._of(segment.style) for segment in segments]
        lit = any(look is not None and GROUND <= look.ground < BRIGHT for look in looks)
        return [
            segment if look is None else look.draw(segment, lit=lit)
            for segment, look in zip(segments, looks, strict=True)
        ]

    def _of(self, style: Style) -> _Plain:
        made = self._made.get(style)
        if made is None:
            made = self._made[style] = _Plain(style)
        return made


class _Plain:
    """A style without its colours; whatever else it means stays.

    Attributes:
        ground: how bright it was behind the text.
    """

    def __init__(self, style: Style) -> None:
        text, ground = (style.bgcolor, style.color) if style.reverse else (style.color, style.bgcolor)
        self.ground = _brightness(ground, 0)
        bare = Style(
            bold=style.bold,
            italic=style.italic,
            underline=style.underline,
            strike=style.strike,
            link=style.link,
            meta=style.meta or None,
        )
        self._as_it_is = bare + Style(dim=self.ground < GROUND and _brightness(text, 0xFF) <= MUTED)
        self._reversed = bare + Style(reverse=True)
        self._cut_out = bare + Style(bold=True)

    def draw(self, segment: Segment, *, lit: bool) -> Segment:
        """A piece of a line, which is `lit` where something of it has a ground of its own: what is brighter than that
        is cut out of it, such as the caret in a field."""
        text, _, control = segment
        if self.ground < GROUND:
            return Segment(text, self._as_it_is, control)
        if (whole := text.translate(_HALVES)) != text:
            # Two halves of a cell in two colours are both there: the cell is full.
            return Segment(whole, self._as_it_is, control)
        return Segment(text, self._cut_out if lit and self.ground >= BRIGHT else self._reversed, control)


def _brightness(colour: Color | None, unknown: int) -> int:
    """The brightest part of a colour, of 255."""
    return unknown if colour is None or colour.is_default else max(colour.get_truecolor())
