"""What was shouted to whoever sits at a console: when to ring the bell, and what was put away."""

from __future__ import annotations

from collections.abc import Sequence

from warroom.board.rows import Shout


class Ear:
    """Remembers, of one console, what it has rung for and what was put away.

    Attributes:
        put_away: key of the last shout that was put away.
    """

    def __init__(self) -> None:
        self.put_away = 0
        self._heard: int | None = None  # key of the last shout; None: the console has just opened
        self._announced: str | None = None

    def rings(self, shouts: Sequence[Shout], announcement: str | None) -> bool:
        """Whether something is shown that was not before. What was there when the console opened rings nothing."""
        newest = max((shout.id for shout in shouts), default=0)
        new = self._heard is not None and newest > self._heard
        self._heard = max(self._heard or 0, newest)
        before, self._announced = self._announced, announcement
        return new or announcement not in (None, before)
