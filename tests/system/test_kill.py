"""kill -9 anywhere: what was acknowledged is there, and what is there is whole."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.cutover import Cutover, created, everything, opened
from tests.system.workers import scribble, workers
from warroom.board.load import load_history
from warroom.store.verify import verify

ROUNDS = 8
WRITERS = 2


@pytest.mark.parametrize("seed", [1, 2])
def test_whoever_is_killed_while_writing_loses_nothing_that_was_acknowledged(seed: int, tmp_path: Path) -> None:
    path = created(tmp_path / "state.db")
    chance = random.Random(seed)
    with opened(path) as cutover:
        cutover.rehearse()
        cutover.do("task.start", "A", by="omar")
    asked: set[str] = set()
    acknowledged: set[str] = set()

    def note(message: tuple[str, str]) -> None:
        (asked if message[0] == "asked" else acknowledged).add(message[1])

    for round_ in range(ROUNDS):
        with workers() as start:
            writing = [start(scribble, path, 100 * round_ + number) for number in range(WRITERS)]
            for worker in writing:
                for _ in range(chance.randrange(1, 40)):
                    note(worker.answer())
            for worker in writing:
                worker.kill()
                for message in worker.answers():
                    note(message)
        with opened(path) as cutover:
            assert_whole(cutover, asked, acknowledged)
    assert len(acknowledged) > ROUNDS


def assert_whole(cutover: Cutover, asked: set[str], acknowledged: set[str]) -> None:
    result = verify(cutover.state_file)
    assert result.findings == ()
    ids = [entry.id for entry in cutover.entries() if "-" in entry.id and len(entry.id) < 36]
    assert len(ids) == len(set(ids))
    assert acknowledged <= set(ids) <= asked
    history = load_history(cutover.state_file)
    assert everything(history.board(result.entries)) == everything(cutover.board())
