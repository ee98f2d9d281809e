"""Triggers that are judged without a person: by every condition that a criterion can have, at their time, and told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from tests.commands import Commands
from tests.cutover import MINUTE, Cutover, created, document, minute, task
from warroom.actions import alerts
from warroom.board.board import Board
from warroom.board.confidence import inside_window
from warroom.board.forecast import Forecast, forecast
from warroom.rules.alerting.deciding import next_change
from warroom.rules.backout import TriggerStanding, trigger_standings
from warroom.rules.backout_documents import rollback_document
from warroom.runbook.document import Condition, PlannedControl, PlannedTrigger, Rollback, RunbookDocument
from warroom.store.verify import verify
from warroom.vocabulary.errors import BadInput, Refused
from warroom.vocabulary.words import Automatic, Light, Result, Side, TaskKind

Rehearse = Callable[[RunbookDocument], Cutover]


def runbook(kind: Automatic, *, due: int | None = None, low: int | None = None, **more: Any) -> RunbookDocument:
    """A (30, from `low` to 200 minutes) > B (30) of the phase load > END; S is a test of orders; one trigger."""
    trigger = PlannedTrigger("It goes wrong", condition=Condition(kind, **more), due_s=due and due * MINUTE)
    rollback = Rollback(point_of_no_return="END", triggers=(trigger,), tasks=(task("U", 20, backout=True),))
    spread = {} if low is None else {"duration_low_s": low * MINUTE, "duration_high_s": 200 * MINUTE}
    plain = document(
        task("A", 30, phase="load", **spread),
        task("B", 30, "A", phase="load"),
        task("S", 10, "B", kind=TaskKind.SMOKE_TEST, flow="orders"),
        task("END", 10, "S"),
        rollback=rollback,
        ends_with="END",
    )
    return replace(plain, controls=(PlannedControl("gl", "Trial balance", "lena", tolerance_absolute=Decimal(0)),))


def standing(cutover: Cutover) -> TriggerStanding:
    board = cutover.board()
    return trigger_standings(board, cutover.forecast(), board.run_time(cutover.clock.now()))[0]


def told(cutover: Cutover) -> tuple[bool | None, Light | None]:
    found = standing(cutover)
    return found.reached, None if found.condition is None else found.condition.light


def inside(board: Board, expected: Forecast) -> Decimal | None:
    return inside_window(board, expected)


def alerted(cutover: Cutover) -> bool:
    swept = alerts.sweep(cutover.state_file, count=inside)
    return "trigger 1" in {alert.subject for alert in swept.open_alerts}


@pytest.mark.parametrize(
    "condition", [{"kind": Automatic.PHASE_DONE, "of": ("load",)}, {"kind": Automatic.TASKS_DONE, "of": ("A", "B")}]
)
def test_tasks_reach_it_when_they_are_late_or_stuck(condition: dict[str, Any], rehearse: Rehearse) -> None:
    cutover = rehearse(runbook(**condition))
    assert told(cutover) == (False, Light.AMBER)
    cutover.do("task.start", "A")
    assert not alerted(cutover)
    cutover.do("task.fail", "A", reason="disk full")
    assert told(cutover) == (True, Light.RED)
    assert alerted(cutover)
    cutover.do("task.rerun", "A", reason="another disk")
    cutover.do("task.start", "A")
    assert told(cutover) == (False, Light.AMBER)
    assert not alerted(cutover)


def test_the_time_by_which_it_must_hold(rehearse: Rehearse) -> None:
    cutover = rehearse(runbook(Automatic.TASKS_DONE, of=("A", "B"), due=50))
    cutover.finish("A")
    cutover.to(20)
    cutover.do("task.start", "B")
    cutover.to(49)
    found = standing(cutover)
    assert (found.reached, found.must_hold_at) == (False, minute(50))
    assert found.value.endswith("1 of 2 done; open: B (asked: all 2, by Fri 27 Nov 19:50)")
    cutover.to(50)
    found = standing(cutover)
    assert (found.reached, found.since) == (True, minute(50))
    assert alerted(cutover)
    cutover.do("task.done", "B")
    assert told(cutover) == (False, Light.GREEN)
    assert not alerted(cutover)


def test_controls_that_do_not_tie_out_or_are_missing_at_their_time(rehearse: Rehearse) -> None:
    cutover = rehearse(runbook(Automatic.CONTROLS, due=60))
    assert told(cutover) == (None, Light.MISSING)
    cutover.do("control.record", "gl", by="omar", side=Side.LEGACY, value=Decimal(100))
    cutover.to(60)
    assert told(cutover) == (True, Light.MISSING)
    cutover.do("control.record", "gl", by="bea", side=Side.NEW, value=Decimal(100))
    assert told(cutover) == (False, Light.GREEN)
    cutover.do("control.reopen", "gl", by="lena", reason="taken again")
    cutover.do("control.record", "gl", by="bea", side=Side.NEW, value=Decimal(99))
    assert told(cutover) == (True, Light.RED)
    assert alerted(cutover)


def test_problems(rehearse: Rehearse) -> None:
    cutover = rehearse(runbook(Automatic.PROBLEMS, severity=1, at_most=Decimal(1)))
    assert told(cutover) == (False, Light.GREEN)
    cutover.do("problem.raise", title="No order ships", severity=1)
    assert told(cutover) == (False, Light.AMBER)
    cutover.do("problem.raise", title="No invoice prints", severity=1)
    assert told(cutover) == (True, Light.RED)
    (alert,) = [one for one in cutover.sweep().open_alerts if one.subject == "trigger 1"]
    assert "2 open of severity 1: problem 1, problem 2 (asked: at most 1)" in alert.message
    cutover.do("problem.solve", 1, outcome="corrected")
    assert not alerted(cutover)


def test_smoke_tests(rehearse: Rehearse) -> None:
    cutover = rehearse(runbook(Automatic.SMOKE_TESTS, of=("orders",)))
    assert told(cutover) == (None, Light.MISSING)
    for ref in ("A", "B"):
        cutover.finish(ref)
    cutover.do("task.start", "S")
    cutover.do("task.done", "S", result=Result.FAIL)
    assert told(cutover) == (True, Light.RED)
    assert alerted(cutover)


def test_a_metric_is_measured_by_whoever_takes_part(rehearse: Rehearse) -> None:
    cutover = rehearse(runbook(Automatic.METRIC, metric="Items rejected", unit="%", at_most=Decimal(1)))
    assert told(cutover) == (None, Light.MISSING)
    cutover.do("rollback.measure", 1, by="bea", value=Decimal("0.4"), measured="first pass")
    assert told(cutover) == (False, Light.GREEN)
    cutover.to(10)
    cutover.do("rollback.measure", 1, by="bea", value=Decimal("1.4"), measured="1,204 of 86,000")
    found = standing(cutover)
    assert (found.reached, found.value) == (True, "1.4 %: 1,204 of 86,000 (asked: at most 1 %)")
    assert found.condition is not None
    assert (found.condition.source, found.condition.at) == ("bea", minute(10))
    assert alerted(cutover)
    calls = cutover.board().trigger_calls(found.trigger.id)
    assert [(one.value, one.ended_because) for one in calls] == [
        (Decimal("0.4"), "measured anew"),
        (Decimal("1.4"), None),
    ]
    cutover.do("rollback.measure", 1, by="bea", value=Decimal(1))
    assert not alerted(cutover)
    assert verify(cutover.state_file).sound


def test_what_is_not_measured(rehearse: Rehearse) -> None:
    cutover = rehearse(runbook(Automatic.WINDOW))
    head = cutover.head()
    with pytest.raises(Refused, match="trigger 1 is no metric"):
        cutover.do("rollback.measure", 1, value=Decimal(1))
    with pytest.raises(BadInput, match="that is no figure"):
        cutover.do("rollback.measure", 1, value=Decimal("NaN"))
    with pytest.raises(BadInput, match="there is no trigger 2"):
        cutover.do("rollback.measure", 2, value=Decimal(1))
    assert cutover.head() == head


def test_confidence_is_computed_by_the_sweep_and_does_not_flicker(rehearse: Rehearse) -> None:
    """A takes 30 to 200 of the 240 minutes, and 50 follow: it ends in time if it takes 190 at most."""
    cutover = rehearse(runbook(Automatic.CONFIDENCE, at_least=Decimal(90), low=30))
    assert told(cutover) == (None, Light.AMBER)  # the screens do not compute it
    assert not alerted(cutover)
    cutover.to(60)
    assert alerted(cutover)
    assert "trigger 1" in {alert.subject for alert in cutover.sweep().open_alerts}  # who does not count leaves it alone
    raised = len(cutover.board().alerts)
    for _ in range(5):
        cutover.do("task.note", "B", text="nothing to do with it")
        assert alerted(cutover)
    assert len(cutover.board().alerts) == raised


def test_whether_a_back_out_fits_is_asked_while_there_can_be_one(rehearse: Rehearse) -> None:
    """It takes 20 minutes and 15 of buffer, so that it is decided at 205 at the latest."""
    cutover = rehearse(runbook(Automatic.BACK_OUT))
    cutover.to(205)
    assert told(cutover)[0] is False
    cutover.to(206)
    assert told(cutover) == (True, Light.RED)
    for ref in ("A", "B", "S"):
        cutover.finish(ref)
    cutover.do("task.start", "END")
    assert told(cutover) == (None, None)
    assert standing(cutover).value == "no longer judged"


@pytest.mark.parametrize(
    "condition",
    [
        {"kind": Automatic.PHASE_DONE, "of": ("load",)},
        {"kind": Automatic.TASKS_DONE, "of": ("A", "B"), "due": 20},
        {"kind": Automatic.CONTROLS, "due": 33},
        {"kind": Automatic.METRIC, "metric": "Rows", "at_most": Decimal(1), "due": 12},
        {"kind": Automatic.WINDOW},
        {"kind": Automatic.BACK_OUT},
    ],
)
def test_the_next_change_misses_no_minute(condition: dict[str, Any], rehearse: Rehearse) -> None:
    cutover = rehearse(runbook(**condition))
    due = None
    first = None
    for number in range(240):
        cutover.to(number)
        board = cutover.board()
        if standing(cutover).reached:
            first = minute(number)
            break
        due = next_change(board, forecast(board, minute(number)))
    assert first is not None
    assert due is not None
    assert due <= first


def test_the_document_tells_the_condition(rehearse: Rehearse) -> None:
    cutover = rehearse(runbook(Automatic.PROBLEMS, severity=2, due=90))
    (found,) = rollback_document(cutover.board(), cutover.forecast(), minute(0), minute(0))["triggers"]
    assert found["due"] == "2026-11-27T19:30:00Z"
    assert found["condition"] == {
        "value": "0 open of severity 2 or worse",
        "threshold": "at most 0",
        "light": "green",
        "holds": True,
        "source": "log of problems",
        "at": None,
    }


def test_a_figure_is_recorded_by_its_command(commands: Commands) -> None:
    created(commands.path, runbook(Automatic.METRIC, metric="Rows", unit="rows", at_least=Decimal(-3)))
    commands.good("run", "start", "--rehearsal", "mock 1")
    answer = commands.good("rollback", "measure", "1", "-4", "--as", "bea", "--measured", "log 4")
    assert "trigger 1 is measured: -4: log 4" in answer.err
    assert "REACHED" in commands.good("rollback", "status").out
    assert commands.json("rollback", "status")["triggers"][0]["condition"]["value"] == "-4 rows: log 4"
    assert commands("rollback", "measure", "1", "much").code == 2


def test_a_confidence_is_computed_for_who_looks(commands: Commands) -> None:
    created(commands.path, runbook(Automatic.CONFIDENCE, at_least=Decimal(90), low=30))
    commands.good("run", "start", "--rehearsal", "mock 1")
    found = commands.json("rollback", "status")
    assert found["triggers"][0]["condition"]["light"] == "green"
    assert commands.json("status")["rollback"] == found
    assert "% (asked: at least 90 %)" in commands.good("rollback", "status").out
