"""What deciding all alert rules costs, against one forecast of the same Board (issue 8: at most twice as much)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import cycle
from typing import Any

import pytest

from tests.bench.measure import held, ratio
from tests.bench.test_schedule_bench import random_plan
from tests.cutover import START, document
from tests.property.test_alert_timing import in_run
from warroom.board.board import Board
from warroom.board.forecast import forecast
from warroom.board.from_runbook import bare_board
from warroom.board.rows import Task
from warroom.rules.alerting.deciding import findings
from warroom.runbook.document import PlannedLink, PlannedTask
from warroom.store.codec import changed
from warroom.vocabulary.words import TaskState

COUNT = 10_000
DONE = 0.3
MOST = 2.0
SLACK = 1.25


def midway() -> Board:
    """A run of 10,000 tasks in which three in ten are done; of what could go on now some run, some are blocked, some
    are over their time, and some nobody has taken up."""
    activities, links = random_plan(COUNT)
    before: dict[str, list[PlannedLink]] = {}
    for link in links:
        before.setdefault(link.successor, []).append(PlannedLink(link.predecessor, link.lag))
    tasks = [
        PlannedTask(
            one.key, f"Task {one.key}", "omar", one.duration, backup="bea", links=tuple(before.get(one.key, ()))
        )
        for one in activities
    ]
    plan = bare_board(replace(document(*tasks, ends_with=tasks[-1].ref), controls=()))
    expected = forecast(plan, START)
    rows = dict(plan.rows(Task))
    order = sorted(rows.values(), key=lambda row: expected.of(row).finish)
    now = expected.of(order[int(COUNT * DONE)]).finish

    def instant(seconds: int) -> Any:
        return START + timedelta(seconds=seconds)

    for number, row in enumerate(order):
        timing = expected.of(row)
        if timing.finish < now - 1800:
            values = {"state": TaskState.DONE, "actual_finish": instant(timing.finish)}
        elif timing.start < now:
            values = ({"state": TaskState.RUNNING}, {"state": TaskState.RUNNING}, {}, {"state": TaskState.BLOCKED})[
                number % 4
            ]
        else:
            continue
        if values:
            values = {**values, "actual_start": instant(timing.start)}
        if values.get("state") is TaskState.BLOCKED:
            values |= {"blocked_at": instant(now - 60 * (number % 90)), "blocked_reason": "no access"}
        rows[row.id] = changed(row, values)
    return in_run(plan, rows)


def moment(board: Board) -> Any:
    finished = [task.actual_finish for task in board.tasks if task.actual_finish is not None]
    return max(finished) + timedelta(minutes=31)


@pytest.fixture(scope="module")
def board() -> Board:
    return midway()


def test_all_rules_cost_at_most_two_forecasts(board: Board) -> None:
    at = moment(board)
    # By turns of one minute and the next, and from nothing: what is known already is not made twice.
    minutes = [forecast(board, at + timedelta(minutes=number)) for number in range(2)]
    found = findings(board, minutes[0])
    assert len({finding.rule for finding in found}) >= 3
    assert len(found) > 10

    def measured() -> float:
        by_turns = cycle(minutes)
        return 1 / ratio(
            lambda: forecast(in_run(board, dict(board.rows(Task))), at), lambda: findings(board, next(by_turns))
        )

    share = held(measured, lambda figure: figure <= MOST)
    print(f"all rules on {COUNT:,} tasks: {share:.2f} of a forecast, {len(found)} findings")
    assert share <= MOST * SLACK
