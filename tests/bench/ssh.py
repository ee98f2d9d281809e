"""Many real SSH sessions against one server, each in a loop of its own process: what a key takes until it is seen.

Among them one client has stopped reading, and one sends whatever it likes. Times are those of the clients: between a
key and the bytes that answer it, encryption, compression and the loopback included.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import cycle, islice
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Any

import asyncssh

from tests.bench.consoles import LEAD_SIZE, OWNER_SIZES, make_weekend, shares, until
from tests.cutover import caller
from warroom.actions import keys
from warroom.board.load import load_board
from warroom.board.rows import Person
from warroom.simulate.people import lead_of
from warroom.store.statefile import StateFile

DRAWN = b"help"
"""What the footer of every console ends with."""

MUCH = 1_000
"""Bytes of a piece in which more is drawn than a clock: on the journal's screen, a tick."""

ASKED = b"\x1b[6n"
"""The question where the cursor is."""

WATCHERS = 10
"""So many of the sessions show the journal, on which every tick is seen: by turns a lead's, who is told first, and an
owner's."""

LATE = 10
"""So many log in one after the other while the others tick."""

MOST_AT_ONCE = 20
"""Log-ins under way at once."""


@dataclass(eq=False)
class Client(asyncssh.SSHClientSession[bytes]):
    """One terminal. It answers when it is asked for its cursor, as all do, unless it is stalled.

    Attributes:
        came: when each piece of output came, and whether much was drawn.
    """

    handle: str
    size: tuple[int, int]
    screen: str | None = None
    came: list[tuple[float, bool]] = field(default_factory=list)
    taken: int = 0
    drawn: asyncio.Event = field(default_factory=asyncio.Event)
    ended: bool = False
    tail: bytes = b""
    channel: asyncssh.SSHClientChannel[bytes] | None = None
    connection: asyncssh.SSHClientConnection | None = None
    paint_s: float = 0.0

    def connection_made(self, chan: asyncssh.SSHClientChannel[bytes]) -> None:
        self.channel = chan

    def data_received(self, data: bytes, datatype: asyncssh.DataType) -> None:  # noqa: ARG002
        assert self.channel is not None
        self.taken += len(data)
        seen = self.tail + data  # a piece may end in the middle of what is looked for
        self.came.append((perf_counter(), len(data) >= MUCH))
        if asked := seen.count(ASKED) - self.tail.count(ASKED):
            self.channel.write(b"\x1b[1;1R" * asked)
        if DRAWN in seen:
            self.drawn.set()
        self.tail = seen[-len(ASKED) + 1 :]

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        self.ended = True
        self.drawn.set()

    def press(self, keys: bytes) -> float:
        assert self.channel is not None
        at = perf_counter()
        self.channel.write(keys)
        return at

    def first_after(self, at: float, *, much: bool = False) -> float | None:
        """Milliseconds from an instant to the first output after it, or to the first that draws much."""
        return next(((came - at) * 1000 for came, told in self.came if came >= at and (told or not much)), None)

    async def open(self, port: int, key: asyncssh.SSHKey) -> None:
        """Log in, and wait for the first picture."""
        began = perf_counter()
        self.connection = await asyncssh.connect(
            "127.0.0.1",
            port,
            known_hosts=None,
            client_keys=[key],
            username="x",
            config=None,
            agent_path=None,
            compression_algs=["zlib@openssh.com"],
        )
        await self.connection.create_session(
            lambda: self,
            *([] if self.screen is None else [f"open --screen {self.screen}"]),
            term_type="xterm-256color",
            term_size=self.size,
            encoding=None,
        )
        await self.drawn.wait()
        self.paint_s = perf_counter() - began


class Server:
    """The other process."""

    def __init__(self, process: asyncio.subprocess.Process, port: int) -> None:
        self.process = process
        self.port = port

    async def ask(self, question: str) -> Any:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{question}\n".encode())
        return json.loads(await self.process.stdout.readline())


@asynccontextmanager
async def server(path: Path, key: asyncssh.SSHKey, at: datetime) -> AsyncIterator[Server]:
    """A server over the state file at `path`, at the wall time `at`."""
    host_key = path.with_name("host-key")
    key.write_private_key(host_key)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.bench.ssh_server", str(path), str(host_key), at.isoformat()),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        port = int((await process.stdout.readline()).decode().rpartition(":")[2])
        await process.stdout.readline()
        yield Server(process, port)
    finally:
        process.stdin.close()
        try:
            async with asyncio.timeout(30):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()


@dataclass
class Room:
    """The clients of one server. The first is the lead's; those that come late are opened with `open`."""

    server: Server
    clients: list[Client]
    stalled: Client
    hostile: Client
    late: list[Client]
    open: Callable[[Client], Awaitable[None]]

    @property
    def watchers(self) -> list[Client]:
        """Those that show the journal."""
        return [client for client in self.clients if client.screen == "journal"]

    async def tickers(self) -> list[Client]:
        """One client of each person who has a step to tick."""
        handles = await self.server.ask("tickers")
        found = {client.handle: client for client in self.clients if client.handle in handles and client.screen is None}
        return list(found.values())


@asynccontextmanager
async def room(folder: Path, count: int) -> AsyncIterator[Room]:
    """`count` sessions in the middle of the weekend, the stalled and the hostile one among them."""
    path = folder / "ssh.db"
    at = make_weekend(path)
    people: dict[str, asyncssh.SSHKey] = {}
    with StateFile.open(path) as state_file:
        board = load_board(state_file)
        lead = lead_of(board)
        owners = sorted({board.handle(task.owner_id) or lead for task in board.tasks} - {lead})
        for person in board.rows(Person).values():
            key = asyncssh.generate_private_key("ssh-ed25519")
            people[person.handle] = key
            line = key.export_public_key().decode().strip()
            keys.add(state_file, caller(lead), person.handle, lines=[line])
    watching = min(WATCHERS, count // 4)
    sizes, whose = cycle(OWNER_SIZES), cycle(owners)
    clients = [Client(lead, LEAD_SIZE)]
    clients += [Client((lead, owners[0])[number % 2], (120, 40), "journal") for number in range(watching)]
    clients += [Client(owner, next(sizes)) for owner in islice(whose, count - watching - 3)]
    stalled, hostile = Client(lead, (120, 40), "journal"), Client(owners[0], (80, 24), "owner")
    late = [Client(owner, (80, 24)) for owner in islice(whose, LATE)]
    async with server(path, asyncssh.generate_private_key("ssh-ed25519"), at) as opened:
        free = asyncio.Semaphore(MOST_AT_ONCE)

        async def come(client: Client) -> None:
            async with free:
                await client.open(opened.port, people[client.handle])

        await asyncio.gather(*(come(client) for client in (*clients, stalled, hostile)))
        assert not any(client.ended for client in (*clients, stalled, hostile))
        try:
            yield Room(opened, clients, stalled, hostile, late, come)
        finally:
            for client in (*clients, *late, stalled, hostile):
                if client.connection is not None:
                    client.connection.abort()


async def be_hostile(client: Client, seconds: float, seed: int = 5) -> None:
    """Send garbage, floods of keys and wild sizes for so long."""
    random = Random(seed)
    assert client.channel is not None
    end = perf_counter() + seconds
    while perf_counter() < end and not client.ended:
        kind = random.randrange(4)
        if kind == 0:
            client.channel.write(random.randbytes(2_000).replace(b"q", b"").replace(b"\x11", b""))
        elif kind == 1:
            client.channel.write(b"\x1b[B\x1b[A" * 500)
        elif kind == 2:
            client.channel.change_terminal_size(random.randrange(1, 3_000), random.randrange(1, 3_000))
        else:
            client.channel.write(b"\x1b[<0;9999;1M\x1b[200~" + b"x" * 500 + b"\x1b[201~\x1b[999;999R")
        await asyncio.sleep(0.01)


@dataclass
class Times:
    """Milliseconds from a key to the answer on the own terminal, and to the tick on all that show the journal: on those
    of the lead, and on all others."""

    own: list[float] = field(default_factory=list)
    leads: list[float] = field(default_factory=list)
    others: list[float] = field(default_factory=list)
    missed: int = 0


async def ticks(opened: Room, count: int, gap_s: Callable[[Random], float], seed: int = 1) -> Times:
    """`count` keys that tick or untick a step, from all over the room, so many seconds apart."""
    random, pressed = Random(seed), list[tuple[Client, float]]()
    tickers = await opened.tickers()
    for number in range(count):
        client = tickers[number % len(tickers)]
        pressed.append((client, client.press(b"1")))
        await asyncio.sleep(gap_s(random))
    await asyncio.sleep(2)
    found = Times()
    for client, at in pressed:
        own = client.first_after(at)
        if own is None:
            found.missed += 1
        else:
            found.own.append(own)
        lead = opened.clients[0].handle
        for one in opened.watchers:
            if (ms := one.first_after(at, much=True)) is not None:
                (found.leads if one.handle == lead else found.others).append(ms)
    return found


async def _one_by_one(opened: Room) -> None:
    for client in opened.late:
        await opened.open(client)


async def lines(folder: Path, count: int) -> AsyncIterator[str]:
    """The figures of so many sessions."""
    began = perf_counter()
    async with room(folder, count) as opened:
        ask = opened.server.ask
        cost = await ask("cost")
        yield f"{count} sessions over SSH, all up {perf_counter() - began:.1f} s after the weekend was begun to be made"
        yield f"first paint         {shares([client.paint_s * 1000 for client in opened.clients])}"
        yield f"memory of server    {cost['memory_mb']:.0f} MB"
        await asyncio.sleep(3)
        before, start = await ask("cost"), perf_counter()
        await asyncio.sleep(6)
        after = await ask("cost")
        yield f"idle                {(after['cpu_s'] - before['cpu_s']) / (perf_counter() - start):.1%} of a core"
        quiet = await ticks(opened, 40, lambda random: 0.3 + 0.2 * random.random())
        yield f"tick to own         {shares(quiet.own)}"
        yield f"tick to the lead    {shares(quiet.leads)}"
        yield f"tick to others      {shares(quiet.others)}"
        assert opened.stalled.channel is not None
        opened.stalled.channel.pause_reading()
        hostility = asyncio.create_task(be_hostile(opened.hostile, 14))
        hurt = await ticks(opened, 30, lambda random: 0.3 + 0.1 * random.random())
        yield f"with a stalled and a hostile client among them: own {shares(hurt.own)}"
        yield f"                                             lead   {shares(hurt.leads)}"
        yield f"                                             others {shares(hurt.others)}"
        await hostility
        opened.stalled.channel.resume_reading()
        await ask("cost")
        before, start = await ask("cost"), perf_counter()
        stormy = await ticks(opened, 200, lambda _: 0.04)
        after = await ask("cost")
        yield f"25 a second, own    {shares(stormy.own)}"
        yield f"25 a second, lead   {shares(stormy.leads)}"
        yield f"25 a second, others {shares(stormy.others)}"
        core = (after["cpu_s"] - before["cpu_s"]) / (perf_counter() - start)
        coming = asyncio.create_task(_one_by_one(opened))
        await ticks(opened, 100, lambda _: 0.04, seed=2)
        await coming
        yield f"25 a second, log-in {shares([client.paint_s * 1000 for client in opened.late])}"
        yield f"25 a second         {core:.0%} of a core, the loop at most {after['lag_s'] * 1000:.0f} ms late"
        memory = (await ask("cost"))["memory_mb"]
        standing = await ask("sessions")
        yield f"at the end          {memory:.0f} MB, {standing['open']} sessions open"
        await until(lambda: not opened.clients[0].ended, 1)
