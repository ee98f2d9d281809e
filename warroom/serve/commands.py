"""One command for somebody over a line: run in a process of its own, as that person, within limits.

What is run, and how that process learns who the person is, the CLI says (`Runner`); nothing of the line becomes an
argument of a program, a variable or a path here.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Protocol
from weakref import WeakValueDictionary

from warroom.serve.sessions import Known
from warroom.vocabulary.errors import Busy

TAKES_AT_MOST_S = 120.0
MOST_INPUT = 64 << 20
MOST_OUTPUT = 64 << 20
"""Bytes that a command reads and writes at most."""

AT_ONCE, WAITING = 4, 64
"""So many commands run at once, and so many wait; each is a process."""

AT_ONCE_EACH, WAITING_EACH = 2, 16
"""The same of one person: whoever forgot to give a command its input does not keep the others from theirs."""

PIECE = 65_536

NICER = 5
"""By so much a command gives way to the consoles."""

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A process to start. `told` is given to it through a pipe of which it finds the number as its last argument."""

    arguments: Sequence[str]
    environment: Mapping[str, str]
    told: bytes


Runner = Callable[[Known, Sequence[str]], Prepared]
"""How to run the words of a command as somebody.

Raises:
    WarroomError: it is none that may be run.
"""


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
        self._runner = runner
        self._free = asyncio.Semaphore(AT_ONCE)
        self._waiting: Counter[int] = Counter()
        self._of_person: WeakValueDictionary[int, asyncio.Semaphore] = WeakValueDictionary()

    async def run(self, known: Known, words: Sequence[str], outlet: Outlet) -> int:
        """Run a command to its end, and return its exit code. Cancelled, it ends the process too.

        Raises:
            WarroomError: it is none that may be run, or too many wait.
        """
        prepared = self._runner(known, words)
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
            return await self._run(prepared, outlet)

    async def _run(self, prepared: Prepared, outlet: Outlet) -> int:
        reading, writing = os.pipe()
        try:
            process = await asyncio.create_subprocess_exec(
                *prepared.arguments,
                str(reading),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
                env=dict(prepared.environment),
                pass_fds=(reading,),
                start_new_session=True,
            )
            with contextlib.suppress(OSError):  # it has ended already
                os.setpriority(os.PRIO_PROCESS, process.pid, os.getpriority(os.PRIO_PROCESS, 0) + NICER)
            os.write(writing, prepared.told)
        finally:
            os.close(reading)
            os.close(writing)
        assert process.stdout is not None
        assert process.stderr is not None
        feeding = asyncio.create_task(_feed(process, outlet))
        try:
            async with asyncio.timeout(TAKES_AT_MOST_S):
                too_much = await asyncio.gather(
                    _pass_on(process.stdout, outlet.write, outlet), _pass_on(process.stderr, outlet.write_error, outlet)
                )
                if any(too_much):
                    raise Busy(f"the command wrote more than {MOST_OUTPUT:,} bytes")
                code = await process.wait()
            if feeding.done() and not feeding.cancelled() and feeding.exception() is not None:
                _LOG.warning("a command's input could not be passed on", exc_info=feeding.exception())
            return code if code >= 0 else 128 - code
        except TimeoutError:
            raise Busy(f"the command took more than {TAKES_AT_MOST_S:.0f} seconds, and was ended") from None
        finally:
            feeding.cancel()
            await asyncio.gather(feeding, return_exceptions=True)
            if process.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                await process.wait()


async def _feed(process: asyncio.subprocess.Process, outlet: Outlet) -> None:
    """Pass on the input; one that is too long is cut off by ending the command."""
    assert process.stdin is not None
    taken = 0
    try:
        while piece := await outlet.read():
            taken += len(piece)
            if taken > MOST_INPUT:
                outlet.write_error(f"warroom: a command reads at most {MOST_INPUT:,} bytes\n".encode())
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                return
            process.stdin.write(piece)
            await process.stdin.drain()
    except (BrokenPipeError, ConnectionResetError):
        pass  # the command wanted no more
    finally:
        process.stdin.close()


async def _pass_on(stream: asyncio.StreamReader, write: Callable[[bytes], None], outlet: Outlet) -> bool:
    """Pass on output to its end; whether there was too much of it."""
    passed = 0
    while piece := await stream.read(PIECE):
        passed += len(piece)
        if passed > MOST_OUTPUT:
            return True
        write(piece)
        await outlet.drain()
    return False
