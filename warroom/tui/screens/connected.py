"""Who is on line: whose console is open, where, and who has not touched it for a while."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from textual.app import ComposeResult

from warroom.tui.screens.aside import AsideScreen
from warroom.tui.telling.connected import connected_items
from warroom.tui.widgets.header import Header
from warroom.tui.widgets.listing import Listing
from warroom.tui.widgets.painted import Lines


class ConnectedScreen(AsideScreen):
    """The cursor stands on those who are missed; what is selected is what waits for them."""

    SCREEN_NAME: ClassVar[str] = "connected"
    HEADER_LINES: ClassVar[int] = 2

    def compose(self) -> ComposeResult:
        yield Header(id="header", classes="-two")
        yield Listing(id="connected")
        yield Lines(id="footer")

    def draw(self) -> None:
        console = self.console
        people = console.connected()
        self.query_one(Listing).show(partial(connected_items, self.picture, people, console.live.wall_time()))

    def beat(self) -> None:
        super().beat()
        if self.query_one_optional(Listing) is not None:
            self.draw()
