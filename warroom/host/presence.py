"""Who has a console open: in this process as it is, in the others as they last said through the state file."""

from __future__ import annotations

import logging
import os
import socket
import threading
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count

from warroom.host.interface import Connected
from warroom.model.presence import Presence
from warroom.store.statefile import StateFile
from warroom.vocabulary.errors import WarroomError
from warroom.vocabulary.journal import Caller

EVERY_S = 10.0
"""How often a process tells the others, if anything has changed, and reads what they tell."""

SETTLE_S = 1.0
"""When somebody comes or goes it is told after so many seconds, with whoever else came meanwhile."""

REPEAT = timedelta(seconds=30)
"""How often it is told where nothing changes."""

GONE = timedelta(seconds=90)
"""A process that has said nothing for so long is dead, and its consoles with it."""

_log = logging.getLogger(__name__)


class Place:
    """One open console of this process, from `Attendance.enter` to `leave`."""

    def __init__(self, attendance: Attendance, number: int) -> None:
        self._attendance = attendance
        self._number = number

    def stand(self, screen: str, active_at: datetime) -> None:
        """It shows that screen now, and a key was last pressed then (wall clock, UTC)."""
        self._attendance._stand(self._number, screen, active_at)

    def leave(self) -> None:
        self._attendance._leave(self._number)


class Attendance:
    """The open consoles of this process, and of all others that have the state file open.

    From `start` to `stop` a thread keeps the rows of this process in the state file and reads those of the others. What
    goes wrong with that is logged and tried again: presence is never in anybody's way.

    Args:
        telling: whether this process may write.
    """

    def __init__(self, state_file: StateFile, *, telling: bool = True) -> None:
        self._state_file = state_file
        self._telling = telling
        self._holder = f"{socket.gethostname()}:{os.getpid()}:{id(self):x}"
        self._numbers = count(1)
        self._changing = threading.Lock()
        self._here: dict[int, Connected] = {}
        self._others: tuple[Connected, ...] = ()
        self._told: dict[int, Connected] = {}
        self._told_at: datetime | None = None
        self._news = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="presence", daemon=True)

    def start(self) -> None:
        """Begin to tell the others, and to read what they tell."""
        self._thread.start()

    def stop(self) -> None:
        """Stop, and take the rows of this process away."""
        self._stopping.set()
        self._news.set()
        if self._thread.is_alive():
            self._thread.join()
        with self._changing:
            self._here.clear()
        self._try_exchange()

    def enter(self, caller: Caller) -> Place:
        """Somebody has opened a console."""
        now = self._state_file.clock.now()
        number = next(self._numbers)
        with self._changing:
            self._here[number] = Connected(caller.handle, caller.via, "", now, now)
        self._news.set()
        return Place(self, number)

    def connected(self) -> tuple[Connected, ...]:
        """All open consoles, by handle."""
        with self._changing:
            here = (*self._here.values(), *self._others)
        return tuple(sorted(here, key=lambda one: (one.handle, one.opened_at)))

    def _stand(self, number: int, screen: str, active_at: datetime) -> None:
        with self._changing:
            one = self._here.get(number)
            if one is not None and (one.screen, one.active_at) != (screen, active_at):
                self._here[number] = replace(one, screen=screen, active_at=active_at)

    def _leave(self, number: int) -> None:
        with self._changing:
            self._here.pop(number, None)
        self._news.set()

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._news.wait(EVERY_S)
            self._stopping.wait(SETTLE_S)
            self._news.clear()
            if not self._stopping.is_set():
                self._try_exchange()

    def _try_exchange(self) -> None:
        try:
            self.exchange()
        except WarroomError as error:
            _log.info("who is connected could not be told or read: %s", error.message)

    def exchange(self) -> None:
        """Tell what has changed here, and read what the others have told.

        Raises:
            WarroomError: the state file cannot be written or read just now.
        """
        now = self._state_file.clock.now()
        with self._changing:
            here = dict(self._here)
        due = self._told_at is None or abs(now - self._told_at) >= REPEAT
        if self._telling and (here != self._told or (here and due)):
            self._tell(here, now)
            self._told, self._told_at = here, now
        others = tuple(one for one in connected_in(self._state_file, besides=self._holder))
        with self._changing:
            self._others = others

    def _tell(self, here: dict[int, Connected], now: datetime) -> None:
        with self._state_file.write() as transaction:
            rows = transaction.rows
            kept = {}
            for row in rows.find(Presence):
                if row.holder == self._holder and row.place in here:
                    kept[row.place] = row
                elif row.holder == self._holder or not _lives(row, now):
                    rows.delete(row)
            for number, one in here.items():
                values = {"screen": one.screen, "active_at": one.active_at, "seen_at": now}
                if number in kept:
                    rows.update(kept[number], **values)
                else:
                    rows.insert(
                        Presence,
                        holder=self._holder,
                        place=number,
                        handle=one.handle,
                        via=one.via,
                        opened_at=one.opened_at,
                        **values,
                    )


def connected_in(state_file: StateFile, *, besides: str | None = None) -> tuple[Connected, ...]:
    """The open consoles that processes have told of lately, by handle.

    Args:
        besides: the process that is left out.
    """
    now = state_file.clock.now()
    with state_file.read() as reader:
        rows = [row for row in reader.find(Presence) if row.holder != besides and _lives(row, now)]
    rows.sort(key=lambda row: (row.handle, row.opened_at))
    return tuple(Connected(row.handle, row.via, row.screen, row.opened_at, row.active_at) for row in rows)


def _lives(row: Presence, now: datetime) -> bool:
    return abs(now - row.seen_at) < GONE
