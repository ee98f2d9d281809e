"""A bit that flips anywhere in the file is found, or changes nothing that is said; and no command falls over it."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from tests.commands import Commands
from tests.cutover import Cutover, minute, rehearsing
from tests.soaking import LONG, times
from warroom.store.codec import journalled_tables
from warroom.store.statefile import StateFile
from warroom.store.verify import verify
from warroom.vocabulary.errors import WarroomError
from warroom.vocabulary.words import VoteChoice

FLIPS = times(short=60, whole=3_000)
COMMANDS = 3  # that are tried on each

READING = (
    *(["status"], ["schedule"], ["confidence", "--trials", "10"], ["whatif", "A+30m"], ["run", "list"]),
    *(["task", "list"], ["task", "show", "A"], ["task", "show", "B"], ["gate", "list"], ["gate", "show", "GO"]),
    *(["alert", "list"], ["replay", "--at", "18:30"], ["journal", "list"], ["journal", "verify"]),
)
FINE, UNUSABLE = 0, 3
# What was flipped may be the name of the run, a ref, or the time at which the run began: then that is not there.
NOT_THERE = 2

pytestmark = LONG


def lively(cutover: Cutover) -> None:
    cutover.do("task.start", "A", by="omar", note="Begun.")
    cutover.do("step.tick", "A", by="omar", positions=[1, 2], evidence="seen")
    cutover.do("gate.vote", "GO", by="gil", choice=VoteChoice.CONDITIONAL, reason="if the totals agree")
    cutover.to(40)
    cutover.sweep()
    cutover.do("task.eta", "A", by="omar", eta=minute(90), reason="slow")


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("original") / "state.db"
    with rehearsing(path) as cutover:
        lively(cutover)
    return path


def said_by(path: Path) -> dict[str, Any]:
    """All that a state file says: its entries, its rows and its documents."""
    with StateFile.open(path) as state_file, state_file.read() as reader:
        rows: dict[str, Any] = {
            name: [row.__dict__ for row in reader.find(table.row_class)] for name, table in journalled_tables().items()
        }
        documents = reader.connection.execute("SELECT sha256, data FROM content").fetchall()
        return rows | {"journal": list(state_file.entries()), "content": documents, "genesis": state_file.genesis}


def test_a_flipped_bit_is_found_or_says_nothing_else(original: Path, commands: Commands) -> None:
    commands.to(45)
    before, content = said_by(original), original.read_bytes()
    chance = random.Random(5)
    found = 0
    for _ in range(FLIPS):
        place, bit = chance.randrange(len(content)), 1 << chance.randrange(8)
        flipped = bytearray(content)
        flipped[place] ^= bit
        commands.path.write_bytes(flipped)
        where = f"bit {bit} of byte {place}"
        if not sound(commands.path):
            found += 1
        else:
            assert said_by(commands.path) == before, where
        for arguments in chance.sample(READING, COMMANDS):
            answer = commands(*arguments)
            assert answer.code in (FINE, NOT_THERE, UNUSABLE), (where, arguments, answer)
            assert answer.code == FINE or answer.err.startswith("warroom: "), (where, arguments, answer)
        for left in commands.path.parent.glob("state.db-*"):
            left.unlink()
    assert found > 0


def sound(path: Path) -> bool:
    try:
        with StateFile.open(path) as state_file:
            return verify(state_file).sound
    except WarroomError:
        return False
