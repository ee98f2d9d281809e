"""What starts the parts of a server, keeps it healthy, and stops them in order."""

from __future__ import annotations

import asyncio
import faulthandler
import logging
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import dataclass, field
from time import perf_counter

from warroom.host.interpreter import quick_to_answer
from warroom.host.shared import SharedHost
from warroom.serve.collecting import Collector
from warroom.serve.sessions import Sessions
from warroom.serve.stopping import Stop

LAG_EVERY_S = 0.25
LAG_TOLD_S = 0.1
"""A loop that is so many seconds late for its own timer is told of in the log."""

STUCK_S = 20.0
"""A loop that does not turn for so many seconds has all stacks written to stderr."""

WARNING_S = 3.0
"""So long before the end everybody who has a console open is told, with a bell."""

TOLD_WITHIN_S = 4.0
"""The seconds before the end count from when the last console was told. On a machine that has much else to do that is
waited for so long."""

GOODBYES_WITHIN_S = 7.0
"""A console that does not end by itself is ended after five. All that is waited for takes less than a unit of systemd
gives (`warroom.serve.unit`)."""

STOPPING = "the server stops in a moment; what was recorded is safe: log in again in a minute"
GOODBYE = "the server stops; nothing is lost, log in again once it is back"

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Room:
    """What the parts of a server share: the Board that all consoles show, and the consoles."""

    host: SharedHost
    sessions: Sessions
    lag: Lag
    stop: Stop = field(default_factory=Stop)


Part = Callable[[Room], AbstractAsyncContextManager[str]]
"""A part of the server. Entered once the room is open, it says where it can be found, or nothing; left when the server
stops, after all consoles have ended."""


class Lag:
    """How late the loop is for its own timer, in seconds: `now`, and the `worst` since it was last asked for."""

    def __init__(self) -> None:
        self.now = 0.0
        self._worst = 0.0
        self._task: asyncio.Task[None] | None = None

    def worst(self) -> float:
        """The worst since the last call."""
        worst, self._worst = self._worst, 0.0
        return worst

    async def __aenter__(self) -> Lag:
        self._task = asyncio.get_running_loop().create_task(self._watch(), name="lag")
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        faulthandler.cancel_dump_traceback_later()

    async def _watch(self) -> None:
        while True:
            faulthandler.dump_traceback_later(STUCK_S)
            began = perf_counter()
            await asyncio.sleep(LAG_EVERY_S)
            self.now = max(0.0, perf_counter() - began - LAG_EVERY_S)
            self._worst = max(self._worst, self.now)
            if self.now > LAG_TOLD_S:
                _LOG.warning("the loop was late by %.0f ms", self.now * 1000)


async def serve(
    host: SharedHost,
    sessions: Sessions,
    parts: Sequence[Part],
    *,
    stop: Stop,
    tell: Callable[[str], None],
) -> None:
    """Serve until it is told to stop; then end all consoles, tell people why, and stop the parts, the last first.

    Args:
        host: not entered yet.
        tell: is given a line for each part that can be found somewhere.

    Raises:
        WarroomError: a part cannot start; those before it are stopped.
    """
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(host)
        lag = await stack.enter_async_context(Lag())
        await stack.enter_async_context(sessions)
        stack.enter_context(quick_to_answer())
        await stack.enter_async_context(Collector(sessions.quiet_for))
        room = Room(host, sessions, lag, stop)
        for part in parts:
            if where := await stack.enter_async_context(part(room)):
                tell(where)
        await stop.told.wait()
        if len(sessions):
            await stop.unless_hurried(_announced(host), TOLD_WITHIN_S)
            await stop.unless_hurried(asyncio.sleep(WARNING_S), WARNING_S)
        await stop.unless_hurried(sessions.end_all(GOODBYE), GOODBYES_WITHIN_S)
        await sessions.abandon(GOODBYE)


async def _announced(host: SharedHost) -> None:
    """Announce the end, and wait until each console that is open has been told."""
    told = asyncio.Event()
    end = host.hub.add(told.set)  # the last of all
    try:
        host.announce(STOPPING)
        await told.wait()
    finally:
        end()
