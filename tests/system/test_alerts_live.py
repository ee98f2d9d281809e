"""A cutover of Finance and Operations that processes play and watch in real time, 3,600 times as fast as life, while
watches are killed: each alert is true when it is raised, and at the end none is missing and none is there twice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Event, Thread

from tests.following import followed
from tests.golden.autumn import BERLIN, SAMPLE
from tests.soaking import LONG, times
from tests.system.workers import Worker, watch, workers
from warroom.actions import alerts, runs
from warroom.board.forecast import forecast
from warroom.board.load import load_board, load_history
from warroom.clock.source import SystemClock
from warroom.rules.alerting.deciding import findings
from warroom.simulate.demo import prepare_demo
from warroom.simulate.people import lead_of
from warroom.simulate.play import as_person, play_live
from warroom.store.statefile import StateFile
from warroom.store.verify import verify
from warroom.vocabulary.journal import Entry
from warroom.vocabulary.words import AlertState

pytestmark = LONG

SPEED = 3_600.0
ENTRIES = times(short=80, whole=400)
KILL_EVERY = 40  # entries


def play(pipe: Connection, path: Path, seed: int) -> None:
    """Play the open run until told to stop."""
    stop = Event()
    with StateFile.open(path) as state_file:
        player = Thread(target=play_live, args=(state_file, seed, stop))
        player.start()
        pipe.recv()
        stop.set()
        player.join()


def decided_within(alert: Entry, entries: list[Entry]) -> Iterator[datetime]:
    """The minutes, from the last back, in which it may have been decided that an alert is raised: at this speed the
    clock moves on between deciding and writing, by as much as the machine is slow. But it was decided on a Board with
    all that came before it, but for what was done about other alerts in the same sweep."""
    known = next(one for one in reversed(entries[: alert.seq - 1]) if not one.action.startswith("alert."))
    assert alert.run_time is not None
    assert known.run_time is not None
    minute = alert.run_time
    while minute > known.run_time - timedelta(minutes=1):  # what is known is what was so when the minute began
        yield minute
        minute -= timedelta(minutes=1)


def test_what_is_raised_is_true_and_nothing_is_missing(tmp_path: Path) -> None:
    path = prepare_demo(SAMPLE, tmp_path / "live.db", seed=BERLIN.seed, speed=SPEED)
    with StateFile.open(path) as state_file, workers() as start:
        before = state_file.head().seq
        watching: list[Worker] = [start(watch, path, SystemClock()) for _ in range(2)]
        assert [worker.answer() for worker in watching] == ["watching"] * 2
        player = start(play, path, BERLIN.seed)
        with followed(state_file, before) as listener:
            for number, until in enumerate(range(KILL_EVERY, ENTRIES + 1, KILL_EVERY)):
                listener.wait_for_entries(until)
                watching[number % 2].kill()
                watching[number % 2] = start(watch, path, SystemClock())
        player.say("stop")
        assert player.end() == 0
        runs.hold(state_file, as_person(lead_of(load_board(state_file))), reason="looked at")
        for worker in watching:
            worker.kill()
        board = alerts.sweep(state_file)
        assert verify(state_file).sound

        history = load_history(state_file)
        entries = list(state_file.entries())
        raised = [entry for entry in entries[before:] if entry.action == "alert.raise"]
        for entry in raised:
            then = history.board(entry.seq - 1)
            after = entry.changes[0].after or {}
            assert any(
                (one.subject, one.rule) == (after["subject"], after["rule"])
                for minute in decided_within(entry, entries)
                for one in findings(then, forecast(then, minute))
            ), entry.seq
            assert after["subject"] not in {alert.subject for alert in then.open_alerts}
        assert len(raised) > 3

        now = board.run_time(state_file.clock.now())
        calling = {one.subject for one in findings(board, forecast(board, now))}
        assert {alert.subject for alert in board.open_alerts} == calling
        keys = [(alert.subject, alert.episode) for alert in board.alerts]
        assert len(keys) == len(set(keys))
        assert {alert.state for alert in board.open_alerts} <= {AlertState.RAISED, AlertState.ESCALATED}
