"""A grid of small panes, a page of them at a time, drawn line by line by one widget."""

from __future__ import annotations

from collections.abc import Callable

from rich.segment import Segment
from textual.events import Click
from textual.strip import Strip

from warroom.tui.drawing.ink import Spans, drawn
from warroom.tui.owners.panes import PANE_LINES, OwnerPane, pane_lines
from warroom.tui.picture.filter import Sieve
from warroom.tui.picture.picture import Picture
from warroom.tui.widgets.pane import Pane

LEAST_WIDTH, GOOD_WIDTH = 38, 64
"""Cells that a pane needs, and those with which it reads well."""

GAP = 1


class PaneGrid(Pane):
    """Panes beside and below each other; the cursor stands on one, and turns the page when it leaves it."""

    def __init__(self, *, id: str | None = None, show_cursor: bool = True) -> None:  # noqa: A002
        super().__init__(id=id, show_cursor=show_cursor)
        self._picture: Picture | None = None
        self._make: Callable[[Sieve | None], tuple[OwnerPane, ...]] = lambda _: ()
        self._panes: tuple[OwnerPane, ...] = ()
        self._made: dict[int, tuple[Spans, ...]] = {}

    def show(self, picture: Picture, make: Callable[[Sieve | None], tuple[OwnerPane, ...]]) -> None:
        """Show the panes that `make` makes of what the sieve keeps, of this and of every later one; the cursor stays
        with the owner or stream that it stands on."""
        self._picture, self._make = picture, make
        self._put(make(self.sieve))

    @property
    def can_filter(self) -> bool:
        return True

    def sift(self, sieve: Sieve | None) -> None:
        super().sift(sieve)
        self._put(self._make(sieve))

    def _put(self, panes: tuple[OwnerPane, ...]) -> None:
        kept = self._panes[self.cursor].key if self.cursor < len(self._panes) else None
        same = [pane.key for pane in self._panes] == [pane.key for pane in panes]
        known, self._made = self._made, {}
        self._panes = panes
        if not same:
            self.cursor = next((place for place, pane in enumerate(panes) if pane.key == kept), 0)
            self.items_changed()
            self.bring_into_view()
            self.post_message(self.Moved(self))
            return
        for place in known:
            if known[place] != self._lines(place):
                self.refresh_lines_in_view(self.lines_of(place))

    def forget(self) -> None:
        self._made.clear()

    # --- the grid --------------------------------------------------------------------------------------------------

    @property
    def columns(self) -> int:
        """As few as read well, but so many that all panes find room on a page, if they can."""
        most = max(1, (self.width + GAP) // (LEAST_WIDTH + GAP))
        good = max(1, round(self.width / GOOD_WIDTH))
        return min(most, max(good, -(-len(self._panes) // self.rows_of_page)))

    @property
    def pane_width(self) -> int:
        return max(1, (self.width + GAP) // self.columns - GAP)

    @property
    def rows_of_page(self) -> int:
        return max(1, self.size.height // PANE_LINES)

    @property
    def panes_of_page(self) -> int:
        return self.columns * self.rows_of_page

    @property
    def pages(self) -> int:
        return max(1, -(-len(self._panes) // self.panes_of_page))

    @property
    def page(self) -> int:
        """The page in view, from 0."""
        return self.cursor // self.panes_of_page

    def turn_to(self, page: int) -> None:
        """Show a page, from 0, round and round."""
        self.move_to(page % self.pages * self.panes_of_page)

    # --- Pane ------------------------------------------------------------------------------------------------------

    @property
    def item_count(self) -> int:
        return len(self._panes)

    def lines_of(self, item: int) -> range:
        first = item // self.columns * PANE_LINES
        return range(first, first + PANE_LINES)

    @property
    def line_count(self) -> int:
        # Whole pages, so that the last one can be scrolled to its top.
        return self.pages * self.rows_of_page * PANE_LINES

    def item_at(self, line: int) -> int | None:
        item = line // PANE_LINES * self.columns
        return item if 0 <= item < len(self._panes) else None

    def ref_at(self, item: int) -> str | None:
        return self._panes[item].ref

    @property
    def refs(self) -> list[str]:
        """The open tasks of all panes, pane by pane."""
        return [task.ref for pane in self._panes for task in (*pane.now, *pane.following)]

    @property
    def selected_pane(self) -> OwnerPane | None:
        """The pane under the cursor."""
        return self._panes[self.cursor] if self.cursor < len(self._panes) else None

    def move(self, by: int) -> None:
        """Move by so many rows."""
        if 0 <= self.cursor + by * self.columns < len(self._panes):
            self.move_to(self.cursor + by * self.columns)
        elif by > 0:
            self.move_to(len(self._panes) - 1)

    def move_aside(self, by: int) -> None:
        """Move by so many panes, along the rows."""
        self.move_to(self.cursor + by)

    def move_page(self, pages: int) -> None:
        self.move_to(min(max(0, self.page + pages), self.pages - 1) * self.panes_of_page)

    def bring_into_view(self) -> None:
        self.scroll_to(y=self.page * self.rows_of_page * PANE_LINES, animate=False)

    def line_spans(self, line: int) -> Spans:
        spans: list[tuple[str, str]] = []
        for item in self._row(line):
            spans += [*self._lines(item)[line % PANE_LINES], (" " * GAP, "")]
        return tuple(spans)

    def line_strip(self, line: int, width: int, under_cursor: bool) -> Strip:
        if not self._panes:
            told = "" if line or self.sieve is None else f"  {self.sieve.filter.without_a_match}"
            return drawn(((told, "muted"),), width, self.ink, self.rich_style)
        if line >= (self.page + 1) * self.rows_of_page * PANE_LINES and self.size.height > PANE_LINES:
            return Strip.blank(width, self.rich_style)  # a part of a pane below the page says nothing
        segments: list[Segment] = []
        for item in self._row(line):
            chosen = under_cursor and item == self.cursor and line % PANE_LINES < PANE_LINES - 1
            base = self.base_style(chosen)
            segments += drawn(self._lines(item)[line % PANE_LINES], self.pane_width, self.ink, base)
            segments.append(Segment(" " * GAP, self.rich_style))
        return Strip(segments).adjust_cell_length(width, self.rich_style)

    def _row(self, line: int) -> range:
        first = line // PANE_LINES * self.columns
        return range(first, min(first + self.columns, len(self._panes)))

    def _lines(self, item: int) -> tuple[Spans, ...]:
        lines = self._made.get(item)
        if lines is None:
            assert self._picture is not None
            lines = self._made[item] = pane_lines(self._picture, self._panes[item], self.pane_width)
        return lines

    def on_click(self, event: Click) -> None:
        event.prevent_default()  # Pane's own knows of one item in a line only
        x, y = event.get_content_offset_capture(self)
        first = self.item_at(y - self.head + self.scroll_offset.y)
        if first is not None:
            item = first + min(x // (self.pane_width + GAP), self.columns - 1)
            if item < len(self._panes):
                self.move_to(item)
