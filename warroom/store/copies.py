"""Copies of a state file as files: how one is made, how it is called, where it lies."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from warroom.store import files, sqlite
from warroom.store.database import Database
from warroom.vocabulary.errors import BadInput

_NAME = re.compile(r"(?P<key>.+)-(?P<at>\d{8}T\d{6}Z)-(?P<seq>\d+)-(?P<head>[0-9a-f]{12})(?:\.(?P<label>[^/]+))?\.db")
_UNSAFE = re.compile(r"[^A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True)
class BackupName:
    """What a backup is called: programme, wall time (UTC), last entry, the beginning of that entry's hash, and a label
    where warroom made it by itself: "hourly", "start-RUN", "gate-RUN-REF", "schema-N"."""

    programme: str
    at: datetime
    seq: int
    head: str
    label: str | None = None

    @property
    def text(self) -> str:
        label = "" if self.label is None else f".{plain(self.label)}"
        at = self.at.astimezone(UTC)
        return f"{plain(self.programme)}-{at:%Y%m%dT%H%M%SZ}-{self.seq}-{self.head[:12]}{label}.db"


def read_name(name: str) -> BackupName | None:
    """The inverse of `BackupName.text`, the head shortened; None for a file that is called otherwise."""
    match = _NAME.fullmatch(name)
    if match is None:
        return None
    try:
        at = datetime.strptime(match["at"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return None
    return BackupName(match["key"], at, int(match["seq"]), match["head"], match["label"])


def plain(text: str) -> str:
    """`text` as a part of a file name on any system."""
    return _UNSAFE.sub("_", text)[:60] or "_"


def programme_key(connection: Any) -> str:
    """The key of the programme, by which its backups are called."""
    row = connection.execute("SELECT key FROM programme").fetchone()
    return "programme" if row is None else str(row[0])


def folder_beside(path: Path) -> Path:
    """Where the automatic backups of the state file `path` are kept: NAME.backups, next to it."""
    return path.with_name(f"{path.name}.backups")


@contextmanager
def copied(source: Path, folder: Path) -> Iterator[Path]:
    """A copy of the state file `source`, which may be in use, as of one instant: under a hidden name in `folder`, where
    it is nobody else's, and gone afterwards unless it was published.

    Raises:
        StateFileError, Busy: the source cannot be read, or the folder not be written.
    """
    building = files.begin(folder / source.name)
    try:
        sqlite.copy(source, building)
        yield building
    finally:
        files.discard(building)


def file_of(database: Database) -> Path:
    """The file that a state file is.

    Raises:
        BadInput: it is none, but lies in PostgreSQL.
    """
    if isinstance(database, sqlite.SQLite):
        return database.path
    raise BadInput(
        "a state file in PostgreSQL is no file that could be copied",
        where=database.where,
        hint="back it up with the tools of PostgreSQL, such as pg_dump",
    )
