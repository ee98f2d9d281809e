"""The owner's screen: my tasks now, next and later, on a small terminal."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from textual.app import ComposeResult

from warroom.board.rows import Person
from warroom.tui.drawing.items import Item
from warroom.tui.drawing.roomy import as_long_as_fits
from warroom.tui.keys import registry
from warroom.tui.owners.own_tasks import INSTRUCTIONS, LATER, own_items, up_now
from warroom.tui.owners.since import REACH, Since, since_left
from warroom.tui.screens.console import ConsoleScreen
from warroom.tui.widgets.header import Header
from warroom.tui.widgets.listing import Listing
from warroom.tui.widgets.painted import Lines

_ANSWERS = frozenset({"task", "step", "gate"})
"""Groups of actions by which somebody goes to work, so that what they missed needs no more telling."""


class OwnerView(ConsoleScreen):
    """What one person has to do. Once nothing more is wanted of a task, the cursor goes on to what is up next."""

    SCREEN_NAME: ClassVar[str] = "owner"
    HEADER_LINES: ClassVar[int] = 2
    FOOTER_LINES: ClassVar[int] = 2

    def __init__(self) -> None:
        super().__init__()
        self.unfolded = False
        self.since: Since | None = None
        self._up: tuple[str, ...] = ()  # what was up when the screen was drawn last

    def compose(self) -> ComposeResult:
        yield Header(id="header", classes="-two")
        yield Listing(id="mine")
        yield Lines(id="footer")

    def on_mount(self) -> None:
        super().on_mount()
        if self.console.past is None and self._person is not None:
            self.beside(self._look_back, exit_on_error=False)

    async def _look_back(self) -> None:
        """Tell what the person has missed."""
        host = self.console.live
        entries = await host.entries(REACH)
        person = self._person
        if person is not None and self.console.past is None:
            self.since = since_left(host.board, person, entries)
            self.show()

    @property
    def _person(self) -> Person | None:
        return self.picture.board.person(self.picture.actor.person_id)

    def draw(self) -> None:
        person = self._person
        mine = self.query_one("#mine", Listing)
        stood_on = mine.selected
        items = partial(own_items, self.picture, person, self.unfolded, self.since)

        def roomy(width: int) -> tuple[Item, ...]:
            return as_long_as_fits(partial(items, width), INSTRUCTIONS, mine.size.height)

        mine.show(roomy)
        up = () if person is None else tuple(task.ref for task in up_now(self.picture, person))
        before, self._up = self._up, up
        if (up and not before) or (stood_on in before and stood_on not in up):
            mine.move_to(0)  # to what is up now, wherever the cursor waited or worked

    def run_action_here(self, action: registry.Action, key: str) -> None:
        if action.group in _ANSWERS:
            self.since = None
        super().run_action_here(action, key)

    @property
    def position(self) -> int | None:
        """The step under the cursor."""
        return self.query_one("#mine", Listing).selected_position

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

    @property
    def can_go_back(self) -> bool:
        return self.since is not None

    def go_back(self) -> None:
        """Put away what was missed."""
        self.since = None
        self.show()
