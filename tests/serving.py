"""A real server in a process of its own, keys, and OpenSSH's client before it, with a terminal that is read by pyte."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import re
import select
import shutil
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyte
import pytest

from tests.commands import FIRST_CUTOVER, Answer, command_line, environment, in_process_of_its_own

PATIENCE_S = 60.0

DEAF = "import os, signal, sys; signal.signal(signal.SIGHUP, signal.SIG_IGN); os.execv(sys.argv[1], sys.argv[1:])"
"""A program of Python that becomes another which no hang-up reaches, as under nohup."""

needs_ssh = pytest.mark.skipif(
    shutil.which("ssh") is None or shutil.which("ssh-keygen") is None,
    reason="OpenSSH's client is not installed (Debian: openssh-client)",
)


def make_key(path: Path, *options: str) -> Path:
    """A key pair at `path` and `path`.pub."""
    words = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", path.name, *options, "-f", str(path)]
    subprocess.run(words, check=True, capture_output=True, timeout=PATIENCE_S)
    return path


def sign(authority: Path, key: Path, principals: str | None, *options: str) -> None:
    """A certificate for `key`, in the file `key`-cert.pub."""
    named = [] if principals is None else ["-n", principals]
    words = ["ssh-keygen", "-q", "-s", str(authority), "-I", "test", *named, *options, f"{key}.pub"]
    subprocess.run(words, check=True, capture_output=True, timeout=PATIENCE_S)


class PtyTerminal:
    """A terminal of so many columns and lines before one program; it answers as terminals do."""

    def __init__(self, words: Sequence[str], width: int, height: int, **more: str) -> None:
        self.screen = pyte.Screen(width, height)
        self.screen.write_process_input = self._answer  # type: ignore[method-assign]
        self._stream = pyte.ByteStream(self.screen)
        self._master, slave = pty.openpty()
        self._set_size(width, height)
        self.process = subprocess.Popen(
            words,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
            env=dict(environment(**{"TERM": "xterm-256color", **more})),
        )
        os.close(slave)
        self.raw = b""

    def _answer(self, data: str) -> None:
        os.write(self._master, data.encode())

    def _set_size(self, width: int, height: int) -> None:
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))

    def resize(self, width: int, height: int) -> None:
        self._set_size(width, height)
        self.screen.resize(height, width)
        os.kill(self.process.pid, signal.SIGWINCH)

    def keys(self, keys: str) -> None:
        os.write(self._master, keys.encode())

    def modes(self) -> list[Any]:
        """How the terminal treats what is typed and written."""
        return termios.tcgetattr(self._master)

    def set_modes(self, modes: list[Any]) -> None:
        termios.tcsetattr(self._master, termios.TCSANOW, modes)

    @property
    def text(self) -> str:
        """What is on the screen."""
        return "\n".join(self.screen.display)

    def read(self, seconds: float) -> bool:
        """Take in what comes within so many seconds; whether anything came."""
        if select.select([self._master], [], [], seconds)[0]:
            try:
                data = os.read(self._master, 65_536)
            except OSError:  # the program has gone
                time.sleep(min(seconds, 0.02))
                return False
            self.raw += data
            # pyte takes the question for synchronised output for text.
            self._stream.feed(data.replace(b"\x1b[?2026$p", b""))
            return True
        return False

    def wait_for(self, shown: str | Callable[[str], bool]) -> str:
        """The screen, as soon as it has a text, or `shown` is true of it."""
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            self.read(0.05)
            if shown in self.text if isinstance(shown, str) else shown(self.text):
                return self.text
        pytest.fail(f"the terminal never showed {shown!r}:\n{self.text}")

    def wait_for_end(self) -> int:
        """The exit code of the program, with all that it wrote taken in."""
        deadline = time.monotonic() + PATIENCE_S
        while self.process.poll() is None:
            self.read(0.05)
            if time.monotonic() > deadline:
                pytest.fail(f"the program never ended:\n{self.text}")
        while self.read(0.1):
            pass
        return self.process.returncode

    def vanish(self) -> None:
        """The terminal is no more; who runs in it finds out, or not."""
        os.close(self._master)

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(timeout=PATIENCE_S)
        os.close(self._master)


class Served:
    """A server, and what is needed to come to it.

    Attributes:
        folder: where the state file and all keys are.
    """

    def __init__(self, folder: Path, *options: str, allow_root: bool = True) -> None:
        self.folder = folder
        self.path = folder / "served.db"
        if not self.path.exists():
            self.run("init", str(FIRST_CUTOVER))
            self.run("run", "start", "--rehearsal", "mock 1")
        self.log = folder / "server.log"
        words = command_line("serve", "--db", str(self.path), "--ssh", "127.0.0.1:0", *options)
        words += ["--allow-root"] if allow_root else []
        with self.log.open("wb") as stream:
            self.process = subprocess.Popen(
                words, stdout=stream, stderr=stream, stdin=subprocess.DEVNULL, env=dict(environment())
            )
        self.port = int(self.logged(r"ssh on 127\.0\.0\.1:(\d+)"))

    def logged(self, pattern: str) -> str:
        """What is in the first group of a pattern, once the server has said so."""
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            found = re.search(pattern, self.log.read_text("utf-8"))
            if found is not None:
                return found[1]
            assert self.process.poll() is None, self.log.read_text("utf-8")
            time.sleep(0.05)
        pytest.fail(self.log.read_text("utf-8"))

    def run(self, *arguments: str) -> Answer:
        """A command on the state file, on the server's own machine."""
        answer = in_process_of_its_own(*arguments, "--db", str(self.path))
        assert answer.code == 0, answer
        return answer

    def entries(self, action: str) -> list[dict[str, Any]]:
        """The journal's entries of one action."""
        found: list[dict[str, Any]] = json.loads(self.run("journal", "list", "--json").out)
        return [entry for entry in found if entry["action"] == action]

    def wait_for_entry(self, action: str, said: str = "", *, by: str | None = None) -> dict[str, Any]:
        """An entry of `action` whose reason holds `said`, and of the actor `by` if named, as soon as there is one."""
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            for entry in self.entries(action):
                if said in (entry["reason"] or "") and by in (None, entry["actor"]):
                    return entry
        pytest.fail(f"no entry {action} with {said!r}")

    def key_of(self, handle: str) -> Path:
        """A key with which somebody may log in."""
        path = self.folder / f"key-{handle}"
        if not path.exists():
            make_key(path)
            self.run("person", "key", "add", handle, f"{path}.pub")
        return path

    def client(self, key: Path, *words: str, options: Sequence[str] = (), user: str = "anybody") -> list[str]:
        """OpenSSH's client with one key, and nothing of this machine's own configuration."""
        settings = (
            f"UserKnownHostsFile={self.folder / 'known'}",
            "StrictHostKeyChecking=accept-new",
            "IdentitiesOnly=yes",
            "IdentityAgent=none",
            "LogLevel=ERROR",
            "ConnectTimeout=30",
        )
        flags = [word for setting in settings for word in ("-o", setting)]
        return [
            *("ssh", "-F", "none", "-p", str(self.port), "-i", str(key)),
            *flags,
            *options,
            f"{user}@127.0.0.1",
            *words,
        ]

    def ssh(self, key: Path, *words: str, data: bytes = b"", options: Sequence[str] = (), user: str = "x") -> Answer:
        """Run a command over SSH."""
        ended = subprocess.run(
            self.client(key, *words, options=options, user=user),
            input=data,
            capture_output=True,
            timeout=PATIENCE_S,
            check=False,
            env=dict(environment()),
        )
        return Answer(
            ended.returncode, ended.stdout.decode("utf-8", "replace"), ended.stderr.decode("utf-8", "replace")
        )

    @contextmanager
    def terminal(
        self, key: Path, *words: str, width: int = 100, height: int = 30, options: Sequence[str] = (), **more: str
    ) -> Iterator[PtyTerminal]:
        """A terminal with a session in it."""
        opened = PtyTerminal(self.client(key, *words, options=options), width, height, **more)
        try:
            yield opened
        finally:
            opened.close()

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
        try:
            self.process.wait(timeout=PATIENCE_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise
