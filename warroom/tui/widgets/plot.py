"""A picture of lines that are made for the width and the height that there are."""

from __future__ import annotations

from collections.abc import Callable

from textual.events import Resize
from textual.geometry import Region
from textual.strip import Strip

from warroom.tui.drawing.ink import Spans, drawn
from warroom.tui.widgets.painted import Painted


class Plot(Painted):
    """Fills its place with what a function draws into so many columns and lines."""

    _make: Callable[[int, int], tuple[Spans, ...]] | None = None
    _lines: tuple[Spans, ...] = ()

    def show(self, make: Callable[[int, int], tuple[Spans, ...]]) -> None:
        """Show what `make` draws for the present size, and for every later one; repaints the lines that differ."""
        self._make = make
        if not self.size.width or not self.size.height:
            return
        before, self._lines = self._lines, make(self.size.width, self.size.height)
        if len(before) != len(self._lines):
            self.refresh()
            return
        for y, (old, new) in enumerate(zip(before, self._lines, strict=True)):
            if old != new:
                self._refresh_line(y)

    def _refresh_line(self, y: int) -> None:
        """Repaint one line."""
        self.refresh(Region(0, y, self.size.width, 1))

    def on_resize(self, _: Resize) -> None:
        if self._make is not None:
            self.show(self._make)
            self.refresh()

    def render_line(self, y: int) -> Strip:
        line = self._lines[y] if y < len(self._lines) else ()
        return drawn(line, self.size.width, self.ink, self.rich_style)
