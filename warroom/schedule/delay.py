"""Who is late by its own doing, who was pushed, and whom a late one pushes.

Slip is forecast finish less planned finish. The inherited part is what predecessors pushed the start by, the
own part is the rest (DESIGN section 4, "Own delay v inherited delay", and section 8, "Forecast").
"""

from __future__ import annotations

from dataclasses import dataclass
from heapq import heappop, heappush
from typing import NamedTuple

from warroom.schedule.network import FAR, Progress
from warroom.schedule.result import Schedule


@dataclass(frozen=True, slots=True)
class Delay:
    """The two parts of a slip, in seconds.

    Attributes:
        own: what the activity added itself; below 0 where it won time back.
        inherited: what its predecessors pushed it by; never below 0.
    """

    own: int
    inherited: int

    @property
    def slip(self) -> int:
        """How much later than planned it finishes; below 0 if earlier."""
        return self.own + self.inherited

    @property
    def cause(self) -> bool:
        """Whether the activity is a cause of delay, rather than only a victim."""
        return self.own > 0


def delays(plan: Schedule, forecast: Schedule) -> dict[str, Delay]:
    """The delay of every activity of a forecast against the plan of the same activities, by key.

    inherited = max(0, start that the predecessors allow - planned start); own = slip - inherited. Who is pushed over
    the end of a shift inherits what that costs as well: in a calendar the push is that of the finish which the allowed
    start leads to. One that waits because it is as late as possible is not late by its own doing.

    Raises:
        KeyError: an activity that the plan does not have.
    """
    planned, expected, network = plan.columns, forecast.columns, forecast.network
    found = {}
    for position, key in enumerate(network.keys):
        before = plan.network.positions[key]
        slip = expected.finish[position] - planned.finish[before]
        if position in expected.delayed:
            found[key] = Delay(own=min(0, slip), inherited=max(0, slip))
            continue
        allowed = expected.allowed(position)
        inherited = max(0, allowed - planned.start[before])
        calendar, duration = network.calendars.get(position), network.durations[position]
        if inherited and duration and calendar is not None:
            inherited = max(0, calendar.place(allowed, duration)[1] - planned.finish[before])
        found[key] = Delay(own=slip - inherited, inherited=inherited)
    return found


def pushes(forecast: Schedule, key: str, own: int) -> dict[str, int]:
    """Which other unfinished activities the own delay of `key` pushes, and by how many seconds each.

    Compares the forecast with one in which `key` finishes `own` seconds earlier and everybody else keeps the
    delay that is their own: also one who still waits keeps the time by which "now" is later than the start
    that it was allowed, so that no push is hidden once now has passed the planned start of the pushed one.
    What is finished passes a push on to those behind it. Keys come in network order; `own` <= 0 pushes
    nobody.

    Raises:
        KeyError: the network has no activity `key`.
    """
    origin = forecast.network.positions[key]
    if own <= 0:
        return {}
    network, columns = forecast.network, forecast.columns
    # By how much each would have started and finished earlier. What is own of the origin's delay and not of its start
    # came later.
    late_start = columns.start[origin] - _held(forecast, origin, {}).start
    earlier = {origin: (min(own, max(0, late_start)), own)}
    found = {}
    waiting: list[int] = []  # positions whose predecessors moved, as a heap: in network order
    seen = set()

    def visit_successors(position: int) -> None:
        for successor, _, _ in network.links_from(position):
            if successor not in seen:
                seen.add(successor)
                heappush(waiting, successor)

    visit_successors(origin)
    while waiting:
        position = heappop(waiting)
        held, without = _held(forecast, position, {}), _held(forecast, position, earlier)
        moves = held.finish - without.finish
        if moves > 0:
            earlier[position] = (held.start - without.start, moves)
            if not columns.closed[position]:
                found[network.keys[position]] = moves
            visit_successors(position)
    return found


class _Held(NamedTuple):
    """Start and finish of an activity if only its predecessors and its plan held it, and "now" did not."""

    start: int
    finish: int


def _held(forecast: Schedule, position: int, earlier: dict[int, tuple[int, int]]) -> _Held:
    """`earlier` gives the seconds by which predecessors start and finish before their forecast, by position."""
    columns, network = forecast.columns, forecast.network
    activity = network.activities[position]
    calendar = network.calendars.get(position)
    opened = forecast.data_date is None or activity.progress is Progress.OPEN
    if activity.progress is Progress.SKIPPED and not opened:
        return _Held(columns.start[position], columns.finish[position])
    work = columns.work[position]
    closed_hold = max(forecast.plan_start, network.not_before[position])
    open_hold = -FAR
    for joint in columns.links_into(position):
        instant = columns.released(joint, earlier.get(joint[0], (0, 0)))
        instant = columns.startable(position, instant, joint[2], work)
        if columns.closed[joint[0]]:
            closed_hold = max(closed_hold, instant)
        else:
            open_hold = max(open_hold, instant)

    begun = None
    if not opened:
        begun = activity.actual_finish if activity.actual_start is None else activity.actual_start
    if begun is None:
        hold = max(closed_hold, open_hold)
        return _Held(hold, hold + work if calendar is None else calendar.place(hold, work)[1])
    # What came before held it no longer than until its actual start; what is still open holds its remainder.
    start = min(begun, closed_hold)
    held_remainder = 0 if columns.closed[position] else max(0, open_hold - begun)
    return _Held(start, start + held_remainder)
