"""Stages for console tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tui.stage import Stage, evening, night, second_mock, staged
from warroom.tui.app import ConsoleApp
from warroom.tui.doing import words_follow


@pytest.fixture(autouse=True)
def beaten_by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests call `beat` themselves: a heartbeat of the machine's own would come into a picture now and then."""
    monkeypatch.setattr(ConsoleApp, "_heartbeat", lambda _: None)


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """The first cutover, planned, ten minutes before its window."""
    with staged(tmp_path / "state.db") as planned:
        yield planned


@pytest.fixture
def at_evening(tmp_path: Path) -> Iterator[Stage]:
    """The live cutover at T+1h32."""
    with staged(tmp_path / "state.db", played=evening) as played:
        yield played


@pytest.fixture
def at_night(tmp_path: Path) -> Iterator[Stage]:
    """The live cutover at T+3h26."""
    with staged(tmp_path / "state.db", played=night) as played:
        yield played


@pytest.fixture(autouse=True)
def people_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    """After a key that is refused they wait before the next one, so that it is not taken for a word."""
    monkeypatch.setattr(words_follow, "PAUSE_S", 0.0)


@pytest.fixture
def real_size(tmp_path: Path) -> Iterator[Stage]:
    """A rehearsal of the finance and operations cutover, which has everything: gates that judge much by themselves, a
    call sheet, many triggers and ways to recover."""
    with staged(tmp_path / "state.db", "d365-fo-lcs.yaml", "ana", played=second_mock) as played:
        yield played
