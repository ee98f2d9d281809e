"""Where "now" comes from: the machine's clock, or one that is moved by hand."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Whatever can say what time it is."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        ...


class SystemClock:
    """The clock of this machine."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        return datetime.now(UTC)


class SteppedClock:
    """A clock that stands still until it is moved, for headless play and tests."""

    def __init__(self, start: datetime) -> None:
        """Start at `start`, which must be aware."""
        self._now = _in_utc(start)

    def now(self) -> datetime:
        """The instant to which the clock was last moved, aware, in UTC."""
        return self._now

    def move_to(self, instant: datetime) -> None:
        """Move the clock to `instant`; the same instant again is allowed.

        Raises:
            ValueError: `instant` lies before the clock's time, or is not aware.
        """
        moved = _in_utc(instant)
        if moved < self._now:
            raise ValueError(f"a clock cannot be moved backwards, from {self._now} to {moved}")
        self._now = moved


def _in_utc(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError(f"{instant} names no time zone")
    return instant.astimezone(UTC)
