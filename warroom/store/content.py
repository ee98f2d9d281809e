"""Documents that are kept in the state file, by their content."""

from __future__ import annotations

import hashlib

from warroom.store.statefile import StateFile
from warroom.vocabulary.errors import StateFileError


def content_of(state_file: StateFile, sha256: str) -> bytes:
    """The bytes with that SHA-256 (hex), exactly as they were kept.

    Raises:
        StateFileError: they are not there, or not the same any more.
    """
    with state_file.read() as reader:
        row = reader.connection.execute("SELECT data FROM content WHERE sha256 = ?", (sha256,)).fetchone()
    if row is None or not isinstance(row[0], bytes) or hashlib.sha256(row[0]).hexdigest() != sha256:
        raise StateFileError(
            f"the document {sha256[:16]}… is missing or was changed",
            where=state_file.where,
            hint="see: warroom journal verify; a backup may still have it",
        )
    return row[0]
