"""The owners' panes: who has what now and next, and who is late, at one look."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from textual.app import ComposeResult
from textual.events import Resize

from warroom.tui.owners.pane_grid import PaneGrid
from warroom.tui.owners.panes import By, owner_panes
from warroom.tui.screens.aside import AsideScreen
from warroom.tui.telling.tasks import selected_line
from warroom.tui.widgets.header import Header
from warroom.tui.widgets.painted import Lines

PAGE_BEATS = 10
"""Heartbeats (seconds) for which a page stays on a console that only looks."""


class OwnersScreen(AsideScreen):
    """One pane per owner, or per stream; what is selected is the most urgent task of the pane."""

    SCREEN_NAME: ClassVar[str] = "owners"

    def __init__(self, ref: str | None = None) -> None:
        super().__init__(ref)
        self.by = By.OWNER

    def compose(self) -> ComposeResult:
        yield Header(id="header")
        yield PaneGrid(id="owners")
        yield Lines(id="selected")
        yield Lines(id="footer")

    @property
    def grid(self) -> PaneGrid:
        return self.query_one(PaneGrid)

    def draw(self) -> None:
        self.grid.show(self.picture, partial(owner_panes, self.picture, self.by))
        self.selection_moved()

    def selection_moved(self) -> None:
        grid, key = self.grid, self.picture.key
        paging = (
            f" · page {grid.page + 1} of {grid.pages} ({key('move.page-up')} {key('move.page-down')})"
            if grid.pages > 1
            else ""
        )
        grid.entitle(f"By {self.by} · {grid.item_count}{paging} · {key('console.streams')} by {self.by.other}")
        self.query_one("#selected", Lines).show(partial(selected_line, self.picture, self.selected))

    def turn(self, by: int) -> None:  # noqa: ARG002  # there are two, so both ways lead to the other
        """Show streams instead of owners, or owners again."""
        self.by = self.by.other
        self.show()

    def beat(self) -> None:
        """Turn the pages by itself where nobody can act: elsewhere the cursor stays where somebody put it."""
        super().beat()
        if self.is_there and self.console.why_read_only is not None and self.console.past is None:
            grid = self.grid
            page = self.console.beats // PAGE_BEATS % grid.pages
            if page != grid.page and self.console.beats % PAGE_BEATS == 0:
                grid.turn_to(page)

    def on_resize(self, _: Resize) -> None:
        self.selection_moved()
