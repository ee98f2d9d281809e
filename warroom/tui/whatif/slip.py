"""A slip that is typed: digits spell it, + and - change it in steps of a quarter of an hour."""

from __future__ import annotations

from warroom.clock.durations import MINUTE, parse_duration, show_duration

FIRST_S = 30 * MINUTE
"""What is supposed before anything is typed."""

STEP_S = 15 * MINUTE

_LONGEST_TEXT = 8


class TypedSlip:
    """What has been typed so far, and what it means.

    Attributes:
        seconds: the slip; below 0 time is won. What cannot be read leaves the last one that could.
        text: what is typed; "" when + and - gave it.
    """

    def __init__(self) -> None:
        self.seconds = FIRST_S
        self.text = ""

    def type(self, character: str) -> None:
        """Take in a digit, d, h or m; the first one begins anew."""
        if len(self.text) < _LONGEST_TEXT:
            self._read(self.text + character)

    def erase(self) -> None:
        """Take the last character away."""
        self._read((self.text or show_duration(abs(self.seconds)))[:-1])

    def step(self, steps: int) -> None:
        """Change it by so many steps, on to the next whole one."""
        self.text = ""
        self.seconds = (self.seconds // STEP_S + steps if steps > 0 else -(-self.seconds // STEP_S) + steps) * STEP_S

    @property
    def understood(self) -> bool:
        """Whether what is typed can be read."""
        return not self.text or _seconds(self.text) is not None

    @property
    def shown(self) -> str:
        """ "+45m", "-15m", or what is typed, such as "1h3"."""
        return f"+{self.text}" if self.text else show_duration(self.seconds, sign=True)

    def _read(self, text: str) -> None:
        self.text = text
        seconds = _seconds(text) if text else 0
        if seconds is not None:
            self.seconds = seconds


def _seconds(text: str) -> int | None:
    try:
        return parse_duration(text)
    except ValueError:
        return None
