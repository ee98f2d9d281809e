"""Sending what is owed: between the rows that say what became of each message, and the channels.

Delivery is at least once. A message is marked as being sent before it leaves and as sent after it has; whoever is
killed in between leaves it to the next holder of the watch, who sends it again under the same key.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from warroom.actions import deliveries
from warroom.actions.lease import Superseded
from warroom.alerts import outbox
from warroom.alerts.announcing import announce
from warroom.alerts.channels import Channels
from warroom.alerts.lanes import Lane, Outcome
from warroom.alerts.messages import compose, key_of
from warroom.alerts.sending import Message, send
from warroom.board.board import Board
from warroom.board.rows import Delivery
from warroom.rules.owed import Routes, channel_of, owed
from warroom.store.statefile import StateFile
from warroom.vocabulary.words import DeliveryState

_log = logging.getLogger(__name__)


class Courier:
    """Sends in the name of the watch, while it holds the lease.

    Args:
        channels: None: this process knows none; what is owed is written down and waits for one that does.
        told: called on any thread when a message came to an end, so that `go` is called soon.
    """

    def __init__(self, state_file: StateFile, channels: Channels | None, told: Callable[[], None]) -> None:
        self._state_file = state_file
        self._channels = channels
        self._told = told
        self._routes = Routes() if channels is None else channels.routes
        self._lanes: dict[str, Lane] = {}
        self._under_way: dict[str, list[Delivery]] = {}
        self._outcomes: list[Outcome] = []
        self._lock = threading.Lock()
        self._owed_at: tuple[int, int] | None = None  # fence and seq at which all that was owed had been written down
        self._fence = 0

    def go(self, board: Board, fence: int) -> None:
        """Write down what is owed and what became of messages, and send what is due.

        Args:
            board: the newest one.
            fence: that of the lease; when it is another one than before, what was under way is as good as lost.

        Raises:
            Superseded: somebody else watches by now. Busy, StateFileError: it is tried again at the next call.
        """
        if fence != self._fence:
            self._fence = fence
            self._under_way.clear()
        for lane in list(self._lanes.values()):
            lane.look()
        self._settle(fence)
        self._note_owed(board, fence)
        if self._channels is not None:
            self._send(self._channels, board, fence)

    def _settle(self, fence: int) -> None:
        with self._lock:
            outcomes, self._outcomes = self._outcomes, []
        now = self._state_file.clock.now()
        for place, outcome in enumerate(outcomes):
            batch = self._under_way.get(outcome.message.key)
            if batch is None:
                continue  # it was sent in the name of an earlier lease
            error = outcome.error
            changes = (
                outbox.sent(batch, now)
                if error is None
                else outbox.failed(batch, str(error), now, for_good=error.for_good)
            )
            try:
                deliveries.write(self._state_file, fence, changes=changes)
            except Superseded:
                raise
            except BaseException:
                with self._lock:
                    self._outcomes[:0] = outcomes[place:]
                raise
            del self._under_way[outcome.message.key]
            self._owed_at = None  # those who were sent it may be owed that it is over
            if error is not None:
                _log.warning("a message to %s was not sent: %s", outcome.message.to, error)

    def _note_owed(self, board: Board, fence: int) -> None:
        run = board.run
        if run is None or self._owed_at == (fence, board.seq):
            return
        now = self._state_file.clock.now()
        known = deliveries.of_run(self._state_file, run.id)
        new = [outbox.row_of(one, now) for one in owed(board, self._state_file.genesis, known, self._routes)]
        if new:
            deliveries.write(self._state_file, fence, new=new)
        self._owed_at = fence, board.seq

    def _send(self, channels: Channels, board: Board, fence: int) -> None:
        now = self._state_file.clock.now()
        waiting = deliveries.waiting(self._state_file)
        work = outbox.work_on(board, waiting, now, under_way=self._under_way.keys())
        to_send, changes = [], work.changes
        for batch in work.batches:
            if channel_of(batch[0].channel) not in channels.named:
                reason = f"the channels file has no {channel_of(batch[0].channel)}"
                changes += outbox.failed(batch, reason, now, for_good=True)
                continue
            key = batch[0].message or key_of(batch)
            to_send.append(key)
            changes += outbox.claimed(batch, key, fence)
        if not changes:
            return
        written = deliveries.write(self._state_file, fence, changes=changes)
        head = self._state_file.head()
        for key in to_send:
            # Only what was written down as being sent is sent.
            if batch := [one for one in written if one.message == key and one.state is DeliveryState.SENDING]:
                self._under_way[key] = batch
                self._lane(channels, channel_of(batch[0].channel)).put(
                    compose(board, batch, key, (head.seq, head.hash))
                    if batch[0].announcement_id is None
                    else announce(board, batch[0], key)
                )

    def _lane(self, channels: Channels, name: str) -> Lane:
        if name not in self._lanes:
            channel = channels.named[name]

            def carry(message: Message) -> None:
                send(channels, channel, message, self._state_file.clock.now())

            self._lanes[name] = Lane(name, carry, channel.timeout_s, self._came_to_an_end)
        return self._lanes[name]

    def _came_to_an_end(self, outcome: Outcome) -> None:
        with self._lock:
            self._outcomes.append(outcome)
        self._told()
