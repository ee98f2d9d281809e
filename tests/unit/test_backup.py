"""Backups: whole, verified, named, made by themselves when they are due, and kept as long as they may be needed."""

from __future__ import annotations

import os
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.commands import Commands
from tests.cutover import START, Cutover, caller, everything, minute, opened
from tests.unit.test_verify import Forger
from warroom.alerts.watch import Watch
from warroom.board.load import load_board
from warroom.host.over_state_file import perform
from warroom.store import automatic, copies, files, journal, sqlite
from warroom.store.backup import back_up
from warroom.store.copies import BackupName, read_name
from warroom.store.statefile import StateFile
from warroom.store.verify import verify
from warroom.vocabulary.errors import BadInput, StateFileError
from warroom.vocabulary.words import Verdict, VoteChoice

PATIENCE_S = 30


def names(folder: Path) -> list[BackupName]:
    """What the names of the backups in a folder say, oldest first."""
    found = [read_name(path.name) for path in folder.iterdir() if not path.name.startswith(".")]
    assert None not in found
    return sorted((name for name in found if name is not None), key=lambda name: (name.at, name.seq))


def labels(folder: Path) -> list[str | None]:
    return [name.label for name in names(folder)]


def entries_of(path: Path) -> int:
    """How many entries a backup has; it is sound."""
    with StateFile.copied(path) as copy:
        result = verify(copy)
        assert result.findings == ()
        return result.entries


# --- one backup ------------------------------------------------------------------------------------------------------


def test_a_backup_is_one_private_file_that_holds_everything(cutover: Cutover, tmp_path: Path) -> None:
    cutover.do("task.start", "A", by="omar", note="Begun.")
    made = back_up(cutover.state_file, tmp_path / "copy.db")

    assert (made.path, made.seq, made.head) == (tmp_path / "copy.db", 3, cutover.head())
    assert (made.programme, made.at) == ("small", START)
    assert made.path.stat().st_mode & 0o777 == 0o600
    assert made.size_bytes == made.path.stat().st_size
    assert {path.name for path in tmp_path.iterdir()} - {"state.db", "state.db-wal", "state.db-shm"} == {"copy.db"}
    with StateFile.copied(made.path) as copy:
        assert verify(copy).sound
        assert everything(load_board(copy)) == everything(cutover.board())
        assert copy.genesis == cutover.state_file.genesis


def test_it_is_in_rollback_mode_so_that_nothing_beside_it_matters(cutover: Cutover, tmp_path: Path) -> None:
    made = back_up(cutover.state_file, tmp_path / "copy.db")
    connection = sqlite.connect(made.path)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)
    connection.close()


def test_in_a_folder_it_is_named_after_programme_time_entry_and_hash(cutover: Cutover, tmp_path: Path) -> None:
    (tmp_path / "safe").mkdir()
    made = back_up(cutover.state_file, tmp_path / "safe")

    assert made.path.name == f"small-20261127T180000Z-2-{cutover.head()[:12]}.db"
    assert back_up(cutover.state_file, tmp_path / "safe").path == made.path  # the same again


@pytest.mark.parametrize(("target", "said"), [("state.db", "a file already"), ("none/copy.db", "no such folder")])
def test_nothing_is_overwritten_and_no_folder_is_made(cutover: Cutover, target: str, said: str, tmp_path: Path) -> None:
    before = cutover.head()
    with pytest.raises(BadInput, match=said):
        back_up(cutover.state_file, tmp_path / target)
    assert cutover.head() == before
    assert not (tmp_path / "none").exists()


def test_of_a_file_that_is_not_sound_there_is_no_backup(cutover: Cutover, tmp_path: Path) -> None:
    forger = Forger(cutover.path)
    forger("UPDATE task SET title = 'forged' WHERE ref = 'B'")
    forger.close()
    (tmp_path / "safe").mkdir()
    with pytest.raises(StateFileError, match=r"not sound: task .* title is 'forged'"):
        back_up(cutover.state_file, tmp_path / "safe")
    assert list((tmp_path / "safe").iterdir()) == []


def test_a_folder_that_cannot_be_written_is_told(cutover: Cutover, tmp_path: Path) -> None:
    (tmp_path / "safe").mkdir()
    (tmp_path / "safe" / "x").mkdir()
    with pytest.raises(StateFileError, match="nothing can be written there"):
        files.publish(tmp_path / "nothing", tmp_path / "safe" / "x", replace=True)


def test_the_command_tells_where_it_is(rehearsal: Commands) -> None:
    told = rehearsal.json("backup", "copy.db")
    assert told["path"] == "copy.db"
    assert told["seq"] == entries_of(Path("copy.db")) == 2
    assert (told["programme"], told["at"]) == ("small", "2026-11-27T18:00:00Z")
    assert rehearsal.good("backup", "again.db").out == "again.db\n"
    assert rehearsal("backup").code == rehearsal("backup", "a.db", "--follow", ".").code == 2


# --- names -----------------------------------------------------------------------------------------------------------


@given(programme=st.text(min_size=1, max_size=80), label=st.none() | st.text(min_size=1, max_size=80))
def test_what_a_name_says_can_be_read_back(programme: str, label: str | None) -> None:
    name = BackupName(programme, START, 412, "9f3b0c6e7a21" + "0" * 52, label)
    plain_label = None if label is None else copies.plain(label)
    assert "/" not in name.text
    assert read_name(name.text) == BackupName(copies.plain(programme), START, 412, "9f3b0c6e7a21", plain_label)


@pytest.mark.parametrize("name", ["state.db", "x-20261399T000000Z-1-000000000000.db", "small-standby.db", ".lock"])
def test_other_files_are_no_backups(name: str) -> None:
    assert read_name(name) is None


# --- made by themselves ----------------------------------------------------------------------------------------------


@pytest.fixture
def kept(cutover: Cutover, tmp_path: Path) -> Path:
    """The folder of automatic backups, which are on for `cutover`."""
    cutover.state_file.backup_folder = tmp_path / "kept"
    return tmp_path / "kept"


def test_where_they_go(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    assert automatic.folder_for(path, {}) == tmp_path / "state.db.backups"
    assert automatic.folder_for(path, {"WARROOM_BACKUPS": "off"}) is None
    assert automatic.folder_for(path, {"WARROOM_BACKUPS": str(tmp_path)}) == tmp_path
    with pytest.raises(BadInput, match="names no folder"):
        automatic.folder_for(path, {"WARROOM_BACKUPS": str(tmp_path / "none")})


def test_a_started_run_and_a_decided_gate_are_backed_up(
    planning: Commands, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("WARROOM_BACKUPS")
    folder = tmp_path / "state.db.backups"
    planning.good("run", "start", "--rehearsal", "mock 1")
    assert labels(folder) == ["start-1"]
    planning.good("task", "start", "A")
    assert labels(folder) == ["start-1"]
    planning.to(5)
    with opened(planning.path) as cutover:
        cutover.to(5)
        for ref in ("A", "B", "C"):
            cutover.finish(ref)
    for who in ("lena", "gil"):
        planning.good("gate", "vote", "GO", "go", "--as", who)
    planning.good("gate", "decide", "GO", "go", "--reason", "all agree", "--as", "lena")

    assert labels(folder) == ["start-1", "gate-1-GO"]
    assert folder.stat().st_mode & 0o777 == 0o700
    latest = max(folder.glob("small-*"), key=lambda path: path.name)
    with opened(planning.path) as cutover:
        assert entries_of(latest) == len(cutover.entries())
        (entry,) = (entry for entry in cutover.entries() if entry.action == "gate.decide")
    with StateFile.copied(latest) as copy, copy.read() as reader:
        assert journal.record_of(reader.connection, entry.id) is not None


def test_a_backup_that_fails_never_fails_the_action(
    planning: Commands, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("WARROOM_BACKUPS")
    (tmp_path / "state.db.backups").write_text("in the way")
    answer = planning.good("run", "start", "--rehearsal", "mock 1")
    assert "the rehearsal mock 1 has started" in answer.err
    assert "what was done stands, but no backup was made" in answer.err


def test_whatever_the_system_refuses_is_told_in_words(
    cutover: Cutover, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(automatic, "_rotate", refuse)
    with pytest.raises(StateFileError, match="Permission denied") as caught:
        automatic.hourly(cutover.state_file)
    assert caught.value.where == str(kept)


def test_a_console_makes_it_beside_itself(cutover: Cutover, kept: Path) -> None:
    cutover.finish("A")
    cutover.finish("B")
    cutover.finish("C")
    for who in ("lena", "gil"):
        cutover.do("gate.vote", "GO", by=who, choice=VoteChoice.GO)
    perform(
        cutover.state_file, caller("lena"), "gate.decide", {"ref": "GO", "verdict": Verdict.GO, "reason": "all agree"}
    )
    for thread in threading.enumerate():
        if thread.name == "backup":
            thread.join(PATIENCE_S)
    assert labels(kept) == ["gate-1-GO"]


def test_once_an_hour_if_something_was_written(cutover: Cutover, kept: Path) -> None:
    assert automatic.hourly(cutover.state_file) is not None
    cutover.do("task.note", "A", text="one")
    cutover.to(59)
    assert automatic.hourly(cutover.state_file) is None
    cutover.to(60)
    assert automatic.hourly(cutover.state_file) is not None
    cutover.to(180)
    assert automatic.hourly(cutover.state_file) is None  # nothing was written since
    cutover.do("task.note", "A", text="two")
    assert automatic.hourly(cutover.state_file) is not None

    assert [(name.at, name.seq, name.label) for name in names(kept)] == [
        (minute(0), 2, "hourly"),
        (minute(60), 3, "hourly"),
        (minute(180), 4, "hourly"),
    ]


def test_nobody_makes_one_where_they_are_off(cutover: Cutover, tmp_path: Path) -> None:
    before = set(tmp_path.iterdir())
    assert automatic.hourly(cutover.state_file) is None
    assert automatic.after(cutover.state_file, cutover.entries()[-1]) is None
    assert set(tmp_path.iterdir()) == before


def test_the_watch_makes_the_hourly_one(cutover: Cutover, kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = threading.Event()

    def noting(state_file: StateFile) -> Any:
        try:
            return original(state_file)
        finally:
            made.set()

    original = automatic.hourly
    monkeypatch.setattr(automatic, "hourly", noting)
    watch = Watch(cutover.state_file)
    watch.start()
    try:
        assert made.wait(PATIENCE_S)
    finally:
        watch.stop()
    assert labels(kept) == ["hourly"]


def test_one_process_at_a_time_makes_it(cutover: Cutover, kept: Path) -> None:
    with automatic._one_at_a_time(kept, wait=False) as held, automatic._one_at_a_time(kept, wait=False) as also_held:
        assert (held, also_held) == (True, False)
        assert automatic.hourly(cutover.state_file) is None
    assert automatic.hourly(cutover.state_file) is not None


# --- what is kept ----------------------------------------------------------------------------------------------------


def test_rotation_keeps_recent_ones_hours_starts_and_gates(cutover: Cutover, kept: Path) -> None:
    """Four days, a backup each half hour."""
    kept.mkdir()
    by_hand = {"small-20261101T000000Z-1-000000000000.db", "other-20261101T000000Z-1-000000000000.hourly.db", "notes"}
    for name in by_hand:
        (kept / name).touch()
    for half_hour in range(2 * 24 * 4):
        label = "start-1" if half_hour == 0 else "gate-1-GO" if half_hour % 50 == 0 else "hourly"
        (kept / BackupName("small", minute(30 * half_hour), 2, "0" * 12, label).text).touch()
    cutover.do("task.note", "A", text="one")
    cutover.to(30 * 2 * 24 * 4)
    with automatic._one_at_a_time(kept, wait=True):
        automatic._make(cutover.state_file, kept, "hourly")

    now = cutover.clock.now()
    left = [name for name in map(read_name, (path.name for path in kept.iterdir())) if name is not None]
    own = sorted((name.at for name in left if name.label and name.programme == "small"), reverse=True)
    assert by_hand <= {path.name for path in kept.iterdir()}
    assert [name.at for name in left if name.label == "start-1"] == [START]
    assert max(name.at for name in left if name.label == "gate-1-GO") == minute(30 * 150)
    assert own[:6] == [now - number * timedelta(minutes=30) for number in range(6)]
    hours = {at.replace(minute=0) for at in own if now - at < timedelta(hours=48)}
    assert hours == {now - number * timedelta(hours=1) for number in range(49)}
    assert len(own) <= 6 + 49 + 2


instants = st.integers(0, 200 * 60).map(minute)
backups = st.builds(
    BackupName,
    st.just("small"),
    instants,
    st.integers(1, 9_999),
    st.just("0" * 12),
    st.sampled_from([None, "hourly", "start-1", "gate-1-GO", "gate-2-GO", "schema-1"]),
)


@given(found=st.sets(backups, max_size=80), later=st.integers(0, 100))
def test_what_must_be_kept_is_never_surplus(found: set[BackupName], later: int) -> None:
    now = minute(200 * 60 + later * 60)
    gone = automatic.surplus(found, now)
    left = found - gone
    assert all(name.label is not None for name in gone)
    own = sorted((name.at for name in found if name.label is not None), reverse=True)
    assert sorted((name.at for name in left if name.label is not None), reverse=True)[:6] == own[:6]
    for label in {name.label for name in found} - {None, "hourly"}:
        latest = max(name.at for name in found if name.label == label)
        assert any(name.label == label and name.at == latest for name in left)
    assert automatic.surplus(left, now) == set()


def test_what_a_killed_process_left_behind_goes(cutover: Cutover, kept: Path) -> None:
    kept.mkdir()
    for name, age in ((".old.new", 2), (".young.new", 0)):
        (kept / name).write_text("half")
        at = (START - timedelta(hours=age)).timestamp()
        os.utime(kept / name, (at, at))
    automatic.hourly(cutover.state_file)
    assert {path.name for path in kept.glob(".*.new")} == {".young.new"}
