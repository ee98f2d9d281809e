"""Who came in, who left and who was refused, written to the journal off the loop."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from warroom.actions import keys
from warroom.host.shared import SharedHost
from warroom.serve.sessions import Known, Session
from warroom.vocabulary.errors import WarroomError

REFUSED_EVERY_S = 60.0
"""Refused log-ins are told together, once in so many seconds, however many there are."""

COMMANDS_EVERY = timedelta(hours=1)
"""Log-ins for single commands, such as a script's, are noted once in so long for each person, key and address."""

MOST_ADDRESSES = 5
"""So many are named when refused log-ins are told together."""

MOST_LOGGED = 20
"""So many lines of the log before that are about single ones."""

_MOST_KEPT = 1_000

_LOG = logging.getLogger(__name__)


class Audit:
    """Notes log-ins; what cannot be written is in the log, and holds nobody up."""

    def __init__(self, host: SharedHost) -> None:
        self._host = host
        self._refused: Counter[str] = Counter()
        self._logged: set[tuple[str, str]] = set()
        self._shut: dict[str, None] = {}
        self._noted: dict[tuple[Known, str], datetime] = {}
        self._writing: set[asyncio.Future[Any]] = set()
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Audit:
        self._task = asyncio.get_running_loop().create_task(self._summarise(), name="audit")
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        self._tell_refused()
        await asyncio.gather(*self._writing, return_exceptions=True)

    def opened(self, known: Known, how: str) -> None:
        """A console was opened; `how` names key or certificate."""
        _LOG.info("%s logged in from %s with %s", known.handle, known.address, how)
        self._write(keys.session_opened, known.caller, told=f"from {known.address} with {how}")

    def ended(self, session: Session) -> None:
        """A console is over."""
        minutes = int((session.now() - session.opened_at).total_seconds() // 60)
        _LOG.info("the console of %s from %s ended", session.known.handle, session.known.address)
        self._write(keys.session_ended, session.known.caller, told=f"from {session.known.address}, after {minutes} min")

    def commanded(self, known: Known, how: str) -> None:
        """Somebody logged in for a single command."""
        now = self._host.state_file.clock.now()
        last = self._noted.get((known, how))
        if last is not None and timedelta() <= now - last < COMMANDS_EVERY:
            return
        if len(self._noted) >= _MOST_KEPT:
            del self._noted[next(iter(self._noted))]
        self._noted[known, how] = now
        _LOG.info("%s ran a command from %s with %s", known.handle, known.address, how)
        self._write(keys.session_opened, known.caller, told=f"for commands, from {known.address} with {how}")

    def refused(self, address: str, why: str) -> None:
        """Somebody was not let in. The log tells each address and reason at once, and how often once a minute."""
        if (address, why) not in self._logged and len(self._logged) < MOST_LOGGED:
            self._logged.add((address, why))
            _LOG.warning("refused %s: %s", address, why)
        self._refused[address] += 1

    def shut(self, address: str) -> None:
        """Log-ins from there are refused, or slow where somebody has come from, for a while."""
        _LOG.warning("log-ins from %s are refused or slow for a while", address)
        self._shut[address] = None

    async def _summarise(self) -> None:
        while True:
            await asyncio.sleep(REFUSED_EVERY_S)
            self._tell_refused()

    def _tell_refused(self) -> None:
        if not self._refused:
            return
        count, most = self._refused.total(), self._refused.most_common(MOST_ADDRESSES)
        where = ", ".join(f"{address} ({number})" for address, number in most)
        rest = len(self._refused) - len(most)
        others = f" and {rest} other addresses" if rest else ""
        shut = f"; shut or slowed for a while: {', '.join(tuple(self._shut)[:MOST_ADDRESSES])}" if self._shut else ""
        self._refused.clear()
        self._logged.clear()
        self._shut.clear()
        told = f"{count} {'log-in' if count == 1 else 'log-ins'} refused, from {where}{others}{shut}"
        if count > 1:
            _LOG.warning("%s", told)
        self._write(keys.sessions_refused, told=told)

    def _write(self, action: Callable[..., object], *arguments: Any, told: str) -> None:
        def write() -> None:
            try:
                action(self._host.state_file, *arguments, told=told)
            except WarroomError as error:
                _LOG.error("the journal could not be told: %s (%s)", told, error.message)

        writing = asyncio.ensure_future(self._host.off_loop(write))
        self._writing.add(writing)
        writing.add_done_callback(self._writing.discard)
