"""Lines drawn in cells: the arms that a cell has, and the glyphs that show them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

LEFT, RIGHT, UP, DOWN = 1, 2, 4, 8
"""The arms of a cell; where lines meet in one, it has those of all of them."""

SQUARE: Mapping[int, str] = MappingProxyType(
    {
        LEFT: "─",
        RIGHT: "─",
        LEFT | RIGHT: "─",
        UP: "│",
        DOWN: "│",
        UP | DOWN: "│",
        LEFT | UP: "┘",
        LEFT | DOWN: "┐",
        RIGHT | UP: "└",
        RIGHT | DOWN: "┌",
        LEFT | RIGHT | UP: "┴",
        LEFT | RIGHT | DOWN: "┬",
        LEFT | UP | DOWN: "┤",
        RIGHT | UP | DOWN: "├",
        LEFT | RIGHT | UP | DOWN: "┼",
    }
)
"""The glyph of each set of arms."""

ROUND: Mapping[int, str] = MappingProxyType(
    {**SQUARE, LEFT | UP: "╯", LEFT | DOWN: "╮", RIGHT | UP: "╰", RIGHT | DOWN: "╭"}
)
"""The same with round corners."""
