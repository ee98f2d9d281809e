"""Backups: a whole, verified copy of the state file as it stood after one entry, made while others go on writing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from warroom.store import copies, files, journal, views
from warroom.store.copies import BackupName
from warroom.store.statefile import StateFile
from warroom.store.verify import Finding, verify
from warroom.vocabulary.errors import BadInput, StateFileError


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was made and verified: where it is, its last entry with its hash, when (UTC), how large."""

    path: Path
    programme: str
    seq: int
    head: str
    at: datetime
    size_bytes: int


def back_up(state_file: StateFile, target: Path, *, label: str | None = None) -> Backup:
    """Copy the state file to `target`, a file that is not there yet, or a folder in which the copy is given a name.

    The copy is one file, readable by its owner alone, and has the views of `warroom.store.views`. Before it gets its
    name it is verified as `warroom journal verify` does, and its last entry is compared with the state file's own.

    Args:
        label: of a backup that warroom makes by itself, see `BackupName`.

    Raises:
        BadInput: there is a file of that name, no such folder, or the state file is none but lies in PostgreSQL.
        StateFileError: it cannot be read or written, or is not sound; there is no backup then.
        Busy: it is locked for too long.
    """
    source = copies.file_of(state_file.database)
    state_file.database.insist_on_same()
    in_folder = target.is_dir()
    folder = target if in_folder else target.parent
    if not folder.is_dir():
        raise BadInput("there is no such folder", where=str(folder), hint="create it first")
    if not in_folder and (taken := files.in_the_way(target)) is not None:
        raise BadInput(
            "there is a file already", where=str(taken), hint="name a folder: each backup then has a name of its own"
        )
    at = state_file.clock.now()
    with copies.copied(source, folder) as building:
        views.add(building)
        with StateFile.copied(building, schema=state_file.schema) as copy:
            insist_on_sound(copy)
            with copy.read() as reader:
                programme = copies.programme_key(reader.connection)
                head = journal.head(reader.connection, copy.genesis)
        if not has_entry(state_file, head):
            raise StateFileError(
                f"the copy ends with entry {head.seq}, which the state file does not have",
                where=state_file.where,
                hint="it was replaced meanwhile; try again",
            )
        path = target / BackupName(programme, at, head.seq, head.hash, label).text if in_folder else target
        size = building.stat().st_size
        files.publish(building, path, replace=in_folder)
    return Backup(path, programme, head.seq, head.hash, at, size)


def insist_on_sound(copy: StateFile) -> None:
    """What is wrong in a copy is wrong where it came from too.

    Raises:
        StateFileError: it is not sound; the first thing that is wrong is told.
    """
    findings = verify(copy).findings
    if findings:
        raise not_sound(findings[0], copy.where)


def not_sound(finding: Finding, where: str) -> StateFileError:
    """The error that tells of a finding."""
    place = "" if finding.seq is None else f"entry {finding.seq}: "
    return StateFileError(
        f"the copy is not sound: {place}{finding.message}",
        where=where,
        hint="check what it was made from: warroom journal verify, and warroom doctor",
    )


def has_entry(state_file: StateFile, head: journal.Head) -> bool:
    """Whether the state file's journal has that entry in that place; the genesis counts as entry 0."""
    with state_file.read() as reader:
        found = journal.hash_at(reader.connection, head.seq, state_file.genesis)
    return found == head.hash
