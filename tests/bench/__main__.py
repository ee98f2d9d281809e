"""`python -m tests.bench [consoles|processes] [COUNT]`: the figures of so many consoles in one process (100), or of so
many processes on one state file (50)."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path

from tests.bench import processes
from tests.bench.consoles import measure


def main(subject: str = "consoles", count: str | None = None) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if subject == "processes":
            for line in processes.lines(folder, int(count or 50)):
                print(line)
        else:
            print(*asyncio.run(measure(folder / "bench.db", int(count or 100))).lines(), sep="\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
