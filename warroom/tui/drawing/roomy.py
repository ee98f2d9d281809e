"""Texts as long as there is room for them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from warroom.tui.drawing.items import Item


def as_long_as_fits(make: Callable[[int], tuple[Item, ...]], lengths: Sequence[int], height: int) -> tuple[Item, ...]:
    """The items that `make` makes of the most lines for a text with which all of them are in view; of the fewest where
    they never are.

    Args:
        lengths: of how many lines a text may be, from the fewest.
        height: lines of the pane.
    """
    found = make(lengths[0])
    for most in lengths[1:]:
        longer = make(most) if lines_of(found) < height else found
        if longer == found or lines_of(longer) > height:
            break
        found = longer
    return found


def lines_of(items: tuple[Item, ...]) -> int:
    """How many lines items take."""
    return sum(len(item.lines) for item in items)
