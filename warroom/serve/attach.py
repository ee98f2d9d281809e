"""The local socket, for sites whose own OpenSSH stays in front: it knows people by their keys, and says who they are.

Whoever may say so is known by the account of the process at the other end, which the kernel tells: the server's own,
root, and those that were named when the server was started. Nobody else is listened to.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import pwd
import socket
import stat
import struct
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from warroom.serve import frames
from warroom.serve.audit import Audit
from warroom.serve.commands import Commands
from warroom.serve.lines import Carrier, Line
from warroom.serve.server import Room
from warroom.serve.sessions import Known
from warroom.serve.transport import terminal
from warroom.vocabulary.errors import BadInput
from warroom.vocabulary.text import one_line

HELLO_WITHIN_S = 10.0
"""Whoever has not said who they are after so many seconds is cut off."""

HANGS_UP_WITHIN_S = 5.0
"""Whoever was told the exit code has gone after so many seconds."""

HOW = "the key that this machine's sshd knows"
_CREDENTIALS = struct.Struct("3i")

_LOG = logging.getLogger(__name__)


class _Peer(Carrier, asyncio.Protocol):
    """One process at the other end."""

    def __init__(self, room: Room, audit: Audit, commands: Commands, trusted: Collection[int]) -> None:
        self._room = room
        self._audit = audit
        self._commands = commands
        self._trusted = trusted
        self._transport: asyncio.Transport | None = None
        self._buffer = bytearray()
        self._timeout: asyncio.TimerHandle | None = None

    # --- asyncio -----------------------------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        account = _account(transport.get_extra_info("socket"))
        if account not in self._trusted:
            self._audit.refused("local socket", f"account {account} may not say who somebody is")
            self.write_error(b"warroom: this account may not say who somebody is\n")
            self.end(1)
            transport.pause_reading()
            return
        self._timeout = asyncio.get_running_loop().call_later(HELLO_WITHIN_S, transport.abort)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        try:
            for kind, content in frames.frames(self._buffer):
                self._take(kind, content)
        except (frames.BadFrame, ValueError) as error:
            _LOG.warning("the local socket was sent nonsense: %s", error)
            if self._transport is not None:
                self._transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        self._transport = None
        if self._timeout is not None:
            self._timeout.cancel()
        if self._line is not None:
            self._line.lost()

    # --- frames ------------------------------------------------------------------------------------------------------

    def _take(self, kind: bytes, content: bytes) -> None:
        if self._line is None:
            if kind != frames.HELLO or self._timeout is None or self._timeout.cancelled():
                raise frames.BadFrame("something before the hello")
            self._greet(json.loads(content))
        elif kind == frames.DATA:
            self._line.received(content)
        elif kind == frames.SIZE:
            self._line.resized(*frames.read_size(content))
        elif kind == frames.END:
            self._line.received_all()
        elif kind == frames.INTERRUPT:
            self._line.interrupted()
        else:
            raise frames.BadFrame(f"a frame of kind {kind!r}")

    def _greet(self, hello: Any) -> None:
        if not isinstance(hello, dict):
            raise frames.BadFrame("no hello")
        assert self._timeout is not None
        self._timeout.cancel()
        handle, command = str(hello.get("person")), hello.get("command")
        person = self._room.host.board.person_called(handle)
        if person is None:
            self._audit.refused("local socket", f"there is nobody called {one_line(handle, 40)}")
            self.write_error(f"warroom: there is nobody called {one_line(handle, 40)}\n".encode())
            self.end(2)
            return
        address = one_line(str(hello.get("from") or "this machine"), 60)
        looks = hello.get("terminal")
        seen = None
        if isinstance(looks, dict):
            environment = {name: str(looks.get(name) or "") for name in frames.TOLD}
            width, height = int(looks.get("width") or 0), int(looks.get("height") or 0)
            seen = terminal(str(looks.get("TERM") or ""), width, height, environment)
        self._line = Line(self, Known(person.id, person.handle, address), HOW, seen)
        self._line.begin(self._room.sessions, self._commands, self._audit, None if command is None else str(command))

    # --- a wire ------------------------------------------------------------------------------------------------------

    def _send(self, data: bytes) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(data)

    def write(self, data: bytes) -> None:
        self._send(frames.frame(frames.OUTPUT, data))

    def write_error(self, data: bytes) -> None:
        self._send(frames.frame(frames.ERROR, data))

    def backlog(self) -> int:
        return 0 if self._transport is None else self._transport.get_write_buffer_size()

    def pause(self) -> None:
        if self._transport is not None:
            self._transport.pause_reading()

    def resume(self) -> None:
        if self._transport is not None:
            self._transport.resume_reading()

    def end(self, code: int) -> None:
        """The other end hangs up once it has read the code; what it was about to send must not be met by a reset."""
        self._send(frames.exit_frame(code))
        if self._transport is not None:
            asyncio.get_running_loop().call_later(HANGS_UP_WITHIN_S, self._transport.close)


@asynccontextmanager
async def attach(room: Room, *, path: Path, commands: Commands, accounts: Collection[int] = ()) -> AsyncIterator[str]:
    """Listen on a local socket at `path`; one that a server left behind is replaced.

    Args:
        commands: runs single ones, a few at once.
        accounts: user ids, beside this process's own and root, that may say who somebody is.

    Raises:
        BadInput: nobody can listen there, or somebody does.
    """
    trusted = frozenset((0, os.geteuid(), *accounts))
    async with Audit(room.host) as audit:
        listening = _bind(path, others=bool(accounts))
        loop = asyncio.get_running_loop()
        server = await loop.create_unix_server(lambda: _Peer(room, audit, commands, trusted), sock=listening)
        try:
            yield f"local socket {path}"
        finally:
            server.close()
            with contextlib.suppress(OSError):
                path.unlink()


def accounts_called(names: Collection[str]) -> frozenset[int]:
    """User ids of accounts of this machine.

    Raises:
        BadInput: there is none of that name.
    """
    found = set()
    for name in names:
        try:
            found.add(pwd.getpwnam(name).pw_uid)
        except KeyError:
            raise BadInput(f"there is no account {name!r} on this machine") from None
    return frozenset(found)


def _bind(path: Path, *, others: bool) -> socket.socket:
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        if path.exists():
            if not stat.S_ISSOCK(path.lstat().st_mode):
                raise BadInput("there is something else than a socket", where=str(path), hint="name another path")
            if _answers(path):
                raise BadInput("another server listens there", where=str(path), hint="stop that one first")
            path.unlink()
        before = os.umask(0o111 if others else 0o177)
        try:
            listening.bind(str(path))
        finally:
            os.umask(before)
        listening.setblocking(False)
    except OSError as error:
        listening.close()
        raise BadInput(f"nobody can listen there: {error.strerror or error}", where=str(path)) from None
    except BaseException:
        listening.close()
        raise
    return listening


def _answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as trying:
        try:
            trying.connect(str(path))
        except OSError:
            return False
        return True


def _account(peer: Any) -> int | None:
    """The user id of the process at the other end; None where the system does not tell."""
    option = getattr(socket, "SO_PEERCRED", None)
    if peer is None or option is None:
        return None
    _, account, _ = _CREDENTIALS.unpack(peer.getsockopt(socket.SOL_SOCKET, option, _CREDENTIALS.size))
    return int(account)
