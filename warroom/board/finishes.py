"""How the forecast of the finish has moved: what it said at regular instants of a run's past, each reckoned once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from warroom.board.board import Board
from warroom.board.forecast import forecast
from warroom.vocabulary.journal import Entry

BEFORE = timedelta(hours=6)
"""How long before the window it begins, and after its end it stops: the weeks around it say nothing of the night."""

AFTER = timedelta(hours=24)

FINE, COARSE = timedelta(minutes=15), timedelta(hours=1)
"""From instant to instant, and the same for a Board of more than `MANY` tasks, whose forecasts are dearer."""

MANY = 500

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Finish(NamedTuple):
    """At `at` (run time, UTC) the forecast said that the run finishes at `finish` (UTC)."""

    at: datetime
    finish: datetime


class Finishes:
    """Walks once along a run's entries, and asks the forecast at round instants on the way.

    What it finds depends on the entries alone, so that live consoles and replay find the same.

    Attributes:
        run_id: key of the run.
        found: what the forecast said so far, in order.
    """

    def __init__(self, run_id: int) -> None:
        self.run_id = run_id
        self.found: tuple[Finish, ...] = ()
        self._board = Board({}, seq=0, recorded_at=None, run_id=run_id, version_id=None, last_entries={})
        self._next: datetime | None = None

    @property
    def seq(self) -> int:
        """The last entry that has been taken in."""
        return self._board.seq

    def is_due(self, until: datetime) -> bool:
        """Whether there is an instant up to `until` (run time, UTC) at which the forecast has not been asked."""
        return self._next is None or self._next <= until

    def take_in(self, entries: Iterable[Entry], until: datetime) -> None:
        """Go on along `entries`, the journal from its beginning or from after `seq`, up to run time `until` (UTC)."""
        waiting: list[Entry] = []
        for entry in entries:
            if entry.seq <= self.seq:
                continue
            if entry.run == self.run_id and entry.run_time is not None:
                if entry.run_time > until:
                    break
                if self._next is None or entry.run_time > self._next:
                    self._board, waiting = self._board.apply(waiting), []
                    self._ask_before(entry.run_time)
            waiting.append(entry)
        self._board = self._board.apply(waiting)
        self._ask_before(until + timedelta.resolution)

    def _ask_before(self, instant: datetime) -> None:
        """Ask at all round instants before `instant` that have not been asked."""
        run = self._board.run
        if run is None:
            return
        every = FINE if len(self._board.tasks) <= MANY else COARSE
        begin, stop = run.window_start - BEFORE, min(instant, run.window_end + AFTER)
        at = self._next
        if at is None:
            # The run was there from its first entry on, which may lie weeks before its window.
            clock = self._board.clock
            at = _rounded_up(begin if clock is None else max(begin, clock.segments[0].run), every)
        found = []
        while at < stop:
            expected = forecast(self._board, at)
            found.append(Finish(at, expected.instant(expected.finish)))
            at += every
        self.found += tuple(found)
        self._next = at if at < run.window_end + AFTER else datetime.max.replace(tzinfo=UTC)


def _rounded_up(instant: datetime, every: timedelta) -> datetime:
    return _EPOCH - (_EPOCH - instant) // every * every
