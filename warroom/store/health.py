"""Whether a state file and what it stands on are in order: each check gives a verdict and says what to do."""

from __future__ import annotations

import os
import platform
import shutil
import stat
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from importlib import metadata
from pathlib import Path

from warroom.clock.times import iso_utc, iso_whole, parse_zone
from warroom.model.programme import Person, Programme
from warroom.store import automatic, copies, mounts, sqlite
from warroom.store.lock_holders import lock_holders
from warroom.store.statefile import StateFile
from warroom.store.verify import verify
from warroom.vocabulary.errors import WarroomError

MEGABYTE = 1 << 20
LITTLE_ROOM = 1024 * MEGABYTE
NO_ROOM = 100 * MEGABYTE
LONG_LOG = 32 * MEGABYTE
ENDLESS_LOG = 64 * MEGABYTE
CLOCK_IS_OFF = timedelta(seconds=5)
BACKUP_IS_OLD = 2 * automatic.EVERY


class Health(StrEnum):
    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Check:
    """What one check found. `advice` says what to do, where something is to be done."""

    name: str
    health: Health
    found: str
    advice: str | None = None


def checks_of_place(path: Path, mountinfo: Path | None = None) -> Iterator[Check]:
    """What can be told of a state file without opening it: its file system, its permissions, the room left.

    Args:
        mountinfo: see `mounts.file_system_of`.
    """
    yield _file_system(path, mountinfo)
    yield _permissions(path)
    yield _room(path)


def checks_of_file(state_file: StateFile) -> Iterator[Check]:
    """What can be told of an open state file."""
    yield from _guarded("integrity", lambda: _integrity(state_file))
    yield from _guarded("references", lambda: _references(state_file))
    yield from _guarded("journal", lambda: _journal(state_file))
    yield from _guarded("write-ahead log", lambda: _write_ahead_log(state_file))
    yield from _guarded("clock", lambda: _clock(state_file))
    yield from _guarded("time zones", lambda: _time_zones(state_file))
    yield from _guarded("backups", lambda: _backups(state_file))


def check_of_versions() -> Check:
    """The versions that matter, and how checkpoints are made with this SQLite."""
    versions = f"warroom {metadata.version('warroom')}, Python {platform.python_version()}, SQLite {_sqlite_version()}"
    if sqlite.SAFE_CHECKPOINTS:
        return Check("versions", Health.OK, versions)
    return Check(
        "versions",
        Health.WARN,
        f"{versions}, which has the WAL-reset fault: checkpoints are made in the way that does not meet it",
        "every process that opens the file must be a warroom; better, install pysqlite3 0.6.1 or newer",
    )


def _guarded(name: str, check: Callable[[], Check]) -> Iterator[Check]:
    """A check that cannot be made has failed."""
    try:
        yield check()
    except WarroomError as error:
        yield Check(name, Health.FAIL, error.message, error.hint)


def _file_system(path: Path, mountinfo: Path | None) -> Check:
    name, found = "file system", mounts.file_system_of(path, mountinfo)
    if found is None:
        return Check(name, Health.OK, "this system does not tell which it is")
    where = f"{found.kind}, mounted at {found.mounted_at}"
    if not found.can_lock:
        return Check(name, Health.FAIL, f"{where}: it does not lock for all", "move the file to a local disk")
    if found.in_memory:
        return Check(name, Health.WARN, f"{where}: gone when the machine stops", "move the file to a disk")
    return Check(name, Health.OK, where)


def _permissions(path: Path) -> Check:
    name = "permissions"
    try:
        status, folder = path.stat(), path.parent.stat()
    except OSError as error:
        return Check(name, Health.FAIL, f"cannot be looked at: {error.strerror}", "check the path")
    mode = f"{stat.S_IMODE(status.st_mode):04o}"
    if status.st_mode & 0o007:
        return Check(name, Health.FAIL, f"{mode}: every account of this machine can reach it", f"chmod 600 {path}")
    if folder.st_mode & 0o002 and not folder.st_mode & stat.S_ISVTX:
        return Check(name, Health.FAIL, "everybody may replace files in its folder", f"chmod o-w {path.parent}")
    if status.st_mode & 0o070:
        return Check(
            name,
            Health.WARN,
            f"{mode}: several accounts write it, and each of them can change it unseen by warroom",
            f"run all sessions under one account, and chmod 600 {path}",
        )
    if status.st_uid != os.geteuid():
        return Check(name, Health.WARN, f"{mode}, of another account than yours", "run all sessions under one account")
    return Check(name, Health.OK, f"{mode}, yours alone")


def _room(path: Path) -> Check:
    name = "free space"
    try:
        free, size = shutil.disk_usage(path.parent).free, path.stat().st_size
    except OSError as error:
        return Check(name, Health.FAIL, f"cannot be told: {error.strerror}", "check the path")
    found = f"{_size(free)} free, the state file has {_size(size)}"
    if free < max(NO_ROOM, 2 * size):
        return Check(name, Health.FAIL, found, "make room now: a full disk stops the cutover")
    if free < max(LITTLE_ROOM, 10 * size):
        return Check(name, Health.WARN, found, "make room: backups and the journal need it")
    return Check(name, Health.OK, found)


def _integrity(state_file: StateFile) -> Check:
    return _of_rows(
        state_file, "integrity", "integrity_check", lambda row: row[0], "restore the latest backup: warroom restore"
    )


def _references(state_file: StateFile) -> Check:
    return _of_rows(
        state_file,
        "references",
        "foreign_key_check",
        lambda row: f"{row[0]} {row[1]} refers to a row of {row[2]} that is not there",
        "restore the latest backup, and find out who wrote into the file",
    )


def _of_rows(
    state_file: StateFile, name: str, pragma: str, words: Callable[[tuple[object, ...]], object], advice: str
) -> Check:
    with state_file.read() as reader:
        rows = reader.connection.execute(f"PRAGMA {pragma}").fetchall()
    faults = [str(words(row)) for row in rows if row != ("ok",)]
    if faults:
        return Check(name, Health.FAIL, _first(faults), advice)
    return Check(name, Health.OK, "nothing is wrong")


def _journal(state_file: StateFile) -> Check:
    result = verify(state_file)
    if not result.sound:
        findings = [("" if each.seq is None else f"entry {each.seq}: ") + each.message for each in result.findings]
        advice = "see: warroom journal verify; go back to a backup from before"
        return Check("journal", Health.FAIL, _first(findings), advice)
    return Check("journal", Health.OK, f"{result.entries} entries, chained, and all tables follow from them")


def _write_ahead_log(state_file: StateFile) -> Check:
    name, path = "write-ahead log", copies.file_of(state_file.database)
    log = path.with_name(path.name + "-wal")
    size = log.stat().st_size if log.exists() else 0
    readers = lock_holders(path).readers
    held = f", held back by process {', '.join(map(str, readers))}" if readers else ""
    found = f"{_size(size)}{held}"
    advice = "a reader that does not end keeps it growing: end that process"
    if not readers:
        advice = "nobody holds it back just now; look again in a minute"
    if size > ENDLESS_LOG:
        return Check(name, Health.FAIL, found, advice)
    if size > LONG_LOG:
        return Check(name, Health.WARN, found, advice)
    return Check(name, Health.OK, _size(size))


def _clock(state_file: StateFile) -> Check:
    head, now = state_file.head(), state_file.clock.now()
    if head.recorded_at is not None and head.recorded_at - now > CLOCK_IS_OFF:
        ahead = round((head.recorded_at - now).total_seconds())
        return Check(
            "clock",
            Health.WARN,
            f"it shows {iso_whole(now)}, {ahead} s before the journal's last entry",
            "it was set back, or was ahead then: check the machine's time service",
        )
    return Check("clock", Health.OK, f"it shows {iso_whole(now)}, after the journal's last entry")


def _time_zones(state_file: StateFile) -> Check:
    with state_file.read() as reader:
        wanted = [(f"the programme's {row.timezone}", row.timezone) for row in reader.find(Programme)]
        wanted += [(f"{row.handle}'s {row.timezone}", row.timezone) for row in reader.find(Person) if row.timezone]
    unknown = [text for text, zone in wanted if not _is_zone(zone)]
    data = f"tzdata {metadata.version('tzdata')}"
    if unknown:
        return Check("time zones", Health.FAIL, f"{data} does not know {', '.join(unknown)}", "update tzdata")
    return Check("time zones", Health.OK, f"{data} knows all of the programme's")


def _backups(state_file: StateFile) -> Check:
    folder = state_file.backup_folder
    if folder is None:
        return Check(
            "backups", Health.WARN, "automatic backups are off", f"let ${automatic.SETTING} name a folder, or unset it"
        )
    with state_file.read() as reader:
        programme = copies.programme_key(reader.connection)
    latest = max(automatic.backups_in(folder, programme), key=lambda name: name.at, default=None)
    advice = "an open console makes one each hour; now: warroom backup FOLDER"
    if latest is None:
        return Check("backups", Health.WARN, f"none in {folder}", advice)
    missing = state_file.head().seq - latest.seq
    found = f"the latest is of {iso_utc(latest.at)}, {missing} entries ago, in {folder}"
    if missing and state_file.clock.now() - latest.at > BACKUP_IS_OLD:
        return Check("backups", Health.WARN, found, advice)
    return Check("backups", Health.OK, found)


def _is_zone(name: str) -> bool:
    try:
        parse_zone(name)
    except ValueError:
        return False
    return True


def _sqlite_version() -> str:
    return ".".join(map(str, sqlite.VERSION))


def _size(size: int) -> str:
    return f"{size / MEGABYTE:,.1f} MB" if size < 10 * 1024 * MEGABYTE else f"{size / MEGABYTE / 1024:,.0f} GB"


def _first(faults: Iterable[str]) -> str:
    told = list(faults)
    return told[0] + (f", and {len(told) - 1} more" if len(told) > 1 else "")
