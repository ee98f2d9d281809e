"""Single commands over SSH are forks of one process: what becomes of them when that, or the server, is killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands import FIRST_CUTOVER, PATIENCE_S, environment, in_process_of_its_own
from tests.preloading import children, lives, wait_until
from tests.serving import Served, needs_ssh

pytestmark = pytest.mark.about_files


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    made = Served(tmp_path, "--socket", str(tmp_path / "attach"))
    try:
        yield made
    finally:
        made.stop()


def preloaded(served: Served) -> int:
    """The one process that the server has begun."""
    (process,) = children(served.process.pid)
    return process


@needs_ssh
def test_commands_are_forks_of_one_process_that_is_started_again_when_it_dies(served: Served) -> None:
    key, process = served.key_of("jana"), preloaded(served)
    before = json.loads(served.ssh(key, "status", "--json").out)
    for number in range(5):
        assert served.ssh(key, "task", "note", "DM-01", f"note-{number}").code == 0
    assert preloaded(served) == process
    wait_until(lambda: not children(process))
    os.kill(process, signal.SIGKILL)
    after = served.ssh(key, "status", "--json")
    assert after.code == 0, after
    assert json.loads(after.out).keys() == before.keys()
    assert preloaded(served) != process
    found = [entry for entry in served.entries("task.note") if entry["actor"] == "jana"]
    assert [entry["via"] for entry in found] == ["ssh"] * 5


@needs_ssh
def test_a_command_in_flight_is_told_that_it_was_cut_off(served: Served) -> None:
    with subprocess.Popen(
        served.client(served.key_of("jana"), "evidence", "add", "DM-01", "-"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as client:
        process = preloaded(served)
        wait_until(lambda: bool(children(process)))
        os.kill(process, signal.SIGKILL)
        _, err = client.communicate(timeout=PATIENCE_S)
    assert client.returncode == 4, err
    assert b"may be done or not" in err
    assert served.entries("evidence.add") == []


@needs_ssh
def test_when_the_server_is_killed_no_process_stays_and_what_was_acknowledged_does(served: Served) -> None:
    key = served.key_of("jana")
    assert served.ssh(key, "task", "start", "DM-01").code == 0
    with subprocess.Popen(
        served.client(key, "evidence", "add", "DM-01", "-"),
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as client:
        assert client.stdin is not None
        client.stdin.write(b"half a proof")
        client.stdin.flush()
        process = preloaded(served)
        wait_until(lambda: bool(children(process)))
        (command,) = children(process)
        served.process.kill()
        served.process.wait()
        wait_until(lambda: not lives(process) and not lives(command))
        client.stdin.close()
    assert [entry["subject"] for entry in served.entries("task.start")] == ["DM-01"]
    assert served.entries("evidence.add") == []


LOADED = """
import json, os, sys
from warroom.cli.command import Invocation
from warroom.cli.main import main
from warroom.cli.served import guard, preload

preload()
assert len(os.listdir("/proc/self/task")) == 1
before = set(sys.modules)
for line in sys.stdin:
    if (process := os.fork()) == 0:
        out = os.dup(1)
        os.dup2(os.open(os.devnull, os.O_RDWR), 0)
        os.dup2(0, 1)
        code = main(line.split(), Invocation(db=sys.argv[1], handle="jana", guard=guard))
        os.write(out, json.dumps([code, sorted(set(sys.modules) - before)]).encode() + b"\\n")
        os._exit(0)
    os.waitpid(process, 0)
"""

COMMANDS = """
status --json
schedule --json
task list
task show DM-01
task start DM-01
task eta DM-01 45m --reason late
task done DM-01 --at 2026-01-01T00:00
evidence add DM-01 -
whatif --sweep 30m
confidence
journal list
journal verify
gate list
control list
alert list
communication list
rollback status
person list
problem list
run list
"""


def test_all_that_commands_need_is_loaded_before_and_no_thread_is_begun(tmp_path: Path) -> None:
    path = tmp_path / "programme.db"
    for words in (["init", str(FIRST_CUTOVER)], ["run", "start", "--rehearsal", "mock 1"]):
        assert in_process_of_its_own(*words, "--db", str(path)).code == 0
    ended = subprocess.run(
        [sys.executable, "-c", LOADED, str(path)],
        input=COMMANDS.strip(),
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=True,
        env=dict(environment(OPENBLAS_NUM_THREADS="1")),
    )
    answers = [json.loads(line) for line in ended.stdout.splitlines()]
    words = COMMANDS.strip().splitlines()
    assert len(answers) == len(words)
    for command, (code, loaded) in zip(words, answers, strict=True):
        assert loaded == [], command
        assert code == 0 or command.startswith(("task done", "task eta")), (command, ended.stderr)
