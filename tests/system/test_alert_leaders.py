"""The golden list of alerts again, swept by real processes side by side, which are killed and started anew: it is the
same, whoever sweeps, however many, and wherever one dies."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from tests.golden.autumn import BERLIN, DATABASE, NEW_YORK, Weekend, play
from tests.soaking import LONG, times
from tests.system.workers import Worker, workers
from warroom.actions import alerts
from warroom.board.board import Board
from warroom.board.load import follow, load_board
from warroom.clock.source import SteppedClock
from warroom.store.statefile import StateFile

pytestmark = LONG

KILLED = 0.1  # of those who are told to sweep


def sweep_when_told(pipe: Connection, path: Path) -> None:
    """Sweep at each instant that is told, from the Board of the time before; says so when it is done."""
    clock = SteppedClock(pipe.recv())
    with StateFile.open(path, clock=clock) as state_file:
        board = load_board(state_file)
        while True:
            board = follow(state_file, board, state_file.entries(board.seq))
            board = alerts.sweep(state_file, board)
            pipe.send(board.seq)
            clock.move_to(pipe.recv())


class Leaders:
    """So many processes that sweep at the same time; now and then one is killed while it does, or starts anew."""

    def __init__(self, start: Callable[..., Worker], path: Path, count: int, seed: int) -> None:
        self._start = start
        self._path = path
        self._chance = random.Random(seed)
        self._sweeping = [self._new() for _ in range(count)]
        self.killed = 0

    def _new(self) -> Worker:
        return self._start(sweep_when_told, self._path)

    def sweep(self, state_file: StateFile, board: Board) -> Board:
        """Have all sweep at the instant of the clock; those who live answer when they are done, and one does."""
        now = state_file.clock.now()
        told = list(self._sweeping)
        for worker in told:
            worker.say(now)
        for worker in told:
            if self._chance.random() < KILLED:
                self._wait_a_little()
                worker.kill()
                self.killed += 1
                self._renew(worker)
            else:
                worker.answer()
        if not set(told) & set(self._sweeping):
            self._alone(now)
        return follow(state_file, board, state_file.entries(board.seq))

    def _wait_a_little(self) -> None:
        """It dies anywhere in its work: the time that passes is that of others' work, or none."""
        for _ in range(self._chance.randrange(20_000)):
            pass

    def _alone(self, now: datetime) -> None:
        """All were killed: the first that came after them does what they left."""
        self._sweeping[0].say(now)
        self._sweeping[0].answer()

    def _renew(self, worker: Worker) -> None:
        self._sweeping[self._sweeping.index(worker)] = self._new()
        worker.close()


SINCE = times(short=30, whole=0)  # hours after the window's start: the night in which an hour comes twice is in it
CASES = [(BERLIN, 4)] + times(short=0, whole=1) * [(BERLIN, 1), (BERLIN, 2), (NEW_YORK, 1), (NEW_YORK, 4)]


@pytest.mark.parametrize(("weekend", "count"), CASES)
def test_the_same_alerts_whoever_sweeps(weekend: Weekend, count: int, tmp_path: Path) -> None:
    with workers() as start:
        leaders = Leaders(start, tmp_path / DATABASE, count, seed=count)
        lines = play(weekend, tmp_path, leaders.sweep, SINCE)
    assert lines == weekend.golden.read_text(encoding="utf-8").splitlines()
    assert leaders.killed > times(short=5, whole=10) * count
