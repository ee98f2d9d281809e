"""One line to somebody who is known, whatever carries it: a console, or one command, and then its end."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from typing import Protocol

from warroom.serve.audit import Audit
from warroom.serve.commands import Commands
from warroom.serve.sessions import Known, Session, Sessions
from warroom.serve.transport import Terminal, Transport
from warroom.serve.wanted import Wanted, console_of, words_of
from warroom.vocabulary.errors import BadInput, WarroomError
from warroom.vocabulary.text import one_line

MOST_INPUT, LITTLE_INPUT = 1 << 20, 1 << 18
"""Bytes for a command that wait: above the first the line is asked to hold, below the second to go on."""

INTERRUPTED = 130

_LOG = logging.getLogger(__name__)


class Wire(Transport, Protocol):
    """A transport that tells errors from output."""

    def write_error(self, data: bytes) -> None: ...


class Line:
    """What is done on one line. Whoever carries it calls `begin`, and then the others as things happen.

    Args:
        how: by what the person is known, for the journal.
        terminal: None where nobody looks.
    """

    def __init__(self, wire: Wire, known: Known, how: str, terminal: Terminal | None) -> None:
        self._wire = wire
        self._known = known
        self._how = how
        self._terminal = terminal
        self._session: Session | None = None
        self._running: asyncio.Task[None] | None = None
        self._input: deque[bytes] = deque()
        self._waiting = 0
        self._paused = False
        self._all = False
        self._some = asyncio.Event()
        self._writable = asyncio.Event()
        self._writable.set()

    # --- what happens on the line ------------------------------------------------------------------------------------

    def begin(self, sessions: Sessions, commands: Commands, audit: Audit, command: str | None) -> None:
        """Open the console, or run the command."""
        try:
            words = [] if command is None else words_of(command)
            wanted = Wanted() if not words else console_of(words)
            if wanted is not None:
                self._open(sessions, audit, wanted)
                return
        except WarroomError as error:
            self._fail(error)
            return
        audit.commanded(self._known, self._how)
        self._running = asyncio.get_running_loop().create_task(self._run(commands, words))

    def received(self, data: bytes) -> None:
        if self._session is not None:
            self._session.feed(data)
            return
        self._input.append(data)
        self._waiting += len(data)
        self._some.set()
        if self._waiting > MOST_INPUT and not self._paused:
            self._paused = True
            self._wire.pause()

    def received_all(self) -> None:
        """Nothing more will come."""
        self._all = True
        self._some.set()
        if self._session is not None:
            self._session.end()

    def resized(self, width: int, height: int) -> None:
        if self._session is not None:
            self._session.resize(width, height)

    def interrupted(self) -> None:
        """The person's client passes on a signal."""
        if self._running is not None:
            self._running.cancel()

    def full(self) -> None:
        """The line takes no more for now."""
        self._writable.clear()

    def free(self) -> None:
        """It does again."""
        self._writable.set()

    def lost(self) -> None:
        if self._session is not None:
            self._session.line_lost()
        if self._running is not None:
            self._running.cancel()
        self._writable.set()

    # --- a console ---------------------------------------------------------------------------------------------------

    def _open(self, sessions: Sessions, audit: Audit, wanted: Wanted) -> None:
        if self._terminal is None:
            raise BadInput("a console needs a terminal", hint="ssh -t opens one; or name a command, such as status")
        if not self._terminal.can_draw:
            named = f"TERM={self._terminal.name} does not" if self._terminal.name else "TERM names none"
            raise BadInput(
                f"the console needs a terminal that moves its cursor, and {named}",
                hint="set TERM to what yours is; to look without one, name a command, such as status",
            )
        self._session = sessions.open(self._known, self._wire, self._terminal, wanted)
        audit.opened(self._known, self._how)
        self._session.told_when_over(audit.ended)

    # --- a command ---------------------------------------------------------------------------------------------------

    async def _run(self, commands: Commands, words: list[str]) -> None:
        try:
            self._wire.end(await commands.run(self._known, words, self))
        except asyncio.CancelledError:
            self._wire.end(INTERRUPTED)
        except WarroomError as error:
            self._fail(error)
        except Exception:
            _LOG.exception("a command of %s could not be run", self._known.handle)
            self._fail(WarroomError("the command could not be run", hint="the server's log says why"))

    def write(self, data: bytes) -> None:
        self._wire.write(self._shown(data))

    def write_error(self, data: bytes) -> None:
        self._wire.write_error(self._shown(data))

    def _shown(self, data: bytes) -> bytes:
        """On a terminal a new line begins at the left."""
        return data if self._terminal is None else data.replace(b"\n", b"\r\n")

    async def drain(self) -> None:
        await self._writable.wait()

    async def read(self) -> bytes:
        while not self._input:
            if self._all:
                return b""
            self._some.clear()
            await self._some.wait()
        data = self._input.popleft()
        self._waiting -= len(data)
        if self._paused and self._waiting < LITTLE_INPUT:
            self._paused = False
            self._wire.resume()
        return data

    def _fail(self, error: WarroomError) -> None:
        said = [f"warroom: {one_line(error.message)}"]
        said += [f"  where: {one_line(error.where)}"] if error.where else []
        said += [f"  hint: {one_line(error.hint)}"] if error.hint else []
        self.write_error("".join(f"{line}\n" for line in said).encode())
        self._wire.end(error.exit_code)


class Carrier:
    """What carries a line, once there is one, and is told by its transport whether more can be written."""

    _line: Line | None = None

    def pause_writing(self) -> None:
        if self._line is not None:
            self._line.full()

    def resume_writing(self) -> None:
        if self._line is not None:
            self._line.free()
