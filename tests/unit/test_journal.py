"""The journal: canonical bytes, chained, append-only, in order, each entry once."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from tests.cutover import START, Cutover, caller, created, numbered_ids
from warroom.actions import tasks
from warroom.clock.source import Uptime
from warroom.store import journal
from warroom.store.statefile import StateFile
from warroom.vocabulary.errors import BadInput, Refused
from warroom.vocabulary.words import Assurance, Medium, Via


class SetClock:
    """A wall clock that somebody sets, also back."""

    def __init__(self) -> None:
        self.instant = START

    def now(self) -> datetime:
        return self.instant

    def uptime(self) -> Uptime:
        return Uptime("this test", 0)


def records(state_file: StateFile) -> list[journal.Record]:
    with state_file.read() as reader:
        return list(journal.all_records(reader.connection))


def busy(cutover: Cutover) -> None:
    cutover.do("task.start", "A", by="omar", note="Ünïcode \U0001f600 \u2028")
    cutover.to(3)
    cutover.do("step.tick", "A", by="lena", positions=[1, 2], evidence="seen")
    cutover.do("task.block", "A", by="omar", reason='a "quoted" \\ reason\nover two lines\t')


def test_the_body_is_canonical_json_and_its_hash_is_over_those_bytes(cutover: Cutover) -> None:
    busy(cutover)
    for record in records(cutover.state_file):
        body = json.loads(record.body, parse_float=pytest.fail)
        assert record.body == json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        assert record.hash == hashlib.sha256(record.body.encode("utf-8")).hexdigest()
        assert set(body) == {
            *("action", "actor", "assurance", "by", "changes", "clock", "effective_at", "for", "id", "in_place_of"),
            *("previous_hash", "reason"),
            *("recorded_at", "run", "run_time", "schema", "seq", "subject", "via"),
        }


def test_reading_gives_back_what_was_written(cutover: Cutover) -> None:
    entry = cutover.do(
        "task.start", "A", by="lena", done_by="omar", medium=Medium.PAPER, at=START, entry_id=str(uuid4())
    )
    (record,) = records(cutover.state_file)[entry.seq - 1 :]

    assert journal.read_entry(record) == entry
    assert journal.record_with(replace(entry, hash="")) == record
    assert (entry.actor, entry.done_by, entry.assurance, entry.via) == ("lena", "omar", Assurance.PROXY, Via.CLI)
    assert (entry.run_time, entry.effective_at) == (START, START)
    assert (entry.by, entry.in_place_of, entry.recorded_by) == (Medium.PAPER, None, "lena, on paper")


def test_each_entry_names_the_hash_of_the_one_before_it(cutover: Cutover) -> None:
    busy(cutover)
    previous = hashlib.sha256(cutover.state_file.genesis.encode()).hexdigest()
    for place, entry in enumerate(cutover.entries(), start=1):
        assert (entry.seq, entry.previous_hash) == (place, previous)
        previous = entry.hash
    assert cutover.state_file.head() == journal.Head(place, previous, cutover.clock.now())


@pytest.mark.parametrize("statement", ["UPDATE journal SET subject = 'x' WHERE seq = 1", "DELETE FROM journal"])
def test_the_journal_refuses_to_be_edited(statement: str, planned: Cutover) -> None:
    with planned.state_file.database.connection() as connection, pytest.raises(Exception, match="append-only"):
        connection.execute(statement)


def test_an_entry_out_of_place_is_refused(planned: Cutover) -> None:
    """Neither a seq, nor an id, nor a hash stands in the journal twice."""
    (record,) = records(planned.state_file)

    def append(again: journal.Record) -> None:
        with planned.state_file.write() as transaction:
            journal.append(transaction.rows.connection, again)

    for again in (
        replace(record, id="new", hash="new"),
        replace(record, seq=2, hash="new"),
        replace(record, seq=2, id="new"),
    ):
        with pytest.raises(Refused):
            append(again)


def test_a_refused_action_leaves_no_gap(cutover: Cutover) -> None:
    for _ in range(3):
        with pytest.raises(Refused):
            cutover.do("task.done", "A", by="omar")
        cutover.do("task.note", "A", text="still here")

    assert [entry.seq for entry in cutover.entries()] == [1, 2, 3, 4, 5]


def test_recorded_times_never_run_backwards(tmp_path: Path) -> None:
    clock = SetClock()
    path = created(tmp_path / "s.db")
    with StateFile.open(path, clock=clock, new_id=numbered_ids(50)) as state_file:
        cutover = Cutover(state_file, path, clock)  # type: ignore[arg-type]
        cutover.rehearse()
        for hours in (2, -1, 1, 3):
            clock.instant = START + timedelta(hours=hours)
            cutover.do("task.note", "A", text=f"{hours}")
        entries = cutover.entries()[2:]

    hours_later = [(entry.recorded_at - START) / timedelta(hours=1) for entry in entries]
    assert hours_later == [2, 2, 2, 3]
    assert [entry.run_time for entry in entries] == [entry.recorded_at for entry in entries]


def test_the_same_entry_sent_twice_is_one_entry(cutover: Cutover) -> None:
    """A client that was cut off before the answer may ask again; it gets the first answer."""
    entry_id = str(uuid4())
    first = cutover.do("task.start", "A", by="omar", entry_id=entry_id)
    cutover.to(5)
    cutover.do("task.block", "A", by="lena", reason="no access")
    head = cutover.head()
    again = cutover.do("task.start", "A", by="omar", entry_id=entry_id)

    assert again == first
    assert cutover.head() == head


def test_entries_after_a_seq_are_read_page_by_page(cutover: Cutover, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(7):
        cutover.do("task.note", "A", text=f"{number}")
    whole = cutover.entries()
    monkeypatch.setattr(journal.records_after, "__defaults__", (2,))

    assert cutover.entries() == whole
    assert list(cutover.state_file.entries(4)) == whole[4:]
    assert list(cutover.state_file.entries(99)) == []


def test_what_was_last_said_about_a_subject_is_found_by_run(cutover: Cutover) -> None:
    cutover.do("task.note", "A", text="in mock 1")
    cutover.do("run.close")
    cutover.rehearse("mock 2")
    with cutover.state_file.read() as reader:
        runs = {run: journal.last_by_subject(reader.connection, run) for run in (None, 1, 2)}
        assert journal.last_of_subject(reader.connection, 2, "A") is None

    assert runs == {
        None: {"cutover 1": 1},
        1: {"run mock 1": 4, "A": 3},
        2: {"run mock 2": 5},
    }


def test_text_that_cannot_be_stored_is_refused_before_anything_is_written(cutover: Cutover) -> None:
    head = cutover.head()
    for text in ("bell \x07", "nul \x00", "escape \x1b[2J", "half \ud800", "c1 \x9b", "x" * 1_048_577):
        with pytest.raises(BadInput):
            tasks.note(cutover.state_file, caller("omar"), "A", text=text)
        with pytest.raises(BadInput):
            tasks.block(cutover.state_file, caller("omar"), "A", reason=text)
    assert cutover.head() == head
