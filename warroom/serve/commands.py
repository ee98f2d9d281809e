"""One command for somebody over a line: run in a process of its own, as that person, within limits.

Which process commands are forks of, and what one is told of the person, the CLI says (`Runner`); nothing of the line
becomes an argument of a program, a variable or a path here.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Protocol
from weakref import WeakValueDictionary

from warroom.serve.forks import Fork, Forks
from warroom.serve.server import Room
from warroom.serve.sessions import Known
from warroom.vocabulary.errors import Busy, Refused

TAKES_AT_MOST_S = 120.0
MOST_INPUT = 64 << 20
MOST_OUTPUT = 64 << 20
"""Bytes that a command reads and writes at most."""

AT_ONCE, WAITING = 4, 64
"""So many commands run at once, and so many wait; each is a process."""

AT_ONCE_EACH, WAITING_EACH = 2, 16
"""The same of one person: whoever forgot to give a command its input does not keep the others from theirs."""

PIECE = 65_536

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Runner:
    """How commands are run.

    Attributes:
        arguments: of the process in which they are loaded; it finds the number of its socket as its last one.
        environment: of that process, and so of each command.
        told: what a command is told of its words, and of the one who runs it. Raises WarroomError: it is none that may
            be run.
    """

    arguments: Sequence[str]
    environment: Mapping[str, str]
    told: Callable[[Known, Sequence[str]], bytes]


class Outlet(Protocol):
    """Where a command's output goes, and where its input comes from."""

    def write(self, data: bytes) -> None: ...

    def write_error(self, data: bytes) -> None: ...

    async def drain(self) -> None:
        """Wait until more can be written."""
        ...

    async def read(self) -> bytes:
        """The next piece of input; empty at its end."""
        ...


class Commands:
    """Runs commands, a few at once."""

    def __init__(self, runner: Runner) -> None:
        self._told = runner.told
        self._forks = Forks(runner.arguments, runner.environment)
        self._free = asyncio.Semaphore(AT_ONCE)
        self._waiting: Counter[int] = Counter()
        self._of_person: WeakValueDictionary[int, asyncio.Semaphore] = WeakValueDictionary()

    @asynccontextmanager
    async def ready(self, room: Room) -> AsyncIterator[str]:  # noqa: ARG002
        """The part of a server that holds the process ready of which commands are forks."""
        async with self._forks:
            yield ""

    async def run(self, known: Known, words: Sequence[str], outlet: Outlet) -> int:
        """Run a command to its end, and return its exit code. Cancelled, it ends the process too.

        Raises:
            WarroomError: it is none that may be run, too many wait, or it was cut off.
        """
        told = self._told(known, words)
        who = known.person_id
        if self._waiting.total() >= WAITING or self._waiting[who] >= WAITING_EACH:
            raise Busy("too many commands wait", hint="try again in a moment")
        own = self._of_person.setdefault(who, asyncio.Semaphore(AT_ONCE_EACH))
        async with AsyncExitStack() as held:
            self._waiting[who] += 1
            try:
                await held.enter_async_context(own)
                await held.enter_async_context(self._free)
            finally:
                self._waiting[who] -= 1
            return await _run(await self._forks.begin(told), outlet)


async def _run(fork: Fork, outlet: Outlet) -> int:
    """Pass everything on until a command ends; its exit code as a shell gives it."""
    feeding = asyncio.create_task(_feed(fork, outlet))
    passing = (
        asyncio.create_task(_pass_on(fork.output, outlet.write, outlet)),
        asyncio.create_task(_pass_on(fork.errors, outlet.write_error, outlet)),
    )
    try:
        async with asyncio.timeout(TAKES_AT_MOST_S):
            await asyncio.gather(*passing)
            code = await fork.wait()
        if feeding.done() and not feeding.cancelled() and (failed := feeding.exception()) is not None:
            if isinstance(failed, Refused):
                raise failed
            _LOG.warning("a command's input could not be passed on", exc_info=failed)
        return code if code >= 0 else 128 - code
    except TimeoutError:
        raise Busy(f"the command took more than {TAKES_AT_MOST_S:.0f} seconds, and was ended") from None
    finally:
        for task in (feeding, *passing):
            task.cancel()
        await fork.end()
        await asyncio.gather(feeding, *passing, return_exceptions=True)


async def _feed(fork: Fork, outlet: Outlet) -> None:
    """Pass on the input.

    Raises:
        Refused: there is too much of it, and the command was ended.
    """
    taken = 0
    with contextlib.suppress(ConnectionError):  # the command wants no more
        while piece := await outlet.read():
            taken += len(piece)
            if taken > MOST_INPUT:
                fork.kill()
                raise Refused(
                    f"a command reads at most {MOST_INPUT:,} bytes here; this one was ended",
                    hint="add what is larger where the state file is, or note where it is kept",
                )
            fork.input.write(piece)
            await fork.input.drain()
        fork.input.write_eof()


async def _pass_on(stream: asyncio.StreamReader, write: Callable[[bytes], None], outlet: Outlet) -> None:
    """Pass on output to its end.

    Raises:
        Busy: there is too much of it.
    """
    passed = 0
    while piece := await stream.read(PIECE):
        passed += len(piece)
        if passed > MOST_OUTPUT:
            raise Busy(f"the command wrote more than {MOST_OUTPUT:,} bytes")
        write(piece)
        await outlet.drain()
