"""A wall clock that anybody may set, also backwards, and from another process."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

from tests.cutover import minute
from warroom.clock.source import Uptime


class SetClock:
    """Shows the time that was last written into a file, in minutes after `START`, with how long the machine is up."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def now(self) -> datetime:
        return minute(self._shown()[0])

    def uptime(self) -> Uptime:
        return Uptime("set by hand", int(self._shown()[1] * 60_000_000))

    def set(self, number: float) -> None:
        """Let it show the time so many minutes after `START`: later, because that much time has passed; earlier,
        because somebody has set the clock back."""
        shown, up = self._shown()
        self._write(number, up + max(0.0, number - shown))

    def jump(self, number: float) -> None:
        """Somebody sets the clock to so many minutes after `START`."""
        self._write(number, self._shown()[1])

    def _shown(self) -> tuple[float, float]:
        try:
            shown, up = self._path.read_text().split()
        except FileNotFoundError:
            return 0.0, 0.0
        return float(shown), float(up)

    def _write(self, shown: float, up: float) -> None:
        new = self._path.with_suffix(".new")
        new.write_text(f"{shown} {up}")
        os.replace(new, self._path)
