"""Fixtures that many tests share: a small cutover, planned or rehearsing."""

from __future__ import annotations

import gc
import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests import scenes
from tests.cutover import Cutover, created, opened, rehearsing
from tests.postgresql import Server, server, why_not
from tests.soaking import WHOLE, times
from warroom.runbook.document import RunbookDocument
from warroom.store import statefile
from warroom.store.database import Database, Location
from warroom.store.postgresql import PostgreSQL
from warroom.store.statefile import StateFile

# How many examples a property test tries that does not say it, the same ones each time but in the long form, so that a
# change is judged by what it changes; a busy machine is no fault of an example.
settings.register_profile(
    "warroom",
    max_examples=times(short=40, whole=100),
    derandomize=not WHOLE,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
settings.load_profile("warroom")


def pytest_configure() -> None:
    """A shell that runs these tests in the background has them ignore Ctrl-C, and so would every command they start."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_finish() -> None:
    """Garbage is searched for less often, and never in what was imported and collected, which stays to the end."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 10, 10)


@pytest.fixture
def state_path(tmp_path: Path) -> Path:
    """A state file that holds the small plan; no run was started."""
    return created(tmp_path / "state.db")


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A state file whose rehearsal of the small plan has just started, for tests that copy it for each example."""
    path = tmp_path_factory.mktemp("template") / "state.db"
    with rehearsing(path):
        pass
    return path


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


# --- both engines ----------------------------------------------------------------------------------------------------

# The tests of store, actions and journal: but for those marked as being about files, they run on SQLite and on
# PostgreSQL.
ON_BOTH_ENGINES = {
    "test_actions_communications",
    "test_actions_controls",
    "test_actions_gates",
    "test_actions_runs",
    "test_actions_steps",
    "test_actions_tasks",
    "test_feed",
    "test_fold",
    "test_gateway",
    "test_interleavings",
    "test_journal",
    "test_migration",
    "test_clock_jumps",
    "test_lease",
    "test_sweep",
}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    about_files = metafunc.definition.get_closest_marker("about_files") is not None
    if metafunc.module.__name__.rpartition(".")[2] in ON_BOTH_ENGINES and not about_files:
        metafunc.parametrize("engine", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    """A PostgreSQL server; where there can be none, what needs it is skipped, and it is said why."""
    if (reason := why_not()) is not None:
        pytest.skip(reason)
    with server() as running:
        yield running


@pytest.fixture(autouse=True)
def engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The engine below the state files of a test."""
    name: str = getattr(request, "param", "sqlite")
    if name == "sqlite":
        yield name
        return
    running: Server = request.getfixturevalue("postgresql")

    def database_at(location: Location) -> Database:
        assert isinstance(location, Path)
        return PostgreSQL(running.location(location))

    monkeypatch.setattr(statefile, "database_at", database_at)
    monkeypatch.setattr(scenes, "put", running.put)
    yield name
    running.forget()
