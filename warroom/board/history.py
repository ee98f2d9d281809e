"""The Boards of a run at every instant of its past.

Keyframes, which share what did not change between them, are kept in memory every `KEYFRAME_EVERY` entries; any other
Board is the keyframe before it, moved on by the entries between.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from datetime import datetime

from warroom.board.board import Board
from warroom.vocabulary.journal import Entry

KEYFRAME_EVERY = 1_000


class History:
    """All entries of a state file, seen from one run (or from a plan version while there is none).

    Args:
        entries: the whole journal, in order, from its first entry.
    """

    def __init__(self, entries: Iterable[Entry], run_id: int | None, version_id: int | None) -> None:
        self._entries = tuple(entries)
        self._run_id = run_id
        self._frames = [Board({}, seq=0, recorded_at=None, run_id=run_id, version_id=version_id, last_entries={})]
        own = [entry for entry in self._entries if run_id is None or entry.run == run_id]
        self._own_seqs = [entry.seq for entry in own]
        self._own_times = [self._instant(entry) for entry in own]

    @property
    def entries(self) -> tuple[Entry, ...]:
        return self._entries

    @property
    def own_seqs(self) -> list[int]:
        """The seqs of the entries of the run itself, in order."""
        return self._own_seqs

    def instant_of(self, seq: int) -> datetime:
        """The run time of the entry `seq` (when it was recorded, for one outside any run)."""
        return self._instant(self._entries[seq - 1])

    @property
    def own_times(self) -> list[datetime]:
        """The run times (UTC) of those entries, in order."""
        return self._own_times

    def seq_at(self, instant: datetime) -> int:
        """The last entry of the run with run time <= `instant` (UTC); 0 if there is none yet."""
        place = bisect_right(self._own_times, instant)
        return self._own_seqs[place - 1] if place else 0

    def board(self, seq: int, near: Board | None = None) -> Board:
        """The Board after the entry `seq`.

        Args:
            near: a Board of this history; if it lies between the keyframe and `seq`, the way goes on from there.
        """
        while len(self._frames) * KEYFRAME_EVERY <= seq:
            start = (len(self._frames) - 1) * KEYFRAME_EVERY
            self._frames.append(self._frames[-1].apply(self._entries[start : start + KEYFRAME_EVERY]))
        known = self._frames[seq // KEYFRAME_EVERY]
        if near is not None and known.seq <= near.seq <= seq:
            known = near
        return known.apply(self._entries[known.seq : seq])

    def _instant(self, entry: Entry) -> datetime:
        if self._run_id is None or entry.run_time is None:
            return entry.recorded_at
        return entry.run_time
