"""A host that many consoles share: one Board, whoever acts; everybody is told, whoever acted first."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from tests.cutover import Cutover, caller, everything
from warroom.actions import lease
from warroom.host import shared as shared_host
from warroom.host.hub import Hub
from warroom.host.shared import KEPT, SharedHost
from warroom.store.statefile import StateFile
from warroom.vocabulary.errors import BadInput, Refused, Stale, StateFileError
from warroom.vocabulary.words import TaskState

PATIENCE_S = 30


@asynccontextmanager
async def shared(cutover: Cutover) -> AsyncIterator[SharedHost]:
    async with SharedHost(cutover.state_file, watching=False) as host:
        yield host


class Listener:
    """Notes each time that it is told, and what it says about it."""

    def __init__(self, name: str = "", order: list[str] | None = None) -> None:
        self.name = name
        self.order = order if order is not None else []
        self.told = asyncio.Event()

    def __call__(self) -> None:
        self.order.append(self.name)
        self.told.set()

    async def wait(self) -> None:
        async with asyncio.timeout(PATIENCE_S):
            await self.told.wait()
        self.told.clear()


async def test_what_one_does_all_have(cutover: Cutover) -> None:
    async with shared(cutover) as host:
        omar, lena = host.console(caller("omar")), host.console(caller("lena"))
        heard = Listener()
        end = lena.subscribe(heard)
        board = await omar.act("task.start", ref="A")
        task = board.task("A")
        assert task is not None
        assert task.state is TaskState.RUNNING
        await heard.wait()
        assert lena.board is board
        assert everything(board) == everything(cutover.board())
        assert (omar.actor.handle, omar.actor.leads, lena.actor.leads) == ("omar", False, True)
        end()
        await omar.act("step.tick", ref="A", positions=[1])
        await asyncio.sleep(0)
        assert not heard.told.is_set()


async def test_what_others_write_arrives(cutover: Cutover) -> None:
    async with shared(cutover) as host:
        heard = Listener()
        host.console(caller("lena")).subscribe(heard)
        cutover.do("task.start", "A", by="omar")
        await heard.wait()
        assert host.board.seq == 3


async def test_what_is_refused_changes_nothing(cutover: Cutover) -> None:
    async with shared(cutover) as host:
        before = host.board
        with pytest.raises(Refused, match="only its owner"):
            await host.console(caller("sam")).act("task.start", ref="A")
        with pytest.raises(Refused, match="this console only looks"):
            await host.console(caller("omar"), read_only=True).act("task.start", ref="A")
        with pytest.raises(BadInput, match=r"there is no action called task\.explode"):
            await host.console(caller("omar")).act("task.explode", ref="A")
        assert host.board is before


async def test_of_two_who_saw_the_same_one_is_stale(cutover: Cutover) -> None:
    async with shared(cutover) as host:
        one, two = host.console(caller("omar")), host.console(caller("lena"))
        seen = host.board.last_entry("A")
        outcomes = await asyncio.gather(
            one.act("task.start", ref="A", seen=seen),
            two.act("task.start", ref="A", seen=seen),
            return_exceptions=True,
        )
        assert [type(outcome) for outcome in outcomes].count(Stale) == 1
        assert host.board.seq == 3


async def test_entries_and_the_past(cutover: Cutover) -> None:
    async with shared(cutover) as host:
        console = host.console(caller("omar"))
        await console.act("task.start", ref="A")
        cutover.to(1)
        await console.act("task.note", ref="A", text="Begun.")
        assert [entry.action for entry in await console.entries(2)] == ["task.start", "task.note"]
        replay = await console.look_back()
        replay.step(-1)
        assert (replay.board.seq, host.board.seq) == (3, 4)
        assert replay.read_only


async def test_what_ails_the_state_file_is_for_whoever_runs_the_server(
    cutover: Cutover, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise StateFileError("there is no room", where="acme.db", hint="make room")

    async with shared(cutover) as host:
        console = host.console(caller("omar"))
        monkeypatch.setattr(shared_host, "perform", full)
        with pytest.raises(StateFileError) as raised:
            await console.act("task.start", ref="A")
        host.trouble = StateFileError("it is gone", hint="find it")
        assert console.trouble is not None
        hints = (raised.value.hint, console.trouble.hint, host.trouble.hint)
        assert hints == ("for whoever runs the server: make room", "for whoever runs the server: find it", "find it")
        assert not console.watch_status().awake


async def test_what_is_made_of_a_board_is_made_once(cutover: Cutover) -> None:
    async with shared(cutover) as host:
        one, two = host.console(caller("omar")), host.console(caller("lena"))
        old = host.board
        made: list[str] = []

        def make(name: str) -> object:
            made.append(name)
            return object()

        first = one.once("minute 1", old, lambda: make("a"))
        assert two.once("minute 1", old, lambda: make("b")) is first
        assert two.once("minute 2", old, lambda: make("c")) is not first
        assert made == ["a", "c"]
        new = await one.act("task.start", ref="A")
        assert one.once("minute 1", new, lambda: make("d")) is not first
        assert two.once("minute 1", old, lambda: make("e")) is not first, "a console that is behind makes its own"
        assert made == ["a", "c", "d", "e"]
        for minute in range(3 * KEPT):
            one.once(minute, new, lambda: make("f"))
        assert len(host._made) <= KEPT


async def test_the_watch_is_asked_once_for_all(cutover: Cutover, monkeypatch: pytest.MonkeyPatch) -> None:
    async with shared(cutover) as host:
        asked: list[object] = []

        def standing(state_file: StateFile) -> tuple[None, bool]:
            asked.append(state_file)
            return None, False

        monkeypatch.setattr(lease, "standing", standing)
        for _ in range(5):
            assert not host.console(caller("omar")).watch_status().awake
        assert len(asked) == 1
        cutover.to(1)
        host.watch_status()
        assert len(asked) == 2


# --- the hub ---------------------------------------------------------------------------------------------------------


async def told_by(hub: Hub, listeners: list[Listener]) -> None:
    for listener in listeners:
        hub.add(listener)
    hub.open()


async def test_all_are_told_once_for_many_tellings() -> None:
    hub, order = Hub(), list[str]()
    listeners = [Listener(name, order) for name in "abc"]
    await told_by(hub, listeners)
    for _ in range(10):
        hub.tell()
    await listeners[-1].wait()
    assert order == ["a", "b", "c"]
    await hub.close()


async def test_those_who_look_at_everything_come_first_and_whoever_waits_keeps_the_place() -> None:
    hub, order = Hub(gap_s=0.001), list[str]()

    class Teller(Listener):
        def __call__(self) -> None:
            super().__call__()
            if order == ["lead", "a"]:
                hub.tell()  # something else happens while b still waits

    a, b = Teller("a", order), Listener("b", order)
    hub.add(a)
    hub.add(b)
    hub.add(Listener("lead", order), first=True)
    hub.open()
    hub.tell()
    await b.wait()
    await a.wait()
    async with asyncio.timeout(PATIENCE_S):
        while len(order) < 5:
            await asyncio.sleep(0)
    assert order == ["lead", "a", "b", "a", "lead"], "the lead was told a moment ago"
    await hub.close()


async def test_keys_come_between_two_of_them() -> None:
    """Whatever else waits in the loop has its turn before the next one is told, burst or not."""
    hub, order = Hub(burst=2, gap_s=0.001), list[str]()
    loop = asyncio.get_running_loop()

    class Busy(Listener):
        def __call__(self) -> None:
            super().__call__()
            loop.call_soon(order.append, "key")

    listeners = [Busy(name, order) for name in "abcd"]
    await told_by(hub, list(listeners))
    hub.tell()
    await listeners[-1].wait()
    assert order == ["a", "key", "b", "key", "c", "key", "d"]
    await hub.close()


async def test_one_that_fails_leaves_nobody_behind(caplog: pytest.LogCaptureFixture) -> None:
    hub = Hub()

    def fail() -> None:
        raise RuntimeError("its console has gone")

    hub.add(fail)
    listener = Listener()
    await told_by(hub, [listener])
    hub.tell()
    await listener.wait()
    assert "could not be told" in caplog.text
    await hub.close()


async def test_one_that_ends_while_it_waits_is_not_told() -> None:
    hub, order = Hub(), list[str]()
    last = Listener("last", order)
    ends: list[Callable[[], None]] = []

    def first() -> None:
        order.append("first")
        ends[0]()

    hub.add(first)
    ends.append(hub.add(Listener("ended", order)))
    await told_by(hub, [last])
    hub.tell()
    await last.wait()
    assert order == ["first", "last"]
    await hub.close()
    hub.tell()  # says nothing, and harms nothing
