"""Restoring a backup: verified first, the old file moved aside, what is lost told, nothing half done."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands import Commands
from tests.cutover import Cutover, created, everything, minute, opened, rehearsing, small_document
from tests.unit.test_verify import Forger
from warroom.actions import plan
from warroom.board.load import load_board
from warroom.store import sqlite
from warroom.store.backup import back_up
from warroom.store.migration import Migration, Schema
from warroom.store.restore import restore
from warroom.store.statefile import StateFile
from warroom.store.verify import verify
from warroom.vocabulary.errors import BadInput, Busy, StateFileError

NOW = minute(90)
ASIDE = "state.db.before-restore-20261127T193000Z"


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """A state file, closed; its backup `backup.db` lies beside it and lacks the last two of its five entries."""
    path = tmp_path / "state.db"
    with rehearsing(path) as cutover:
        cutover.do("task.start", "A", by="omar")
        back_up(cutover.state_file, tmp_path / "backup.db")
        cutover.do("task.note", "A", text="after the backup")
        cutover.do("task.block", "A", by="omar", reason="no access")
    return path


@pytest.fixture
def backup(state: Path) -> Path:
    return state.with_name("backup.db")


@pytest.fixture
def files(tmp_path: Path) -> Iterator[set[str]]:
    """What is in the folder at the end of the test must be this."""
    expected: set[str] = set()
    yield expected
    assert {path.name for path in tmp_path.iterdir()} == expected


def test_what_was_backed_up_is_there_again_and_what_was_lost_is_told(
    state: Path, backup: Path, files: set[str]
) -> None:
    with StateFile.copied(backup) as copy:
        then = everything(load_board(copy))
    original = backup.read_bytes()
    done = restore(backup, state, NOW)

    assert (done.path, done.seq, done.moved_to) == (state, 3, state.with_name(ASIDE))
    assert [(entry.seq, entry.action) for entry in done.lost.entries] == [(4, "task.note"), (5, "task.block")]
    assert backup.read_bytes() == original
    with opened(state) as cutover:
        assert verify(cutover.state_file).sound
        assert (everything(cutover.board()), cutover.head()) == (then, done.head)
        with cutover.state_file.read() as reader:
            schema = "SELECT count(*) FROM sqlite_schema WHERE type = 'view' OR name LIKE 'v\\_%' ESCAPE '\\'"
            assert reader.connection.execute(schema).fetchone() == (0,)
            assert reader.connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        cutover.to(95)
        cutover.do("task.note", "A", text="on we go")
    assert state.stat().st_mode & 0o777 == 0o600
    with opened(state.with_name(ASIDE)) as old:
        assert [entry.seq for entry in old.entries()] == [1, 2, 3, 4, 5]
    files |= {"state.db", "backup.db", ASIDE}


def test_where_there_is_no_state_file_nothing_is_moved(backup: Path, tmp_path: Path) -> None:
    done = restore(backup, tmp_path / "new.db", NOW)
    assert (done.moved_to, done.lost.entries, done.lost.unknown) == (None, (), None)
    with opened(tmp_path / "new.db") as cutover:
        assert (len(cutover.entries()), verify(cutover.state_file).sound) == (3, True)


def test_what_a_lost_file_left_beside_it_is_not_taken_for_a_part_of_the_restored_one(
    backup: Path, tmp_path: Path
) -> None:
    """Somebody removed the state file, and not its -wal."""
    with rehearsing(tmp_path / "lost.db") as cutover:
        cutover.do("task.note", "A", text="in the -wal file")
        shutil.copy(tmp_path / "lost.db-wal", tmp_path / "new.db-wal")
    with pytest.raises(BadInput, match="there is a file already"):
        plan.init(tmp_path / "new.db", small_document(), name="small.yaml")
    restore(backup, tmp_path / "new.db", NOW)
    with opened(tmp_path / "new.db") as cutover:
        assert (len(cutover.entries()), verify(cutover.state_file).sound) == (3, True)
    assert (tmp_path / "new.db.before-restore-20261127T193000Z-wal").exists()


def test_restored_twice_in_a_second_both_old_files_are_kept(state: Path, backup: Path, files: set[str]) -> None:
    assert restore(backup, state, NOW).moved_to == state.with_name(ASIDE)
    second = restore(backup, state, NOW)
    assert (second.moved_to, second.lost.entries) == (state.with_name(ASIDE + "-1"), ())
    files |= {"state.db", "backup.db", ASIDE, ASIDE + "-1"}


def test_nobody_may_have_it_open(state: Path, backup: Path, files: set[str]) -> None:
    with opened(state) as cutover:
        head = cutover.head()
        with pytest.raises(Busy, match="somebody still has the state file open") as caught:
            restore(backup, state, NOW)
        assert "leave every console" in str(caught.value.hint)
        assert cutover.head() == head
        cutover.do("task.note", "A", text="still at work")
    files |= {"state.db", "backup.db"}


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        ("UPDATE note SET text = 'forged'", "not sound"),
        ("UPDATE task SET title = 'forged'", "not sound: task"),
        ("DELETE FROM journal WHERE seq = 2", "not sound: entry 2"),
        ("PRAGMA application_id = 7", "not a warroom state file"),
    ],
)
def test_a_backup_that_is_not_sound_is_refused(
    spoil: str, said: str, state: Path, backup: Path, files: set[str]
) -> None:
    with opened(state) as cutover:
        cutover.do("task.note", "A", text="true")
        backup.unlink()
        back_up(cutover.state_file, backup)
        head = cutover.head()
    forger = Forger(backup)
    forger(spoil)
    forger.close()
    with pytest.raises(StateFileError, match=said):
        restore(backup, state, NOW)
    with opened(state) as cutover:
        assert cutover.head() == head
    files |= {"state.db", "backup.db"}


def test_what_is_no_backup_is_refused(state: Path, tmp_path: Path) -> None:
    (tmp_path / "text").write_text("warroom: 1\n" * 500)
    for name, said in (("text", "not a warroom state file"), ("none", "no such backup")):
        with pytest.raises(StateFileError, match=said):
            restore(tmp_path / name, state, NOW)
    with pytest.raises(BadInput, match="the state file itself"):
        restore(state, state, NOW)


def test_of_another_programme_it_cannot_be_told_what_is_lost(backup: Path, tmp_path: Path) -> None:
    other = created(tmp_path / "other.db")
    forger = Forger(other)
    forger("UPDATE state_file SET genesis = 'another'")
    forger.close()
    assert "another programme" in str(restore(backup, other, NOW).lost.unknown)


def test_a_damaged_state_file_gives_way(state: Path, backup: Path) -> None:
    content = bytearray(state.read_bytes())
    content[4096:] = b"\xa5" * (len(content) - 4096)
    state.write_bytes(content)
    state.with_name("state.db-wal").write_bytes(b"left over")
    done = restore(backup, state, NOW)

    assert "cannot be read" in str(done.lost.unknown)
    assert state.with_name(ASIDE).read_bytes()[4096:] == bytes(content[4096:])
    with opened(state) as cutover:
        assert (len(cutover.entries()), verify(cutover.state_file).sound) == (3, True)


def test_a_backup_of_an_older_schema_is_restored_and_migrated_when_opened(state: Path, backup: Path) -> None:
    newer = Schema((Migration("nothing", (), lambda _, fields: fields),))
    restore(backup, state, NOW)
    with StateFile.open(state, schema=newer) as state_file:
        assert verify(state_file).sound
        assert [entry.action for entry in state_file.entries()][-1] == "state-file.migrate"


def test_the_command_tells_what_is_lost(rehearsal: Commands) -> None:
    rehearsal.good("backup", "backup.db")
    rehearsal.good("task", "note", "A", "lost words")
    rehearsal.to(90)
    told = rehearsal.json("restore", "backup.db")
    assert (told["seq"], told["lost"], told["unknown"]) == (2, 1, None)
    assert told["moved_to"] == str(rehearsal.path.with_name(ASIDE))
    assert [(entry["seq"], entry["action"]) for entry in told["lost_entries"]] == [(3, "task.note")]
    rehearsal.good("task", "note", "A", "lost again")
    answer = rehearsal.good("restore", "backup.db")
    assert "lost: 1 entries that followed the backup" in answer.err
    assert "task.note" in answer.err
    assert rehearsal("restore", "nothing.db").code == 3


# --- before migrating ------------------------------------------------------------------------------------------------

SECOND = Schema((Migration("nothing", (), lambda _, fields: fields),))


def test_a_file_is_backed_up_before_it_is_migrated(state_path: Path) -> None:
    with opened(state_path) as cutover:
        cutover.rehearse()
        head = cutover.head()
    StateFile.open(state_path, schema=SECOND).close()
    (backup,) = (path for path in state_path.with_name("state.db.backups").iterdir())

    assert backup.name.endswith(f"-2-{head[:12]}.schema-1.db")
    with StateFile.copied(backup) as copy:
        assert (copy.head().hash, copy.schema.version, verify(copy).sound) == (head, 1, True)
    restore(backup, state_path, NOW)
    with opened(state_path) as cutover:
        assert cutover.head() == head


def test_without_a_backup_nothing_is_migrated(state_path: Path) -> None:
    state_path.with_name("state.db.backups").write_text("in the way")
    with pytest.raises(StateFileError, match="nothing can be written there"):
        StateFile.open(state_path, schema=SECOND)
    with opened(state_path) as cutover:
        assert len(cutover.entries()) == 1


# --- why a plain copy will not do ------------------------------------------------------------------------------------


def test_a_plain_copy_of_a_file_in_use_lacks_what_a_backup_has(cutover: Cutover, tmp_path: Path) -> None:
    cutover.do("task.note", "A", text="in the -wal file")
    shutil.copy(cutover.path, tmp_path / "plain.db")
    back_up(cutover.state_file, tmp_path / "backup.db")
    with StateFile.copied(tmp_path / "backup.db") as copy:
        assert copy.head().hash == cutover.head()
    sqlite.to_write_ahead(tmp_path / "plain.db")
    with StateFile.open(tmp_path / "plain.db") as plain:
        assert plain.head().seq < cutover.state_file.head().seq
