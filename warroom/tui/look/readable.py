"""Whether the colours of a theme can be read on one another."""

from __future__ import annotations

from collections.abc import Mapping

from textual.color import Color
from textual.theme import Theme

from warroom.tui.look.themes import DOMAIN_COLOURS

READABLE = 4.5
"""The contrast of text that WCAG 2.2 asks for at its level AA."""

GROUNDS = ("background", "surface", "panel", "cursor", "cursor-away")
"""What is written on, by the names of theme variables."""

_NEVER_INKS = ("on-run", "cursor", "cursor-away")
_INKS = sorted({*DOMAIN_COLOURS}.difference(_NEVER_INKS))
_OF_TEXT = [name for name in _INKS if not name.startswith(("lane-", "run-"))]

WRITTEN: tuple[tuple[str, str], ...] = (
    *((ink, ground) for ink in (*_OF_TEXT, "foreground", "primary") for ground in GROUNDS),
    *(("on-run", name) for name in sorted(DOMAIN_COLOURS) if name.startswith("run-")),
)
"""Every ink that the console writes with, and each ground on which it does."""


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours by WCAG 2.2: (lighter + 0.05) / (darker + 0.05), 1 to 21."""
    darker, lighter = sorted(map(_luminance, (one, other)))
    return (lighter + 0.05) / (darker + 0.05)


def hard_to_read(theme: Theme) -> list[tuple[str, str, float]]:
    """The pairs of `WRITTEN` with too little contrast, as (ink, ground, contrast), the worst first. What the terminal
    itself colours is not known, and left out."""
    colours = colours_of(theme)
    found = []
    for ink, ground in WRITTEN:
        ink_colour, ground_colour = Color.parse(colours[ink]), Color.parse(colours[ground])
        if ink_colour.ansi is None and ground_colour.ansi is None:
            ratio = contrast((ground_colour + ink_colour).hex6, ground_colour.hex6)
            if ratio < READABLE:
                found.append((ink, ground, ratio))
    return sorted(found, key=lambda one: one[2])


def colours_of(theme: Theme) -> Mapping[str, str]:
    """All colours that style sheets and inks know, by name."""
    return {**DOMAIN_COLOURS, **theme.to_color_system().generate(), **theme.variables}


def _luminance(colour: str) -> float:
    """Relative luminance: the transfer function of sRGB (IEC 61966-2-1) undone, weighted by WCAG 2.2."""
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in Color.parse(colour).normalized
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
