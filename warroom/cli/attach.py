"""`warroom-attach`: joins a terminal to the server through its local socket. The standard library alone.

It is what a site's own sshd runs for a person, by ForceCommand or by `command=` in authorized_keys:

    command="warroom-attach --socket /run/warroom/attach --person omar",restrict,pty ssh-ed25519 AAAA...

Terminals are put into raw mode for a console and given back as they were; the exit code is the server's.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import selectors
import shutil
import signal
import socket
import sys
import termios
import tty
from collections.abc import Iterator, Sequence
from typing import Any

from warroom.serve import frames

CANNOT = 3
"""Exit code where there is no server."""

LOST = 255
"""Exit code where the server has gone without a word, as ssh's own."""

BY_SIGNAL = 128
"""The exit code of whoever was ended by a signal is so much and its number."""

_SIZE = 65_536


def main(arguments: Sequence[str] | None = None) -> int:
    """Join the terminal to the server, and return the exit code."""
    parser = argparse.ArgumentParser(
        prog="warroom-attach", description="Join this terminal to a running warroom serve --socket PATH."
    )
    parser.add_argument("--socket", required=True, metavar="PATH", help="the server's local socket")
    parser.add_argument("--person", required=True, metavar="HANDLE", help="who sits here: the key has told sshd")
    parser.add_argument("command", nargs="*", help="a command (else the one that ssh was given, else the console)")
    given = parser.parse_args(arguments)
    command = " ".join(given.command) or os.environ.get("SSH_ORIGINAL_COMMAND")
    looks = _terminal(command)
    try:
        server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        server.connect(given.socket)
    except OSError as error:
        print(f"warroom-attach: no server listens at {given.socket}: {error.strerror or error}", file=sys.stderr)
        return CANNOT
    hello = {"person": given.person, "command": command, "terminal": looks, "from": _address()}
    with server, _raw(looks is not None):
        try:
            server.sendall(frames.frame(frames.HELLO, json.dumps(hello).encode()))
            return _join(server, console=looks is not None)
        except (OSError, frames.BadFrame):  # the server or the terminal is no more
            return LOST


def _terminal(command: str | None) -> dict[str, Any] | None:
    """What is known of the terminal, where a console is wanted and somebody looks."""
    console = command is None or command.split()[:1] in ([], ["open"])
    if not console or not (os.isatty(0) and os.isatty(1)):
        return None
    size = shutil.get_terminal_size()
    told = {name: os.environ.get(name, "") for name in ("TERM", *frames.TOLD)}
    return {**told, "width": size.columns, "height": size.lines}


def _address() -> str:
    """Where the person is, as sshd tells it."""
    return os.environ.get("SSH_CONNECTION", "").partition(" ")[0]


@contextlib.contextmanager
def _raw(wanted: bool) -> Iterator[None]:
    """The terminal in raw mode, and back as it was."""
    if not wanted:
        yield
        return
    before = termios.tcgetattr(0)
    tty.setraw(0)
    try:
        yield
    finally:
        with contextlib.suppress(termios.error):  # it is no more
            termios.tcsetattr(0, termios.TCSADRAIN, before)


def _join(server: socket.socket, *, console: bool) -> int:
    """Pass on what comes from either side until the server tells the exit code."""
    waking, woken = os.pipe()
    for end in (waking, woken):
        os.set_blocking(end, False)
    signal.set_wakeup_fd(woken)
    resized = [False]
    ended_by: list[int] = []

    def note(number: int, _: object) -> None:
        resized[0] = resized[0] or number == signal.SIGWINCH
        if number == signal.SIGINT:
            _say(server, frames.frame(frames.INTERRUPT))

    def leave(number: int, _: object) -> None:
        # The server leaves the terminal as it was and says goodbye; a second signal does not wait for that.
        signal.signal(number, signal.SIG_DFL)
        ended_by.append(number)
        _say(server, frames.frame(frames.END))

    signal.signal(signal.SIGWINCH, note)
    signal.signal(signal.SIGINT, note)
    for number in (signal.SIGTERM, signal.SIGHUP):
        # A command is cut off: the end of its input would make a whole file of half a one.
        if console and signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, leave)
    buffer = bytearray()
    with selectors.DefaultSelector() as selector:
        for source in (0, server.fileno(), waking):
            with contextlib.suppress(PermissionError):  # a plain file is always ready, and epoll does not take it
                selector.register(source, selectors.EVENT_READ)
        if 0 not in selector.get_map():
            _send_all(server)
        while True:
            ready = {key.fd for key, _ in selector.select()}
            if waking in ready:
                with contextlib.suppress(BlockingIOError):
                    os.read(waking, _SIZE)
            if resized[0]:
                resized[0] = False
                size = shutil.get_terminal_size()
                with contextlib.suppress(OSError):
                    size = os.get_terminal_size(0)
                _say(server, frames.size_frame(size.columns, size.lines))
            if 0 in ready:
                data = os.read(0, _SIZE)
                _say(server, frames.frame(frames.DATA, data) if data else frames.frame(frames.END))
                if not data:
                    selector.unregister(0)
            if server.fileno() in ready:
                data = server.recv(_SIZE)
                if not data:
                    return LOST
                buffer += data
                for kind, content in frames.frames(buffer):
                    if kind == frames.EXIT:
                        return BY_SIGNAL + ended_by[0] if ended_by else frames.read_exit(content)
                    _write_all(1 if kind == frames.OUTPUT else 2, content)


def _say(server: socket.socket, said: bytes) -> None:
    """Tell the server. One that has hung up has told the exit code before, and that is still to be read."""
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        server.sendall(said)


def _send_all(server: socket.socket) -> None:
    while data := os.read(0, _SIZE):
        _say(server, frames.frame(frames.DATA, data))
    _say(server, frames.frame(frames.END))


def _write_all(descriptor: int, data: bytes) -> None:
    while data:
        data = data[os.write(descriptor, data) :]


def run() -> None:
    """The console script."""
    sys.exit(main())


if __name__ == "__main__":
    run()
