"""A link like that of somebody far away: every byte takes its time, only so many come through in a second, and at times
none at all."""

from __future__ import annotations

import asyncio
import threading
from asyncio import StreamReader, StreamWriter
from collections.abc import Iterator
from contextlib import contextmanager, suppress

PIECE = 1_024
ON_THE_WAY = 64
"""Pieces that the link itself holds; beyond them whoever sends has to wait."""


class SlowLink:
    """A relay before a port of this machine, run by `slow_link`.

    Args:
        delay_s: seconds that a byte takes, each way.
        bytes_a_second: what comes through, each way.

    Attributes:
        port: where it listens.
        carried: bytes that have come through to clients.
    """

    def __init__(self, to: int, *, delay_s: float, bytes_a_second: float) -> None:
        self.port = 0
        self.carried = 0
        self._to = to
        self._delay_s = delay_s
        self._bytes_a_second = bytes_a_second
        self._open = asyncio.Event()
        self._open.set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._over = asyncio.Event()

    def stall(self) -> None:
        """Let nothing through for now."""
        assert self._loop is not None
        self._loop.call_soon_threadsafe(self._open.clear)

    def resume(self) -> None:
        assert self._loop is not None
        self._loop.call_soon_threadsafe(self._open.set)

    def end(self) -> None:
        assert self._loop is not None
        self._loop.call_soon_threadsafe(self._over.set)

    def run(self, listening: threading.Event) -> None:
        asyncio.run(self._run(listening))

    async def _run(self, listening: threading.Event) -> None:
        self._loop = asyncio.get_running_loop()
        server = await asyncio.start_server(self._join, "127.0.0.1", 0, limit=PIECE)
        self.port = server.sockets[0].getsockname()[1]
        listening.set()
        await self._over.wait()
        server.close()

    async def _join(self, reader: StreamReader, writer: StreamWriter) -> None:
        there, onward = await asyncio.open_connection("127.0.0.1", self._to, limit=PIECE)
        with suppress(OSError, asyncio.CancelledError):
            await asyncio.gather(
                self._carry(reader, onward, to_client=False), self._carry(there, writer, to_client=True)
            )

    async def _carry(self, reader: StreamReader, writer: StreamWriter, *, to_client: bool) -> None:
        loop = asyncio.get_running_loop()
        pieces: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(ON_THE_WAY)

        async def take() -> None:
            data = b"-"
            while data:
                data = await reader.read(PIECE)
                await pieces.put((loop.time() + self._delay_s, data))

        taking = asyncio.create_task(take())
        try:
            while True:
                due, data = await pieces.get()
                await asyncio.sleep(max(0.0, due - loop.time()))
                await self._open.wait()
                if not data:
                    return
                writer.write(data)
                await writer.drain()
                self.carried += len(data) if to_client else 0
                await asyncio.sleep(len(data) / self._bytes_a_second)
        finally:
            taking.cancel()
            writer.close()


@contextmanager
def slow_link(to: int, *, delay_s: float, bytes_a_second: float) -> Iterator[SlowLink]:
    """A slow link before the port `to`."""
    link, listening = SlowLink(to, delay_s=delay_s, bytes_a_second=bytes_a_second), threading.Event()
    running = threading.Thread(target=link.run, args=(listening,), name="slow link")
    running.start()
    assert listening.wait(20)
    try:
        yield link
    finally:
        link.end()
        running.join(20)
