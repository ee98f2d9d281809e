"""The line in which it is typed what a list is narrowed down to."""

from __future__ import annotations

from typing import ClassVar

from textual.events import Key
from textual.widgets import Input

from warroom.tui.picture.filter import SYNTAX
from warroom.tui.widgets.pane import Pane


class FilterBar(Input):
    """Stands above the footer while somebody types in it, and is kept hidden until the next time; `about` is the pane
    that it narrows down."""

    PASSED_ON: ClassVar[frozenset[str]] = frozenset({"up", "down", "pageup", "pagedown"})

    def __init__(self, about: Pane) -> None:
        super().__init__(placeholder=SYNTAX, id="filter", max_length=200, compact=True, select_on_focus=False)
        self.open_on(about)

    def open_on(self, about: Pane) -> None:
        """Stand ready for a pane, with what it is narrowed down to so far."""
        self.about = about
        self.value = "" if about.sieve is None else about.sieve.filter.text
        self.cursor_position = len(self.value)
        self.display = True

    async def _on_key(self, event: Key) -> None:
        # These move the cursor of the pane, so that what was found can be looked at while it is typed.
        if event.key not in self.PASSED_ON:
            await super()._on_key(event)
