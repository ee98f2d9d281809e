"""`warroom serve` as a process: it says when it is up, tells how it is, and ends when it is told to."""

from __future__ import annotations

import json
import os
import shlex
import signal
import socket
import subprocess
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from tests.commands import PATIENCE_S, command_line, environment
from tests.cutover import rehearsing
from tests.following import until


def health(base: str) -> Any:
    """What /healthz says, whether it is red or not."""
    try:
        with urllib.request.urlopen(f"{base}/healthz", timeout=PATIENCE_S) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as red:
        with red:
            return json.load(red)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_serves_until_it_is_told_to_stop(tmp_path: Path, number: signal.Signals) -> None:
    with rehearsing(tmp_path / "acme.db"), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(tmp_path / "notify"))
        systemd.settimeout(PATIENCE_S)
        more = {"NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "30000000"}
        command = command_line("serve", "--db", str(tmp_path / "acme.db"), "--web", "127.0.0.1:0", "--allow-root")
        with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment(**more)) as server:
            assert server.stderr is not None
            try:
                base = server.stderr.readline().split(" at ")[1].partition(",")[0]
                assert systemd.recv(100).startswith(b"READY=1")
                assert systemd.recv(100) == b"WATCHDOG=1"
                until(lambda: health(base)["checks"]["watch"]["verdict"] == "ok")  # the server watches
                until(lambda: health(base)["ok"])
                os.kill(server.pid, number)
                # Under load there may have been another sign of life.
                until(lambda: systemd.recv(100) == b"STOPPING=1")
                rest = server.stderr.read()
                assert server.wait(PATIENCE_S) == 0
            finally:
                server.kill()
        for line in rest.splitlines():
            if line.startswith("at="):
                assert {word.partition("=")[0] for word in shlex.split(line)} >= {"at", "level", "from", "said"}
        assert "Traceback" not in rest
