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


def latest_backout_decision(
    restore_by: int, backout: Network, buffer: int, needed: Collection[str] | None = None
) -> BackoutDecision:
    """`restore_by` - duration of the back-out - `buffer` (DESIGN section 4, "Latest safe back-out decision").

    Args:
        restore_by: when business must be running again on the old system (seconds from the window start).
        backout: the dormant network of back-out tasks. It would begin with the decision, so that only its
            durations, links and calendars count: progress and constraints are put aside.
        buffer: seconds kept in hand.
        needed: keys of the tasks that something still has to be undone by; None means all. The others take
            no time, nor do the lags behind them, but they keep the order.

    Raises:
        BadNetwork: a needed key that is not in the network.
    """
    needed = set(backout.keys if needed is None else needed)
    for key in sorted(needed.difference(backout.positions)):
        raise BadNetwork(f"there is no back-out task {key}")
    activities = [
        Activity(activity.key, activity.duration if activity.key in needed else 0, calendar=activity.calendar)
        for activity in backout.activities
    ]
    links = [link if link.predecessor in needed else replace(link, lag=0) for link in backout.links]
    network = Network(activities, links)
    restored = restore_by - buffer
    columns = forward(network, plan_start=0, data_date=None)
    backward(columns, list(range(len(network))), restored, restored)
    decide_by = min(columns.late_start, default=restored)
    return BackoutDecision(decide_by, restored - decide_by)
