"""Textual's driver for the terminal of this process: what is pasted is text, and the screen is right after the process
was stopped for a while."""

from __future__ import annotations

import os
import select
from functools import partial

from textual.drivers.linux_driver import LinuxDriver

from warroom.tui.keys.terminal_input import TerminalInput

LOOK_EVERY_S = 0.1

AT_ONCE = 4096
"""Bytes that are read in one go."""


class OwnDriver(LinuxDriver):
    """Textual's own takes keys from what is pasted.

    It also leaves the terminal when it is told to stop (SIGTSTP), and comes back with SIGCONT, but does not draw what
    was there; and it begins twice where it was stopped without being told (SIGSTOP).

    Attributes:
        left: the terminal is left to somebody else.
    """

    left = False

    def run_input_thread(self) -> None:
        """Read keys, pastes and the mouse until the driver stops."""
        taken = TerminalInput()
        while not self.exit_event.is_set():
            if select.select([self.fileno], [], [], LOOK_EVERY_S)[0]:
                try:
                    data = os.read(self.fileno, AT_ONCE)
                except OSError:
                    data = b""
                if not data:  # it is gone, which somebody else finds, or this process is in the background
                    self.exit_event.wait(LOOK_EVERY_S)
                    continue
                for message in taken.read(data):
                    self.process_message(message)
            for message in taken.tick():
                self.process_message(message)
        taken.close()

    def suspend_application_mode(self) -> None:
        super().suspend_application_mode()
        self.left = True

    def resume_application_mode(self) -> None:
        if self.left:
            super().resume_application_mode()
            self.left = False
            self._loop.call_soon_threadsafe(self._app.call_later, partial(self._app.refresh, layout=True))
        else:
            # Not in the middle of what the signal interrupted.
            self._loop.call_soon_threadsafe(self._begin_again)

    def _begin_again(self) -> None:
        """Leave the terminal, whatever it has become, and take it anew."""
        if not self.left:
            self.suspend_application_mode()
            self.resume_application_mode()
