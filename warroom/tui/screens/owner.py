"""The owner's screen: my tasks now, next and later, on a small terminal."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from textual.app import ComposeResult

from warroom.tui.own_tasks import LATER, own_items, up_now
from warroom.tui.screens.console import ConsoleScreen
from warroom.tui.widgets.header import Header
from warroom.tui.widgets.listing import Listing
from warroom.tui.widgets.painted import Lines


class OwnerView(ConsoleScreen):
    """What one person has to do."""

    SCREEN_NAME: ClassVar[str] = "owner"
    HEADER_LINES: ClassVar[int] = 2

    def __init__(self) -> None:
        super().__init__()
        self.unfolded = False
        self._busy = False  # whether something was up when the screen was drawn last

    def compose(self) -> ComposeResult:
        yield Header(id="header", classes="-two")
        yield Listing(id="mine")
        yield Lines(id="footer")

    def draw(self) -> None:
        person = self.picture.board.person(self.picture.actor.person_id)
        mine = self.query_one("#mine", Listing)
        mine.show(partial(own_items, self.picture, person, self.unfolded))
        busy = person is not None and bool(up_now(self.picture, person))
        if busy and not self._busy:
            mine.move_to(0)  # what has just come up is what keys are about, wherever the cursor waited
        self._busy = busy

    @property
    def has_details(self) -> bool:
        return self.pane.selected is not None

    def open_selected(self) -> None:
        """Fold or unfold what comes later, or open the task."""
        if self.pane.selected == LATER:
            self.unfolded = not self.unfolded
            self.draw()
        else:
            super().open_selected()
