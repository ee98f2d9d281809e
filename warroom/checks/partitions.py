"""Keys and values of a file, dealt out by the hash of the key: what has the same key lies in the same part, so that
two files are compared part by part, whatever their order, in memory that does not grow with them. What is held beyond a
bound goes to a temporary file, which nobody else can read and which is gone when it is closed.
"""

from __future__ import annotations

from array import array
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

BETWEEN = "\x1f"
"""What stands between the cells of a key of several columns; it is in no cell."""

_AFTER = "\x1e"
"""What stands between a key and its value, and between rows; it is in no cell either."""


class UnclearCell(ValueError):
    """A cell holds a character that stands between cells here."""


def parts_of(size: int) -> int:
    """Into how many parts a file of so many bytes is dealt out: a power of 2, from 16 to 1,024."""
    return 1 << min(max((size // PART_SIZE).bit_length(), 4), 10)


class Partitions:
    """The rows of one file, in `parts` parts, which is a power of 2."""

    def __init__(self, parts: int) -> None:
        self._held: list[list[str]] = [[] for _ in range(parts)]  # a key with its value each
        self._file = TemporaryFile()  # noqa: SIM115 - closed by __exit__
        self._spilled = [array("q") for _ in range(parts)]  # place, size, place, size, ...
        self._rows = [0] * parts  # of those that were spilled

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
        first, several, join = keys[0], itemgetter(*keys), BETWEEN.join
        more, before = True, 0
        while more:
            batch = islice(rows, _BATCH)
            if len(keys) == 1:
                for row in batch:
                    key = row[first].strip(" ")
                    adders[hash(key) & mask](f"{key}{_AFTER}{row[value]}")
            else:
                for row in batch:
                    key = join(several(row))
                    if " " in key:
                        key = join([cell.strip(" ") for cell in several(row)])
                    adders[hash(key) & mask](f"{key}{_AFTER}{row[value]}")
            held = sum(map(len, self._held))
            more = held > before
            before = 0 if held >= HELD else held
            if held >= HELD:
                self._spill()

    def part(self, number: int) -> tuple[list[str], list[str]]:
        """Keys and values of one part, in the order of the file; the cells of a key without the spaces around them.

        Raises:
            UnclearCell: a cell holds what stands between cells here.
        """
        told = []
        spilled = self._spilled[number]
        for place, size in zip(spilled[::2], spilled[1::2], strict=True):
            self._file.seek(place)
            told.append(self._file.read(size).decode("utf-8", "surrogatepass"))
        told += self._held[number]
        if not told:
            return [], []
        found = _AFTER.join(told).split(_AFTER)
        if len(found) != 2 * (self._rows[number] + len(self._held[number])):
            raise UnclearCell
        return found[::2], found[1::2]

    def _spill(self) -> None:
        for number, held in enumerate(self._held):
            if held:
                data = _AFTER.join(held).encode("utf-8", "surrogatepass")
                self._spilled[number].extend((self._file.tell(), len(data)))
                self._file.write(data)
                self._rows[number] += len(held)
                held.clear()
