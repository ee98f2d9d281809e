"""No room in the middle of a write: it is refused in words, nothing is half done, and it works again once there is."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

PATIENCE_S = 100

_COMMON = """
import json, os, resource, sys
from pathlib import Path
from tests.cutover import caller, everything, rehearsing
from warroom.actions import tasks
from warroom.board.load import load_board, load_history
from warroom.store.statefile import StateFile
from warroom.store.verify import verify
from warroom.vocabulary.errors import StateFileError

folder = Path(sys.argv[1])
path = folder / "state.db"
refused, written = [], 0

def note(cutover, text):
    '''Try; afterwards everything is as it was, or as it should be, for this process and for one that comes now.'''
    global written
    state_file = cutover.state_file
    before, seq = everything(load_board(state_file)), state_file.head().seq
    try:
        tasks.note(state_file, caller("omar"), "A", text=text)
    except StateFileError as error:
        refused.append([error.message, error.where, error.hint])
        assert everything(load_board(state_file)) == before
        with StateFile.open(path) as another:
            assert everything(load_board(another)) == before
        return False
    assert state_file.head().seq == seq + 1
    written += 1
    return True

def finish(cutover):
    '''There is room again: it goes on without a new start.'''
    assert note(cutover, "room again")
    assert verify(cutover.state_file).findings == ()
    board = cutover.board()
    assert everything(load_history(cutover.state_file).board(board.seq)) == everything(board)
    notes = len(board.notes(cutover.task("A").id))
    print(json.dumps({"refused": refused, "written": written, "notes": notes, "where": str(path)}))
"""

_FULL_DISK = (
    _COMMON
    + """
def fill(free):
    '''Fill the disk up to about so many bytes.'''
    filler = os.open(folder / "filler", os.O_CREAT | os.O_WRONLY)
    try:
        os.lseek(filler, 0, os.SEEK_END)
        while True:
            os.write(filler, bytes(4096))
    except OSError:
        os.ftruncate(filler, max(0, os.fstat(filler).st_size - free))
    finally:
        os.close(filler)

with rehearsing(path) as cutover:
    for free in range(0, 20 * 4096, 4096):
        fill(free)
        note(cutover, "x" * 30_000)
    os.unlink(folder / "filler")
    finish(cutover)
"""
)

_FILE_SIZE = (
    _COMMON
    + """
with rehearsing(path) as cutover:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    def limited(size, text):
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
        try:
            return note(cutover, text)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    log = path.with_name(path.name + "-wal")
    # At every byte count at which a write of this action can be cut, and once in the middle of it.
    limit, text = log.stat().st_size, "y" * 10_000
    while not limited(limit, text):
        limit += 12 if len(refused) % 2 else 2_048
    # What is committed cannot be moved into the main file, and waits beside it until there is no room there either.
    for _ in range(20):
        assert note(cutover, "z" * 200_000)
    limit, fitted = path.stat().st_size, written
    assert log.stat().st_size < limit - 1_000_000
    while limited(limit, "w" * 200_000):
        pass
    assert written > fitted
    finish(cutover)
"""
)


def run(program: str, folder: Path, *before: str) -> Any:
    """What came of the program, which asserts by itself what must hold after each attempt."""
    command = [*before, sys.executable, "-c", program, str(folder)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_S, check=False)
    assert ended.returncode == 0, ended.stderr
    return json.loads(ended.stdout)


def with_small_disk(folder: Path) -> list[str]:
    """The beginning of a command for which a small disk is mounted at `folder`, and for nobody else."""
    mounting = f'mount -t tmpfs -o size=3072k none "{folder}" && exec "$@"'
    for unshare in (["unshare", "--mount"], ["unshare", "--map-root-user", "--mount"]):
        command = [*unshare, "sh", "-c", mounting, "sh"]
        if shutil.which("unshare") is None:
            break
        if subprocess.run([*command, "true"], check=False, capture_output=True, timeout=PATIENCE_S).returncode == 0:
            return command
    pytest.skip("a small disk cannot be mounted here: it needs unshare, and root or user namespaces")


def test_a_full_disk(tmp_path: Path) -> None:
    folder = tmp_path / "small"
    folder.mkdir()
    told = run(_FULL_DISK, folder, *with_small_disk(folder))

    assert told["written"] > 1
    assert told["notes"] == told["written"]
    assert told["refused"]
    assert {tuple(each) for each in told["refused"]} == {
        ("there is no room left on the disk", told["where"], "nothing was changed; make room, then try again")
    }


def test_a_limit_on_file_size(tmp_path: Path) -> None:
    told = run(_FILE_SIZE, tmp_path)

    assert told["notes"] == told["written"]
    assert len(told["refused"]) > 5
    assert {(message, where) for message, where, _ in told["refused"]} == {
        ("the disk refused to read or write the state file", told["where"])
    }
    assert all("nothing was changed" in hint for *_, hint in told["refused"])
