"""Looking back: which instant of a run is shown, whether it plays and how fast, and what happens live meanwhile."""

from __future__ import annotations

from datetime import datetime, timedelta

from warroom.board.board import Board
from warroom.host.interface import Mark, Replay
from warroom.tui.drawing.ink import Span

SPEEDS = (1, 10, 60, 600, 3600)
"""How many times as fast as the run's own clock a replay can play."""


class LookingBack:
    """A replay under way.

    Args:
        replay: the host over the past; the console shows what it shows.
        left: the live Board from which somebody looked back; None where the past was opened by itself.
    """

    def __init__(self, replay: Replay, left: Board | None = None) -> None:
        self.replay = replay
        self.left = left
        self.playing = False
        self.speed = 60

    def toggle(self) -> None:
        """Play, from the begin again if the end is shown; or pause."""
        self.playing = not self.playing
        if self.playing and self.replay.instant >= self.replay.end:
            self.replay.seek(self.replay.begin)

    def change_speed(self, faster: int) -> None:
        """Play so many of the speeds faster (negative: slower), as far as there are any."""
        place = SPEEDS.index(self.speed) + faster
        self.speed = SPEEDS[min(max(place, 0), len(SPEEDS) - 1)]

    def advance(self, elapsed: float) -> None:
        """Play on for `elapsed` seconds of life; the end pauses."""
        if not self.playing:
            return
        self.replay.seek(self.replay.instant + timedelta(seconds=elapsed * self.speed))
        self.playing = self.replay.instant < self.replay.end

    def step(self, entries: int) -> None:
        """Go so many entries on (negative: back), and pause there."""
        self.playing = False
        self.replay.step(entries)

    def go_to(self, instant: datetime) -> None:
        """Show another instant (run time, UTC)."""
        self.replay.seek(instant)

    def go_to_mark(self, by: int) -> Mark | None:
        """Go to the next mark (1) or the one before (-1), and pause there; None if there is none."""
        shown = self.replay.entry.seq
        if by > 0:
            found = next((mark for mark in self.replay.marks if mark.seq > shown), None)
        else:
            found = next((mark for mark in reversed(self.replay.marks) if mark.seq < shown), None)
        if found is not None:
            self.playing = False
            self.replay.seek_entry(found.seq)
        return found

    def news(self, live: Board) -> Span | None:
        """What happened live since somebody looked back, in words with their ink; None where nothing is live."""
        left = self.left
        if left is None:
            return None
        if live.run_id != left.run_id:
            return "live: another run was started", "status-late bold"
        entries = live.seq - left.seq
        if not entries:
            return "live: nothing new", "muted"
        known = {alert.id for alert in left.alerts}
        alerts = sum(alert.id not in known for alert in live.alerts)
        said = f"live: +{entries} entr{'y' if entries == 1 else 'ies'}"
        if alerts:
            return f"{said}, {alerts} alert{'' if alerts == 1 else 's'}", "status-late bold"
        if live.run is not None and live.run.closed_at is not None:
            said += ", the run is closed"
        return said, "bold"
