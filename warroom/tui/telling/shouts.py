"""What is shouted across the room, as lines above everything else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from warroom.board.board import Board
from warroom.board.on_call import bridge_words
from warroom.board.rows import Shout
from warroom.clock.times import show_time
from warroom.rules.shouts import heard
from warroom.tui.drawing.ink import Span, Spans, padded
from warroom.tui.drawing.marks import LATE, SHOUT
from warroom.tui.drawing.wrapping import wrapped
from warroom.tui.picture.picture import Picture
from warroom.vocabulary.text import one_line

MOST = 2
"""So many shouts are shown at once, the newest; the journal has them all."""

LINES = 3
"""So many lines each may take."""


def shouts_shown(picture: Picture, wall: datetime, put_away: int, *, to_all: bool) -> tuple[Shout, ...]:
    """What is shown to whoever looks, the newest first.

    Args:
        wall: wall clock, UTC.
        put_away: key of the last shout that was put away here.
        to_all: whether only what is said to everybody is shown, as on the wall.
    """
    found = heard(picture.board, None if to_all else picture.actor.person_id, wall)
    return tuple(shout for shout in found if shout.id > put_away)[:MOST]


def shout_lines(picture: Picture, shouts: tuple[Shout, ...], announcement: str | None, width: int) -> tuple[Spans, ...]:
    """The lines of the banner: what the server itself announces first, then the shouts."""
    lines: list[Spans] = []
    if announcement is not None:
        lines += _lines(((f" {LATE.glyph} ", "bold"),), one_line(announcement), width)
    for shout in shouts:
        lines += _lines(_head(picture, shout), said(picture.board, shout), width)
    return tuple(lines)


def said(board: Board, shout: Shout) -> str:
    """The text, and where the bridge is if it calls there; not yet harmless."""
    if not shout.bridge:
        return shout.text
    return f"{shout.text} → to the bridge: {bridge_words(board) or 'the runbook names none'}"


def _head(picture: Picture, shout: Shout) -> Spans:
    whom = ""
    if shout.to_id is not None:
        whom = " to you" if shout.to_id == picture.actor.person_id else f" to {picture.board.handle(shout.to_id)}"
    elif shout.stream is not None:
        whom = f" to {shout.stream}"
    by = picture.board.handle(shout.by_id) or "somebody"
    at = show_time(shout.said_at, picture.zone, day=False)
    return ((f" {SHOUT.glyph} {one_line(by + whom, 40)} {at}  ", "bold"),)


def _lines(head: Spans, text: str, width: int) -> Iterator[Spans]:
    indent = sum(len(part) for part, _ in head)
    for number, line in enumerate(wrapped(one_line(text, 1000), max(20, width - indent - 1), most=LINES)):
        start: tuple[Span, ...] = head if not number else ((" " * indent, ""),)
        yield tuple((part, f"{ink} reverse".strip()) for part, ink in (*start, (padded(line, width - indent), "bold")))
