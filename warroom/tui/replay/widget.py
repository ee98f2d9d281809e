"""The two lines of a replay: the scrubber, and what is told about it."""

from __future__ import annotations

from textual.events import Click
from textual.message import Message

from warroom.tui.widgets.painted import Lines


class Scrubber(Lines):
    """Tells where on the line somebody clicked."""

    class Chosen(Message):
        """A cell of the line was clicked."""

        def __init__(self, x: int, width: int) -> None:
            super().__init__()
            self.x = x
            self.width = width

    def on_click(self, event: Click) -> None:
        if event.y == 0:
            self.post_message(self.Chosen(event.x, self.size.width))
