"""A thread for each channel, so that one that hangs holds up no other, and nothing else.

A sending that does not come back in time is given up, and its thread left to itself; the next message gets a new one.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from warroom.alerts.sending import Message, NotSent

MARGIN_S = 5.0
"""How much longer than a channel's own timeout is waited for it: it is kept for each answer, not for all of them."""

HANGING = 3
"""So many threads of one channel may hang; then nothing more is tried until one comes back."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a message: `error` is why it was not sent, None when it was."""

    message: Message
    error: NotSent | None


class Lane:
    """The sendings of one channel, one after the other.

    Args:
        send: sends a message; raises NotSent.
        timeout_s: how long one may take, seconds.
        done: called on any thread with what became of each message.
    """

    def __init__(
        self, name: str, send: Callable[[Message], None], timeout_s: float, done: Callable[[Outcome], None]
    ) -> None:
        self._name = name
        self._send = send
        self._patience_s = timeout_s + MARGIN_S
        self._done = done
        self._lock = threading.Lock()
        self._waiting: deque[Message] = deque()
        self._under_way: tuple[threading.Thread, Message, float] | None = None
        self._hanging: list[threading.Thread] = []

    def put(self, message: Message) -> None:
        """Send it when its turn comes."""
        with self._lock:
            self._waiting.append(message)
            self._go_on()

    def look(self) -> None:
        """Give up what takes too long; to be called now and then."""
        given_up: list[Outcome] = []
        with self._lock:
            self._hanging = [thread for thread in self._hanging if thread.is_alive()]
            if self._under_way is not None:
                thread, message, since = self._under_way
                if time.monotonic() - since > self._patience_s:
                    self._under_way = None
                    self._hanging.append(thread)
                    given_up.append(Outcome(message, NotSent(f"no answer within {self._patience_s:g} s")))
            if len(self._hanging) >= HANGING:
                reason = f"the channel hangs: {len(self._hanging)} sendings never came back"
                given_up += (Outcome(message, NotSent(reason)) for message in self._waiting)
                self._waiting.clear()
            self._go_on()
        for outcome in given_up:
            self._done(outcome)

    def _go_on(self) -> None:
        """Begin with the next message; the lock is held."""
        if self._under_way is None and self._waiting and len(self._hanging) < HANGING:
            message = self._waiting.popleft()
            thread = threading.Thread(target=self._work, args=(message,), name=f"channel {self._name}", daemon=True)
            self._under_way = thread, message, time.monotonic()
            thread.start()

    def _work(self, message: Message) -> None:
        error: NotSent | None = None
        try:
            self._send(message)
        except NotSent as not_sent:
            error = not_sent
        with self._lock:
            if self._under_way is None or self._under_way[0] is not threading.current_thread():
                return  # it was given up meanwhile
            self._under_way = None
            self._go_on()
        self._done(Outcome(message, error))
