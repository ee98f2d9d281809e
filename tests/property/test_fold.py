"""Whatever rows are written through the gateway, the journal alone gives them back, cell by cell."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cutover import START, caller, created
from tests.soaking import times
from warroom.board.board import Board
from warroom.model.gates import Control
from warroom.model.plan import PlanVersion
from warroom.model.programme import Person
from warroom.model.row import Row
from warroom.model.tasks import Task
from warroom.store.codec import instant_text, journalled_tables, read_instant, table_of
from warroom.store.fold import HistoryBroken, Rows, fold
from warroom.store.statefile import StateFile, Transaction
from warroom.store.verify import verify
from warroom.vocabulary.journal import Entry, Operation
from warroom.vocabulary.words import Result, Runs, TaskKind, TaskState

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20)
zones = st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=30))])
microseconds = st.integers(-(10**15), 10**15)
instants = st.builds(lambda since, zone: (START + timedelta(microseconds=since)).astimezone(zone), microseconds, zones)
numbers = st.integers(-(2**63), 2**63 - 1)
decimals = st.decimals(allow_nan=False, allow_infinity=False, places=4) | st.just(Decimal("1.50"))

FIELDS: dict[type[Row], dict[str, st.SearchStrategy[Any]]] = {
    Person: {
        "name": texts,
        "phone": st.none() | texts,
        "roles": st.lists(texts, max_size=3).map(tuple),
        "notify": st.lists(texts, max_size=2).map(tuple),
    },
    Control: {
        "name": texts,
        "unit": st.none() | texts,
        "tolerance_absolute": st.none() | decimals,
        "tolerance_percent": st.none() | decimals,
        "position": numbers,
    },
    PlanVersion: {
        "window_start": instants,
        "window_end": instants,
        "restore_by": instants,
        "plan_start_s": numbers,
        "ends_with": st.none() | texts,
    },
    Task: {
        "title": texts,
        "kind_of_task": st.sampled_from(TaskKind),
        "state": st.sampled_from(TaskState),
        "runs": st.sampled_from(Runs),
        "result": st.none() | st.sampled_from(Result),
        "backout": st.booleans(),
        "undoes": st.lists(texts, max_size=3).map(tuple),
        "actual_start": st.none() | instants,
        "progress_done": st.none() | numbers,
    },
}
# What a new row needs besides, so that the database takes it; `{}` is a number that is not taken yet.
NEEDED: dict[type[Row], dict[str, Any]] = {
    Person: {"handle": "new-{}"},
    Control: {"version_id": 1, "key": "k"},
    PlanVersion: {"plan_id": 1, "number": 2, "buffer_s": 0},
    Task: {"version_id": 1, "ref": "NEW-{}", "position": 1, "duration_s": 0},
}

Deed = tuple[Operation, type[Row], int, dict[str, Any]]


@st.composite
def deeds(draw: st.DrawFn) -> Deed:
    """A change of some row: which one, counted among those that are there, and to what."""
    row_class = draw(st.sampled_from(list(FIELDS)))
    operation = draw(st.sampled_from(Operation))
    fields = FIELDS[row_class]
    chosen = (
        list(fields) if operation is Operation.INSERT else draw(st.lists(st.sampled_from(list(fields)), unique=True))
    )
    return operation, row_class, draw(st.integers(0, 50)), {name: draw(fields[name]) for name in chosen}


def carry_out(transaction: Transaction, deed: Deed, number: int, new: set[tuple[type[Row], int]]) -> None:
    operation, row_class, which, values = deed
    rows = transaction.rows.find(row_class)
    if operation is Operation.INSERT:
        needed = {
            name: value.format(number) if isinstance(value, str) else value for name, value in NEEDED[row_class].items()
        }
        new.add((row_class, transaction.rows.insert(row_class, **needed, **values).id))
    elif operation is Operation.UPDATE:
        transaction.rows.update(rows[which % len(rows)], **values)
    else:  # only what nothing refers to
        loose = [row for row in rows if (row_class, row.id) in new]
        if loose:
            transaction.rows.delete(loose[which % len(loose)])


@contextmanager
def state_file_of_its_own() -> Iterator[StateFile]:
    """One with the small plan for each example."""
    with TemporaryDirectory() as folder, StateFile.open(created(Path(folder) / "state.db")) as state_file:
        yield state_file


def write(state_file: StateFile, transactions: list[list[Deed]]) -> None:
    new: set[tuple[type[Row], int]] = set()
    number = 0
    for batch in transactions:
        with state_file.write() as transaction:
            for deed in batch:
                number += 1
                carry_out(transaction, deed, number, new)
            transaction.journal(caller("lena"), "test.change", "test", run=None, run_time=None)


@settings(max_examples=times(short=12, whole=40), deadline=None)
@given(transactions=st.lists(st.lists(deeds(), max_size=6), max_size=6))
def test_the_journal_gives_the_tables_back(transactions: list[list[Deed]], engine: str) -> None:
    with state_file_of_its_own() as state_file:
        write(state_file, transactions)
        entries = list(state_file.entries())
        told = fold(entries)
        board = Board({}, seq=0, recorded_at=None, run_id=None, version_id=1, last_entries={}).apply(entries)
        with state_file.read() as reader:
            for name, table in journalled_tables().items():
                rows = reader.find(table.row_class)
                assert {row.id: table.plain(row.__dict__) for row in rows} == told.get(name, {})
                assert {row.id: row.__dict__ for row in rows} == {
                    key: row.__dict__ for key, row in board.rows(table.row_class).items()
                }
        assert verify(state_file).sound


@settings(max_examples=times(short=12, whole=40), deadline=None)
@given(transactions=st.lists(st.lists(deeds(), min_size=1, max_size=4), min_size=2, max_size=5), data=st.data())
def test_history_that_is_missing_something_does_not_give_the_same(
    transactions: list[list[Deed]], data: st.DataObject, engine: str
) -> None:
    """Leave out any change that did something: either what follows does not fit, or other rows come out."""
    with state_file_of_its_own() as state_file:
        write(state_file, transactions)
        entries = list(state_file.entries())
    whole = fold(entries)
    places = [(at, number) for at, entry in enumerate(entries) for number in range(len(entry.changes))]
    at, number = data.draw(st.sampled_from(places))
    changes = entries[at].changes
    shortened = [
        *entries[:at],
        replace(entries[at], changes=(*changes[:number], *changes[number + 1 :])),
        *entries[at + 1 :],
    ]
    rest, broken_at = folded(shortened)
    if broken_at is not None:
        assert broken_at >= entries[at].seq
    else:
        assert rest != whole or gone_later(entries, at, number)


def folded(entries: list[Entry]) -> tuple[dict[str, Rows] | None, int | None]:
    """The rows, or the entry at which they do not fit."""
    try:
        return fold(entries), None
    except HistoryBroken as error:
        return None, error.seq


def gone_later(entries: list[Entry], at: int, number: int) -> bool:
    """Whether the row of that change was deleted afterwards."""
    change = entries[at].changes[number]
    later = [
        each
        for place, entry in enumerate(entries[at:])
        for each in (entry.changes[number + 1 :] if place == 0 else entry.changes)
        if (each.table, each.key) == (change.table, change.key)
    ]
    return any(each.operation is Operation.DELETE for each in later)


@given(st.sampled_from(sorted(FIELDS, key=lambda each: each.__name__)), st.data())
def test_plain_notation_survives_json(row_class: type[Row], data: st.DataObject) -> None:
    table = table_of(row_class)
    values = {name: data.draw(strategy) for name, strategy in FIELDS[row_class].items()}
    plain = json.loads(json.dumps(table.plain(values)), parse_float=pytest.fail)
    assert table.values(plain) == values
    assert table.plain(table.values(plain)) == plain


@given(instants)
def test_an_instant_is_utc_text_with_z(instant: datetime) -> None:
    text = instant_text(instant)
    assert text.endswith("Z")
    assert "+" not in text
    assert read_instant(text) == instant
    assert read_instant(text).utcoffset() == timedelta(0)
