"""The console of somebody whose terminal is elsewhere: the same app, kept from touching anything of this process."""

from __future__ import annotations

import io
import logging
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO

from rich.color import ColorSystem
from rich.console import Console, RenderableType
from textual.driver import Driver
from textual.filter import LineFilter

from warroom.host.interface import Host
from warroom.serve.depth_filter import DepthFilter
from warroom.serve.driver import RemoteDriver
from warroom.serve.transport import Depth, Terminal, Transport
from warroom.tui.app import ConsoleApp
from warroom.tui.doing.command_log import CommandLog
from warroom.tui.look.glyphs import GlyphSet
from warroom.tui.places import Place, go_to, place_of

ARRIVES_WITHIN_S = 3.0
"""Whoever is not back where they were after so many seconds sees how far it went."""

_LOG = logging.getLogger(__name__)

_SYSTEMS = {
    Depth.STANDARD: ColorSystem.STANDARD,
    Depth.EIGHT_BIT: ColorSystem.EIGHT_BIT,
}
"""What Rich calls the colours of each depth but the whole."""


def drawing_in(depth: Depth, file: IO[str]) -> Console:
    """What Rich draws with in the colours of a terminal, whatever this process itself was started in."""
    return Console(
        color_system="standard" if depth is Depth.NONE else depth.value,  # type: ignore[arg-type]
        file=file,
        markup=True,
        highlight=False,
        emoji=False,
        legacy_windows=False,
        _environ={},
        force_terminal=True,
        safe_box=False,
        soft_wrap=False,
    )


class ServedConsole(ConsoleApp):
    """One of many consoles in this process.

    Args:
        line: what carries bytes to the terminal.
        terminal: what is known of it.
        ascii_only: draw with ASCII, whatever the terminal can show.
        place: where to go first; the first screen of it is `screen`.
        name: whose it is, for the log.

    Attributes:
        line: as given.
        place: where the person was when they left.
        when_drawn: called once the console has begun to draw. `when_used`: whenever a key or the mouse is used.
        failed: the console broke, and ended for that.
    """

    def __init__(
        self,
        host: Host,
        line: Transport,
        terminal: Terminal,
        *,
        name: str,
        screen: str = "war-room",
        wall: bool = False,
        theme: str | None = None,
        theme_folders: tuple[Path, ...] | None = None,
        ascii_only: bool = False,
        compact: bool = False,
        place: Place = (),
    ) -> None:
        self.line = line
        self.driver: RemoteDriver | None = None
        self.when_drawn: Callable[[], None] | None = None
        self.when_used: Callable[[], None] | None = None
        self.place: Place = ()
        self.failed = False
        self._going_to = place
        self._whose = name
        super().__init__(
            host,
            screen=screen,
            wall=wall,
            theme=theme,
            theme_folders=theme_folders,
            glyphs=GlyphSet.ASCII if ascii_only else terminal.glyphs,
            compact=compact,
            no_color=terminal.depth is Depth.NONE,
        )
        self.commands = CommandLog(served=True)
        # Textual would lead the process's own output into whichever app was last, and print tracebacks with all values.
        self._capture_stdout, self._capture_stderr = sys.stdout, sys.stderr  # type: ignore[assignment]
        self.error_console = Console(file=io.StringIO())
        # The colours of the terminal, whatever the server was started in.
        self._depth_filter = DepthFilter(_SYSTEMS[terminal.depth]) if terminal.depth in _SYSTEMS else None
        self.console = drawing_in(terminal.depth, self.console.file)

    def get_line_filters(self) -> Sequence[LineFilter]:
        depth = self._depth_filter
        return super().get_line_filters() if depth is None else [*super().get_line_filters(), depth]

    def get_driver_class(self) -> type[Driver]:
        return RemoteDriver

    def drawn_by(self, driver: RemoteDriver) -> None:
        """The driver says that it is there."""
        self.driver = driver
        # The first picture is that of the place, and the first key is for it.
        driver.silent = bool(self._going_to)
        if not self._going_to:
            self._begin()

    def on_mount(self) -> None:
        if self._going_to:
            self.call_after_refresh(go_to, self, self._going_to, self._arrived)
            self.set_timer(ARRIVES_WITHIN_S, self._arrived)

    def _arrived(self) -> None:
        if not self._going_to:
            return
        self._going_to = ()
        assert self.driver is not None
        self.driver.silent = False
        self.refresh()
        self._begin()

    def _begin(self) -> None:
        if self.when_drawn is not None:
            self.when_drawn()

    def exit(self, result: None = None, return_code: int = 0, message: RenderableType | None = None) -> None:  # noqa: ARG002
        """End; where the person is meanwhile is kept, and nothing is printed on this process's own terminal."""
        if not self._exit and not self._wall and self.is_running:
            # A line that drops at once must not lose the place to which it was about to go.
            self.place = self._going_to or place_of(self)
        super().exit(result, return_code)

    def _handle_exception(self, error: Exception) -> None:
        if self._exit:
            # Its screens are taken down while they are still being built; that is no fault of theirs.
            _LOG.info("the console of %s ended in the middle of something: %r", self._whose, error)
            self._close_messages_no_wait()
            return
        _LOG.error("the console of %s broke", self._whose, exc_info=error)
        super()._handle_exception(error)

    def _fatal_error(self) -> None:
        # Textual's own draws a traceback with all values of all frames: half a second in which nobody is served.
        self.failed = True
        self._close_messages_no_wait()

    def panic(self, *renderables: RenderableType) -> None:  # noqa: ARG002
        self._fatal_error()
