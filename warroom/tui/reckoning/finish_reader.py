"""Asks the host how the forecast of the finish has moved, when that may be news."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from warroom.board.finishes import FINE, Finish
from warroom.host.interface import Host
from warroom.tui.reckoning.shown import Shown
from warroom.vocabulary.errors import WarroomError

_Moment = tuple[Host, int | None, int]
"""Which host showed which run, in which quarter of an hour of run time."""


class FinishReader:
    """Keeps what the host said of the run that a console shows; never asks twice at once, nor twice for a quarter."""

    def __init__(self, console: Shown) -> None:
        self._console = console
        self._asked: _Moment | None = None
        self._known: tuple[Host, int | None, tuple[Finish, ...]] | None = None
        self._asking = False

    @property
    def known(self) -> tuple[Finish, ...] | None:
        """What is known of the run that is shown, up to now; None until the host has answered."""
        console, known = self._console, self._known
        if known is None or known[:2] != (console.host, console.picture.board.run_id):
            return None
        return tuple(finish for finish in known[2] if finish.at <= console.picture.now)

    def read(self) -> None:
        """Begin to ask, unless the host has been asked for this quarter of an hour."""
        moment = self._moment()
        if self._asking or moment == self._asked or moment[1] is None:
            return
        self._asking, self._asked = True, moment
        self._console.run_worker(partial(self._read, moment), group="finishes")

    def _moment(self) -> _Moment:
        console = self._console
        now: datetime = console.run_time()
        return console.host, console.picture.board.run_id, int(now.timestamp() // FINE.total_seconds())

    async def _read(self, moment: _Moment) -> None:
        host, run_id, _ = moment
        try:
            found = await host.finishes()
        except WarroomError:
            self._asked = None  # the state file could not be read: the header tells, and the next beat tries again
            return
        finally:
            self._asking = False
        self._known = host, run_id, found
        self._console.show_trend()
