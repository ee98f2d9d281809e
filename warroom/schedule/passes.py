"""The forward pass (when can it be?), the backward pass (when must it be?) and the longest path.

The rules are those of DESIGN section 4 ("Forecast rules", "Out-of-sequence progress", "Backward pass"),
section 8 ("Forecast") and FIGURES section 2.2.
"""

from __future__ import annotations

from warroom.schedule.network import FAR, Activity, BadNetwork, Joints, Network, Progress
from warroom.schedule.remaining import remaining
from warroom.schedule.result import Columns, Schedule


def schedule(
    network: Network,
    *,
    plan_start: int,
    data_date: int | None = None,
    ends_with: str | None = None,
    anchor: int | None = None,
) -> Schedule:
    """Lay a network out in time.

    Args:
        network: activities and links.
        plan_start: nothing starts before it.
        data_date: None gives the plan alone, all progress put aside. Otherwise the forecast as known at that
            instant: what is finished stands, and nothing that remains lies before the data date.
        ends_with: the key of the activity with which the window ends; None means whatever finishes last.
        anchor: latest finish allowed to `ends_with` (the end of the window); None means the finish that it
            has, so that the longest path has no float.

    Late dates of an activity that leads to `ends_with` through open successors come from `anchor`, and never
    from what merely follows `ends_with`; those of all others come from the latest finish of the network.
    A deadline caps the late dates of its activity and of all that leads to it.

    Raises:
        BadNetwork: `ends_with` is not in the network.
    """
    if ends_with is not None and ends_with not in network.positions:
        raise BadNetwork(f"there is no activity {ends_with} to end with")
    columns = _plan(network, plan_start) if data_date is None else _forecast(network, plan_start, data_date)

    network_finish = max(columns.finish, default=plan_start)
    if ends_with is None:
        finish = network_finish
        ends = [position for position, instant in enumerate(columns.finish) if instant == finish]
    else:
        ends = [network.positions[ends_with]]
        finish = columns.finish[ends[0]]
    ends = [position for position in ends if not columns.closed[position]]

    _backward(network, columns, ends, finish if anchor is None else anchor, network_finish)
    _longest_path(columns, ends)
    return Schedule(
        network=network,
        plan_start=plan_start,
        data_date=data_date,
        finish=finish,
        network_finish=network_finish,
        out_of_sequence=() if data_date is None else _out_of_sequence(network, columns),
        columns=columns,
    )


def _plan(network: Network, plan_start: int) -> Columns:
    """The forward pass as if nothing had happened yet."""
    finish: list[int] = []
    start: list[int] = []
    allowed: list[int] = []
    for joints, earliest, duration in zip(
        network.predecessors, network.not_before, network.durations, strict=True
    ):
        held = -FAR
        for predecessor, lag in joints:
            instant = finish[predecessor] + lag
            if instant > held:
                held = instant
        allowed.append(held)
        if held < plan_start:
            held = plan_start
        if held < earliest:
            held = earliest
        start.append(held)
        finish.append(held + duration)
    count = len(network)
    return Columns(
        predecessors=network.predecessors,
        closed=[False] * count,
        start=start,
        finish=finish,
        allowed=allowed,
        resume=start,
        work=network.durations,
        guess=[False] * count,
        late_finish=[0] * count,
        on_longest_path=[False] * count,
    )


def _forecast(network: Network, plan_start: int, data_date: int) -> Columns:
    """The forward pass from what is known at the data date."""
    count = len(network)
    columns = Columns(
        predecessors=_counting_predecessors(network),
        closed=[False] * count,
        start=[0] * count,
        finish=[0] * count,
        allowed=[-FAR] * count,
        resume=[FAR] * count,
        work=network.durations.copy(),
        guess=[False] * count,
        late_finish=[0] * count,
        on_longest_path=[False] * count,
    )
    start, finish, allowed, resume = columns.start, columns.finish, columns.allowed, columns.resume
    guess, durations = columns.guess, network.durations
    not_before, moved = network.not_before, network.moved
    earliest = max(plan_start, data_date)
    for position, joints in enumerate(columns.predecessors):
        held = -FAR
        guessed = False
        for predecessor, lag in joints:
            instant = finish[predecessor] + lag
            if instant > held:
                held = instant
            if guess[predecessor]:
                guessed = True
        allowed[position] = held
        guess[position] = guessed
        if position in moved:
            _place(columns, position, moved[position], max(held, not_before[position]), plan_start, data_date)
            continue
        if held < earliest:
            held = earliest
        if held < not_before[position]:
            held = not_before[position]
        start[position] = resume[position] = held
        finish[position] = held + durations[position]
    return columns


def _counting_predecessors(network: Network) -> list[Joints]:
    """The predecessors of each activity, without what a skipped one no longer asks for.

    A skipped activity lets its successors go at the moment when it was skipped, without the lag; if that
    moment is not known, it does not hold them at all.
    """
    skipped = {
        position: activity.actual_finish
        for position, activity in network.moved.items()
        if activity.progress is Progress.SKIPPED
    }
    if not skipped:
        return network.predecessors
    predecessors = network.predecessors.copy()
    for successor in {successor for position in skipped for successor, _ in network.successors[position]}:
        predecessors[successor] = [
            (predecessor, 0 if predecessor in skipped else lag)
            for predecessor, lag in predecessors[successor]
            if predecessor not in skipped or skipped[predecessor] is not None
        ]
    return predecessors


def _place(
    columns: Columns, position: int, activity: Activity, held: int, plan_start: int, data_date: int
) -> None:
    """Place one that is no longer open; predecessors and `not_before` would let it start at `held`."""
    actual_start, actual_finish = activity.actual_start, activity.actual_finish
    if activity.progress.closed:
        finish = data_date if actual_finish is None else actual_finish
        skipped = activity.progress is Progress.SKIPPED
        columns.closed[position] = True
        columns.start[position] = finish if skipped or actual_start is None else actual_start
        columns.finish[position] = finish
        columns.guess[position] = False
        return

    now = data_date if actual_start is None else max(data_date, actual_start)
    resume = now
    if activity.progress is Progress.BLOCKED and actual_start is None:
        resume = max(held, plan_start, now)
    else:
        # It has begun, so only predecessors that are still open hold what remains of it (retained logic).
        for predecessor, lag in columns.predecessors[position]:
            if not columns.closed[predecessor]:
                resume = max(resume, columns.finish[predecessor] + lag)
    rest = remaining(activity, now=now, resume=resume)
    resume = rest.finish - rest.work
    again = activity.progress is Progress.FAILED
    columns.start[position] = resume if again or actual_start is None else actual_start
    columns.finish[position] = rest.finish
    columns.resume[position] = resume
    columns.work[position] = rest.work
    columns.guess[position] |= rest.guess


def _backward(network: Network, columns: Columns, ends: list[int], anchor: int, network_finish: int) -> None:
    """Fill in the late finishes."""
    count = len(network)
    limit = network.deadlines.copy()
    leading = [False] * count
    for position in ends:
        limit[position] = min(limit[position], anchor)
        leading[position] = True
    # The latest resumption that the anchor and the deadlines allow (`required`), and that of activities that
    # do not lead to the anchor, where the network's own finish is a limit too (`beside`). FAR: no limit.
    required = [FAR] * count
    beside = [FAR] * count
    successors, closed = network.successors, columns.closed
    work, late_finish = columns.work, columns.late_finish
    for position in range(count - 1, -1, -1):
        if closed[position]:
            continue
        latest = limit[position]
        for successor, lag in successors[position]:
            instant = required[successor] - lag
            if instant < latest:
                latest = instant
        required[position] = latest - work[position]
        if not leading[position]:
            for successor, _ in successors[position]:
                if leading[successor]:
                    leading[position] = True
                    break
        if not leading[position]:
            latest = min(limit[position], network_finish)
            for successor, lag in successors[position]:
                instant = beside[successor] - lag
                if instant < latest:
                    latest = instant
            beside[position] = latest - work[position]
        late_finish[position] = latest


def _longest_path(columns: Columns, ends: list[int]) -> None:
    """Mark what carries the finish: from the ends back through driving predecessors.

    What is closed stands where it stands, so that the path begins behind it and only open work is marked.
    """
    found = ends.copy()
    for position in found:  # grows while it is walked
        if columns.on_longest_path[position] or columns.closed[position]:
            continue
        columns.on_longest_path[position] = True
        found.extend(columns.drivers(position))


def _out_of_sequence(network: Network, columns: Columns) -> tuple[tuple[str, str], ...]:
    """The pairs of which the successor began while the predecessor was still open.

    A lead lets a successor begin early; such a pair is out of sequence only if the lead does not reach back
    to the actual start.
    """
    pairs = set()
    for position, activity in network.moved.items():
        begun = activity.actual_finish if activity.actual_start is None else activity.actual_start
        if begun is None or activity.progress is Progress.SKIPPED:
            continue
        for predecessor, lag in network.predecessors[position]:
            early = lag >= 0 or columns.finish[predecessor] + lag > begun
            if early and not columns.closed[predecessor]:
                pairs.add((network.keys[predecessor], network.keys[position]))
    return tuple(sorted(pairs))
