"""Telling many consoles in one event loop that something has moved, one at a time, so that no key waits for all."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Callable
from contextvars import Context

BURST = 300
"""So many are told without a pause after a quiet while: a room of a hundred, three times."""

GAP_S = 0.004
"""The pause between two of them once the burst is spent, seconds. It leaves most of a core to keys."""

STORM, STORM_GAP_S = 6, 0.008
"""From so many deeds within a second on it is a storm, in which the pause is so long, nothing is left of the burst and
nobody comes first: others need not follow each of them, but whoever acts must see it done."""

HEAD_START_S = 0.012
"""Whoever acted paints first: the others follow so many seconds later, most of a frame."""

FIRST_AGAIN_S = 0.25
"""So long after one of the first was told it waits in line like the others, seconds."""

_LOG = logging.getLogger(__name__)


class Hub:
    """Callbacks, each until it is ended, called in the loop in which the hub was opened.

    However often they are told, each is called once for all that happened before its turn. A quiet hub calls one after
    the other; in a storm it pauses between two, so that its share of the loop is bounded and it is the others who
    see things a little later, never those who press a key.
    """

    def __init__(self, *, burst: int = BURST, gap_s: float = GAP_S) -> None:
        self._burst = burst
        self._gap_s = gap_s
        self._callbacks: dict[object, Callable[[], None]] = {}
        self._first: dict[object, float] = {}  # when each of them was told, in time of the loop
        self._waiting: dict[object, None] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._deeds: deque[float] = deque(maxlen=STORM)
        self._news = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def open(self) -> None:
        """Begin; called in the loop in which the callbacks are to be called."""
        self._loop = asyncio.get_running_loop()
        # A context of its own: in that of a console, every other one would take itself for it.
        self._task = self._loop.create_task(self._run(), name="hub", context=Context())

    async def close(self) -> None:
        """Call nobody any more."""
        self._loop = None
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    def add(self, callback: Callable[[], None], *, first: bool = False) -> Callable[[], None]:
        """Have `callback` called in the loop after each `tell`; returns a function that ends it.

        Args:
            first: before all that are not, unless that was so a moment ago: the few who look at everything.
        """
        token = object()
        self._callbacks[token] = callback
        if first:
            self._first[token] = -FIRST_AGAIN_S

        def end() -> None:
            self._callbacks.pop(token, None)
            self._first.pop(token, None)
            self._waiting.pop(token, None)

        return end

    def tell(self) -> None:
        """Tell everybody, in turn. May be called from any thread; a hub that is not open says nothing."""
        loop = self._loop
        if loop is not None:
            with contextlib.suppress(RuntimeError):  # the loop has just been closed
                loop.call_soon_threadsafe(self._mark)

    def _mark(self) -> None:
        if self._loop is None:
            return
        now = self._loop.time()
        self._deeds.append(now)
        first = [] if self._is_storm(now) else self._first_now(now)
        self._waiting = dict.fromkeys((*first, *self._waiting, *self._callbacks))
        if self._waiting:
            self._news.set()

    def _first_now(self, now: float) -> list[object]:
        return [token for token, told_at in self._first.items() if now - told_at >= FIRST_AGAIN_S]

    def _is_storm(self, now: float) -> bool:
        return len(self._deeds) == STORM and now - self._deeds[0] < 1

    async def _run(self) -> None:
        assert self._loop is not None
        credit, counted_at = float(self._burst), self._loop.time()
        while True:
            await self._news.wait()
            await asyncio.sleep(HEAD_START_S)
            while self._waiting:
                now = self._loop.time()
                credit = min(self._burst, credit + (now - counted_at) / self._gap_s)
                counted_at = now
                gap_s = self._gap_s
                if self._is_storm(now):
                    credit, gap_s = 0.0, STORM_GAP_S
                token = next(iter(self._waiting))
                del self._waiting[token]
                if token in self._first:
                    self._first[token] = now
                try:
                    self._callbacks[token]()
                except Exception:
                    # One console that fails must not leave the others behind.
                    _LOG.exception("a console could not be told that the Board has moved")
                credit -= 1
                await asyncio.sleep(0 if credit >= 1 else gap_s)
            self._news.clear()
