"""The watch over one state file: a thread with its own event loop and an APScheduler in it.

Of all processes that could watch, the one that holds the lease does: it sweeps and sends. The others look every second
whether it still does. APScheduler is only the alarm clock. It wakes a sweep at the instant when something can next
become late; that instant is derived anew whenever the journal moves. What makes an alert correct is the sweep itself,
which any process may do at any time. A heartbeat guards against what a scheduler cannot see: a wall clock that was set,
a machine that slept, a loop that stood still.
"""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from uuid import uuid4

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from warroom.actions import alerts, clocks, lease
from warroom.actions.lease import Holder
from warroom.alerts.channels import Channels
from warroom.alerts.courier import Courier
from warroom.board.board import Board
from warroom.board.forecast import Forecast, forecast
from warroom.board.load import follow, load_board
from warroom.model.watching import Lease
from warroom.rules.alerting.deciding import next_change
from warroom.store import automatic
from warroom.store.feed import Feed
from warroom.store.statefile import StateFile
from warroom.vocabulary.errors import WarroomError
from warroom.vocabulary.journal import Entry

HEARTBEAT_S = 1.0
RENEW_S = 2.0
SWEEP_ANYWAY_S = 30.0
# A heartbeat that comes so much late was held up: the machine slept, the process was stopped or the loop blocked.
HELD_UP_S = 5.0
# How often a watch looks whether the hourly backup is due.
LOOK_FOR_BACKUP_S = 60.0

_SWEEP = "sweep"
_log = logging.getLogger(__name__)


class Watch:
    """Sweeps when something can become late, and sends, from `start` to `stop`, while no other process does.

    Args:
        channels: how messages leave; None: this process sends none, and gives way to one that can.
        on_trouble: called, on the watch's own thread, whenever `trouble` has become another.

    Attributes:
        trouble: why it could not do its work just now; None while it can.
    """

    def __init__(
        self,
        state_file: StateFile,
        channels: Channels | None = None,
        on_trouble: Callable[[], None] = lambda: None,
    ) -> None:
        self._state_file = state_file
        self._machine = socket.gethostname()
        self._holder = Holder(f"{self._machine}:{os.getpid()}", uuid4().hex, channels is not None)
        self._board = load_board(state_file)
        self._courier = Courier(state_file, channels, self._wake_from_outside)
        self._fence: int | None = None
        self._renew_at = self._sweep_at = 0
        self._sweep_wanted = True
        self.trouble: WarroomError | None = None
        self._on_trouble = on_trouble
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
        """Stop watching, wait for a sweep under way, and let somebody else watch at once."""
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
                await self._turn(scheduler)
        finally:
            heartbeat.cancel()
            keeping.cancel()
            stopping.cancel()
            scheduler.shutdown(wait=False)
            await asyncio.to_thread(self._leave)
            await asyncio.to_thread(feed.stop)

    async def _turn(self, scheduler: AsyncIOScheduler) -> None:
        try:
            swept = await asyncio.to_thread(self._turn_now)
        except WarroomError as error:
            # The heartbeat tries again; what is due stays due.
            self._say(error)
            return
        self._say(None)
        if self._fence is not None and not swept:
            return
        due = None if self._fence is None else self._next_due(self._board)
        if due is not None:
            scheduler.add_job(self._due, "date", run_date=due, id=_SWEEP, replace_existing=True)
        elif scheduler.get_job(_SWEEP) is not None:
            scheduler.remove_job(_SWEEP)

    def _say(self, trouble: WarroomError | None) -> None:
        before, self.trouble = self.trouble, trouble
        if trouble is None and before is None:
            return
        if trouble is None or before is None or trouble.message != before.message:
            if trouble is not None:
                _log.warning("the watch could not do its work: %s", trouble.message)
            self._on_trouble()

    def is_failing(self, held: Lease) -> bool:
        """Whether it is this watch that has the lease, and it could not do its work just now."""
        return self.trouble is not None and held.token == self._holder.token

    def _turn_now(self) -> bool:
        """Look at the clock, hold the lease if nobody else does, then sweep if that is called for, and send.

        Returns whether it swept.
        """
        state_file = self._state_file
        # Before the sweep: what a wrong clock makes late must wait for a lead.
        if clocks.look(state_file, self._machine) is not None:
            self._sweep_wanted = True
        up = state_file.clock.uptime().us
        if self._fence is None or not 0 <= up - self._renew_at < RENEW_S * 1_000_000:
            held, self._fence = self._fence, lease.hold(state_file, self._holder)
            self._renew_at = up
            if self._fence != held:
                self._sweep_wanted = True
        if self._fence is None:
            return False
        swept = self._sweep_wanted or not 0 <= up - self._sweep_at < SWEEP_ANYWAY_S * 1_000_000
        if swept:
            self._sweep_wanted = False
            try:
                board = follow(state_file, self._board, state_file.entries(self._board.seq))
                self._board = alerts.sweep(state_file, board, count=_count)
            except BaseException:
                self._sweep_wanted = True
                raise
            self._sweep_at = up
        try:
            self._courier.go(self._board, self._fence)
        except lease.Superseded:
            self._fence = None  # who stood still for too long is no longer the one who sends
        return swept

    def _leave(self) -> None:
        try:
            lease.release(self._state_file, self._holder)
        except WarroomError as error:
            _log.warning("the watch could not say that it ends: %s", error.message)

    def _next_due(self, board: Board) -> datetime | None:
        """The wall time at which time alone can next make something late."""
        run, clock = board.run, board.clock
        if run is None or run.closed_at is not None or clock is None:
            return None
        run_time = board.run_time(self._state_file.clock.now())
        due = next_change(board, forecast(board, run_time))
        return None if due is None else clock.wall_time(due)

    async def _due(self) -> None:
        self._want_sweep()

    def _want_sweep(self) -> None:
        assert self._wake is not None
        self._sweep_wanted = True
        self._wake.set()

    async def _beat(self, scheduler: AsyncIOScheduler) -> None:
        """Once a second: somebody may have to take over, a clock may have been set, a message may be due."""
        assert self._wake is not None
        before = self._state_file.clock.uptime().us
        while True:
            await asyncio.sleep(HEARTBEAT_S)
            now = self._state_file.clock.uptime().us
            if now - before > HELD_UP_S * 1_000_000:
                _log.warning("the watch stood still for %d s", (now - before) // 1_000_000)
                scheduler.wakeup()
                self._sweep_wanted = True
            before = now
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

    def _moved(self, _entries: tuple[Entry, ...]) -> None:
        self._sweep_wanted = True
        self._wake_from_outside()

    def _failed(self, error: WarroomError | None) -> None:
        if error is not None:
            _log.warning("the watch cannot read the state file: %s", error.message)
        self._sweep_wanted = True
        self._wake_from_outside()

    def _wake_from_outside(self) -> None:
        loop, wake = self._loop, self._wake
        if loop is not None and wake is not None and not loop.is_closed():
            loop.call_soon_threadsafe(wake.set)


def _count(board: Board, expected: Forecast) -> Decimal | None:
    from warroom.board.confidence import inside_window  # numpy, for the few runbooks that ask

    return inside_window(board, expected)
