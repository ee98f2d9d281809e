"""The process in which commands are loaded once, and of which each command is a fork.

It has one thread, no loop of asyncio, no state file, no key and no connection. What a command does to itself, the next
one does not see: it is a fork of the same clean state. `warroom.serve.forks` asks it, through a socket: one byte for
each command, and with it the sockets that `Handed` names.

Whoever asks is told the command's number, and at the end its exit code, through the line that came with it. A command
whose line is closed is ended, with all that it started; so are all of them once nobody can ask any more.
"""

from __future__ import annotations

import contextlib
import gc
import os
import select
import signal
import socket
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from struct import Struct
from typing import NamedTuple, NoReturn

NUMBER = Struct("!i")
"""A process, its exit code (of a signal: below 0), and how many bytes are told at the beginning of the input."""

NONE_BEGUN = 0
"""In the place of a process: the system has room for no more."""

NICER = 5
"""By so much commands give way to the consoles."""

FAULT = 70
"""The exit code of a command that fell over its own feet."""

_MOST_FILES = 1 << 16
_LEFT_ALONE = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
"""Signals that are sent to the server and all that it started. This process ends with the server, and not before it."""

Run = Callable[[bytes], int]
"""Runs what is told, with the standard streams of its process, and returns the exit code."""


class Handed(NamedTuple):
    """The sockets of a command, as file descriptors.

    Attributes:
        line: the number and the exit code go out on it. Closed by the other side, the command is ended.
        input: what is told, and then the command's standard input.
        input_end: the other end of the input. It is kept here, so that the input ends when that is said (by shutting
            it down) and not when the server dies: half a file would be taken for a whole one.
        output: its standard output. errors: its standard error.
    """

    line: int
    input: int
    input_end: int
    output: int
    errors: int


@dataclass(slots=True)
class _Command:
    """One that runs."""

    line: int
    input_end: int
    ending: bool = False


def answer(asking: socket.socket, run: Run) -> None:
    """Run commands until nobody can ask any more, and end those that still run then."""
    os.nice(NICER)
    for number in _LEFT_ALONE:
        signal.signal(number, signal.SIG_IGN)
    woken, waking = os.pipe()
    for end in (woken, waking):
        os.set_blocking(end, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(waking, warn_on_full_buffer=False)
    gc.collect()
    gc.freeze()  # else the first collection of each command would copy all of it
    _Preloaded(asking, woken, run).answer()


class _Preloaded:
    """The process at work."""

    def __init__(self, asking: socket.socket, woken: int, run: Run) -> None:
        self._asking = asking
        self._woken = woken
        self._run = run
        self._commands: dict[int, _Command] = {}

    def answer(self) -> None:
        while True:
            ready = self._ready()
            if self._woken in ready:
                os.read(self._woken, 4096)
                self._reap(os.WNOHANG)
            for process, command in self._commands.items():
                if command.line in ready:
                    self._end(process, command)
            if self._asking.fileno() in ready and not self._asked():
                break
        for process, command in self._commands.items():
            self._end(process, command)
        self._reap(0)

    def _ready(self) -> set[int]:
        """The files on which something happened."""
        poll = select.poll()
        lines = (command.line for command in self._commands.values() if not command.ending)
        for file in (self._asking.fileno(), self._woken, *lines):
            poll.register(file, select.POLLIN)
        return {file for file, _ in poll.poll()}

    def _asked(self) -> bool:
        """Begin a command; False: nobody will ask again."""
        try:
            asked, files, _, _ = socket.recv_fds(self._asking, 1, len(Handed._fields))
        except OSError:
            return False
        if len(files) == len(Handed._fields):
            self._begin(Handed(*files))
        else:
            for file in files:
                os.close(file)
        return bool(asked)

    def _begin(self, handed: Handed) -> None:
        try:
            process = os.fork()
        except OSError as error:
            print(f"warroom: no command can be begun: {error.strerror}", file=sys.stderr, flush=True)
            process = NONE_BEGUN
        else:
            if process == 0:
                self._asking.detach()  # its number will soon be another file's
                _be(handed, self._run)
        with contextlib.suppress(OSError):  # it is no longer wanted, which its line will say
            os.write(handed.line, NUMBER.pack(process))
        for file in (handed.input, handed.output, handed.errors):
            os.close(file)
        command = _Command(handed.line, handed.input_end)
        if process == NONE_BEGUN:
            _close(command)
        else:
            self._commands[process] = command

    def _end(self, process: int, command: _Command) -> None:
        """End a command and all that it started. It has not been reaped, so the number is still its own."""
        command.ending = True
        with contextlib.suppress(ProcessLookupError):  # it has no session yet
            os.killpg(process, signal.SIGKILL)
        os.kill(process, signal.SIGKILL)

    def _reap(self, how: int) -> None:
        while self._commands:
            process, status = os.waitpid(-1, how)
            if process == 0:
                return
            command = self._commands.pop(process)
            with contextlib.suppress(OSError):
                os.write(command.line, NUMBER.pack(os.waitstatus_to_exitcode(status)))
            _close(command)


def _close(command: _Command) -> None:
    os.close(command.line)
    os.close(command.input_end)


def _be(handed: Handed, run: Run) -> NoReturn:
    """Be the process of one command, to its end."""
    code = FAULT
    try:
        os.setsid()
        signal.set_wakeup_fd(-1)
        for number in (*_LEFT_ALONE, signal.SIGCHLD):
            signal.signal(number, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        for place, file in enumerate((handed.input, handed.output, handed.errors)):
            os.dup2(file, place)
        os.closerange(3, _MOST_FILES)
        if (told := _told()) is not None:
            _open_streams()
            code = run(told)
            sys.stdout.flush()
    except BrokenPipeError:
        code = 0  # whoever read the output has what they wanted
    except BaseException:
        traceback.print_exc()
    finally:
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(OSError, ValueError):  # nobody reads it, or it is closed
                stream.flush()
        os._exit(code)


def _told() -> bytes | None:
    """What is told at the beginning of the input; None: whoever would tell it has gone."""
    size = _exactly(NUMBER.size)
    return None if size is None else _exactly(NUMBER.unpack(size)[0])


def _exactly(count: int) -> bytes | None:
    """So many bytes of the input, and none of those that follow."""
    read = b""
    while len(read) < count:
        piece = os.read(0, count - len(read))
        if not piece:
            return None
        read += piece
    return read


def _open_streams() -> None:
    """Standard streams as a new process has them; those from before remember what their files were."""
    sys.stdin = open(0, encoding=sys.stdin.encoding, errors=sys.stdin.errors, closefd=False)  # noqa: SIM115
    sys.stdout = open(1, "w", encoding=sys.stdout.encoding, errors=sys.stdout.errors, closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", 1, encoding=sys.stderr.encoding, errors=sys.stderr.errors, closefd=False)  # noqa: SIM115
