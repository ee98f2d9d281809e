"""Widgets that draw their own lines from spans, in the inks of the theme."""

from __future__ import annotations

from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from warroom.tui.ink import Ink, Spans, drawn


class Painted(Widget):
    """What all of them share: the inks, forgotten when the style changes."""

    _ink: Ink | None = None

    @property
    def ink(self) -> Ink:
        if self._ink is None:
            self._ink = Ink(self.app.theme_variables)
        return self._ink

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._ink = None
        self.forget()

    def forget(self) -> None:
        """Drop whatever was drawn before."""


class Lines(Painted):
    """A few fixed lines. `put` repaints only the lines that differ."""

    _lines: tuple[Spans, ...] = ()

    def put(self, *lines: Spans) -> None:
        """Show these lines."""
        before, self._lines = self._lines, lines
        if not self.is_mounted:
            return
        changed = [
            y
            for y in range(max(len(before), len(lines)))
            if y >= len(before) or y >= len(lines) or before[y] != lines[y]
        ]
        if changed:
            self.refresh(*(Region(0, y, self.size.width, 1) for y in changed))

    def render_line(self, y: int) -> Strip:
        line = self._lines[y] if y < len(self._lines) else ()
        return drawn(line, self.size.width, self.ink, self.rich_style)
