"""Opening the console: for whom, on which screen, and whether it may write. What it shows is tested in tests/tui."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from tests.commands import Commands
from warroom.host.interface import Host
from warroom.tui.app import ConsoleApp


class Opened:
    """The consoles that were opened, each as (handle, screen, read-only, run)."""

    def __init__(self) -> None:
        self.consoles: list[tuple[str, str, bool, str | None]] = []

    def note(self, host: Host, screen: str) -> None:
        run = host.board.run
        self.consoles.append((host.actor.handle, screen, host.read_only, None if run is None else run.name))


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Opened:
    """A terminal on which consoles are noted rather than shown."""
    noted = Opened()

    def begin(_: ConsoleApp, host: Host, *, screen: str, **__: Any) -> None:
        noted.note(host, screen)

    monkeypatch.setattr(ConsoleApp, "__init__", begin)
    monkeypatch.setattr(ConsoleApp, "run", lambda _: None)
    monkeypatch.setattr(ConsoleApp, "return_code", None)
    monkeypatch.setattr("warroom.cli.open.insist_on_terminal", lambda _: None)
    return noted


@pytest.mark.parametrize(
    ("arguments", "console"),
    [
        ([], ("lena", "war-room", False, "mock 2")),
        (["--as", "omar"], ("omar", "owner", False, "mock 2")),
        (["--as", "omar", "--screen", "war-room"], ("omar", "war-room", False, "mock 2")),
        (["--read-only"], ("lena", "war-room", True, "mock 2")),
        (["--wall"], ("lena", "war-room", False, "mock 2")),  # it offers no changes, but its host watches
        (["--screen", "gate"], ("lena", "gate", False, "mock 2")),
        (["--run", "mock 2"], ("lena", "war-room", False, "mock 2")),
        (["--run", "mock 1"], ("lena", "war-room", True, "mock 1")),  # closed: only to look at
    ],
)
def test_whose_console_it_is(
    rehearsal: Commands, opened: Opened, arguments: list[str], console: tuple[str, str, bool, str]
) -> None:
    rehearsal.good("run", "close")
    rehearsal.good("run", "start", "--rehearsal", "mock 2")
    rehearsal.good("open", *arguments)
    assert opened.consoles == [console]


def test_what_cannot_be_opened(rehearsal: Commands, opened: Opened) -> None:
    assert rehearsal("open", "--as", "nobody").code == 2
    assert rehearsal("open", "--run", "mock 9").code == 2
    assert rehearsal("open", "--screen", "cinema").code == 2
    assert rehearsal("open", "--wall", "--screen", "owner").code == 2
    assert rehearsal("open", "--db", "missing.db").code == 3
    assert opened.consoles == []


def test_a_theme_is_one_that_there_is(rehearsal: Commands, opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    refused = rehearsal("open", "--theme", "sunset")
    assert refused.code == 2
    assert "daylight, deuteranopia, harbour, mono, night-shift, paper" in refused.err
    monkeypatch.setenv("WARROOM_THEME", "sunset")  # told by a toast: nobody is kept out by their environment
    rehearsal.good("open")
    rehearsal.good("open", "--theme", "daylight")
    assert len(opened.consoles) == 2


@pytest.fixture
def beside(monkeypatch: pytest.MonkeyPatch, opened: Opened) -> list[list[str]]:
    """What the command log of each console that is opened puts before the nouns of its lines."""
    told: list[list[str]] = []

    def begin(_: ConsoleApp, host: Host, *, command_options: list[str], **__: Any) -> None:
        told.append(command_options)

    monkeypatch.setattr(ConsoleApp, "__init__", begin)
    return told


def test_lines_of_the_command_log_name_what_a_command_would_take_for_another(
    rehearsal: Commands, beside: list[list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the shell in which the console was opened, a line means the same state file and the same person."""
    rehearsal.good("open")
    rehearsal.good("open", "--as", "lena")
    rehearsal.good("open", "--as", "omar")
    monkeypatch.setenv("WARROOM_USER", "omar")
    rehearsal.good("open")
    monkeypatch.setenv("WARROOM_USER", "nobody")
    rehearsal.good("open", "--as", "omar")
    file = Path(os.environ["WARROOM_DB"])
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("WARROOM_USER")
    for other in ("other.db", "postgresql://elsewhere"):
        monkeypatch.setenv("WARROOM_DB", other)
        rehearsal.good("open", "--db", os.path.relpath(file))
    there = ["--db", str(file.resolve())]
    assert beside == [[], [], ["--as", "omar"], [], ["--as", "omar"], there, there]


def test_a_terminal_that_cannot_move_its_cursor_is_told(rehearsal: Commands, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    monkeypatch.setenv("TERM", "dumb")
    answer = rehearsal("open")
    assert answer.code == 2
    assert "TERM=dumb" in answer.err
