"""The forward pass: when can it be? Where one activity lies is said in `placing`."""

from __future__ import annotations

from warroom.schedule.columns import Columns
from warroom.schedule.network import Joint, Joints, Network, Progress
from warroom.schedule.placing import Placing, PlacingProgress, got_ahead
from warroom.vocabulary.words import LinkType


def forward(network: Network, *, plan_start: int, data_date: int | None, progress_override: bool = False) -> Columns:
    """Starts, finishes and guesses of a network; arguments as those of `schedule`."""
    columns = Columns(
        network=network,
        as_planned=data_date is None,
        plain=network.plain,
        predecessors=network.predecessors,
        successors=network.successors,
        other_predecessors=network.other_predecessors,
        other_successors=network.other_successors,
        closed=[False] * len(network),
        start=[],
        finish=[],
        resume=[],
        work=network.durations,
    )
    earliest = plan_start if data_date is None else max(plan_start, data_date)
    if data_date is None or not network.moved:
        _place_all(columns, Placing(columns, earliest))
        columns.resume = columns.start
        return columns

    _leave_out_skipped(columns)
    columns.work = network.durations.copy()
    progress = PlacingProgress(columns, earliest, plan_start, data_date, progress_override)
    columns.plain = network.plain.copy()
    for position, activity in network.moved.items():
        columns.plain[position] = False
        columns.closed[position] = activity.progress.closed
    _place_all(columns, progress)
    columns.resume = columns.start.copy()
    for position, resume in progress.resumed.items():
        columns.resume[position] = resume
    if progress.overridden:
        _leave_out(columns, progress.overridden)
    _spread(columns, progress.guesses)
    return columns


def _place_all(columns: Columns, placing: Placing) -> None:
    """Place all activities in order; the plain ones here, where no call is spent on them."""
    network, earliest = columns.network, placing.earliest
    start, finish = columns.start, columns.finish
    started, finished, place = start.append, finish.append, placing.place
    for plain, joints, instant, duration in zip(
        columns.plain, columns.predecessors, network.not_before, network.durations, strict=True
    ):
        if plain:
            if instant < earliest:
                instant = earliest
            for predecessor, lag in joints:
                bound = finish[predecessor] + lag
                if bound > instant:
                    instant = bound
            started(instant)
            finished(instant + duration)
        else:
            begins, ends = place(len(start))
            started(begins)
            finished(ends)


def _leave_out_skipped(columns: Columns) -> None:
    """Keep of the links from skipped activities only what they still ask for.

    A skipped activity lets its successors go at the moment when it was skipped, without the lag; if that
    moment is not known, it does not hold them at all.
    """
    network = columns.network
    skipped = {
        position: activity.actual_finish is not None
        for position, activity in network.moved.items()
        if activity.progress is Progress.SKIPPED
    }
    if not skipped:
        return
    columns.predecessors = predecessors = network.predecessors.copy()
    columns.other_predecessors = others = network.other_predecessors.copy()
    for successor in {joint[0] for position in skipped for joint in network.links_from(position)}:
        plain: Joints = predecessors[successor]
        predecessors[successor] = [
            (before, 0 if before in skipped else lag) for before, lag in plain if skipped.get(before, True)
        ]
        if successor in others:
            others[successor] = [
                (before, 0 if before in skipped else lag, link_type)
                for before, lag, link_type in others[successor]
                if skipped.get(before, True)
            ]


def _leave_out(columns: Columns, links: set[tuple[int, int, int, LinkType]]) -> None:
    """Leave links out on both of their sides: (predecessor, successor, lag, type)."""
    columns.predecessors, columns.successors = columns.predecessors.copy(), columns.successors.copy()
    columns.other_predecessors = columns.other_predecessors.copy()
    columns.other_successors = columns.other_successors.copy()
    for after in {link[1] for link in links}:
        kept = [joint for joint in columns.links_into(after) if (joint[0], after, *joint[1:]) not in links]
        columns.predecessors[after], columns.other_predecessors[after] = _parted(kept)
    for before in {link[0] for link in links}:
        kept = [joint for joint in columns.links_from(before) if (before, *joint) not in links]
        columns.successors[before], columns.other_successors[before] = _parted(kept)


def _parted(joints: list[Joint]) -> tuple[Joints, list[Joint]]:
    """Joints as the finish-to-start ones and the others."""
    finish_start = LinkType.FINISH_START
    return [joint[:2] for joint in joints if joint[2] is finish_start], [
        joint for joint in joints if joint[2] is not finish_start
    ]


def _spread(columns: Columns, guesses: list[int]) -> None:
    """Mark all open work that waits for a guess; a start that is made is none to those that wait for it."""
    found = guesses
    columns.guess.update(found)
    for position in found:  # grows while it is walked
        begun = columns.begun(position)
        for successor, _, link_type in columns.links_from(position):
            if successor in columns.guess or columns.closed[successor] or (begun and link_type.leaves_start):
                continue
            columns.guess.add(successor)
            found.append(successor)


def out_of_sequence(columns: Columns) -> tuple[tuple[str, str], ...]:
    """The pairs of keys of which the successor got ahead of its predecessor, in order; overridden ones as well."""
    if columns.as_planned:
        return ()
    network = columns.network
    return tuple(
        sorted(
            {
                (network.keys[joint[0]], network.keys[position])
                for position in network.moved
                for joint in network.links_into(position)
                if got_ahead(columns, position, joint)
            }
        )
    )
