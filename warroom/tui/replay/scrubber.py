"""The scrubber: a run's past on one line, with what happened, how much, and where the replay stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil, sqrt

from rich.cells import cell_len

from warroom.clock.times import show_time
from warroom.host.interface import MarkKind, Replay
from warroom.tui.doing.looking_back import LookingBack
from warroom.tui.drawing.ink import Span, Spans, padded, width_of
from warroom.tui.drawing.marks import GATE, LATE, NOW, STATES, Mark
from warroom.tui.picture.picture import Picture
from warroom.tui.telling.happenings import about, entry_mark, told
from warroom.tui.telling.heading import Piece, fitted
from warroom.vocabulary.text import one_line
from warroom.vocabulary.words import ShownState

MARKS: dict[MarkKind, Mark] = {
    MarkKind.VOTE: Mark("◇", "a vote", GATE.ink),
    MarkKind.ALERT: Mark(LATE.glyph, "an alert", LATE.ink),
    MarkKind.BLOCK: Mark(STATES[ShownState.BLOCKED].glyph, "a block", STATES[ShownState.BLOCKED].ink),
    MarkKind.DECISION: Mark(GATE.glyph, "a decision", GATE.ink + " bold"),
}
"""The least important first: where several lie in one cell, the last of them is shown."""

LEGEND: tuple[tuple[str, str, str], ...] = (
    (NOW.glyph, NOW.ink, "the instant that is shown"),
    *((mark.glyph, mark.ink, mark.word) for mark in reversed(MARKS.values())),
    ("▁▄▇", "status-running", "how much was written, up to that instant"),
    ("▁▄▇", "muted", "and after it"),
)
"""Glyph, ink and meaning of what the scrubber draws."""

_HEIGHTS = "┄▁▂▃▄▅▆▇"
_BEFORE_WINDOW = 5
"""What a plan does in the weeks before its window gets at most one of so many parts of the line."""

_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Track:
    """`width` cells for the instants from `begin` to `end` (UTC, run time): in proportion up to `knee`, which lies at
    the start of the cell `knee_cell`, and in another proportion from there on."""

    begin: datetime
    knee: datetime
    end: datetime
    knee_cell: int
    width: int

    @classmethod
    def over(cls, replay: Replay, window_start: datetime, width: int) -> Track:
        """The whole run; what lies before the window is pressed together where it is longer than the rest."""
        begin, end = replay.begin, max(replay.end, replay.begin + _MICROSECOND)
        if begin < window_start < end and window_start - begin > end - window_start:
            return cls(begin, window_start, end, width // _BEFORE_WINDOW, width)
        return cls(begin, begin, end, 0, width)

    def cell(self, instant: datetime) -> int:
        """The cell in which an instant lies; the nearest one for an instant off either end."""
        if instant < self.knee:
            cell = self.knee_cell * (instant - self.begin) // (self.knee - self.begin) if self.knee_cell else 0
        else:
            cell = self.knee_cell + (self.width - self.knee_cell) * (instant - self.knee) // (self.end - self.knee)
        return min(max(cell, 0), self.width - 1)

    def instant(self, cell: int) -> datetime:
        """The first instant (to the microsecond) in a cell; `end` for the cell behind the last."""
        if cell < self.knee_cell:
            return self.begin - (self.begin - self.knee) * cell // self.knee_cell
        return self.knee - (self.knee - self.end) * (cell - self.knee_cell) // (self.width - self.knee_cell)


def track_line(replay: Replay, picture: Picture, width: int) -> Spans:
    """The run from its begin to its end in `width` cells: density of entries, marks, and the position."""
    first, last = ends(replay, picture)
    room = width - cell_len(first) - cell_len(last)
    if room < 12:
        return ((first, "muted"), (last, "muted"))
    track = Track.over(replay, picture.forecast.origin, room)
    position = track.cell(replay.instant)
    counts = replay.density([track.instant(cell) for cell in range(room + 1)])
    most = max(1, *counts)
    cells: list[Span] = [
        # By the square root, so that a few entries still show beside a cell that has hundreds.
        (_HEIGHTS[ceil((len(_HEIGHTS) - 1) * sqrt(count / most))], "status-running" if cell < position else "muted")
        for cell, count in enumerate(counts)
    ]
    ranks = list(MARKS)
    shown: dict[int, MarkKind] = {}
    for mark in replay.marks:
        cell = track.cell(mark.instant)
        if cell not in shown or ranks.index(mark.kind) > ranks.index(shown[cell]):
            shown[cell] = mark.kind
    for cell, kind in shown.items():
        cells[cell] = (MARKS[kind].glyph, MARKS[kind].ink)
    cells[position] = (NOW.glyph, NOW.ink + " bold")
    return ((first, "muted"), *cells, (last, "muted"))


def instant_at(replay: Replay, picture: Picture, width: int, x: int) -> datetime | None:
    """The instant that the line of `width` cells shows in cell `x`; None outside the track."""
    first, last = ends(replay, picture)
    room = width - cell_len(first) - cell_len(last)
    cell = x - cell_len(first)
    if room < 12 or not 0 <= cell < room:
        return None
    return Track.over(replay, picture.forecast.origin, room).instant(cell)


def ends(replay: Replay, picture: Picture) -> tuple[str, str]:
    """The begin and the end as they are written: with the weekday, or with the date where weekdays come twice."""
    long = replay.end - replay.begin >= timedelta(days=6)

    def label(instant: datetime) -> str:
        shown = show_time(instant, picture.zone)
        return f" {shown[4:]} " if long else f" {shown[:3]}{shown[-6:]} "

    return label(replay.begin), label(replay.end)


def state_line(past: LookingBack, picture: Picture, news: Span | None, width: int) -> Spans:
    """Whether it plays and how fast, the last entry, and what happens live meanwhile."""
    place, count = past.replay.place
    playing: Span = (f"► playing {past.speed}x", "bold") if past.playing else (f"paused, {past.speed}x", "")
    pieces = [
        Piece((playing,)),
        Piece(((f"entry {place}/{count}", "muted"),), rank=2),
    ]
    behind = [] if news is None else [Piece((news,), rank=1, right=True)]
    room = width - 2 - sum(width_of(piece.spans) for piece in (*pieces, *behind)) - 3 * (len(pieces) + len(behind))
    if room >= 16:
        said = _sentence(past.replay, picture)
        pieces.append(Piece(((padded(said, min(room, cell_len(said))), ""),), rank=3))
    return fitted([*pieces, *behind], width)


def _sentence(replay: Replay, picture: Picture) -> str:
    """The last entry in a line: when, who, what, about what, what they said."""
    entry = replay.entry
    at = show_time(entry.run_time or entry.recorded_at, picture.zone, day=False)
    subject = one_line(about(replay.board, entry), 64)
    head = f"{at} {one_line(entry.done_by, 40)} {entry_mark(entry).word} {subject}"
    said = dict.fromkeys(part for part in (told(replay.board, entry), entry.reason) if part)
    return ": ".join((head, *(one_line(part, 200) for part in said)))
