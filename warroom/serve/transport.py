"""A line to somebody's terminal, whatever carries it, and what is known of that terminal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from warroom.tui.look.glyphs import GlyphSet, glyph_set_for

LARGEST = (400, 120)
"""Columns and lines beyond which nobody's terminal is drawn: memory and work grow with them."""


class Transport(Protocol):
    """What carries bytes to a terminal. All methods are called in the loop of the server, and none of them waits."""

    def write(self, data: bytes) -> None:
        """Send `data`; after the line is lost nothing happens."""
        ...

    def backlog(self) -> int:
        """Bytes that were written and that the line has not taken yet."""
        ...

    def pause(self) -> None:
        """Take no more from the terminal for now."""
        ...

    def resume(self) -> None:
        """Take from the terminal again."""
        ...

    def end(self, code: int) -> None:
        """Close the line once all is sent, with the exit code that the person's own client is to end with."""
        ...


class Depth(StrEnum):
    """How many colours a terminal shows, in Rich's words."""

    NONE = "none"
    STANDARD = "standard"
    EIGHT_BIT = "256"
    TRUE = "truecolor"


@dataclass(frozen=True, slots=True)
class Terminal:
    """Somebody's terminal when the line was opened. `width` and `height` are in cells."""

    name: str
    width: int
    height: int
    depth: Depth
    glyphs: GlyphSet = GlyphSet.UNICODE

    @property
    def can_draw(self) -> bool:
        """Whether it understands where to put what it is sent."""
        return self.name not in ("", "dumb", "unknown")


def terminal(name: str, width: int, height: int, environment: Mapping[str, str] | None = None) -> Terminal:
    """A terminal by its name (`$TERM`) and what else its environment says; nonsense sizes are made sensible ones."""
    told = environment or {}
    glyphs = glyph_set_for({**told, "TERM": name}, _encoding(told))
    return Terminal(name[:64], *sensible(width, height), _depth(name, told), glyphs)


def sensible(width: int, height: int) -> tuple[int, int]:
    """A size that can be drawn; a terminal that does not say its own is taken for the common one."""
    return min(width, LARGEST[0]) if width > 0 else 80, min(height, LARGEST[1]) if height > 0 else 24


def _encoding(environment: Mapping[str, str]) -> str:
    """The encoding of the letters that a locale names, as in "de_DE.ISO-8859-1@euro"; UTF-8 where none does."""
    named = (environment.get(name) or "" for name in ("LC_ALL", "LC_CTYPE", "LANG"))
    return next((one for one in named if one), "").partition(".")[2].partition("@")[0] or "utf-8"


def _depth(name: str, environment: Mapping[str, str]) -> Depth:
    if environment.get("NO_COLOR"):
        return Depth.NONE
    if environment.get("COLORTERM", "").lower() in ("truecolor", "24bit") or name.endswith(("-direct", "-truecolor")):
        return Depth.TRUE
    if name.startswith(("xterm-kitty", "alacritty", "foot", "wezterm", "xterm-ghostty")):
        return Depth.TRUE
    # PuTTY calls itself xterm, and like every xterm of this century it shows 256.
    if "256color" in name or name in ("xterm", "putty"):
        return Depth.EIGHT_BIT
    if name.startswith(("vt1", "vt2", "vt52")) or name.endswith("-m"):
        return Depth.NONE
    return Depth.STANDARD
