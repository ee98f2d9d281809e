"""The latest entries of the journal, kept current as a Board moves."""

from __future__ import annotations

from collections.abc import Callable

from warroom.host.interface import Host
from warroom.tui.doing.stand import Stand
from warroom.vocabulary.errors import WarroomError
from warroom.vocabulary.journal import Entry


class Feed:
    """Reads what is new only. Everything begins anew where another host is shown, or an earlier Board.

    Args:
        screen: whose console shows what is read.
        most: how many entries are kept.
        draw: called once something was read, while the screen is there.
    """

    def __init__(self, screen: Stand, most: int, draw: Callable[[], None]) -> None:
        self.most = most
        self.entries: tuple[Entry, ...] = ()
        self._screen = screen
        self._draw = draw
        self._reading = False
        self._read_from: Host | None = None

    @property
    def seq(self) -> int:
        """The last entry that is here."""
        return self.entries[-1].seq if self.entries else 0

    @property
    def full(self) -> bool:
        """Whether there may be older ones than are here."""
        return len(self.entries) >= self.most

    def read(self) -> None:
        """Begin to take in the entries that the Board has by now; does nothing while that is under way."""
        self._screen.beside(self._load, group="feed")

    async def _load(self) -> None:
        try:
            await self._take_in()
        except WarroomError as error:
            self._screen.console.complain(error)
        if self._screen.is_attached:
            self._draw()

    async def _take_in(self) -> None:
        """Once more if the Board has moved on meanwhile.

        Raises:
            WarroomError: the journal cannot be read.
        """
        if self._reading:
            return
        self._reading = True
        try:
            while True:
                host = self._screen.console.host
                seq = host.board.seq
                if host is not self._read_from or seq < self.seq:
                    self.entries = ()
                if seq == self.seq:
                    break
                found = await host.entries(min(self.most, seq - self.seq))
                fresh = tuple(entry for entry in found if entry.seq > self.seq)
                self._read_from = host
                if not fresh:
                    break
                self.entries = (*self.entries, *fresh)[-self.most :]
        finally:
            self._reading = False
