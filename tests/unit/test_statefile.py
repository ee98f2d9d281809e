"""Opening what is no state file, and creating one whole or not at all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.cutover import created, opened, small_document
from tests.system.workers import create, create_halfway, workers
from warroom.actions import plan
from warroom.store import sqlite
from warroom.store.migration import Migration, Schema
from warroom.store.statefile import StateFile
from warroom.store.verify import verify
from warroom.vocabulary.errors import BadInput, Busy, StateFileError

NEWER = Schema((Migration("nothing", (), lambda _, fields: fields),))


def foreign_database(path: Path) -> None:
    path.touch()
    engine = sqlite.engine_of(path)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE state_file (id INTEGER)")
    engine.dispose()


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda _: None, "there is no state file"),
        (lambda path: path.touch(), "not a warroom state file"),
        (lambda path: path.write_bytes(b"warroom: 1\n" * 200), "not a warroom state file"),
        (foreign_database, "not a warroom state file"),
        (lambda path: path.mkdir(), "cannot be opened"),
    ],
    ids=["missing", "empty", "text", "other database", "folder"],
)
def test_what_is_no_state_file_is_told_with_what_to_do(make: Any, said: str, tmp_path: Path) -> None:
    path = tmp_path / "odd name ?%&#.db"
    make(path)
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(StateFileError, match=said) as caught:
        StateFile.open(path)

    assert (caught.value.exit_code, caught.value.where) == (3, str(path))
    assert caught.value.hint
    assert (path.read_bytes() if path.is_file() else None) == before


def test_a_damaged_file_is_told(state_path: Path) -> None:
    content = bytearray(state_path.read_bytes())
    content[4096:] = b"\xa5" * (len(content) - 4096)
    state_path.write_bytes(content)
    with pytest.raises(StateFileError, match="damaged"):
        StateFile.open(state_path)


def test_a_file_of_a_newer_warroom_is_left_alone(state_path: Path) -> None:
    StateFile.open(state_path, schema=NEWER).close()
    with pytest.raises(StateFileError, match="schema 2, and this warroom knows schemas up to 1") as caught:
        StateFile.open(state_path)
    assert caught.value.hint == "use the newer warroom that wrote it"


def test_whoever_had_it_open_while_it_was_migrated_writes_no_more(state_path: Path) -> None:
    with opened(state_path) as cutover:
        StateFile.open(state_path, schema=NEWER).close()
        head = cutover.head()
        with pytest.raises(StateFileError, match="migrated to schema 2 meanwhile"):
            cutover.rehearse()
        assert cutover.head() == head


def test_odd_names_are_names(tmp_path: Path) -> None:
    path = tmp_path / "50% off? #1 & más.db"
    plan.init(path, small_document(), name="small.yaml")
    with StateFile.open(path) as state_file:
        assert verify(state_file).sound
    assert {each.name for each in tmp_path.iterdir()} == {path.name}


def test_a_state_file_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    plan.init(path, small_document(), name="small.yaml")
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_lock_that_stays_is_told_and_nothing_is_changed(state_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "LOCK_PATIENCE_S", 0.02)
    with opened(state_path) as holder, opened(state_path) as other:
        with holder.state_file.write(), pytest.raises(Busy) as caught:
            other.rehearse()
        assert (caught.value.exit_code, caught.value.hint) == (4, "nothing was changed; try again")
        assert other.board().run is None
        other.rehearse()


@pytest.mark.parametrize("replaced", [False, True])
def test_nothing_is_written_into_a_file_that_has_lost_its_name(replaced: bool, state_path: Path) -> None:
    """It could be read there by nobody ever after."""
    with opened(state_path) as cutover:
        state_path.unlink()
        if replaced:
            created(state_path.with_name("other.db")).rename(state_path)
        with pytest.raises(StateFileError, match="replaced or removed"):
            cutover.rehearse()


# --- creating --------------------------------------------------------------------------------------------------------


def test_an_exception_while_creating_leaves_nothing(tmp_path: Path) -> None:
    def half() -> None:
        with StateFile.create(tmp_path / "state.db") as building, building.write() as transaction:
            transaction.keep(b"half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half()
    assert list(tmp_path.iterdir()) == []


def test_an_existing_file_is_never_touched(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    path.write_text("precious")
    with pytest.raises(BadInput, match="there is a file already") as caught:
        plan.init(path, small_document(), name="small.yaml")

    assert caught.value.where == str(path)
    assert path.read_text() == "precious"
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_appears_while_creating_is_never_touched(tmp_path: Path) -> None:
    path = tmp_path / "state.db"

    def overtaken() -> None:
        with StateFile.create(path):
            path.write_text("precious")

    with pytest.raises(BadInput, match="meanwhile"):
        overtaken()
    assert path.read_text() == "precious"
    assert list(tmp_path.iterdir()) == [path]


def test_a_missing_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no such folder"):
        plan.init(tmp_path / "none" / "state.db", small_document(), name="small.yaml")


def test_whoever_is_unknown_creates_nothing(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="nobody called eve"):
        plan.init(tmp_path / "state.db", small_document(), name="small.yaml", handle="eve")
    assert list(tmp_path.iterdir()) == []


def test_killed_while_creating_leaves_no_state_file(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    with workers() as start:
        worker = start(create_halfway, path)
        assert worker.answer() == "halfway"
        assert not path.exists()
        worker.kill()
    assert not path.exists()
    with pytest.raises(StateFileError, match="there is no state file"):
        StateFile.open(path)
    plan.init(path, small_document(), name="small.yaml")
    with StateFile.open(path) as state_file:
        assert verify(state_file).sound


def test_of_fifty_who_create_at_once_one_does(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    with workers() as start:
        racing = [start(create, path) for _ in range(50)]
        for worker in racing:
            assert worker.answer() == "ready"
        for worker in racing:
            worker.say("go")
        told = [worker.answer() for worker in racing]

    assert told.count("created") == 1
    assert {code for code, _ in (each for each in told if each != "created")} == {"bad-input"}
    assert [each.name for each in tmp_path.iterdir()] == ["state.db"]
    with StateFile.open(path) as state_file:
        assert (verify(state_file).sound, state_file.head().seq) == (True, 1)


# --- who creates it --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "actor", "noted"),
    [
        ({}, "lena", None),
        ({"login": "root"}, "lena", ("lena", "root")),
        ({"login": "gil"}, "gil", None),
        ({"login": "omar.o"}, "omar", None),
        ({"login": "root", "handle": "bea"}, "bea", ("bea", "root")),
        ({"login": "root", "handle": "omar"}, "omar", None),
    ],
)
def test_who_creates_it_and_whose_the_login_is(
    who: dict[str, str], actor: str, noted: tuple[str, str] | None, tmp_path: Path
) -> None:
    entry = plan.init(tmp_path / "state.db", small_document(), name="small.yaml", **who)  # type: ignore[arg-type]
    with opened(tmp_path / "state.db") as cutover:
        people = cutover.board().person_called
        logins = {handle: person.login for handle in ("lena", "gil", "bea", "omar") if (person := people(handle))}

    assert (entry.actor, entry.action, entry.seq) == (actor, "plan.load", 1)
    assert logins == {"lena": None, "gil": None, "bea": None, "omar": "omar.o"} | dict([noted] if noted else [])
