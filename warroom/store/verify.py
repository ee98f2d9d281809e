"""Checking that history was not touched: the chain, the tables that it tells of, the documents, the file."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from warroom.store import journal
from warroom.store.codec import NOT_WRITTEN_HERE, journalled_tables
from warroom.store.fold import HistoryBroken, fold
from warroom.store.statefile import StateFile
from warroom.vocabulary.journal import Entry


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as the journal says. `seq` is the first bad entry, where an entry is bad."""

    seq: int | None
    message: str


@dataclass(frozen=True, slots=True)
class Verification:
    entries: int
    head: str
    findings: tuple[Finding, ...]

    @property
    def sound(self) -> bool:
        return not self.findings


def verify(state_file: StateFile) -> Verification:
    """Recompute the chain, rebuild every journalled table from the journal and compare it cell by cell, hash every
    document again, and let SQLite check the file.

    Within a chain everything after the first bad entry is worthless, so only that one is named. A journal whose tail
    was cut off whole, tables included, or that was rewritten from end to end, needs a hash kept outside to be found.
    """
    database = state_file.database
    with state_file.read() as reader, database.reading_any_text(reader.connection):
        records = list(journal.all_records(reader.connection))
        entries, broken = _read_chain(records, state_file.genesis)
        if broken is not None:
            findings = [broken]
        else:
            findings = [
                *_differing_rows(reader, map(state_file.schema.today, entries)),
                *_differing_documents(reader.connection),
                *(Finding(None, message) for message in database.damage(reader.connection)),
            ]
    head = records[-1].hash if records else journal.genesis_hash(state_file.genesis)
    return Verification(len(records), head, tuple(findings))


def verify_journal(state_file: StateFile) -> Verification:
    """The same without the tables, for a state file of an older schema."""
    database = state_file.database
    with state_file.read() as reader, database.reading_any_text(reader.connection):
        records = list(journal.all_records(reader.connection))
        _, broken = _read_chain(records, state_file.genesis)
        findings = [] if broken is None else [broken]
        findings += _differing_documents(reader.connection)
        findings += (Finding(None, message) for message in database.damage(reader.connection))
    head = records[-1].hash if records else journal.genesis_hash(state_file.genesis)
    return Verification(len(records), head, tuple(findings))


def _read_chain(records: list[journal.Record], genesis: str) -> tuple[list[Entry], Finding | None]:
    """The entries up to the first that is bad, and what is wrong with that one."""
    entries: list[Entry] = []
    previous_hash, previous_at = journal.genesis_hash(genesis), None
    for place, record in enumerate(records, start=1):
        fault = None
        try:
            entry = _read(record)
            columns, hash_of_body = journal.columns_of(entry), journal.hash_of(record.body)
            # Escapes are the one notation that two texts of the same meaning could differ in and still be harmful.
            canonical = "\\u" not in record.body or journal.write_body(entry) == record.body
        except NOT_WRITTEN_HERE:
            return entries, Finding(place, "the entry cannot be read")
        if hash_of_body != record.hash:
            fault = "its text does not give its hash"
        elif entry.previous_hash != previous_hash:
            fault = "it does not follow the entry before it"
        elif entry.seq != place or record.seq != place:
            fault = f"it is number {record.seq} where {place} belongs"
        elif columns != (record.id, record.run_id, record.subject, record.recorded_at, record.run_time):
            fault = "its columns differ from its text"
        elif not canonical:
            fault = "its text is not in the notation of the journal"
        elif previous_at is not None and entry.recorded_at < previous_at:
            fault = "it was recorded before the entry before it"
        if fault is not None:
            return entries, Finding(place, fault)
        entries.append(entry)
        previous_hash, previous_at = record.hash, entry.recorded_at
    return entries, None


def _read(record: journal.Record) -> Entry:
    """The entry, when the changes that it carries can be followed.

    Raises:
        one of NOT_WRITTEN_HERE: they cannot.
    """
    entry = journal.read_entry(record)
    change: Any
    for change in entry.changes:
        rows = all(fields is None or isinstance(fields, dict) for fields in (change.before, change.after))
        if not (rows and isinstance(change.table, str) and isinstance(change.key, int)):
            raise ValueError(f"entry {record.seq} carries something that is no change")
    return entry


def _differing_rows(reader: Any, entries: Iterable[Entry]) -> Iterator[Finding]:
    try:
        told = fold(entries)
    except HistoryBroken as error:
        yield Finding(error.seq, str(error))
        return
    for name in sorted(told.keys() - journalled_tables().keys()):
        yield Finding(None, f"{name} is in the journal but is no table")
    for name, table in journalled_tables().items():
        expected = told.get(name, {})
        try:
            found = {row.id: table.plain(row.__dict__) for row in reader.find(table.row_class)}
        except NOT_WRITTEN_HERE as error:
            yield Finding(None, f"{name}: {error}")
            continue
        for key in sorted(expected.keys() | found.keys()):
            if key not in found:
                yield Finding(None, f"{name} {key} is in the journal but not in the table")
            elif key not in expected:
                yield Finding(None, f"{name} {key} is in the table but not in the journal")
            else:
                for column in table.columns:
                    if expected[key].get(column) != found[key][column]:
                        yield Finding(
                            None,
                            f"{name} {key}: {column} is {found[key][column]!r}, the journal says "
                            f"{expected[key].get(column)!r}",
                        )


def _differing_documents(connection: Any) -> Iterator[Finding]:
    for sha256, data in connection.execute("SELECT sha256, data FROM content"):
        if not isinstance(data, bytes) or hashlib.sha256(data).hexdigest() != sha256:
            yield Finding(None, f"the document {str(sha256)[:16]}… does not give its hash")
    missing = "SELECT id, sha256 FROM document WHERE kept AND sha256 NOT IN (SELECT sha256 FROM content)"
    for key, sha256 in connection.execute(missing):
        yield Finding(None, f"the document {key}, {str(sha256)[:16]}…, is kept nowhere")
