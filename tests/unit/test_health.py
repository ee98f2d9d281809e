"""What the doctor finds, and what it says to do."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.commands import Commands
from tests.cutover import START, Cutover, minute, opened, small_document
from tests.unit.test_verify import Forger
from warroom.actions import lease, plan
from warroom.actions.lease import Holder
from warroom.store import health, mounts, sqlite
from warroom.store.backup import back_up
from warroom.store.health import Check, Health, checks_of_file, checks_of_place
from warroom.store.lock_holders import lock_holders
from warroom.store.mounts import file_system_of
from warroom.store.statefile import StateFile
from warroom.vocabulary.errors import StateFileError

MOUNTS = """\
22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
30 22 0:30 / /tmp rw - tmpfs tmpfs rw
31 22 0:31 / /mnt/share rw,relatime shared:2 master:1 - nfs4 server:/export rw,vers=4.2
32 22 0:32 / /mnt/with\\040space rw - cifs //server/share rw
33 22 0:33 / /mnt/local rw - nfs server:/old rw
34 22 8:2 / /mnt/local rw - xfs /dev/sdb1 rw
35 22 0:35 / /home/me/far rw - fuse.sshfs me@far: rw
36 22 0:36 / /mnt/nine rw - 9p nine rw
a line that is none
"""


@pytest.fixture
def mountinfo(tmp_path: Path) -> Path:
    path = tmp_path / "mountinfo"
    path.write_text(MOUNTS)
    return path


def named(checks: Any, name: str) -> Check:
    (found,) = (check for check in checks if check.name == name)
    assert isinstance(found, Check)
    return found


# --- file systems ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "kind", "can_lock"),
    [
        ("/srv/state.db", "ext4", True),
        ("/tmp/state.db", "tmpfs", True),
        ("/tmpfile/state.db", "ext4", True),
        ("/mnt/share", "nfs4", False),
        ("/mnt/share/acme/state.db", "nfs4", False),
        ("/mnt/share2/state.db", "ext4", True),
        ("/mnt/with space/state.db", "cifs", False),
        ("/mnt/local/state.db", "xfs", True),
        ("/home/me/far/state.db", "fuse.sshfs", False),
        ("/mnt/nine/state.db", "9p", False),
    ],
)
def test_which_file_system_it_is(path: str, kind: str, can_lock: bool, mountinfo: Path) -> None:
    found = file_system_of(Path(path), mountinfo)
    assert found is not None
    assert (found.kind, found.can_lock) == (kind, can_lock)


@pytest.mark.parametrize("kind", ["nfs", "nfs4", "cifs", "smb3", "9p", "fuse.sshfs", "afs", "virtiofs"])
def test_what_does_not_lock_is_refused_at_the_door(
    kind: str, state_path: Path, mountinfo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mountinfo.write_text(f"22 1 8:1 / / rw - ext4 /dev/sda1 rw\n30 22 0:30 / {state_path.parent} rw - {kind} far rw\n")
    monkeypatch.setattr(mounts, "MOUNTINFO", mountinfo)
    with pytest.raises(StateFileError, match=f"cannot be shared on {kind}") as caught:
        StateFile.open(state_path)
    assert "local disk" in str(caught.value.hint)
    with pytest.raises(StateFileError, match=f"cannot be shared on {kind}"):
        plan.init(state_path.with_name("new.db"), small_document(), name="small.yaml")


def test_a_backup_may_go_there(
    cutover: Cutover, tmp_path: Path, mountinfo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "far").mkdir()
    mountinfo.write_text(f"30 22 0:30 / {tmp_path / 'far'} rw - nfs4 far rw\n")
    monkeypatch.setattr(mounts, "MOUNTINFO", mountinfo)
    assert back_up(cutover.state_file, tmp_path / "far").seq == 2


def test_a_system_that_tells_nothing_is_trusted(tmp_path: Path) -> None:
    assert file_system_of(tmp_path, tmp_path / "none") is None


@pytest.mark.parametrize(("kind", "expected"), [("ext4", Health.OK), ("tmpfs", Health.WARN), ("nfs4", Health.FAIL)])
def test_the_doctor_tells_of_it(kind: str, expected: Health, state_path: Path, mountinfo: Path) -> None:
    mountinfo.write_text(f"30 22 0:30 / / rw - {kind} somewhere rw\n")
    check = named(checks_of_place(state_path, mountinfo), "file system")
    assert (check.health, check.advice is None) == (expected, expected is Health.OK)


# --- permissions, room -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mode", "expected"), [(0o600, Health.OK), (0o660, Health.WARN), (0o640, Health.WARN), (0o644, Health.FAIL)]
)
def test_permissions(mode: int, expected: Health, state_path: Path) -> None:
    state_path.chmod(mode)
    check = named(checks_of_place(state_path), "permissions")
    assert check.health is expected
    assert f"{mode:04o}" in check.found
    assert (check.advice is None) == (expected is Health.OK)


def test_a_folder_in_which_everybody_may_replace_files(state_path: Path) -> None:
    state_path.parent.chmod(0o777)
    assert named(checks_of_place(state_path), "permissions").health is Health.FAIL


class Usage(NamedTuple):
    total: int
    used: int
    free: int


@pytest.mark.parametrize(
    ("free", "expected"), [(1 << 40, Health.OK), (500 << 20, Health.WARN), (20 << 20, Health.FAIL), (0, Health.FAIL)]
)
def test_room(free: int, expected: Health, state_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(1 << 41, 0, free))
    assert named(checks_of_place(state_path), "free space").health is expected


# --- the file --------------------------------------------------------------------------------------------------------


def test_a_good_file_is_in_order(cutover: Cutover, tmp_path: Path) -> None:
    cutover.state_file.backup_folder = tmp_path
    back_up(cutover.state_file, tmp_path)
    checks = list(checks_of_file(cutover.state_file))
    assert {check.name: check.health for check in checks} == dict.fromkeys(
        ("integrity", "references", "journal", "write-ahead log", "clock", "time zones", "backups"), Health.OK
    )


@pytest.mark.parametrize(
    ("spoil", "name", "said"),
    [
        ("UPDATE task SET title = 'forged' WHERE ref = 'B'", "journal", "title is 'forged'"),
        ("UPDATE task SET owner_id = 99 WHERE ref = 'B'", "references", "a row of person that is not there"),
        ("UPDATE person SET timezone = 'Mars/Olympus' WHERE handle = 'omar'", "time zones", "omar's Mars/Olympus"),
    ],
)
def test_what_was_spoilt_is_told(spoil: str, name: str, said: str, cutover: Cutover) -> None:
    forger = Forger(cutover.path)
    forger(spoil)
    forger.close()
    check = named(checks_of_file(cutover.state_file), name)
    assert check.health is Health.FAIL
    assert said in check.found
    assert check.advice


_OTHER_PAGES = """
UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM sqlite_schema WHERE name = 'ix_link_successor_id')
WHERE name = 'ix_step_task_id'
"""


def test_a_damaged_index_is_told(cutover: Cutover) -> None:
    forger = Forger(cutover.path)
    forger("PRAGMA writable_schema=ON")
    forger(_OTHER_PAGES)
    forger.close()
    with opened(cutover.path) as again:
        check = named(checks_of_file(again.state_file), "integrity")
    assert check.health is Health.FAIL
    assert "restore" in str(check.advice)


def test_a_clock_that_was_set_back_is_told(cutover: Cutover) -> None:
    cutover.to(60)
    cutover.do("task.note", "A", text="one")
    with opened(cutover.path) as again:
        check = named(checks_of_file(again.state_file), "clock")
    assert (check.health, "3600 s before" in check.found) == (Health.WARN, True)


def test_backups_that_are_off_or_old_are_told(cutover: Cutover, tmp_path: Path) -> None:
    assert "off" in named(checks_of_file(cutover.state_file), "backups").found
    cutover.state_file.backup_folder = tmp_path / "kept"
    assert named(checks_of_file(cutover.state_file), "backups").found.startswith("none in")
    (tmp_path / "kept").mkdir()
    back_up(cutover.state_file, tmp_path / "kept")
    cutover.to(200)
    assert named(checks_of_file(cutover.state_file), "backups").health is Health.OK  # nothing was written since
    cutover.do("task.note", "A", text="one")
    assert named(checks_of_file(cutover.state_file), "backups").health is Health.WARN


def test_a_reader_that_does_not_end_is_named(cutover: Cutover, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "LONG_LOG", 512 << 10)
    monkeypatch.setattr(health, "ENDLESS_LOG", 4 << 20)
    assert named(checks_of_file(cutover.state_file), "write-ahead log").health is Health.OK
    with cutover.state_file.read() as reader:
        reader.connection.execute("SELECT count(*) FROM journal").fetchone()
        assert lock_holders(cutover.path).readers == (os.getpid(),)
        for expected in (Health.WARN, Health.FAIL):
            for _ in range(1 if expected is Health.WARN else 4):
                cutover.do("task.note", "A", text="x" * 500_000)
            check = named(checks_of_file(cutover.state_file), "write-ahead log")
            assert (check.health, f"process {os.getpid()}" in check.found) == (expected, True)
            assert "end that process" in str(check.advice)


def test_who_writes_is_known(cutover: Cutover) -> None:
    with cutover.state_file.write():
        assert lock_holders(cutover.path).writer == os.getpid()
    assert lock_holders(cutover.path).writer is None
    assert lock_holders(cutover.path.with_name("none")).readers == ()


def test_how_checkpoints_are_made_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "SAFE_CHECKPOINTS", True)
    assert health.check_of_versions().health is Health.OK
    monkeypatch.setattr(sqlite, "SAFE_CHECKPOINTS", False)
    check = health.check_of_versions()
    assert (check.health, "WAL-reset" in check.found) == (Health.WARN, True)


# --- the command -----------------------------------------------------------------------------------------------------


def test_the_doctor_is_content_with_warnings(rehearsal: Commands) -> None:
    told = rehearsal.json("doctor")
    assert {check["name"]: check["verdict"] for check in told}["alert watch"] == "warn"
    assert "fail" not in {check["verdict"] for check in told}
    lines = rehearsal.good("doctor").out
    assert "! warn  alert watch" in lines
    assert "→ keep a console open: warroom open" in lines
    assert "✓ ok    journal" in lines


def test_the_doctor_fails_where_a_check_does(rehearsal: Commands) -> None:
    rehearsal.path.chmod(0o644)
    answer = rehearsal("doctor", "--json")
    assert answer.code == 3
    assert answer.error["message"] == "not in order: permissions"
    failed = [check for check in json.loads(answer.out) if check["verdict"] == "fail"]
    assert [check["name"] for check in failed] == ["permissions"]
    assert failed[0]["advice"] == f"chmod 600 {rehearsal.path}"


def test_the_doctor_tells_of_a_file_that_cannot_be_opened(commands: Commands) -> None:
    answer = commands("doctor")
    assert answer.code == 3
    assert "✗ fail  state file  there is no state file" in answer.out
    commands.path.write_text("nothing")
    assert "not a warroom state file" in commands("doctor").out


def test_the_watch_that_is_awake_is_told(rehearsal: Commands) -> None:
    with opened(rehearsal.path) as cutover:
        lease.hold(cutover.state_file, Holder("here:1", "token", can_send=False))
    (check,) = (check for check in rehearsal.json("doctor") if check["name"] == "alert watch")
    assert (check["verdict"], check["found"]) == (
        "ok",
        "here:1, since 2026-11-27T18:00:00Z; it knows no channels, so no messages leave",
    )
    rehearsal.clock.move_to(minute(5))
    assert rehearsal.clock.now() > START
    (check,) = (check for check in rehearsal.json("doctor") if check["name"] == "alert watch")
    assert check["verdict"] == "warn"
