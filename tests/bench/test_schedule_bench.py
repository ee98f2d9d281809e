"""How fast the engine is, as ratios in one run (DESIGN section 7): against networkx, through calendars, as the network
grows, the Monte Carlo and the sweep."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from random import Random

import networkx as nx
import numpy as np
import pytest

from tests.bench.measure import medians, ratio
from warroom.schedule.estimates import Triangular
from warroom.schedule.hours import WorkingHours, calendar
from warroom.schedule.montecarlo import confidence
from warroom.schedule.network import Activity, Link, Network
from warroom.schedule.passes import schedule
from warroom.schedule.whatif import sweep


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


def test_passes_through_calendars(record_property: Callable[[str, object], None]) -> None:
    """Target: at most 6 times the time round the clock, through office hours with a break."""
    for count in (1_000, 10_000):
        activities, links = random_plan(count)
        network = Network(activities, links)
        horizon = (0, 6 * schedule(network, plan_start=0).finish)
        hours = WorkingHours("Europe/Berlin", {day: [(8 * 60, 12 * 60), (13 * 60, 17 * 60)] for day in range(5)})
        office = calendar(hours, origin=datetime(2026, 11, 27, 16, tzinfo=UTC), horizon=horizon)
        working = network.with_activities([replace(activity, calendar=office) for activity in activities])
        plain_time, working_time = medians(
            lambda network=network: schedule(network, plan_start=0),  # type: ignore[misc]
            lambda network=working: schedule(network, plan_start=0),  # type: ignore[misc]
        )
        slower = working_time / plain_time
        record_property(f"calendars_times_slower_{count}", round(slower, 1))
        print(f"{count} tasks: {slower:.1f} times as long through calendars")
        assert slower <= 6


def test_monte_carlo_against_drawing_the_samples(record_property: Callable[[str, object], None]) -> None:
    """Target: 10,000 trials of 1,000 tasks with criticality take at most twice what numpy needs to draw them."""
    activities, links = random_plan(1_000)
    base = schedule(Network(activities, links), plan_start=0)
    estimates = {
        activity.key: Triangular(activity.duration * 7 // 10, activity.duration, activity.duration * 16 // 10)
        for activity in activities
    }
    low, likely, high = (
        np.array([getattr(estimate, point) for estimate in estimates.values()], dtype=np.float64)[:, None]
        for point in ("low", "likely", "high")
    )

    def draw() -> None:
        generator = np.random.default_rng(1)
        for _ in range(10):
            generator.triangular(low, likely, high, size=(1_000, 1_000))

    draw_time, our_time = medians(draw, lambda: confidence(base, estimates, trials=10_000), rounds=3)
    record_property("monte_carlo_times_the_draw", round(our_time / draw_time, 2))
    print(f"drawing {draw_time * 1000:.0f} ms, all of the Monte Carlo {our_time * 1000:.0f} ms")
    assert our_time <= 2 * draw_time


def test_a_sweep_takes_a_pass_for_each_task(record_property: Callable[[str, object], None]) -> None:
    """Target: at most as many full passes as there are tasks; asking around each of them costs as much again."""
    network = Network(*random_plan(1_000))
    base = schedule(network, plan_start=0)
    keys = network.keys[::10]

    def passes() -> None:
        for _ in keys:
            schedule(network, plan_start=0)

    pass_time, sweep_time = medians(passes, lambda: list(sweep(base, 1_800, among=keys)), rounds=3)
    record_property("sweep_times_a_pass", round(sweep_time / pass_time, 1))
    print(f"a step of a sweep takes {sweep_time / pass_time:.1f} times a pass")
    assert sweep_time <= 4 * pass_time
