"""The clock of a run: which run time it is at a given wall time, and when a run time comes.

A run's clock is a list of segments; holding, resuming and changing the speed each add one. All arithmetic is
on whole microseconds, so that every process computes the same instant.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

LIFE = 1000
"""The rate of a clock that runs as fast as life: rates are in thousandths."""

_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Segment:
    """From `wall` on, the run clock shows `run` and then moves at `rate`.

    Attributes:
        wall: wall time, UTC.
        run: run time at that moment, UTC.
        rate: thousandths of life: 1000 is life, 60000 is a minute a second, 0 stands still.

    Raises:
        ValueError: a time that is not in UTC, or a rate below 0.
    """

    wall: datetime
    run: datetime
    rate: int = LIFE

    def __post_init__(self) -> None:
        for instant in (self.wall, self.run):
            if instant.utcoffset() != timedelta(0):
                raise ValueError(f"{instant.isoformat()} is not a time in UTC")
        if self.rate < 0:
            raise ValueError("a run clock never runs backwards")

    def run_time(self, wall: datetime) -> datetime:
        """Run time at `wall`, not before this segment's own; a fraction of a microsecond is dropped."""
        return self.run + timedelta(microseconds=(wall - self.wall) // _MICROSECOND * self.rate // LIFE)


@dataclass(frozen=True, slots=True)
class RunClock:
    """The segments of a run's clock, in order of wall time.

    Raises:
        ValueError: no segment, segments out of order, or a segment that would turn the run time back.
    """

    segments: tuple[Segment, ...]

    def __post_init__(self) -> None:
        if not self.segments:
            raise ValueError("a run clock has at least one segment")
        for earlier, later in pairwise(self.segments):
            if later.wall < earlier.wall:
                raise ValueError("the segments of a run clock are in order of wall time")
            if later.run < earlier.run_time(later.wall):
                raise ValueError("a run clock never runs backwards")

    def run_time(self, wall: datetime) -> datetime:
        """Run time (UTC) at wall time `wall` (UTC); before the first segment, that segment's run time."""
        segment = self._segment_at(wall)
        return self.segments[0].run if segment is None else segment.run_time(wall)

    def wall_time(self, run: datetime) -> datetime | None:
        """The earliest wall time (UTC) at which the run clock shows `run` or has passed it.

        None if, as the clock runs now, it never will: it is held. A run time from before the first segment
        came when that segment began.
        """
        for position, segment in enumerate(self.segments):
            following = self.segments[position + 1] if position + 1 < len(self.segments) else None
            missing = (run - segment.run) // _MICROSECOND
            if missing <= 0:
                return segment.wall
            if segment.rate == 0:
                continue
            try:
                wall = segment.wall + timedelta(microseconds=-(-missing * LIFE // segment.rate))
            except OverflowError:  # beyond the last date that a datetime can hold
                continue
            if following is None or wall < following.wall:
                return wall
        return None

    def rate_at(self, wall: datetime) -> int:
        """How fast the clock runs at `wall`, in thousandths of life; 0 before the first segment."""
        segment = self._segment_at(wall)
        return 0 if segment is None else segment.rate

    def held(self, wall: datetime) -> bool:
        """Whether the clock stands still at `wall`."""
        return self.rate_at(wall) == 0

    def _segment_at(self, wall: datetime) -> Segment | None:
        position = bisect_right(self.segments, wall, key=lambda segment: segment.wall)
        return self.segments[position - 1] if position else None
