"""A long replay while others write: the -wal file stays small, because nothing is held from one page to the next."""

from __future__ import annotations

from tests.cutover import Cutover, opened
from tests.soaking import LONG, times
from warroom.model.tasks import Task
from warroom.store.journal import PAGE
from warroom.store.verify import verify

PAGES = times(short=2, whole=40)
AT_ONCE = 60  # entries that are written while one page is looked at
SIZE = 20_000  # characters of each
SMALL = 8 * 2**20  # twice what SQLite lets the file grow to before it moves it into the main file

pytestmark = LONG


def size_beside(cutover: Cutover) -> int:
    return cutover.path.with_name(cutover.path.name + "-wal").stat().st_size


def write(cutover: Cutover, count: int, size: int) -> None:
    for _ in range(count):
        cutover.do("task.note", "A", by="omar", text="x" * size)


def test_a_replay_holds_nothing_back(cutover: Cutover) -> None:
    with opened(cutover.path) as reader:
        write(cutover, PAGES * PAGE, 1)
        largest, seen = 0, 0
        for seen, _ in enumerate(reader.state_file.entries(), start=1):
            if seen % PAGE == PAGE // 2 and seen < PAGES * PAGE:  # in the middle of a page
                write(cutover, AT_ONCE, SIZE)
                largest = max(largest, size_beside(cutover))
        assert seen == cutover.state_file.head().seq
    assert largest < SMALL
    assert verify(cutover.state_file).sound


def test_whoever_held_everything_back_would_be_noticed(cutover: Cutover) -> None:
    """So the test above does bite: one transaction over all of it lets the file grow."""
    with opened(cutover.path) as reader, reader.state_file.read() as held:
        assert held.find(Task)
        write(cutover, 3 * AT_ONCE, 2 * SIZE)
        assert size_beside(cutover) > SMALL
    write(cutover, AT_ONCE, SIZE)
    assert size_beside(cutover) <= 16 * 2**20  # what is left of it once it was moved
