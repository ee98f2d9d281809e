"""What strangers and broken clients send: bytes that are no SSH, and sessions with any terminal, size, environment,
command and signal. Whatever it is, the server answers the next one, and its log holds no traceback."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Iterator
from random import Random
from typing import Any

import asyncssh
import pytest

from tests.serving import PATIENCE_S, Served, needs_ssh
from tests.soaking import times
from warroom.serve.limits import MOST_FAILURES, MOST_TRYING_EACH
from warroom.serve.ssh import OLD_SIGNATURE

pytestmark = [needs_ssh, pytest.mark.about_files]

STRANGERS = times(40, 2_000)
SESSIONS = times(40, 1_000)

TERMS = ("", "dumb", "xterm", "xterm-256color", "vt52", "\x1b]0;x\x07", "a" * 5_000, "../../etc", "é\ufffd")
COMMANDS = (
    "",
    " ",
    "'",
    "status " + "x" * 20_000,
    "status\n--json",
    "status --no-such",
    "-",
    "--help",
    "--version",
    "open --screen",
    "open --screen=\x1b[2J",
    "task show ../../etc/passwd",
    "warroom warroom status",
    "status\x1b[2J",
    "\\",
    "task note DM-01 \ud800".encode("utf-8", "surrogatepass"),
    b"\xff\xfe\x00status",
    b"status \x00",
)
NAMES = ("LANG", "LC_ALL", "TERM", "COLORTERM", "NO_COLOR", "LD_PRELOAD", "PATH", "WARROOM_DB", "\x1b", "A=B")
VALUES = ("", "C", "de_DE.ISO-8859-1@euro", "truecolor", "/etc/passwd", "x" * 3_000, "\x1b[2J", "a\nb")
SIZES = (0, 1, 2, 79, 80, 500, 65_535, 2**31, 2**32 - 1)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    server = Served(tmp_path_factory.mktemp("fuzzed"))
    yield server
    server.stop()


def sound(served: Served) -> None:
    """It answers, nothing broke, and the journal is whole."""
    assert served.ssh(served.key_of("jana"), "journal", "verify").code == 0
    assert "Traceback" not in served.log.read_text("utf-8")
    assert "stack=" not in served.log.read_text("utf-8")


def noise(random: Random) -> bytes:
    """What somebody may send who does not speak SSH, or only begins to."""
    greetings = (b"", b"SSH-2.0-x\r\n", b"SSH-1.5-x\r\n", b"SSH-2.0-" + b"x" * 400, b"GET / HTTP/1.1\r\n\r\n")
    length = random.choice((b"", (2**32 - 1).to_bytes(4, "big"), (12).to_bytes(4, "big"), b"\x00\x00\x00\x00"))
    return random.choice(greetings) + length + random.randbytes(random.choice((0, 1, 20, 3_000, 70_000)))


def test_strangers_who_speak_something_else_hurt_nobody(served: Served) -> None:
    assert served.ssh(served.key_of("jana"), "status").code == 0
    random = Random(7)
    with served.terminal(served.key_of("jana")) as terminal:
        terminal.wait_for("jana (lead)")
        for _ in range(STRANGERS):
            with socket.create_connection(("127.0.0.1", served.port), PATIENCE_S) as line, contextlib.suppress(OSError):
                line.sendall(noise(random))
                if random.random() < 0.5:
                    line.shutdown(socket.SHUT_WR)
                    line.settimeout(2)
                    while line.recv(65_536):
                        pass
        terminal.keys("?")
        terminal.wait_for("Keys")
    # Those who never named anybody have not failed to log in.
    assert STRANGERS > MOST_FAILURES
    assert "refused or slow" not in served.log.read_text("utf-8")
    sound(served)


def test_silent_lines_keep_nobody_out(served: Served) -> None:
    with contextlib.ExitStack() as held:
        for _ in range(MOST_TRYING_EACH + 20):
            held.enter_context(socket.create_connection(("127.0.0.1", served.port), PATIENCE_S))
        assert served.ssh(served.key_of("jana"), "status").code == 0
    assert "others wait" in served.log.read_text("utf-8")


@pytest.mark.parametrize("algorithm", ["ssh-rsa", "rsa-sha2-256"])
async def test_who_insists_on_sha1_is_told(served: Served, algorithm: str) -> None:
    key = asyncssh.generate_private_key("ssh-rsa", key_size=2048)
    line = key.export_public_key().decode().strip()
    await asyncio.to_thread(added, served, line, algorithm)
    said: list[str] = []

    class Client(asyncssh.SSHClient):
        def auth_banner_received(self, msg: str, lang: str) -> None:  # noqa: ARG002
            said.append(msg)

    more: dict[str, Any] = {"known_hosts": None, "username": "x", "config": None, "agent_path": None}
    line_to = asyncssh.create_connection(
        Client, "127.0.0.1", served.port, client_keys=[key], signature_algs=[algorithm], **more
    )
    if algorithm == "ssh-rsa":
        with pytest.raises(asyncssh.PermissionDenied):
            await line_to
        assert said == [f"warroom: {OLD_SIGNATURE}\n"]
    else:
        connection, _ = await line_to
        connection.close()
        await connection.wait_closed()


def added(served: Served, line: str, name: str) -> None:
    file = served.folder / f"{name}.pub"
    file.write_text(line, "ascii")
    served.run("person", "key", "add", "jana", str(file))


async def test_any_session_that_is_asked_for_ends_or_can_be_ended(served: Served) -> None:
    random = Random(11)
    key = asyncssh.read_private_key(await asyncio.to_thread(served.key_of, "jana"))
    for number in range(SESSIONS):
        async with asyncssh.connect(
            "127.0.0.1", served.port, known_hosts=None, client_keys=[key], username="x", config=None, agent_path=None
        ) as connection:
            with contextlib.suppress(asyncssh.Error, OSError, TimeoutError):
                async with asyncio.timeout(20):
                    await any_session(connection, random)
        if number % 20 == 19:
            await asyncio.to_thread(sound, served)
    await asyncio.to_thread(sound, served)


async def any_session(connection: asyncssh.SSHClientConnection, random: Random) -> None:
    """One channel with anything in it, left as it stands after a moment."""
    command = random.choice((None, *COMMANDS))
    environment = {random.choice(NAMES): random.choice(VALUES) for _ in range(random.randrange(4))}
    size = (random.choice(SIZES), random.choice(SIZES), random.choice(SIZES), random.choice(SIZES))
    with_terminal = random.random() < 0.7
    process = await connection.create_process(
        command,
        env=environment,
        term_type=random.choice(TERMS) or None if with_terminal else None,
        term_size=size,
        encoding=None,
    )
    for _ in range(random.randrange(6)):
        kind = random.randrange(5)
        if kind == 0:
            process.stdin.write(random.randbytes(random.choice((1, 100, 5_000))).replace(b"\x11", b""))
        elif kind == 1:
            process.change_terminal_size(random.choice(SIZES), random.choice(SIZES))
        elif kind == 2:
            process.send_signal(random.choice(("INT", "KILL", "TERM", "x" * 50)))
        elif kind == 3:
            process.send_break(random.choice((0, 500, 2**32 - 1)))
        else:
            process.stdin.write_eof()
        await asyncio.sleep(0)
    if command is not None or random.random() < 0.5:
        async with asyncio.timeout(3):
            await process.wait()
