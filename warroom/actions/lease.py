"""The lease of the watch: of all the processes that could watch, one does, and another when that one is gone.

Raising alerts needs no lease: their keys are unique, whoever sweeps. Sending does: what has left cannot be taken back.
The lease lasts a few seconds unless it is renewed, by a clock that nobody sets. Its fence grows with each holder; what
an earlier one still writes about messages is refused, so that one that stood still and comes back does no harm.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from warroom.clock.source import Uptime
from warroom.model.watching import Lease
from warroom.store.gateway import Reader
from warroom.store.statefile import StateFile
from warroom.vocabulary.errors import Refused

LASTS = timedelta(seconds=6)
"""A holder that is gone is replaced after so long, and the second or so until another one looks."""

GRACE = timedelta(seconds=4)
"""For so long after its end somebody is still taken to watch: the next one may just be taking over."""


class Superseded(Refused):
    """Another process holds the watch by now; what was to be written in the name of this one was not."""


@dataclass(frozen=True, slots=True)
class Holder:
    """A process that can watch.

    Attributes:
        name: as people are told.
        token: its own, of which there is no other.
        can_send: whether it knows channels.
    """

    name: str
    token: str
    can_send: bool


def hold(state_file: StateFile, holder: Holder, *, lasts: timedelta = LASTS) -> int | None:
    """Take the lease if it is free, or renew it.

    It is free when nobody has it, when its time is over, and after a boot. The time of one that ends later than any
    could was given by a clock that was set back since, so that one is free too. One whose holder cannot send is free
    for one who can.

    Returns its fence, or None while somebody else holds it.
    """
    with state_file.read() as reader:
        kept = reader.one(Lease)
        if kept is not None and not _is_free(kept, holder, state_file.uptime(reader), lasts):
            return None
    with state_file.write() as transaction:
        rows = transaction.rows
        now, kept = state_file.uptime(rows), rows.one(Lease)
        values = {
            "holder": holder.name,
            "token": holder.token,
            "boot": now.boot,
            "until_us": now.us + _us(lasts),
            "can_send": holder.can_send,
            "renewed_at": transaction.clock,
        }
        if kept is None:
            return rows.insert(Lease, fence=1, since=transaction.clock, **values).fence
        if not _is_free(kept, holder, now, lasts):
            return None
        if kept.token != holder.token:
            values |= {"fence": kept.fence + 1, "since": transaction.clock}
        return rows.update(kept, **values).fence


def release(state_file: StateFile, holder: Holder) -> None:
    """Give the lease up, if `holder` has it, so that another one takes it at once."""
    with state_file.write() as transaction:
        kept = transaction.rows.one(Lease, token=holder.token)
        if kept is not None:
            transaction.rows.update(kept, token="", until_us=0)


def insist_on_fence(reader: Reader, fence: int) -> None:
    """The lease with that fence must be the last one.

    Raises:
        Superseded: there is a newer one.
    """
    kept = reader.one(Lease)
    if kept is None or kept.fence != fence:
        raise Superseded("another process watches by now", hint="it sends what is left to send")


def standing(state_file: StateFile) -> tuple[Lease | None, bool]:
    """The lease as it was taken last, and whether its holder watches now."""
    with state_file.read() as reader:
        kept = reader.one(Lease)
        return kept, kept is not None and _lasts(kept, state_file.uptime(reader), GRACE)


def _is_free(kept: Lease, holder: Holder, now: Uptime, lasts: timedelta) -> bool:
    if kept.token == holder.token or (holder.can_send and not kept.can_send):
        return True
    return not _lasts(kept, now, timedelta()) or kept.until_us > now.us + _us(lasts)


def _lasts(kept: Lease, now: Uptime, grace: timedelta) -> bool:
    return bool(kept.token) and kept.boot == now.boot and kept.until_us + _us(grace) >= now.us


def _us(span: timedelta) -> int:
    return span // timedelta(microseconds=1)
