"""The backward pass: when must it be? And what follows from it: waiting as late as possible."""

from __future__ import annotations

from collections.abc import Iterable

from warroom.schedule.calendars import elapsed, finish_for, start_for
from warroom.schedule.columns import Columns
from warroom.schedule.network import FAR


def backward(columns: Columns, ends: list[int] | None, anchor: int, network_finish: int) -> None:
    """Fill in late starts and late finishes.

    Args:
        columns: as the forward pass left them.
        ends: positions with which the window ends; None means that everything belongs to it.
        anchor: latest finish allowed to the ends (seconds).
        network_finish: the latest finish of all; the limit of what does not lead to an end.
    """
    count = len(columns.network)
    constraints = _constraints(columns)
    columns.late_start, columns.late_finish = [FAR] * count, [FAR] * count
    if ends is None:
        ends = [position for position, finish in enumerate(columns.finish) if finish == network_finish]
        limits = [anchor if anchor < limit else limit for limit in constraints]
        one_limit = anchor == network_finish
    else:
        limits = constraints.copy()
        for position in ends:
            limits[position] = min(limits[position], anchor)
        one_limit = False
    _late_dates(columns, limits, range(count - 1, -1, -1))
    if one_limit:
        return
    leading = _leading(columns, ends)
    beside = [position for position in range(count - 1, -1, -1) if not leading[position]]
    for position in beside:
        limits[position] = min(constraints[position], network_finish)
    _late_dates(columns, limits, beside)


def _constraints(columns: Columns) -> list[int]:
    """The latest finish that the own constraints of each activity allow, given what has begun."""
    network = columns.network
    if columns.as_planned or not network.moved:
        return network.deadlines
    constraints = network.deadlines.copy()
    for position, activity in network.moved.items():
        constraints[position] = activity.latest_finish(begun=activity.begun)
    return constraints


def _leading(columns: Columns, ends: list[int]) -> bytearray:
    """1 at each position that leads to one of the ends through open activities. A start that is made leads nowhere any
    more."""
    leading = bytearray(len(columns.network))
    found = [position for position in ends if not columns.closed[position]]
    for position in found:  # grows while it is walked
        if not leading[position]:
            leading[position] = True
            for predecessor, _, link_type in columns.links_into(position):
                made = link_type.leaves_start and columns.begun(predecessor)
                if not made and not columns.closed[predecessor]:
                    found.append(predecessor)
    return leading


def _late_dates(columns: Columns, limits: list[int], positions: Iterable[int]) -> None:
    """Late dates of `positions`, which come after their successors; `limits` are the finishes allowed to each."""
    work = columns.work
    plain, successors, closed = columns.plain, columns.successors, columns.closed
    late_start, late_finish = columns.late_start, columns.late_finish
    for position in positions:
        latest = limits[position]
        for successor, lag in successors[position]:
            bound = late_start[successor] - lag
            if bound < latest:
                latest = bound
        if plain[position]:
            late_finish[position] = latest
            late_start[position] = latest - work[position]
        elif not closed[position]:
            late_start[position], late_finish[position] = _late_of_other(columns, position, latest)


def _late_of_other(columns: Columns, position: int, latest: int) -> tuple[int, int]:
    """Late start and finish of an activity that is not plain; finish-to-start successors allow `latest`."""
    calendar, work = columns.network.calendars.get(position), columns.work[position]
    latest_start = FAR
    for successor, lag, link_type in columns.other_successors.get(position, ()):
        bound = (columns.late_finish if link_type.reaches_finish else columns.late_start)[successor] - lag
        if not link_type.leaves_start:
            latest = min(latest, bound)
        elif not columns.begun(position):  # a start that is made harms nobody any more
            latest_start = min(latest_start, bound)
    if latest_start < FAR:
        latest = min(latest, finish_for(calendar, latest_start, work) if work else latest_start)
    if calendar is None:
        return latest - work, latest
    if work == 0:
        latest = calendar.settle_back(latest)
        return latest, latest
    return calendar.place_back(latest, work)


def wait_as_late_as_possible(columns: Columns) -> None:
    """Let those that are to wait do so, as long as nothing behind them moves and their late dates allow it.

    They take free float only, so that nobody's late dates change. Those behind come first: a chain that waits moves
    up as a whole. One that has begun does not wait.
    """
    network = columns.network
    for position in sorted(network.late, reverse=True):
        if columns.closed[position] or columns.begun(position):
            continue
        calendar, work = network.calendars.get(position), columns.work[position]
        total_float = elapsed(calendar, columns.finish[position], columns.late_finish[position])
        wait = min(total_float, columns.gap(position))
        if wait <= 0:
            continue
        if not columns.delayed:  # the resumption of a plan is its start, in one list
            columns.resume = columns.resume.copy()
            columns.start, columns.finish = columns.start.copy(), columns.finish.copy()
        columns.delayed[position] = wait
        finish = finish_for(calendar, columns.finish[position], wait)
        start = start_for(calendar, finish, work) if work else finish
        columns.start[position] = columns.resume[position] = start
        columns.finish[position] = finish


def mark_longest_path(columns: Columns, ends: list[int]) -> None:
    """Mark what carries the finish: from the ends back through driving predecessors.

    What is closed, and a start that is made, stands where it stands: the path begins behind it.
    """
    found = [position for position in ends if not columns.closed[position]]
    for position in found:  # grows while it is walked
        if position not in columns.on_longest_path:
            columns.on_longest_path.add(position)
            for predecessor, _, link_type in columns.driving(position):
                made = link_type.leaves_start and columns.begun(predecessor)
                if not made and not columns.closed[predecessor]:
                    found.append(predecessor)
