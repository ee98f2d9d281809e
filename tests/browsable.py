"""A server in this process, for tests: its room and its parts, on ports that the system chooses."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from warroom.host.shared import SharedHost
from warroom.serve.server import Lag, Room
from warroom.serve.sessions import Sessions
from warroom.serve.ssh import Address
from warroom.serve.web import web
from warroom.store.statefile import StateFile


@dataclass
class Served:
    """A room whose browser view is at `base`."""

    room: Room
    base: str


@asynccontextmanager
async def browsable(state_file: StateFile, port: int = 0) -> AsyncIterator[Served]:
    """The browser view over a state file, on a port of this machine; 0: one that the system chooses."""
    async with AsyncExitStack() as stack:
        host = await stack.enter_async_context(SharedHost(state_file, watching=False))
        lag = await stack.enter_async_context(Lag())
        sessions = await stack.enter_async_context(Sessions(host))
        room = Room(host, sessions, lag)
        told = await stack.enter_async_context(web(room, address=Address("127.0.0.1", port)))
        yield Served(room, told.split(" at ")[1].partition(",")[0])
