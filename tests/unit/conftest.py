"""Fixtures of the unit tests: commands on a state file and a clock of their own, and servers to send to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands import NOBODYS_LOGIN, Commands
from tests.cutover import START, created
from tests.sinks import Sink, http_sink, mail_sink
from warroom.clock.source import SteppedClock, SystemClock


@pytest.fixture
def commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Commands:
    """Commands where there is no state file yet."""
    clock = SteppedClock(START)
    monkeypatch.setattr(SystemClock, "now", lambda _: clock.now())
    monkeypatch.setattr(SystemClock, "uptime", lambda _: clock.uptime())
    for name in ("WARROOM_USER", "WARROOM_TRACEBACK", "WARROOM_CHANNELS"):
        monkeypatch.delenv(name, raising=False)
    path = tmp_path / "state.db"
    monkeypatch.setenv("WARROOM_DB", str(path))
    monkeypatch.setenv("LOGNAME", NOBODYS_LOGIN)
    monkeypatch.setenv("WARROOM_BACKUPS", "off")
    monkeypatch.chdir(tmp_path)
    return Commands(path, clock, capsys)


@pytest.fixture
def planning(commands: Commands) -> Commands:
    """Commands on the small plan; no run was started."""
    created(commands.path)
    return commands


@pytest.fixture
def rehearsal(planning: Commands) -> Commands:
    """Commands on a rehearsal of the small plan that has just started."""
    planning.good("run", "start", "--rehearsal", "mock 1")
    return planning


@pytest.fixture
def mail() -> Iterator[Sink]:
    """A mail server."""
    with mail_sink() as sink:
        yield sink


@pytest.fixture
def web() -> Iterator[Sink]:
    """A server that takes what is posted to it."""
    with http_sink() as sink:
        yield sink
