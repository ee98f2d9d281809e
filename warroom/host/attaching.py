"""Files as evidence: what of them is attached, for the command and for a console on one's own machine alike."""

from __future__ import annotations

import hashlib
import mimetypes
import os
import stat
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

from warroom.actions.evidence import LARGEST, Attachment
from warroom.store.sqlite import begins_state_file
from warroom.vocabulary.errors import BadInput

__all__ = ["LARGEST", "Attachment", "attachment_of", "read_regular", "told_of_size", "unreadable"]

_PIECE = 1 << 20
_ANY_TYPE = "application/octet-stream"


def attachment_of(
    stream: BinaryIO, name: str, media_type: str | None = None, *, reference_only: bool = False
) -> Attachment:
    """What is attached of all that `stream` has: with its bytes, unless they are only to be referred to or are more
    than are kept.

    Args:
        media_type: None: by the name.

    Raises:
        OSError: it cannot be read.
        BadInput: it is a state file, which would be kept in itself or in another.
    """
    digest, size, pieces = hashlib.sha256(), 0, []
    while piece := stream.read(_PIECE):
        if not size and not reference_only and begins_state_file(piece):
            raise BadInput(
                f"{name} is a state file, or a backup of one", hint="warroom backup copies it to a safe place"
            )
        digest.update(piece)
        size += len(piece)
        if size <= LARGEST and not reference_only:
            pieces.append(piece)
    kept = size <= LARGEST and not reference_only
    kind = media_type or mimetypes.guess_type(name)[0] or _ANY_TYPE
    return Attachment(name, kind, digest.hexdigest(), size, b"".join(pieces) if kept else None)


def told_of_size(attached: Attachment) -> str:
    """What whoever attaches more than is kept has to know."""
    return (
        f"{attached.name} has {attached.size_bytes:,} bytes, more than the {LARGEST:,} that are kept: only its "
        "name, size and hash are; keep the file itself"
    )


def unreadable(path: Path, error: OSError) -> BadInput:
    """Why a file is not attached."""
    return BadInput(f"the file cannot be read: {error.strerror}", where=str(path))


def read_regular(path: Path, never: Iterable[Path] = ()) -> Attachment:
    """What is attached of a file. It waits for the disk.

    Args:
        never: files of this process that are not so much as opened, under whatever name: closing them would drop
            SQLite's locks on them.

    Raises:
        BadInput: it cannot be read, it is no regular file, or it is one of `never` or another state file.
    """
    try:
        seen = os.stat(path)
        if not stat.S_ISREG(seen.st_mode):
            raise BadInput(f"{_kind(seen.st_mode)} cannot be attached", where=str(path), hint="name a file")
        if _identity(seen) in {_identity(os.stat(one)) for one in never if one.exists()}:
            raise BadInput("the state file itself cannot be attached", where=str(path), hint="name another file")
        # Should something else have taken its place meanwhile, it neither waits for a writer nor becomes our terminal.
        opened = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
        with os.fdopen(opened, "rb") as stream:
            if _identity(os.fstat(stream.fileno())) != _identity(seen):
                raise BadInput("the file was replaced just now", where=str(path), hint="try again")
            return attachment_of(stream, path.name)
    except OSError as error:
        raise unreadable(path, error) from None
    except ValueError:  # it holds what no path can
        raise BadInput("there is no file of that name", where=str(path)) from None


def _identity(found: os.stat_result) -> tuple[int, int]:
    return found.st_dev, found.st_ino


def _kind(mode: int) -> str:
    if stat.S_ISDIR(mode):
        return "a folder"
    return "a pipe or socket" if stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode) else "a device"
