"""The server's side of the preloaded process: it is started, asked for commands, and started again should it die."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import socket
from asyncio.subprocess import DEVNULL, Process
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass

from warroom.serve.preloaded import NONE_BEGUN, NUMBER
from warroom.vocabulary.errors import Busy

BEGINS_WITHIN_S = 60.0
"""A process that has not begun a command after so many seconds is given up, and another one started."""

ENDS_WITHIN_S = 10.0
"""So long it has for ending a command before the server does that itself."""

_LOG = logging.getLogger(__name__)


class Fork:
    """One command that runs.

    Attributes:
        input: its standard input. That ends by `write_eof`, and by nothing else.
        output: its standard output. errors: its standard error.
    """

    def __init__(
        self,
        process: int,
        line: tuple[asyncio.StreamReader, asyncio.StreamWriter],
        streams: Sequence[tuple[asyncio.StreamReader, asyncio.StreamWriter]],
    ) -> None:
        self.process = process
        self._line = line
        self._streams = streams
        (_, self.input), (self.output, _), (self.errors, _) = streams
        self._code = asyncio.create_task(self._ended())

    async def wait(self) -> int:
        """Its exit code, once it has ended; below 0: the signal by which it ended.

        Raises:
            Busy: nobody knows whether it came to its end.
        """
        return await asyncio.shield(self._code)

    def kill(self) -> None:
        """End it and all that it started, if it still runs."""
        _, writer = self._line
        if not self._code.done() and not writer.is_closing():
            writer.write_eof()

    async def end(self) -> None:
        """End it if it still runs, and let go of it."""
        self.kill()
        try:
            async with asyncio.timeout(ENDS_WITHIN_S):
                await asyncio.wait((self._code,))
        except TimeoutError:
            _LOG.warning("process %d was not ended by the one that began it", self.process)
            self._kill_here()
        finally:
            self._code.cancel()
            for _, writer in (self._line, *self._streams):
                writer.transport.abort()
            await asyncio.gather(self._code, return_exceptions=True)

    async def _ended(self) -> int:
        try:
            return await _number(self._line[0])
        except EOFError:
            # The preloaded process has died, and nobody else ends what it began.
            self._kill_here()
            raise Busy(
                "the command was cut off, and may be done or not", hint="look what is recorded before you try again"
            ) from None

    def _kill_here(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process, signal.SIGKILL)


@dataclass(frozen=True, slots=True)
class _Preloaded:
    """The process, and the socket through which it is asked."""

    process: Process
    asking: socket.socket


class Forks:
    """Begins commands. While it is entered, the preloaded process runs.

    Args:
        arguments: of the preloaded process, which finds the number of its socket as its last one.
        environment: its own, and that of each command.
    """

    def __init__(self, arguments: Sequence[str], environment: Mapping[str, str]) -> None:
        self._arguments = arguments
        self._environment = environment
        self._preloaded: _Preloaded | None = None
        self._starting = asyncio.Lock()

    async def __aenter__(self) -> Forks:
        with contextlib.suppress(OSError):  # the first command will say so
            await self._started()
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._preloaded is not None:
            preloaded, self._preloaded = self._preloaded, None
            preloaded.asking.close()
            try:
                async with asyncio.timeout(ENDS_WITHIN_S):
                    await preloaded.process.wait()
            except TimeoutError:
                await self._give_up(preloaded)

    async def begin(self, told: bytes) -> Fork:
        """Begin a command that is told this. One that could not be told has not begun.

        Raises:
            Busy: none can be begun.
        """
        for _ in range(2):  # the process may have died unnoticed
            try:
                preloaded = await self._started()
            except OSError as error:
                _LOG.error("the process for commands cannot be started: %s", error)
                break
            try:
                async with asyncio.timeout(BEGINS_WITHIN_S):
                    fork = await _ask(preloaded.asking)
            except (OSError, EOFError) as error:  # a time-out is one of the first
                _LOG.warning("the process for commands is started again: %s", str(error) or type(error).__name__)
                await self._give_up(preloaded)
                continue
            if fork is None:
                break
            fork.input.write(NUMBER.pack(len(told)) + told)
            return fork
        raise Busy("no command can be run just now", hint="the server's log says why; consoles open all the same")

    async def _started(self) -> _Preloaded:
        """The preloaded process; it may still be loading, and what it is asked waits for that.

        Raises:
            OSError: it cannot be started.
        """
        async with self._starting:
            if self._preloaded is None:
                asking, asked = socket.socketpair()
                with ExitStack() as undone:
                    undone.enter_context(asking)
                    with asked:
                        process = await asyncio.create_subprocess_exec(
                            *self._arguments,
                            str(asked.fileno()),
                            stdin=DEVNULL,
                            stdout=DEVNULL,
                            env=dict(self._environment),
                            pass_fds=(asked.fileno(),),
                            start_new_session=True,
                        )
                    undone.pop_all()
                asking.setblocking(False)
                self._preloaded = _Preloaded(process, asking)
            return self._preloaded

    async def _give_up(self, preloaded: _Preloaded) -> None:
        """Make sure that it has ended; the next that is needed will be another one."""
        if self._preloaded is preloaded:
            self._preloaded = None
        preloaded.asking.close()
        with contextlib.suppress(ProcessLookupError):
            preloaded.process.kill()
        await preloaded.process.wait()


async def _ask(asking: socket.socket) -> Fork | None:
    """Ask the preloaded process for a command; None: the system has room for no more.

    Raises:
        OSError, EOFError: the process has died.
    """
    with ExitStack() as theirs, ExitStack() as undone:
        ours, handed = [], []
        for name in ("line", "input", "output", "errors"):
            here, there = socket.socketpair()
            theirs.enter_context(there)
            undone.enter_context(here)
            handed += [there.fileno(), here.fileno()] if name == "input" else [there.fileno()]
            ours.append(here)
        socket.send_fds(asking, [b"+"], handed)
        theirs.close()
        connected = []
        for here in ours:
            reader, writer = await asyncio.open_connection(sock=here)
            undone.callback(writer.transport.abort)
            connected.append((reader, writer))
        line, *streams = connected
        process = await _number(line[0])
        if process == NONE_BEGUN:
            return None
        undone.pop_all()
        return Fork(process, line, streams)


async def _number(reader: asyncio.StreamReader) -> int:
    """The number that comes on a line.

    Raises:
        EOFError: none comes.
    """
    try:
        number: int = NUMBER.unpack(await reader.readexactly(NUMBER.size))[0]
    except ConnectionError:
        raise EOFError from None
    return number
