"""The gateway records exactly what changed, and nothing that was changed goes unrecorded."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from tests.cutover import START, Cutover, caller
from tests.filled import fill_every_table
from warroom.model.gates import Control
from warroom.model.plan import PlanVersion
from warroom.model.programme import Person
from warroom.model.row import Kind
from warroom.model.tasks import Task
from warroom.model.watching import MachineClock
from warroom.store.codec import journalled_tables, tables
from warroom.store.statefile import StateFile, Transaction
from warroom.vocabulary.errors import Refused
from warroom.vocabulary.journal import Entry, Operation
from warroom.vocabulary.words import TaskState

LATER = datetime(2026, 11, 27, 20, 30, 15, 250_000, tzinfo=timezone(timedelta(hours=1)))


def journalled(transaction: Transaction) -> Entry:
    return transaction.journal(caller("lena"), "test.change", "test", run=None, run_time=None)


def test_an_insert_carries_every_column_in_plain_notation(state_file: StateFile) -> None:
    with state_file.write() as transaction:
        version = transaction.rows.find(PlanVersion)[0]
        row = transaction.rows.insert(
            Control, version_id=version.id, key="k", name="K", tolerance_absolute=Decimal("0.10"), position=9
        )
        (change,) = journalled(transaction).changes

    assert (change.operation, change.table, change.key, change.before) == (Operation.INSERT, "control", row.id, None)
    assert change.after == {
        "id": row.id,
        "version_id": version.id,
        "run_id": None,
        "key": "k",
        "name": "K",
        "kind_of_control": "amount",
        "unit": None,
        "currency": None,
        "entity": None,
        "sign": "same",
        "as_of_s": None,
        "by": [],
        "expected": None,
        "loads": [],
        "part_of": None,
        "tolerance_absolute": "0.10",
        "tolerance_percent": None,
        "signs_id": None,
        "position": 9,
    }


def test_an_update_carries_only_the_fields_that_differ(state_file: StateFile) -> None:
    with state_file.write() as transaction:
        task = transaction.rows.find(Task, ref="A")[0]
        after = transaction.rows.update(
            task,
            title=task.title,
            state=TaskState.RUNNING,
            actual_start=LATER,
            undoes=("B", "C"),
            backout=True,
            duration_s=task.duration_s,
        )
        (change,) = journalled(transaction).changes

    assert change.before == {"state": "not_started", "actual_start": None, "undoes": [], "backout": False}
    assert change.after == {
        "state": "running",
        "actual_start": "2026-11-27T19:30:15.250000Z",
        "undoes": ["B", "C"],
        "backout": True,
    }
    assert (after.state, after.actual_start, after.title) == (TaskState.RUNNING, LATER, task.title)
    assert task.state is TaskState.NOT_STARTED, "the row that was read stays as it was"
    with state_file.read() as reader:
        assert reader.get(Task, task.id) == after
        assert reader.get(Task, task.id).actual_start == LATER.astimezone(UTC)


def test_an_update_that_changes_nothing_is_no_change(state_file: StateFile) -> None:
    with state_file.write() as transaction:
        task = transaction.rows.find(Task, ref="A")[0]
        assert transaction.rows.update(task, title=task.title) is task
        assert transaction.rows.changes == []


def test_a_delete_carries_the_whole_row(state_file: StateFile) -> None:
    with state_file.write() as transaction:
        row = transaction.rows.find(Control, key="stock")[0]
        transaction.rows.delete(row)
        (change,) = journalled(transaction).changes

    assert (change.operation, change.key, change.after) == (Operation.DELETE, row.id, None)
    assert change.before is not None
    assert set(change.before) == set(Control.model_fields)
    assert change.before["tolerance_percent"] == "1.5"
    with state_file.read() as reader:
        assert reader.find(Control, key="stock") == []


def test_keys_are_allocated_one_after_the_other_and_defaults_filled_in(state_file: StateFile) -> None:
    with state_file.write() as transaction:
        highest = max(row.id for row in transaction.rows.find(Person))
        first, second = (transaction.rows.insert(Person, handle=handle, name="N") for handle in ("x", "y"))
        journalled(transaction)

    assert (first.id, second.id) == (highest + 1, highest + 2)
    assert (first.roles, first.company) == ((), None)
    with state_file.read() as reader:
        assert reader.one(Person, handle="y") == second
        assert reader.one(Person, handle="z") is None
        with pytest.raises(KeyError):
            reader.get(Person, highest + 3)


def write(state_file: StateFile, *steps: Callable[[Transaction], object]) -> None:
    """One write transaction of `steps`."""
    with state_file.write() as transaction:
        for step in steps:
            step(transaction)


def add_ghost(transaction: Transaction) -> None:
    transaction.rows.insert(Person, handle="ghost", name="Ghost")


def add_second_lena(transaction: Transaction) -> None:
    transaction.rows.insert(Person, handle="lena", name="Another Lena")


def fall_over(_: Transaction) -> None:
    raise ZeroDivisionError


@pytest.mark.parametrize(
    ("steps", "error"),
    [
        ((add_ghost,), RuntimeError),
        ((add_ghost, journalled, fall_over), ZeroDivisionError),
        ((add_ghost, journalled, journalled), RuntimeError),
        (
            (add_ghost, add_second_lena, journalled),
            Refused,
        ),
    ],
    ids=["no entry", "an exception", "two entries", "a constraint"],
)
def test_rows_and_entry_are_undone_together(
    steps: tuple[Callable[[Transaction], object], ...], error: type[Exception], state_file: StateFile
) -> None:
    before = state_file.head()
    with pytest.raises(error):
        write(state_file, *steps)

    with state_file.read() as reader:
        assert reader.one(Person, handle="ghost") is None
    assert state_file.head() == before


def test_operational_rows_change_without_a_trace(state_file: StateFile) -> None:
    before = state_file.head()
    with state_file.write() as transaction:
        mark = transaction.rows.insert(MachineClock, boot="first", wall=START, up_us=1)
        transaction.rows.update(mark, boot="second")
        assert transaction.rows.changes == []

    assert state_file.head() == before
    with state_file.read() as reader:
        assert [row.boot for row in reader.find(MachineClock)] == ["second"]


def test_a_naive_time_is_refused(state_file: StateFile) -> None:
    def naive(transaction: Transaction) -> None:
        transaction.rows.update(transaction.rows.find(Task, ref="A")[0], eta=LATER.replace(tzinfo=None))

    with pytest.raises(ValueError, match=r"naive|aware|time ?zone"):
        write(state_file, naive, journalled)


def test_text_is_data(cutover: Cutover) -> None:
    text = "'); DROP TABLE journal; -- [bold]x[/] \u202e ünï \U0001f600 \t\n"
    cutover.do("task.note", "A", text=text)
    (note,) = cutover.board().notes(cutover.task("A").id)

    assert note.text == text


def test_every_table_is_journalled_or_known_to_be_operational() -> None:
    """A new table is journalled from its first day; one that is not must be named here."""
    assert {name for name, table in tables().items() if table.kind is not Kind.JOURNALLED} == {
        "delivery",
        "lease",
        "machine_clock",
        "presence",
    }
    assert "lease" not in journalled_tables()


def test_plain_notation_has_no_floats_and_can_be_read_back(cutover: Cutover) -> None:
    fill_every_table(cutover)
    filled = set()
    with cutover.state_file.read() as reader:
        for name, table in journalled_tables().items():
            for row in reader.find(table.row_class):
                filled.add(name)
                plain = table.plain(row.__dict__)
                assert json.loads(json.dumps(plain), parse_float=pytest.fail) == plain
                assert table.values(plain) == row.__dict__
    assert filled == set(journalled_tables())
