"""A preloaded process whose commands are whatever Python they are told: `python -m tests.preloading FD`."""

from __future__ import annotations

import os
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.commands import PATIENCE_S, environment
from warroom.serve.forks import Fork, Forks
from warroom.serve.preloaded import answer

LEFT: list[str] = []
"""A cache of a module, as one of ours might have it."""


PROGRAM = (sys.executable, "-m", "tests.preloading")
ENVIRONMENT = environment(LOUD="no", PYTHONUNBUFFERED="")


def forks() -> Forks:
    """What begins commands; not entered yet."""
    return Forks(PROGRAM, ENVIRONMENT)


async def ended(fork: Fork, data: bytes = b"") -> tuple[int, str, str]:
    """The exit code, output and errors of a command that is given `data`."""
    fork.input.write(data)
    fork.input.write_eof()
    out, err = await fork.output.read(), await fork.errors.read()
    code = await fork.wait()
    await fork.end()
    return code, out.decode(), err.decode()


async def line_of(fork: Fork) -> str:
    """The next line of a command's output."""
    return (await fork.output.readline()).decode().strip()


def children(process: int) -> set[int]:
    """The processes that a process has begun, and not reaped yet."""
    found: set[int] = set()
    for thread in Path(f"/proc/{process}/task").iterdir():
        found.update(map(int, (thread / "children").read_text("ascii").split()))
    return found


def lives(process: int) -> bool:
    """Whether there is such a process, and it has not ended."""
    try:
        state = Path(f"/proc/{process}/stat").read_text("ascii").rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in "ZX"


def open_files(process: int) -> int:
    """How many files a process has open."""
    return len(os.listdir(f"/proc/{process}/fd"))


def wait_until(so: Callable[[], bool]) -> None:
    """Return once something is so, which it must be soon."""
    deadline = time.monotonic() + PATIENCE_S
    while not so():
        assert time.monotonic() < deadline, "it never was so"
        time.sleep(0.02)


def run(told: bytes) -> int:
    names: dict[str, Any] = {"LEFT": LEFT}
    exec(told, names)
    code: int = names.get("code", 0)
    return code


if __name__ == "__main__":
    answer(socket.socket(fileno=int(sys.argv[1])), run)
