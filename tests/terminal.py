"""A program in a real terminal (tmux), whose keys are pressed and whose screen is read."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

PATIENCE_S = 90.0


class Terminal:
    """A tmux session that runs one program."""

    def __init__(self, socket: Path, command: list[str], width: int, height: int, environment: dict[str, str]) -> None:
        self._tmux = ["tmux", "-S", str(socket), "-f", "/dev/null"]
        variables = [f"{name}={value}" for name, value in environment.items()]
        # The shell stays when the program has ended, so that its last words can be read.
        line = " ".join(map(_quoted, ["env", *variables, *command])) + "; echo ended with $?; cat"
        self._call("new-session", "-d", "-x", str(width), "-y", str(height), line)

    def _call(self, *words: str) -> str:
        return subprocess.run([*self._tmux, *words], check=True, capture_output=True, text=True, timeout=20).stdout

    def keys(self, *keys: str) -> None:
        self._call("send-keys", *keys)

    def screen(self) -> str:
        return self._call("capture-pane", "-p")

    def wait_for(self, shown: Callable[[str], bool]) -> str:
        """The screen, as soon as `shown` is true of it."""
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            screen = self.screen()
            if shown(screen):
                return screen
            time.sleep(0.05)
        pytest.fail(f"the terminal never showed it:\n{self.screen()}")

    def close(self) -> None:
        subprocess.run([*self._tmux, "kill-server"], capture_output=True, timeout=20, check=False)


def _quoted(word: str) -> str:
    return "'" + word.replace("'", "'\\''") + "'"
