"""The key by which clients know the server again, made once and kept beside the state file."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

import asyncssh

from warroom.vocabulary.errors import StateFileError

SUFFIX = ".ssh-host-key"


def host_key(path: Path) -> asyncssh.SSHKey:
    """The key in the file `path`; it is made if there is none, for its owner's eyes only.

    Raises:
        StateFileError: it cannot be read or made, or others may read it.
    """
    try:
        if not path.exists():
            _make(path)
        if not path.is_file():
            raise StateFileError("that is no key of a server", where=str(path), hint="name a file with --host-key")
        if path.stat().st_mode & 0o077:
            raise StateFileError(
                "others may read the server's key",
                where=str(path),
                hint=f"chmod 600 {path}, or delete it to make another",
            )
        return asyncssh.read_private_key(path)
    except OSError as error:
        raise StateFileError(f"the server's key cannot be used: {error.strerror}", where=str(path)) from None
    except (asyncssh.KeyImportError, asyncssh.KeyEncryptionError):
        raise StateFileError("that is no key of a server", where=str(path), hint="delete it to make another") from None


def _make(path: Path) -> None:
    """Whole or not at all, and whoever is first wins."""
    made = asyncssh.generate_private_key("ssh-ed25519").export_private_key()
    temporary = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(made)
            stream.flush()
            os.fsync(stream.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(temporary, path)
    finally:
        temporary.unlink()
