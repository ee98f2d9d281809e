"""Many consoles in one process and one event loop over one shared host, without SSH, and what they cost.

Every console has a driver that takes what Textual renders, ANSI codes and all, and counts it; so what is measured is
everything but the network and its encryption. Times are those between a key and the bytes that answer it.
"""

from __future__ import annotations

import asyncio
import gc
import sys
from bisect import bisect_left
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from contextvars import Context
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice
from pathlib import Path
from random import Random
from time import perf_counter, process_time
from typing import Any

from textual import events
from textual.driver import Driver
from textual.geometry import Size

from warroom.actions import plan, runs
from warroom.actions.registry import ACTIONS
from warroom.board.board import Board
from warroom.board.load import load_board
from warroom.board.rows import Task
from warroom.clock.source import Clock, SteppedClock, Uptime
from warroom.host.interpreter import quick_to_answer
from warroom.host.shared import SharedConsole, SharedHost
from warroom.resources import folder
from warroom.runbook.reader import read_runbook
from warroom.serve.console import drawing_in
from warroom.serve.transport import Depth
from warroom.simulate.people import lead_of
from warroom.simulate.play import as_person, play_stepped
from warroom.store.statefile import StateFile
from warroom.tui.app import ConsoleApp
from warroom.tui.picture.picture import Picture
from warroom.tui.screens.console import ConsoleScreen
from warroom.vocabulary.errors import WarroomError
from warroom.vocabulary.journal import Caller
from warroom.vocabulary.words import Assurance, RunKind, TaskState, Via

SEED = 132
INTO_THE_WINDOW = timedelta(hours=16)
"""Saturday morning: half of the work is done, the loads run."""

LEAD_SIZE = (200, 60)
OWNER_SIZES = ((80, 24), (80, 24), (100, 30), (120, 40))
FRAME_S = 0.05
"""What a shown picture changes on the terminal has been written after so many seconds, or nothing had to be."""


# --- the run ------------------------------------------------------------------------------------------


class ShiftedClock:
    """The machine's monotonic clock, set so that it began at an instant of one's own."""

    def __init__(self, start: datetime) -> None:
        self._start = start
        self._began = perf_counter()

    def now(self) -> datetime:
        return self._start + timedelta(seconds=perf_counter() - self._began)

    def uptime(self) -> Uptime:
        return Uptime("this process", int((perf_counter() - self._began) * 1_000_000))


def make_weekend(path: Path) -> datetime:
    """A state file in the middle of the Business Central weekend, in which every owner who can has a task that runs.

    Returns the wall time at which it stands, UTC.
    """
    document = read_runbook(folder("sample_runbooks") / "business-central.yaml")
    start = document.window.start + timedelta(seconds=document.plan_start_s)
    clock = SteppedClock(start.astimezone(UTC))
    plan.init(path, document, name="business-central.yaml", via=Via.SIMULATOR, clock=clock)
    with StateFile.open(path, clock=clock) as state_file:
        lead = as_person(lead_of(load_board(state_file)))
        runs.start(state_file, lead, kind=RunKind.REHEARSAL, name="bench", at=start)
        play_stepped(state_file, clock, SEED, until=document.window.start + INTO_THE_WINDOW)
        board = load_board(state_file)
        busy = {task.owner_id for task in board.tasks if task.state is TaskState.RUNNING}
        for task in board.tasks:
            if task.state is TaskState.NOT_STARTED and board.steps(task.id) and task.owner_id not in busy:
                busy.add(task.owner_id)
                ACTIONS["task.start"](state_file, lead, task.ref)
    return clock.now()


# --- one console ------------------------------------------------------------------------------------------


class CountingDriver(Driver):
    """A terminal that takes everything at once.

    Attributes:
        bytes: how many were written. flushes: when a frame ended, and how many bytes had been written by then.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.bytes = 0
        self.flushes: list[tuple[float, int]] = []

    def write(self, data: str) -> None:
        self.bytes += len(data.encode())

    def flush(self) -> None:
        self.flushes.append((perf_counter(), self.bytes))

    def send_message(self, message: Any) -> None:
        self._app.post_message(message)

    def start_application_mode(self) -> None:
        assert self._size is not None
        size = Size(*self._size)
        self.send_message(events.Resize(size, size))

    def disable_input(self) -> None: ...

    def stop_application_mode(self) -> None: ...

    def press(self, key: str) -> float:
        """A key arrives. Returns when."""
        event = events.Key(key, key if len(key) == 1 else None)
        event.set_sender(self._app)
        at = perf_counter()
        self.send_message(event)
        return at


class CountedConsole(SharedConsole):
    """One side of the shared host that notes which entry of the journal each of its actions led to (0: to none, it was
    refused; None: it is not known yet)."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.acted: list[int | None] = []

    async def act(self, action: str, **arguments: Any) -> Board:
        place = len(self.acted)
        self.acted.append(None)
        try:
            board = await super().act(action, **arguments)
        except WarroomError:
            self.acted[place] = 0
            raise
        self.acted[place] = board.seq
        return board

    @property
    def waiting(self) -> bool:
        """Whether an action is under way."""
        return None in self.acted


class CountedApp(ConsoleApp):
    """A console that notes when it showed which entry; true colour, whatever the terminal is in which this runs."""

    def __init__(self, host: CountedConsole, **options: Any) -> None:
        super().__init__(host, **options)
        self.shown: list[tuple[float, int]] = []
        self._capture_stdout, self._capture_stderr = sys.stdout, sys.stderr  # type: ignore[assignment]
        self.console = drawing_in(Depth.TRUE, self.console.file)

    def get_driver_class(self) -> type[Driver]:
        return CountingDriver

    def _show(self, picture: Picture) -> None:
        super()._show(picture)
        self.shown.append((perf_counter(), picture.board.seq))


@dataclass(eq=False)
class Terminal:
    """A person at a console."""

    handle: str
    size: tuple[int, int]
    host: CountedConsole
    app: CountedApp
    running: asyncio.Task[None] | None = None
    presses: list[float] = field(default_factory=list)

    @property
    def driver(self) -> CountingDriver:
        driver = self.app._driver
        assert isinstance(driver, CountingDriver)
        return driver

    @property
    def ready(self) -> bool:
        return isinstance(self.app._driver, CountingDriver) and self.driver.bytes > 2_000

    def press(self, key: str) -> None:
        self.presses.append(self.driver.press(key))

    def seen_at(self, seq: int, after: float) -> float | None:
        """When the terminal had been given what the entry changes there; None if it never was."""
        shown = next((at for at, shown_seq in self.app.shown if shown_seq >= seq and at >= after), None)
        if shown is None:
            return None
        flushed = self.flushed_at(shown)
        return flushed if flushed is not None and flushed - shown <= FRAME_S else shown

    def flushed_at(self, after: float) -> float | None:
        """The end of the first frame after an instant."""
        place = bisect_left(self.driver.flushes, (after, 0))
        return self.driver.flushes[place][0] if place < len(self.driver.flushes) else None


# --- all of them ------------------------------------------------------------------------------------------


class Room:
    """A lead before a wide screen, and owners before smaller ones."""

    def __init__(self, shared: SharedHost, count: int) -> None:
        self.shared = shared
        board = shared.board
        lead = lead_of(board)
        owners = sorted({board.handle(task.owner_id) or lead for task in board.tasks})
        self.lead = self._seat(lead, LEAD_SIZE, "war-room")
        sizes = cycle(OWNER_SIZES)
        self.owners = [self._seat(owner, next(sizes), "owner") for owner in islice(cycle(owners), count - 1)]

    def _seat(self, handle: str, size: tuple[int, int], screen: str) -> Terminal:
        host = CountedConsole(self.shared, Caller(handle, Assurance.KEY, Via.SSH))
        return Terminal(handle, size, host, CountedApp(host, screen=screen))

    @property
    def terminals(self) -> list[Terminal]:
        return [self.lead, *self.owners]

    @property
    def tickers(self) -> list[Terminal]:
        """The owners whose list begins with a task that runs and has a step."""
        board = self.shared.board

        def ticks(terminal: Terminal) -> bool:
            task = selected(terminal)
            return task is not None and task.state is TaskState.RUNNING and bool(board.steps(task.id))

        return [terminal for terminal in self.owners if ticks(terminal)]

    async def open(self) -> None:
        loop = asyncio.get_running_loop()
        for terminal in self.terminals:
            terminal.running = loop.create_task(terminal.app.run_async(size=terminal.size), context=Context())

        def ready() -> bool:
            for terminal in self.terminals:
                if terminal.running is not None and terminal.running.done():
                    raise RuntimeError(f"the console of {terminal.handle} has ended: {terminal.app.return_code}")
            return all(terminal.ready for terminal in self.terminals)

        await until(ready, 60)
        await self.quiet()

    async def close(self) -> None:
        for terminal in self.terminals:
            terminal.app.call_later(terminal.app.exit)
        running = [terminal.running for terminal in self.terminals if terminal.running is not None]
        await asyncio.wait(running, timeout=30)

    async def answered(self) -> None:
        """Wait until every key that was pressed has led to an action, and each of those is over."""
        await until(
            lambda: all(len(one.host.acted) == len(one.presses) and not one.host.waiting for one in self.owners), 30
        )

    async def quiet(self) -> None:
        """Wait until everybody has seen the newest Board, and what followed from it is written."""
        newest = self.shared.board.seq
        await until(lambda: all(terminal.app.picture.board.seq >= newest for terminal in self.terminals), 30)
        await asyncio.sleep(2 * FRAME_S)

    @property
    def bytes(self) -> int:
        return sum(terminal.driver.bytes for terminal in self.terminals)


def selected(terminal: Terminal) -> Task | None:
    """The task that keys at the terminal are about."""
    screen = terminal.app.screen
    assert isinstance(screen, ConsoleScreen)
    return screen.selected


async def until(holds: Callable[[], bool], seconds: float) -> None:
    """Let the loop go on until something holds.

    Raises:
        TimeoutError: it does not within so many seconds.
    """
    async with asyncio.timeout(seconds):
        while not holds():
            await asyncio.sleep(0.005)


@asynccontextmanager
async def room(path: Path, count: int, clock_at: Callable[[datetime], Clock] | None = None) -> AsyncIterator[Room]:
    """A room of `count` consoles over a weekend at `path`, which is made there.

    Args:
        clock_at: makes the wall clock, from the instant at which the weekend stands; None: one that goes like life.
    """
    clock = (clock_at or ShiftedClock)(make_weekend(path))
    with StateFile.open(path, clock=clock) as state_file:
        async with SharedHost(state_file, watching=False) as shared:
            opened = Room(shared, count)
            await opened.open()
            try:
                yield opened
            finally:
                await opened.close()


# --- measuring ------------------------------------------------------------------------------------------


def share(values: Sequence[float], part: float) -> float:
    """The value below which that part of them lies; nan of none."""
    if not values:
        return float("nan")
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))]


def shares(values: Sequence[float]) -> str:
    """Three percentiles of them, in milliseconds, and how many there are."""
    parts = (share(values, 0.5), share(values, 0.95), share(values, 0.99))
    return "p50 {:6.1f}  p95 {:6.1f}  p99 {:6.1f} ms".format(*parts) + f"  ({len(values)})"


def memory_mb() -> float:
    """What this process holds, its share of what is shared, in MB."""
    for line in Path("/proc/self/smaps_rollup").read_text(encoding="ascii").splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError("the system does not say how much memory a process holds")


@dataclass
class Latencies:
    """Milliseconds from a key to what it changes: on the terminal itself, on the lead's, on all others."""

    own: list[float] = field(default_factory=list)
    lead: list[float] = field(default_factory=list)
    others: list[float] = field(default_factory=list)
    refused: int = 0


def latencies(opened: Room, since: dict[Terminal, int]) -> Latencies:
    """What the keys after the first `since` of each terminal led to. Each key must have led to one action."""
    found = Latencies()
    for terminal in opened.owners:
        start = since.get(terminal, 0)
        pairs = list(zip(terminal.presses[start:], terminal.host.acted[start:], strict=True))
        for pressed, seq in pairs:
            if not seq:
                found.refused += 1
                continue
            for other in opened.terminals:
                seen = other.seen_at(seq, pressed)
                if seen is None:
                    continue
                kind = found.own if other is terminal else found.lead if other is opened.lead else found.others
                kind.append((seen - pressed) * 1000)
    return found


async def single_keys(opened: Room, count: int, seed: int = 1) -> Latencies:
    """`count` ticks, one after the other, each a little after the one before has reached everybody."""
    random = Random(seed)
    tickers = opened.tickers
    since = {terminal: len(terminal.presses) for terminal in opened.owners}
    for _ in range(count):
        terminal = random.choice(tickers)
        terminal.press("1")
        await opened.answered()
        await opened.quiet()
        await asyncio.sleep(0.2 + 0.2 * random.random())
    return latencies(opened, since)


async def storm(opened: Room, rate: int, seconds: float, seed: int = 2) -> tuple[Latencies, float]:
    """`rate` ticks a second from all over the room. Returns the times, and the share of a core that it took."""
    random = Random(seed)
    # Two people at one task would be refused as stale, as they should be; here everybody has their own.
    tickers = list({selected(terminal).ref: terminal for terminal in opened.tickers}.values())  # type: ignore[union-attr]
    random.shuffle(tickers)
    since = {terminal: len(terminal.presses) for terminal in opened.owners}
    began, cpu = perf_counter(), process_time()
    for number in range(int(rate * seconds)):
        await asyncio.sleep(max(0.0, began + number / rate - perf_counter()))
        tickers[number % len(tickers)].press("1")
    taken = (process_time() - cpu) / (perf_counter() - began)
    await opened.answered()
    await opened.quiet()
    return latencies(opened, since), taken


async def moves(opened: Room, count: int) -> list[float]:
    """Milliseconds from a key that moves the cursor on the widest screen to the end of its frame."""
    driver, found = opened.lead.driver, []
    for number in range(count):
        frames, pressed = len(driver.flushes), driver.press("up" if number % 2 else "down")
        await until(lambda frames=frames: len(driver.flushes) > frames, 10)  # type: ignore[misc]
        found.append((driver.flushes[frames][0] - pressed) * 1000)
        await asyncio.sleep(0.03)
    return found


@dataclass(frozen=True)
class Idle:
    """What nothing costs: the share of a core, and bytes a second on each terminal."""

    core: float
    bytes_each: float
    bytes_lead: float


async def idle(opened: Room, seconds: float) -> Idle:
    """What the consoles cost while nothing happens but time."""
    await opened.quiet()
    cpu, began, written, lead = process_time(), perf_counter(), opened.bytes, opened.lead.driver.bytes
    await asyncio.sleep(seconds)
    taken = perf_counter() - began
    return Idle(
        (process_time() - cpu) / taken,
        (opened.bytes - written) / taken / len(opened.terminals),
        (opened.lead.driver.bytes - lead) / taken,
    )


# --- the whole report ------------------------------------------------------------------------------------------


@dataclass
class Report:
    """The figures of one room."""

    count: int
    start_s: float
    memory_before: float
    memory: float
    first_paint: float
    idle: Idle
    moves: list[float]
    single: Latencies
    storm: Latencies
    storm_core: float

    def lines(self) -> list[str]:
        return [
            f"{self.count} consoles, up after {self.start_s:.1f} s, {self.first_paint / 1000:.0f} KB each",
            f"memory              {self.memory:.0f} MB, of which the consoles {self.memory - self.memory_before:.0f}",
            f"idle                {self.idle.core:.1%} of a core, {self.idle.bytes_each:.0f} bytes/s each, "
            f"{self.idle.bytes_lead:.0f} the lead's",
            f"lead's cursor key   {shares(self.moves)}",
            f"tick to own         {shares(self.single.own)}",
            f"tick to the lead's  {shares(self.single.lead)}",
            f"tick to all others  {shares(self.single.others)}",
            f"storm, to own       {shares(self.storm.own)}",
            f"storm, to the lead  {shares(self.storm.lead)}",
            f"storm, to others    {shares(self.storm.others)}",
            f"storm               {self.storm_core:.0%} of a core, {self.storm.refused} refused",
        ]


async def measure(path: Path, count: int, *, ticks: int = 40, storm_s: float = 8, idle_s: float = 6) -> Report:
    """Open a room at `path` and measure it."""
    async with room(path.with_name("warm.db"), 2):
        pass  # what is read and built once in a process is not part of a console's cost
    with quick_to_answer():
        before, began = memory_mb(), perf_counter()
        async with room(path, count) as opened:
            started = perf_counter() - began
            gc.collect()
            memory, first = memory_mb(), opened.bytes / count
            resting = await idle(opened, idle_s)
            moved = await moves(opened, 2 * ticks)
            single = await single_keys(opened, ticks)
            stormy, core = await storm(opened, 25, storm_s)
            return Report(count, started, before, memory, first, resting, moved, single, stormy, core)
