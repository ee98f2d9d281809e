"""Keys one after the other, however fast they come.

A key travels from the widget that has the focus up to the app, which knows what it means; one that comes meanwhile
would still go to the old focus. A slow line brings many keys at once: what follows the `/` of a filter must be typed
there, and must not be taken for a command. So the next key waits until the one before has come through.
"""

from __future__ import annotations

import asyncio
from collections import deque

from textual.events import Key, Paste
from textual.message import Message
from textual.message_pump import MessagePump

LOOK_EVERY_S = 0.02
"""So often it is looked, while keys wait, whether the one before can still come through: a screen that it closes may
take it down."""

LOST_AFTER_S = 0.5
"""After so many seconds nobody waits for it any more."""

LAPS = 2
"""A message that a widget sends because of a key, as a field does at enter, comes behind the first lap."""


class CameThrough(Message, bubble=True):
    """Takes the way of a key right behind it, `LAPS` times.

    Args:
        to: the widget to which the key was given.
    """

    def __init__(self, to: MessagePump, lap: int = 1) -> None:
        super().__init__()
        self.to = to
        self.lap = lap


class KeysInTurn:
    """The keys of one app."""

    def __init__(self, app: MessagePump) -> None:
        self._app = app
        self._waiting: deque[Key | Paste] = deque()
        self._turn: Key | Paste | None = None  # the one that has its turn, and is on its way back to the app
        self._under_way: CameThrough | None = None
        self._sent_at = 0.0
        self._looking = False

    def must_wait(self, event: Key | Paste) -> bool:
        """Whether another key is still under way; `event` then comes again in its turn."""
        if event is self._turn:
            self._turn = None
            return False
        if self._turn is None and not self._waiting and not self._is_under_way():
            return False
        self._waiting.append(event)
        if not self._looking:
            self._look()
        return True

    def sent(self, to: MessagePump) -> None:
        """A key was given to the widget that has the focus."""
        self._sent_at = asyncio.get_running_loop().time()
        self._follow(CameThrough(to))

    def came_through(self, message: CameThrough) -> None:
        """After the last lap the next one has its turn."""
        if message is not self._under_way:
            return
        if message.lap < LAPS:
            self._follow(CameThrough(message.to, message.lap + 1))
        else:
            self._next()

    def _follow(self, message: CameThrough) -> None:
        self._under_way = message
        if not message.to.post_message(message):
            self._next()

    def _next(self) -> None:
        self._under_way = None
        if self._waiting and self._turn is None:
            self._turn = self._waiting.popleft()
            self._app.post_message(self._turn)

    def _is_under_way(self) -> bool:
        """Whether the last key can still come through."""
        if self._under_way is None:
            return False
        waited = asyncio.get_running_loop().time() - self._sent_at
        return self._under_way.to.is_running and waited < LOST_AFTER_S

    def _look(self) -> None:
        self._looking = bool(self._waiting)
        if self._looking:
            if self._turn is None and not self._is_under_way():
                self._next()
            asyncio.get_running_loop().call_later(LOOK_EVERY_S, self._look)
