"""How a control stands, in a few words, and what an entry about one did."""

from __future__ import annotations

from decimal import Decimal

from warroom.board.board import Board
from warroom.rules.controls import PartStanding, control_standing
from warroom.tui.drawing.marks import CONTROLS
from warroom.vocabulary.exact import show_number
from warroom.vocabulary.journal import Entry


def control_happened(board: Board, entry: Entry) -> str:
    """What an entry about a control did, and how the control stands now."""
    key = entry.subject.partition(" ")[2]
    control = next((one for one in board.controls if one.key == key), None)
    if control is None or entry.run != board.run_id:
        return f"{entry.action}: {entry.subject}"
    standing = control_standing(board, control)
    worst = standing.worst
    told = f"{key} is {standing_word(worst)}"
    if len(standing.parts) > 1:
        told += f" ({part_name(worst)}, the worst of {len(standing.parts)} parts)"
    if worst.difference is not None and worst.allowed is not None:
        told += f": difference {number(worst.difference, sign=True)}, allowed {number(worst.allowed)}"
    if worst.because:
        told += f"; {worst.because}"
    return told


def standing_word(part: PartStanding) -> str:
    """Glyph and word."""
    return f"{CONTROLS[part.standing].glyph} {part.standing.value}"


def part_name(part: PartStanding) -> str:
    """Its entity and currency; "" where there is no need to say."""
    return " ".join(filter(None, (part.entity, part.currency)))


def number(value: Decimal | None, *, sign: bool = False) -> str:
    """A number, or "" for none; with `sign`, a plus too."""
    if value is None:
        return ""
    return f"+{show_number(value)}" if sign and value > 0 else show_number(value)
