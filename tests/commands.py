"""Calling the commands as people do: in this process, or in one of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.cutover import minute
from warroom.cli.main import main
from warroom.clock.source import SteppedClock
from warroom.resources import folder

FIRST_CUTOVER = folder("sample_runbooks") / "first-cutover.yaml"
NOBODYS_LOGIN = "warroom-test-login"
PATIENCE_S = 60.0  # a process that takes longer hangs


@dataclass(frozen=True, slots=True)
class Answer:
    """How a command ended: its exit code, and what it wrote to stdout and to stderr."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def error(self) -> dict[str, Any]:
        """What is in the JSON error."""
        error: dict[str, Any] = json.loads(self.err)["error"]
        return error


class Commands:
    """Calls commands in this process, on one state file and on a clock that is moved by hand.

    Attributes:
        path: the state file that commands find by themselves; it need not exist.
        clock: what the machine's clock shows; it begins at `START`.
    """

    def __init__(self, path: Path, clock: SteppedClock, captured: pytest.CaptureFixture[str]) -> None:
        self.path = path
        self.clock = clock
        self._captured = captured

    def to(self, number: float) -> None:
        """Move the clock to that many minutes after `START`."""
        self.clock.move_to(minute(number))

    def __call__(self, *arguments: str) -> Answer:
        self._captured.readouterr()
        code = main(arguments)
        out, err = self._captured.readouterr()
        return Answer(code, out, err)

    def good(self, *arguments: str) -> Answer:
        """Call a command that must succeed."""
        answer = self(*arguments)
        assert answer.code == 0, answer
        return answer

    def json(self, *arguments: str) -> Any:
        """What a command that must succeed gives with --json."""
        answer = self.good(*arguments, "--json")
        assert answer.err == ""
        return answer.json


def environment(**more: str) -> Mapping[str, str]:
    """This process's environment, in which nobody has said who they are or where the state file is, and no backups are
    made by themselves."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("WARROOM_")}
    return kept | {"LOGNAME": NOBODYS_LOGIN, "WARROOM_BACKUPS": "off"} | more


def command_line(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "warroom", *arguments]


def in_process_of_its_own(*arguments: str, **options: Any) -> Answer:
    """Call a command in a process of its own."""
    ended = subprocess.run(
        command_line(*arguments),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=PATIENCE_S,
        check=False,
        env=environment(),
        stdin=subprocess.DEVNULL,
        **options,
    )
    return Answer(ended.returncode, ended.stdout, ended.stderr)
