"""How sure the forecast is, reckoned off the loop: a first figure soon, then finer ones, while keys come first."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from time import monotonic
from typing import TYPE_CHECKING

from warroom.board.board import Board
from warroom.board.forecast import Forecast, forecast
from warroom.board.rehearsed import Samples, varies
from warroom.host.interface import Host
from warroom.tui.picture.picture import Picture
from warroom.tui.reckoning.shown import Shown
from warroom.vocabulary.errors import WarroomError

if TYPE_CHECKING:
    from warroom.schedule.montecarlo import Confidence

TRIALS = 10_000
FIRST_TRIALS = 1_000

SHARE = 0.1
"""The share of the time that is spent on it at most, so that a clock that races does not keep a core busy."""

BREATH_S = 0.02
"""How long the loop has for itself between two blocks of trials, seconds."""


class Odds:
    """How sure one forecast is. May be shared by many consoles and refined on any thread.

    Args:
        shown: the forecast of `board`.
        rehearsed: what its tasks took in earlier rehearsals.
    """

    def __init__(self, board: Board, shown: Forecast, rehearsed: Samples) -> None:
        self._board, self._shown, self._rehearsed = board, shown, rehearsed
        self._refining = threading.Lock()
        self._blocks: Iterator[Confidence] | None = None
        self._found: Confidence | None = None

    def refined(self, trials: int) -> Confidence:
        """What at least so many trials say, up to `TRIALS`; those that were run before are not run again."""
        with self._refining:
            if self._blocks is None:
                from warroom.board.confidence import refined_confidence  # loads numpy

                board, base = self._board, self._shown
                if board.run is None:  # a plan counts back from its own finish; the odds are those of the window
                    base = forecast(board, base.at, from_window=True)
                self._blocks = refined_confidence(board, base, trials=TRIALS, seed=0, rehearsed=self._rehearsed)
            while self._found is None or self._found.trials < min(trials, TRIALS):
                self._found = next(self._blocks)
            return self._found


@dataclass(frozen=True, slots=True, eq=False)
class Reckoned:
    """What is known: of which picture, and what its durations rest on."""

    host: Host
    picture: Picture
    confidence: Confidence
    rehearsed: Samples

    @property
    def final(self) -> bool:
        """Whether it is as fine as it gets."""
        return self.confidence.trials >= TRIALS

    @property
    def per_cent(self) -> Decimal | None:
        """Per cent of the trials that finish inside the window, as the criteria of gates take it; None: not told."""
        inside = self.confidence.inside
        return None if inside is None else Decimal(round(inside * 1_000)) / 10


class Reckoner:
    """Keeps the odds of what a console shows current: at most once a heartbeat, and never twice at once."""

    def __init__(self, console: Shown) -> None:
        self._console = console
        self._reckoned: Reckoned | None = None
        self._begun: tuple[Host, Picture] | None = None
        self._rehearsed: tuple[Host, int | None, Samples] | None = None
        self._running = False
        self._not_before = 0.0

    @property
    def known(self) -> Reckoned | None:
        """The newest figure of the run that is shown, maybe of a moment ago; None: there is none yet."""
        found, console = self._reckoned, self._console
        if found is None or found.host is not console.host:
            return None
        return found if found.picture.board.run_id == console.picture.board.run_id else None

    @property
    def nothing_varies(self) -> bool:
        """Whether no duration varies, so that there is nothing to reckon."""
        kept = self._rehearsed
        board = self._console.picture.board
        return kept is not None and kept[:2] == (self._console.host, board.run_id) and not varies(board, kept[2])

    def reckon(self) -> None:
        """Begin to reckon the odds of the picture that is shown, unless that is done or under way."""
        console = self._console
        if self._running or monotonic() < self._not_before or self._is_begun(console.host, console.picture):
            return
        self._running = True
        console.run_worker(self._reckon, group="odds")

    def _is_begun(self, host: Host, picture: Picture) -> bool:
        if self._begun is None:
            return False
        begun_host, begun = self._begun
        return begun_host is host and begun.board is picture.board and begun.forecast.at == picture.forecast.at

    async def _reckon(self) -> None:
        host, picture = self._console.host, self._console.picture
        self._begun = host, picture
        began = monotonic()
        try:
            rehearsed = await self._known_rehearsals(host, picture.board)
            if await asyncio.to_thread(varies, picture.board, rehearsed):
                await self._refine(host, picture, rehearsed)
        except WarroomError:
            self._begun = None  # the state file could not be read: the header tells, and the next beat tries again
        finally:
            self._running = False
            self._not_before = monotonic() + (monotonic() - began) * (1 / SHARE - 1)
        self._console.show_odds()

    async def _refine(self, host: Host, picture: Picture, rehearsed: Samples) -> None:
        """More and more trials, until something else is shown."""
        board, shown = picture.board, picture.forecast
        odds = await asyncio.to_thread(host.once, ("odds", shown.at), board, lambda: Odds(board, shown, rehearsed))
        for trials in range(FIRST_TRIALS, TRIALS + 1, FIRST_TRIALS):
            found = await asyncio.to_thread(odds.refined, trials)
            if host is not self._console.host:
                return
            self._reckoned = Reckoned(host, picture, found, rehearsed)
            self._console.show_odds()
            if found.trials >= TRIALS or not self._is_begun(host, self._console.picture):
                return
            await asyncio.sleep(BREATH_S)

    async def _known_rehearsals(self, host: Host, board: Board) -> Samples:
        """What earlier rehearsals took; they are over, so that they are read once for each run."""
        kept = self._rehearsed
        if kept is None or kept[:2] != (host, board.run_id):
            kept = self._rehearsed = host, board.run_id, await host.rehearsed()
        return kept[2]
