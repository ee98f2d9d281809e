"""A host over a state file: a Board that moves, whoever moves it, and actions that are in it when they return."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from tests.cutover import Cutover, caller, everything, minute, opened
from warroom.actions import lease
from warroom.actions.evidence import attachment
from warroom.alerts import watch
from warroom.board.rows import Document
from warroom.host.local import LocalHost
from warroom.vocabulary.errors import BadInput, Refused, Stale, StateFileError
from warroom.vocabulary.words import Assurance, Medium, RunKind, TaskState

PATIENCE_S = 30


class Waiter:
    """Waits, without sleeping, until a host tells of something."""

    def __init__(self, host: LocalHost) -> None:
        self._told = threading.Condition()
        self.times = 0
        self.end = host.subscribe(self._moved)

    def _moved(self) -> None:
        with self._told:
            self.times += 1
            self._told.notify_all()

    def until(self, enough: Callable[[], bool]) -> None:
        with self._told:
            assert self._told.wait_for(enough, PATIENCE_S)


@contextmanager
def hosted(cutover: Cutover, handle: str = "omar", **more: object) -> Iterator[LocalHost]:
    with LocalHost(cutover.state_file, caller(handle), watching=False, **more) as host:  # type: ignore[arg-type]
        yield host


def state(host: LocalHost, ref: str) -> TaskState | None:
    row = host.board.task(ref)
    return None if row is None else row.state


async def test_an_action_is_in_the_board_that_it_returns(cutover: Cutover) -> None:
    with hosted(cutover) as host:
        before = host.board
        board = await host.act("task.start", ref="A", note="Begun.")
        assert board.seq == before.seq + 1
        assert host.board.seq >= board.seq
        assert (state(host, "A"), before.task("A") == board.task("A")) == (TaskState.RUNNING, False)
        assert everything(board) == everything(cutover.board())
        (entry,) = cutover.entries()[2:]
        assert (entry.actor, entry.via, entry.action) == ("omar", "cli", "task.start")


async def test_what_is_refused_changes_nothing(cutover: Cutover) -> None:
    with hosted(cutover, "sam") as host:
        before = host.board
        with pytest.raises(Refused, match="only its owner"):
            await host.act("task.start", ref="A")
        with pytest.raises(BadInput, match=r"there is no action called task\.explode"):
            await host.act("task.explode", ref="A")
        assert host.board is before


async def test_a_console_that_only_looks(cutover: Cutover) -> None:
    with hosted(cutover, read_only=True) as host:
        with pytest.raises(Refused, match="this console only looks"):
            await host.act("task.start", ref="A")
        assert host.read_only
    assert cutover.state_file.head().seq == 2


async def test_many_actions_at_once_are_all_in_it(cutover: Cutover) -> None:
    with hosted(cutover) as host:
        await asyncio.gather(*(host.act("task.note", ref="A", text=f"{number}") for number in range(12)))
        assert len(host.board.notes(cutover.task("A").id)) == 12
        assert everything(host.board) == everything(cutover.board())


async def test_a_stale_action_is_told(cutover: Cutover) -> None:
    with hosted(cutover) as host, opened(cutover.path) as other:
        seen = host.board.last_entry("A")
        other.do("task.block", "A", by="lena", reason="no access")
        with pytest.raises(Stale, match=r"task\.block by lena"):
            await host.act("task.skip", ref="A", reason="x", seen=seen)


def test_what_another_process_does_arrives(cutover: Cutover) -> None:
    """Another opening of the file stands for the other process; tests/system has real ones."""
    with hosted(cutover) as host, opened(cutover.path) as other:
        waiter = Waiter(host)
        other.do("task.start", "A", by="lena")
        waiter.until(lambda: state(host, "A") is TaskState.RUNNING)
        assert everything(host.board) == everything(other.board())
        waiter.end()
        times = waiter.times
        still = Waiter(host)
        other.do("task.note", "A", text="x")
        still.until(lambda: host.board.seq == 4)
        assert waiter.times == times


def test_a_run_that_is_started_is_gone_along_with(planned: Cutover) -> None:
    with hosted(planned) as host, opened(planned.path) as other:
        assert host.board.run is None
        waiter = Waiter(host)
        other.rehearse()
        waiter.until(lambda: host.board.run is not None)
        other.do("run.close")
        other.rehearse("mock 2")
        waiter.until(lambda: host.board.run is not None and host.board.run.name == "mock 2")


def test_a_run_that_was_named_is_stayed_with(cutover: Cutover) -> None:
    with hosted(cutover, run="mock 1") as host, opened(cutover.path) as other:
        waiter = Waiter(host)
        other.do("run.close")
        other.rehearse("mock 2")
        other.do("task.start", "A")
        waiter.until(lambda: host.board.seq == 5)
        assert host.board.run is not None
        assert (host.board.run.name, state(host, "A")) == ("mock 1", TaskState.NOT_STARTED)


def test_a_file_that_was_removed_is_told(cutover: Cutover, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("warroom.store.feed.LOOK_EVERY", 1)
    with hosted(cutover) as host:
        waiter = Waiter(host)
        cutover.do("task.start", "A")
        waiter.until(lambda: state(host, "A") is TaskState.RUNNING)
        assert host.trouble is None
        cutover.path.unlink()
        waiter.until(lambda: host.trouble is not None)
        assert host.trouble is not None
        assert "replaced or removed" in host.trouble.message
        assert host.board.run is not None, "the last Board can still be read"


def test_who_sits_here_has_the_rights_that_the_board_gives(cutover: Cutover) -> None:
    with hosted(cutover, "lena") as host:
        assert (host.actor.handle, host.actor.leads) == ("lena", True)
    with hosted(cutover, "stranger") as host:
        assert (host.actor.person_id, host.actor.leads) == (None, False)


def test_the_clock_is_the_state_files(cutover: Cutover) -> None:
    with hosted(cutover) as host:
        cutover.to(17)
        assert host.wall_time() == minute(17)
        assert host.board.run_time(host.wall_time()) == minute(17)
        assert host.board.run is not None
        assert host.board.run.kind_of_run is RunKind.REHEARSAL


def test_whether_somebody_watches(cutover: Cutover) -> None:
    """The host's own watch sweeps as soon as it is up, and leaves its mark."""
    with hosted(cutover) as host:
        status = host.watch_status()
        assert (status.holder, status.since, status.awake) == (None, None, False)
    cutover.to(10)
    with LocalHost(cutover.state_file, caller("lena")) as host:
        waiter = Waiter(host)
        waiter.until(lambda: bool(host.board.open_alerts))
        status = host.watch_status()
        assert (status.since, status.awake, status.can_send) == (minute(10), True, False)
        assert status.holder
    assert not host.watch_status().awake


def test_a_watch_that_cannot_write_is_known_not_to_watch(cutover: Cutover, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "HEARTBEAT_S", 0.02)
    monkeypatch.setattr(watch, "RENEW_S", 0.0)
    hold = lease.hold
    cutover.to(10)

    def full(*_: object, **__: object) -> int:
        raise StateFileError("there is no room on the disk")

    with LocalHost(cutover.state_file, caller("lena")) as host:
        waiter = Waiter(host)
        waiter.until(lambda: bool(host.board.open_alerts))  # it has begun
        for holds, awake in ((full, False), (hold, True)):
            monkeypatch.setattr(lease, "hold", holds)
            waiter.until(lambda awake=awake: host.watch_status().awake is awake)  # type: ignore[misc]


async def test_what_somebody_said_by_voice_is_recorded_as_theirs(cutover: Cutover) -> None:
    with hosted(cutover, "lena") as host:
        board = await host.act("task.start", done_by="omar", told_by=Medium.VOICE, ref="A")
        task = board.task("A")
        assert task is not None
        assert board.handle(task.executor_id) == "omar"
        entry = cutover.entries()[-1]
        assert (entry.actor, entry.done_by, entry.by) == ("lena", "omar", Medium.VOICE)
        assert entry.assurance is Assurance.PROXY


async def test_what_was_kept_of_a_document_is_read_now_and_in_the_past(cutover: Cutover) -> None:
    with hosted(cutover) as host:
        await host.act("evidence.add", ref="A", attached=attachment("count.txt", "text/plain", b"412 rows"))
        (document,) = (one for one in host.board.rows(Document).values() if one.name == "count.txt")
        past = await host.look_back()
        for each in (host, past):
            assert await each.content(document.sha256) == b"412 rows"
            with pytest.raises(StateFileError):
                await each.content("0" * 64)
