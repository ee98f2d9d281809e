"""The log of the night: problems, what was decided on the spot, and documents made by hand."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from textual.app import ComposeResult

from warroom.board.rows import PaperDocument
from warroom.tui.drawing.picked import OnLogged
from warroom.tui.journal.log_texts import log_items, logged, title_spans
from warroom.tui.screens.aside import AsideScreen
from warroom.tui.widgets.header import Header
from warroom.tui.widgets.listing import Listing
from warroom.tui.widgets.painted import Lines


class LogScreen(AsideScreen):
    """The cursor stands on what is logged; enter shows the first task that it is about.

    Args:
        ref: what to begin with, as the journal names it: "problem 2".
    """

    SCREEN_NAME: ClassVar[str] = "log"
    HEADER_LINES: ClassVar[int] = 2

    def compose(self) -> ComposeResult:
        yield Header(id="header", classes="-two")
        yield Lines(id="task-title")
        yield Listing(id="log")
        yield Lines(id="footer")

    def draw(self) -> None:
        picture, listing = self.picture, self.query_one(Listing)
        self.query_one("#task-title", Lines).show(lambda _: title_spans(picture))
        listing.show(partial(log_items, picture))
        if self.ref is not None:
            self.call_after_refresh(listing.stand_on, OnLogged(self.ref))
            self.ref = None

    @property
    def _about(self) -> str | None:
        found = logged(self.picture, self.picked.subject) if isinstance(self.picked, OnLogged) else None
        refs = () if found is None or isinstance(found, PaperDocument) else found.tasks
        return next((ref for ref in refs if self.picture.board.task(ref) is not None), None)

    @property
    def has_details(self) -> bool:
        return self._about is not None

    def open_selected(self) -> None:
        """The first task that it is about."""
        if (ref := self._about) is not None:
            self.console.show_task(ref)
