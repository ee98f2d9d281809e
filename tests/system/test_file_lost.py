"""The state file goes away, or another one comes in its place, under a console in a real terminal: it says so, writes
nothing more, and can be left."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cutover import created, opened, rehearsing
from tests.terminal import Terminal
from warroom.store.verify import verify

LOST = "not current: the state file was replaced"


@contextmanager
def console(tmp_path: Path, path: Path) -> Iterator[Terminal]:
    """The lead's console on the file, in a terminal."""
    if shutil.which("tmux") is None:
        pytest.skip("there is no tmux on this machine")
    terminal = Terminal(
        tmp_path / "tmux",
        [sys.executable, "-m", "warroom", "open", "--db", str(path), "--as", "lena"],
        120,
        40,
        {"TERM": "xterm-256color", "HOME": str(tmp_path), "PATH": os.environ["PATH"]},
    )
    try:
        terminal.wait_for(lambda screen: "REHEARSAL mock 1" in screen and "END" in screen)
        yield terminal
    finally:
        terminal.close()


def removed(path: Path) -> None:
    path.unlink()


def swapped(path: Path) -> None:
    """As `mv` does, with what SQLite keeps beside the old one gone too."""
    other = created(path.with_name("other.db"))
    for left in path.parent.glob(f"{path.name}-*"):
        left.unlink()
    other.replace(path)


@pytest.mark.parametrize("lose", [removed, swapped])
def test_a_console_says_so_and_writes_nothing_more(lose: Callable[[Path], None], tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    with rehearsing(path) as cutover:
        cutover.do("task.start", "A", by="omar")
    with console(tmp_path, path) as terminal:
        lose(path)
        terminal.wait_for(lambda screen: LOST in screen)
        terminal.keys("q")
        last_words = terminal.wait_for(lambda screen: "ended with" in screen)
    assert "Traceback" not in last_words
    assert "ended with 0" in last_words
    if lose is swapped:
        with opened(path) as cutover:
            assert cutover.state_file.head().seq == 1  # as it came
            assert verify(cutover.state_file).sound
    else:
        assert not path.exists()
