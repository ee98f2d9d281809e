"""Textual's driver for the terminal of this process, and its screen right after the process was stopped for a while."""

from __future__ import annotations

from functools import partial

from textual.drivers.linux_driver import LinuxDriver


class OwnDriver(LinuxDriver):
    """Textual's own leaves the terminal when it is told to stop (SIGTSTP), and comes back with SIGCONT.

    It does not draw what was there, and it begins twice where it was stopped without being told (SIGSTOP).

    Attributes:
        left: the terminal is left to somebody else.
    """

    left = False

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
