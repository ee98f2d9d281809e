"""The passes against a second implementation (`naive_schedule`) and against networkx."""

from __future__ import annotations

import networkx as nx
from hypothesis import given, settings

from tests.property.naive_schedule import Naive
from tests.property.schedule_strategies import Case, cases
from tests.soaking import times


def compare(case: Case) -> None:
    """Every figure of the schedule with that of the second implementation."""
    naive, result = Naive(case), case.schedule()

    assert (result.finish, result.network_finish) == (naive.finish, naive.network_finish)
    assert result.out_of_sequence == naive.out_of_sequence()
    for key, timing in result.timings():
        placed = naive.final(key)
        assert (timing.start, timing.finish) == (placed.start, placed.finish)
        assert timing.allowed_start == naive.allowed(key, final=True)
        assert timing.guess == naive.guess(key)
        assert timing.driven_by == naive.driven_by(key)
        if naive.closed(key):
            assert timing.late_finish is None
            continue
        late_start, late_finish = naive.late_dates(key)
        assert timing.late_finish == late_finish
        assert timing.total_float == naive.total_float(key, placed.finish)
        assert timing.free_float == naive.free_float(key)
        if not naive.begun(key):
            assert timing.late_start == late_start


@settings(max_examples=times(short=50, whole=300))
@given(cases())
def test_round_the_clock(case: Case) -> None:
    compare(case)


@settings(max_examples=times(short=50, whole=300))
@given(cases(working=True, waiting=True, override=True))
def test_with_calendars_waiting_and_progress_override(case: Case) -> None:
    compare(case)


@given(cases(moved=False, deadlines=False, types=False))
def test_the_finish_is_the_longest_way_that_networkx_finds(case: Case) -> None:
    """The plan as a graph of ways from a source, over each activity's own limits, to a sink."""
    graph: nx.DiGraph[str] = nx.DiGraph()
    durations = {activity.key: activity.duration for activity in case.activities}
    base = -1_000  # before any instant of a case, so that every way from the source has a positive length
    for activity in case.activities:
        earliest = max(case.plan_start, activity.not_before if activity.not_before is not None else base)
        graph.add_edge("source", activity.key, weight=earliest - base)
        graph.add_edge(activity.key, "sink", weight=activity.duration)
    for link in case.links:
        weight = durations[link.predecessor] + link.lag
        pair = (link.predecessor, link.successor)
        if not graph.has_edge(*pair) or graph.edges[pair]["weight"] < weight:
            graph.add_edge(*pair, weight=weight)

    assert case.schedule().network_finish == base + nx.dag_longest_path_length(graph)
