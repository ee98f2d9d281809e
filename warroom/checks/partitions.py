"""Keys and values of a file, dealt out by the hash of the key: what has the same key lies in the same part, so that
two files are compared part by part, whatever their order, in memory that does not grow with them. What is held beyond a
bound goes to a temporary file, which nobody else can read and which is gone when it is closed.
"""

from __future__ import annotations

import marshal
from collections.abc import Iterator, Sequence
from itertools import islice
from operator import itemgetter
from tempfile import TemporaryFile
from types import TracebackType
from typing import Self

PART_SIZE = 250_000
"""Bytes of a file that go into one part, roughly."""

HELD = 16_384
"""So many rows of a file are held in memory: as many as a processor's own memory holds."""

_BATCH = 4_096
_SIMPLE = 2  # of marshal: without looking for texts that come again, which costs more than it saves

BETWEEN = "\x1f"
"""What stands between the cells of a key of several columns; it is in no cell."""


def parts_of(size: int) -> int:
    """Into how many parts a file of so many bytes is dealt out: a power of 2, from 16 to 1,024."""
    return 1 << min(max((size // PART_SIZE).bit_length(), 4), 10)


class Partitions:
    """The rows of one file, in `parts` parts, which is a power of 2."""

    def __init__(self, parts: int) -> None:
        self._held: list[list[str]] = [[] for _ in range(parts)]  # key, value, key, value, ...
        self._in_memory = 0
        self._file = TemporaryFile()  # noqa: SIM115 - closed by __exit__
        self._spilled: list[list[tuple[int, int]]] = [[] for _ in range(parts)]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def fill(self, rows: Iterator[Sequence[str]], keys: Sequence[int], value: int) -> None:
        """Deal out rows, with the places of their key columns and of their value.

        Raises:
            IndexError: a row is too short.
        """
        adders = [held.append for held in self._held]
        mask = len(adders) - 1
        first = keys[0]
        several = itemgetter(*keys) if len(keys) > 1 else None
        more = True
        while more:
            batch = islice(rows, _BATCH)
            if several is None:
                for row in batch:
                    key, text = row[first].strip(" "), row[value]
                    add = adders[hash(key) & mask]
                    add(key)
                    add(text)
            else:
                for row in batch:
                    cells, text = several(row), row[value]
                    key = BETWEEN.join(cells)
                    if " " in key:
                        key = BETWEEN.join([cell.strip(" ") for cell in cells])
                    add = adders[hash(key) & mask]
                    add(key)
                    add(text)
            held = sum(map(len, self._held)) // 2
            more = held > self._in_memory
            self._in_memory = held
            if held >= HELD:
                self._spill()

    def part(self, number: int) -> tuple[list[str], list[str]]:
        """Keys and values of one part, in the order of the file; the cells of a key without the spaces around them."""
        found: list[str] = []
        for place, size in self._spilled[number]:
            self._file.seek(place)
            found += marshal.loads(self._file.read(size))
        found += self._held[number]
        return found[::2], found[1::2]

    def _spill(self) -> None:
        for held, places in zip(self._held, self._spilled, strict=True):
            data = marshal.dumps(held, _SIMPLE)
            places.append((self._file.tell(), len(data)))
            self._file.write(data)
            held.clear()
        self._in_memory = 0
