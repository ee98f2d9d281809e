"""kill -9 anywhere, among eight that write: what was acknowledged is there once, and what is there is whole."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from pathlib import Path
from uuid import UUID

import pytest

from tests.cutover import Cutover, created, everything, opened
from tests.soaking import LONG, times
from tests.system.workers import Worker, note_and_die, scribble, workers
from warroom.board.load import load_history
from warroom.store.verify import verify

KILLS = times(short=30, whole=1_000)
LOOK_EVERY = 25  # kills between two looks at what is there
WRITERS = 8
EVERYBODY = 0.1  # how likely it is that all are killed at once

pytestmark = LONG


class Scribblers:
    """Processes that write at random, and what they have said of it.

    Attributes:
        asked: ids of the entries that somebody began to write.
        acknowledged: those of which somebody was told that they are there.
    """

    def __init__(self, path: Path, start: Callable[..., Worker]) -> None:
        self._path = path
        self._start = start
        self._count = 0
        self.asked: set[str] = set()
        self.acknowledged: set[str] = set()
        self.writing = [self._another() for _ in range(WRITERS)]

    def listen(self) -> None:
        """Take in what they have said, so that nobody waits to be heard."""
        for worker in self.writing:
            self._note(worker.told())

    def wait_for(self, worker: Worker, messages: int) -> None:
        self._note(worker.answer() for _ in range(messages))

    def kill(self, victims: Iterable[Worker]) -> int:
        """Kill them, and put others in their place; says how many they were."""
        dead = list(victims)
        for worker in dead:
            self._bury(worker)
            self.writing[self.writing.index(worker)] = self._another()
        return len(dead)

    def end(self) -> None:
        """Kill all of them."""
        for worker in self.writing:
            self._bury(worker)

    def _bury(self, worker: Worker) -> None:
        worker.kill()
        self._note(worker.answers())

    def _another(self) -> Worker:
        self._count += 1
        return self._start(scribble, self._path, self._count)

    def _note(self, messages: Iterable[tuple[str, str]]) -> None:
        for kind, entry_id in messages:
            (self.asked if kind == "asked" else self.acknowledged).add(entry_id)


def test_whoever_is_killed_while_writing_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    path = created(tmp_path / "state.db")
    chance = random.Random(1)
    with opened(path) as cutover:
        cutover.rehearse()
        cutover.do("task.start", "A", by="omar")
    with workers() as start:
        scribblers = Scribblers(path, start)
        killed = looked = 0
        while killed < KILLS:
            victim = chance.choice(scribblers.writing)
            scribblers.wait_for(victim, chance.randrange(1, 12))
            scribblers.listen()
            killed += scribblers.kill(scribblers.writing if chance.random() < EVERYBODY else [victim])
            if killed >= looked + LOOK_EVERY:
                looked, acknowledged = killed, set(scribblers.acknowledged)
                with opened(path) as cutover:  # while the others write
                    assert_whole(cutover, None, acknowledged)
        scribblers.end()
        asked, acknowledged = scribblers.asked, scribblers.acknowledged
    with opened(path) as cutover:
        assert_whole(cutover, asked, acknowledged)
    assert len(acknowledged) > KILLS


def assert_whole(cutover: Cutover, asked: set[str] | None, acknowledged: set[str]) -> None:
    """The journal is sound and holds everything acknowledged, once; nothing is in it for which nobody `asked` (where
    that is known); and replaying it gives the tables."""
    result = verify(cutover.state_file)
    assert result.findings == ()
    ids = [entry.id for entry in cutover.entries() if "-" in entry.id and len(entry.id) < 36]
    assert len(ids) == len(set(ids))
    assert acknowledged <= set(ids)
    assert asked is None or set(ids) <= asked
    board = cutover.board()
    assert everything(load_history(cutover.state_file).board(board.seq)) == everything(board)


@pytest.mark.parametrize("committed", [True, False])
def test_whoever_was_killed_before_the_answer_may_ask_again(committed: bool, cutover: Cutover) -> None:
    """Killed right after the commit, or right before it: asking again with the same id leaves one entry."""
    before = cutover.state_file.head().seq
    entry_id = str(UUID(int=7))
    with workers() as start:
        worker = start(note_and_die, cutover.path, entry_id, committed)
        assert list(worker.answers()) == []  # it is gone without an answer
    assert cutover.state_file.head().seq == before + committed
    again = [cutover.do("task.note", "A", by="omar", text="once", entry_id=entry_id) for _ in range(2)]
    (entry,) = cutover.entries()[before:]
    assert again == [entry, entry]
    assert [note.text for note in cutover.board().notes(cutover.task("A").id)] == ["once"]
    assert verify(cutover.state_file).sound
