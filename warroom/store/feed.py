"""How a process learns of the entries that others write.

A dedicated connection is polled for a mark that changes when another connection has committed, and that costs
microseconds; watching the file system instead is slower and can miss a commit.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from warroom.store.statefile import StateFile
from warroom.vocabulary.errors import WarroomError
from warroom.vocabulary.journal import Entry

POLL_S = 0.1
LOOK_EVERY = 10  # polls between two looks at whether the file is still the same one


class Feed:
    """Delivers entries, in order and each once, on a thread of its own.

    Args:
        after: the seq from which on entries are wanted.
        deliver: called on the feed's thread with one or more new entries.
        fail: called on the feed's thread when the file cannot be read any more, or became readable again (None).
    """

    def __init__(
        self,
        state_file: StateFile,
        after: int,
        deliver: Callable[[tuple[Entry, ...]], None],
        fail: Callable[[WarroomError | None], None],
    ) -> None:
        self._state_file = state_file
        self._seq = after
        self._deliver = deliver
        self._fail = fail
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="feed", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        if self._thread.is_alive() and self._thread is not threading.current_thread():
            self._thread.join()

    def _run(self) -> None:
        failed = False
        version: int | None = None
        polls = 0
        database = self._state_file.database
        with database.connection() as connection:
            while not self._stopping.is_set():
                try:
                    with database.speaking():
                        now = database.mark_of_change(connection)
                    if polls % LOOK_EVERY == 0:
                        database.insist_on_same()
                    polls += 1
                    if now != version:
                        self._catch_up()
                        version = now
                    if failed:
                        failed = False
                        self._fail(None)
                except WarroomError as error:
                    if not failed:
                        failed = True
                        self._fail(error)
                self._stopping.wait(POLL_S)

    def _catch_up(self) -> None:
        new = tuple(self._state_file.entries(self._seq))
        if new:
            self._seq = new[-1].seq
            self._deliver(new)
