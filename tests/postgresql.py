"""A PostgreSQL server of the tests' own, reached through a socket in its own folder, and state files in it.

The tests of store, actions and journal name their state files by path. On PostgreSQL each path stands for a database,
so that the same tests run on both engines.
"""

from __future__ import annotations

import glob
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

import psycopg

T = TypeVar("T")

_ROOT_MAY_NOT = "postgres"  # whom a server runs as when the tests run as root, which it refuses


def programs() -> Path | None:
    """The folder of the server's programs, None where PostgreSQL is not installed."""
    if (found := shutil.which("initdb")) is not None:
        return Path(found).parent
    folders = sorted(glob.glob("/usr/lib/postgresql/*/bin/initdb"), reverse=True)
    return Path(folders[0]).parent if folders else None


def why_not() -> str | None:
    """Why there can be no server, in words; None when there can."""
    if programs() is None:
        return "PostgreSQL is not installed (no initdb)"
    if os.geteuid() == 0 and (shutil.which("setpriv") is None or not _is_user(_ROOT_MAY_NOT)):
        return "PostgreSQL does not run as root, and there is no user postgres or no setpriv"
    return None


class Server:
    """A running server; `location` gives the URL of the state file that `path` stands for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._databases: dict[Path, str] = {}
        self._scenes: dict[Hashable, tuple[Path, Any]] = {}
        self._numbers = count(1)

    def location(self, path: Path) -> str:
        place = path.resolve()
        if place not in self._databases:
            self._create(place)
        return self._url(self._databases[place])

    def put(self, path: Path, make: Callable[..., T], *of: Hashable) -> T:
        """What `scenes.put` does: here a state file is copied with its database."""
        if (make, *of) not in self._scenes:
            place = (self._folder / f"scene{next(self._numbers)}").resolve()
            self._scenes[make, *of] = place, make(place, *of)
        place, told = self._scenes[make, *of]
        self._create(path.resolve(), copy_of=self._databases[place])
        result: T = told
        return result

    def forget(self) -> None:
        """Drop all databases that a test has left, but for the scenes."""
        kept = {place for place, _ in self._scenes.values()}
        for place in self._databases.keys() - kept:
            self._command(f"DROP DATABASE {self._databases.pop(place)} WITH (FORCE)")

    def _create(self, place: Path, copy_of: str = "template1") -> None:
        name = f"state{next(self._numbers)}"
        self._command(f"CREATE DATABASE {name} TEMPLATE {copy_of}")
        self._databases[place] = name

    def _command(self, sql: str) -> None:
        with psycopg.connect(self._url("postgres"), autocommit=True) as connection:
            connection.execute(sql.encode())

    def _url(self, database: str) -> str:
        return f"postgresql:///{database}?host={quote(str(self._folder))}&user=warroom"


@contextmanager
def server() -> Iterator[Server]:
    """Starts a server that forgets everything at its end."""
    found = programs()
    assert found is not None
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    run = ["setpriv", f"--reuid={_ROOT_MAY_NOT}", f"--regid={_ROOT_MAY_NOT}", "--clear-groups"]
    prefix = run if os.geteuid() == 0 else []
    if prefix:
        shutil.chown(folder, _ROOT_MAY_NOT, _ROOT_MAY_NOT)
    data = folder / "data"

    def program(name: str, *arguments: str) -> None:
        subprocess.run(
            [*prefix, str(found / name), "-D", str(data), *arguments],
            check=True, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL,
        )  # fmt: skip

    try:
        program("initdb", "-A", "trust", "-U", "warroom", "--no-sync", "-E", "UTF8", "--locale=C")
        settings = f"-c listen_addresses='' -c unix_socket_directories='{folder}' -c fsync=off -c full_page_writes=off"
        program("pg_ctl", "-w", "-l", str(folder / "log"), "-o", settings, "start")
        try:
            yield Server(folder)
        finally:
            program("pg_ctl", "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _is_user(name: str) -> bool:
    import pwd

    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True
