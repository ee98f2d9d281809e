"""Watches in processes of their own: one that is killed or stands still is replaced, no message is missing, and what is
sent twice has the same key."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from tests.clocks import SetClock
from tests.cutover import Cutover, created, document, task
from tests.sinks import Sink, mail_sink
from tests.system.workers import PATIENCE_S, Worker, watch_and_send, workers
from warroom.actions import deliveries, lease
from warroom.alerts.sending import KEY_HEADER
from warroom.board.rows import Delivery
from warroom.store.statefile import StateFile
from warroom.store.verify import verify
from warroom.vocabulary.words import DeliveryState, SendingMode

LEASE_IS_OVER = 0.2  # minutes


@pytest.fixture
def clock(tmp_path: Path) -> SetClock:
    clock = SetClock(tmp_path / "clock")
    clock.set(0)
    return clock


class Scene:
    """A rehearsal in which A is late from its sixth minute on, whose owner has a mail address, and a mail server."""

    def __init__(self, cutover: Cutover, clock: SetClock, channels: Path, mail: Sink, start: Callable[..., Worker]):
        self.cutover = cutover
        self.clock = clock
        self.mail = mail
        self._channels = channels
        self._start = start

    def watch(self) -> Worker:
        """A process that watches, and sends when it holds the lease."""
        worker = self._start(watch_and_send, self.cutover.path, self.clock, self._channels)
        assert worker.answer() == "watching"
        return worker

    def fence(self) -> int:
        held, _ = lease.standing(self.cutover.state_file)
        return 0 if held is None else held.fence

    def letters(self) -> list[Delivery]:
        return [row for row in deliveries.of_run(self.cutover.state_file, 1) if row.person]

    def until(self, enough: Callable[[], bool]) -> None:
        """Wait until that is so; the watches beat once a second."""
        deadline = time.monotonic() + PATIENCE_S
        while not enough():
            assert time.monotonic() < deadline, (self.fence(), self.letters())
            threading.Event().wait(0.02)

    def all_sent(self) -> bool:
        return {row.state for row in self.letters()} == {DeliveryState.SENT}


@contextmanager
def scene(tmp_path: Path, clock: SetClock) -> Iterator[Scene]:
    plain = document(task("A", 20, backup=None), task("LAST", 5, "A", owner="bea"), ends_with="LAST")
    ways = {"omar": ("omar@example.org",), "lena": ("lena@example.org",)}
    runbook = replace(plain, people=tuple(replace(one, notify=ways.get(one.handle, ())) for one in plain.people))
    path = created(tmp_path / "state.db", runbook)
    channels = tmp_path / "channels.toml"
    with mail_sink() as mail, workers() as start, StateFile.open(path, clock=clock) as state_file:
        channels.write_text(
            f'[mail]\nserver = "127.0.0.1"\nport = {mail.port}\nsecurity = "none"\nfrom = "warroom@example.org"\n'
            "timeout = 120\n"
        )
        cutover = Cutover(state_file, path, clock)  # type: ignore[arg-type]
        cutover.rehearse()
        cutover.do("alert.sending", SendingMode.ON)
        yield Scene(cutover, clock, channels, mail, start)


def assert_one_alert_and_one_key_each(scene: Scene) -> None:
    (alert,) = scene.cutover.board().alerts
    assert alert.subject == "A"
    keys = {row.person: row.message for row in scene.letters()}
    assert set(keys) == {"omar", "lena"}
    for letter in scene.mail.arrived:
        assert letter[KEY_HEADER] == keys[letter["X-To"].partition("@")[0]]
    assert {letter["X-To"] for letter in scene.mail.arrived} == {"omar@example.org", "lena@example.org"}
    assert verify(scene.cutover.state_file).sound


def taken_over(stage: Scene, end: Callable[[Worker], None]) -> tuple[Worker, Worker]:
    """The watch that hangs at the mail server and is ended there, and the one that goes on and sends everything."""
    stage.mail.manner = "hang"
    first = stage.watch()
    stage.until(lambda: stage.fence() == 1)
    stage.clock.set(12)
    stage.until(lambda: bool(stage.letters()))
    stage.clock.set(12.1)
    stage.mail.wait_for(1)
    second = stage.watch()
    end(first)
    stage.mail.manner = "take"
    stage.clock.set(12.1 + LEASE_IS_OVER)
    stage.until(lambda: stage.fence() == 2)
    stage.clock.set(12.5)
    stage.until(stage.all_sent)
    return first, second


def test_one_that_is_killed_while_it_sends(tmp_path: Path, clock: SetClock) -> None:
    with scene(tmp_path, clock) as stage:
        _, second = taken_over(stage, Worker.kill)
        second.say("stop")
        assert second.end() == 0
        assert max(row.attempts for row in stage.letters()) == 2
        assert_one_alert_and_one_key_each(stage)


def test_one_that_stands_still_and_comes_back(tmp_path: Path, clock: SetClock) -> None:
    with scene(tmp_path, clock) as stage:
        first, second = taken_over(stage, Worker.stop)
        before = stage.letters()
        stage.mail.go_on.set()
        first.go_on()
        first.say("stop")
        assert first.end() == 0
        assert stage.letters() == before, "what it still wanted to write was refused"
        held, awake = lease.standing(stage.cutover.state_file)
        assert held is not None
        assert (held.fence, awake) == (2, True)
        second.say("stop")
        assert second.end() == 0
        assert not lease.standing(stage.cutover.state_file)[1], "who ends says so"
        assert_one_alert_and_one_key_each(stage)


def test_a_clock_that_is_set_while_somebody_watches(tmp_path: Path, clock: SetClock) -> None:
    """Set forward by an hour: nothing is late before a lead has said that it is right, whoever watches by then."""
    with scene(tmp_path, clock) as stage:
        first = stage.watch()
        stage.until(lambda: stage.fence() == 1)
        clock.jump(60)
        stage.until(lambda: stage.cutover.board().doubted_clock is not None)
        second = stage.watch()
        first.kill()
        clock.set(60 + LEASE_IS_OVER)
        stage.until(lambda: stage.fence() == 2)
        clock.set(61)
        assert stage.cutover.board().alerts == ()
        stage.cutover.do("clock.confirm")
        stage.until(lambda: bool(stage.cutover.board().alerts))
        clock.set(61.2)
        stage.until(lambda: bool(stage.letters()) and stage.all_sent())
        second.say("stop")
        assert second.end() == 0
        assert len(stage.cutover.board().clock_jumps) == 1
        assert_one_alert_and_one_key_each(stage)
