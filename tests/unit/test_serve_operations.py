"""What surrounds the server: its log, systemd, the look whether it could serve."""

from __future__ import annotations

import asyncio
import io
import logging
import os
import pwd
import shlex
import shutil
import socket
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.commands import Commands
from warroom.serve.check import checks_of_server
from warroom.serve.links import Secret
from warroom.serve.logs import logging_to, scrubbed
from warroom.serve.notify import notify_part
from warroom.serve.ssh import Address
from warroom.store.health import Health

LOG = logging.getLogger("warroom.serve.test")


# --- the log ----------------------------------------------------------------------------------------------------------


def logged(*arguments: Any, broken: bool = False) -> str:
    stream = io.StringIO()
    with logging_to(stream):
        try:
            if broken:
                hidden = "the value of a variable"
                raise ValueError("wrong") if hidden else AssertionError
            LOG.info(*arguments)
        except ValueError:
            LOG.exception(*arguments)
    return stream.getvalue()


def test_a_line_tells_key_and_value() -> None:
    at, level, source, said = shlex.split(logged("%s has %d", "omar", 3))
    assert at.startswith("at=20")
    assert at.endswith("Z")
    assert (level, source, said) == ("level=info", "from=warroom.serve.test", "said=omar has 3")


def test_what_broke_is_one_line_without_the_values_that_were_there() -> None:
    line = logged("a console broke", broken=True)
    assert line.count("\n") == 1
    assert "ValueError" in line
    assert "test_serve_operations.py" in line
    assert "the value of a variable" not in line.replace('hidden = \\"the value of a variable\\"', "")


def test_nothing_in_it_can_move_a_cursor_or_begin_a_line() -> None:
    line = logged("x\x1b[2J\nlevel=error \u202e")
    assert line.count("\n") == 1
    assert "\x1b" not in line
    assert "\u202e" not in line


def test_no_token_and_no_password_is_in_it() -> None:
    secrets = ("1795326089.PkUg-fcd", "s3cret")
    said = "GET /wall/%s/events token=%s mailto://omar:%s@example.org Bearer %s"
    line = logged(said, *secrets, *reversed(secrets))
    assert not any(secret in line for secret in secrets)
    assert scrubbed("see /wall/… and https://example.org/a@b") == "see /wall/… and https://example.org/a@b"


def test_the_log_ends_with_the_server() -> None:
    stream = io.StringIO()
    with logging_to(stream):
        pass
    LOG.warning("later")
    assert stream.getvalue() == ""


# --- systemd ----------------------------------------------------------------------------------------------------------


async def test_systemd_is_told_when_it_is_up_alive_and_stops(tmp_path: Path) -> None:
    path = str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
        line.bind(path)
        line.settimeout(30)
        part = notify_part({"NOTIFY_SOCKET": path, "WATCHDOG_USEC": "3000000", "WATCHDOG_PID": str(os.getpid())})
        assert part is not None
        async with part(None) as told:  # type: ignore[arg-type]  # it looks at nothing of the room
            assert "systemd" in told
            assert line.recv(100).startswith(b"READY=1")
            assert await asyncio.to_thread(line.recv, 100) == b"WATCHDOG=1"
        # On a slow machine it may have said more than once that it is alive.
        told_last = next(said for said in iter(lambda: line.recv(100), b"") if said != b"WATCHDOG=1")
        assert told_last == b"STOPPING=1"


def test_without_systemd_nobody_is_told() -> None:
    assert notify_part({}) is None
    assert notify_part({"NOTIFY_SOCKET": "vsock:2:1234"}) is None


def test_the_unit_starts_it_with_the_same_options(planning: Commands) -> None:
    options = ("--ssh", "0.0.0.0:2222", "--web", "127.0.0.1:8080", "--most", "50", "--theme", "two words")
    unit = planning.good("serve", *options, "--user", "ops", "--unit").out
    settings = dict(line.split("=", 1) for line in unit.splitlines() if "=" in line and not line.startswith("#"))
    command = shlex.split(settings["ExecStart"])
    assert command[1:6] == ["-m", "warroom", "serve", "--db", str(planning.path)]
    assert command[6:] == ["--ssh", "0.0.0.0:2222", "--most", "50", "--theme", "two words", "--web", "127.0.0.1:8080"]
    assert (settings["Type"], settings["User"], settings["WatchdogSec"]) == ("notify", "ops", "30")
    assert settings["ReadWritePaths"] == str(planning.path.parent)


# --- the look whether it could ----------------------------------------------------------------------------------------


def verdicts(path: Path, **options: Any) -> dict[str, Health]:
    given: dict[str, Any] = {"addresses": {}, "private": {}} | options
    return {check.name: check.health for check in checks_of_server(path, **given)}


@pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed (Debian: systemd)"
)
def test_systemd_understands_the_unit(planning: Commands, tmp_path: Path) -> None:
    account = pwd.getpwuid(os.geteuid()).pw_name
    options = ("--ssh", "0.0.0.0:2222", "--web", "127.0.0.1:8080", "--theme", 'odd 100% "$HOME"; name')
    file = tmp_path / "warroom.service"
    file.write_text(planning.good("serve", *options, "--user", account, "--unit").out, "utf-8")
    told = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(file)], capture_output=True, text=True, check=False, timeout=60
    )
    # It may also speak of other units of this machine.
    assert [line for line in told.stderr.splitlines() if "warroom.service" in line] == []


def test_a_port_that_is_taken_is_told(planning: Commands) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        addresses = {"--ssh": Address("127.0.0.1", port), "--web": Address("127.0.0.1", 0)}
        found = verdicts(planning.path, addresses=addresses)
        assert (found["--ssh"], found["--web"]) == (Health.FAIL, Health.OK)
        answer = planning("serve", "--check", "--ssh", f"127.0.0.1:{port}")
    assert answer.code == 1
    assert "another server listens there" in answer.out
    assert "--ssh" in answer.err


def test_an_address_of_another_machine_is_told(planning: Commands) -> None:
    assert verdicts(planning.path, addresses={"--web": Address("203.0.113.9", 8080)})["--web"] is Health.FAIL
    assert verdicts(planning.path)["addresses"] is Health.WARN


def test_files_that_others_can_read_are_told(planning: Commands, tmp_path: Path) -> None:
    key = tmp_path / "key"
    assert verdicts(planning.path, private={"host key": key})["host key"] is Health.OK, "it is made at the start"
    key.touch(0o644)
    key.chmod(0o644)
    assert verdicts(planning.path, private={"host key": key})["host key"] is Health.FAIL
    key.chmod(0o600)
    assert verdicts(planning.path, private={"host key": key})["host key"] is Health.OK
    secret = Secret.beside(planning.path)
    secret.renew()
    assert verdicts(planning.path)["links"] is Health.OK
    secret.path.chmod(0o644)
    assert verdicts(planning.path)["links"] is Health.FAIL


def test_root_is_told_unless_it_is_wanted(planning: Commands, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert verdicts(planning.path)["account"] is Health.FAIL
    assert verdicts(planning.path, allow_root=True)["account"] is Health.WARN
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert verdicts(planning.path)["account"] is Health.OK


def test_the_state_file_is_looked_at_too(planning: Commands) -> None:
    found = {check["name"]: check["verdict"] for check in planning("serve", "--check", "--json").json}
    assert {"journal", "free space", "clock", "people", "links"} <= set(found)
    assert found["people"] == "ok"
    planning.path.write_bytes(b"no state file")
    answer = planning("serve", "--check")
    assert answer.code == 1
    assert "state file" in answer.err


def test_the_channels_of_alerts_are_looked_at(planning: Commands, tmp_path: Path) -> None:
    def verdict(*options: str) -> str:
        found = {check["name"]: check["verdict"] for check in planning("serve", "--check", "--json", *options).json}
        return str(found["channels"])

    file = tmp_path / "channels.toml"
    assert verdict() == "warn"
    assert verdict("--channels", str(file)) == "fail"
    file.write_text('[channels.ops]\nurl = "json://ops.example.org"\n')
    assert verdict("--channels", str(file)) == "ok"


def test_something_must_be_served(planning: Commands) -> None:
    answer = planning("serve")
    assert answer.code == 2
    assert "--ssh" in answer.err
