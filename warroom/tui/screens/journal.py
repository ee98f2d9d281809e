"""The journal as it grows: the latest entries, of all tasks or of one."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult

from warroom.board.told import concerns
from warroom.host.interface import Host
from warroom.tui.drawing.ink import Spans
from warroom.tui.drawing.items import Item
from warroom.tui.journal.feed import Feed
from warroom.tui.screens.aside import AsideScreen
from warroom.tui.telling.happenings import about, entry_item
from warroom.tui.widgets.header import Header
from warroom.tui.widgets.listing import Listing
from warroom.tui.widgets.painted import Lines
from warroom.vocabulary.text import one_line

LATEST = 500
"""How many entries are kept and shown."""


class JournalScreen(AsideScreen):
    """The newest entry stands on top: of all entries, or of those about one task. What is selected is the task that an
    entry is about."""

    SCREEN_NAME: ClassVar[str] = "journal"
    HEADER_LINES: ClassVar[int] = 2

    def __init__(self, ref: str | None = None) -> None:
        super().__init__(ref)
        self._feed = Feed(self, LATEST, self._draw_entries)
        # By seq, width and whether it was taken back: what was made of an entry stays.
        self._items: dict[tuple[int, int, bool], Item] = {}
        self._host: Host | None = None
        self._wanted: int | None = None

    def compose(self) -> ComposeResult:
        yield Header(id="header", classes="-two")
        yield Lines(id="task-title")
        yield Listing(id="feed", nothing="nothing has been written")
        yield Lines(id="footer")

    def draw(self) -> None:
        if self.console.host is not self._host:
            self._host = self.console.host
            self._items.clear()
        self._feed.read()
        self._draw_entries()

    def go_to_entry(self, seq: int) -> None:
        """Put the cursor on an entry, as soon as it is here."""
        self._wanted = seq
        if self.is_there:
            self._draw_entries()

    def _draw_entries(self) -> None:
        board = self.picture.board
        own = (entry for entry in self._feed.entries if entry.run in (None, board.run_id))
        ref = self.ref
        shown = [entry for entry in own if ref is None or about(board, entry) == ref or concerns(board, entry, ref)]
        key = self.picture.key("move.only")
        hint = f" only {one_line(self.ref, 20)}, {key} shows all" if self.ref else f" {key} shows only the selected"
        title: Spans = (
            (" Journal ", "bold reverse"),
            ("  1 entry" if len(shown) == 1 else f"  {len(shown)} entries", ""),
            (f" of the last {LATEST}" if self._feed.full else "", "muted"),
            (f" ·{hint}", "muted"),
        )
        self.query_one("#task-title", Lines).show(lambda _: title)
        picture = self.picture

        def items(width: int) -> tuple[Item, ...]:
            kept, self._items = self._items, {}
            for entry in shown:
                key = (entry.seq, width, entry.seq in board.undone)
                self._items[key] = kept.get(key) or entry_item(picture, entry, width)
            return tuple(reversed(self._items.values()))

        listing = self.query_one(Listing)
        listing.show(items)
        places = [place for place, entry in enumerate(reversed(shown)) if entry.seq == self._wanted]
        if places and listing.width:
            self._wanted = None
            self.call_after_refresh(listing.move_to, places[0])

    def turn(self, by: int) -> None:  # noqa: ARG002  # there are two views, so both ways lead to the other
        """Show only what is about the selected task, or everything again."""
        self.ref = self.pane.selected if self.ref is None else None
        self._draw_entries()
