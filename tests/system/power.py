"""Power cuts: what a process wrote and synced is recorded, and the disk as it may look after a cut is made from that.

What was synced is on the disk. Of what was not, each sector of 512 bytes may or may not be there, whatever was written
before or after it; the same holds of a file that was made shorter. What a person was told is recorded in the same
order, as a write to a file of its own, so that it is known for every cut.
"""

from __future__ import annotations

import os
import random
import shutil
import struct
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from pathlib import Path

RECORDER = Path(__file__).with_name("recorder.c")
SECTOR = 512
TOLD = ".told"  # ending of the file that has what a person was told
_HEAD = struct.Struct("=5Q")


class Kind(IntEnum):
    WRITE = 1
    TRUNCATE = 2
    SYNC = 3
    UNLINK = 4


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing that was done to a file: `offset` is the new length where it was made shorter."""

    kind: Kind
    path: str
    offset: int
    data: bytes


@dataclass(slots=True)
class File:
    """A file on a disk that may lose its power.

    Attributes:
        content: what is there for certain.
        pending: what was done since it was last synced.
    """

    content: bytearray = field(default_factory=bytearray)
    pending: list[Deed] = field(default_factory=list)

    def sync(self) -> None:
        for deed in self.pending:
            _carry_out(self.content, deed)
        self.pending.clear()

    def after_a_cut(self, chance: random.Random) -> bytes:
        """What may be found there afterwards; how much of what was not synced survives is chance too."""
        content, kept = bytearray(self.content), chance.choice((0.0, 0.5, 0.5, 1.0))
        for deed in self.pending:
            if deed.kind is Kind.TRUNCATE:
                if chance.random() < kept:
                    _carry_out(content, deed)
                continue
            for start, end in _sectors(deed):
                if chance.random() < kept:
                    part = deed.data[start - deed.offset : end - deed.offset]
                    _carry_out(content, Deed(Kind.WRITE, deed.path, start, part))
        return bytes(content)


def _sectors(deed: Deed) -> Iterator[tuple[int, int]]:
    """The stretches of a write that lie in one sector each."""
    start, last = deed.offset, deed.offset + len(deed.data)
    while start < last:
        end = min(last, (start // SECTOR + 1) * SECTOR)
        yield start, end
        start = end


def _carry_out(content: bytearray, deed: Deed) -> None:
    if deed.kind is Kind.TRUNCATE:
        del content[deed.offset :]
    elif deed.kind is Kind.WRITE:
        if len(content) < deed.offset:
            content.extend(bytes(deed.offset - len(content)))
        content[deed.offset : deed.offset + len(deed.data)] = deed.data


class Disk:
    """The files of one state file; `told` is what a person has been told so far."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._files = {path: File(bytearray(content)) for path, content in files.items()}
        self.told: list[str] = []

    def carry_out(self, deed: Deed) -> None:
        if deed.path.endswith(TOLD):
            self.told += deed.data.decode().split()
        elif deed.kind is Kind.UNLINK:
            self._files.pop(deed.path, None)
        elif deed.kind is Kind.SYNC:
            self._files.setdefault(deed.path, File()).sync()
        else:
            self._files.setdefault(deed.path, File()).pending.append(deed)

    def after_a_cut(self, chance: random.Random) -> dict[str, bytes]:
        """The files as they may be found afterwards."""
        return {path: file.after_a_cut(chance) for path, file in self._files.items()}


def why_no_recording() -> str | None:
    """Why nothing can be recorded on this machine, in words; None where it can."""
    if sys.platform != "linux":
        return "writes are recorded on Linux only"
    return None if shutil.which("cc") is not None else "there is no C compiler (cc), with which the recorder is made"


def recorded(folder: Path, state: Path, program: str, *arguments: str) -> list[Deed]:
    """Run a Python program in a process of its own; gives what it did to the files whose paths begin with `state`."""
    library, recording = folder / "recorder.so", folder / "recording"
    if not library.exists():
        subprocess.run(["cc", "-shared", "-fPIC", "-O2", "-o", str(library), str(RECORDER)], check=True, timeout=60)
    recording.unlink(missing_ok=True)
    environment = {**os.environ, "LD_PRELOAD": str(library), "RECORDED": str(state), "RECORDING": str(recording)}
    subprocess.run([sys.executable, "-c", program, *arguments], check=True, timeout=100, env=environment)
    return list(_read(recording.read_bytes()))


def _read(recording: bytes) -> Iterator[Deed]:
    at = 0
    while at < len(recording):
        kind, path_length, offset, length, _ = _HEAD.unpack_from(recording, at)
        at += _HEAD.size
        path = recording[at : at + path_length].decode()
        at += path_length
        data = recording[at : at + length]
        at += length
        if not path.endswith("-shm"):  # a memory of processes that are gone after a cut
            yield Deed(Kind(kind), path, offset, data)
