"""`python -m tests.bench [CONSOLES]`: the figures of so many consoles in one process (100)."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path

from tests.bench.consoles import measure


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    with tempfile.TemporaryDirectory() as folder:
        print(*asyncio.run(measure(Path(folder) / "bench.db", count)).lines(), sep="\n")


main()
