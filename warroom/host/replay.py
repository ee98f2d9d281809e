"""A host over a run's past, read from the journal into memory. The same screens show it; nothing can be written."""

from __future__ import annotations

import asyncio
import threading
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from datetime import datetime
from functools import partial
from itertools import pairwise
from typing import Any, TypeVar

from warroom.board.board import Board
from warroom.board.finishes import Finish, Finishes
from warroom.board.history import History
from warroom.board.load import load_history, load_samples
from warroom.board.rehearsed import Samples
from warroom.host.interface import Connected, Mark, MarkKind, WatchStatus
from warroom.host.listeners import Listeners
from warroom.rules.permissions import Actor, actor_on
from warroom.store.content import content_of
from warroom.store.statefile import StateFile
from warroom.vocabulary.errors import Refused, WarroomError
from warroom.vocabulary.journal import Caller, Entry

T = TypeVar("T")


_KINDS = {
    "task.block": MarkKind.BLOCK,
    "alert.raise": MarkKind.ALERT,
    "gate.vote": MarkKind.VOTE,
    "gate.decide": MarkKind.DECISION,
}


def replay(state_file: StateFile, caller: Caller, run: str | None = None, *, to_now: bool = True) -> ReplayHost:
    """The past of a run, shown at its end first.

    Args:
        to_now: whether it ends where the run's clock stands now, rather than with the run's last entry.

    Raises:
        BadInput: there is no run of that name.
        Refused: no run was ever started.
    """
    history = load_history(state_file, run)
    until = state_file.clock.now() if to_now else None
    return ReplayHost(
        history, caller, until, lambda board: load_samples(state_file, board), partial(content_of, state_file)
    )


class ReplayHost:
    """Shows the Board of any instant of a run, from its first entry on.

    Args:
        until: the wall time (UTC) up to which the run is shown; None: up to its last entry.
        rehearsals: reads what tasks took in the rehearsals before the run, which were over when it began.
        content: reads what was kept of a document, by its SHA-256; None: nothing was.
    """

    def __init__(
        self,
        history: History,
        caller: Caller,
        until: datetime | None = None,
        rehearsals: Callable[[Board], Samples] | None = None,
        content: Callable[[str], bytes] | None = None,
    ) -> None:
        self._history = history
        self._caller = caller
        self._content = content
        self._seqs = history.own_seqs
        if not self._seqs:
            raise Refused("nothing has happened in this run yet", hint="start one with: warroom run start")
        self._newest = history.board(len(history.entries))
        if self._newest.run is None:
            raise Refused("no run has been started yet", hint="start one with: warroom run start")
        self._finishes = Finishes(self._newest.run.id)
        self._reckoning = threading.Lock()
        self._rehearsed: Samples = {} if rehearsals is None else rehearsals(self._newest)
        self._marks = tuple(
            mark for seq in self._seqs if (mark := _mark(history.entries[seq - 1], history.instant_of(seq))) is not None
        )
        self._by_subject: defaultdict[str, list[int]] = defaultdict(list)
        for seq in self._seqs:
            self._by_subject[history.entries[seq - 1].subject].append(seq)
        self._listeners = Listeners()
        last = history.own_times[-1]
        self._end = last if until is None else max(last, self._newest.run_time(until))
        self._instant = self._end
        self._board = history.board(self._seqs[-1])

    # --- Host ----------------------------------------------------------------------------------------------------

    @property
    def actor(self) -> Actor:
        return actor_on(self._board, self._caller.handle, self._instant)

    @property
    def read_only(self) -> bool:
        return True

    @property
    def board(self) -> Board:
        return self._board

    @property
    def trouble(self) -> WarroomError | None:
        return None

    def wall_time(self) -> datetime:
        clock, recorded_at = self._newest.clock, self._board.recorded_at
        wall = None if clock is None else clock.wall_time(self._instant)
        assert wall is not None, "the run's clock has shown every instant of its past"
        assert recorded_at is not None
        # While the clock is held one instant lasts; its Board was not there before its last entry.
        return max(wall, recorded_at)

    def watch_status(self) -> WatchStatus:
        return WatchStatus(None, None, awake=True)

    @property
    def announcement(self) -> str | None:
        return None

    def connected(self) -> tuple[Connected, ...]:
        return ()

    def stand(self, screen: str, active_at: datetime) -> None:
        """Nobody is told who looks at the past."""

    def once(self, _key: Hashable, _board: Board, make: Callable[[], T], /) -> T:
        return make()

    def subscribe(self, moved: Callable[[], None]) -> Callable[[], None]:
        return self._listeners.add(moved)

    async def act(self, action: str, **_arguments: Any) -> Board:
        raise Refused(f"{action}: the past cannot be changed", hint="go back to the live console first")

    async def entries(self, last: int) -> tuple[Entry, ...]:
        seq = self._board.seq
        return self._history.entries[max(0, seq - last) : seq]

    async def content(self, sha256: str) -> bytes:
        if self._content is None:
            raise Refused("no documents were kept with this past")
        return await asyncio.to_thread(self._content, sha256)

    async def rehearsed(self) -> Samples:
        return self._rehearsed

    async def finishes(self) -> tuple[Finish, ...]:
        instant = self._instant
        return await asyncio.to_thread(self._finishes_until, instant)

    def _finishes_until(self, instant: datetime) -> tuple[Finish, ...]:
        with self._reckoning:
            if self._finishes.is_due(instant):
                self._finishes.take_in(self._history.entries[self._finishes.seq :], instant)
            return tuple(finish for finish in self._finishes.found if finish.at <= instant)

    async def look_back(self) -> ReplayHost:
        return self

    # --- Replay --------------------------------------------------------------------------------------------------

    @property
    def begin(self) -> datetime:
        return self._history.own_times[0]

    @property
    def end(self) -> datetime:
        return self._end

    @property
    def instant(self) -> datetime:
        return self._instant

    @property
    def marks(self) -> tuple[Mark, ...]:
        return self._marks

    @property
    def entry(self) -> Entry:
        return self._history.entries[self._board.seq - 1]

    @property
    def place(self) -> tuple[int, int]:
        return bisect_right(self._seqs, self._board.seq), len(self._seqs)

    def density(self, edges: Sequence[datetime]) -> tuple[int, ...]:
        times = self._history.own_times
        before = [bisect_left(times, edge) for edge in edges[:-1]]
        return tuple(stop - start for start, stop in pairwise([*before, bisect_right(times, edges[-1])]))

    def seek(self, instant: datetime) -> None:
        self._instant = min(max(instant, self.begin), self.end)
        self._show(self._history.seq_at(self._instant))

    def seek_entry(self, seq: int) -> None:
        self._go_to(bisect_right(self._seqs, seq) - 1)

    def step(self, entries: int) -> None:
        # Several entries may share an instant, so steps go by entry, not by time.
        self._go_to(bisect_right(self._seqs, self._board.seq) - 1 + entries)

    def seek_subject(self, subject: str) -> bool:
        about = self._by_subject.get(subject)
        if about is None:
            return False
        later = bisect_right(about, self._board.seq)
        self.seek_entry(about[later] if later < len(about) else about[0])
        return True

    def _go_to(self, place: int) -> None:
        seq = self._seqs[min(max(place, 0), len(self._seqs) - 1)]
        self._instant = self._history.instant_of(seq)
        self._show(seq)

    def _show(self, seq: int) -> None:
        if seq != self._board.seq:
            self._board = self._history.board(seq, near=self._board)
        self._listeners.tell()


def _mark(entry: Entry, instant: datetime) -> Mark | None:
    kind = _KINDS.get(entry.action)
    if kind is None:
        return None
    subject, text = entry.subject, entry.reason or entry.action
    for change in entry.changes:
        if kind is MarkKind.ALERT and change.table == "alert" and change.after is not None:
            subject, text = str(change.after["subject"]), str(change.after["message"])
    return Mark(instant, entry.seq, kind, subject, text)
