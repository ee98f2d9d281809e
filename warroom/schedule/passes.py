"""Laying a network out in time: forward, backward, and the longest path."""

from __future__ import annotations

from warroom.schedule.backward import backward, mark_longest_path, wait_as_late_as_possible
from warroom.schedule.forward import forward, out_of_sequence
from warroom.schedule.network import BadNetwork, Network
from warroom.schedule.result import Schedule


def schedule(
    network: Network,
    *,
    plan_start: int,
    data_date: int | None = None,
    ends_with: str | None = None,
    anchor: int | None = None,
    progress_override: bool = False,
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
        progress_override: what remains of work that began out of sequence goes on at the data date, and the links
            that it got ahead of hold nobody. By default they hold it (retained logic). The pairs are listed
            in either case.

    Late dates of an activity that leads to `ends_with` through open successors come from `anchor`, and never
    from what merely follows `ends_with`; those of all others come from the latest finish of the network.
    A deadline caps the late dates of its activity and of all that leads to it.

    Raises:
        BadNetwork: `ends_with` is not in the network.
    """
    if ends_with is not None and ends_with not in network.positions:
        raise BadNetwork(f"there is no activity {ends_with} to end with")
    columns = forward(network, plan_start=plan_start, data_date=data_date, progress_override=progress_override)

    network_finish = max(columns.finish, default=plan_start)
    ends = None if ends_with is None else [network.positions[ends_with]]
    finish = network_finish if ends is None else columns.finish[ends[0]]
    backward(columns, ends, finish if anchor is None else anchor, network_finish)
    if ends is None:
        ends = [position for position, instant in enumerate(columns.finish) if instant == finish]
    if network.late:
        wait_as_late_as_possible(columns)
        network_finish = max(columns.finish)
        finish = columns.finish[ends[0]]
    mark_longest_path(columns, ends)
    return Schedule(
        network=network,
        plan_start=plan_start,
        data_date=data_date,
        ends_with=ends_with,
        anchor=anchor,
        progress_override=progress_override,
        finish=finish,
        network_finish=network_finish,
        out_of_sequence=out_of_sequence(columns),
        columns=columns,
    )
