"""Collecting what is wrong in a runbook file, each fault at its place."""

from __future__ import annotations

from collections.abc import Collection
from difflib import get_close_matches
from typing import NamedTuple

from warroom.vocabulary.errors import BadRunbook, Fault


class Place(NamedTuple):
    """A place in a file; both count from 1."""

    line: int
    column: int


_MOST_COMPARISONS = 100_000
"""Bounds the time spent on hints when a large file has one mistake a thousand times; about two seconds."""


class Faults:
    """The faults of one file."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._found: list[Fault] = []
        self._comparisons_left = _MOST_COMPARISONS

    def add(self, place: Place, message: str, hint: str | None = None) -> None:
        """Note a fault."""
        self._found.append(Fault(self._file, place.line, place.column, message, hint))

    def alone(self, place: Place, message: str, hint: str | None = None) -> BadRunbook:
        """The error of a file that cannot be read beyond this one fault."""
        return BadRunbook([Fault(self._file, place.line, place.column, message, hint)])

    def nearest(self, word: str, choices: Collection[str]) -> str | None:
        """The choice that was probably meant by `word`, whatever its case; None if none is near."""
        self._comparisons_left -= len(choices)
        if self._comparisons_left < 0:
            return None
        by_spelling = {choice.lower(): choice for choice in choices}
        # Comparing a long text with every choice would be slow, and no choice is that long.
        found = get_close_matches(word.lower()[:80], by_spelling, n=1, cutoff=0.6)
        return by_spelling[found[0]] if found else None

    def did_you_mean(self, word: str, choices: Collection[str]) -> str | None:
        """A hint that names the nearest choice; None if none is near."""
        near = self.nearest(word, choices)
        return f"did you mean {near!r}?" if near is not None else None

    def raise_any(self) -> None:
        """End the reading if there are faults.

        Raises:
            BadRunbook: all faults so far, in the order of the file. What stands behind several aliases is
                read once for each, and its faults are told once.
        """
        if self._found:
            told_once = dict.fromkeys(self._found)
            raise BadRunbook(sorted(told_once, key=lambda fault: (fault.line, fault.column)))
