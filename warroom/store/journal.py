"""The journal: how an entry is written, chained and read.

The body of an entry is canonical JSON (sorted keys, no white space, UTF-8, no floats) that carries every field, the
hash of the entry before it included; its own hash is the SHA-256 of those bytes. So a change of any byte of history
breaks the chain from there on.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from warroom.store.codec import NOT_WRITTEN_HERE, Unreadable, instant_text, read_instant, word_reader
from warroom.vocabulary.journal import Change, Entry, Operation
from warroom.vocabulary.words import Assurance, Medium, Via

_NAMES = ("seq", "id", "run_id", "subject", "recorded_at", "run_time", "body", "hash")
_COLUMNS = ", ".join(_NAMES)
_APPEND = f"INSERT INTO journal ({_COLUMNS}) VALUES ({', '.join('?' * len(_NAMES))})"
_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
_ASSURANCE, _VIA, _MEDIUM, _OPERATION = map(word_reader, (Assurance, Via, Medium, Operation))
PAGE = 500  # entries read in one statement, so that a long read never holds back a checkpoint


@dataclass(frozen=True, slots=True)
class Head:
    """The last entry of the journal, or the genesis of an empty one."""

    seq: int
    hash: str
    recorded_at: datetime | None


@dataclass(frozen=True, slots=True)
class Record:
    """An entry as it is stored."""

    seq: int
    id: str
    run_id: int | None
    subject: str
    recorded_at: str
    run_time: str | None
    body: str
    hash: str


def genesis_hash(genesis: str) -> str:
    """What the first entry names as the hash before it."""
    return hashlib.sha256(genesis.encode()).hexdigest()


def hash_of(body: str) -> str:
    """SHA-256 of the stored bytes of a body, in hexadecimal digits."""
    return hashlib.sha256(body.encode()).hexdigest()


def write_body(entry: Entry) -> str:
    """The canonical JSON of an entry, whose `hash` is not part of it."""
    return _CANONICAL.encode(
        {
            "action": entry.action,
            "actor": entry.actor,
            "assurance": entry.assurance.value,
            "by": None if entry.by is None else entry.by.value,
            "changes": [
                {
                    "after": change.after,
                    "before": change.before,
                    "key": change.key,
                    "op": change.operation.value,
                    "table": change.table,
                }
                for change in entry.changes
            ],
            "effective_at": instant_text(entry.effective_at),
            "for": entry.done_by,
            "id": entry.id,
            "clock": None if entry.clock is None else instant_text(entry.clock),
            "in_place_of": entry.in_place_of,
            "previous_hash": entry.previous_hash,
            "reason": entry.reason,
            "recorded_at": instant_text(entry.recorded_at),
            "run": entry.run,
            "run_time": None if entry.run_time is None else instant_text(entry.run_time),
            "schema": entry.schema,
            "seq": entry.seq,
            "subject": entry.subject,
            "via": entry.via.value,
        }
    )


def read_entry(record: Record) -> Entry:
    """The inverse of `write_body`.

    Raises:
        Unreadable: the body is not that of an entry.
    """
    try:
        body: dict[str, Any] = json.loads(record.body)
        return Entry(
            seq=body["seq"],
            id=body["id"],
            run=body["run"],
            recorded_at=read_instant(body["recorded_at"]),
            run_time=None if body["run_time"] is None else read_instant(body["run_time"]),
            effective_at=read_instant(body["effective_at"]),
            actor=body["actor"],
            done_by=body["for"],
            assurance=_ASSURANCE(body["assurance"]),
            via=_VIA(body["via"]),
            action=body["action"],
            subject=body["subject"],
            reason=body["reason"],
            changes=tuple(
                Change(_OPERATION(change["op"]), change["table"], change["key"], change["before"], change["after"])
                for change in body["changes"]
            ),
            schema=body["schema"],
            previous_hash=body["previous_hash"],
            hash=record.hash,
            by=None if body["by"] is None else _MEDIUM(body["by"]),
            in_place_of=body["in_place_of"],
            clock=None if body["clock"] is None else read_instant(body["clock"]),
        )
    except NOT_WRITTEN_HERE as error:
        raise Unreadable(f"entry {record.seq} of the journal cannot be read") from error


def records_after(connection: Any, seq: int, limit: int = PAGE) -> list[Record]:
    """Up to `limit` stored entries that follow `seq`, in order.

    Raises:
        Unreadable: they are not: in a damaged file the same ones can come again, without end.
    """
    query = f"SELECT {_COLUMNS} FROM journal WHERE seq > ? ORDER BY seq LIMIT ?"
    return _in_order(seq, [Record(*row) for row in connection.execute(query, (seq, limit)).fetchall()])


def _in_order(before: int, page: list[Record], *, backwards: bool = False) -> list[Record]:
    sign = -1 if backwards else 1
    if any(sign * one >= sign * other for one, other in pairwise([before, *(record.seq for record in page)])):
        raise Unreadable("the entries of the journal are out of order")
    return page


def all_records(connection: Any, after: int = 0) -> Iterator[Record]:
    """All stored entries that follow `after`, read page by page."""
    while page := records_after(connection, after):
        yield from page
        after = page[-1].seq


def record_of(connection: Any, entry_id: str) -> Record | None:
    """The stored entry with that id, or None."""
    row = connection.execute(f"SELECT {_COLUMNS} FROM journal WHERE id = ?", (entry_id,)).fetchone()
    return None if row is None else Record(*row)


def last_of_subject(connection: Any, run: int | None, subject: str) -> Record | None:
    """The last stored entry about `subject` in that run, or None."""
    of_run, key = _of_run(run)
    query = f"SELECT {_COLUMNS} FROM journal WHERE {of_run} AND subject = ? ORDER BY seq DESC LIMIT 1"
    row = connection.execute(query, (*key, subject)).fetchone()
    return None if row is None else Record(*row)


def of_subject(connection: Any, run: int | None, subject: str, after: int) -> list[Record]:
    """The stored entries about `subject` in that run that follow `after`, in order."""
    of_run, key = _of_run(run)
    query = f"SELECT {_COLUMNS} FROM journal WHERE {of_run} AND subject = ? AND seq > ? ORDER BY seq"
    return [Record(*row) for row in connection.execute(query, (*key, subject, after)).fetchall()]


def newest_first(connection: Any, run: int) -> Iterator[Record]:
    """The stored entries of a run from the last one back, read page by page."""
    # The plus keeps SQLite from the index by run and subject, by which it would sort the whole run for each page.
    query = f"SELECT {_COLUMNS} FROM journal WHERE +run_id = ? AND seq < ? ORDER BY seq DESC LIMIT ?"
    before = 2**62
    while page := [Record(*row) for row in connection.execute(query, (run, before, PAGE)).fetchall()]:
        yield from _in_order(before, page, backwards=True)
        before = page[-1].seq


def last_by_subject(connection: Any, run: int | None) -> dict[str, int]:
    """For each subject of a run the seq of its last entry."""
    of_run, key = _of_run(run)
    query = f"SELECT subject, MAX(seq) FROM journal WHERE {of_run} GROUP BY subject"
    return dict(connection.execute(query, key).fetchall())


def _of_run(run: int | None) -> tuple[str, tuple[int, ...]]:
    """A condition on the run for which every engine uses its index, and its parameters."""
    return ("run_id IS NULL", ()) if run is None else ("run_id = ?", (run,))


def birth(connection: Any) -> tuple[int, str]:
    """The schema version of the file, and the random text that its journal begins with.

    Raises:
        Unreadable: the file tells neither.
    """
    row = connection.execute("SELECT schema_version, genesis FROM state_file").fetchone()
    if row is None or not (isinstance(row[0], int) and isinstance(row[1], str)):
        raise Unreadable("what it says of itself cannot be read")
    return row[0], row[1]


def head(connection: Any, genesis: str) -> Head:
    """The last entry, or what stands before the first."""
    row = connection.execute("SELECT seq, hash, recorded_at FROM journal ORDER BY seq DESC LIMIT 1").fetchone()
    if row is None:
        return Head(0, genesis_hash(genesis), None)
    return _head(*row)


def hash_at(connection: Any, seq: int, genesis: str) -> str | None:
    """The hash of the entry `seq`, for 0 that of the genesis; None if there is no such entry."""
    if seq == 0:
        return genesis_hash(genesis)
    row = connection.execute("SELECT hash FROM journal WHERE seq = ?", (seq,)).fetchone()
    return None if row is None else str(row[0])


def standing(connection: Any, genesis: str) -> tuple[int, Head]:
    """The schema version of the file, and the last entry or what stands before the first, in one look."""
    version, seq, hash_of_last, recorded_at = connection.execute(
        "SELECT state_file.schema_version, journal.seq, journal.hash, journal.recorded_at FROM state_file"
        " LEFT JOIN journal ON journal.seq = (SELECT MAX(seq) FROM journal)"
    ).fetchone()
    if seq is None:
        return version, Head(0, genesis_hash(genesis), None)
    return version, _head(seq, hash_of_last, recorded_at)


def _head(seq: int, hash_of_last: str, recorded_at: str) -> Head:
    try:
        return Head(seq, hash_of_last, read_instant(recorded_at))
    except NOT_WRITTEN_HERE as error:
        raise Unreadable(f"entry {seq} of the journal cannot be read") from error


def record_with(entry: Entry) -> Record:
    """How `entry`, whose own hash is not known yet, is stored."""
    body = write_body(entry)
    return Record(entry.seq, *columns_of(entry), body, hash_of(body))


def columns_of(entry: Entry) -> tuple[str, int | None, str, str, str | None]:
    """What the columns between `seq` and `body` repeat of an entry."""
    run_time = None if entry.run_time is None else instant_text(entry.run_time)
    return entry.id, entry.run, entry.subject, instant_text(entry.recorded_at), run_time


def append(connection: Any, record: Record) -> None:
    """Write a record, in the transaction that is under way."""
    connection.execute(_APPEND, tuple(getattr(record, name) for name in _NAMES))
