"""Telling systemd that the server is up, is alive, and stops: datagrams on the socket that it names."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from warroom.serve.server import Part, Room

_log = logging.getLogger(__name__)


def notify_part(environment: Mapping[str, str]) -> Part | None:
    """What tells systemd, as the last part of the server; None where it was not started by systemd.

    As long as the loop turns it says so twice within `$WATCHDOG_USEC`; a server whose loop is stuck falls silent and is
    started again.
    """
    address = environment.get("NOTIFY_SOCKET", "")
    if not address.startswith(("/", "@")):
        return None
    every_s = _watchdog_s(environment)

    @asynccontextmanager
    async def part(_: Room) -> AsyncIterator[str]:
        _tell(address, "READY=1\nSTATUS=serving")
        beating = asyncio.create_task(_beat(address, every_s)) if every_s is not None else None
        try:
            yield "systemd is told that the server is up"
        finally:
            if beating is not None:
                beating.cancel()
                await asyncio.gather(beating, return_exceptions=True)
            _tell(address, "STOPPING=1")

    return part


def _watchdog_s(environment: Mapping[str, str]) -> float | None:
    """The time, in seconds, after which systemd gives up a silent server that is this process; None: it does not."""
    given, meant = environment.get("WATCHDOG_USEC", ""), environment.get("WATCHDOG_PID", str(os.getpid()))
    return int(given) / 1e6 if given.isdigit() and int(given) and meant == str(os.getpid()) else None


async def _beat(address: str, within_s: float) -> None:
    while True:
        _tell(address, "WATCHDOG=1")
        await asyncio.sleep(within_s / 3)


def _tell(address: str, state: str) -> None:
    try:
        with contextlib.closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC)) as line:
            line.setblocking(False)
            line.sendto(state.encode(), address.replace("@", "\0", 1) if address.startswith("@") else address)
    except OSError as error:
        _log.warning("systemd could not be told %s: %s", state.partition("=")[0], error.strerror)
