"""Files and folders that may not be written, or not even looked at: what is wrong, where, and what to do about it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.commands import PATIENCE_S, environment
from tests.cutover import opened, rehearsing
from tests.system.workers import scribble, workers
from warroom.store.verify import verify

# Calls commands and writes down how each ended; its arguments are state files.
PROGRAM = """
import contextlib, io, json, sys
from warroom.cli.main import main

told = []
for path in sys.argv[1:]:
    for arguments in (["status"], ["task", "note", "A", "hello", "--as", "omar"]):
        said = io.StringIO()
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(said):
            code = main([*arguments, "--json", "--db", path])
        told.append([code, json.loads(said.getvalue())["error"] if code else None])
print(json.dumps(told))
"""

FINE = (0, None)
CLOSED = (3, "the state file cannot be opened")
CLOSED_FOLDER = (3, "the state file cannot be opened: Permission denied")
READ_ONLY = (3, "the state file is read-only")
READ_ONLY_FOLDER = (3, "the folder of the state file is read-only")
READ_ONLY_BOTH = (3, "the state file and its folder are read-only")


@dataclass(frozen=True)
class Case:
    """A state file as somebody finds it who is neither its owner nor of its group.

    Attributes:
        file, folder: what everybody may do with them.
        alive: whether its owner has it open.
        reading, writing: how a command that only reads ends, and one that writes.
    """

    file: int
    folder: int
    alive: bool
    reading: tuple[int, str | None]
    writing: tuple[int, str | None]


CASES = (
    Case(0o666, 0o777, False, FINE, FINE),
    Case(0o644, 0o777, False, FINE, READ_ONLY),
    Case(0o666, 0o755, False, READ_ONLY_FOLDER, READ_ONLY_FOLDER),
    Case(0o644, 0o755, False, READ_ONLY_BOTH, READ_ONLY_BOTH),
    Case(0o600, 0o777, False, CLOSED, CLOSED),
    Case(0o666, 0o700, False, CLOSED_FOLDER, CLOSED_FOLDER),
    Case(0o644, 0o755, True, FINE, READ_ONLY_BOTH),
    Case(0o666, 0o755, True, FINE, FINE),
    Case(0o600, 0o755, True, CLOSED, CLOSED),
    Case(0o644, 0o700, True, CLOSED_FOLDER, CLOSED_FOLDER),
)


@pytest.fixture
def public() -> Iterator[Path]:
    """A folder into which every user of this machine may look."""
    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def as_nobody() -> list[str]:
    setpriv = shutil.which("setpriv")
    if os.geteuid() != 0 or setpriv is None:
        pytest.skip("needs root and setpriv, to become another user")
    return [setpriv, "--reuid=65534", "--regid=65534", "--clear-groups"]


def test_another_user_is_told_what_is_wrong(public: Path) -> None:
    paths = []
    with ExitStack() as owners:
        for number, case in enumerate(CASES):
            path = public / f"{number}" / "state.db"
            path.parent.mkdir()
            with rehearsing(path):
                pass
            path.chmod(case.file)
            if case.alive:
                owners.enter_context(opened(path)).do("task.note", "A", text="the owner is here")
            path.parent.chmod(case.folder)
            paths.append(path)
        ended = subprocess.run(
            [*as_nobody(), sys.executable, "-c", PROGRAM, *map(str, paths)],
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE_S,
            env=environment(PYTHONDONTWRITEBYTECODE="1"),
        )
    if "No module named" in ended.stderr or "Permission denied" in ended.stderr:
        pytest.skip("another user cannot read this checkout")
    assert ended.returncode == 0, ended.stderr
    told = iter(json.loads(ended.stdout))
    for case, path in zip(CASES, paths, strict=True):
        for expected in (case.reading, case.writing):
            code, error = next(told)
            assert (code, error and error["message"]) == expected, (case, error)
            if error is not None:
                assert error["where"] == str(path)
                assert error["hint"]
        written = case.writing == FINE
        with opened(path) as cutover:
            assert cutover.state_file.head().seq == 2 + case.alive + written
            assert verify(cutover.state_file).sound


def test_what_lies_beside_the_file_may_be_missing_in_part(tmp_path: Path) -> None:
    """Without -shm, which is only a memory of living processes, nothing is lost of what a killed one had written."""
    path = tmp_path / "state.db"
    with rehearsing(path) as cutover:
        cutover.do("task.start", "A", by="omar")
    with workers() as start:
        worker = start(scribble, path, 1)
        acknowledged = [worker.answer() for _ in range(60)]
        worker.kill()
    ids = {entry_id for kind, entry_id in acknowledged if kind == "acknowledged"}
    path.with_name(path.name + "-shm").unlink()
    with opened(path) as cutover:
        assert ids <= {entry.id for entry in cutover.entries()}
        assert verify(cutover.state_file).sound
        cutover.do("task.note", "A", text="and on it goes")
