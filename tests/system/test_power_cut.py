"""The power goes at any instant: what was acknowledged is there, and what is there is whole."""

from __future__ import annotations

import random
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.cutover import rehearsing
from tests.soaking import LONG, times
from tests.system.power import TOLD, Disk, Kind, recorded, why_no_recording
from warroom.store.statefile import StateFile
from warroom.store.verify import verify
from warroom.vocabulary.errors import StateFileError

CUTS = times(short=40, whole=1_000)
ACTIONS = times(short=180, whole=1_000)

# Acts in three sessions, one after the other, so that the file is opened, checkpointed and closed in between; with
# each acknowledged entry its id is written to a file of its own, which is recorded with the rest.
PROGRAM = f"""
import os, random, sys
from pathlib import Path
from tests.cutover import caller
from warroom.actions import steps, tasks
from warroom.store import sqlite
from warroom.store.statefile import StateFile

path, count, synchronous = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
sqlite._PRAGMAS = tuple(each.replace("synchronous=FULL", "synchronous=" + synchronous) for each in sqlite._PRAGMAS)
chance = random.Random(1)
told = os.open(str(path) + {TOLD!r}, os.O_CREAT | os.O_WRONLY, 0o600)
numbers = iter(range(3 * count))
for session in range(3):
    with StateFile.open(path) as state_file:
        for number in (next(numbers) for _ in range(count // 3)):
            if number % 3:
                text = "x" * chance.choice((10, 500, 5_000, 40_000))
                entry = tasks.note(state_file, caller("omar"), "A", text=text)
            else:
                deed = steps.tick if number % 2 else steps.untick
                entry = deed(state_file, caller("omar"), "A", positions=[1])
            os.write(told, (entry.hash + "\\n").encode())
"""

pytestmark = LONG


@pytest.fixture(scope="module", autouse=True)
def recorder() -> None:
    if (reason := why_no_recording()) is not None:
        pytest.skip(reason)


@dataclass(slots=True)
class Found:
    """What the cuts left: how often something that was told was lost, and how often the file could not be used."""

    lost: int = 0
    damaged: int = 0


def after_cuts(folder: Path, synchronous: str) -> Found:
    """Cut the power of a busy process at random instants, and look at what each cut leaves."""
    state = folder.resolve() / "state.db"
    with rehearsing(state) as cutover:
        cutover.do("task.start", "A", by="omar")
        cutover.do("step.tick", "A", by="omar", positions=[1])
    disk = Disk({str(state): state.read_bytes()})
    deeds = recorded(folder, state, PROGRAM, str(state), str(ACTIONS), synchronous)
    assert {deed.kind for deed in deeds} >= {Kind.WRITE, Kind.UNLINK}
    chance, found = random.Random(7), Found()
    cuts = set(chance.sample(range(len(deeds)), CUTS))
    for number, deed in enumerate(deeds):
        disk.carry_out(deed)
        if number in cuts:
            left = folder / f"cut-{number}"
            left.mkdir()
            for path, content in disk.after_a_cut(chance).items():
                (left / Path(path).name).write_bytes(content)
            look(left / state.name, disk.told, found)
            shutil.rmtree(left)
    return found


def look(path: Path, told: list[str], found: Found) -> None:
    try:
        with StateFile.open(path) as state_file:
            sound = verify(state_file).sound
            hashes = {entry.hash for entry in state_file.entries()}
    except (StateFileError, ValueError):
        sound, hashes = False, set()
    found.damaged += not sound
    found.lost += not set(told) <= hashes


def test_nothing_that_was_acknowledged_is_lost(tmp_path: Path) -> None:
    assert after_cuts(tmp_path, "FULL") == Found(lost=0, damaged=0)


def test_without_syncing_it_would_be(tmp_path: Path) -> None:
    """So the cuts of the test above do bite."""
    found = after_cuts(tmp_path, "OFF")
    assert found.lost > 0
    assert found.damaged > 0
