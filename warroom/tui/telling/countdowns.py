"""Countdowns: on one line each, or in big digits where the screen has room for them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from warroom.board.rows import Gate, Task
from warroom.clock.durations import HOUR, MINUTE
from warroom.rules.backout import seconds_in_box, time_box
from warroom.tui.drawing.ink import Span, Spans, padded, width_of
from warroom.tui.drawing.marks import BACKOUT, GATE
from warroom.tui.picture.picture import Picture
from warroom.vocabulary.text import one_line
from warroom.vocabulary.words import BackoutStage, Verdict

SOON_S = 30 * MINUTE
"""From so little time left a countdown is loud."""

SMALL_LINES, BIG_LINES = 2, 4
"""Lines that two countdowns take: one each, or a caption above big digits."""

_BOX = "◷"
"""The glyph of the time-box."""

_FONT: dict[str, tuple[str, str, str]] = {
    "0": ("█▀█", "█ █", "▀▀▀"),
    "1": ("▀█ ", " █ ", "▀▀▀"),
    "2": ("▀▀█", "█▀▀", "▀▀▀"),
    "3": ("▀▀█", " ▀█", "▀▀▀"),
    "4": ("█ █", "▀▀█", "  ▀"),
    "5": ("█▀▀", "▀▀█", "▀▀▀"),
    "6": ("█▀▀", "█▀█", "▀▀▀"),
    "7": ("▀▀█", "  █", "  ▀"),
    "8": ("█▀█", "█▀█", "▀▀▀"),
    "9": ("█▀█", "▀▀█", "▀▀▀"),
    ":": ("▄", "▄", " "),
    "-": ("  ", "▀▀", "  "),
    "+": (" ▄ ", "▀█▀", "   "),
    "–": ("   ", "▀▀▀", "   "),
}


@dataclass(frozen=True, slots=True)
class Countdown:
    """Time that is left until something.

    Attributes:
        glyph, ink: of what it counts down to.
        caption: what that is; `passed` is said instead once it lies behind.
        at: the instant as shown, or why there is none.
        left: seconds until it, negative behind it; None where there is nothing to count down to.
    """

    glyph: str
    ink: str
    caption: str
    passed: str
    at: str
    left: int | None

    @property
    def loudness(self) -> str:
        """The ink of the digits: quiet, soon, or passed."""
        if self.left is None:
            return "muted"
        return "beyond bold" if self.left < 0 else f"{self.ink} bold" if self.left < SOON_S else "bold"

    @property
    def caption_spans(self) -> Spans:
        behind = self.left is not None and self.left < 0
        said = self.passed if behind else self.caption
        return (
            (f"{self.glyph} ", f"{self.ink} bold"),
            (f"{said} ", "beyond bold" if behind else "muted"),
            (self.at, "bold"),
        )


def decision_due(picture: Picture, task: Task | None, run_time: datetime) -> Countdown:
    """How long until the decision of a gate is due; `task` is the gate's, None where no gate is left to decide."""
    gate = None if task is None else picture.board.gate_of(task.id)
    if task is None or gate is None:
        return Countdown(GATE.glyph, GATE.ink, "no gate is left to decide", "", "", None)
    ref = one_line(task.ref, 20)
    if gate.decided_at is not None:
        said = f"{ref} decided" if gate.verdict is not Verdict.NO_GO else f"{ref} no-go, to be decided anew, since"
        return Countdown(GATE.glyph, GATE.ink, said, "", picture.time(gate.decided_at), None)
    if picture.board.is_held(task):
        return Countdown(GATE.glyph, GATE.ink, f"{ref} is held by the back-out", "", "", None)
    due = picture.forecast.instant(due_s(picture, task, gate))
    left = (due - run_time) // timedelta(seconds=1)
    return Countdown(GATE.glyph, GATE.ink, f"{ref} due", f"{ref} was due", picture.time(due), left)


def due_s(picture: Picture, task: Task, gate: Gate) -> int:
    """When the decision of a gate is due, in seconds from the window start: as told, else when it is planned."""
    return picture.forecast.planned(task).finish if gate.due_s is None else gate.due_s


def last_backout(picture: Picture, run_time: datetime) -> Countdown:
    """How long until the latest safe back-out decision; once a back-out is invoked, until that is done."""
    backing_out = picture.forecast.backing_out
    if backing_out is not None:
        instant = picture.forecast.instant(backing_out.finish)
        if picture.board.backout_stage is not BackoutStage.BACKING_OUT:
            return Countdown(BACKOUT.glyph, "beyond", "BACKED OUT since", "", picture.time(instant), None)
        left = (instant - run_time) // timedelta(seconds=1)
        said = "BACKING OUT, done at"
        return Countdown(BACKOUT.glyph, "beyond", said, said, picture.time(instant), max(0, left))
    decide_by = picture.forecast.decide_backout_by
    if decide_by is None:
        caption = "no way back any more" if picture.in_run else "no back-out is planned"
        return Countdown(BACKOUT.glyph, BACKOUT.ink, caption, "", "", None)
    instant = picture.forecast.instant(decide_by)
    left = (instant - run_time) // timedelta(seconds=1)
    at = picture.time(instant)
    return Countdown(BACKOUT.glyph, BACKOUT.ink, "last safe back-out", "back-out too late since", at, left)


def time_box_left(picture: Picture, run_time: datetime, wall: datetime) -> Countdown:
    """How long a way back is still decided on after go-live; `wall` counts once a live run is closed."""
    box = time_box(picture.board)
    if box is None:
        return Countdown(_BOX, "muted", "the time-box starts with go-live", "", "", None)
    left = seconds_in_box(picture.board, box, run_time, wall)
    return Countdown(_BOX, "status-ready", "time-box ends", "the time-box ended", picture.time(box.end), left)


def clock_span(seconds: int | None) -> str:
    """ "1:58:00", "-0:05:10", "29:03:12"; "–" for none."""
    if seconds is None:
        return "–"
    span = abs(seconds)
    return f"{'-' if seconds < 0 else ''}{span // HOUR}:{span % HOUR // MINUTE:02d}:{span % MINUTE:02d}"


def big(text: str) -> tuple[str, str, str]:
    """Digits, colon and signs as three lines of block characters.

    Raises:
        KeyError: there is no big form of a character.
    """
    glyphs = [_FONT[character] for character in text]
    first, second, third = (" ".join(glyph[line] for glyph in glyphs) for line in range(3))
    return first, second, third


def countdown_lines(counts: Sequence[Countdown], *, large: bool) -> list[Callable[[int], Spans]]:
    """Makers of the lines that show the countdowns: below each other, or with `large` side by side in big digits."""
    if not large:
        return [partial(_small, count) for count in counts]
    return [partial(_beside, tuple(_block(count)[line] for count in counts)) for line in range(BIG_LINES)]


def _small(count: Countdown, _: int) -> Spans:
    if count.left is None:
        return ((" ", ""), *count.caption_spans)
    said = f"{clock_span(abs(count.left))} ago" if count.left < 0 else f"in {clock_span(count.left)}"
    return ((" ", ""), *count.caption_spans, (f"  {said}", count.loudness))


def _block(count: Countdown) -> tuple[Spans, ...]:
    """The caption, and the three lines of digits."""
    return (count.caption_spans, *(((f"  {line}", count.loudness),) for line in big(clock_span(count.left))))


def _beside(blocks: tuple[Spans, ...], width: int) -> Spans:
    """The same line of every block, each in its share of the width."""
    share = width // len(blocks)
    spans: list[Span] = []
    for block in blocks:
        room = share - 1
        spans.append((" ", ""))
        for text, ink in block:
            cut = padded(text, room) if width_of([(text, ink)]) > room else text
            spans.append((cut, ink))
            room -= width_of([(cut, ink)])
        spans.append((" " * max(0, room), ""))
    return tuple(spans)
