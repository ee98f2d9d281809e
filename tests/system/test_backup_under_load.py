"""Backups while others write, and while somebody kills whoever makes them; taking over from a standby."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands import Answer, in_process_of_its_own
from tests.cutover import Cutover, created, everything, opened
from tests.system.workers import Worker, back_up_until, follow_for_ever, scribble, workers
from warroom.board.load import load_board, load_history
from warroom.store.backup import back_up, has_entry
from warroom.store.standby import path_in
from warroom.store.statefile import StateFile
from warroom.store.verify import verify

WRITERS = 4
BACKUPS = 12
KILLS = 6


@pytest.fixture
def busy(tmp_path: Path) -> Path:
    """A state file in which A is under way."""
    path = created(tmp_path / "state.db")
    with opened(path) as cutover:
        cutover.rehearse()
        cutover.do("task.start", "A", by="omar")
    return path


def assert_prefix(path: Path, cutover: Cutover) -> int:
    """A copy is sound, and is the state file as it stood after one of its entries; gives that entry's seq."""
    with StateFile.copied(path, alone=False) as copy:
        assert verify(copy).findings == ()
        head = copy.head()
        assert has_entry(cutover.state_file, head)
        assert everything(load_history(cutover.state_file).board(head.seq)) == everything(load_board(copy))
    return head.seq


def test_backups_under_load_are_whole_and_stop_nobody(busy: Path, tmp_path: Path) -> None:
    (tmp_path / "safe").mkdir()
    acknowledged: set[str] = set()
    with workers() as start, opened(busy) as cutover:
        writing = [start(scribble, busy, number) for number in range(WRITERS)]

        def listen(worker: Worker, messages: int) -> None:
            for _ in range(messages):
                said, entry_id = worker.answer()
                if said == "acknowledged":
                    acknowledged.add(entry_id)

        made = []
        for number in range(BACKUPS):
            for worker in writing:
                listen(worker, 10)
            made.append(back_up(cutover.state_file, tmp_path / "safe" / f"{number:02d}.db"))
        for worker in writing:
            worker.kill()
            acknowledged |= {entry_id for said, entry_id in worker.answers() if said == "acknowledged"}

        seqs = [assert_prefix(backup.path, cutover) for backup in made]
        assert seqs == [backup.seq for backup in made] == sorted(seqs)
        assert seqs[0] < seqs[-1]
        assert acknowledged <= {entry.id for entry in cutover.entries()}
        assert verify(cutover.state_file).sound


@pytest.mark.parametrize("stage", ["copying", "copied", "verified", "named"])
def test_whoever_is_killed_while_backing_up_leaves_no_half_file(stage: str, busy: Path, tmp_path: Path) -> None:
    folder = tmp_path / "safe"
    folder.mkdir()
    with workers() as start:
        worker = start(back_up_until, busy, folder, stage)
        assert worker.answer() == stage
        worker.kill()
    whole = [path for path in folder.iterdir() if not path.name.startswith(".")]
    assert len(whole) == (1 if stage == "named" else 0)
    with opened(busy) as cutover:
        for path in whole:
            assert assert_prefix(path, cutover) == 3
        assert assert_prefix(back_up(cutover.state_file, folder).path, cutover) == 3


def test_taking_over_from_a_standby(busy: Path, tmp_path: Path) -> None:
    """The drill of the README: the primary's processes die, the standby's copy becomes the state file, work goes on."""
    (tmp_path / "host").mkdir()
    with workers() as start:
        following = start(follow_for_ever, busy, tmp_path / "host")
        assert following.answer() == 3
        writing = start(scribble, busy, 1)
        seen = 3
        while seen < 40:
            seen = following.answer()
        writing.kill()
        following.kill()
    copy = path_in(tmp_path / "host", "small")
    new = tmp_path / "new.db"
    answer: Answer = in_process_of_its_own("restore", str(copy), "--db", str(new), "--json")
    assert answer.code == 0, answer
    assert answer.json["seq"] >= seen
    with opened(busy) as primary, opened(new) as standby:
        # What it lacks are the last moments.
        assert verify(standby.state_file).sound
        assert [entry.hash for entry in standby.entries()] == [
            entry.hash for entry in primary.entries()[: answer.json["seq"]]
        ]
    told = in_process_of_its_own("task", "note", "A", "taken over", "--db", str(new), "--as", "lena", "--json")
    assert (told.code, told.json["seq"]) == (0, answer.json["seq"] + 1)
    assert in_process_of_its_own("journal", "verify", "--db", str(new)).code == 0


def test_a_standby_that_is_killed_goes_on(busy: Path, tmp_path: Path) -> None:
    host = tmp_path / "host"
    host.mkdir()
    with workers() as start, opened(busy) as cutover:
        for round_ in range(KILLS):
            following = start(follow_for_ever, busy, host)
            seen = following.answer()
            for number in range(10):
                cutover.do("task.note", "A", text=f"{round_} {number}")
            assert following.answer() > seen
            for number in range(10):
                cutover.do("task.note", "A", text=f"{round_} and {number}")
            following.kill()
        assert assert_prefix(path_in(host, "small"), cutover) > 3 + 10 * KILLS


def test_a_long_replay_holds_no_checkpoint_back(busy: Path) -> None:
    """Entries are read page by page; a reader that keeps its transaction open shows what would happen otherwise."""
    log = busy.with_name("state.db-wal")
    entries = 600

    def write(cutover: Cutover, count: int) -> int:
        largest = 0
        for number in range(count):
            cutover.do("task.note", "A", text=f"{number} " + "x" * 4_000)
            largest = max(largest, log.stat().st_size)
        return largest

    with opened(busy) as cutover, opened(busy) as other:
        write(cutover, entries)
        replayed, largest = 0, 0
        for entry in other.state_file.entries():
            replayed += 1
            assert entry.seq == replayed
            if replayed % 2 == 0 and replayed < entries:
                largest = max(largest, write(cutover, 1))
        assert replayed >= entries
        assert largest < 8 << 20
        with other.state_file.read() as reader:
            reader.connection.execute("SELECT count(*) FROM journal").fetchone()
            assert write(cutover, entries) > largest
