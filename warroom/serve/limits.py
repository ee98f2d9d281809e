"""How often somebody may fail to log in from one address, and how many may be trying at once."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from ipaddress import IPv4Address, ip_address, ip_network
from typing import Protocol

MOST_FAILURES, WITHIN_S = 10, 60.0
"""So many failed log-ins from one address within so many seconds, and nobody gets in from there for a while."""

BAN_S, LONGEST_BAN_S = 300.0, 3_600.0
"""How long, the first time; each further time twice as long, up to the second."""

TRUSTED_S = 86_400.0
"""An address from which somebody is logged in, or was within so many seconds, is never shut: a whole war room may sit
behind it, and one script with an old key among them. Log-ins from there are only slow while others are shut out."""

SLOW_S = 3.0
"""So long a log-in waits then, in seconds, before its key is looked at."""

MOST_TRYING_EACH, MOST_TRYING = 128, 256
"""Lines on which nobody has logged in yet, from one address and in all. After a restart a whole room comes back at
once, often from behind one address. Addresses that are trusted do not count in all: nobody else takes their share."""

MOST_ADDRESSES = 10_000
"""So many addresses are remembered; the oldest are forgotten first."""


@dataclass(slots=True)
class _Address:
    failures: deque[float] = field(default_factory=deque)
    banned_until: float = 0.0
    bans: int = 0
    inside: int = 0
    seen_at: float | None = None


class Trying(Protocol):
    """A line on which nobody has logged in yet.

    Attributes:
        said: 0: nothing; 1: that it speaks SSH; 2: who wants to log in.
    """

    @property
    def said(self) -> int: ...

    def give_way(self) -> None:
        """Hang up, so that another has room."""
        ...


def origin(address: str) -> str:
    """What is counted as one address: of IPv6 the first half, as the second is whoever's who has the first; IPv4 that
    is written as IPv6 is IPv4."""
    try:
        known = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(known, IPv4Address):
        return str(known)
    return str(known.ipv4_mapped or ip_network((known, 64), strict=False))


class Limits:
    """Counts log-ins by address (see `origin`). `seconds` is a clock that never goes back, in seconds."""

    def __init__(self, seconds: Callable[[], float]) -> None:
        self._seconds = seconds
        self._addresses: dict[str, _Address] = {}
        self._trying: dict[str, dict[Trying, None]] = {}

    @property
    def trying(self) -> int:
        """Lines on which nobody has logged in yet."""
        return sum(map(len, self._trying.values()))

    def begin(self, address: str, line: Trying) -> str | None:
        """A line from `address` is open on which nobody has logged in yet. Returns why it is refused, in words; None
        where it is not.

        Where too many try at once, one that has not even said who it is gives way, the oldest first: whoever opens
        lines and says nothing keeps nobody out.
        """
        address = origin(address)
        if self._is_shut(address):
            return "too many failed log-ins"
        own = self._trying.get(address, {})
        if len(own) >= MOST_TRYING_EACH and not self._room_among((address,)):
            return "too many log-ins at once"
        if not self._trusts(address):
            strangers = [other for other in self._trying if not self._trusts(other)]
            many = sum(len(self._trying[other]) for other in strangers) >= MOST_TRYING
            if many and not self._room_among(strangers):
                return "too many log-ins at once"
        self._trying.setdefault(address, {})[line] = None
        return None

    def _room_among(self, addresses: Iterable[str]) -> bool:
        """Have the line that has said least give way, the oldest of those; False: all have said who they are."""
        lines = [(line.said, address, line) for address in addresses for line in self._trying[address]]
        said, address, line = min(lines, key=lambda one: one[0])
        if said > 1:
            return False
        self._forget(address, line)
        line.give_way()
        return True

    def _forget(self, address: str, line: Trying) -> None:
        lines = self._trying.get(address, {})
        lines.pop(line, None)
        if not lines:
            self._trying.pop(address, None)

    def wait_s(self, address: str) -> float:
        """Seconds that a log-in from `address` waits before its key is looked at."""
        return SLOW_S if self._failed_often(origin(address)) else 0.0

    def end(self, address: str, line: Trying, *, failed: bool) -> bool:
        """It is over with that: somebody has logged in, or the line is gone. Returns whether this led to a ban."""
        address = origin(address)
        self._forget(address, line)
        return failed and self._failed(address)

    def let_in(self, address: str) -> None:
        """Somebody has logged in from `address`."""
        self._of(origin(address)).inside += 1

    def left(self, address: str) -> None:
        """Somebody who was let in from `address` is gone."""
        known = self._of(origin(address))
        known.inside -= 1
        known.seen_at = self._seconds()

    def _failed_often(self, address: str) -> bool:
        known = self._addresses.get(address)
        return known is not None and self._seconds() < known.banned_until

    def _is_shut(self, address: str) -> bool:
        return self._failed_often(address) and not self._trusts(address)

    def _trusts(self, address: str) -> bool:
        known = self._addresses.get(address)
        if known is None:
            return False
        return known.inside > 0 or (known.seen_at is not None and self._seconds() - known.seen_at < TRUSTED_S)

    def _of(self, address: str) -> _Address:
        """What is remembered of an address, which is the youngest from now on."""
        known = self._addresses.pop(address, None) or _Address()
        self._addresses[address] = known
        if len(self._addresses) > MOST_ADDRESSES:
            # Never one of those from which somebody is inside.
            del self._addresses[next(one for one, about in self._addresses.items() if about.inside <= 0)]
        return known

    def _failed(self, address: str) -> bool:
        now, known = self._seconds(), self._of(address)
        known.failures.append(now)
        while known.failures and known.failures[0] <= now - WITHIN_S:
            known.failures.popleft()
        if len(known.failures) < MOST_FAILURES:
            return False
        known.failures.clear()
        known.banned_until = now + min(LONGEST_BAN_S, BAN_S * 2**known.bans)
        known.bans = min(known.bans + 1, 10)
        return True
