"""One command over a line: its limits, and how it is ended."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator

import pytest

from tests.preloading import ENVIRONMENT, PROGRAM, lives
from warroom.serve import commands as of
from warroom.serve.commands import AT_ONCE, AT_ONCE_EACH, WAITING_EACH, Commands, Runner
from warroom.serve.sessions import Known
from warroom.vocabulary.errors import Busy, Refused

JANA, RAHUL = Known(1, "jana", "192.0.2.1"), Known(2, "rahul", "192.0.2.2")

WAITS = "import os, sys; print(os.getpid(), flush=True); sys.stdin.read()"
SLEEPS = "import os, time; print(os.getpid(), flush=True); time.sleep(600)"


class Line:
    """A line that gives what it is given, and keeps what comes."""

    def __init__(self, *pieces: bytes, ends: bool = True) -> None:
        self.pieces = list(pieces)
        self.ends = ends
        self.out = b""
        self.err = b""
        self.some = asyncio.Event()

    def write(self, data: bytes) -> None:
        self.out += data
        self.some.set()

    def write_error(self, data: bytes) -> None:
        self.err += data

    async def drain(self) -> None:
        pass

    async def read(self) -> bytes:
        if not self.pieces and not self.ends:
            await asyncio.Event().wait()
        return self.pieces.pop(0) if self.pieces else b""

    async def process(self) -> int:
        """The process of the command, which says that first."""
        await self.some.wait()
        return int(self.out.split()[0])


@pytest.fixture
async def commands() -> AsyncIterator[Commands]:
    runner = Runner(PROGRAM, ENVIRONMENT, lambda known, words: f"WHO = {known.handle!r}\n{words[0]}".encode())
    made = Commands(runner)
    async with made.ready(None):  # type: ignore[arg-type]
        yield made


async def test_it_is_run_as_somebody_with_input_and_output(commands: Commands) -> None:
    line = Line(b"some ", b"words")
    source = "import sys; print(WHO, sys.stdin.read()); print('told', file=sys.stderr); code = 7"
    assert await commands.run(JANA, [source], line) == 7
    assert (line.out, line.err) == (b"jana some words\n", b"told\n")


async def test_a_signal_is_told_as_a_shell_does(commands: Commands) -> None:
    source = "import os; os.kill(os.getpid(), 9)"
    assert await commands.run(JANA, [source], Line()) == 128 + signal.SIGKILL


async def test_it_writes_so_much(commands: Commands, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(of, "MOST_OUTPUT", 100_000)
    assert await commands.run(JANA, ["print('x' * 99_999)"], Line()) == 0
    line = Line()
    with pytest.raises(Busy, match="wrote more than 100,000 bytes"):
        await commands.run(JANA, ["import os; print(os.getpid())\nwhile True: print('x' * 1_000)"], line)
    assert not lives(await line.process())


async def test_it_reads_so_much(commands: Commands, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(of, "MOST_INPUT", 100_000)
    assert await commands.run(JANA, [WAITS], Line(b"x" * 100_000)) == 0
    line = Line(b"x" * 50_000, b"x" * 50_001)
    with pytest.raises(Refused, match="reads at most 100,000 bytes"):
        await commands.run(JANA, [f"{WAITS}"], line)
    assert line.out == b"" or not lives(await line.process())


async def test_it_takes_so_long(commands: Commands, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(of, "TAKES_AT_MOST_S", 0.2)
    line = Line()
    with pytest.raises(Busy, match="took more than"):
        await commands.run(JANA, [f"{WAITS}\n{SLEEPS}"], line)
    assert line.out == b"" or not lives(await line.process())


@pytest.mark.parametrize("times", [1, 2])
async def test_when_the_line_drops_it_ends_and_nothing_waits_for_it(commands: Commands, times: int) -> None:
    before = asyncio.all_tasks()
    line = Line(ends=False)
    running = asyncio.create_task(commands.run(JANA, [SLEEPS], line))
    process = await line.process()
    for _ in range(times):
        running.cancel()
        await asyncio.sleep(0)
    with pytest.raises(asyncio.CancelledError):
        await running
    while lives(process) or asyncio.all_tasks() != before:
        await asyncio.sleep(0.01)


async def test_so_many_run_and_wait_and_others_have_their_turn(commands: Commands) -> None:
    begun = [Line(ends=False) for _ in range(AT_ONCE_EACH + WAITING_EACH)]
    running = [asyncio.create_task(commands.run(JANA, [WAITS], line)) for line in begun]
    processes = [await line.process() for line in begun[:AT_ONCE_EACH]]
    with pytest.raises(Busy, match="too many commands wait"):
        await commands.run(JANA, [WAITS], Line())
    assert AT_ONCE_EACH < AT_ONCE
    assert await commands.run(RAHUL, ["code = 4"], Line()) == 4
    assert not any(line.out for line in begun[AT_ONCE_EACH:])
    for one in running:
        one.cancel()
    await asyncio.gather(*running, return_exceptions=True)
    assert not any(map(lives, processes))
    assert await commands.run(JANA, ["code = 5"], Line()) == 5


async def test_one_that_cannot_be_begun_keeps_no_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(of, "AT_ONCE", 1)
    broken = Commands(Runner(("/no/such/program",), {}, lambda *_: b""))
    for _ in range(3):
        with pytest.raises(Busy, match="no command can be run just now"):
            await broken.run(JANA, [""], Line())
