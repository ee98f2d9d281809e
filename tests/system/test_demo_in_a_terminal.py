"""The demo as a person starts it: in a real terminal (tmux), with the simulated people in a process of their own."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.terminal import Terminal
from warroom.board.load import load_board
from warroom.store.statefile import StateFile
from warroom.store.verify import verify


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[tuple[Terminal, Path]]:
    if shutil.which("tmux") is None:
        pytest.skip("there is no tmux on this machine")
    state = tmp_path / "demo.db"
    terminal = Terminal(
        tmp_path / "tmux",
        [sys.executable, "-m", "warroom", "demo", "--db", str(state)],
        120,
        40,
        {"TERM": "xterm-256color", "HOME": str(tmp_path), "PATH": os.environ["PATH"]},
    )
    yield terminal, state
    terminal.close()


def test_the_demo_moves_announces_a_slip_and_says_goodbye(demo: tuple[Terminal, Path]) -> None:
    terminal, state = demo
    terminal.wait_for(lambda screen: "REHEARSAL demo" in screen and re.search(r"done [1-9]", screen) is not None)
    terminal.wait_for(lambda screen: re.search(r"Alerts · [1-9]", screen) is not None and "late" in screen)

    terminal.keys("q")
    last_words = terminal.wait_for(lambda screen: "ended with" in screen)

    assert "ended with 0" in last_words
    assert str(state) in last_words.replace("\n", "")
    assert "warroom open" in last_words
    with StateFile.open(state) as state_file:
        board = load_board(state_file)
        assert verify(state_file).sound
        assert len(board.alerts) >= 1
        people = {entry.actor for entry in state_file.entries() if entry.via == "simulator"}
    assert len(people) >= 2


def test_people_stop_with_the_console(demo: tuple[Terminal, Path]) -> None:
    terminal, state = demo
    terminal.wait_for(lambda screen: re.search(r"done [1-9]", screen) is not None)
    terminal.keys("q")
    terminal.wait_for(lambda screen: "ended with" in screen)

    left = subprocess.run(["pgrep", "-f", str(state)], capture_output=True, text=True, timeout=20, check=False)
    for pid in left.stdout.split():
        command = Path(f"/proc/{pid}/cmdline")
        assert not command.exists() or b"simulate" not in command.read_bytes()
