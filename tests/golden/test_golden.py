"""Journals of earlier releases are still read, and still give the rows that they gave then."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from warroom.board.history import History
from warroom.board.rows import Alert, Run, Task
from warroom.model.row import Row
from warroom.store import journal
from warroom.store.codec import journalled_tables
from warroom.store.fold import fold
from warroom.store.migration import CURRENT
from warroom.vocabulary.journal import Entry
from warroom.vocabulary.words import AlertState, TaskState

FOLDER = Path(__file__).parent
JOURNALS = sorted(FOLDER.glob("schema-*.journal.jsonl"))


def records(path: Path) -> list[journal.Record]:
    return [journal.Record(**json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()]


def entries(path: Path) -> list[Entry]:
    return [CURRENT.today(journal.read_entry(record)) for record in records(path)]


def test_every_schema_has_its_golden_journal() -> None:
    assert [path.name for path in JOURNALS] == [
        f"schema-{number}.journal.jsonl" for number in range(1, CURRENT.version + 1)
    ]


@pytest.mark.parametrize("path", JOURNALS, ids=lambda path: path.name)
def test_its_chain_holds_and_its_notation_is_still_ours(path: Path) -> None:
    told = json.loads(path.with_name(path.name.replace("journal.jsonl", "rows.json")).read_text(encoding="utf-8"))
    previous = journal.genesis_hash(told["genesis"])
    for number, record in enumerate(records(path), start=1):
        entry = journal.read_entry(record)
        assert (entry.seq, entry.previous_hash) == (number, previous)
        assert journal.record_with(entry) == record
        previous = record.hash


@pytest.mark.parametrize("path", JOURNALS, ids=lambda path: path.name)
def test_it_gives_the_rows_that_it_gave_then(path: Path) -> None:
    """Columns that came later, without a migration, are not in the golden rows; they take their defaults."""
    told = json.loads(path.with_name(path.name.replace("journal.jsonl", "rows.json")).read_text(encoding="utf-8"))
    expected = {name: {row["id"]: row for row in rows} for name, rows in told["rows"].items() if rows}
    assert {name: rows for name, rows in fold(entries(path)).items() if rows} == expected


@pytest.mark.parametrize("path", JOURNALS, ids=lambda path: path.name)
def test_it_can_be_replayed(path: Path) -> None:
    history = History(entries(path), run_id=1, version_id=1)
    board = history.board(len(history.entries))
    for table in journalled_tables().values():
        rows: dict[int, Row] = dict(board.rows(table.row_class))
        assert all(set(row.__dict__) == set(table.columns) for row in rows.values())
    assert board.rows(Run)[1].closing_note == "enough"
    states = {row.ref: row.state for row in board.rows(Task).values()}
    assert (states["A"], states["B"], states["C"]) == (TaskState.DONE, TaskState.DONE, TaskState.SKIPPED)
    assert {alert.state for alert in board.rows(Alert).values()} == {AlertState.CLOSED}
