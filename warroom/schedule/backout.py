"""The last moment at which a back-out can still be decided."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from warroom.schedule.backward import backward
from warroom.schedule.forward import forward
from warroom.schedule.network import Activity, BadNetwork, Network


@dataclass(frozen=True, slots=True)
class BackoutDecision:
    """The latest safe back-out decision.

    Attributes:
        decide_by: the last instant (seconds from the window start) at which a back-out still fits.
        duration: seconds that the back-out takes from the decision on, nights without work included.
    """

    decide_by: int
    duration: int


@dataclass(frozen=True, slots=True)
class Backout:
    """A back-out that could be decided.

    Attributes:
        restore_by: when business must be running again on the old system (seconds from the window start).
        network: the dormant network of back-out tasks. It would begin with the decision, so that only its
            durations, links and calendars count: progress and constraints are put aside.
        buffer: seconds kept in hand.
        needed: keys of the tasks that something still has to be undone by; None means all. The others take
            no time, nor do the lags behind them, but they keep the order.
    """

    restore_by: int
    network: Network
    buffer: int
    needed: Collection[str] | None = None

    def needed_network(self) -> Network:
        """What must be undone, as a network that begins when it is decided.

        Raises:
            BadNetwork: a needed key that is not in the network.
        """
        needed = set(self.network.keys if self.needed is None else self.needed)
        for key in sorted(needed.difference(self.network.positions)):
            raise BadNetwork(f"there is no back-out task {key}")
        return Network(
            [
                Activity(activity.key, activity.duration if activity.key in needed else 0, calendar=activity.calendar)
                for activity in self.network.activities
            ],
            [link if link.predecessor in needed else replace(link, lag=0) for link in self.network.links],
        )

    def latest_decision(self) -> BackoutDecision:
        """See `latest_backout_decision`."""
        network = self.needed_network()
        restored = self.restore_by - self.buffer
        columns = forward(network, plan_start=0, data_date=None)
        backward(columns, list(range(len(network))), restored, restored)
        decide_by = min(columns.late_start, default=restored)
        return BackoutDecision(decide_by, restored - decide_by)


def latest_backout_decision(
    restore_by: int, backout: Network, buffer: int, needed: Collection[str] | None = None
) -> BackoutDecision:
    """`restore_by` - duration of the back-out - `buffer` (DESIGN section 4, "Latest safe back-out decision").

    It is the earliest of the late starts of a network that must be done by `restore_by` - `buffer`, so that it is right
    with working calendars as well. Arguments as those of `Backout`.

    Raises:
        BadNetwork: a needed key that is not in the network.
    """
    return Backout(restore_by, backout, buffer, needed).latest_decision()
