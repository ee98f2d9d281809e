"""A wall clock that anybody may set, also backwards, and from another process."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

from tests.cutover import minute


class SetClock:
    """Shows the time that was last written into a file, in minutes after `START`."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def now(self) -> datetime:
        return minute(float(self._path.read_text()))

    def set(self, number: float) -> None:
        """Let it show the time so many minutes after `START`."""
        new = self._path.with_suffix(".new")
        new.write_text(str(number))
        os.replace(new, self._path)
