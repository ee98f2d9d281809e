"""State files with which many tests begin: each is made once in a process, and copied from then on."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

from warroom.store.files import PRIVATE

T = TypeVar("T")


def put(path: Path, make: Callable[..., T], *of: Hashable) -> T:
    """Put the state file that `make(path, *of)` makes at `path`, and return what that returns.

    It is made elsewhere, and once only, so `make` must close it, and must make the same whenever it is called.

    Raises:
        FileExistsError: there is one already.
    """
    scene = _made(make, *of)
    with path.open("xb") as file:
        file.write(scene.data)
    path.chmod(PRIVATE)
    told: T = scene.told
    return told


@dataclass(frozen=True, slots=True)
class _Scene:
    """All bytes of a state file, and what its maker returned."""

    data: bytes
    told: Any


@lru_cache(maxsize=64)
def _made(make: Callable[..., Any], *of: Hashable) -> _Scene:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "state.db"
        told = make(path, *of)
        (only,) = Path(folder).iterdir()  # a log beside it would hold a part of it
        return _Scene(only.read_bytes(), told)
