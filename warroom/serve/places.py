"""Where people are in their consoles, kept beside the state file: a server that was stopped or killed brings them back.

It is of the moment only, like who is connected: no entry of the journal, and nothing is lost with it but a few keys.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from warroom.serve.server import Room
from warroom.serve.sessions import Session
from warroom.store import files
from warroom.tui.places import Opened, Place, place_of
from warroom.tui.screens.first import ASIDE, FIRST
from warroom.tui.screens.task import TaskScreen
from warroom.vocabulary.errors import WarroomError

SUFFIX = ".places"

KEPT_EVERY_S = 20.0
"""So often what has changed is written, in seconds; and once more at the end."""

MOST_BYTES = 4 << 20

_NAMES = tuple(field.name for field in fields(Opened))
_LOG = logging.getLogger(__name__)


def beside(state_file: Path) -> Path:
    """The file of a state file's places."""
    return state_file.with_name(state_file.name + SUFFIX)


@asynccontextmanager
async def places(room: Room, *, path: Path) -> AsyncIterator[str]:
    """Bring people back to the places in the file `path`, and keep it, as a part of the server that begins before
    anybody can come."""
    known = read_places(path)
    for handle, place in known.items():
        if (person := room.host.board.person_called(handle)) is not None:
            room.sessions.places[person.id] = place
    keeping = asyncio.create_task(_keep(room, path, known), name="places")
    try:
        yield ""
    finally:
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)
        await _write(room, path, known)


async def _keep(room: Room, path: Path, known: dict[str, Place]) -> None:
    while True:
        await asyncio.sleep(KEPT_EVERY_S)
        for session in room.sessions:
            if session.app.is_running and not session.passing and (place := _place_now(session)):
                room.sessions.places[session.known.person_id] = place
            await asyncio.sleep(0)  # the loop is everybody's
        await _write(room, path, known)


def _place_now(session: Session) -> Place:
    try:
        return place_of(session.app)
    except Exception:  # a console that breaks is its own matter
        _LOG.warning("where %s is cannot be told", session.known.handle, exc_info=True)
        return ()


async def _write(room: Room, path: Path, known: dict[str, Place]) -> None:
    """Write what is other than `known`, which is that from then on."""
    board = room.host.board
    now = {board.handle(person): place for person, place in room.sessions.places.items() if place}
    found = {handle: place for handle, place in now.items() if handle is not None}
    if found == known:
        return
    try:
        await room.host.off_loop(write_places, path, found)
    except (WarroomError, OSError) as error:
        _LOG.warning("where people are could not be written: %s", error)
        return
    known.clear()
    known.update(found)


def write_places(path: Path, found: Mapping[str, Place]) -> None:
    """Write places by handle, whole or not at all.

    Raises:
        StateFileError: the folder refuses. OSError: the disk does.
    """
    building = files.begin(path)
    try:
        with building.open("w", encoding="utf-8") as file:
            json.dump({handle: [asdict(opened) for opened in place] for handle, place in found.items()}, file)
            file.flush()
            os.fsync(file.fileno())
        files.publish(building, path, replace=True)
    finally:
        building.unlink(missing_ok=True)


def read_places(path: Path) -> dict[str, Place]:
    """The places in a file by handle; those that cannot be read, or of screens that are no more, are left out."""
    try:
        with path.open("rb") as file:
            document = json.loads(file.read(MOST_BYTES))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, RecursionError) as error:
        _LOG.warning("where people were cannot be read: %s", error)
        return {}
    if not isinstance(document, dict):
        return {}
    found = {str(handle): _place(written) for handle, written in document.items()}
    return {handle: place for handle, place in found.items() if place}


def _place(written: Any) -> Place:
    """A place as far as it can be read."""
    found: list[Opened] = []
    for one in written if isinstance(written, list) else ():
        if not isinstance(one, dict) or not all(isinstance(one.get(name), str | None) for name in _NAMES):
            break
        name = one.get("name")
        if name not in FIRST if not found else name not in ASIDE and name != TaskScreen.SCREEN_NAME:
            break
        known: dict[str, Any] = {field: one.get(field) for field in _NAMES}
        found.append(Opened(**known))
    return tuple(found)
