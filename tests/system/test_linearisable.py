"""Many processes at once look as if each had acted in one instant between asking and being told, in journal order."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.cutover import opened, rehearsing
from tests.soaking import LONG, times
from tests.system.workers import operate, workers
from warroom.store.verify import verify

PROCESSES = 8
OPERATIONS = times(short=60, whole=4_000)  # of each

pytestmark = LONG

# Place in the journal, when it was asked for, and when it was acknowledged.
Operation = tuple[float, int, int]


def inversions(operations: Sequence[Operation]) -> list[tuple[Operation, Operation]]:
    """Pairs of which the one that comes first in the journal was asked for after the other had been acknowledged.

    With the journal as the witness of the order it is enough to compare each with the one, among all that come after
    it, that was acknowledged first.
    """
    found = []
    first: Operation | None = None
    for operation in sorted(operations, reverse=True):
        if first is not None and first[2] < operation[1] and first[0] > operation[0]:
            found.append((operation, first))
        if first is None or operation[2] < first[2]:
            first = operation
    return found


@pytest.mark.parametrize(
    ("operations", "wrong"),
    [
        ([(1, 0, 10), (2, 5, 20)], 0),
        ([(2, 0, 10), (1, 5, 20)], 0),
        ([(2, 0, 10), (1, 11, 20)], 1),
        ([(1.5, 0, 10), (1, 11, 20)], 1),  # it saw an entry that nobody had asked for yet
        ([(1, 0, 10), (0.5, 11, 20)], 1),  # it did not see an entry that was acknowledged
        ([(1.5, 0, 10), (1.5, 11, 20)], 0),
        ([(3, 0, 1), (2, 5, 9), (1, 5, 9)], 2),
    ],
)
def test_an_inversion_is_found(operations: list[Operation], wrong: int) -> None:
    assert len(inversions(operations)) == wrong


def test_nobody_is_overtaken_by_what_was_asked_for_later(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    with rehearsing(path) as cutover:
        cutover.do("task.start", "A", by="omar")
        before = cutover.state_file.head().seq
    with workers() as start:
        busy = [start(operate, path, seed, OPERATIONS) for seed in range(PROCESSES)]
        for worker in busy:
            assert worker.answer() == "ready"
        for worker in busy:
            worker.say("go")
        operations = [operation for worker in busy for operation in worker.answer()]
    written = sorted(place for place, *_ in operations if isinstance(place, int))
    assert written == list(range(before + 1, before + 1 + len(written)))
    assert len(written) < len(operations)
    assert inversions(operations) == []
    with opened(path) as cutover:
        assert cutover.state_file.head().seq == before + len(written)
        assert verify(cutover.state_file).sound
