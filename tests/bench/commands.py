"""Single commands over SSH, by OpenSSH's own client: how long they take, and what a console that is open feels of it.
Figures to look at, never asserted."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from time import perf_counter

import asyncssh

from tests.bench.consoles import share
from tests.bench.ssh import Client
from tests.serving import Served

COMMANDS = 200
AT_ONCE = 8
BETWEEN_S = 0.15
QUIET_S = 8.0
"""So long keys are pressed while nothing else is done, for comparison."""


async def lines(folder: Path, count: int = COMMANDS) -> AsyncIterator[str]:
    """The figures of `count` times `status --json`, by as many people at once as there are clients."""
    served = await asyncio.to_thread(Served, folder)
    try:
        handles = ("jana", "imogen", "greta", "rahul", "sofie", "tomasz")
        keys = [await asyncio.to_thread(served.key_of, handle) for handle in handles]
        console = Client("jana", (120, 40))
        await console.open(served.port, asyncssh.read_private_key(keys[0]))
        yield f"a key's answer while nothing else is done      {_shares(await pressed(console, QUIET_S))}"
        free, taken = asyncio.Semaphore(AT_ONCE), list[float]()

        async def one(number: int) -> None:
            async with free:
                taken.append(await command(served, keys[number % len(keys)]))

        alone = [await command(served, keys[0]) for _ in range(5)]
        yield f"a command alone                                {_shares(alone)}"
        began = perf_counter()
        running = asyncio.gather(*(one(number) for number in range(count)))
        answered = await pressed(console, None, running)
        await running
        yield f"{count} commands by {AT_ONCE} clients at once              {_shares(taken)}"
        yield f"a key's answer meanwhile                       {_shares(answered)}"
        yield f"all of them took {perf_counter() - began:.1f} s"
        assert console.connection is not None
        console.connection.abort()
    finally:
        await asyncio.to_thread(served.stop)


async def command(served: Served, key: Path) -> float:
    """Seconds that a command takes, from the client's start to its end."""
    began = perf_counter()
    process = await asyncio.create_subprocess_exec(
        *served.client(key, "status", "--json"),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate()
    assert process.returncode == 0, err
    assert out
    return perf_counter() - began


async def pressed(
    console: Client, seconds: float | None, until: asyncio.Future[list[None]] | None = None
) -> list[float]:
    """Press down and up until the time is over, or something is done; seconds from each key to its answer."""
    found, end, number = list[float](), perf_counter() + (seconds or 600), 0
    while perf_counter() < end and not (until is not None and until.done()):
        at = console.press((b"\x1b[B", b"\x1b[A")[number % 2])
        number += 1
        for _ in range(500):
            await asyncio.sleep(0.002)
            if (answer := console.first_after(at)) is not None:
                found.append(answer / 1000)
                break
        else:
            found.append(1.0)
        await asyncio.sleep(BETWEEN_S)
    return found


def _shares(values: list[float]) -> str:
    parts = tuple(1_000 * share(values, part) for part in (0.5, 0.95, 1.0))
    return "p50 {:6.0f}  p95 {:6.0f}  worst {:6.0f} ms".format(*parts) + f"  ({len(values)})"
