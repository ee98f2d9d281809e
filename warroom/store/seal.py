"""Seals: the head of the journal, written down to be kept elsewhere, so that a rewritten whole is found too.

A chain of hashes tells an edit in the middle, but not that its end was cut off, or that all of it was made anew. Both
come out when the entry that a seal names is not there. A seal may be signed (`warroom.store.signing`).
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from warroom.clock.times import iso_utc, parse_iso_utc
from warroom.store import copies, journal
from warroom.store.statefile import StateFile
from warroom.store.verify import Finding
from warroom.vocabulary.errors import BadInput

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Seal:
    """What is sealed, as text.

    Attributes:
        programme: its key. genesis: the hash that its first entry names.
        seq, head: the last entry with its hash; recorded_at: when it was recorded, None before the first.
        sealed_at: wall clock, UTC.
        public_key, signature: of the one who signed it, in OpenSSH's notation and in base64; None if nobody did.
    """

    programme: str
    genesis: str
    seq: int
    head: str
    recorded_at: str | None
    sealed_at: str
    public_key: str | None = None
    signature: str | None = None


def seal(state_file: StateFile, now: datetime) -> Seal:
    """A seal of the journal as it stands at `now` (wall clock, UTC), unsigned."""
    with state_file.read() as reader:
        programme = copies.programme_key(reader.connection)
        head = journal.head(reader.connection, state_file.genesis)
    recorded_at = None if head.recorded_at is None else iso_utc(head.recorded_at)
    genesis = journal.genesis_hash(state_file.genesis)
    return Seal(programme, genesis, head.seq, head.hash, recorded_at, iso_utc(now))


def seal_document(sealed: Seal) -> dict[str, Any]:
    """The seal as a JSON document; `read_seal` reads it back."""
    return {"warroom_seal": FORMAT, **asdict(sealed)}


def signed_bytes(sealed: Seal) -> bytes:
    """What a signature is over: the document without it, in canonical JSON."""
    document = seal_document(replace(sealed, signature=None))
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def read_seal(text: str, where: str) -> Seal:
    """The seal in a JSON document.

    Raises:
        BadInput: it is none.
    """
    try:
        document = json.loads(text)
        if document.pop("warroom_seal") != FORMAT:
            raise ValueError("another format")
        read = Seal(**document)
        texts = (read.programme, read.genesis, read.head, read.sealed_at)
        optional = (read.recorded_at, read.public_key, read.signature)
        if not all(isinstance(each, str) for each in texts) or not isinstance(read.seq, int):
            raise ValueError("a field of another kind")
        if not all(each is None or isinstance(each, str) for each in optional):
            raise ValueError("a field of another kind")
        parse_iso_utc(read.sealed_at)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise BadInput(
            "this is no seal", where=where, hint="name a file that was written by: warroom journal seal --json"
        ) from None
    return read


def missing_from(state_file: StateFile, sealed: Seal) -> Finding | None:
    """What the journal has instead of the sealed entry; None if it is there, in its place and with its hash."""
    if sealed.genesis != journal.genesis_hash(state_file.genesis):
        return Finding(1, f"the seal of {sealed.sealed_at} is of another journal: this one has another beginning")
    with state_file.read() as reader:
        found = journal.hash_at(reader.connection, sealed.seq, state_file.genesis)
        head = journal.head(reader.connection, state_file.genesis)
    if found is None:
        return Finding(
            sealed.seq, f"it was sealed at {sealed.sealed_at} and is not there: the journal ends with {head.seq}"
        )
    if found != sealed.head:
        return Finding(sealed.seq, f"it is not the entry that was sealed at {sealed.sealed_at}: history was rewritten")
    return None
