"""The consoles that are open: whose they are, how many there may be, and how they begin and end."""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import Callable, Iterator
from contextvars import Context
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from warroom.board.rows import Person
from warroom.host.shared import SharedHost
from warroom.rules.permissions import actor_of
from warroom.serve.console import ServedConsole
from warroom.serve.transport import Terminal, Transport
from warroom.serve.wanted import Wanted
from warroom.tui.places import Place
from warroom.vocabulary.errors import Refused
from warroom.vocabulary.journal import Caller
from warroom.vocabulary.text import one_line
from warroom.vocabulary.words import Assurance, Via

END_WITHIN_S = 5.0
"""A console that has not ended so many seconds after it was told to is ended without being asked."""

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Known:
    """Who is at the other end of a line, and how that is known.

    Attributes:
        person_id: key of the person.
        handle: that person's.
        address: where the line comes from, for people to read.
        key_id: the row of the public key that said so; None where something else did.
    """

    person_id: int
    handle: str
    address: str
    key_id: int | None = None

    @property
    def caller(self) -> Caller:
        """Who acts; nothing that the person says can change it."""
        return Caller(self.handle, Assurance.KEY, Via.SSH)


@dataclass(eq=False)
class Session:
    """One console on one line.

    Attributes:
        passing: it was asked for by name; the next one begins where the last one that was not ended.
        opened_at: wall clock, UTC. `used_at`: when the person last did something, the same.
        ended: set once the console is over and the line is told so.
    """

    known: Known
    line: Transport
    app: ServedConsole
    opened_at: datetime
    used_at: datetime
    now: Callable[[], datetime]
    width: int
    height: int
    passing: bool = False
    lost: bool = False
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    _told: list[Callable[[Session], None]] = field(default_factory=list)
    _begun: bool = False
    _early: bytearray = field(default_factory=bytearray)
    _reason: str | None = None
    _task: asyncio.Task[None] | None = None

    @property
    def screen(self) -> str:
        """Name of the screen on which the person is."""
        stack = self.app.screen_stack if self.app.is_running else ()
        return next((one.SCREEN_NAME for one in reversed(stack) if getattr(one, "SCREEN_NAME", "")), "")

    def used(self) -> None:
        """The person pressed a key, or used the mouse."""
        self.used_at = self.now()

    def drawn(self) -> None:
        """The console has begun to draw, where the person is to begin."""
        self._begun = True
        driver, early = self.app.driver, bytes(self._early)
        assert driver is not None
        self._early.clear()
        driver.resize(self.width, self.height)
        if early:
            driver.feed(early)

    def feed(self, data: bytes) -> None:
        """The terminal sent something."""
        if self._begun and self.app.driver is not None:
            self.app.driver.feed(data)
        elif len(self._early) < 4_096:  # typed ahead
            self._early += data

    def resize(self, width: int, height: int) -> None:
        """The terminal has another size, in cells."""
        self.width, self.height = width, height
        if self.app.driver is not None:
            self.app.driver.resize(width, height)

    def told_when_over(self, told: Callable[[Session], None]) -> None:
        """Have `told` called once the console is over."""
        self._told.append(told)

    def line_lost(self) -> None:
        """Nobody is at the other end any more."""
        self.lost = True
        self.end()

    def end(self, reason: str | None = None) -> None:
        """End the console; `reason` is told to whoever sits before it."""
        if self._task is None or self._task.done():
            return
        self._reason = self._reason or reason
        if self.app.is_running:
            self.app.call_later(self.app.exit)
        else:
            self.app.exit()
        asyncio.get_running_loop().call_later(END_WITHIN_S, self._task.cancel)


class Sessions:
    """All of them.

    Args:
        most: so many in all, and `most_each` of one person.
        theme: the one with which consoles begin; None: the default.

    Attributes:
        places: where people were when they left last, by the key of the person.
    """

    def __init__(
        self,
        host: SharedHost,
        *,
        most: int = 200,
        most_each: int = 6,
        theme: str | None = None,
        theme_folders: tuple[Path, ...] | None = None,
    ) -> None:
        self.host = host
        self.most = most
        self.most_each = most_each
        self._theme = theme
        self._theme_folders = theme_folders
        self._open: dict[Session, None] = {}
        self.places: dict[int, Place] = {}
        self._closing: str | None = None

    def __iter__(self) -> Iterator[Session]:
        return iter(tuple(self._open))

    def __len__(self) -> int:
        return len(self._open)

    async def __aenter__(self) -> Sessions:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.end_all("the server has stopped")

    def quiet_for(self) -> float:
        """For how many seconds nobody has pressed a key; since for ever where nobody has a console open."""
        now = self.host.state_file.clock.now()
        return min(((now - session.used_at).total_seconds() for session in self._open), default=math.inf)

    def insist_on_room(self, known: Known) -> None:
        """Refuse another session where there are too many.

        Raises:
            Refused: there are, or the server is about to stop.
        """
        if self._closing is not None:
            raise Refused(self._closing, hint="try again in a moment")
        if sum(one.known.person_id == known.person_id for one in self._open) >= self.most_each:
            raise Refused(f"{known.handle} has {self.most_each} consoles open already", hint="leave one with q")
        if len(self._open) >= self.most:
            raise Refused(f"{self.most} consoles are open already", hint="ask whoever runs the server")

    def open(self, known: Known, line: Transport, terminal: Terminal, wanted: Wanted) -> Session:
        """Open a console for somebody. It ends by itself, and then ends its line.

        Raises:
            Refused: there are too many.
        """
        self.insist_on_room(known)
        place = () if wanted.named else self.places.get(known.person_id, ())
        person = self.host.board.rows(Person)[known.person_id]
        home = "war-room" if actor_of(person).leads else "owner"
        now = self.host.state_file.clock.now
        app = ServedConsole(
            self.host.console(known.caller, read_only=wanted.read_only or wanted.wall),
            line,
            terminal,
            name=known.handle,
            screen=wanted.screen or (place[0].name if place else home),
            wall=wanted.wall,
            theme=wanted.theme or self._theme,
            theme_folders=self._theme_folders,
            ascii_only=wanted.ascii_only,
            compact=wanted.compact,
            place=place,
        )
        session = Session(known, line, app, now(), now(), now, terminal.width, terminal.height, wanted.named)
        app.when_drawn, app.when_used = session.drawn, session.used
        self._open[session] = None
        # A context of its own: in that of another console it would take itself for that one.
        session._task = asyncio.get_running_loop().create_task(
            self._run(session), name=f"console of {known.handle}", context=Context()
        )
        return session

    async def end_all(self, reason: str) -> None:
        """End all consoles, tell people why, and open no more."""
        self._closing = reason
        tasks = [session._task for session in self._open if session._task is not None]
        for session in self:
            session.end(reason)
        if tasks:
            await asyncio.wait(tasks, timeout=2 * END_WITHIN_S)

    async def abandon(self, reason: str) -> None:
        """End those that are still open, without giving them time; people are told why all the same."""
        self._closing = reason
        tasks = [session._task for session in self._open if session._task is not None]
        for session in self:
            session.end(reason)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _run(self, session: Session) -> None:
        app = session.app
        try:
            await app.run_async(size=(session.width, session.height))
            if app.driver is not None and not session.lost:
                await app.driver.last_answer()
        except asyncio.CancelledError:
            _LOG.warning("the console of %s did not end by itself", session.known.handle)
        except Exception:
            app.failed = True
            _LOG.exception("the console of %s broke", session.known.handle)
        finally:
            if app.driver is not None:
                app.driver.close()
            if not session.passing and (app.place or app.failed):
                # Not back to where it broke.
                self.places[session.known.person_id] = () if app.failed else app.place
            self._open.pop(session, None)
            self._say_goodbye(session)
            session.ended.set()
            for told in session._told:
                told(session)

    def _say_goodbye(self, session: Session) -> None:
        if session.lost:
            return
        said = session._reason
        if session.app.failed:
            said = "the console broke, and nothing that was recorded is lost; log in again to go on"
        if said is not None:
            session.line.write(f"warroom: {one_line(said)}\r\n".encode())
        session.line.end(1 if session.app.failed or session._reason is not None else session.app.return_code or 0)
