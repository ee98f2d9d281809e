"""How often somebody may fail to log in from one address, and how many may be trying at once."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from ipaddress import IPv4Address, ip_address, ip_network

MOST_FAILURES, WITHIN_S = 10, 60.0
"""So many failed log-ins from one address within so many seconds, and nobody gets in from there for a while."""

BAN_S, LONGEST_BAN_S = 300.0, 3_600.0
"""How long, the first time; each further time twice as long, up to the second."""

TRUSTED_S = 86_400.0
"""An address from which somebody has logged in within so many seconds is never shut: a whole war room may sit behind
it, and one script with an old key among them. Log-ins from there are only slow for as long as it would be shut."""

SLOW_S = 3.0
"""So long a log-in waits then, in seconds, before its key is looked at."""

MOST_TRYING_EACH, MOST_TRYING = 128, 256
"""Lines on which nobody has logged in yet, from one address and in all. After a restart a whole room comes back at
once, often from behind one address."""

MOST_ADDRESSES = 10_000
"""So many addresses are remembered; the oldest are forgotten first."""


@dataclass(slots=True)
class _Address:
    failures: deque[float] = field(default_factory=deque)
    banned_until: float = 0.0
    bans: int = 0
    let_in_at: float | None = None


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
        self._trying: Counter[str] = Counter()

    @property
    def trying(self) -> int:
        """Lines on which nobody has logged in yet."""
        return self._trying.total()

    def why_not(self, address: str) -> str | None:
        """Why a new line from `address` is refused at once, in words; None when it is not."""
        address = origin(address)
        known = self._addresses.get(address)
        if known is not None and self._seconds() < known.banned_until and not self._trusted(known):
            return "too many failed log-ins"
        if self._trying[address] >= MOST_TRYING_EACH or self.trying >= MOST_TRYING:
            return "too many log-ins at once"
        return None

    def wait_s(self, address: str) -> float:
        """Seconds that a log-in from `address` waits before its key is looked at."""
        address = origin(address)
        known = self._addresses.get(address)
        return SLOW_S if known is not None and self._seconds() < known.banned_until else 0.0

    def begin(self, address: str) -> None:
        """A line from `address` is open on which nobody has logged in yet."""
        address = origin(address)
        self._trying[address] += 1

    def end(self, address: str, *, failed: bool) -> bool:
        """It is over with that: somebody has logged in, or the line is gone. Returns whether this led to a ban."""
        address = origin(address)
        self._trying[address] -= 1
        if self._trying[address] <= 0:
            del self._trying[address]
        return failed and self._failed(address)

    def let_in(self, address: str) -> None:
        """Somebody has logged in from `address`."""
        address = origin(address)
        self._of(address).let_in_at = self._seconds()

    def _trusted(self, known: _Address) -> bool:
        return known.let_in_at is not None and self._seconds() - known.let_in_at < TRUSTED_S

    def _of(self, address: str) -> _Address:
        """What is remembered of an address, which is the youngest from now on."""
        known = self._addresses.pop(address, None) or _Address()
        self._addresses[address] = known
        while len(self._addresses) > MOST_ADDRESSES:
            del self._addresses[next(iter(self._addresses))]
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
