"""The forward pass once more, over what lies behind one changed activity only."""

from __future__ import annotations

from dataclasses import replace
from heapq import heappop, heappush

from warroom.schedule.columns import Columns
from warroom.schedule.network import Activity
from warroom.schedule.placing import Placing, PlacingProgress


def can_place_again(columns: Columns, *, progress_override: bool) -> bool:
    """Whether forward dates alone decide: nothing waits as late as possible, and no link depends on who got ahead."""
    return not columns.network.late and not progress_override


def place_again(columns: Columns, activity: Activity, *, plan_start: int, data_date: int | None) -> Columns:
    """The same columns with another activity in the place of the one of its key, which is open in both.

    Starts, finishes, resumptions and remaining work are those of a full pass over the changed network; guesses, late
    dates and the longest path are still those from before. Only for columns of which `can_place_again` holds.

    Args:
        columns: as a pass, or this function, left them; they stay as they are.
        plan_start, data_date: as those of `schedule`.

    Raises:
        BadNetwork: a key that the network does not have.
    """
    network = columns.network.with_activities([activity])
    position = network.positions[activity.key]
    in_motion = data_date is not None and bool(network.moved)
    start, finish = columns.start.copy(), columns.finish.copy()
    work, plain = network.durations, network.plain
    resume = start
    if in_motion:
        resume, work, plain = columns.resume.copy(), columns.work.copy(), columns.plain.copy()
        work[position] = network.durations[position]
        plain[position] = network.plain[position] and position not in network.moved
    after = replace(columns, network=network, start=start, finish=finish, resume=resume, work=work, plain=plain)

    earliest = plan_start if data_date is None else max(plan_start, data_date)
    resumed: dict[int, int] = {}
    placing = Placing(after, earliest)
    if in_motion:
        assert data_date is not None
        placing = progress = PlacingProgress(after, earliest, plan_start, data_date, progress_override=False)
        resumed = progress.resumed
    waiting = [position]  # positions to place, as a heap: in network order
    seen = {position}
    while waiting:
        position = heappop(waiting)
        begins, ends = placing.place(position)
        resume[position] = resumed.get(position, begins)
        if begins == columns.start[position] and ends == finish[position]:
            continue
        start[position], finish[position] = begins, ends
        for successor, _, _ in network.links_from(position):
            if successor not in seen:
                seen.add(successor)
                heappush(waiting, successor)
    return after
