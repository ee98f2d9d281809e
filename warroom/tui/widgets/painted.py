"""Widgets that draw their own lines from spans, in the inks of the theme."""

from __future__ import annotations

from collections.abc import Callable

from textual.events import Resize
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from warroom.tui.drawing.ink import Ink, Spans, differing, drawn

Maker = Callable[[int], Spans]
"""Makes a line for a width."""


_LOUD = ("status-late", "status-failed", "beyond")
"""Inks that lose their loudness when colours turn to grey; they are drawn as bright as text goes then."""


class Painted(Widget):
    """What all of them share: the inks, forgotten when the style changes."""

    _ink: Ink | None = None

    @property
    def ink(self) -> Ink:
        if self._ink is None:
            variables = self.app.theme_variables
            if self.app.no_color:
                variables = {**variables, **dict.fromkeys(_LOUD, variables["foreground"])}
            self._ink = Ink(variables)
        return self._ink

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._ink = None
        self.forget()

    def forget(self) -> None:
        """Drop whatever was drawn before."""


class Lines(Painted):
    """A few fixed lines, made for the width that there is. `show` repaints only what differs."""

    _makers: tuple[Maker, ...] = ()
    _lines: tuple[Spans, ...] = ()

    def show(self, *makers: Maker) -> None:
        """Show the lines that these make for the present width, and for every later one."""
        self._makers = makers
        width = self.size.width
        if not width:
            return
        before, self._lines = self._lines, tuple(maker(width) for maker in makers)
        if len(before) != len(self._lines):
            self.refresh()
            return
        for y, (old, new) in enumerate(zip(before, self._lines, strict=True)):
            first, stop = differing(old, new)
            if first < stop:
                self.refresh(Region(first, y, min(stop, width) - first, 1))

    def on_resize(self, _: Resize) -> None:
        self._lines = tuple(maker(self.size.width) for maker in self._makers)
        self.refresh()

    def render_line(self, y: int) -> Strip:
        line = self._lines[y] if y < len(self._lines) else ()
        return drawn(line, self.size.width, self.ink, self.rich_style)
