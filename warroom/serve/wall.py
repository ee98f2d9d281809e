"""Pictures of the wall for browsers: one console that nobody can type into, drawn once for all who look."""

from __future__ import annotations

import asyncio
import gzip
import logging
import re
from contextvars import Context
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from warroom.clock.times import show_time
from warroom.host.shared import SharedHost
from warroom.serve.console import ServedConsole
from warroom.serve.transport import Depth, Terminal
from warroom.vocabulary.journal import Caller
from warroom.vocabulary.words import Assurance, Via

SIZE = (160, 45)
"""Columns and lines of the picture."""

EVERY_S = 2.0
"""At most so often a picture is taken, and only while somebody looks."""

BROWSER = Caller("browser", Assurance.SYSTEM, Via.CONSOLE)
"""Whose console it is: nobody's of the programme; it may only look."""

_FONTS = re.compile(r"@font-face\s*\{[^}]*\}")
_VIEW = re.compile(r'viewBox="[^"]*"')
_TERMINAL = re.compile(r'-clip-terminal">\s*<rect x="0" y="0" width="([0-9.]+)" height="([0-9.]+)"')
_CHROME = re.compile(r'(</defs>).*?(<g transform="translate\(([0-9.]+), ([0-9.]+)\)" clip-path)', re.DOTALL)
_FAMILY = "Fira Code, monospace"
_OWN_FAMILY = "ui-monospace, 'DejaVu Sans Mono', 'Cascadia Mono', Menlo, Consolas, monospace"

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture: its number, an SVG packed with gzip, and the time of day in the programme's zone that it shows."""

    number: int
    packed: bytes
    as_of: str


class Nowhere:
    """A line on which everything is lost."""

    def write(self, data: bytes) -> None: ...

    def backlog(self) -> int:
        return 0

    def pause(self) -> None: ...

    def resume(self) -> None: ...

    def end(self, code: int) -> None: ...


class Wall:
    """The console of the browser view, from `async with` on; it is opened when the first one looks.

    Attributes:
        viewers: how many look.
        picture: the latest; None before the first.
    """

    def __init__(
        self, host: SharedHost, *, theme: str | None = None, theme_folders: tuple[Path, ...] | None = None
    ) -> None:
        self.viewers = 0
        self.picture: Picture | None = None
        self._host = host
        self._theme = theme
        self._theme_folders = theme_folders
        self._svg = ""
        self._changed = asyncio.Condition()
        self._wanted = asyncio.Event()
        self._app: ServedConsole | None = None
        self._running: asyncio.Task[None] | None = None
        self._drawing: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Wall:
        # A context of its own: in that of a console, it would be taken for it.
        self._drawing = asyncio.get_running_loop().create_task(self._draw(), name="wall pictures", context=Context())
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._drawing is not None:
            self._drawing.cancel()
            await asyncio.gather(self._drawing, return_exceptions=True)
        if self._running is not None:
            if self._app is not None and self._app.is_running:
                self._app.call_later(self._app.exit)
                await asyncio.wait([self._running], timeout=EVERY_S)
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)

    def enter(self) -> None:
        """Somebody looks."""
        self.viewers += 1
        self._wanted.set()

    def leave(self) -> None:
        """Somebody looks no more."""
        self.viewers -= 1
        if not self.viewers:
            self._wanted.clear()

    async def newer(self, number: int, within_s: float) -> Picture | None:
        """A picture after that number, as soon as there is one; None if there is none within so many seconds."""
        async with self._changed:
            try:
                async with asyncio.timeout(within_s):
                    await self._changed.wait_for(lambda: self.picture is not None and self.picture.number > number)
            except TimeoutError:
                return None
            return self.picture

    def as_of(self, wall: datetime) -> str:
        """A wall time as the page shows it."""
        return show_time(wall, self._host.board.programme.timezone, seconds=True, day=False)

    async def _draw(self) -> None:
        while True:
            await self._wanted.wait()
            try:
                await self._draw_once()
            except Exception:
                # It is tried again; those who look are told that what they see is old.
                _log.exception("the picture of the wall could not be drawn")
            await asyncio.sleep(EVERY_S)

    async def _draw_once(self) -> None:
        app = await self._console()
        wall = self._host.state_file.clock.now()
        with app._context():
            drawn = app.export_screenshot(simplify=True)
        if drawn == self._svg and self.picture is not None:
            return
        self._svg = drawn
        packed = await asyncio.to_thread(lambda: gzip.compress(harmless(drawn).encode(), 6))
        number = 1 if self.picture is None else self.picture.number + 1
        async with self._changed:
            self.picture = Picture(number, packed, self.as_of(wall))
            self._changed.notify_all()

    async def _console(self) -> ServedConsole:
        """The console, opened where it is not."""
        if self._app is None or self._running is None or self._running.done():
            self._app = app = ServedConsole(
                self._host.console(BROWSER, read_only=True, counted=False),
                Nowhere(),
                Terminal("browser", *SIZE, Depth.TRUE),
                name="the browser view",
                wall=True,
                theme=self._theme,
                theme_folders=self._theme_folders,
            )
            self._running = asyncio.get_running_loop().create_task(
                app.run_async(size=SIZE), name="console of the browser view", context=Context()
            )
            await _drawn_once(app, self._running)
        return self._app


async def _drawn_once(app: ServedConsole, running: asyncio.Task[None]) -> None:
    """Wait until a console has drawn itself, or is over."""
    drawn = asyncio.Event()
    asked = False
    while not running.done() and not drawn.is_set():
        if not asked and app.is_running and app.screen_stack and app.screen.is_mounted:
            asked = app.call_after_refresh(drawn.set)
        await asyncio.sleep(0.02)


def harmless(svg: str) -> str:
    """The picture without what it would fetch from elsewhere, and without a drawn window around it."""
    svg = _FONTS.sub("", svg).replace(_FAMILY, _OWN_FAMILY)
    terminal, chrome = _TERMINAL.search(svg), _CHROME.search(svg)
    if terminal is None or chrome is None:
        return svg
    width, height = terminal[1], terminal[2]
    svg = _CHROME.sub(r"\1\2", svg, count=1)
    return _VIEW.sub(f'viewBox="{chrome[3]} {chrome[4]} {width} {height}"', svg, count=1)
