"""`python -m tests.bench [consoles|processes|ssh|exec|alerts|latency] [COUNT]`: the figures of so many consoles in one
process (100), of so many processes on one state file (50), of so many SSH sessions on one server (100), of so many
commands over SSH (40), of so many alerts (100), or of so many keys on a terminal (400 of each kind)."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

from tests.bench import alerts, commands, latency, processes, ssh
from tests.bench.consoles import measure


async def print_all(lines: AsyncIterator[str]) -> None:
    async for line in lines:
        print(line, flush=True)


def main(subject: str = "consoles", count: str | None = None) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if subject == "processes":
            for line in processes.lines(folder, int(count or 50)):
                print(line)
        elif subject == "alerts":
            for line in alerts.lines(folder, int(count or 100)):
                print(line)
        elif subject == "latency":
            for line in latency.lines(folder, int(count or latency.KEYS)):
                print(line, flush=True)
        elif subject == "ssh":
            asyncio.run(print_all(ssh.lines(folder, int(count or 100))))
        elif subject == "exec":
            asyncio.run(print_all(commands.lines(folder, int(count or commands.COMMANDS))))
        else:
            print(*asyncio.run(measure(folder / "bench.db", int(count or 100))).lines(), sep="\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
