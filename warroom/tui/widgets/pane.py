"""A scrolling pane with a cursor, of which only the lines in view are ever drawn."""

from __future__ import annotations

from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.events import Blur, Click, Focus, Resize
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from warroom.tui.drawing.ink import Spans, drawn
from warroom.tui.drawing.marks import MARKED
from warroom.tui.drawing.picked import Picked
from warroom.tui.picture.filter import Sieve
from warroom.tui.widgets.painted import Painted
from warroom.vocabulary.text import one_line


class Pane(ScrollView, Painted, can_focus=True, inherit_bindings=False):
    """Items of one or more lines below a fixed head. Keys reach it through the action registry, not by bindings.

    Subclasses give the items and their lines, and call `items_changed` when either is new.
    """

    HEAD: ClassVar[int] = 0
    """Lines at the top that do not scroll."""

    class Moved(Message):
        """The cursor, or what it stands on, has changed."""

        def __init__(self, pane: Pane) -> None:
            super().__init__()
            self.pane = pane

        @property
        def control(self) -> Pane:
            return self.pane

    def __init__(self, *, id: str | None = None, show_cursor: bool = True) -> None:  # noqa: A002
        super().__init__(id=id)
        self.cursor = 0
        self.show_cursor = show_cursor
        self._entitled = ""
        self._title = ""
        self.sieve: Sieve | None = None
        """What narrows it down."""
        self._plain_style = Style()  # of the lines that are being drawn: dear to ask for
        self.marked: frozenset[str] = frozenset()
        """Refs of the tasks that are marked."""

    # --- what subclasses say ---------------------------------------------------------------------------------------

    @property
    def head(self) -> int:
        """How many lines at the top do not scroll."""
        return self.HEAD

    @property
    def item_count(self) -> int:
        raise NotImplementedError

    def lines_of(self, item: int) -> range:
        """The lines of an item, counted from the first line below the head."""
        raise NotImplementedError

    def item_at(self, line: int) -> int | None:
        """The item to which a line belongs."""
        raise NotImplementedError

    def selectable(self, item: int) -> bool:
        """Whether the cursor may stand on an item."""
        return 0 <= item < self.item_count

    def ref_at(self, item: int) -> str | None:
        """The task that an item is about."""
        raise NotImplementedError

    def line_spans(self, line: int) -> Spans:
        """The content of a line below the head."""
        raise NotImplementedError

    def head_spans(self, y: int) -> Spans:
        """The content of a line of the head."""
        raise NotImplementedError

    def entitle(self, title: str) -> None:
        """Write a title into the border; a title that is there already costs no repaint of the whole pane."""
        self._title = title
        if self.sieve is not None:
            title = f"{title} · /{one_line(self.sieve.filter.text, 60)}"
            if self.sieve.filter.unknown:
                title += f" · no field {one_line(', '.join(self.sieve.filter.unknown), 40)}"
        if title != self._entitled:
            self._entitled = self.border_title = title

    @property
    def can_filter(self) -> bool:
        """Whether it can be narrowed down."""
        return False

    def sift(self, sieve: Sieve | None) -> None:
        """Show only what a sieve keeps; None: everything again."""
        self.sieve = sieve
        self.entitle(self._title)

    def mark(self, marked: frozenset[str]) -> None:
        """Show which tasks are marked."""
        if marked != self.marked:
            self.marked = marked
            self.refresh()

    # --- drawing ---------------------------------------------------------------------------------------------------

    @property
    def width(self) -> int:
        """Cells in a line: without the scrollbar."""
        return self.scrollable_content_region.width

    @property
    def line_count(self) -> int:
        return self.lines_of(self.item_count - 1).stop if self.item_count else 0

    @property
    def selected(self) -> str | None:
        """The task under the cursor."""
        return self.ref_at(self.cursor) if self.show_cursor and self.selectable(self.cursor) else None

    @property
    def picked(self) -> Picked | None:
        """What else than a task is under the cursor."""
        return None

    def render_lines(self, crop: Region) -> list[Strip]:
        self._plain_style = self.rich_style
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        width = self.width
        if y < self.head:
            return drawn(self.head_spans(y), width, self.ink, self._plain_style)
        line = y - self.head + self.scroll_offset.y
        if line >= self.line_count:
            return Strip.blank(width, self._plain_style)
        under_cursor = self.show_cursor and line in self.lines_of(self.cursor) and self.selectable(self.cursor)
        strip = self.line_strip(line, width, under_cursor)
        return self._with_mark(strip, width) if self.marked and self._is_marked(line) else strip

    def _is_marked(self, line: int) -> bool:
        """Whether it is the first line of an item about a task that is marked."""
        item = self.item_at(line)
        if item is None or not self.selectable(item) or self.lines_of(item).start != line:
            return False
        return self.ref_at(item) in self.marked

    def _with_mark(self, strip: Strip, width: int) -> Strip:
        sign = Segment(MARKED.glyph, self._plain_style + self.ink[f"{MARKED.ink} bold reverse"])
        return Strip.join([Strip([sign], 1), strip.crop(1, width)])

    def line_strip(self, line: int, width: int, under_cursor: bool) -> Strip:
        """One line below the head, drawn."""
        return drawn(self.line_spans(line), width, self.ink, self.base_style(under_cursor))

    def base_style(self, under_cursor: bool) -> Style:
        if not under_cursor:
            return self._plain_style
        mark = Style(bold=True) if self.app.no_color and self.has_focus else Style()
        return self._plain_style + self.ink["on:cursor" if self.has_focus else "on:cursor-away"] + mark

    def refresh_lines_in_view(self, lines: range) -> None:
        """Repaint lines (counted below the head), as far as they are in view."""
        shown = range(self.scroll_offset.y, self.scroll_offset.y + self.size.height - self.head)
        first, stop = max(lines.start, shown.start), min(lines.stop, shown.stop)
        if first < stop:
            self.refresh_lines(first + self.head, stop - first)

    # --- moving ----------------------------------------------------------------------------------------------------

    def items_changed(self) -> None:
        """Take note that there are other items, or that they have other heights."""
        self.virtual_size = Size(self.width, self.line_count + self.head)
        if not self.selectable(self.cursor):
            self.cursor = self._nearest(self.cursor)
        self.refresh()

    def move(self, by: int) -> None:
        """Move the cursor by so many items that it may stand on, as far as there are any; then scroll."""
        item, step = self.cursor, 1 if by > 0 else -1
        for _ in range(abs(by)):
            following = item + step
            while 0 <= following < self.item_count and not self.selectable(following):
                following += step
            if not 0 <= following < self.item_count:
                break
            item = following
        if item != self.cursor:
            self.move_to(item)
        else:
            self.scroll_relative(y=by, animate=False)

    def move_to_edge(self, last: bool) -> None:
        """Move to the first or the last item that the cursor may stand on; from there, scroll as far as it goes."""
        item = self._nearest(max(0, self.item_count - 1) if last else 0)
        if item != self.cursor:
            self.move_to(item)
        else:
            self.scroll_to(y=self.max_scroll_y if last else 0, animate=False)

    def move_aside(self, by: int) -> None:
        """Move along a row, where items stand beside each other."""

    def move_to(self, item: int) -> None:
        """Put the cursor on an item, or on the nearest one on which it may stand, and bring it into view."""
        item = self._nearest(min(max(0, item), max(0, self.item_count - 1)))
        before, self.cursor = self.cursor, item
        self.bring_into_view()
        if before != item:
            if before < self.item_count:
                self.refresh_lines_in_view(self.lines_of(before))
            self.refresh_lines_in_view(self.lines_of(item))
        self.post_message(self.Moved(self))

    def move_page(self, pages: int) -> None:
        """Move the cursor by so many pages."""
        self.move(pages * max(1, self.size.height - self.head - 1))

    def bring_into_view(self) -> None:
        """Scroll so that the item under the cursor can be seen, with the headings right above the first one."""
        if not self.item_count:
            return
        lines = self.lines_of(self.cursor)
        first = 0 if self.cursor == self._nearest(0) else lines.start
        room = self.size.height - self.head
        top = self.scroll_offset.y
        if first < top or len(lines) >= room:
            self.scroll_to(y=first, animate=False)
        elif lines.stop > top + room:
            self.scroll_to(y=lines.stop - room, animate=False)

    def _nearest(self, item: int) -> int:
        if self.selectable(item):
            return item
        for distance in range(1, self.item_count + 1):
            for candidate in (item + distance, item - distance):
                if self.selectable(candidate):
                    return candidate
        return 0

    def on_resize(self, _: Resize) -> None:
        self.forget()
        self.items_changed()
        self.bring_into_view()
        self.post_message(self.Moved(self))

    def on_focus(self, _: Focus) -> None:
        self._refresh_cursor()

    def on_blur(self, _: Blur) -> None:
        self._refresh_cursor()

    def _refresh_cursor(self) -> None:
        if self.item_count:
            self.refresh_lines_in_view(self.lines_of(self.cursor))
        self.post_message(self.Moved(self))

    def on_click(self, event: Click) -> None:
        y = event.get_content_offset_capture(self).y
        item = self.item_at(y - self.head + self.scroll_offset.y) if y >= self.head else None
        if item is not None and self.selectable(item):
            self.move_to(item)
