"""Where the bundled SQLite is not to be had, the standard library's does, without the checkpoints that may harm."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from warroom.resources import folder

PLAY = """
import json, sys
from pathlib import Path
sys.modules["pysqlite3"] = None  # as if no wheel existed for this platform
from warroom.actions import plan, runs, tasks
from warroom.runbook.reader import read_runbook
from warroom.store import sqlite
from warroom.store.backup import back_up
from warroom.store.restore import restore
from warroom.store.statefile import StateFile
from warroom.store.verify import verify
from warroom.vocabulary.journal import Caller
from warroom.vocabulary.words import Assurance, RunKind, Via

path = Path(sys.argv[1])
jana = Caller("jana", Assurance.CLAIMED, Via.CLI)
plan.init(path, read_runbook(Path(sys.argv[2])), name="first-cutover")
with StateFile.open(path) as state_file:
    runs.start(state_file, jana, kind=RunKind.REHEARSAL, name="r")
    largest = 0
    for number in range(2 * sqlite.CHECKPOINT_EVERY + 50):
        tasks.note(state_file, jana, "DM-01", text=str(number))
        largest = max(largest, path.with_name(path.name + "-wal").stat().st_size)
    left = path.with_name(path.name + "-wal").stat().st_size
    with state_file.database.connection() as connection:
        automatic = connection.execute("PRAGMA wal_autocheckpoint").fetchone()[0]
    back_up(state_file, path.with_name("backup.db"))
    restored = restore(path.with_name("backup.db"), path.with_name("restored.db"), state_file.clock.now())
    assert restored.head == state_file.head().hash
    print(json.dumps({
        "module": sqlite.lite.__name__, "safe": sqlite.SAFE_CHECKPOINTS, "automatic": automatic,
        "largest": largest, "left": left, "sound": verify(state_file).sound,
    }))
"""


def test_the_standard_library_serves_without_automatic_checkpoints(tmp_path: Path) -> None:
    runbook = folder("sample_runbooks") / "first-cutover.yaml"
    played = subprocess.run(
        [sys.executable, "-c", PLAY, str(tmp_path / "state.db"), str(runbook)],
        capture_output=True,
        text=True,
        timeout=100,
        check=True,
    )
    told = json.loads(played.stdout)

    assert told["module"].startswith("sqlite3")
    assert told["sound"]
    if not told["safe"]:
        assert told["automatic"] == 0
        # 450 commits are in the journal, but the -wal file was emptied on the way, so it holds the last of them only.
        assert told["left"] < told["largest"]
