"""Who holds SQLite's locks on a state file, by process id.

In WAL mode the locks lie on bytes of the -shm file: 120 is the writer's, 123 to 127 are those of open read transactions
(sqlite.org/walformat.html, section 2.3.2). Asking needs that file open, and closing it again would drop the locks of
the process that asks; so a process of its own asks.
"""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

_ASK_S = 10.0
_CODE = """
import fcntl, struct, sys
with open(sys.argv[1], "r+b") as file:
    for byte in (120, 123, 124, 125, 126, 127):
        wanted = struct.pack("hhqqi4x", fcntl.F_WRLCK, 0, byte, 1, 0)
        kind, _, _, _, pid = struct.unpack("hhqqi4x", fcntl.fcntl(file, fcntl.F_GETLK, wanted))
        if kind != fcntl.F_UNLCK:
            print(byte, pid)
"""
_WRITER = 120


@dataclass(frozen=True, slots=True)
class Holders:
    """Process ids of who writes, and of who reads within a transaction, at one moment."""

    writer: int | None
    readers: tuple[int, ...]


def lock_holders(path: Path) -> Holders:
    """Who holds locks on the state file `path`; nobody where the system does not tell."""
    shared = path.with_name(path.name + "-shm")
    if not sys.platform.startswith("linux") or not shared.exists():
        return Holders(None, ())
    try:
        asked = subprocess.run(
            [sys.executable, "-I", "-S", "-c", _CODE, str(shared)],
            capture_output=True,
            text=True,
            timeout=_ASK_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return Holders(None, ())
    found = [(int(byte), int(pid)) for byte, pid in (line.split() for line in asked.stdout.splitlines())]
    writers = [pid for byte, pid in found if byte == _WRITER]
    return Holders(writers[0] if writers else None, tuple(sorted({pid for byte, pid in found if byte != _WRITER})))
