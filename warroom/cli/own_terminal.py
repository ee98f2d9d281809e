"""A console on the terminal of this process: it gives that back as it was, however the console is ended.

A signal ends it as `q` does. A terminal that is gone ends it as a hang-up does, though no signal may tell: a process
under nohup, or in a container whose terminal was closed, gets none. Textual would read the end of the input for ever,
and stop for good once nobody takes what it draws.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from queue import Empty, SimpleQueue
from threading import Event, Thread
from time import monotonic
from typing import Any

from warroom.tui.app import ConsoleApp

LOOK_EVERY_S = 1.0

ASK_EVERY_S = 0.2
"""A console that is only just beginning does not hear the first time."""

END_WITHIN_S = 5.0
"""A console that has not ended so many seconds after it was told to is ended without being asked."""

BY_SIGNAL = 128
"""The exit code of whoever ends by a signal is so much and its number."""

GONE = BY_SIGNAL + 1
"""The exit code where the terminal is gone: that of a program that SIGHUP ended."""

AS_BEFORE = b"\x1b[?2004l\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l\x1b[?7h\x1b[<u\x1b[?1049l\x1b[?25h\x1b[?1004l"
"""What Textual writes when it leaves, for the terminal of a console that could not leave by itself."""


@contextmanager
def on_own_terminal(app: ConsoleApp) -> Iterator[None]:
    """End `app`, which is run in the block, when this process is told to end or its terminal is gone.

    The exit code is then that of the app. A second signal ends the process at once.
    """
    if sys.platform == "win32":
        yield
        return
    from warroom.cli.own_driver import OwnDriver

    app.driver_class = OwnDriver
    ending = _Ending(app)
    ending.thread.start()
    # One that is ignored stays so: SIGHUP under nohup, SIGINT of what a script runs in the background.
    heard = [
        number
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        if signal.getsignal(number) is not signal.SIG_IGN
    ]
    before = {number: signal.signal(number, ending.told) for number in heard}
    try:
        yield
    finally:
        ending.over.set()
        for number, handler in before.items():
            signal.signal(number, handler)


class _Ending:
    """Waits for a signal, and looks whether the terminal is still there, on a thread of its own."""

    def __init__(self, app: ConsoleApp) -> None:
        self._app = app
        self._signals: SimpleQueue[int] = SimpleQueue()
        self._terminals = [descriptor for descriptor in (0, 1, 2) if os.isatty(descriptor)]
        self._as_before = _modes()
        self.over = Event()
        self.thread = Thread(target=self._look, name="own terminal", daemon=True)

    def told(self, number: int, _: Any) -> None:
        """A signal came. It may have come in the middle of anything, and this queue may be used all the same."""
        self._signals.put(number)

    def _look(self) -> None:
        while not self.over.is_set():
            number = self._next(LOOK_EVERY_S)
            there = _modes() is not None
            if not there:
                # What is still drawn goes nowhere, so that nothing waits for a terminal that will never take it.
                nowhere = os.open(os.devnull, os.O_RDWR)
                for descriptor in self._terminals:
                    os.dup2(nowhere, descriptor)
            elif number is None or (number == signal.SIGINT and self._is_left):
                continue  # whoever reads in the pager interrupts that
            self._end(GONE if number is None else BY_SIGNAL + number, there=there)
            return

    def _next(self, seconds: float) -> int | None:
        with suppress(Empty):
            return self._signals.get(timeout=seconds)
        return None

    @property
    def _is_left(self) -> bool:
        """Whether the terminal is left to another program."""
        from warroom.cli.own_driver import OwnDriver

        driver = self._app._driver
        return isinstance(driver, OwnDriver) and driver.left

    def _end(self, code: int, *, there: bool) -> None:
        until = monotonic() + END_WITHIN_S
        while monotonic() < until and not self.over.is_set():
            self._app.call_later(partial(self._app.exit, return_code=code))
            if self._next(ASK_EVERY_S) is not None:
                break
        if not self.over.is_set():
            if there:
                self._give_back()
            os._exit(code)

    def _give_back(self) -> None:
        """Make the terminal what it was."""
        import termios

        with suppress(termios.error, OSError):
            if self._as_before is not None:
                termios.tcsetattr(0, termios.TCSANOW, self._as_before)
            os.set_blocking(2, False)  # nothing waits for a terminal that is held
            os.write(2, AS_BEFORE)
            os.set_blocking(2, True)


def _modes() -> list[Any] | None:
    """How the terminal of this process treats what is typed. None: it was hung up, and refuses whatever it is asked."""
    import termios

    try:
        return termios.tcgetattr(0)
    except termios.error:
        return None
