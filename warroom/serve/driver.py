"""Textual's driver over a line to a terminal elsewhere: no thread, no signal, nothing of this process's own terminal.

Output is sent once per frame, and only as fast as the terminal takes it: after a while of output the terminal is asked
for its cursor, and its answer says that it has read so far. Meanwhile changes gather, and are drawn once. A terminal
that never answers is judged by what the line has not taken yet. Input is taken at a pace that a person can reach.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from typing import Any, BinaryIO, Protocol, TextIO, cast

from textual import constants, events
from textual.app import App
from textual.driver import Driver
from textual.geometry import Size
from textual.message import Message
from textual.messages import InBandWindowResize

from warroom.serve.transport import Transport, sensible
from warroom.tui.keys.terminal_input import TerminalInput

PING = b"\x1b[6n"
PING_EVERY = 2_048
"""So many bytes go out before the terminal is asked how far it has read."""

MOST_UNREAD, FEW_UNREAD = 49_152, 24_576
"""Bytes that a terminal has not read: above the first its drawing waits, below the second it goes on."""

MOST_WAITING, FEW_WAITING = 65_536, 16_384
"""The same of what the line has not taken."""

LAST_ANSWER_WITHIN_S = 0.5
"""So long the last answer is waited for at the end: later it would be typed into the person's own shell."""

ANSWERS_WITHIN_S = 2.0
"""A terminal that has not answered its first question after so many seconds cannot."""

LOOK_AGAIN_S = 0.05
LONGEST_SEQUENCE = 2_000_000
"""Bytes of input without a key or an end, a paste being the longest that makes sense."""

PIECE = 256
"""Bytes of input that are taken at once."""

KEYS_AT_ONCE, KEYS_A_SECOND = 200.0, 40.0
"""What is taken without a pause, and what for good. Keys held down make some thirty a second; each costs the loop that
all consoles share a few milliseconds."""

OTHER_KEY = 4.0
"""A key that is another than the one before counts for so many: nobody types more than ten a second for good, and each
may open a screen."""

MOST_INPUT, LITTLE_INPUT = 65_536, 8_192
"""Bytes of input that wait: above the first the line is asked to hold, below the second to go on."""

RESIZES_AT_ONCE, RESIZE_EVERY_S = 8.0, 0.4
"""So many new sizes are followed without a pause, and then one in so long: the last one always is. A screen drawn anew
takes the loop as long as ten keys."""

ORDINARY_SCREEN = 12_000
"""Cells of a screen that counts once; a bigger one counts for so much more, as its drawing takes longer."""

RESIZE_AFTER_S = 0.03

_OPEN = "\x1b[?1049h\x1b[?1000h\x1b[?1002h\x1b[?1006h\x1b[?25l\x1b[?1004h\x1b[?2004h\x1b[?7l\x1b[?2026$p"
_CLOSE_INPUT = "\x1b[?1000l\x1b[?1002l\x1b[?1006l\x1b[?2004l"
_CLOSE = "\x1b[?7h\x1b[?1049l\x1b[?25h\x1b[?1004l\x1b[0m"

_LOG = logging.getLogger(__name__)


class OnALine(Protocol):
    """What the driver asks of its app besides being one.

    Attributes:
        line: what carries bytes to the terminal.
        when_used: called whenever a key or the mouse is used.
    """

    line: Transport
    when_used: Callable[[], None] | None

    def drawn_by(self, driver: RemoteDriver) -> None:
        """The driver says that it is there."""
        ...


class RemoteDriver(Driver):
    """Draws an app on the line that the app was given (`OnALine.line`).

    Attributes:
        silent: nothing is sent for now; what is drawn meanwhile is lost.
    """

    def __init__(self, app: App[Any], **options: Any) -> None:
        super().__init__(app, **options)
        self._served = cast("OnALine", app)
        self._line = self._served.line
        self._closed = self._leaving = False
        self.silent = False
        self._output: list[str] = []
        self._flushing = False
        self._hold: AbstractContextManager[None] | None = None
        self._ping: int | None = None
        self._pinged_at = 0.0
        self._unread = 0
        self._since_ping = 0
        self._answers: bool | None = None
        self._nothing_asked = asyncio.Event()
        self._nothing_asked.set()
        self._taken = TerminalInput(partial(_LOG.warning, "a terminal sent what cannot be read", exc_info=True))
        self._input = bytearray()
        self._taking = False
        self._paused = False
        self._credit, self._counted_at = KEYS_AT_ONCE, self._loop.time()
        self._last_kind = ""
        self._unfinished = 0
        self._resizing = False
        self._resizes, self._resized_at = RESIZES_AT_ONCE, self._loop.time()

    # --- output ------------------------------------------------------------------------------------------------------

    @property
    def held(self) -> bool:
        """Whether drawing waits for the terminal."""
        return self._hold is not None

    def write(self, data: str) -> None:
        if self._closed or self.silent:
            return
        self._output.append(data)
        if not self._flushing:
            # A frame ends with a flush of its own; a bell or a pointer's shape does not.
            self._flushing = True
            self._loop.call_soon(self.flush)

    def flush(self) -> None:
        self._flushing = False
        if self._closed or not self._output:
            return
        data = "".join(self._output).encode("utf-8", "replace")
        self._output.clear()
        self._unread += len(data)
        self._since_ping += len(data)
        asks = self._answers is not False and not self._leaving
        if asks and self._ping is None and self._since_ping >= PING_EVERY:
            data += PING
            self._ping, self._since_ping, self._pinged_at = self._unread, 0, self._loop.time()
            self._nothing_asked.clear()
        self._line.write(data)
        if self._hold is None and self._behind(MOST_UNREAD, MOST_WAITING):
            self._hold = self._app.batch_update()
            self._hold.__enter__()
            self._loop.call_later(LOOK_AGAIN_S, self._release)

    def _behind(self, unread: int, waiting: int) -> bool:
        """Whether the terminal has more than so many bytes before it."""
        if self._line.backlog() > waiting:
            return True
        if self._answers is None and self._ping is not None and self._loop.time() - self._pinged_at > ANSWERS_WITHIN_S:
            self._answers, self._ping = False, None
        return self._answers is not False and self._unread > unread

    def _release(self) -> None:
        if self._hold is None:
            return
        if not self._closed and self._behind(FEW_UNREAD, FEW_WAITING):
            self._loop.call_later(LOOK_AGAIN_S, self._release)
            return
        self._let_go()
        if not self._closed and self._app.is_running:
            with self._app._context():
                self._app.screen.check_idle()

    def _let_go(self) -> None:
        hold, self._hold = self._hold, None
        if hold is not None:
            hold.__exit__(None, None, None)

    # --- input -------------------------------------------------------------------------------------------------------

    def feed(self, data: bytes) -> None:
        """Take in what the terminal sent."""
        if self._closed:
            return
        self._input += data
        if len(self._input) > MOST_INPUT and not self._paused:
            self._paused = True
            self._line.pause()
        if not self._taking:
            self._take()

    def _take(self) -> None:
        """Take in the next piece, and go on at the pace that is left."""
        self._taking = False
        if self._closed or not self._input:
            return
        piece = bytes(self._input[:PIECE])
        del self._input[:PIECE]
        # Outside the app's context: what the parser keeps must not keep the app.
        found = self._taken.read(piece)
        self._unfinished = 0 if found else self._unfinished + len(piece)
        if self._unfinished > LONGEST_SEQUENCE:
            _LOG.warning("a terminal sent a sequence without an end")
            self._app.exit(return_code=1)
            return
        self._loop.call_later(constants.ESCAPE_DELAY + 0.01, self._tick)
        self._deliver(found)
        now = self._loop.time()
        earned = (now - self._counted_at) * KEYS_A_SECOND
        self._credit = min(KEYS_AT_ONCE, self._credit + earned) - self._cost(found)
        self._counted_at = now
        if self._paused and len(self._input) < LITTLE_INPUT:
            self._paused = False
            self._line.resume()
        if self._input:
            self._taking = True
            self._loop.call_later(max(0.0, -self._credit / KEYS_A_SECOND), self._take)

    def _cost(self, messages: list[Message]) -> float:
        """What taking them costs of the credit."""
        cost = 0.0
        for message in messages:
            kind = message.key if isinstance(message, events.Key) else type(message).__name__
            cost += 1.0 if kind == self._last_kind else OTHER_KEY
            self._last_kind = kind
        return cost

    def _tick(self) -> None:
        """An escape that nothing followed was the key of that name."""
        if not self._closed:
            self._deliver(self._taken.tick())

    def _deliver(self, messages: list[Message]) -> None:
        with self._app._context():
            for message in messages:
                self.process_message(message)

    def process_message(self, message: Message) -> None:
        if isinstance(message, events.CursorPosition):
            self._answered()
        elif not isinstance(message, InBandWindowResize):  # the line tells sizes
            if self._served.when_used is not None and isinstance(message, (events.InputEvent, events.Paste)):
                self._served.when_used()
            super().process_message(message)

    def _answered(self) -> None:
        if self._ping is None:
            return
        self._answers = True
        self._unread -= self._ping
        self._ping = None
        self._nothing_asked.set()
        if self._unread:
            # While drawing waits no frame would carry the next question.
            self._since_ping = PING_EVERY
            self.write("")

    def send_message(self, message: Message) -> None:
        self._app.post_message(message)

    def resize(self, width: int, height: int) -> None:
        """The terminal has another size, in cells."""
        self._size = sensible(width, height)
        if not self._resizing:
            self._resizing = True
            now = self._loop.time()
            self._resizes = min(RESIZES_AT_ONCE, self._resizes + (now - self._resized_at) / RESIZE_EVERY_S)
            self._resized_at = now
            self._loop.call_later(max(RESIZE_AFTER_S, (1 - self._resizes) * RESIZE_EVERY_S), self._tell_size)

    def _tell_size(self) -> None:
        self._resizing = False
        if not self._closed and self._size is not None:
            size = Size(*self._size)
            self._resizes -= max(1.0, size.area / ORDINARY_SCREEN)
            self.send_message(events.Resize(size, size))

    # --- the life of the app -----------------------------------------------------------------------------------------

    def start_application_mode(self) -> None:
        assert self._size is not None
        size = Size(*self._size)
        self.send_message(events.Resize(size, size))
        self.write(_OPEN)
        self._served.drawn_by(self)

    def disable_input(self) -> None:
        self.write(_CLOSE_INPUT)

    def stop_application_mode(self) -> None:
        self._leaving, self.silent = True, False
        self.disable_input()
        self.write(_CLOSE)
        self.flush()

    async def last_answer(self) -> None:
        """Wait until the terminal has answered the last question, if it answers at all."""
        if self._answers:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._nothing_asked.wait(), LAST_ANSWER_WITHIN_S)

    def close(self) -> None:
        """Nothing is read or drawn any more."""
        if self._closed:
            return
        self._closed = True
        self._let_go()
        self._input.clear()
        self._taken.close()

    # --- what a driver could do to this machine ----------------------------------------------------------------------

    def open_url(self, url: str, new_tab: bool = True) -> None:
        """A link opens on the person's machine, or not at all."""

    def deliver_binary(self, binary: BinaryIO | TextIO, **_: Any) -> None:
        """No file is written on the server for somebody elsewhere."""
        binary.close()
