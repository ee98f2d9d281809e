"""How sure the forecast of a plan is, against closed forms; the trials themselves are tested beside the engine."""

from __future__ import annotations

from datetime import datetime
from math import sqrt
from pathlib import Path
from typing import Any

import pytest

from tests.commands import Commands

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
        *("inside_window", "backout_safe", "p50", "p80", "p95", "tasks"),
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
    assert "no task has a duration with three points" in answer.err
    assert "inside the window    100.0%" in answer.out
    assert planning("confidence", "--trials", "0").code == 2
