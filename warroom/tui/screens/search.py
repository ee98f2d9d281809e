"""Search over everything: tasks, gates, people, the log of the night, controls, and what the journal tells."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.keys import key_to_character
from textual.widgets import Input

from warroom.tui.drawing.ink import Spans
from warroom.tui.drawing.items import Item
from warroom.tui.drawing.picked import OnFound
from warroom.tui.journal.feed import Feed
from warroom.tui.journal.findings import Findable, Kind, findables, found_items
from warroom.tui.picture.picture import Picture
from warroom.tui.screens.aside import AsideScreen
from warroom.tui.screens.journal import JournalScreen
from warroom.tui.widgets.header import Header
from warroom.tui.widgets.listing import Listing
from warroom.tui.widgets.painted import Lines

REACH = 2_000
"""So many of the latest entries of the journal are searched."""


class SearchScreen(AsideScreen):
    """What is typed goes into the field; up and down choose among what was found, enter goes there.

    Args:
        ref: what is searched for to begin with.
    """

    SCREEN_NAME: ClassVar[str] = "search"
    HEADER_LINES: ClassVar[int] = 2
    AUTO_FOCUS = "#query"

    def __init__(self, ref: str | None = None) -> None:
        super().__init__(ref)
        self._feed = Feed(self, REACH, self._draw_found)
        self._all: tuple[Findable, ...] = ()
        self._known: tuple[Picture, int] | None = None
        self._early = ""  # what was typed before there was a field

    def compose(self) -> ComposeResult:
        yield Header(id="header", classes="-two")
        field = Input(self.ref or "", id="query", placeholder="a ref, a name, a number, any words", max_length=200)
        field.cursor_blink = False  # it would be a timer of its own
        yield field
        yield Listing(id="found", nothing="nothing is called that, or tells of it")
        yield Lines(id="footer")

    def draw(self) -> None:
        self._feed.read()
        self._draw_found()

    def _draw_found(self) -> None:
        picture, seq = self.picture, self._feed.seq
        if self._known is None or self._known[0] is not picture or self._known[1] != seq:
            self._known = picture, seq
            self._all = findables(picture, self._feed.entries)
        query, among = self.query_one(Input).value, self._all

        def items(width: int) -> tuple[Item, ...]:
            return found_items(query, among, width) if query.strip() else _HINT

        self.query_one(Listing).show(items)

    def on_input_changed(self, _: Input.Changed) -> None:
        listing = self.query_one(Listing)
        self._draw_found()
        listing.move_to_edge(last=False)

    def on_input_submitted(self, _: Input.Submitted) -> None:
        self.open_selected()

    def take(self, text: str) -> None:
        """Take in what was typed before the field had the keyboard; the list, once it has it, reads keys."""
        field = self.query_one_optional(Input)
        if field is None:
            self._early += text
        elif not isinstance(self.focused, Listing):
            field.insert_text_at_cursor(text)

    def action_press(self, key: str) -> None:
        character = key_to_character(key)
        if self.focused is None and character is not None and character.isprintable():
            return  # it belongs into the field, which is about to have the keyboard
        super().action_press(key)

    def on_mount(self) -> None:
        if self._early:
            self.query_one(Input).insert_text_at_cursor(self._early)

    @property
    def _typing(self) -> bool:
        return isinstance(self.focused, Input)

    def show_footer(self) -> None:
        """While somebody types, letters are not keys."""
        if not self._typing:
            super().show_footer()
            return
        keys: Spans = tuple(
            span
            for key, label in (("enter", "goes there"), ("↑ ↓", "choose"), ("tab", "to the list"), ("esc", "back"))
            for span in ((f" {key} ", "primary bold"), (f"{label} ", ""))
        )
        self.query_one("#footer", Lines).show(lambda _: keys)

    def on_descendant_focus(self) -> None:
        self.show_footer()

    # --- what is selected ------------------------------------------------------------------------------------------

    @property
    def found(self) -> Findable | None:
        """What is under the cursor."""
        picked = self.query_one(Listing).picked
        return self._all[picked.place] if isinstance(picked, OnFound) and picked.place < len(self._all) else None

    @property
    def has_details(self) -> bool:
        return self.found is not None

    def open_selected(self) -> None:
        """Go to what is under the cursor."""
        found = self.found
        if found is None:
            return
        match found.kind:
            case Kind.TASK:
                self.console.show_task(found.key)
            case Kind.PERSON:
                self.console.show_beside("people", found.key or None)
            case Kind.LOGGED:
                self.console.show_beside("log", found.key)
            case Kind.CONTROL:
                self.console.show_beside("controls", found.key)
            case Kind.ENTRY:
                self.console.show_beside("journal")
                journal = self.app.screen
                if isinstance(journal, JournalScreen):
                    self.app.call_after_refresh(journal.go_to_entry, int(found.key))


_HINT = (
    Item(
        (
            (
                (
                    "  Type: tasks, gates, people, problems, decisions, papers, controls and the journal are searched.",
                    "muted",
                ),
            ),
            (("  Letters may be left out (bc24, mtxo), and the order of words does not matter.", "muted"),),
        )
    ),
)
"""What is shown while nothing is typed."""
