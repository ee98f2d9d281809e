"""Restoring: a backup, or a standby's copy, becomes the state file; what stood there before is moved aside whole."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from warroom.store import copies, files, journal, mounts, sqlite, views
from warroom.store.backup import not_sound
from warroom.store.migration import CURRENT
from warroom.store.statefile import StateFile
from warroom.store.verify import verify, verify_journal
from warroom.vocabulary.errors import BadInput, Busy, StateFileError, WarroomError
from warroom.vocabulary.journal import Entry


@dataclass(frozen=True, slots=True)
class Lost:
    """What the old state file had and the restored one has not.

    Attributes:
        entries: those that followed the backup's last one, oldest first.
        unknown: why that cannot be said, in words; None where it can.
    """

    entries: tuple[Entry, ...] = ()
    unknown: str | None = None


@dataclass(frozen=True, slots=True)
class Restored:
    """A state file that was restored: its last entry with its hash, where the old one is now, what was lost."""

    path: Path
    seq: int
    head: str
    moved_to: Path | None
    lost: Lost


def restore(backup: Path, path: Path, now: datetime) -> Restored:
    """Make `path` a state file with what is in `backup`, which is only read.

    The backup is verified first, as a copy beside `path`. Then a file that stands there is closed to everybody, moved
    aside, and replaced.

    Args:
        now: wall clock, UTC, for the name of the file that is moved aside.

    Raises:
        StateFileError: the backup is missing, no state file, or not sound; nothing was changed.
        BadInput: the backup is the state file itself.
        Busy: somebody still has the old state file open; nothing was changed.
    """
    if not backup.exists():
        raise StateFileError(
            "there is no such backup", where=str(backup), hint="name the file that was made by: warroom backup"
        )
    if sqlite.identity(backup) == sqlite.identity(path):
        raise BadInput("that is the state file itself", where=str(backup), hint="name a backup of it")
    if not path.parent.is_dir():
        raise BadInput("there is no such folder", where=str(path.parent), hint="create it first")
    mounts.insist_on_locks(path)
    with copies.copied(backup, path.parent) as building:
        views.remove(building)
        head = _verified(building)
        sqlite.to_write_ahead(building)
        aside = _free_name(path, now)
        if not os.path.lexists(path):
            _move_parts_aside(path, aside)
            files.publish(building, path)
            return Restored(path, head.seq, head.hash, None, Lost())
        lost = _lost(path, building, head)
        with _closed_to_others(path):
            _move_aside(path, aside)
            files.publish(building, path, replace=True)
    return Restored(path, head.seq, head.hash, aside, lost)


def _verified(building: Path) -> journal.Head:
    """The last entry of a copy that is sound. Of an older schema the journal is verified, from which its tables are
    made anew when it is opened.

    Raises:
        StateFileError: it is not sound.
    """
    with StateFile.copied(building) as copy:
        findings = (verify if copy.schema.version == CURRENT.version else verify_journal)(copy).findings
        if findings:
            raise not_sound(findings[0], str(building))
        return copy.head()


def _lost(path: Path, building: Path, head: journal.Head) -> Lost:
    """What the file at `path` has after `head`, if it can be read."""
    with StateFile.copied(building) as copy:
        genesis = copy.genesis
    try:
        with sqlite.speaking(path), closing(sqlite.connect(path)) as connection:
            if sqlite.application_id(connection) != sqlite.APPLICATION_ID:
                return Lost(unknown="the old file was no state file")
            if connection.execute("SELECT genesis FROM state_file").fetchone() != (genesis,):
                return Lost(unknown="the old file was that of another programme, or begun anew")
            if journal.hash_at(connection, head.seq, genesis) != head.hash:
                return Lost(unknown=f"the old file has another history: its entry {head.seq} is not the backup's")
            return Lost(tuple(map(journal.read_entry, journal.all_records(connection, head.seq))))
    except (WarroomError, ValueError, KeyError, TypeError) as error:
        return Lost(unknown=f"the old file cannot be read: {error}")


@contextmanager
def _closed_to_others(path: Path) -> Iterator[None]:
    """Nobody else has the file at `path` open, or opens it meanwhile; what was in its -wal file is in it.

    A damaged one is nobody's to wait for.

    Raises:
        Busy: somebody has it open.
    """
    try:
        with sqlite.speaking(path):
            connection = sqlite.connect(path)
    except StateFileError:
        yield
        return
    with closing(connection):
        # A damaged file cannot be closed; its parts are moved as they are.
        with contextlib.suppress(StateFileError):
            try:
                with sqlite.speaking(path):
                    sqlite.close_to_others(connection)
            except Busy:
                raise Busy(
                    "somebody still has the state file open",
                    where=str(path),
                    hint="nothing was changed; leave every console and stop every warroom that uses it, then try again",
                ) from None
        yield


def _free_name(path: Path, now: datetime) -> Path:
    """What the old file is called from now on."""
    stem = f"{path.name}.before-restore-{now:%Y%m%dT%H%M%SZ}"
    names = (path.with_name(stem + (f"-{number}" if number else "")) for number in range(1000))
    return next(name for name in names if files.in_the_way(name) is None)


def _move_aside(path: Path, aside: Path) -> None:
    """Give the old file its other name too; it loses the first to the restored one, so that there is always one."""
    _move_parts_aside(path, aside)
    try:
        os.link(path, aside)
    except OSError:  # a file system without hard links
        os.rename(path, aside)


def _move_parts_aside(path: Path, aside: Path) -> None:
    """SQLite would take what lies beside the old file for a part of the restored one."""
    for part, target in zip(files.beside(path), files.beside(aside), strict=True):
        if os.path.lexists(part):
            os.rename(part, target)
