"""What follows if a task is later, in a line or two for each of a few slips: what its own screen tells of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from warroom.board.rows import Task
from warroom.board.whatif import Break, BreakKind, Outcome
from warroom.clock.durations import HOUR, MINUTE, show_duration
from warroom.tui.drawing.ink import Span, Spans
from warroom.tui.drawing.items import Item, heading
from warroom.tui.drawing.marks import BACKOUT, GATE, LATE, PUSHED, WINDOW_END
from warroom.tui.drawing.wrapping import wrapped
from warroom.tui.picture.picture import Picture
from warroom.tui.whatif.texts import Answer, answer
from warroom.vocabulary.text import one_line

SLIPS = (15 * MINUTE, 30 * MINUTE, HOUR)
"""Seconds by which the task is supposed to be later."""

MOST_LINES = 3
"""For what breaks with each of them; the what-if screen tells it whole."""

_KIND = 8


def suppose_later(picture: Picture, task: Task) -> tuple[Answer, ...]:
    """What follows from each slip; () where the task can slip no more. Pure, and dear on a big Board."""
    answers = []
    for slip in SLIPS:
        found = answer(picture, task, slip)
        if found.outcome is None:
            return ()
        answers.append(found)
    return tuple(answers)


def supposed_items(picture: Picture, answers: Sequence[Answer] | None, width: int) -> Iterator[Item]:
    """The section of the task's screen; None: it is being reckoned."""
    if answers is None:
        yield heading("If it is later", "being reckoned …")
        return
    if answers:
        yield heading("If it is later", f"{picture.key('console.what-if')} asks more")
        for found in answers:
            if found.outcome is not None:
                yield Item(tuple(_lines(found, found.outcome, width)))


def _lines(found: Answer, outcome: Outcome, width: int) -> Iterator[Spans]:
    moves = outcome.finish_moves
    finish = f"finish {show_duration(moves, sign=True)}" if moves else "the finish stays"
    moved = [ref for ref in outcome.moves if ref != found.task.ref]
    pushed = f", {len(moved)} pushed" if moved else ""
    by = f"   {show_duration(found.slip, sign=True):<{_KIND}}"
    if not outcome.breaks:
        beyond = -outcome.window_float
        end: Span = (f"{show_duration(beyond)} beyond", "beyond") if beyond > 0 else ("nothing more breaks", "inside")
        yield ((by, "bold"), (f"{finish}{pushed}, ", ""), end)
        return
    yield ((by, "bold"), (f"{finish}{pushed}", "status-late" if moves > 0 else ""))
    said = ", ".join(_told(one) for one in outcome.breaks)
    indent = " " * (3 + _KIND)
    yield from (((indent + line, "beyond"),) for line in wrapped(said, width - len(indent) - 1, most=MOST_LINES))


def _told(found: Break) -> str:
    """What breaks, as short as it can be said."""
    ref, late = one_line(found.ref, 14), show_duration(found.late)
    match found.kind:
        case BreakKind.WINDOW:
            return f"{WINDOW_END.glyph} window missed by {late}"
        case BreakKind.GATE:
            return f"{GATE.glyph} gate {ref} missed by {late}"
        case BreakKind.DEADLINE:
            return f"{LATE.glyph} deadline of {ref} missed by {late}"
        case BreakKind.BACKOUT:
            return f"{BACKOUT.glyph} back-out decision passed by {late}"
        case BreakKind.AVAILABILITY:
            return f"{PUSHED.glyph} {ref}: {one_line(found.owner or 'nobody', 14)} off for {late}"
