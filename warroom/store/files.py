"""Files that come into being whole or not at all, their owner's alone."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from uuid import uuid4

from warroom.vocabulary.errors import BadInput, StateFileError

PRIVATE = 0o600
PRIVATE_FOLDER = 0o700

_ENDS = ("-wal", "-shm", "-journal")


def make_folder(folder: Path) -> Path:
    """`folder`, which is there from now on and its owner's alone if it was not.

    Raises:
        StateFileError: it cannot be made.
    """
    try:
        folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
    except OSError as error:
        raise unwritable(folder, error) from error
    return folder


def begin(path: Path) -> Path:
    """A new empty file, its owner's alone, under a hidden name beside `path`, to be published as that.

    What root makes belongs to whom the folder belongs, so that a server under that account can read it.

    Raises:
        StateFileError: the folder cannot be written.
    """
    building = path.with_name(f".{path.name}.{uuid4().hex}.new")
    try:
        made = os.open(building, os.O_CREAT | os.O_EXCL | os.O_WRONLY, PRIVATE)
        try:
            if os.geteuid() == 0:
                owner = building.parent.stat()
                with contextlib.suppress(PermissionError):  # file systems that do not let root do so
                    os.fchown(made, owner.st_uid, owner.st_gid)
        finally:
            os.close(made)
    except OSError as error:
        raise unwritable(path.parent, error) from error
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
        raise unwritable(path.parent, error) from error


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


def unwritable(folder: Path, error: OSError) -> StateFileError:
    """What the system says about a folder in which something should be written, in words."""
    return StateFileError(
        f"nothing can be written there: {error.strerror}",
        where=str(folder),
        hint="choose a folder that you may write, with room left",
    )
