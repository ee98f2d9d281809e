"""The watch over one state file: a thread with its own event loop and an APScheduler in it.

APScheduler is only the alarm clock. It wakes a sweep at the instant when something can next become late; that instant
is derived anew whenever the journal moves. What makes an alert correct is the sweep itself, which any process may do
at any time. A heartbeat guards against what a scheduler cannot see: a wall clock that was set, a machine that slept.
"""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import threading
import time
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from warroom.actions import alerts
from warroom.board.board import Board
from warroom.board.forecast import Forecast, forecast
from warroom.board.load import follow, load_board
from warroom.model.alerts import WatchMark
from warroom.rules.alerting.deciding import next_change
from warroom.store import automatic
from warroom.store.feed import Feed
from warroom.store.statefile import StateFile
from warroom.vocabulary.errors import WarroomError
from warroom.vocabulary.journal import Entry

HEARTBEAT_S = 1.0
# A watch leaves its mark this often; one whose mark is older than AWAKE is not watching any more.
MARK_EVERY = timedelta(seconds=10)
AWAKE = timedelta(seconds=30)
# A wall clock that is off by more than this against the machine's own was set, or the machine slept.
CLOCK_JUMP_S = 2.0
# How often a watch looks whether the hourly backup is due.
LOOK_FOR_BACKUP_S = 60.0

_SWEEP = "sweep"
_log = logging.getLogger(__name__)


class Watch:
    """Sweeps when something can become late, from `start` to `stop`."""

    def __init__(self, state_file: StateFile) -> None:
        self._state_file = state_file
        self._holder = f"{socket.gethostname()}:{os.getpid()}"
        self._board = load_board(state_file)
        self._thread = threading.Thread(target=self._run, name="watch", daemon=True)
        self._started = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None
        self._wake: asyncio.Event | None = None

    def start(self) -> None:
        """Start watching; returns once the thread is up."""
        self._thread.start()
        self._started.wait()

    def stop(self) -> None:
        """Stop watching, and wait for a sweep under way."""
        loop, stop = self._loop, self._stop
        if loop is not None and stop is not None and self._thread.is_alive():
            loop.call_soon_threadsafe(stop.set)
        self._thread.join()

    def _run(self) -> None:
        try:
            asyncio.run(self._watch())
        finally:
            self._started.set()  # whoever waits for the start must not wait for a watch that could not

    async def _watch(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._stop, self._wake = asyncio.Event(), asyncio.Event()
        self._wake.set()
        scheduler = AsyncIOScheduler(
            timezone=UTC, job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        )
        scheduler.start()
        feed = Feed(self._state_file, self._board.seq, self._moved, self._failed)
        feed.start()
        heartbeat = asyncio.create_task(self._beat(scheduler))
        keeping = asyncio.create_task(self._keep_backups())
        self._started.set()
        stopping = asyncio.create_task(self._stop.wait())
        try:
            while not self._stop.is_set():
                waking = asyncio.create_task(self._wake.wait())
                await asyncio.wait({waking, stopping}, return_when=asyncio.FIRST_COMPLETED)
                waking.cancel()
                if self._stop.is_set():
                    break
                self._wake.clear()
                await self._sweep(scheduler)
        finally:
            heartbeat.cancel()
            keeping.cancel()
            stopping.cancel()
            scheduler.shutdown(wait=False)
            await asyncio.to_thread(feed.stop)

    async def _sweep(self, scheduler: AsyncIOScheduler) -> None:
        try:
            board = await asyncio.to_thread(self._sweep_now)
        except WarroomError as error:
            # The heartbeat tries again; what is due stays due.
            _log.warning("the watch could not sweep: %s", error.message)
            return
        due = self._next_due(board)
        if due is None:
            if scheduler.get_job(_SWEEP) is not None:
                scheduler.remove_job(_SWEEP)
            return
        scheduler.add_job(self._due, "date", run_date=due, id=_SWEEP, replace_existing=True)

    def _sweep_now(self) -> Board:
        board = follow(self._state_file, self._board, self._state_file.entries(self._board.seq))
        self._board = board = alerts.sweep(self._state_file, board, count=_count)
        mark = watch_mark(self._state_file)
        if mark is None or abs(self._state_file.clock.now() - mark.swept_at) >= MARK_EVERY:
            alerts.mark(self._state_file, self._holder)
        return board

    def _next_due(self, board: Board) -> datetime | None:
        """The wall time at which time alone can next make something late."""
        run, clock = board.run, board.clock
        if run is None or run.closed_at is not None or clock is None:
            return None
        run_time = board.run_time(self._state_file.clock.now())
        due = next_change(board, forecast(board, run_time))
        return None if due is None else clock.wall_time(due)

    async def _due(self) -> None:
        assert self._wake is not None
        self._wake.set()

    async def _beat(self, scheduler: AsyncIOScheduler) -> None:
        """Once a second: notice a clock that jumped; once in a while: sweep anyway, which also leaves the mark."""
        assert self._wake is not None
        offset = self._wall_offset()
        beats = 0
        while True:
            await asyncio.sleep(HEARTBEAT_S)
            beats += 1
            now = self._wall_offset()
            if abs(now - offset) > CLOCK_JUMP_S:
                offset = now
                scheduler.wakeup()
                self._wake.set()
            if beats * HEARTBEAT_S >= MARK_EVERY.total_seconds():
                beats = 0
                self._wake.set()

    async def _keep_backups(self) -> None:
        while True:
            await asyncio.to_thread(self._back_up_if_due)
            await asyncio.sleep(LOOK_FOR_BACKUP_S)

    def _back_up_if_due(self) -> None:
        try:
            automatic.hourly(self._state_file)
        except WarroomError as error:
            _log.warning("the hourly backup could not be made: %s", error.message)

    def _wall_offset(self) -> float:
        """Wall clock less the machine's own, in seconds; constant while nobody sets the clock and nothing sleeps."""
        return self._state_file.clock.now().timestamp() - time.monotonic()

    def _moved(self, _entries: tuple[Entry, ...]) -> None:
        self._wake_from_outside()

    def _failed(self, error: WarroomError | None) -> None:
        if error is not None:
            _log.warning("the watch cannot read the state file: %s", error.message)
        self._wake_from_outside()

    def _wake_from_outside(self) -> None:
        loop, wake = self._loop, self._wake
        if loop is not None and wake is not None and not loop.is_closed():
            loop.call_soon_threadsafe(wake.set)


def _count(board: Board, expected: Forecast) -> Decimal | None:
    from warroom.board.confidence import inside_window  # numpy, for the few runbooks that ask

    return inside_window(board, expected)


def watch_mark(state_file: StateFile) -> WatchMark | None:
    """Who swept last, if anybody ever did."""
    with state_file.read() as reader:
        return reader.one(WatchMark)


def is_awake(mark: WatchMark | None, now: datetime) -> bool:
    """Whether whoever left the mark is still watching at `now` (wall clock, UTC)."""
    return mark is not None and abs(now - mark.swept_at) <= AWAKE
