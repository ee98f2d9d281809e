"""What the scribe's screen says of the line that is typed."""

from __future__ import annotations

from warroom.clock.durations import show_duration
from warroom.tui.drawing.ink import Spans, padded, width_of
from warroom.tui.drawing.marks import STATES
from warroom.tui.picture.picture import Picture
from warroom.tui.scribe.line import Line
from warroom.vocabulary.text import one_line

HINT = "who  task  what  when  …   dario bc24 done 2:40 412 rows   bc24 d -10   ana 24 block no access"


def understood_line(picture: Picture, line: Line, width: int) -> Spans:
    """How a line is understood so far: whom it is about, the task and how it stands, and what is recorded."""
    if line.who is None and line.task is None:
        return ((f" {HINT}", "muted"),)
    spans: list[tuple[str, str]] = []
    if line.who is not None:
        spans.append((f" {one_line(line.who.handle, 20)}", "bold"))
    if line.task is not None:
        mark = STATES[picture.board.shown_state(line.task)]
        spans += [(f"  {one_line(line.task.ref, 20)}", "bold"), (f" {mark.glyph} {mark.word}", mark.ink)]
    if line.verb is not None:
        spans.append((f"  → {line.verb} ", "primary bold"))
        spans.append((when_words(picture, line), ""))
    if line.task is not None:
        room = width - width_of(spans) - 2
        spans.append(("  " + padded(one_line(line.task.title, 120), max(0, room)).rstrip(), "muted"))
    return tuple(spans)


def when_words(picture: Picture, line: Line) -> str:
    """When it happened, or for when it is promised."""
    promised = line.arguments.get("eta")
    if promised is not None:
        return f"for {picture.time(promised)}"
    if line.at is None:
        return "now"
    seconds = max(0, round((picture.now - line.at).total_seconds()))
    return f"at {picture.time(line.at)}, {show_duration(seconds)} ago"
