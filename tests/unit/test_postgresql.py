"""What only PostgreSQL can get wrong: opening, creating, and several writers in one database."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.cutover import caller, created, small_document
from tests.postgresql import Server
from warroom.actions import plan, runs, tasks
from warroom.store.statefile import StateFile
from warroom.store.verify import verify
from warroom.vocabulary.errors import BadInput, StateFileError
from warroom.vocabulary.words import RunKind


@pytest.fixture
def url(postgresql: Server, tmp_path: Path) -> str:
    return postgresql.location(tmp_path / "state")


def test_there_is_nothing_yet(url: str) -> None:
    with pytest.raises(StateFileError, match="there is no state file"):
        StateFile.open(url)


def test_a_server_that_does_not_answer(tmp_path: Path) -> None:
    with pytest.raises(StateFileError, match="cannot be reached") as raised:
        StateFile.open(f"postgresql://warroom:secret@/nowhere?host={tmp_path}")
    assert "secret" not in str(raised.value.where)


def test_somebody_elses_tables_are_let_be(url: str) -> None:
    with StateFile.create(url) as state_file, state_file.database.connection() as connection:
        connection.execute("CREATE TABLE theirs (id INTEGER)")
    with StateFile.open(url) as state_file, state_file.database.connection() as connection:
        assert connection.execute("SELECT COUNT(*) FROM theirs").fetchone() == (0,)


def test_it_is_created_whole_or_not_at_all(url: str) -> None:
    with pytest.raises(RuntimeError, match="halfway"), StateFile.create(url):
        raise RuntimeError("halfway")
    with pytest.raises(StateFileError, match="there is no state file"):
        StateFile.open(url)
    created(url)
    with pytest.raises(BadInput, match="there is a state file already"):
        plan.init(url, small_document(), name="again.yaml")


def test_writers_in_one_database_make_one_chain(url: str) -> None:
    """Each with connections of its own, as processes have."""
    created(url)
    with StateFile.open(url) as state_file:
        runs.start(state_file, caller("lena"), kind=RunKind.REHEARSAL, name="mock 1")

    def write(number: int) -> None:
        with StateFile.open(url) as state_file:
            for turn in range(20):
                tasks.note(state_file, caller("lena"), "A", text=f"{number}.{turn}")

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(4)))
    with StateFile.open(url) as state_file:
        result = verify(state_file)
    assert result.findings == ()
    assert result.entries == 2 + 4 * 20


def test_a_state_file_that_was_made_anew_meanwhile(url: str) -> None:
    created(url)
    with StateFile.open(url) as state_file:
        runs.start(state_file, caller("lena"), kind=RunKind.REHEARSAL, name="mock 1")
        with state_file.database.connection() as connection:
            connection.execute("UPDATE state_file SET genesis = 'another'")
        with pytest.raises(StateFileError, match="replaced or removed"):
            tasks.note(state_file, caller("lena"), "A", text="lost")
