"""`warroom-attach` in a real terminal and in a pipe, as a site's own sshd would run it."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands import environment
from tests.serving import DEAF, PATIENCE_S, PtyTerminal, Served
from warroom.cli.attach import LOST
from warroom.serve import frames

pytestmark = pytest.mark.about_files


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("attached")
    server = Served(folder, "--socket", str(folder / "socket"))
    yield server
    server.stop()


def attach(served: Served, person: str) -> list[str]:
    return [sys.executable, "-m", "warroom.cli.attach", "--socket", str(served.folder / "socket"), "--person", person]


def run(served: Served, person: str, command: str, data: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """A command as sshd passes it on."""
    asked = environment(SSH_ORIGINAL_COMMAND=command, SSH_CONNECTION="192.0.2.7 50000 192.0.2.1 22")
    return subprocess.run(
        attach(served, person), input=data, capture_output=True, timeout=PATIENCE_S, check=False, env=dict(asked)
    )


def test_a_console_is_drawn_follows_the_size_and_leaves_the_terminal_as_it_was(served: Served) -> None:
    terminal = PtyTerminal(attach(served, "jana"), 120, 36)
    try:
        assert "jana (lead)" in terminal.wait_for("? help")
        terminal.resize(80, 24)
        # on 80 columns the panes stand below each other, on 120 side by side
        terminal.wait_for(lambda text: "\n─Who must act" in text and "DM-03" in text)
        terminal.keys("q")
        assert terminal.wait_for_end() == 0
        assert b"\x1b[?1049l" in terminal.raw
    finally:
        terminal.close()


def test_a_signal_leaves_the_terminal_as_it_was(served: Served) -> None:
    terminal = PtyTerminal(attach(served, "jana"), 100, 30)
    try:
        before = terminal.modes()
        terminal.wait_for("? help")
        assert terminal.modes() != before
        os.kill(terminal.process.pid, signal.SIGTERM)
        assert terminal.wait_for_end() == 128 + signal.SIGTERM
        assert all(one in terminal.raw for one in (b"\x1b[?1049l", b"\x1b[?1000l", b"\x1b[?25h"))
        assert terminal.modes() == before
    finally:
        terminal.close()


def test_a_terminal_that_is_no_more_ends_the_console(served: Served) -> None:
    words = attach(served, "jana")
    terminal = PtyTerminal([sys.executable, "-c", DEAF, *words], 100, 30)
    terminal.wait_for("? help")
    terminal.vanish()
    assert terminal.process.wait(timeout=PATIENCE_S) in (0, LOST)


def test_a_command_is_done_as_the_person_that_sshd_knows(served: Served) -> None:
    ended = run(served, "greta", "task note DM-03 'through sshd'")
    assert (ended.returncode, ended.stdout) == (0, b"")
    (entry,) = [one for one in served.entries("task.note") if one["subject"] == "DM-03"]
    assert (entry["actor"], entry["assurance"], entry["via"]) == ("greta", "key", "ssh")
    assert "192.0.2.7" in served.wait_for_entry("session.open", "for commands")["reason"]


def test_input_output_and_exit_codes_are_passed_on(served: Served) -> None:
    data = os.urandom(300_000)
    ended = run(served, "jana", "evidence add DM-01 - --name proof.bin", data)
    assert ended.returncode == 0, ended
    listed = json.loads(run(served, "jana", "evidence list DM-01 --json").stdout)
    assert run(served, "jana", f"evidence get {listed[-1]['id']} -o -").stdout == data
    assert run(served, "jana", "task show NONE").returncode == 2
    refused = run(served, "jana", "backup elsewhere.db")
    assert refused.returncode == 2
    assert b"no command 'backup' here" in refused.stderr
    assert run(served, "stranger", "status").returncode == 2


def test_without_a_server_it_says_so(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "warroom.cli.attach", "--socket", str(tmp_path / "none"), "--person", "jana"]
    ended = subprocess.run(words, capture_output=True, timeout=PATIENCE_S, check=False, env=dict(environment()))
    assert ended.returncode == 3
    assert b"no server listens" in ended.stderr


def test_nonsense_on_the_socket_ends_only_its_own_line(served: Served) -> None:
    for nonsense in (
        b"\0" * 50,
        frames.frame(frames.DATA, b"x"),
        frames.frame(frames.HELLO, b"[1]"),
        b"H\xff\xff\xff\xff",
    ):
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(PATIENCE_S)
            line.connect(str(served.folder / "socket"))
            line.sendall(nonsense)
            with contextlib.suppress(ConnectionResetError):
                assert line.recv(1_000) == b""
    assert run(served, "jana", "status").returncode == 0


def test_the_socket_is_its_owners(served: Served) -> None:
    assert stat.S_IMODE((served.folder / "socket").stat().st_mode) == 0o600


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another account")
def test_another_account_may_not_say_who_somebody_is(tmp_path: Path) -> None:
    # the folders above are closed to others, so it is tried with a socket of its own
    folder = Path(tempfile.gettempdir()) / f"warroom-test-{os.getpid()}"
    folder.mkdir(mode=0o755)
    server = Served(tmp_path, "--socket", str(folder / "socket"), "--socket-user", "root")
    try:
        code = (
            "import os, socket\n"
            "os.setgid(65534); os.setuid(65534)\n"
            "line = socket.socket(socket.AF_UNIX)\n"
            f"line.connect({str(folder / 'socket')!r})\n"
            "print(line.recv(1000))\n"
        )
        ended = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=PATIENCE_S, check=False)
        assert b"may not say who somebody is" in ended.stdout, ended
    finally:
        server.stop()
        folder.rmdir()


def test_attach_needs_nothing_but_the_standard_library() -> None:
    code = (
        "import sys; import warroom.cli.attach; "
        "print(sorted({name.partition('.')[0] for name in sys.modules} - sys.stdlib_module_names - {'warroom'}))"
    )
    ended = subprocess.run(
        [sys.executable, "-S", "-c", f"import sys; sys.path[:0] = {sys.path!r}; {code}"],
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=True,
    )
    assert ended.stdout.strip() in ("['__main__']", "[]")
