"""`warroom replay` without --at: the console over the past, where there is a terminal."""

from __future__ import annotations

from typing import Any

import pytest

from tests.commands import Commands
from tests.cutover import minute
from warroom.host.interface import Replay
from warroom.tui.app import ConsoleApp
from warroom.tui.doing.looking_back import LookingBack


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[LookingBack]:
    """A terminal on which replays are noted rather than shown."""
    noted: list[LookingBack] = []

    def begin(_: ConsoleApp, host: Replay, *, past: LookingBack, **__: Any) -> None:
        assert host is past.replay
        noted.append(past)

    monkeypatch.setattr(ConsoleApp, "__init__", begin)
    monkeypatch.setattr(ConsoleApp, "run", lambda _: None)
    monkeypatch.setattr(ConsoleApp, "return_code", None)
    monkeypatch.setattr("warroom.cli.replay.insist_on_terminal", lambda _: None)
    return noted


def test_it_needs_a_terminal_and_names_the_way_without_one(rehearsal: Commands) -> None:
    answer = rehearsal("replay")
    assert answer.code == 2
    assert "terminal" in answer.err
    assert "warroom replay --at 02:10" in answer.err
    answer = rehearsal("replay", "--json")
    assert answer.code == 2
    assert answer.error["where"] == "--at"


def test_it_begins_at_the_begin_and_ends_with_the_last_entry(rehearsal: Commands, shown: list[LookingBack]) -> None:
    rehearsal.to(10)
    rehearsal.good("task", "start", "A")
    rehearsal.to(500)
    rehearsal.good("replay", "--as", "omar")
    (past,) = shown
    assert (past.replay.begin, past.replay.instant, past.replay.end) == (minute(0), minute(0), minute(10))
    assert past.left is None
    assert past.replay.actor.handle == "omar"
    assert past.replay.read_only


def test_another_run_is_replayed_by_its_name(rehearsal: Commands, shown: list[LookingBack]) -> None:
    rehearsal.to(10)
    rehearsal.good("run", "close")
    rehearsal.good("run", "start", "--rehearsal", "mock 2")
    rehearsal.good("replay", "--run", "mock 1")
    rehearsal.good("replay")
    names = [None if past.replay.board.run is None else past.replay.board.run.name for past in shown]
    assert names == ["mock 1", "mock 2"]


def test_what_cannot_be_replayed(rehearsal: Commands, shown: list[LookingBack]) -> None:
    assert rehearsal("replay", "--run", "mock 9").code == 2
    assert rehearsal("replay", "--as", "nobody").code == 2
    assert rehearsal("replay", "--db", "missing.db").code == 3
    assert shown == []


def test_before_the_first_run_there_is_no_past(planning: Commands, shown: list[LookingBack]) -> None:
    answer = planning("replay")
    assert answer.code == 1
    assert "run start" in answer.err
    assert shown == []
