"""Two exports compared by key, whatever their order and size: the totals, the keys that one side has not, and the keys
whose values differ.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from decimal import Decimal
from heapq import heappush, heappushpop
from typing import Any

from warroom.checks.partitions import BETWEEN, parts_of
from warroom.checks.sides import Columns, Input, Side, dealt_out
from warroom.rules.controls import Tolerance
from warroom.vocabulary.comparison import (
    DIFFERENCES_KEPT,
    ComparedPart,
    ComparedRows,
    Comparison,
    RowDifference,
)
from warroom.vocabulary.errors import BadInput
from warroom.vocabulary.exact import exact

MOST_PARTS = 1_000
"""So many pairs of entity and currency are told apart."""

_ZERO = Decimal(0)


def compare(
    legacy: Input | None,
    new: Input | None,
    tolerance: Tolerance,
    *,
    repeated: bool = True,
    against_zero: bool = False,
    kept: int = DIFFERENCES_KEPT,
) -> Comparison:
    """Compare two exports, or add up one.

    Rows whose key comes again on the same side are added up. An empty value counts as 0; rows with neither a key nor a
    value are left out.

    Args:
        legacy, new: None: that side is not read. Otherwise both name the same of entity and currency.
        repeated: whether keys may come again on the same side.
        against_zero: every key of the new side is to be 0; the legacy side is not read then.
        kept: so many differences are kept.

    Raises:
        BadInput: see `tabular`; a value is no number, or cannot be calculated with exactly; a file has no rows; too
            many entities and currencies.
    """
    with ExitStack() as stack, exact():
        count = parts_of(max(side.export.size for side in (legacy, new) if side is not None))
        sides = [None if side is None else stack.enter_context(dealt_out(side, count)) for side in (legacy, new)]
        parts: defaultdict[tuple[str, ...], _Part] = defaultdict(_Part)
        for number in range(count):
            tables = [None if side is None else side.tables(number, repeated) for side in sides]
            for apart in sorted({apart for table in tables for apart in table or ()}):
                if apart not in parts and len(parts) >= MOST_PARTS:
                    raise BadInput(f"there are more than {MOST_PARTS:,} entities and currencies")
                ours, theirs = [None if table is None else table.get(apart, {}) for table in tables]
                if against_zero and theirs is not None:
                    ours = dict.fromkeys(theirs, _ZERO)
                try:
                    parts[apart].add(ours, theirs, tolerance, kept)
                except ArithmeticError:
                    raise _too_much([side for side in sides if side is not None]) from None
        read = [None if side is None else side.source() for side in sides]
    given = legacy or new
    assert given is not None
    return Comparison(
        read[0], read[1], given.columns.keys, tuple(parts[apart].told(apart, given.columns) for apart in sorted(parts))
    )


def _too_much(sides: Sequence[Side]) -> BadInput:
    """Whose values cannot be calculated with exactly."""
    faults = (side.fault() for side in sides)
    return next((fault for fault in faults if fault is not None), sides[0].too_much())


@dataclass
class _Part:
    """What was found so far of one entity and currency."""

    legacy: Decimal | None = None
    new: Decimal | None = None
    legacy_rows: int = 0
    new_rows: int = 0
    only_legacy: int = 0
    only_new: int = 0
    differing: int = 0
    outside: int = 0
    compared: bool = False
    largest: list[tuple[bool, Decimal, tuple[str, ...], RowDifference]] = field(default_factory=list)

    def add(
        self, legacy: dict[str, Decimal] | None, new: dict[str, Decimal] | None, tolerance: Tolerance, kept: int
    ) -> None:
        """Add what lies in one part of the files; None: that side is not read."""
        if legacy is not None:
            self.legacy = sum(legacy.values(), self.legacy or _ZERO)
            self.legacy_rows += len(legacy)
        if new is not None:
            self.new = sum(new.values(), self.new or _ZERO)
            self.new_rows += len(new)
        if legacy is None or new is None:
            return
        self.compared = True
        turned = {key: -value for key, value in new.items()} if tolerance.opposite else new
        if legacy == turned:
            return
        only_new = new.keys() - legacy.keys()
        self.only_new += len(only_new)
        self.only_legacy += len(legacy.keys() - new.keys())
        for key in (key for key, value in legacy.items() if turned.get(key) != value):
            self._note(key, legacy[key], new.get(key), tolerance, kept)
        for key in only_new:
            self._note(key, None, new[key], tolerance, kept)

    def _note(self, key: str, legacy: Decimal | None, new: Decimal | None, tolerance: Tolerance, kept: int) -> None:
        before, after = legacy or _ZERO, new or _ZERO
        difference = tolerance.difference(before, after)
        outside = abs(difference) > tolerance.allowed(before)
        self.differing += 1
        self.outside += outside
        cells = tuple(key.split(BETWEEN))
        entry = (outside, abs(difference), cells, RowDifference(cells, legacy, new, difference, outside))
        if len(self.largest) < kept:
            heappush(self.largest, entry)
        elif kept:
            heappushpop(self.largest, entry)

    def told(self, apart: tuple[str, ...], columns: Columns) -> ComparedPart:
        named = dict(zip((name for name in ("entity", "currency") if getattr(columns, name)), apart, strict=True))
        differences = sorted(self.largest, key=_worst_first)
        rows = ComparedRows(
            self.only_legacy, self.only_new, self.differing, self.outside, tuple(entry[-1] for entry in differences)
        )
        return ComparedPart(
            named.get("entity") or None,
            named.get("currency") or None,
            self.legacy,
            self.new,
            self.legacy_rows,
            self.new_rows,
            rows if self.compared else None,
        )


def _worst_first(entry: tuple[bool, Decimal, tuple[str, ...], RowDifference]) -> Any:
    outside, size, cells, _ = entry
    return (not outside, -size, cells)
