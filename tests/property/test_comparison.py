"""Comparing two exports, against dictionaries and fractions: any order, any notation, with and without spilling."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st

from tests.property.test_control_rules import BOUNDS, naive
from warroom.checks import partitions
from warroom.checks.comparison import compare
from warroom.checks.sides import Columns, Input
from warroom.checks.tabular import Notation, examine
from warroom.rules.controls import Tolerance

Row = tuple[str, str, str, Decimal]
"""Entity, account, dimension, amount."""

CELLS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Z"]), max_size=3) | st.sampled_from(
    ["1000", "01000", "=1+1", 'a"b', "a,b", "a;b"]
)
ROWS = st.lists(
    st.tuples(
        st.sampled_from(["DE", "FR"]),
        st.sampled_from(["1000", "1200", "8400"]) | CELLS,
        st.sampled_from(["A", "B"]) | CELLS,
        st.decimals(min_value=-5000, max_value=5000, places=2),
    ),
    min_size=1,
    max_size=25,
)
WRITTEN = st.tuples(st.sampled_from(",;\t"), st.sampled_from(".,"), st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))


def written(path: Path, rows: Iterable[Row], delimiter: str, mark: str, encoding: str) -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file, delimiter=delimiter)
        writer.writerow(["Entity", "Account", "Dimension", "Amount"])
        for *cells, amount in rows:
            writer.writerow([*cells, f"{amount:f}".replace(".", mark)])
    return path


def added(rows: Sequence[Row], apart: bool) -> dict[tuple[str, ...], dict[tuple[str, ...], Fraction]]:
    tables: defaultdict[tuple[str, ...], dict[tuple[str, ...], Fraction]] = defaultdict(dict)
    for entity, account, dimension, amount in rows:
        table = tables[(entity,) if apart else ()]
        key = (account, dimension)
        table[key] = table.get(key, Fraction(0)) + Fraction(amount)
    return tables


@given(ROWS, ROWS, WRITTEN, WRITTEN, BOUNDS, BOUNDS, st.booleans(), st.booleans(), st.sampled_from([1, 4, 65_536]))
def test_it_finds_what_dictionaries_find(
    ours: list[Row],
    theirs: list[Row],
    first: tuple[str, str, str],
    second: tuple[str, str, str],
    absolute: Decimal | None,
    percent: Decimal | None,
    opposite: bool,
    apart: bool,
    held: int,
) -> None:
    columns = Columns(("Account", "Dimension"), "Amount", "Entity" if apart else None)
    with TemporaryDirectory() as folder, patch.multiple(partitions, HELD=held, _BATCH=3):
        paths = [
            written(Path(folder) / f"{number}.csv", rows, *how)
            for number, (rows, how) in enumerate(((ours, first), (theirs, second)))
        ]
        inputs = [
            Input(examine(path, Notation(mark=mark)), columns)
            for path, mark in zip(paths, (first[1], second[1]), strict=True)
        ]
        found = compare(inputs[0], inputs[1], Tolerance(absolute, percent, opposite))
    legacy, new = added(ours, apart), added(theirs, apart)
    assert [(part.entity,) if apart else () for part in found.parts] == sorted(legacy.keys() | new.keys())
    for part in found.parts:
        name = (part.entity or "",) if apart else ()
        before, after = legacy.get(name, {}), new.get(name, {})
        assert part.legacy is not None
        assert part.new is not None
        assert part.rows is not None
        assert (Fraction(part.legacy), Fraction(part.new)) == (sum(before.values()), sum(after.values()))
        assert (part.legacy_rows, part.new_rows) == (len(before), len(after))
        turned = {key: -value if opposite else value for key, value in after.items()}
        differing = {key for key in before.keys() | after.keys() if before.get(key) != turned.get(key)}
        assert {row.key for row in part.rows.differences} == differing
        assert part.rows.differing == len(differing)
        assert part.rows.only_legacy == len(before.keys() - after.keys())
        assert part.rows.only_new == len(after.keys() - before.keys())
        for row in part.rows.differences:
            assert (None if row.legacy is None else Fraction(row.legacy)) == before.get(row.key)
            assert (None if row.new is None else Fraction(row.new)) == after.get(row.key)
            difference, within = naive(row.legacy or Decimal(0), row.new or Decimal(0), absolute, percent, opposite)
            assert (Fraction(row.difference), row.outside) == (difference, not within)
        assert part.rows.outside == sum(row.outside for row in part.rows.differences)
        order = [(not row.outside, -abs(row.difference), row.key) for row in part.rows.differences]
        assert order == sorted(order)


@given(ROWS, ROWS, st.integers(0, 5))
def test_what_is_kept_is_the_worst_of_all_that_was_found(ours: list[Row], theirs: list[Row], kept: int) -> None:
    columns = Columns(("Account", "Dimension"), "Amount")
    with TemporaryDirectory() as folder:
        inputs = [
            Input(
                examine(written(Path(folder) / f"{number}.csv", rows, ",", ".", "utf-8"), Notation(mark=".")), columns
            )
            for number, rows in enumerate((ours, theirs))
        ]
        (whole,) = compare(inputs[0], inputs[1], Tolerance()).parts
        (part,) = compare(inputs[0], inputs[1], Tolerance(), kept=kept).parts
    assert whole.rows is not None
    assert part.rows is not None
    worst = [(row.outside, abs(row.difference)) for row in whole.rows.differences[:kept]]
    assert [(row.outside, abs(row.difference)) for row in part.rows.differences] == worst
    assert set(part.rows.differences) <= set(whole.rows.differences)
    assert part.rows.differing == whole.rows.differing
