"""The plots: tasks planned, done and expected by when; work in each hour, in all and for each owner or stream."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Container

from warroom.tui.owners.panes import By
from warroom.tui.plots.loads import load_items
from warroom.tui.plots.whole_run import plots
from warroom.tui.screens.aside import AsideScreen
from warroom.tui.widgets.header import Header
from warroom.tui.widgets.listing import Listing
from warroom.tui.widgets.painted import Lines
from warroom.tui.widgets.plot import Plot


class PlotsScreen(AsideScreen):
    """Everything over the hours of the window. The cursor stands on the most urgent task of an owner or a stream."""

    SCREEN_NAME: ClassVar[str] = "plots"
    HEADER_LINES: ClassVar[int] = 2

    def __init__(self, ref: str | None = None) -> None:
        super().__init__(ref)
        self.by = By.OWNER

    def compose(self) -> ComposeResult:
        yield Header(id="header", classes="-two")
        with Container(id="plots"):
            yield Plot(id="plot")
            yield Listing(id="loads", nothing="there is no work in this plan")
        yield Lines(id="footer")

    def draw(self) -> None:
        self.query_one(Plot).show(partial(plots, self.picture))
        loads = self.query_one("#loads", Listing)
        loads.show(partial(load_items, self.picture, self.by))
        dense = "▓ more than one task at once · " if self.by is By.OWNER else ""
        loads.entitle(f"Load by {self.by} · {dense}{self.picture.key('console.load-by')} by {self.by.other}")

    def turn(self, by: int) -> None:  # noqa: ARG002  # there are two, so both ways lead to the other
        """Show streams instead of owners, or owners again."""
        self.by = self.by.other
        self.show()
