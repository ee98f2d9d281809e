"""A host over the state file, for one console in its own process."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Hashable
from datetime import datetime
from typing import Any, TypeVar

from warroom.alerts.channels import Channels
from warroom.alerts.watch import Watch
from warroom.board.board import Board
from warroom.board.finishes import Finish
from warroom.board.load import follow, load_board, load_samples
from warroom.board.rehearsed import Samples
from warroom.host.finishes import FinishesKept
from warroom.host.interface import Connected, Replay, WatchStatus
from warroom.host.listeners import Listeners
from warroom.host.over_state_file import insist_on_action, latest_entries, perform, watch_status
from warroom.host.presence import Attendance, Place
from warroom.host.replay import replay
from warroom.rules.permissions import Actor, actor_on
from warroom.store.content import content_of
from warroom.store.feed import Feed
from warroom.store.statefile import StateFile
from warroom.vocabulary.errors import WarroomError
from warroom.vocabulary.journal import Caller, Entry

T = TypeVar("T")


class LocalHost:
    """Keeps one Board current, and calls actions for one person.

    Args:
        run: name of the run to show; None: the open one, and whichever is opened next.
        watching: whether this process also watches for alerts.
        channels: how it sends messages then; None: it sends none.
    """

    def __init__(
        self,
        state_file: StateFile,
        caller: Caller,
        *,
        run: str | None = None,
        read_only: bool = False,
        watching: bool = True,
        channels: Channels | None = None,
    ) -> None:
        self._state_file = state_file
        self._caller = caller
        self._run_name = run
        self._read_only = read_only
        self._moving = threading.Lock()
        self._listeners = Listeners()
        self._trouble: WarroomError | None = None
        self._board = load_board(state_file, run)
        self._finishes = FinishesKept(state_file)
        self._feed = Feed(state_file, self._board.seq, self._move, self._fail)
        self._watch = Watch(state_file, channels, self._tell) if watching and not read_only else None
        self.attendance = Attendance(state_file, telling=not read_only)
        self._place: Place | None = None

    def start(self) -> None:
        """Begin to follow the journal, and to watch."""
        self._feed.start()
        self.attendance.start()
        if self._watch is not None:
            self._watch.start()

    def stop(self) -> None:
        if self._watch is not None:
            self._watch.stop()
        self.attendance.stop()
        self._feed.stop()

    def __enter__(self) -> LocalHost:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def actor(self) -> Actor:
        board = self._board
        return actor_on(board, self._caller.handle, board.run_time(self.wall_time()))

    @property
    def read_only(self) -> bool:
        return self._read_only

    @property
    def board(self) -> Board:
        return self._board

    @property
    def trouble(self) -> WarroomError | None:
        return self._trouble

    def wall_time(self) -> datetime:
        return self._state_file.clock.now()

    def watch_status(self) -> WatchStatus:
        if self._trouble is not None:
            return WatchStatus(None, None, awake=False, can_send=False)
        return watch_status(self._state_file, self._watch)

    @property
    def announcement(self) -> str | None:
        return None

    def connected(self) -> tuple[Connected, ...]:
        return self.attendance.connected()

    def stand(self, screen: str, active_at: datetime) -> None:
        if self._place is not None:
            self._place.stand(screen, active_at)

    def once(self, _key: Hashable, _board: Board, make: Callable[[], T], /) -> T:
        return make()

    def subscribe(self, moved: Callable[[], None]) -> Callable[[], None]:
        end, place = self._listeners.add(moved), self.attendance.enter(self._caller)
        self._place = place

        def leave() -> None:
            end()
            place.leave()

        return leave

    async def act(self, action: str, **arguments: Any) -> Board:
        insist_on_action(action, read_only=self._read_only)
        await asyncio.to_thread(perform, self._state_file, self._caller, action, arguments)
        await asyncio.to_thread(self._catch_up)
        return self._board

    async def entries(self, last: int) -> tuple[Entry, ...]:
        return await asyncio.to_thread(latest_entries, self._state_file, self._board.seq, last)

    async def content(self, sha256: str) -> bytes:
        return await asyncio.to_thread(content_of, self._state_file, sha256)

    async def rehearsed(self) -> Samples:
        return await asyncio.to_thread(load_samples, self._state_file, self._board)

    async def finishes(self) -> tuple[Finish, ...]:
        board = self._board
        return await asyncio.to_thread(self._finishes.until, board, board.run_time(self.wall_time()))

    async def look_back(self) -> Replay:
        return await asyncio.to_thread(replay, self._state_file, self._caller, self._run_name)

    def _catch_up(self) -> None:
        self._move(tuple(self._state_file.entries(self._board.seq)))

    def _move(self, entries: tuple[Entry, ...]) -> None:
        with self._moving:
            if not entries or entries[-1].seq <= self._board.seq:
                return
            self._board = follow(self._state_file, self._board, entries, self._run_name)
        self._tell()

    def _fail(self, error: WarroomError | None) -> None:
        self._trouble = error
        self._tell()

    def _tell(self) -> None:
        self._listeners.tell()
