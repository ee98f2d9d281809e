"""The top of every screen."""

from __future__ import annotations

from rich.style import Style
from textual.strip import Strip

from warroom.tui.drawing.ink import drawn
from warroom.tui.widgets.painted import Lines


class Header(Lines):
    """Lines of which the first is a band in the colour of the run, so that live is never taken for a rehearsal."""

    band: str = "run-plan"

    def render_line(self, y: int) -> Strip:
        if y or not self._lines:
            return super().render_line(y)
        base: Style = self.rich_style + self.ink[f"on-run on:{self.band}"]
        return drawn(self._lines[0], self.size.width, self.ink, base)
