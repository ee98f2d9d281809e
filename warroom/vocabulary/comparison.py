"""What comes of comparing two exports row by row, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

DIFFERENCES_KEPT = 10_000
"""So many differing keys are kept of a comparison: those outside the tolerance first, the largest first."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file that was read.

    Attributes:
        name: without its folder.
        sha256: of its bytes, in hex.
        rows: how many of its rows were counted.
        blank: how many of them had no value, which counts as 0.
        repeated: how many of them had a key that another row has too; their values are added up.
    """

    name: str
    sha256: str
    rows: int
    blank: int
    repeated: int


@dataclass(frozen=True, slots=True)
class RowDifference:
    """A key whose values differ, or that one side has not (its value is None then, and counts as 0).

    `difference` is in the sign of the legacy side; `outside`: it is beyond the tolerance.
    """

    key: tuple[str, ...]
    legacy: Decimal | None
    new: Decimal | None
    difference: Decimal
    outside: bool


@dataclass(frozen=True, slots=True)
class ComparedRows:
    """The two sides, row by row.

    Attributes:
        only_legacy, only_new: so many keys the other side has not.
        differing: so many keys differ, those of one side included. outside: so many of them by more than the tolerance.
        differences: the keys that differ; at most `DIFFERENCES_KEPT`.
    """

    only_legacy: int
    only_new: int
    differing: int
    outside: int
    differences: tuple[RowDifference, ...]


@dataclass(frozen=True, slots=True)
class ComparedPart:
    """What was found for one entity and currency, where the files tell them apart.

    Attributes:
        legacy, new: the totals of the two sides; None: that side was not read.
        legacy_rows, new_rows: keys of either side.
        rows: None where only one side was read.
    """

    entity: str | None
    currency: str | None
    legacy: Decimal | None
    new: Decimal | None
    legacy_rows: int
    new_rows: int
    rows: ComparedRows | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two exports compared, or one read.

    Attributes:
        columns: by which the rows were matched, as the legacy side names them.
        parts: ordered by entity and currency.
    """

    legacy: Source | None
    new: Source | None
    columns: tuple[str, ...]
    parts: tuple[ComparedPart, ...]
