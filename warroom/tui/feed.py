"""The latest entries of the journal, kept current as a Board moves."""

from __future__ import annotations

from collections.abc import Callable

from warroom.host.interface import Host
from warroom.vocabulary.journal import Entry


class Feed:
    """Reads what is new only. Everything begins anew where another host is shown, or an earlier Board.

    Args:
        host: what gives the host that is shown.
        most: how many entries are kept.
    """

    def __init__(self, host: Callable[[], Host], most: int) -> None:
        self.most = most
        self.entries: tuple[Entry, ...] = ()
        self.reading = False
        self._host = host
        self._read_from: Host | None = None

    @property
    def seq(self) -> int:
        """The last entry that is here."""
        return self.entries[-1].seq if self.entries else 0

    @property
    def full(self) -> bool:
        """Whether there may be older ones than are here."""
        return len(self.entries) >= self.most

    async def read(self) -> None:
        """Take in the entries that the Board has by now; once more if it has moved on meanwhile. Does nothing while it
        is under way.

        Raises:
            WarroomError: the journal cannot be read.
        """
        if self.reading:
            return
        self.reading = True
        try:
            while True:
                host = self._host()
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
            self.reading = False
