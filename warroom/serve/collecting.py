"""Collects the garbage of all consoles at moments when nobody types.

A full collection looks at everything that a hundred consoles hold, which takes most of a second in which none of them
answers. The interpreter would begin one in the middle of a storm of ticks; so here it never does.
"""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable

LOOK_EVERY_S = 2.0

QUIET_S = 5.0
"""Nobody has pressed a key for so many seconds: few would notice."""

NOT_BEFORE_S, AT_LATEST_S = 120.0, 1_800.0
"""Seconds after the last collection: before the first there is little to collect; after the second it is done however
much is typed, so that memory cannot grow all night."""

NEVER = 1_000_000_000


class Collector:
    """Takes full collections over from the interpreter, from its entering to its end.

    Args:
        quiet_for: for how many seconds nobody has pressed a key.
    """

    def __init__(self, quiet_for: Callable[[], float]) -> None:
        self._quiet_for = quiet_for
        self._thresholds = gc.get_threshold()
        self._task: asyncio.Task[None] | None = None
        self._last = 0.0

    async def __aenter__(self) -> Collector:
        loop = asyncio.get_running_loop()
        self._thresholds = gc.get_threshold()
        gc.set_threshold(*self._thresholds[:2], NEVER)
        self._last = loop.time()
        self._task = loop.create_task(self._watch(), name="collector")
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        gc.set_threshold(*self._thresholds)

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            self.look(asyncio.get_running_loop().time())

    def look(self, now: float) -> None:
        """Collect, if this is the moment; `now` is the loop's time in seconds."""
        since = now - self._last
        if since >= AT_LATEST_S or (since >= NOT_BEFORE_S and self._quiet_for() >= QUIET_S):
            self._last = now
            gc.collect()
