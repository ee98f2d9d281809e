"""Fixtures that many tests share: a small cutover, planned or rehearsing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.cutover import Cutover, created, opened, rehearsing
from warroom.runbook.document import RunbookDocument
from warroom.store.statefile import StateFile


@pytest.fixture
def state_path(tmp_path: Path) -> Path:
    """A state file that holds the small plan; no run was started."""
    return created(tmp_path / "state.db")


@pytest.fixture
def planned(state_path: Path) -> Iterator[Cutover]:
    """The small plan, open, before its first run."""
    with opened(state_path) as cutover:
        yield cutover


@pytest.fixture
def state_file(planned: Cutover) -> StateFile:
    """The open state file of `planned`."""
    return planned.state_file


@pytest.fixture
def cutover(tmp_path: Path) -> Iterator[Cutover]:
    """The small plan in a rehearsal that has just started."""
    with rehearsing(tmp_path / "state.db") as running:
        yield running


@pytest.fixture
def rehearse(tmp_path: Path) -> Iterator[Callable[[RunbookDocument], Cutover]]:
    """Starts a rehearsal of a runbook of the test's own."""
    with ExitStack() as open_files:
        yield lambda runbook: open_files.enter_context(rehearsing(tmp_path / "own.db", runbook))
