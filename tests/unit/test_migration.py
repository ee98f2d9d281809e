"""An older state file becomes one of today's: by a fold, told by one entry, whole or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.cutover import Cutover, caller, everything, opened
from tests.system.workers import migrate_halfway, workers
from warroom.board.load import load_board, load_history
from warroom.model.tasks import Task
from warroom.store.codec import journalled_tables
from warroom.store.fold import fold
from warroom.store.migration import CURRENT, Migration, Schema
from warroom.store.statefile import StateFile
from warroom.store.verify import verify
from warroom.vocabulary.journal import WATCH, Plain


def louder(table: str, fields: Mapping[str, Plain]) -> Mapping[str, Plain]:
    """Titles of tasks end with an exclamation mark."""
    if table == "task" and "title" in fields:
        return {**fields, "title": f"{fields['title']}!"}
    return fields


def in_hours(table: str, fields: Mapping[str, Plain]) -> Mapping[str, Plain]:
    """Texts of notes say so."""
    return {**fields, "text": f"note: {fields['text']}"} if table == "note" and "text" in fields else fields


SECOND = Schema((Migration("titles are louder", ("ALTER TABLE journal ADD COLUMN remark TEXT",), louder),))
THIRD = Schema((*SECOND.migrations, Migration("notes say so", (), in_hours)))


@pytest.fixture
def old(state_path: Path) -> Path:
    """A state file of schema 1 in which something has happened."""
    with opened(state_path) as cutover:
        cutover.rehearse()
        cutover.do("task.start", "A", by="omar", note="Begun.")
        cutover.to(40)
        cutover.sweep()
    return state_path


def reopen(path: Path, schema: Schema) -> StateFile:
    return StateFile.open(path, schema=schema)


def assert_tables_follow_from_the_journal(state_file: StateFile) -> None:
    told = fold(state_file.entries())
    with state_file.read() as reader:
        for name, table in journalled_tables().items():
            assert {row.id: table.plain(row.__dict__) for row in reader.find(table.row_class)} == told.get(name, {})


@pytest.mark.parametrize(("schema", "note"), [(SECOND, "Begun."), (THIRD, "note: Begun.")])
def test_rows_are_migrated_and_one_entry_tells_of_it(schema: Schema, note: str, old: Path) -> None:
    with opened(old) as before:
        entries, tables = before.entries(), everything(before.board())
    with reopen(old, schema) as state_file:
        board = load_board(state_file)
        migrated = list(state_file.entries())
        assert verify(state_file).sound
        assert_tables_follow_from_the_journal(state_file)

    added = migrated[len(entries) :]
    assert [(entry.action, entry.subject, entry.actor) for entry in added] == [
        ("state-file.migrate", f"schema {schema.version}", WATCH.handle)
    ]
    assert added[0].reason == "; ".join(step.name for step in schema.migrations)
    assert (added[0].changes, added[0].schema) == ((), schema.version)
    assert [entry.hash for entry in migrated[: len(entries)]] == [entry.hash for entry in entries]
    task = board.task("A")
    assert task is not None
    assert task.title == "Title of A!"
    assert [row.text for row in board.notes(task.id)] == [note]
    expected = {table: rows for table, rows in tables.items() if table not in ("task", "note")}
    assert {table: rows for table, rows in everything(board).items() if table in expected} == expected


def test_a_migrated_file_is_worked_on_and_replayed(old: Path) -> None:
    with reopen(old, SECOND) as state_file:
        cutover = Cutover(state_file, old, None)  # type: ignore[arg-type]
        cutover.do("task.note", "A", by="bea", text="after")
        assert cutover.entries()[-1].schema == 2
        assert verify(state_file).sound
        history = load_history(state_file)
        assert everything(history.board(state_file.head().seq)) == everything(cutover.board())


def test_two_steps_lead_where_one_does(old: Path) -> None:
    reopen(old, SECOND).close()
    with reopen(old, THIRD) as state_file:
        board = load_board(state_file)
        assert [entry.subject for entry in state_file.entries() if entry.action == "state-file.migrate"] == [
            "schema 2",
            "schema 3",
        ]
        assert verify(state_file).sound
        assert_tables_follow_from_the_journal(state_file)
    task = board.task("A")
    assert task is not None
    assert (task.title, [note.text for note in board.notes(task.id)]) == ("Title of A!", ["note: Begun."])


def test_it_is_migrated_once(old: Path) -> None:
    reopen(old, SECOND).close()
    with reopen(old, SECOND) as state_file:
        assert [entry.action for entry in state_file.entries()].count("state-file.migrate") == 1


@pytest.mark.about_files
def test_a_migration_that_fails_leaves_the_old_one(old: Path) -> None:
    def broken(table: str, fields: Mapping[str, Plain]) -> Mapping[str, Plain]:
        if table == "alert":
            raise ZeroDivisionError
        return fields

    before = old.read_bytes()
    statements = ("ALTER TABLE journal ADD COLUMN remark TEXT",)
    with pytest.raises(ZeroDivisionError):
        reopen(old, Schema((Migration("breaks", statements, broken),)))
    assert old.read_bytes() == before
    with reopen(old, CURRENT) as state_file:
        assert verify(state_file).sound


@pytest.mark.about_files
def test_a_migration_that_is_killed_leaves_the_old_one(old: Path) -> None:
    with opened(old) as cutover:
        head, tables = cutover.head(), everything(cutover.board())
    with workers() as start:
        worker = start(migrate_halfway, old)
        assert worker.answer() == "halfway"
        worker.kill()
    with opened(old) as cutover:
        assert (cutover.head(), everything(cutover.board())) == (head, tables)
        assert verify(cutover.state_file).sound
        cutover.do("task.note", "A", text="still schema 1")
    with reopen(old, SECOND) as state_file:
        assert verify(state_file).sound


def test_an_entry_of_today_is_left_as_it_is(old: Path) -> None:
    with reopen(old, SECOND) as state_file:
        entries = list(state_file.entries())
        assert SECOND.today(entries[-1]) is entries[-1]
        with state_file.write() as transaction:
            row = transaction.rows.find(Task, ref="A")[0]
            transaction.rows.update(row, title="New")
            entry = transaction.journal(caller("lena"), "test", "A", run=None, run_time=None)
        (change,) = SECOND.today(entry).changes
        assert (change.before, change.after) == ({"title": "Title of A!"}, {"title": "New"})
