"""What a console does when its terminal is gone: it ends, as it would at a hang-up that was never told.

A process under nohup, or in a container whose terminal was closed, gets no SIGHUP. Textual would read the end of the
input for ever, and stop for good once nobody takes what it draws.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from threading import Event, Thread

from warroom.tui.app import ConsoleApp

LOOK_EVERY_S = 1.0

END_WITHIN_S = 5.0
"""A console that has not ended so many seconds after its terminal is gone is ended without being asked."""

GONE = 129
"""The exit code, which is that of a program that SIGHUP ended."""


@contextmanager
def ended_with_its_terminal(app: ConsoleApp) -> Iterator[None]:
    """End `app`, which is run in the block, once the terminal of this process is gone."""
    if sys.platform == "win32":
        yield
        return
    over = Event()
    terminals = [descriptor for descriptor in (0, 1, 2) if os.isatty(descriptor)]
    looking = Thread(target=_look, args=(app, over, terminals), name="own terminal", daemon=True)
    looking.start()
    try:
        yield
    finally:
        over.set()


def _look(app: ConsoleApp, over: Event, terminals: list[int]) -> None:
    while not over.wait(LOOK_EVERY_S):
        if _is_there():
            continue
        # What is still drawn goes nowhere, so that nothing waits for a terminal that will never take it.
        nowhere = os.open(os.devnull, os.O_RDWR)
        for descriptor in terminals:
            os.dup2(nowhere, descriptor)
        app.call_later(partial(app.exit, return_code=GONE))
        if not over.wait(END_WITHIN_S):
            os._exit(GONE)
        return


def _is_there() -> bool:
    """Whether the terminal of this process is; one that was hung up refuses whatever it is asked."""
    import termios

    try:
        termios.tcgetattr(0)
    except termios.error:
        return False
    return True
