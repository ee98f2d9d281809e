"""Copies of a state file as files: how one comes into being whole or not at all, how it is called, where it lies."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from warroom.store import sqlite
from warroom.vocabulary.errors import BadInput, StateFileError

PRIVATE = 0o600
PRIVATE_FOLDER = 0o700

_ENDS = ("-wal", "-shm", "-journal")
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


def make_folder(folder: Path) -> Path:
    """`folder`, which is there from now on and its owner's alone if it was not.

    Raises:
        StateFileError: it cannot be made.
    """
    try:
        folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
    except OSError as error:
        raise _unwritable(folder, error) from error
    return folder


def begin(path: Path) -> Path:
    """A new empty file, its owner's alone, under a hidden name beside `path`, to be published as that.

    Raises:
        StateFileError: the folder cannot be written.
    """
    building = path.with_name(f".{path.name}.{uuid4().hex}.new")
    try:
        os.close(os.open(building, os.O_CREAT | os.O_EXCL | os.O_WRONLY, PRIVATE))
    except OSError as error:
        raise _unwritable(path.parent, error) from error
    return building


def publish(building: Path, path: Path, *, replace: bool = False) -> None:
    """Give the finished file, which is safe on the disk, its name.

    Args:
        replace: take the name also from a file that has it already; both are never there in part.

    Raises:
        BadInput: somebody took the name meanwhile.
        StateFileError: the folder refuses.
    """
    try:
        if replace:
            os.replace(building, path)
        else:
            _take_name(building, path)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)  # else a power cut may forget the name
        finally:
            os.close(folder)
    except OSError as error:
        raise _unwritable(path.parent, error) from error


def _take_name(building: Path, path: Path) -> None:
    try:
        os.link(building, path)
    except FileExistsError:
        raise BadInput("somebody created that file meanwhile", where=str(path), hint="choose another name") from None
    except OSError:  # a file system without hard links
        os.rename(building, path)


def in_the_way(path: Path) -> Path | None:
    """What keeps a new file from being called `path`: one that is, or one that SQLite would take for a part of it."""
    return next((part for part in (path, *beside(path)) if os.path.lexists(part)), None)


def discard(building: Path) -> None:
    """Remove what `begin` began, with whatever SQLite left beside it; nothing if it is gone."""
    for leftover in (building, *beside(building)):
        leftover.unlink(missing_ok=True)


def beside(path: Path) -> tuple[Path, ...]:
    """Where SQLite keeps what belongs to the file `path` and is not in it yet."""
    return tuple(path.with_name(path.name + end) for end in _ENDS)


@contextmanager
def copied(source: Path, folder: Path) -> Iterator[Path]:
    """A copy of the state file `source`, which may be in use, as of one instant: under a hidden name in `folder`, where
    it is nobody else's, and gone afterwards unless it was published.

    Raises:
        StateFileError, Busy: the source cannot be read, or the folder not be written.
    """
    building = begin(folder / source.name)
    try:
        sqlite.copy(source, building)
        yield building
    finally:
        discard(building)


def _unwritable(folder: Path, error: OSError) -> StateFileError:
    return StateFileError(
        f"nothing can be written there: {error.strerror}",
        where=str(folder),
        hint="choose a folder that you may write, with room left",
    )
