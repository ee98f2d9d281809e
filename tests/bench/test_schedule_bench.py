"""How fast the passes are: against networkx in the same run, and as the network grows (DESIGN section 7)."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import networkx as nx
import pytest

from tests.bench.measure import medians, ratio
from warroom.schedule.network import Activity, Link, Network
from warroom.schedule.passes import schedule


def random_plan(count: int, seed: int = 7) -> tuple[list[Activity], list[Link]]:
    """`count` activities with three FS links each, predecessors among the 200 before (FIGURES 2.1)."""
    random = Random(seed)
    activities = [Activity(f"T-{index:05}", random.randrange(300, 7200, 60)) for index in range(count)]
    links = [
        Link(f"T-{predecessor:05}", f"T-{index:05}", random.choice((0, 0, 0, 900)))
        for index in range(1, count)
        for predecessor in random.sample(range(max(0, index - 200), index), min(3, index))
    ]
    return activities, links


def networkx_passes(graph: nx.DiGraph[str]) -> Callable[[], int]:
    """Forward and backward pass over node and edge attributes, round the clock."""

    def run() -> int:
        order = list(nx.topological_sort(graph))
        for node in order:
            start = 0
            for predecessor, link in graph.pred[node].items():
                start = max(start, graph.nodes[predecessor]["finish"] + link["lag"])
            graph.nodes[node]["start"] = start
            graph.nodes[node]["finish"] = start + graph.nodes[node]["duration"]
        end: int = max(graph.nodes[node]["finish"] for node in order)
        for node in reversed(order):
            late_finish = end
            for successor, link in graph.succ[node].items():
                late_finish = min(late_finish, graph.nodes[successor]["late_start"] - link["lag"])
            graph.nodes[node]["late_finish"] = late_finish
            graph.nodes[node]["late_start"] = late_finish - graph.nodes[node]["duration"]
            graph.nodes[node]["total_float"] = late_finish - graph.nodes[node]["finish"]
        return end

    return run


@pytest.mark.parametrize("count", [1_000, 10_000])
def test_passes_against_networkx(count: int, record_property: Callable[[str, object], None]) -> None:
    """Target: at least 5 times faster than networkx; held with slack at 3.5."""
    activities, links = random_plan(count)
    graph: nx.DiGraph[str] = nx.DiGraph()
    for activity in activities:
        graph.add_node(activity.key, duration=activity.duration)
    for link in links:
        graph.add_edge(link.predecessor, link.successor, lag=link.lag)
    network = Network(activities, links)
    reference = networkx_passes(graph)

    assert reference() == schedule(network, plan_start=0).finish

    faster = ratio(reference, lambda: schedule(network, plan_start=0))
    record_property(f"times_faster_than_networkx_{count}", round(faster, 1))
    print(f"{count} tasks: {faster:.1f} times faster than networkx")
    assert faster >= 3.5


def test_growth_from_10_000_to_100_000(record_property: Callable[[str, object], None]) -> None:
    """Target: at most 12 times the time for ten times the tasks; held with slack at 18."""
    small, large = (Network(*random_plan(count)) for count in (10_000, 100_000))
    small_time, large_time = medians(
        lambda: schedule(small, plan_start=0), lambda: schedule(large, plan_start=0), rounds=3
    )
    record_property("growth_per_tenfold", round(large_time / small_time, 1))
    print(f"10,000 tasks {small_time * 1000:.1f} ms, 100,000 tasks {large_time * 1000:.1f} ms")
    assert large_time <= 18 * small_time
