"""Whoever touches the file past warroom is found out, and the first bad entry is named."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cutover import opened, rehearsing
from tests.filled import fill_every_table
from tests.soaking import times
from warroom.store import journal, sqlite
from warroom.store.codec import Table, Unreadable, journalled_tables
from warroom.store.statefile import StateFile
from warroom.store.verify import Finding, Verification, verify


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("original") / "state.db"
    with rehearsing(path) as cutover:
        fill_every_table(cutover)
        assert verify(cutover.state_file).sound
    return path


class Forger:
    """Somebody with write access to the file and knowledge of SQLite, who goes past warroom."""

    def __init__(self, path: Path) -> None:
        self._engine = sqlite.engine_of(path)
        self._pooled = self._engine.raw_connection()
        connection: Any = self._pooled.driver_connection
        self._connection = connection
        self._connection.execute("PRAGMA foreign_keys=OFF")
        for name in ("journal_is_never_edited", "journal_is_never_cut"):
            self._connection.execute(f"DROP TRIGGER {name}")
        self._connection.execute("PRAGMA ignore_check_constraints=ON")

    def __call__(self, statement: str, *parameters: Any) -> list[Any]:
        return list(self._connection.execute(statement, parameters))

    def close(self) -> None:
        self._pooled.close()
        self._engine.dispose()


@pytest.fixture
def forged(original: Path, tmp_path: Path) -> Iterator[tuple[StateFile, Forger]]:
    path = tmp_path / "forged.db"
    shutil.copy(original, path)
    forger = Forger(path)
    with opened(path) as cutover:
        yield cutover.state_file, forger
    forger.close()


def rehash(forger: Forger, first: int) -> None:
    """Chain the journal anew from entry `first` on, as somebody who knows the recipe would."""
    previous = None
    for seq, body, stored in forger("SELECT seq, body, hash FROM journal ORDER BY seq"):
        if seq > first:
            content = json.loads(body) | {"previous_hash": previous}
            body = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        if seq >= first:
            stored = hashlib.sha256(body.encode()).hexdigest()
            forger("UPDATE journal SET body = ?, hash = ? WHERE seq = ?", body, stored, seq)
        previous = stored


def first_bad(result: Verification) -> int | None:
    assert len(result.findings) == 1
    return result.findings[0].seq


def test_an_untouched_file_is_sound(forged: tuple[StateFile, Forger]) -> None:
    state_file, _ = forged
    result = verify(state_file)

    assert (result.sound, result.findings) == (True, ())
    assert (result.entries, result.head) == (43, state_file.head().hash)


def test_an_empty_journal_is_sound(tmp_path: Path) -> None:
    with StateFile.create(tmp_path / "empty.db") as building:
        result = verify(building)
    assert (result.sound, result.entries) == (True, 0)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("body", "{}"),
        ("body", "not JSON"),
        ("body", "[]"),
        pytest.param("body", "[" * 20_000, id="body-nested too deep"),
        ("body", b"{}"),
        ("body", 7),
        ("hash", "0" * 64),
        ("hash", b""),
        ("id", "another"),
        ("run_id", None),
        ("subject", "another"),
        ("recorded_at", "2026-11-27T18:00:01Z"),
        ("recorded_at", ""),
        ("run_time", None),
    ],
)
def test_an_edited_entry_is_named(column: str, value: object, forged: tuple[StateFile, Forger]) -> None:
    state_file, forger = forged
    forger(f"UPDATE journal SET {column} = ? WHERE seq = 4", value)

    assert first_bad(verify(state_file)) == 4


@settings(max_examples=times(short=30, whole=60), deadline=None)
@given(data=st.data())
def test_any_flipped_byte_is_found(data: st.DataObject, forged: tuple[StateFile, Forger]) -> None:
    """Also one that leaves no valid text behind."""
    state_file, forger = forged
    seq = data.draw(st.integers(1, 8))
    column = data.draw(st.sampled_from(["body", "hash"]))
    ((stored,),) = forger(f"SELECT CAST({column} AS BLOB) FROM journal WHERE seq = ?", seq)
    place, mask = data.draw(st.integers(0, len(stored) - 1)), data.draw(st.integers(1, 255))
    flipped = bytes([*stored[:place], stored[place] ^ mask, *stored[place + 1 :]])
    change = f"UPDATE journal SET {column} = CAST(? AS TEXT) WHERE seq = ?"
    forger(change, flipped, seq)
    try:
        assert first_bad(verify(state_file)) == seq
    finally:
        forger(change, stored, seq)
    assert verify(state_file).sound


@pytest.mark.parametrize("seq", [1, 3, 5])
def test_a_deleted_entry_is_named_where_it_is_missing(seq: int, forged: tuple[StateFile, Forger]) -> None:
    state_file, forger = forged
    forger("DELETE FROM journal WHERE seq = ?", seq)

    assert first_bad(verify(state_file)) == seq


def test_entries_that_changed_places_are_named(forged: tuple[StateFile, Forger]) -> None:
    state_file, forger = forged
    for old, new in ((4, -1), (5, 4), (-1, 5)):
        forger("UPDATE journal SET seq = ? WHERE seq = ?", new, old)

    assert first_bad(verify(state_file)) == 4


def test_another_beginning_is_found(original: Path, tmp_path: Path) -> None:
    path = tmp_path / "forged.db"
    shutil.copy(original, path)
    forger = Forger(path)
    forger("UPDATE state_file SET genesis = 'another'")
    forger.close()
    with opened(path) as cutover:
        assert first_bad(verify(cutover.state_file)) == 1


def test_a_tail_that_was_cut_is_found_by_the_rows_it_made(forged: tuple[StateFile, Forger]) -> None:
    state_file, forger = forged
    forger("DELETE FROM journal WHERE seq > 3")
    result = verify(state_file)

    assert result.entries == 3
    assert Finding(None, "vote 1 is in the table but not in the journal") in result.findings


Rewrite = Callable[[dict[str, Any]], None]


def other_title(body: dict[str, Any]) -> None:
    body["changes"][0]["after"]["state"] = "failed"


def other_before(body: dict[str, Any]) -> None:
    body["changes"][0]["before"]["state"] = "done"


def inserted_again(body: dict[str, Any]) -> None:
    change = body["changes"][0]
    change.update(op="insert", before=None)


def never_there(body: dict[str, Any]) -> None:
    body["changes"][0]["key"] = 9_999


def unknown_table(body: dict[str, Any]) -> None:
    body["changes"].append({"op": "insert", "table": "secret", "key": 1, "before": None, "after": {"id": 1}})


def no_changes(body: dict[str, Any]) -> None:
    body["changes"] = None


def odd_change(body: dict[str, Any]) -> None:
    body["changes"][0]["after"] = "text"


def no_number(body: dict[str, Any]) -> None:
    body["changes"][0]["after"]["state"] = float("nan")


def lone_surrogate(body: dict[str, Any]) -> None:
    body["reason"] = "\ud800"


def recorded_earlier(body: dict[str, Any]) -> None:
    body["recorded_at"] = "2026-11-27T17:00:00Z"


def no_zone(body: dict[str, Any]) -> None:
    body["recorded_at"] = "2026-11-27T18:00:00"


@pytest.mark.parametrize(
    "rewrite",
    [
        *(other_title, other_before, inserted_again, never_there, unknown_table, no_changes, odd_change),
        *(no_number, lone_surrogate, recorded_earlier, no_zone),
    ],
)
def test_history_that_was_rewritten_and_chained_anew_is_found(
    rewrite: Rewrite, forged: tuple[StateFile, Forger]
) -> None:
    """The chain is right again, but the rows do not follow from it; a missing anchor is no reason to fall over."""
    state_file, forger = forged
    ((text,),) = forger("SELECT body FROM journal WHERE seq = 3")
    body = json.loads(text)
    rewrite(body)
    escaped = rewrite is lone_surrogate
    text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=escaped)
    forger("UPDATE journal SET body = ?, recorded_at = ? WHERE seq = 3", text, body["recorded_at"])
    rehash(forger, 3)

    findings = verify(state_file).findings
    assert findings
    assert all(finding.seq is None or finding.seq >= 3 for finding in findings)


def other_values(table: Table, column: str, value: Any) -> list[Any]:
    """Something else for a cell: of the same kind where there is one, and garbage."""
    if isinstance(table.definition.c[column].type, sa.Boolean):
        return [1 if value is None else 1 - value]  # everything but 0 reads as true
    if isinstance(value, int):
        return [1 - value if value in (0, 1) else value + 1, "text"]
    if isinstance(value, str):
        same_kind = "2031-01-01 00:00:00.000000" if value[:4] == "2026" else value + "x"
        return [same_kind, b"\xff\x00", 7]
    return [99, "text"]


@pytest.mark.parametrize("name", sorted(journalled_tables()))
def test_any_edited_cell_is_found(name: str, forged: tuple[StateFile, Forger]) -> None:
    state_file, forger = forged
    table = journalled_tables()[name]
    columns = ", ".join(f'"{column}"' for column in table.columns)  # one is called as a word of SQL is
    row = forger(f"SELECT {columns} FROM {name} ORDER BY id DESC LIMIT 1")[0]
    key = dict(zip(table.columns, row, strict=True))["id"]
    for column, value in zip(table.columns, row, strict=True):
        for other in other_values(table, column, value):
            if column == "id" and not isinstance(other, int):
                continue  # the key of a table holds nothing but numbers
            forger(f'UPDATE {name} SET "{column}" = ? WHERE id = ?', other, key)
            findings = verify(state_file).findings
            assert any(finding.message.startswith(f"{name}") for finding in findings), (column, other)
            assert all(finding.seq is None for finding in findings)
            forger(f'UPDATE {name} SET "{column}" = ? WHERE id = ?', value, other if column == "id" else key)
    assert verify(state_file).sound


class Repeating:
    """A connection to a file whose pages are so damaged that the same entries come again and again."""

    def execute(self, _query: str, _parameters: tuple[int, ...]) -> Repeating:
        return self

    def fetchall(self) -> list[tuple[Any, ...]]:
        return [(seq, f"{seq}", None, "A", "", None, "{}", "") for seq in (1, 2, 1, 2)]


@pytest.mark.parametrize("read", [journal.all_records, lambda connection: journal.newest_first(connection, 1)])
def test_entries_that_come_again_and_again_come_to_an_end(read: Callable[[Any], Iterator[Any]]) -> None:
    with pytest.raises(Unreadable, match="out of order"):
        list(read(Repeating()))


def test_text_that_is_no_text_any_more_is_found(forged: tuple[StateFile, Forger]) -> None:
    state_file, forger = forged
    forger("UPDATE task SET title = CAST(x'41ff42' AS TEXT) WHERE id = 1")

    assert any("task" in finding.message for finding in verify(state_file).findings)


def test_rows_that_came_or_went_are_found(forged: tuple[StateFile, Forger]) -> None:
    state_file, forger = forged
    forger("INSERT INTO person (id, handle, name, roles, notify) VALUES (77, 'eve', 'Eve', '[\"lead\"]', '[]')")
    forger("DELETE FROM note")

    assert verify(state_file).findings == (
        Finding(None, "person 77 is in the table but not in the journal"),
        Finding(None, "note 1 is in the journal but not in the table"),
    )


@pytest.mark.parametrize("data", [b"warroom: 2\n", "text", None])
def test_another_document_is_found(data: bytes | str | None, forged: tuple[StateFile, Forger]) -> None:
    state_file, forger = forged
    if data is None:
        forger("DELETE FROM content")
    else:
        forger("UPDATE content SET data = ?", data)

    findings = verify(state_file).findings
    assert findings
    assert all("document" in finding.message for finding in findings)
