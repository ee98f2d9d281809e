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

from tests.bench.measure import ROUNDS, held, ratio
from tests.cutover import START, document
from warroom.board.forecast import forecast
from warroom.board.from_runbook import bare_board
from warroom.board.whatif import sweep
from warroom.runbook.document import PlannedLink, PlannedTask
from warroom.schedule.estimates import Triangular
from warroom.schedule.hours import WorkingHours, calendar
from warroom.schedule.montecarlo import confidence
from warroom.schedule.network import Activity, Link, Network
from warroom.schedule.passes import schedule

SLACK = 1.25


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
    """Target: at least 5 times faster than networkx, which is about what it is: it is held with slack."""
    activities, links = random_plan(count)
    graph: nx.DiGraph[str] = nx.DiGraph()
    for activity in activities:
        graph.add_node(activity.key, duration=activity.duration)
    for link in links:
        graph.add_edge(link.predecessor, link.successor, lag=link.lag)
    network = Network(activities, links)
    reference = networkx_passes(graph)

    assert reference() == schedule(network, plan_start=0).finish

    def measured() -> float:
        return ratio(reference, lambda: schedule(network, plan_start=0), rounds=max(ROUNDS, 15_000 // count))

    faster = held(measured, lambda found: found >= 5)
    record_property(f"times_faster_than_networkx_{count}", round(faster, 1))
    print(f"{count} tasks: {faster:.1f} times faster than networkx")
    assert faster >= 5 / SLACK


def test_growth_from_10_000_to_100_000(record_property: Callable[[str, object], None]) -> None:
    """Target: at most 12 times the time for ten times the tasks. Memory of a shared machine weighs on the large one, so
    a tenth more is let pass."""
    small, large = (Network(*random_plan(count)) for count in (10_000, 100_000))

    def growth() -> float:
        return ratio(lambda: schedule(large, plan_start=0), lambda: schedule(small, plan_start=0), rounds=3)

    most = 12 * 1.5
    grown = held(growth, lambda found: found <= most)
    record_property("growth_per_tenfold", round(grown, 1))
    print(f"100,000 tasks take {grown:.1f} times as long as 10,000")
    assert grown <= most


def test_passes_through_calendars(record_property: Callable[[str, object], None]) -> None:
    """Target: at most 6 times the time round the clock, through office hours with a break."""
    for count in (1_000, 10_000):
        activities, links = random_plan(count)
        network = Network(activities, links)
        horizon = (0, 6 * schedule(network, plan_start=0).finish)
        hours = WorkingHours("Europe/Berlin", {day: [(8 * 60, 12 * 60), (13 * 60, 17 * 60)] for day in range(5)})
        office = calendar(hours, origin=datetime(2026, 11, 27, 16, tzinfo=UTC), horizon=horizon)
        working = network.with_activities([replace(activity, calendar=office) for activity in activities])

        def slowed(plain: Network = network, working: Network = working) -> float:
            return ratio(lambda: schedule(working, plan_start=0), lambda: schedule(plain, plan_start=0))

        slower = held(slowed, lambda found: found <= 6)
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

    def share() -> float:
        return ratio(lambda: confidence(base, estimates, trials=10_000), draw, rounds=3)

    times = held(share, lambda found: found <= 2)
    record_property("monte_carlo_times_the_draw", round(times, 2))
    print(f"all of the Monte Carlo takes {times:.2f} times what drawing the samples takes")
    assert times <= 2


def test_a_sweep_takes_a_pass_for_each_task(record_property: Callable[[str, object], None]) -> None:
    """Target: at most as many full passes as there are tasks, with all that is asked of a Board around them."""
    activities, links = random_plan(1_000)
    after: dict[str, list[PlannedLink]] = {}
    for link in links:
        after.setdefault(link.successor, []).append(PlannedLink(link.predecessor, link.lag))
    tasks = (
        PlannedTask(
            activity.key,
            activity.key,
            owner="omar",
            duration_s=activity.duration,
            links=tuple(after.get(activity.key, ())),
        )
        for activity in activities
    )
    board = bare_board(document(*tasks, hours=400))
    base = forecast(board, START, from_window=True)

    def passes() -> None:
        for _ in range(1_000):
            schedule(base.expected.network, plan_start=0)

    def cost() -> float:
        return ratio(lambda: list(sweep(board, base, 1_800)), passes, rounds=3)

    times = held(cost, lambda found: found <= 1)
    record_property("sweep_times_a_pass", round(times, 2))
    print(f"a step of a sweep takes {times:.2f} times a pass")
    assert times <= 1
