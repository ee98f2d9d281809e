"""The SSH listener: keys only, and on a line either one's own console or one command of warroom; nothing else.

Ports, agents, X11, files and shells are never offered. Who somebody is, their key says, whatever name they give.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import asyncssh

from warroom.board.rows import PersonKey
from warroom.serve.audit import Audit
from warroom.serve.commands import Commands
from warroom.serve.keys import Keys, known_by, still_known
from warroom.serve.limits import Limits
from warroom.serve.lines import Carrier, Line
from warroom.serve.server import Room
from warroom.serve.sessions import Known
from warroom.serve.signatures import is_certified_with_sha1, is_sha1
from warroom.serve.transport import Terminal, terminal
from warroom.vocabulary.errors import BadInput, Refused

LOGIN_TIMEOUT_S = 20
KEEPALIVE_S, MOST_UNANSWERED = 15, 3
"""A client is asked for a sign of life every so many seconds; after so many unanswered it is dead."""

KEY_EXCHANGES = "curve25519-sha256,*25519*,ecdh-sha2-nistp*"
"""Over curves only: those over large groups hold the loop for up to 17 ms, before anybody has said who they are. The
first is what clients guess. dropbear goes on from its guess, and asyncssh takes a guess for right if it can be used."""

MACS = "hmac-sha2-256-etm@openssh.com,hmac-sha2-512-etm@openssh.com,hmac-sha2-256,hmac-sha2-512"

SIGNATURES = "ssh-ed25519,sk-ssh-ed25519@openssh.com,ecdsa-sha2-nistp*,sk-ecdsa-sha2-*@openssh.com,rsa-sha2-*"
"""How clients are told to prove that a key is their own: not with SHA-1, nor with DSA. One that cannot be told, such as
PuTTY before 0.75 with an RSA key, is told afterwards."""

OLD_SIGNATURE = "an RSA key was used with SHA-1; take an ed25519 key, or a newer client"
OLD_CERTIFICATE = "the certificate was signed with SHA-1; have it signed with: ssh-keygen -t rsa-sha2-512"

MOST_KEYS_TRIED = 6
MOST_CHANNELS = 10
"""Consoles and commands at once on one connection."""

MOST_CONNECTIONS_EACH = 32
"""Connections of one person at once, with a console on them or nothing."""

END_WITHIN_S = 3.0

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Address:
    """Where to listen."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def read_address(text: str, default_port: int) -> Address:
    """HOST:PORT, [HOST]:PORT, HOST or :PORT.

    Raises:
        BadInput: it is something else.
    """
    host, colon, port = text.rpartition(":")
    if not colon or text.endswith("]"):
        host, port = text, str(default_port)
    host = host.removeprefix("[").removesuffix("]")
    if not port.isascii() or not port.isdigit() or int(port) > 65_535 or any(map(str.isspace, host)):
        raise BadInput(f"{text!r} is no address to listen on", hint="such as 0.0.0.0:2222 or [::]:2222")
    return Address(host, int(port))


def cannot_listen(option: str, address: Address, error: OSError) -> Refused:
    """What is said where the system does not let this process listen."""
    # asyncio writes the address into the system's own words once more.
    number = error.errno or 0
    return Refused(
        f"{option} cannot listen: {os.strerror(number) if number > 0 else error.strerror or error}",
        where=str(address),
        hint=f"name another address or port with {option}, or stop what listens there",
    )


@dataclass(eq=False)
class _Shared:
    """What all connections need."""

    room: Room
    keys: Keys
    limits: Limits
    audit: Audit
    commands: Commands
    connections: set[asyncssh.SSHServerConnection] = field(default_factory=set)
    of_person: Counter[int] = field(default_factory=Counter)
    deserted: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.deserted.set()

    def came(self, connection: asyncssh.SSHServerConnection) -> None:
        self.connections.add(connection)
        self.deserted.clear()

    def went(self, connection: asyncssh.SSHServerConnection) -> None:
        self.connections.discard(connection)
        if not self.connections:
            self.deserted.set()


class _Server(asyncssh.SSHServer):
    """One connection."""

    def __init__(self, shared: _Shared) -> None:
        self._shared = shared
        self._connection: asyncssh.SSHServerConnection | None = None
        self._address = ""
        self._counted = self._inside = False
        self._tried = 0
        self._asked = False
        self._told_old: set[str] = set()
        self.known: Known | None = None
        self.how = ""
        self.channels = 0

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self._connection = conn
        self._shared.came(conn)
        peer = conn.get_extra_info("peername")
        self._address = str(peer[0]) if peer else "?"
        why_not = self._shared.limits.begin(self._address, self)
        if why_not is not None:
            self._shared.audit.refused(self._address, why_not)
            conn.abort()
            return
        self._counted = True
        self._validate = conn.validate_public_key
        conn.validate_public_key = self._validated  # type: ignore[method-assign]

    async def _validated(self, username: str, key_data: bytes, msg: bytes, signature: bytes) -> bool:
        """Whether a key may be used, and was; asyncssh takes SHA-1 for good enough."""
        assert self._connection is not None
        old = OLD_CERTIFICATE if is_certified_with_sha1(key_data) else OLD_SIGNATURE if is_sha1(signature) else None
        if old is None:
            return await self._validate(username, key_data, msg, signature)
        if old not in self._told_old:
            self._told_old.add(old)
            self._shared.audit.refused(self._address, old)
            self._connection.send_auth_banner(f"warroom: {old}\n")
        return False

    @property
    def said(self) -> int:
        """How far it has come on the way to a log-in; see `warroom.serve.limits.Trying`."""
        if self._asked:
            return 2
        return 1 if self._connection is not None and self._connection.get_extra_info("client_version") else 0

    def give_way(self) -> None:
        """Hang up, so that another has room who may log in."""
        self._counted = False
        self._shared.audit.refused(self._address, "it had not said who it is, and others wait")
        if self._connection is not None:
            self._connection.abort()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        if self._connection is not None:
            self._shared.went(self._connection)
        if self.known is not None:
            self._shared.of_person[self.known.person_id] -= 1
        if self._inside:
            self._shared.limits.left(self._address)
        self._settle(failed=self._asked)

    def _settle(self, *, failed: bool) -> None:
        """The time of trying is over."""
        if not self._counted:
            return
        self._counted = False
        if failed:
            self._shared.audit.refused(self._address, "no key of anybody's")
        if self._shared.limits.end(self._address, self, failed=failed):
            self._shared.audit.shut(self._address)

    async def begin_auth(self, username: str) -> bool:
        assert self._connection is not None
        self._asked = True
        if (wait_s := self._shared.limits.wait_s(self._address)) > 0:
            await asyncio.sleep(wait_s)
        authorized = self._shared.keys.authorized(self._shared.room.host.board, username)
        self._connection.set_authorized_keys(authorized)
        return True

    def public_key_auth_supported(self) -> bool:
        return True

    def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:  # noqa: ARG002
        # asked for unknown keys only
        assert self._connection is not None
        self._tried += 1
        if self._tried >= MOST_KEYS_TRIED:
            self._connection.disconnect(asyncssh.DISC_NO_MORE_AUTH_METHODS_AVAILABLE, "too many keys")
        return False

    def auth_completed(self) -> None:
        assert self._connection is not None
        options = {name: self._connection.get_key_option(name) for name in ("key", "person")}
        self.known = known_by(self._shared.room.host.board, options, self._address)
        self.how = "a certificate" if options["key"] is None else "a key"
        if self.known is not None and self.known.key_id is not None:
            key = self._shared.room.host.board.rows(PersonKey)[self.known.key_id]
            self.how = f"key {key.fingerprint}"
        self._settle(failed=False)
        self._shared.limits.let_in(self._address)
        self._inside = True
        if self.known is None:
            return
        self._shared.of_person[self.known.person_id] += 1
        if self._shared.of_person[self.known.person_id] > MOST_CONNECTIONS_EACH:
            self._shared.audit.refused(self._address, f"{self.known.handle} has too many connections")
            self._connection.disconnect(asyncssh.DISC_TOO_MANY_CONNECTIONS, "you have too many connections")

    def session_requested(self) -> asyncssh.SSHServerSession[bytes] | bool:
        assert self._connection is not None
        if self.known is None or self.channels >= MOST_CHANNELS:
            return False
        return _Channel(self._shared, self, self._connection)


class _Channel(Carrier, asyncssh.SSHServerSession[bytes]):
    """One session channel: first what is asked for, then that."""

    def __init__(self, shared: _Shared, server: _Server, connection: asyncssh.SSHServerConnection) -> None:
        self._shared = shared
        self._server = server
        self._connection = connection
        self._terminal: Terminal | None = None
        self._command: str | None = None
        self._channel: asyncssh.SSHServerChannel[bytes] | None = None
        server.channels += 1

    def connection_made(self, chan: asyncssh.SSHServerChannel[bytes]) -> None:
        self._channel = chan

    def pty_requested(self, term_type: str, term_size: tuple[int, int, int, int], term_modes: Any) -> bool:  # noqa: ARG002
        assert self._channel is not None
        self._terminal = terminal(term_type, term_size[0], term_size[1], self._channel.get_environment())
        return True

    def shell_requested(self) -> bool:
        return True

    def exec_requested(self, command: str) -> bool:
        self._command = command
        return True

    def subsystem_requested(self, subsystem: str) -> bool:  # noqa: ARG002
        return False

    def session_started(self) -> None:
        assert self._channel is not None
        assert self._server.known is not None
        shared = self._shared
        self._line = Line(_Wire(self._channel, self._connection), self._server.known, self._server.how, self._terminal)
        self._line.begin(shared.room.sessions, shared.commands, shared.audit, self._command)

    def terminal_size_changed(self, width: int, height: int, pixwidth: int, pixheight: int) -> None:  # noqa: ARG002
        if self._line is not None:
            self._line.resized(width, height)

    def data_received(self, data: bytes, datatype: asyncssh.DataType) -> None:  # noqa: ARG002
        if self._line is not None:
            self._line.received(data)

    def eof_received(self) -> bool:
        if self._line is not None:
            self._line.received_all()
        return True

    def break_received(self, msec: int) -> bool:  # noqa: ARG002
        return False

    def signal_received(self, signal: str) -> None:  # noqa: ARG002
        if self._line is not None:
            self._line.interrupted()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        self._server.channels -= 1
        if self._line is not None:
            self._line.lost()


class _Wire:
    """What a line writes to: the channel, with what its connection has not sent yet."""

    def __init__(self, channel: asyncssh.SSHServerChannel[bytes], connection: asyncssh.SSHServerConnection) -> None:
        self._channel = channel
        self._connection = connection

    def write(self, data: bytes) -> None:
        with contextlib.suppress(OSError):  # the line is lost, which it is told
            self._channel.write(data)

    def write_error(self, data: bytes) -> None:
        with contextlib.suppress(OSError):
            self._channel.write_stderr(data)

    def backlog(self) -> int:
        carrier = self._connection._transport
        return self._channel.get_write_buffer_size() + (0 if carrier is None else carrier.get_write_buffer_size())

    def pause(self) -> None:
        self._channel.pause_reading()

    def resume(self) -> None:
        self._channel.resume_reading()

    def end(self, code: int) -> None:
        with contextlib.suppress(OSError):
            self._channel.exit(code)


@asynccontextmanager
async def ssh(
    room: Room, *, address: Address, host_key: asyncssh.SSHKey, authorities: tuple[str, ...], commands: Commands
) -> AsyncIterator[str]:
    """Listen for SSH at `address`; a port of 0 means any that is free.

    Args:
        authorities: lines of public keys whose certificates name a handle as principal.
        commands: runs single ones, a few at once.

    Raises:
        Refused: it cannot listen there.
    """
    loop = asyncio.get_running_loop()
    async with Audit(room.host) as audit:
        shared = _Shared(room, Keys(authorities), Limits(loop.time), audit, commands)

        def begun() -> _Server:
            return _Server(shared)

        def moved() -> None:
            for session in room.sessions:
                if not still_known(room.host.board, session.known):
                    session.end("your key was taken away")

        try:
            acceptor = await asyncssh.listen(
                address.host,
                address.port,
                server_factory=begun,
                server_host_keys=[host_key],
                server_version="warroom",
                encoding=None,
                line_editor=False,
                public_key_auth=True,
                password_auth=False,
                kbdint_auth=False,
                host_based_auth=False,
                gss_host=None,
                agent_forwarding=False,
                x11_forwarding=False,
                allow_scp=False,
                sftp_factory=None,
                kex_algs=KEY_EXCHANGES,
                mac_algs=MACS,
                signature_algs=SIGNATURES,
                compression_algs=["zlib@openssh.com"],
                login_timeout=LOGIN_TIMEOUT_S,
                keepalive_interval=KEEPALIVE_S,
                keepalive_count_max=MOST_UNANSWERED,
            )
        except OSError as error:
            raise cannot_listen("--ssh", address, error) from None
        end = room.host.hub.add(moved)
        try:
            yield f"ssh on {Address(address.host, acceptor.get_port())}"
        finally:
            end()
            acceptor.close()
            for connection in tuple(shared.connections):
                server = connection.get_owner()
                if isinstance(server, _Server) and server.known is None:
                    connection.abort()
            # Clients hang up once their last channel has ended. One that is told to disconnect before it has shown
            # what came on the channel drops that, and people would not read why the console ended.
            await room.stop.unless_hurried(shared.deserted.wait(), END_WITHIN_S)
            for connection in tuple(shared.connections):
                connection.abort()
