"""The last moment at which a back-out can still be decided."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from warroom.schedule.backward import backward
from warroom.schedule.forward import forward
from warroom.schedule.network import Activity, BadNetwork, Link, Network
from warroom.vocabulary.words import LinkType


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

    def done_if_decided(self, at: int) -> int:
        """When a back-out that is decided at `at` would be done; both in seconds from the window start."""
        network = self.needed_network()
        finish = forward(network, plan_start=at, data_date=None).finish
        needed = network.keys if self.needed is None else self.needed
        return max((finish[network.positions[key]] for key in needed), default=at)

    def lasting(self, durations: Mapping[str, int]) -> Backout:
        """The same back-out with other durations (seconds), by key; those that are not named stay."""
        activities = [
            replace(activity, duration=durations.get(activity.key, activity.duration))
            for activity in self.network.activities
        ]
        return replace(self, network=Network(activities, self.network.links))


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


def bridges(links: Iterable[Link], left_out: Collection[str]) -> list[Link]:
    """The links that keep the order of the others once the activities `left_out` are taken out of a network.

    What is left out takes no time, and no lag counts behind it, so that a link to it and a link from it hold as one
    link from the first to the last, with the lag of the first.
    """
    found, gone = list(links), set(left_out)
    kept = {(link.predecessor, link.successor, link.lag, link.type) for link in found}
    added: list[Link] = []
    for key in sorted(gone):
        before = [link for link in found if link.successor == key]
        behind = [link for link in found if link.predecessor == key]
        for first in before:
            for last in behind:
                kind = LinkType(first.type.value[0] + last.type.value[1])
                bridge = Link(first.predecessor, last.successor, first.lag, kind)
                if (bridge.predecessor, bridge.successor, bridge.lag, bridge.type) not in kept:
                    kept.add((bridge.predecessor, bridge.successor, bridge.lag, bridge.type))
                    found.append(bridge)
                    added.append(bridge)
    return [link for link in added if link.predecessor not in gone and link.successor not in gone]
