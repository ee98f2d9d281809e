"""Clocks jump by an hour, machines sleep for one: the journal keeps its order, no alert is lost or doubled."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import pytest

from tests.clocks import SetClock
from tests.cutover import Cutover, created, document, everything, minute, task
from tests.following import Listener, followed
from tests.system.workers import watch, workers
from warroom.board.load import load_history
from warroom.board.told import odd_clock
from warroom.store.statefile import StateFile
from warroom.store.verify import verify
from warroom.vocabulary.journal import Entry

HOUR = 60
# When each should begin, and when it is told of that it has not.
BEGIN = {"A": 0, "B": 30, "C": 100}
TOLD = {"A": 5, "B": 35, "C": 105}


@pytest.fixture
def clock(tmp_path: Path) -> SetClock:
    clock = SetClock(tmp_path / "clock")
    clock.set(0)
    return clock


@contextmanager
def watched(tmp_path: Path, clock: SetClock) -> Iterator[Cutover]:
    """A rehearsal of three tasks that nobody starts, on that clock."""
    rows = [task(ref, 20, not_before_s=after * 60) for ref, after in BEGIN.items()]
    path = created(tmp_path / "state.db", document(*rows, task("LAST", 5, *BEGIN), ends_with="LAST"))
    with StateFile.open(path, clock=clock) as state_file:
        cutover = Cutover(state_file, path, clock)  # type: ignore[arg-type]
        cutover.rehearse()
        yield cutover


def raised(entries: list[Entry]) -> list[str]:
    """The subjects of the alerts that were raised, in order."""
    return [
        str(change.after["subject"])
        for entry in entries
        if entry.action == "alert.raise"
        for change in entry.changes
        if change.after is not None
    ]


def assert_in_order(cutover: Cutover) -> None:
    """The journal's order is the only one: no time in it runs backwards, and replaying it gives the tables."""
    entries = cutover.entries()
    assert all(one.recorded_at <= next_.recorded_at for one, next_ in pairwise(entries))
    times = [entry.run_time for entry in entries if entry.run_time is not None]
    assert times == sorted(times)
    assert verify(cutover.state_file).sound
    board = cutover.board()
    assert everything(load_history(cutover.state_file).board(board.seq)) == everything(board)


def test_a_clock_that_is_set_an_hour_forward_and_back(tmp_path: Path, clock: SetClock) -> None:
    with watched(tmp_path, clock) as cutover:
        for at in (1, 1 + HOUR, 2, 3 + HOUR, 4 - HOUR):
            clock.set(at)
            note = cutover.do("task.note", "A", text=f"the clock shows {at}")
            assert note.recorded_at >= minute(at)
        assert [note.text for note in cutover.board().notes(cutover.task("A").id)] == [
            f"the clock shows {at}" for at in (1, 61, 2, 63, -56)
        ]
        odd = [odd_clock(entry) for entry in cutover.entries() if entry.action == "task.note"]
        assert odd[:2] == [None, None]
        assert [text is None for text in odd[2:]] == [False, True, False]
        assert odd[2] == "the clock was 59m behind the entry before"
        started = cutover.do("task.start", "A", by="omar")  # the hour that was is not given back
        assert started.recorded_at == started.run_time == minute(3 + HOUR)
        clock.set(4 + HOUR)
        assert cutover.do("task.done", "A", by="omar").recorded_at == minute(4 + HOUR)
        assert_in_order(cutover)


def test_sweeps_go_along_with_a_clock_that_jumps(tmp_path: Path, clock: SetClock) -> None:
    """What is late by the clock is told of once; where the clock was wrong, it is taken back once."""
    with watched(tmp_path, clock) as cutover:
        told: list[list[str]] = []
        for at in (10, 10 + HOUR, 11, 12, 40):
            clock.set(at)
            before = cutover.state_file.head().seq
            for _ in range(5):
                cutover.sweep()
            told.append(raised(cutover.entries()[before:]))
            assert len(cutover.entries()) - before <= 2, "a storm of alerts"
        assert told[:2] == [["A"], ["B"]]
        assert sorted(alert.subject for alert in cutover.board().open_alerts) == ["A", "B"]
        assert_in_order(cutover)


@pytest.mark.parametrize("asleep", [False, True])
def test_a_watch_notices_within_seconds(asleep: bool, tmp_path: Path, clock: SetClock) -> None:
    """Its clock is set forward by almost two hours while it watches, or while its whole process is asleep."""
    with watched(tmp_path, clock) as cutover, workers() as start:
        with followed(cutover.state_file, 2) as listener:
            clock.set(10)
            worker = start(watch, cutover.path, clock)
            assert worker.answer() == "watching"
            wait_for(listener, ["A"])
            if asleep:
                worker.stop()
            clock.set(2 * HOUR)
            if asleep:
                worker.go_on()
            wait_for(listener, ["A", "B", "C"])
            clock.set(11)
            worker.say("stop")
            assert worker.end() == 0
        found = {(alert.subject, alert.episode): alert for alert in cutover.board().alerts}
        assert [found[ref, 1].due_at for ref in TOLD] == [minute(after) for after in TOLD.values()]
        assert_in_order(cutover)


def wait_for(listener: Listener, subjects: list[str]) -> None:
    """Until these alerts have been raised, each once."""
    listener.wait_until(lambda: len(raised(listener.entries)) >= len(subjects))
    assert sorted(raised(listener.entries)) == subjects
