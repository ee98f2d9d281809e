"""Comparing two trial balances of a million rows, in at most three times what reading both with Python's csv takes."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from tests.bench.measure import held, medians
from tests.soaking import times
from warroom.checks.comparison import compare
from warroom.checks.sides import Columns, Input
from warroom.checks.tabular import Notation, examine
from warroom.rules.controls import Tolerance

ROWS = times(short=100_000, whole=1_000_000)
TARGET = 3
SLACK = 1.5
"""Other processes take more of its time than of the reading's: they share the processor's own memory."""
HEADS = ("Company", "Account", "Name", "Cost centre", "Period", "Currency", "Layer", "Amount")


def trial_balances(folder: Path) -> tuple[Path, Path]:
    """The same rows in two orders, but for one amount."""
    chance = Random(7)
    rows = [
        (
            "DEMF",
            str(100_000 + number // 50),
            f"Account {100_000 + number // 50}",
            f"CC{number % 50:03d}",
            "2026-11",
            "EUR",
            "Actual",
            f"{chance.randrange(-(10**8), 10**8) / 100:.2f}",
        )
        for number in range(ROWS)
    ]
    paths = folder / "legacy.csv", folder / "new.csv"
    for path in paths:
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(HEADS)
            writer.writerows(rows)
        chance.shuffle(rows)
        rows[0] = (*rows[0][:-1], "0.01")
    return paths


@pytest.mark.timeout(600)
def test_a_million_rows_a_side(tmp_path: Path, record_property: Callable[[str, object], None]) -> None:
    paths = trial_balances(tmp_path)
    columns = Columns(("Account", "Cost centre"), "Amount")

    def read() -> None:
        for path in paths:
            with path.open(newline="", encoding="utf-8") as file:
                for _ in csv.reader(file):
                    pass

    def ours() -> None:
        legacy, new = [Input(examine(path, Notation()), columns) for path in paths]
        (part,) = compare(legacy, new, Tolerance()).parts
        assert part.rows is not None
        assert part.rows.differing == 1

    def measured() -> float:
        reading, comparing = medians(read, ours, rounds=3)
        record_property("comparing: seconds", round(comparing, 2))
        return comparing / reading

    times = held(measured, lambda figure: figure <= TARGET)
    record_property("comparing: times reading", round(times, 2))
    assert times <= TARGET * SLACK
