"""A host over a run's past, read from the journal into memory. The same screens show it; nothing can be written."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Hashable
from datetime import datetime
from typing import Any, TypeVar

from warroom.board.board import Board
from warroom.board.history import History
from warroom.board.load import load_history
from warroom.host.interface import Mark, MarkKind, WatchStatus
from warroom.host.listeners import Listeners
from warroom.rules.permissions import Actor, actor_on
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


def replay(state_file: StateFile, caller: Caller, run: str | None = None) -> ReplayHost:
    """The past of a run, shown at its end first.

    Raises:
        BadInput: there is no run of that name.
        Refused: no run was ever started.
    """
    history = load_history(state_file, run)
    return ReplayHost(history, caller)


class ReplayHost:
    """Shows the Board of any instant between the run's first and last entry."""

    def __init__(self, history: History, caller: Caller) -> None:
        self._history = history
        self._caller = caller
        self._seqs = history.own_seqs
        if not self._seqs:
            raise Refused("nothing has happened in this run yet", hint="start one with: warroom run start")
        self._newest = history.board(len(history.entries))
        if self._newest.run is None:
            raise Refused("no run has been started yet", hint="start one with: warroom run start")
        self._marks = tuple(
            mark for seq in self._seqs if (mark := _mark(history.entries[seq - 1], history.instant_of(seq))) is not None
        )
        self._listeners = Listeners()
        self._instant = self.end
        self._board = history.board(self._seqs[-1])

    # --- Host ----------------------------------------------------------------------------------------------------

    @property
    def actor(self) -> Actor:
        return actor_on(self._board, self._caller.handle)

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
        clock = self._newest.clock
        wall = None if clock is None else clock.wall_time(self._instant)
        return self._instant if wall is None else wall

    def watch_status(self) -> WatchStatus:
        return WatchStatus(None, None, awake=True)

    def once(self, _key: Hashable, _board: Board, make: Callable[[], T], /) -> T:
        return make()

    def subscribe(self, moved: Callable[[], None]) -> Callable[[], None]:
        return self._listeners.add(moved)

    async def act(self, action: str, **_arguments: Any) -> Board:
        raise Refused(f"{action}: the past cannot be changed", hint="go back to the live console first")

    async def entries(self, last: int) -> tuple[Entry, ...]:
        seq = self._board.seq
        return self._history.entries[max(0, seq - last) : seq]

    async def look_back(self) -> ReplayHost:
        return self

    # --- Replay --------------------------------------------------------------------------------------------------

    @property
    def begin(self) -> datetime:
        return self._history.instant_of(self._seqs[0])

    @property
    def end(self) -> datetime:
        return self._history.instant_of(self._seqs[-1])

    @property
    def instant(self) -> datetime:
        return self._instant

    @property
    def marks(self) -> tuple[Mark, ...]:
        return self._marks

    def seek(self, instant: datetime) -> None:
        self._instant = min(max(instant, self.begin), self.end)
        self._show(self._history.seq_at(self._instant))

    def step(self, entries: int) -> None:
        # Several entries may share an instant, so steps go by entry, not by time.
        place = bisect_right(self._seqs, self._board.seq) - 1 + entries
        seq = self._seqs[min(max(place, 0), len(self._seqs) - 1)]
        self._instant = self._history.instant_of(seq)
        self._show(seq)

    def seek_subject(self, subject: str) -> bool:
        about = [seq for seq in self._seqs if self._history.entries[seq - 1].subject == subject]
        if not about:
            return False
        later = bisect_right(about, self._board.seq)
        seq = about[later] if later < len(about) else about[0]
        self._instant = self._history.instant_of(seq)
        self._show(seq)
        return True

    def _show(self, seq: int) -> None:
        self._board = self._history.board(seq)
        self._listeners.tell()


def _mark(entry: Entry, instant: datetime) -> Mark | None:
    kind = _KINDS.get(entry.action)
    if kind is None:
        return None
    return Mark(instant, entry.seq, kind, entry.subject, entry.reason or entry.action)
