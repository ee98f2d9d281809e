"""How fast the passes are against MPXJ's scheduler once the Java machine is warm (DESIGN section 7).

MPXJ is no part of the development requirements (it brings 32 MB of Java archives): install `mpxj` beside a Java runtime
to run this.
"""

from __future__ import annotations

import importlib
import shutil
from collections.abc import Callable
from typing import Any

import pytest

from tests.bench.measure import held, ratio
from tests.bench.test_schedule_bench import random_plan
from warroom.schedule.network import Activity, Link, Network
from warroom.schedule.passes import schedule


@pytest.fixture(scope="module")
def jpype() -> Any:
    """The running Java machine, with MPXJ in its class path."""
    if shutil.which("java") is None:
        pytest.skip("there is no Java on this machine")
    bridge = pytest.importorskip("jpype", reason="mpxj is not installed")
    pytest.importorskip("mpxj", reason="mpxj is not installed")
    if not bridge.isJVMStarted():
        bridge.startJVM()
    importlib.import_module("jpype.imports")
    return bridge


def mpxj_passes(jpype: Any, activities: list[Activity], links: list[Link]) -> Callable[[], object]:
    """MPXJ's scheduler over the same plan, in a calendar that works round the clock."""
    mpxj = jpype.JPackage("org").mpxj
    java = jpype.JPackage("java")
    project = mpxj.ProjectFile()
    calendar = project.addDefaultBaseCalendar()
    for day in java.time.DayOfWeek.values():
        calendar.setWorkingDay(day, True)
        hours = (
            calendar.addCalendarHours(day) if calendar.getCalendarHours(day) is None else calendar.getCalendarHours(day)
        )
        hours.clear()
        hours.add(mpxj.LocalTimeRange(java.time.LocalTime.MIDNIGHT, java.time.LocalTime.MIDNIGHT))
    project.setDefaultCalendar(calendar)
    minutes = mpxj.TimeUnit.MINUTES
    tasks = {}
    for activity in activities:
        task = project.addTask()
        task.setName(activity.key)
        duration = mpxj.Duration.getInstance(activity.duration / 60, minutes)
        task.setDuration(duration)
        task.setActualDuration(mpxj.Duration.getInstance(0, minutes))
        task.setRemainingDuration(duration)
        task.setCalendar(calendar)
        tasks[activity.key] = task
    for link in links:
        lag = mpxj.Duration.getInstance(link.lag / 60, minutes)
        relation = mpxj.Relation.Builder().predecessorTask(tasks[link.predecessor]).lag(lag)
        tasks[link.successor].addPredecessor(relation)
    start = java.time.LocalDateTime.of(2026, 11, 27, 17, 0)
    scheduler = mpxj.cpm.MicrosoftScheduler()

    def run() -> object:
        scheduler.schedule(project, start)
        return max(task.getEarlyFinish() for task in tasks.values())

    last = run()
    assert last == start.plusSeconds(schedule(Network(activities, links), plan_start=0).finish)
    return lambda: scheduler.schedule(project, start)


@pytest.mark.parametrize("count", [1_000, 10_000])
def test_passes_against_mpxj(jpype: Any, count: int, record_property: Callable[[str, object], None]) -> None:
    """Target: at least 5 times faster than MPXJ when warm."""
    activities, links = random_plan(count)
    reference = mpxj_passes(jpype, activities, links)
    network = Network(activities, links)
    for _ in range(10 if count <= 1_000 else 3):  # warm it
        reference()

    faster = held(lambda: ratio(reference, lambda: schedule(network, plan_start=0), rounds=5), lambda found: found >= 5)
    record_property(f"times_faster_than_mpxj_{count}", round(faster, 1))
    print(f"{count} tasks: {faster:.1f} times faster than MPXJ")
    assert faster >= 5
