"""How sure the forecast of a plan is, against closed forms; the trials themselves are tested beside the engine."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from math import sqrt
from pathlib import Path
from typing import Any

import pytest

from tests.commands import Commands
from tests.cutover import MINUTE, START, document, rehearsing, task
from warroom.board.rehearsed import Sample, samples_of
from warroom.runbook.document import PlannedCalendar
from warroom.schedule.hours import WorkingHours

# A takes 60 to 120 minutes, most likely 60: P(A <= x) = 1 - ((120 - x) / 60)^2. The window ends at 90, with B, which
# comes at once after it. To be back by then with 20 minutes of work and nothing in hand, a back-out must be decided by
# 70.
RUNBOOK = """\
warroom: 1
programme: {key: p, name: P, timezone: Europe/Berlin}
window: {start: 2026-11-27T19:00, end: T+90m, ends_with: B, buffer: 0}
people: [{handle: mei, name: Mei, roles: [lead]}]
tasks:
- {ref: A, title: Long, owner: mei, duration: {low: 60m, likely: 60m, high: 2h}}
- {ref: B, title: Open, owner: mei, kind: milestone, after: [A]}
- {ref: C, title: Beside, owner: mei, duration: {low: 5m, likely: 10m, high: 15m}}
rollback: {point_of_no_return: B, tasks: [{ref: U, title: Back, owner: mei, duration: 20m}]}
"""


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "plan.yaml"
    path.write_text(RUNBOOK)
    return str(path)


def minute(text: str) -> float:
    return (datetime.fromisoformat(text) - datetime.fromisoformat("2026-11-27T18:00:00Z")).total_seconds() / 60


def at_most(limit: float) -> float:
    return 1 - ((120 - limit) / 60) ** 2


def test_a_plan_against_closed_forms(commands: Commands, file: str) -> None:
    found = commands.json("confidence", "--runbook", file, "--seed", "7")
    assert list(found) == [
        *("at", "run", "trials", "seed", "estimated", "window_end", "forecast_finish"),
        *("inside_window", "backout_safe", "p50", "p80", "p95", "tasks", "durations"),
    ]
    assert (found["run"], found["trials"], found["seed"], found["estimated"]) == (None, 10_000, 7, 2)
    assert found["inside_window"] == pytest.approx(at_most(90), abs=0.02)
    assert found["backout_safe"] == pytest.approx(at_most(70), abs=0.02)
    for key, share in (("p50", 0.5), ("p80", 0.8), ("p95", 0.95)):
        assert minute(found[key]) == pytest.approx(120 - 60 * sqrt(1 - share), abs=1.5)
    tasks: list[dict[str, Any]] = found["tasks"]
    assert [(row["ref"], row["criticality"]) for row in tasks] == [("A", 1.0), ("B", 1.0)]
    assert tasks[0]["driver"] == pytest.approx(1.0, abs=0.001)
    assert tasks[1]["driver"] is None


def test_the_same_seed_gives_the_same_figures(commands: Commands, file: str) -> None:
    def found(*more: str) -> Any:
        return commands.json("confidence", "--runbook", file, "--trials", "1500", *more)

    assert found("--seed", "3") == found("--seed", "3") != found("--seed", "4")
    assert found("--shape", "pert")["inside_window"] > found("--shape", "triangular")["inside_window"]


def test_in_a_run_what_has_happened_is_certain(commands: Commands, file: str) -> None:
    """At 75 minutes A still runs: what it took already is known, P(A <= 90 | A > 75)."""
    commands.good("init", file)
    commands.good("run", "start", "--rehearsal", "mock")
    commands.good("task", "start", "A")
    commands.to(75)
    found = commands.json("confidence")
    assert found["inside_window"] == pytest.approx((at_most(90) - at_most(75)) / (1 - at_most(75)), abs=0.02)
    assert found["backout_safe"] == 0.0
    commands.good("task", "done", "A")
    found = commands.json("confidence")
    assert (found["inside_window"], found["p50"], found["p95"]) == (1.0, "2026-11-27T19:15:00Z", "2026-11-27T19:15:00Z")
    text = commands.good("confidence").out
    assert "inside the window    100.0%, which ends Fri 27 Nov 20:30" in text


def test_in_words(commands: Commands, file: str) -> None:
    text = commands.good("confidence", "--runbook", file).out
    for shown in ("inside the window", "back-out still fits", "P80", "10,000 with seed 0", "+1.00", "Long"):
        assert shown in text


def test_a_plan_without_estimates_is_certain_and_says_so(planning: Commands) -> None:
    answer = planning.good("confidence")
    assert "no task has a duration with three points, or 2 rehearsals behind it" in answer.err
    assert "inside the window    100.0%" in answer.out
    assert planning("confidence", "--trials", "0").code == 2


def rehearse(commands: Commands, name: str, took: int, *, skip: bool = False) -> None:
    """A rehearsal of which A takes so many minutes, or is skipped, and nothing else is done."""
    commands.good("run", "start", "--rehearsal", name, "--tier", "2")
    if skip:
        commands.good("task", "skip", "A", "--reason", "not today")
    else:
        commands.good("task", "start", "A")
        commands.to(commands_now(commands) + took)
        commands.good("task", "done", "A")
    commands.good("run", "close")


def commands_now(commands: Commands) -> float:
    return (commands.clock.now() - START).total_seconds() / 60


def durations(found: dict[str, Any]) -> dict[str, tuple[str, list[tuple[str, int | None, int]]]]:
    return {
        row["ref"]: (
            row["source"],
            [(sample["run"], sample["tier"], sample["duration_s"] // 60) for sample in row["rehearsed"]],
        )
        for row in found["durations"]
    }


def test_durations_come_from_rehearsals_once_there_are_enough(commands: Commands, file: str) -> None:
    """A took 80 in one rehearsal: its three points still count. After one of 100 both are as likely: one half of all
    trials is done after 80 minutes, the rest after 100. One that was skipped says nothing."""
    commands.good("init", file)
    rehearse(commands, "mock 1", 80)
    found = commands.json("confidence")
    assert found["run"] == "mock 1"
    assert durations(found)["C"] == ("three-point", [])
    rehearse(commands, "mock 2", 0, skip=True)
    commands.good("run", "start", "--rehearsal", "mock 3", "--tier", "2")
    assert durations(commands.json("confidence")) == {
        "A": ("three-point", [("mock 1", 2, 80)]),
        "B": ("planned", []),
        "C": ("three-point", []),
        "U": ("planned", []),
    }
    commands.good("task", "start", "A")
    commands.to(commands_now(commands) + 100)
    commands.good("task", "done", "A")
    commands.good("run", "close")
    commands.good("run", "start", "--rehearsal", "mock 4")
    found = commands.json("confidence")
    assert durations(found)["A"] == ("rehearsal", [("mock 1", 2, 80), ("mock 3", 2, 100)])
    assert found["estimated"] == 2
    start = datetime.fromisoformat(found["window_end"]) - timedelta(minutes=90)
    assert found["inside_window"] == pytest.approx(0.5, abs=0.02)
    assert {datetime.fromisoformat(found[key]) - start for key in ("p80", "p95")} == {timedelta(minutes=100)}
    assert "1 rehearsal, 1 three-point" in commands.good("confidence").out


def test_a_rehearsal_takes_its_durations_from_those_before_it(commands: Commands, file: str) -> None:
    commands.good("init", file)
    for name in ("mock 1", "mock 2", "mock 3"):
        rehearse(commands, name, 70, skip=name == "mock 1")
    commands.good("run", "start", "--rehearsal", "mock 4")
    commands.good("task", "start", "A")
    assert [name for name, _, _ in durations(commands.json("confidence"))["A"][1]] == ["mock 2", "mock 3"]
    # What was known to an earlier one: no rehearsal at all, and A is closed there.
    assert durations(commands.json("confidence", "--run", "mock 1"))["C"] == ("three-point", [])


def test_work_in_a_rehearsal_counts_by_its_calendar(tmp_path: Path) -> None:
    """Shifts from 0 to 60 and from 90 to 240 minutes: from 30 to 100 are 40 minutes of work, not 70."""
    evening = WorkingHours("Europe/Berlin", dict.fromkeys(range(7), ((1140, 1200), (1230, 1380))))
    runbook = replace(document(task("A", 45, calendar="evening")), calendars=(PlannedCalendar("evening", evening),))
    with rehearsing(tmp_path / "state.db", runbook) as cutover:
        cutover.to(30)
        cutover.do("task.start", "A", by="omar")
        cutover.to(100)
        cutover.finish("A")
        assert samples_of([cutover.board()]) == {"A": (Sample("mock 1", None, 40 * MINUTE),)}


def test_the_last_attempt_that_was_done_counts(tmp_path: Path) -> None:
    """A took 10 minutes, then 20; a third attempt is still under way. B failed, and was never done."""
    with rehearsing(tmp_path / "state.db", document(task("A", 45), task("B", 10))) as cutover:
        cutover.do("task.start", "A")
        cutover.do("task.start", "B")
        cutover.to(10)
        cutover.finish("A")
        cutover.do("task.fail", "B", reason="No access")
        cutover.do("task.rerun", "A", reason="Wrong file")
        cutover.do("task.start", "A")
        cutover.to(30)
        cutover.finish("A")
        assert samples_of([cutover.board()]) == {"A": (Sample("mock 1", None, 20 * MINUTE),)}
        cutover.do("task.rerun", "A", reason="Once more")
        cutover.do("task.start", "A")
        cutover.to(70)
        assert samples_of([cutover.board()]) == {"A": (Sample("mock 1", None, 20 * MINUTE),)}
