"""Following a journal in a test: waiting, without sleeping, until something was told."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

from warroom.store.feed import Feed
from warroom.store.statefile import StateFile
from warroom.vocabulary.errors import WarroomError
from warroom.vocabulary.journal import Entry

PATIENCE_S = 30


def until(holds: Callable[[], bool]) -> None:
    """Wait, looking now and then, until something holds that another process or thread brings about."""
    deadline, pause = monotonic() + PATIENCE_S, threading.Event()
    while not holds():
        assert monotonic() < deadline, "it did not come about"
        pause.wait(0.02)


class Listener:
    """Collects what a feed tells, and waits until that is enough."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.troubles: list[WarroomError | None] = []
        self._told = threading.Condition()

    def deliver(self, entries: tuple[Entry, ...]) -> None:
        with self._told:
            self.entries.extend(entries)
            self._told.notify_all()

    def fail(self, error: WarroomError | None) -> None:
        with self._told:
            self.troubles.append(error)
            self._told.notify_all()

    def wait_for_entries(self, count: int) -> None:
        self.wait_until(lambda: len(self.entries) >= count)

    def wait_until(self, enough: Callable[[], bool]) -> None:
        with self._told:
            assert self._told.wait_for(enough, PATIENCE_S)


@contextmanager
def followed(state_file: StateFile, after: int) -> Iterator[Listener]:
    """A listener to what follows the entry `after`, whoever writes it."""
    listener = Listener()
    feed = Feed(state_file, after, listener.deliver, listener.fail)
    feed.start()
    try:
        yield listener
    finally:
        feed.stop()
