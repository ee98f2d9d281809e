"""A standby's copy follows entry by entry, and goes on from nothing that it does not know."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from tests.cutover import Cutover, created, everything, minute, opened
from tests.golden.record import play
from tests.unit.test_verify import Forger, rehash
from warroom.actions.evidence import attachment
from warroom.board.load import load_board
from warroom.store import copies, files
from warroom.store.backup import back_up
from warroom.store.migration import Migration, Schema
from warroom.store.restore import restore
from warroom.store.standby import VERIFY_EVERY, HistoryDiffers, Standing, follow, path_in, standby_of
from warroom.store.statefile import StateFile
from warroom.store.verify import verify
from warroom.vocabulary.errors import BadInput, StateFileError, WarroomError

PATIENCE_S = 30


@pytest.fixture
def host(tmp_path: Path) -> Path:
    """The folder of the standby."""
    (tmp_path / "host").mkdir()
    return tmp_path / "host"


def assert_same(path: Path, cutover: Cutover) -> None:
    with StateFile.copied(path, alone=False) as copy:
        assert verify(copy).findings == ()
        assert copy.head().hash == cutover.head()
        assert everything(load_board(copy)) == everything(cutover.board())


def test_every_action_is_taken_over(planned: Cutover, host: Path) -> None:
    with standby_of(planned.state_file, host) as standby:
        assert (standby.catch_up().seq, standby.catch_up().taken) == (1, 0)
        play(planned)
        standing = standby.catch_up()
        assert (standing.seq, standing.head) == (len(planned.entries()), planned.head())
        assert standing.taken == standing.seq - 1
    assert_same(path_in(host, "small"), planned)
    with StateFile.copied(path_in(host, "small")) as copy:
        assert list(copy.entries()) == planned.entries()


def test_one_entry_at_a_time_gives_the_same(planned: Cutover, host: Path) -> None:
    with standby_of(planned.state_file, host) as standby:
        planned.rehearse()
        for number in range(1, 8):
            planned.to(number)
            planned.do("task.note", "A", text=str(number))
            attached = attachment(f"{number}.txt", "text/plain", f"file {number % 3}".encode())
            planned.do("evidence.add", "A", attached=attached)
            assert standby.catch_up().taken == (3 if number == 1 else 2)
    assert_same(path_in(host, "small"), planned)


def test_how_far_it_is_behind(cutover: Cutover, host: Path) -> None:
    with standby_of(cutover.state_file, host) as standby:
        cutover.do("task.note", "A", text="now")
        cutover.clock.move_to(minute(0) + timedelta(seconds=3))
        assert standby.catch_up().behind_s == 3.0


def test_a_copy_that_is_there_is_gone_on_with(cutover: Cutover, host: Path) -> None:
    with standby_of(cutover.state_file, host):
        pass
    before = path_in(host, "small").stat().st_ino
    cutover.do("task.note", "A", text="while nobody followed")
    with standby_of(cutover.state_file, host) as standby:
        assert standby.catch_up().taken == 1
    assert path_in(host, "small").stat().st_ino == before
    assert_same(path_in(host, "small"), cutover)


def test_it_is_verified_whole_from_time_to_time(cutover: Cutover, host: Path) -> None:
    with standby_of(cutover.state_file, host) as standby:
        forger = Forger(path_in(host, "small"))
        forger("UPDATE task SET title = 'forged' WHERE ref = 'END'")
        forger.close()
        cutover.do("task.note", "A", text="one")
        standby.catch_up()
        cutover.do("task.note", "A", text="two")
        cutover.clock.move_to(minute(0) + VERIFY_EVERY)
        with pytest.raises(StateFileError, match="not sound: task"):
            standby.catch_up()
    with pytest.raises(StateFileError, match="not sound: task"), standby_of(cutover.state_file, host):
        pass


# --- what it does not go on from -------------------------------------------------------------------------------------


def test_a_rewritten_primary_is_found(cutover: Cutover, host: Path) -> None:
    cutover.do("task.note", "A", text="true")
    with standby_of(cutover.state_file, host) as standby:
        forger = Forger(cutover.path)
        forger("UPDATE journal SET body = replace(body, 'true', 'nice') WHERE seq = 3")
        forger("UPDATE note SET text = 'nice'")
        rehash(forger, 3)
        forger.close()
        assert verify(cutover.state_file).sound
        with pytest.raises(HistoryDiffers, match="at entry 3"):
            standby.catch_up()
    with pytest.raises(HistoryDiffers, match="at entry 3"), standby_of(cutover.state_file, host):
        pass
    with StateFile.copied(path_in(host, "small")) as copy:
        assert "true" in str([each.changes for each in copy.entries()][2])


def test_a_primary_that_was_set_back_is_found(cutover: Cutover, host: Path, tmp_path: Path) -> None:
    back_up(cutover.state_file, tmp_path / "early.db")
    cutover.do("task.note", "A", text="later")
    with standby_of(cutover.state_file, host) as standby:
        standby.catch_up()
    cutover.state_file.close()
    restore(tmp_path / "early.db", cutover.path, minute(1))
    with (
        opened(cutover.path) as restored,
        pytest.raises(HistoryDiffers, match="at entry 3") as caught,
        standby_of(restored.state_file, host),
    ):
        pass
    assert "was left as it is" in str(caught.value.hint)
    with StateFile.copied(path_in(host, "small")) as copy:
        assert copy.head().seq == 3


def test_a_row_that_was_something_else_is_found(cutover: Cutover, host: Path) -> None:
    """The copy differs from what the entry says was there before."""
    with standby_of(cutover.state_file, host) as standby:
        forger = Forger(path_in(host, "small"))
        forger("UPDATE task SET state = 'blocked' WHERE ref = 'A' AND run_id = 1")
        forger.close()
        cutover.do("task.start", "A", by="omar")
        with pytest.raises(HistoryDiffers, match="something else before"):
            standby.catch_up()


def test_a_broken_chain_is_not_taken_over(cutover: Cutover, host: Path) -> None:
    with standby_of(cutover.state_file, host) as standby:
        cutover.do("task.note", "A", text="true")
        forger = Forger(cutover.path)
        forger("UPDATE journal SET body = replace(body, 'true', 'nice') WHERE seq = 3")
        forger.close()
        with pytest.raises(HistoryDiffers, match="does not follow"):
            standby.catch_up()


def test_where_it_cannot_be(cutover: Cutover, host: Path, tmp_path: Path) -> None:
    for folder, said in ((tmp_path / "none", "no such folder"), (tmp_path, "beside the state file")):
        with pytest.raises(BadInput, match=said), standby_of(cutover.state_file, folder):
            pass
    other = created(tmp_path / "other.db")
    forger = Forger(other)
    forger("UPDATE state_file SET genesis = 'another'")
    forger.close()
    with copies.copied(other, host) as copy:
        files.publish(copy, path_in(host, "small"))
    with pytest.raises(BadInput, match="a copy of another state file"), standby_of(cutover.state_file, host):
        pass


def test_after_a_migration_a_new_copy_is_begun(cutover: Cutover, host: Path) -> None:
    schema = Schema((Migration("nothing", (), lambda _, fields: fields),))
    with standby_of(cutover.state_file, host) as standby, StateFile.open(cutover.path, schema=schema) as migrated:
        with pytest.raises(StateFileError, match="migrated to schema 2 meanwhile"):
            standby.catch_up()
        with standby_of(migrated, host) as again:
            assert again.catch_up().seq == 3
    with StateFile.copied(path_in(host, "small"), schema=schema) as copy:
        assert (copy.schema.version, verify(copy).sound) == (2, True)
    with StateFile.copied(host / "small-standby.schema-1.db") as before:
        assert before.head().seq == 2


# --- following -------------------------------------------------------------------------------------------------------


class Followed:
    """What `follow` tells, and waiting until that is enough."""

    def __init__(self) -> None:
        self.standings: list[Standing] = []
        self.troubles: list[WarroomError | None] = []
        self.ended: BaseException | None = None
        self.over = False
        self.stop = threading.Event()
        self._told = threading.Condition()

    def told(self, standing: Standing) -> None:
        with self._told:
            self.standings.append(standing)
            self._told.notify_all()

    def trouble(self, error: WarroomError | None) -> None:
        with self._told:
            self.troubles.append(error)
            self._told.notify_all()

    def run(self, primary: StateFile, folder: Path) -> None:
        try:
            follow(primary, folder, self.stop, told=self.told, trouble=self.trouble)
        except WarroomError as error:
            self.ended = error
        with self._told:
            self.over = True
            self._told.notify_all()

    def until_seq(self, seq: int) -> None:
        with self._told:
            assert self._told.wait_for(lambda: bool(self.standings) and self.standings[-1].seq >= seq, PATIENCE_S)

    def until_trouble(self, count: int) -> None:
        with self._told:
            assert self._told.wait_for(lambda: len(self.troubles) >= count, PATIENCE_S)

    def until_over(self) -> None:
        with self._told:
            assert self._told.wait_for(lambda: self.over, PATIENCE_S)


@contextmanager
def followed(cutover: Cutover, folder: Path) -> Iterator[Followed]:
    found = Followed()
    thread = threading.Thread(target=found.run, args=(cutover.state_file, folder))
    thread.start()
    try:
        yield found
    finally:
        found.stop.set()
        thread.join(PATIENCE_S)
    assert not thread.is_alive()


def test_what_is_written_arrives(cutover: Cutover, host: Path) -> None:
    with followed(cutover, host) as found, opened(cutover.path) as other:
        found.until_seq(2)
        cutover.do("task.start", "A", by="omar")
        found.until_seq(3)
        other.do("task.note", "A", text="by another process")
        found.until_seq(4)
    assert found.ended is None
    assert found.troubles == []
    assert_same(path_in(host, "small"), cutover)


def test_what_cannot_be_written_just_now_is_written_later(cutover: Cutover, host: Path) -> None:
    with followed(cutover, host) as found:
        found.until_seq(2)
        with StateFile.copied(path_in(host, "small"), alone=False) as held, held.read() as reader:
            reader.connection.execute("SELECT count(*) FROM journal").fetchone()
            cutover.do("task.start", "A", by="omar")
            found.until_trouble(1)
        found.until_seq(3)
        found.until_trouble(2)
    assert found.troubles[1] is None
    assert_same(path_in(host, "small"), cutover)


def test_a_primary_that_was_replaced_ends_it(cutover: Cutover, host: Path) -> None:
    with followed(cutover, host) as found:
        found.until_seq(2)
        cutover.path.unlink()
        found.until_over()
    assert isinstance(found.ended, StateFileError)
    assert "replaced or removed" in found.ended.message
