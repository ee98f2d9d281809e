"""Which file system a file lies on, and whether several processes can share a state file there.

SQLite's WAL mode keeps its index in memory that all processes share, and so does not work over a network
(sqlite.org/wal.html); the file systems named here either are networks or do not lock for all who see them.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from warroom.vocabulary.errors import StateFileError

MOUNTINFO = Path("/proc/self/mountinfo")

_CANNOT_LOCK = re.compile(
    r"nfs\d*|cifs|smb\d*|smbfs|9p|afs|coda|ceph|lustre|glusterfs|virtiofs|vboxsf|prl_fs|vmhgfs"
    r"|fuse\.(sshfs|s3fs|rclone|gcsfuse|davfs|davfs2|glusterfs|vmhgfs-fuse|ceph-fuse)|davfs"
)
_IN_MEMORY = frozenset({"tmpfs", "ramfs"})
_ESCAPED = re.compile(r"\\([0-7]{3})")


@dataclass(frozen=True, slots=True)
class FileSystem:
    """What is mounted at `mounted_at`, by the kernel's word for it, such as "ext4"."""

    kind: str
    mounted_at: str

    @property
    def can_lock(self) -> bool:
        return _CANNOT_LOCK.fullmatch(self.kind) is None

    @property
    def in_memory(self) -> bool:
        return self.kind in _IN_MEMORY


def file_system_of(path: Path, mountinfo: Path | None = None) -> FileSystem | None:
    """The file system on which `path` lies, or would lie; None on a machine that does not tell.

    Args:
        mountinfo: as proc(5) describes /proc/self/mountinfo, which is read if none is given.
    """
    try:
        lines = (mountinfo or MOUNTINFO).read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return None
    whole = os.path.realpath(path)
    best: FileSystem | None = None
    for line in lines:
        fields = line.split(" ")
        if len(fields) < 10 or "-" not in fields[6:]:
            continue
        point = _ESCAPED.sub(lambda match: chr(int(match[1], 8)), fields[4])
        inside = whole == point or whole.startswith(point.rstrip("/") + "/")
        # What was mounted last at the same place hides what was there before.
        if inside and (best is None or len(point) >= len(best.mounted_at)):
            best = FileSystem(fields[fields.index("-", 6) + 1], point)
    return best


def insist_on_locks(path: Path) -> None:
    """Refuse a state file where its users could not see each other's locks.

    Raises:
        StateFileError: it lies on such a file system.
    """
    found = file_system_of(path)
    if found is not None and not found.can_lock:
        raise StateFileError(
            f"a state file cannot be shared on {found.kind}, which does not lock for everybody who sees it",
            where=str(path),
            hint="keep it on a local disk of one machine and let people come to it over SSH; "
            "a backup may go anywhere: warroom backup",
        )
