"""Backups that warroom makes by itself: at the start of a run, at each gate decision, once an hour; and which it keeps.

They lie in one folder, by default beside the state file. Any number of processes may make them: a lock on the folder
lets one do so at a time. A backup that fails never undoes what was done; whoever asked for it tells of it.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from warroom.store import copies, files
from warroom.store.backup import Backup, back_up
from warroom.store.copies import BackupName, read_name
from warroom.store.statefile import StateFile
from warroom.vocabulary.errors import BadInput, WarroomError
from warroom.vocabulary.journal import Entry

SETTING = "WARROOM_BACKUPS"
OFF = "off"
HOURLY = "hourly"
EVERY = timedelta(hours=1)

KEPT_RECENT = 6
KEPT_HOURS = 48

_LOCK = ".lock"
_ABANDONED = timedelta(hours=1)


def folder_for(path: Path, environment: Mapping[str, str]) -> Path | None:
    """Where automatic backups of the state file `path` go: the folder in $WARROOM_BACKUPS, else NAME.backups beside it;
    None where that says "off".

    Raises:
        BadInput: it names something that is no folder.
    """
    setting = environment.get(SETTING)
    if not setting:
        return copies.folder_beside(path)
    if setting == OFF:
        return None
    folder = Path(setting)
    if not folder.is_dir():
        raise BadInput(f"${SETTING} names no folder", where=setting, hint=f"create it, or say {SETTING}={OFF}")
    return folder


def after(state_file: StateFile, entry: Entry) -> Backup | None:
    """The backup that is due after `entry`, which is in the journal: of a run's start, or of a gate's decision.

    Raises:
        WarroomError: it could not be made.
    """
    folder, label = state_file.backup_folder, _label_after(entry)
    if folder is None or label is None:
        return None
    with _one_at_a_time(folder, wait=True):
        return _make(state_file, folder, label)


def is_due_after(state_file: StateFile, entry: Entry) -> bool:
    """Whether `after` would make a backup."""
    return state_file.backup_folder is not None and _label_after(entry) is not None


def hourly(state_file: StateFile) -> Backup | None:
    """A backup, if something was written since the last one of any kind and that is an hour old.

    Raises:
        WarroomError: it could not be made.
    """
    folder = state_file.backup_folder
    if folder is None or not _is_due(state_file, folder):
        return None
    with _one_at_a_time(folder, wait=False) as alone:
        # Another process may have made it between the first look and the lock.
        return _make(state_file, folder, HOURLY) if alone and _is_due(state_file, folder) else None


def surplus(names: Iterable[BackupName], now: datetime) -> set[BackupName]:
    """Those automatic backups of one programme that need not be kept at `now` (UTC).

    Kept are the latest six; of each of the last 48 hours the latest; and for ever the latest of each run's start, of
    each gate of each run, and of each migration. What was not made automatically is never surplus.
    """
    newest_first = sorted((name for name in names if name.label is not None), key=lambda name: name.at, reverse=True)
    kept = set(newest_first[:KEPT_RECENT])
    hours: set[datetime] = set()
    labels: set[str | None] = set()
    for name in newest_first:
        hour = name.at.replace(minute=0, second=0, microsecond=0)
        if now - name.at < timedelta(hours=KEPT_HOURS) and hour not in hours:
            hours.add(hour)
            kept.add(name)
        if name.label != HOURLY and name.label not in labels:
            labels.add(name.label)
            kept.add(name)
    return set(newest_first) - kept


def backups_in(folder: Path, programme: str) -> dict[BackupName, Path]:
    """The backups of a programme in a folder, by what their names say; empty if there is no such folder."""
    try:
        paths = list(folder.iterdir())
    except OSError:
        return {}
    named = ((read_name(path.name), path) for path in paths)
    return {name: path for name, path in named if name is not None and name.programme == copies.plain(programme)}


def _label_after(entry: Entry) -> str | None:
    match entry.action:
        case "run.start":
            return f"start-{entry.run}"
        case "gate.decide":
            return f"gate-{entry.run}-{entry.subject}"
        case _:
            return None


def _is_due(state_file: StateFile, folder: Path) -> bool:
    with state_file.read() as reader:
        programme = copies.programme_key(reader.connection)
    latest = max(backups_in(folder, programme), key=lambda name: (name.at, name.seq), default=None)
    if latest is None:
        return True
    # A clock that was set back must not put the next backup off.
    return not timedelta() <= state_file.clock.now() - latest.at < EVERY and state_file.head().seq != latest.seq


def _make(state_file: StateFile, folder: Path, label: str) -> Backup:
    try:
        made = back_up(state_file, files.make_folder(folder), label=label)
        _rotate(folder, made.programme, state_file.clock.now())
    except OSError as error:
        raise files.unwritable(folder, error) from error
    return made


def _rotate(folder: Path, programme: str, now: datetime) -> None:
    found = backups_in(folder, programme)
    for name in surplus(found, now):
        found[name].unlink(missing_ok=True)
    for leftover in folder.glob(".*.new*"):  # of a process that was killed while it made one
        with contextlib.suppress(OSError):
            if now - datetime.fromtimestamp(leftover.stat().st_mtime, UTC) > _ABANDONED:
                leftover.unlink()


@contextmanager
def _one_at_a_time(folder: Path, *, wait: bool) -> Iterator[bool]:
    """Hold the folder's lock; gives whether it is held, which it always is after waiting."""
    files.make_folder(folder)
    try:
        lock = os.open(folder / _LOCK, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, files.PRIVATE)
    except OSError as error:
        raise files.unwritable(folder, error) from error
    try:
        held = True
        try:
            fcntl.flock(lock, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            held = wait  # a folder that knows no locks keeps nobody from making a backup
        yield held
    finally:
        os.close(lock)


def told(error: WarroomError) -> str:
    """How a backup that could not be made is told of, in one line."""
    where = f" ({error.where})" if error.where else ""
    return f"what was done stands, but no backup was made: {error.message}{where}"
