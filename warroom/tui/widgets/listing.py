"""A pane of short texts: who must act, the alerts, an owner's tasks, the parts of one task."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import accumulate

from textual.events import Resize

from warroom.tui.drawing.ink import Spans
from warroom.tui.drawing.items import Item, text_of
from warroom.tui.drawing.picked import Picked
from warroom.tui.picture.filter import Sieve
from warroom.tui.widgets.compact import CompactApp
from warroom.tui.widgets.pane import Pane


def _dense(items: tuple[Item, ...]) -> Iterator[Item]:
    """The items without their blank lines."""
    for item in items:
        lines = tuple(line for line in item.lines if any(text.strip() for text, _ in line))
        if lines:
            yield item if len(lines) == len(item.lines) else replace(item, lines=lines)


class Listing(Pane):
    """Items below each other, with a line to say so when there are none."""

    def __init__(self, *, id: str | None = None, nothing: str = "", show_cursor: bool = True) -> None:  # noqa: A002
        """`nothing` is shown while there are no items."""
        super().__init__(id=id, show_cursor=show_cursor)
        self._make: Callable[[int], tuple[Item, ...]] = lambda _: ()
        self._items: tuple[Item, ...] = ()
        self._stops: list[int] = []
        self._nothing = Item(((("  " + nothing, "muted"),),))

    def show(self, make: Callable[[int], tuple[Item, ...]]) -> None:
        """Show the items that `make` makes for the present width, and for every later one; the cursor stays with its
        task and step."""
        self._make = make
        if self.width:
            self._put(self._made())

    def _made(self) -> tuple[Item, ...]:
        """What there is to show for the present width, as far as the sieve keeps it."""
        items = self._make(self.width)
        if isinstance(self.app, CompactApp) and self.app.compact:
            items = tuple(_dense(items))
        if self.sieve is None:
            return items or (self._nothing,)
        told: Spans = ((f"  {self.sieve.filter.without_a_match}", "muted"),)
        return _sifted(items, self.sieve) or (Item((told,)),)

    @property
    def can_filter(self) -> bool:
        return True

    @property
    def rows(self) -> list[Item]:
        """The items on which the cursor may stand; all of them where it cannot stand on any, as in a list of words."""
        rows = [item for item in self._items if item.ref or item.picked]
        return rows if rows or self.sieve is not None or self._nothing in self._items else list(self._items)

    @property
    def words_under_cursor(self) -> str | None:
        """What the item says on which the cursor stands; None where it cannot stand on any."""
        return text_of(self._items[self.cursor]) if self.item_count and self.selectable(self.cursor) else None

    def sift(self, sieve: Sieve | None) -> None:
        super().sift(sieve)
        if self.width:
            self._put(self._made())

    @property
    def items(self) -> tuple[Item, ...]:
        """What is shown, whether in view or not."""
        return self._items

    def on_resize(self, event: Resize) -> None:
        self._items = self._made()
        self._stops = list(accumulate(len(item.lines) for item in self._items))
        super().on_resize(event)

    def _put(self, items: tuple[Item, ...]) -> None:
        if items == self._items:
            return
        if self._repainted(items):
            return
        kept = self._key(self._items[self.cursor]) if self.cursor < len(self._items) else None
        self._items = items
        self._stops = list(accumulate(len(item.lines) for item in items))
        if kept is not None:
            places = [index for index, item in enumerate(items) if self._key(item) == kept]
            self.cursor = places[0] if places else min(self.cursor, len(items) - 1)
        self.items_changed()
        self.bring_into_view()
        self.post_message(self.Moved(self))

    def _repainted(self, items: tuple[Item, ...]) -> bool:
        """Where items stand for the same and have the same heights, repaint only the lines that differ."""
        before = self._items
        same = len(items) == len(before) and all(
            self._key(new) == self._key(old) and len(new.lines) == len(old.lines)
            for new, old in zip(items, before, strict=True)
        )
        if same:
            self._items = items
            for index, (new, old) in enumerate(zip(items, before, strict=True)):
                first = self.lines_of(index).start
                for line, (after, ahead) in enumerate(zip(new.lines, old.lines, strict=True), first):
                    if after != ahead:
                        self.refresh_lines_in_view(range(line, line + 1))
        return same

    @staticmethod
    def _key(item: Item) -> tuple[str | None, int | None, Picked | None] | None:
        return None if item.ref is None and item.picked is None else (item.ref, item.position, item.picked)

    @property
    def item_count(self) -> int:
        return len(self._items)

    @property
    def selected_position(self) -> int | None:
        """The step under the cursor."""
        return self._items[self.cursor].position if self.selectable(self.cursor) else None

    @property
    def picked(self) -> Picked | None:
        return self._items[self.cursor].picked if self.show_cursor and self.selectable(self.cursor) else None

    def stand_on(self, picked: Picked) -> None:
        """Put the cursor on what is about that, where it is shown."""
        place = next((place for place, item in enumerate(self._items) if item.picked == picked), None)
        if place is not None:
            self.move_to(place)

    def lines_of(self, item: int) -> range:
        stop = self._stops[item]
        return range(stop - len(self._items[item].lines), stop)

    def item_at(self, line: int) -> int | None:
        return bisect_right(self._stops, line) if 0 <= line < self.line_count else None

    def selectable(self, item: int) -> bool:
        return 0 <= item < len(self._items) and self._key(self._items[item]) is not None

    def ref_at(self, item: int) -> str | None:
        return self._items[item].ref

    def line_spans(self, line: int) -> Spans:
        item = bisect_right(self._stops, line)
        return self._items[item].lines[line - self.lines_of(item).start]


def _sifted(items: tuple[Item, ...], sieve: Sieve) -> tuple[Item, ...]:
    """The items that the sieve keeps, each part with its heading if anything of it is left."""
    kept: list[Item] = []
    heading: Item | None = None
    for item in items:
        if Listing._key(item) is None:
            heading = item
        elif sieve.keeps(item.ref, text_of(item)):
            if heading is not None:
                kept.append(heading)
                heading = None
            kept.append(item)
    return tuple(kept)
