"""One Board and one feed for many consoles in one process and one event loop."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from time import perf_counter
from typing import Any, TypeVar

from warroom.alerts.channels import Channels
from warroom.alerts.watch import Watch
from warroom.board.board import Board
from warroom.board.finishes import Finish
from warroom.board.load import follow, load_board, load_samples
from warroom.board.rehearsed import Samples
from warroom.host.finishes import FinishesKept
from warroom.host.hub import Hub
from warroom.host.interface import Connected, Replay, WatchStatus
from warroom.host.over_state_file import insist_on_action, latest_entries, perform, watch_status
from warroom.host.presence import Attendance, Place
from warroom.host.replay import replay
from warroom.rules.permissions import Actor, actor_on
from warroom.store.content import content_of
from warroom.store.feed import Feed
from warroom.store.statefile import StateFile
from warroom.vocabulary.errors import StateFileError, WarroomError, for_others
from warroom.vocabulary.journal import Caller, Entry

T = TypeVar("T")

THREADS = 4
"""Threads on which actions wait for the state file."""

KEPT = 32
"""So many things are kept of one Board; while nothing is written they are those of the latest minutes."""

WATCH_LOOK = timedelta(seconds=4)
"""How old the watch's mark may be before it is read again, for all consoles together."""


class SharedHost:
    """Keeps one Board current for all; `console` gives each person their own side of it.

    Open and close it in the loop in which the consoles live (`async with`).

    Args:
        run: name of the run to show; None: the open one, and whichever is opened next.
        watching: whether this process also watches for alerts.
        channels: how it sends messages then; None: it sends none.

    Attributes:
        on_acted: called after each action of a console with its name and the seconds that it took.
    """

    def __init__(
        self,
        state_file: StateFile,
        *,
        run: str | None = None,
        watching: bool = True,
        channels: Channels | None = None,
    ) -> None:
        self.state_file = state_file
        self.run_name = run
        self.trouble: WarroomError | None = None
        self.board = load_board(state_file, run)
        self.announcement: str | None = None
        self.on_acted: list[Callable[[str, float], None]] = []
        self.attendance = Attendance(state_file)
        self.finishes = FinishesKept(state_file)
        self.hub = Hub()
        self._moving = threading.Lock()
        self._making = threading.Lock()
        self._made_of: Board | None = None
        self._made: dict[Hashable, Any] = {}
        self._watch_status: tuple[datetime, WatchStatus] | None = None
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="shared-host")
        self._feed = Feed(state_file, self.board.seq, self._follow, self._fail)
        self._watch = Watch(state_file, channels, self._look_at_watch) if watching else None

    async def __aenter__(self) -> SharedHost:
        self.hub.open()
        self._feed.start()
        self.attendance.start()
        if self._watch is not None:
            self._watch.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.hub.close()
        if self._watch is not None:
            await asyncio.to_thread(self._watch.stop)
        await asyncio.to_thread(self.attendance.stop)
        await asyncio.to_thread(self._feed.stop)
        await asyncio.to_thread(self._threads.shutdown)

    def console(self, caller: Caller, *, read_only: bool = False, counted: bool = True) -> SharedConsole:
        """One person's side of this host.

        Args:
            counted: whether the person counts as being on line while the console is subscribed.
        """
        return SharedConsole(self, caller, read_only=read_only, counted=counted)

    def announce(self, text: str | None) -> None:
        """Tell everybody something above their screens, with a bell; None takes it back."""
        self.announcement = text
        self.hub.tell()

    # --- for its consoles --------------------------------------------------------------------------------------------

    async def off_loop(self, function: Callable[..., T], *arguments: Any) -> T:
        """Call `function` on one of the host's threads."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, function, *arguments)

    def catch_up(self) -> None:
        """Take in what was written, for whoever acted; the others are told in their turn."""
        self._follow(tuple(self.state_file.entries(self.board.seq)))

    def once(self, key: Hashable, board: Board, make: Callable[[], T], /) -> T:
        """What `make` makes of `board`, made by the first console that asks and kept while the Board stays."""
        with self._making:
            if board is not self._made_of:
                if self._made_of is not None and board.seq < self._made_of.seq:
                    return make()
                self._made_of, self._made = board, {}
            if key not in self._made:
                if len(self._made) >= KEPT:
                    del self._made[next(iter(self._made))]
                self._made[key] = make()
            made: T = self._made[key]
            return made

    def watch_status(self) -> WatchStatus:
        """Whether somebody watches for alerts, as it was a moment ago."""
        if self.trouble is not None:
            return WatchStatus(None, None, awake=False, can_send=False)
        now = self.state_file.clock.now()
        if self._watch_status is None or not timedelta() <= now - self._watch_status[0] < WATCH_LOOK:
            self._watch_status = now, watch_status(self.state_file, self._watch)
        return self._watch_status[1]

    def _look_at_watch(self) -> None:
        self._watch_status = None
        self.hub.tell()

    # --- the feed ----------------------------------------------------------------------------------------------------

    def _follow(self, entries: tuple[Entry, ...]) -> None:
        with self._moving:
            if not entries or entries[-1].seq <= self.board.seq:
                return
            self.board = follow(self.state_file, self.board, entries, self.run_name)
        self.hub.tell()

    def _fail(self, error: WarroomError | None) -> None:
        self.trouble = error
        self.hub.tell()


class SharedConsole:
    """One person's side of a shared host."""

    def __init__(self, shared: SharedHost, caller: Caller, *, read_only: bool = False, counted: bool = True) -> None:
        self._shared = shared
        self._caller = caller
        self._read_only = read_only
        self._counted = counted
        self._place: Place | None = None

    @property
    def actor(self) -> Actor:
        board = self._shared.board
        return actor_on(board, self._caller.handle, board.run_time(self.wall_time()))

    @property
    def read_only(self) -> bool:
        return self._read_only

    @property
    def board(self) -> Board:
        return self._shared.board

    @property
    def trouble(self) -> WarroomError | None:
        trouble = self._shared.trouble
        return None if trouble is None else for_others(trouble)

    def wall_time(self) -> datetime:
        return self._shared.state_file.clock.now()

    @property
    def announcement(self) -> str | None:
        return self._shared.announcement

    def connected(self) -> tuple[Connected, ...]:
        return self._shared.attendance.connected()

    def stand(self, screen: str, active_at: datetime) -> None:
        if self._place is not None:
            self._place.stand(screen, active_at)

    def once(self, key: Hashable, board: Board, make: Callable[[], T], /) -> T:
        return self._shared.once(key, board, make)

    def watch_status(self) -> WatchStatus:
        return self._shared.watch_status()

    def subscribe(self, moved: Callable[[], None]) -> Callable[[], None]:
        end = self._shared.hub.add(moved, first=self.actor.leads)
        place = self._place = self._shared.attendance.enter(self._caller) if self._counted else None

        def leave() -> None:
            end()
            if place is not None:
                place.leave()

        return leave

    async def act(self, action: str, **arguments: Any) -> Board:
        insist_on_action(action, read_only=self._read_only)
        shared = self._shared

        def act() -> None:
            perform(shared.state_file, self._caller, action, arguments)
            shared.catch_up()

        began = perf_counter()
        try:
            await self._off_loop(act)
        finally:
            for acted in shared.on_acted:
                acted(action, perf_counter() - began)
        return shared.board

    async def _off_loop(self, function: Callable[..., T], *arguments: Any) -> T:
        try:
            return await self._shared.off_loop(function, *arguments)
        except StateFileError as error:
            raise for_others(error) from error

    async def entries(self, last: int) -> tuple[Entry, ...]:
        shared = self._shared
        return await self._off_loop(latest_entries, shared.state_file, shared.board.seq, last)

    async def content(self, sha256: str) -> bytes:
        shared = self._shared
        return await self._off_loop(content_of, shared.state_file, sha256)

    async def rehearsed(self) -> Samples:
        shared = self._shared
        return await self._off_loop(load_samples, shared.state_file, shared.board)

    async def finishes(self) -> tuple[Finish, ...]:
        shared, board = self._shared, self._shared.board
        return await self._off_loop(shared.finishes.until, board, board.run_time(self.wall_time()))

    async def look_back(self) -> Replay:
        shared = self._shared
        return await self._off_loop(replay, shared.state_file, self._caller, shared.run_name)
