"""A server that root starts becomes the account that it is told: nothing of root is left, and everything works."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands import PATIENCE_S, command_line, environment, in_process_of_its_own
from tests.preloading import children
from tests.serving import Served, needs_ssh

ACCOUNT = "nobody"

pytestmark = [needs_ssh, pytest.mark.about_files, pytest.mark.skipif(os.geteuid() != 0, reason="only root can try it")]


def reads_this_python(account: pwd.struct_passwd) -> bool:
    """Whether an account can run what runs here, and not only another Python of this machine."""
    try:
        told = subprocess.run(
            [sys.executable, "-c", "import os, asyncssh, warroom; print(os.__file__)"],
            user=account.pw_uid,
            group=account.pw_gid,
            extra_groups=[],
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE_S,
            env=dict(environment()),
            cwd="/",
        )
    except PermissionError:
        return False
    return told.stdout.strip() == os.__file__


@pytest.fixture
def account() -> pwd.struct_passwd:
    """The account, if it can run what runs here."""
    found = pwd.getpwnam(ACCOUNT)
    if not reads_this_python(found):
        pytest.skip(f"the account {ACCOUNT} cannot read the Python that runs here, {sys.prefix}")
    return found


@pytest.fixture
def folder(account: pwd.struct_passwd) -> Iterator[Path]:
    """A folder of that account, which it can reach."""
    path = Path(tempfile.mkdtemp(prefix="warroom-account-"))
    os.chown(path, account.pw_uid, account.pw_gid)
    yield path
    shutil.rmtree(path)


def status(process: int) -> dict[str, list[str]]:
    """What the kernel knows of a process."""
    lines = Path(f"/proc/{process}/status").read_text("ascii").splitlines()
    return {name: rest.split() for name, _, rest in (line.partition(":") for line in lines)}


def test_nothing_of_root_is_left_and_everything_works(account: pwd.struct_passwd, folder: Path) -> None:
    socket = folder / "attach"
    options = ("--web", "127.0.0.1:0", "--socket", str(socket), "--user", ACCOUNT)
    served = Served(folder, *options, allow_root=False)
    try:
        answer = served.ssh(served.key_of("jana"), "task", "start", "DM-01")
        assert answer.code == 0, answer
        with served.terminal(served.key_of("jana")) as terminal:
            terminal.wait_for("jana (lead)")
            begun = children(served.process.pid)  # of which commands are forks
            assert len(begun) == 1
            for process in (served.process.pid, *begun):
                found = status(process)
                assert found["Uid"] == [str(account.pw_uid)] * 4
                assert found["Gid"] == [str(account.pw_gid)] * 4
                assert "0" not in found["Groups"]
                assert {*found["CapEff"], *found["CapPrm"], *found["CapInh"], *found["CapAmb"]} == {"0" * 16}
            owners = {
                one.name: one.stat().st_uid for one in folder.iterdir() if one.name.startswith(("served.db", "att"))
            }
            assert {"attach", "served.db", "served.db-shm", "served.db-wal", "served.db.ssh-host-key"} <= set(owners)
            assert set(owners.values()) == {account.pw_uid}
        # What root does meanwhile stays readable for the server.
        base = served.logged(r"browser view at (http://[^,]+),")
        link = served.run("serve", "link", "--base", base).out.strip()
        with urllib.request.urlopen(link, timeout=PATIENCE_S) as page:
            assert page.status == 200
        served.run("task", "note", "DM-01", "by root", "--as", "jana")
        assert served.ssh(served.key_of("jana"), "task", "note", "DM-01", "after-root").code == 0
    finally:
        served.stop()
    assert "Traceback" not in served.log.read_text("utf-8")


def test_the_check_looks_with_the_eyes_of_the_account(account: pwd.struct_passwd, folder: Path) -> None:
    path = folder / "served.db"
    served = Served(folder, "--user", ACCOUNT, allow_root=False)
    served.stop()
    Path(f"{path}.ssh-host-key").chmod(0o600)
    os.chown(f"{path}.ssh-host-key", 0, 0)
    answer = in_process_of_its_own(
        *("serve", "--db", str(path), "--check", "--user", ACCOUNT, "--ssh", "127.0.0.1:0", "--json")
    )
    assert answer.code == 1
    verdicts = {check["name"]: check["verdict"] for check in answer.json}
    assert (verdicts["account"], verdicts["host key"], verdicts["permissions"]) == ("ok", "fail", "ok")
    assert account.pw_uid == path.stat().st_uid


def test_root_must_be_told(tmp_path: Path) -> None:
    ended = subprocess.run(
        command_line("serve", "--db", str(tmp_path / "x.db"), "--ssh", "127.0.0.1:0"),
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_S,
        env=dict(environment()),
    )
    assert ended.returncode == 1
    assert "root should not serve others" in ended.stderr
