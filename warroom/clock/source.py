"""Where "now" comes from: the machine's clock, or one that is moved by hand."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Protocol

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
# It goes on while the machine sleeps. Where it is missing (macOS), the monotonic clock does the same.
_SINCE_BOOT = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)

_AT_ONCE_US = 250_000


@dataclass(frozen=True, slots=True)
class Uptime:
    """How long a machine has been up, asleep or awake: a clock that nobody can set.

    Attributes:
        boot: which start of which machine it counts from; "" where that cannot be known.
        us: microseconds since then, or since another instant that stays the same until the next boot.
    """

    boot: str
    us: int


class Clock(Protocol):
    """Whatever can say what time it is."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        ...

    def uptime(self) -> Uptime:
        """How long the clock's machine has been up; against it, it shows when `now` was set."""
        ...


class SystemClock:
    """The clock of this machine."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        return datetime.now(UTC)

    def uptime(self) -> Uptime:
        """How long this machine has been up, asleep or awake."""
        return Uptime(_boot_id(), time.clock_gettime_ns(_SINCE_BOOT) // 1000)


class SteppedClock:
    """A clock that stands still until it is moved, for headless play and tests."""

    def __init__(self, start: datetime) -> None:
        """Start at `start`, which must be aware."""
        self._now = _in_utc(start)

    def now(self) -> datetime:
        """The instant to which the clock was last moved, aware, in UTC."""
        return self._now

    def uptime(self) -> Uptime:
        """It goes with the clock: one that is moved by hand was never set."""
        return Uptime("stepped", int(self._now.timestamp() * 1_000_000))

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


def both(clock: Clock) -> tuple[Uptime, datetime]:
    """What a clock's uptime and wall clock show at one instant."""
    while True:
        up, now = clock.uptime(), clock.now()
        if clock.uptime().us - up.us < _AT_ONCE_US:  # else the process was stopped in between
            return up, now


@cache
def _boot_id() -> str:
    try:
        return _BOOT_ID.read_text().strip()
    except OSError:
        return ""
