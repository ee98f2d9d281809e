"""The dependency lines of the selected task: from where one ends to where the other begins, around the bars."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from warroom.tui.drawing.ink import Span, Spans
from warroom.tui.drawing.marks import BEFORE
from warroom.tui.drawing.strokes import DOWN, LEFT, RIGHT, ROUND, UP
from warroom.tui.timeline.bars import FLOAT_TAIL

_GROUND_GLYPHS = frozenset(" ╎┊┆:┃│┄")
"""What a wire may hide: emptiness, vertical lines and tails. Bars and points it runs behind."""


class Wire(NamedTuple):
    """A line from the end of one row's bar to the begin of another's: lines of the pane and columns of the axis.

    `leaves` is the first column behind the end from which it comes, `enters` the column in which the other begins.
    """

    from_line: int
    leaves: int
    to_line: int
    enters: int

    @property
    def turns(self) -> int:
        """The column in which it runs up or down."""
        return self.enters - 1


def wires_on(wires: Iterable[Wire], line: int, width: int) -> dict[int, str]:
    """The glyphs of the wires on one line, by column."""
    masks: dict[int, int] = {}

    def add(column: int, mask: int) -> None:
        if 0 <= column < width:
            masks[column] = masks.get(column, 0) | mask

    for wire in wires:
        top, bottom = sorted((wire.from_line, wire.to_line))
        if not top <= line <= bottom or top == bottom:
            continue
        down = wire.to_line > wire.from_line
        if line == wire.from_line:
            for column in range(max(0, wire.leaves), min(width, wire.turns)):
                add(column, LEFT | RIGHT)
            add(wire.turns, (DOWN if down else UP) | (LEFT if wire.leaves <= wire.turns else 0))
        elif line == wire.to_line:
            add(wire.turns, (UP if down else DOWN) | RIGHT)
        else:
            add(wire.turns, UP | DOWN)
    return {column: ROUND[mask] for column, mask in masks.items()}


def wired(cells: Spans, glyphs: dict[int, str]) -> Spans:
    """Cells (one span each) with the wires on those that nothing else needs."""
    if not glyphs:
        return cells
    return tuple(_wired(cell, glyphs.get(column)) for column, cell in enumerate(cells))


def _wired(cell: Span, glyph: str | None) -> Span:
    text, ink = cell
    if glyph is None or text not in _GROUND_GLYPHS or ("bold" in ink and FLOAT_TAIL not in ink):
        return cell
    ground = next((part for part in ink.split() if part.startswith("on:")), "")
    return glyph, f"{BEFORE.ink} {ground}".rstrip()
