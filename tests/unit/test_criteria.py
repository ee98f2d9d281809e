"""How each kind of criterion stands: value, light, whether it holds, who says so, who owes what is missing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from tests.cutover import MINUTE, Cutover, document, gate, links, minute, task
from warroom.board.flows import flow_document, flows
from warroom.rules.conditions import Basis
from warroom.rules.criteria import Judged, failing, judged, unsettled, waiver_at
from warroom.runbook.document import (
    Condition,
    PlannedControl,
    PlannedCriterion,
    Rollback,
    RunbookDocument,
)
from warroom.vocabulary.errors import BadInput, Refused
from warroom.vocabulary.words import Automatic, Light, Result, Side, TaskKind

Rehearse = Callable[[RunbookDocument], Cutover]


def automatic(kind: Automatic, **more: Any) -> PlannedCriterion:
    return PlannedCriterion("It holds", Condition(kind, **more))


def with_criteria(rehearse: Rehearse, *criteria: PlannedCriterion, **more: Any) -> Cutover:
    """A (30) and B (30) of the phase load, C (10) after GO; a back-out of 20 minutes; two smoke tests."""
    smoke = {"kind": TaskKind.SMOKE_TEST, "owner": "bea"}
    runbook = document(
        task("A", 30, phase="load"),
        task("B", 30, phase="load", owner="vera", backup=None),
        task("S1", 10, flow="orders", **smoke),
        task("S2", 10, flow="orders", **smoke),
        task("S3", 10, flow="stock", **smoke),
        task("C", 10, "GO"),
        gates=[replace(gate("GO", owner="omar", criteria=criteria), links=links("A", "B"))],
        rollback=Rollback(point_of_no_return="C", tasks=(task("U", 20, backout=True),)),
        ends_with="C",
    )
    return rehearse(replace(runbook, **more))


def stands(cutover: Cutover, confidence: Decimal | None = None) -> Judged:
    """How the first criterion of GO stands now."""
    board = cutover.board()
    own = board.gate_of(cutover.task("GO").id)
    assert own is not None
    now = board.run_time(cutover.clock.now())
    return judged(Basis(board, cutover.forecast(), now, confidence), own)[0]


def told(one: Judged) -> tuple[Light, bool | None]:
    return one.light, one.holds


def finish(cutover: Cutover, ref: str, result: Result | None = None) -> None:
    cutover.do("task.start", ref)
    cutover.do("task.done", ref, result=result, documents=["SO-1001"])


# --- by people -------------------------------------------------------------------------------------------------------


def test_a_person_judges_with_evidence(rehearse: Rehearse) -> None:
    cutover = with_criteria(rehearse, PlannedCriterion("Rota is live", evaluator="vera", evidence="Signed rota"))
    one = stands(cutover)
    assert (told(one), one.owes, one.threshold) == ((Light.MISSING, None), ("vera",), "Signed rota")
    cutover.do("gate.assess", "GO", by="vera", number=1, met=False, evidence="two gaps")
    cutover.to(12)
    one = stands(cutover)
    assert (told(one), one.value, one.source) == ((Light.RED, False), "not met: two gaps", "vera")
    assert one.age_s(minute(12)) == 12 * MINUTE
    cutover.do("gate.assess", "GO", by="lena", number=1, met=True, evidence="filled")
    assert told(stands(cutover)) == (Light.GREEN, True)


def test_only_the_evaluator_or_the_lead_judges(rehearse: Rehearse) -> None:
    cutover = with_criteria(rehearse, PlannedCriterion("Rota is live", evaluator="vera"))
    for by in ("gil", "omar", "bea"):
        with pytest.raises(Refused, match="only its evaluator, the lead or a deputy"):
            cutover.do("gate.assess", "GO", by=by, number=1, met=True, evidence="seen")


def test_without_an_evaluator_every_seat_judges(rehearse: Rehearse) -> None:
    cutover = with_criteria(rehearse, PlannedCriterion("Rota is live"))
    assert stands(cutover).owes == ("lena", "gil", "vera")
    cutover.do("gate.assess", "GO", by="gil", number=1, met=True, evidence="seen")
    with pytest.raises(Refused, match="only its evaluator"):
        cutover.do("gate.assess", "GO", by="bea", number=1, met=True, evidence="seen")


@pytest.mark.parametrize(
    ("action", "arguments", "said"),
    [
        ("gate.assess", {"number": 1, "met": True, "evidence": " "}, "the evidence is missing"),
        ("gate.assess", {"number": 3, "met": True, "evidence": "x"}, "GO has no criterion 3"),
        ("gate.assess", {"number": 2, "met": True, "evidence": "x"}, r"is judged by what is recorded \(window\)"),
        ("gate.measure", {"number": 1, "value": Decimal(1)}, "is no metric"),
        ("gate.measure", {"number": 1, "value": Decimal("NaN")}, "that is no figure"),
        ("gate.waive", {"number": 1, "reason": "x", "expires_at": minute(0)}, "that time has passed"),
    ],
)
def test_what_cannot_be_said(action: str, arguments: dict[str, Any], said: str, rehearse: Rehearse) -> None:
    cutover = with_criteria(rehearse, PlannedCriterion("Rota is live"), automatic(Automatic.WINDOW))
    head = cutover.head()
    with pytest.raises((BadInput, Refused), match=said):
        cutover.do(action, "GO", **arguments)
    assert cutover.head() == head


@pytest.mark.parametrize(
    ("bounds", "value", "light"),
    [
        ({"at_most": Decimal(0)}, "0", Light.GREEN),
        ({"at_most": Decimal(0)}, "1", Light.RED),
        ({"at_least": Decimal(90)}, "90", Light.GREEN),
        ({"at_least": Decimal(90)}, "89.99", Light.RED),
        ({"at_least": Decimal(1), "at_most": Decimal(2)}, "2.01", Light.RED),
    ],
)
def test_a_metric(bounds: dict[str, Decimal], value: str, light: Light, rehearse: Rehearse) -> None:
    criterion = automatic(Automatic.METRIC, metric="Rows in error", unit="rows", **bounds)
    cutover = with_criteria(rehearse, criterion)
    assert told(stands(cutover)) == (Light.MISSING, None)
    cutover.do("gate.measure", "GO", by="bea", number=1, value=Decimal(value), evidence="log")
    one = stands(cutover)
    assert (one.light, one.value, one.source) == (light, f"{value} rows: log", "bea")


def test_a_waiver_counts_until_it_expires(rehearse: Rehearse) -> None:
    cutover = with_criteria(rehearse, PlannedCriterion("Rota is live", evaluator="vera"))
    with pytest.raises(Refused, match="only its owner"):
        cutover.do("gate.waive", "GO", by="vera", number=1, reason="no time", expires_at=minute(30))
    cutover.do("gate.waive", "GO", by="omar", number=1, reason="no time", expires_at=minute(30))
    one = stands(cutover)
    assert (one.light, one.holds, one.waiver and one.waiver.reason) == (Light.WAIVED, None, "no time")
    assert (failing([one]), unsettled([one])) == ((), ())
    cutover.to(30)
    one = stands(cutover)
    assert (one.light, one.waiver) == (Light.MISSING, None)
    assert unsettled([one]) == (1,)
    waivers = cutover.board().waivers(one.criterion.id)
    assert waiver_at(waivers, minute(29)) == waivers[0]
    cutover.do("gate.assess", "GO", by="vera", number=1, met=True, evidence="seen")
    cutover.do("gate.waive", "GO", by="omar", number=1, reason="again", expires_at=minute(90))
    assert stands(cutover).light is Light.GREEN


# --- by the board ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "criterion", [automatic(Automatic.PHASE_DONE, of=("load",)), automatic(Automatic.TASKS_DONE, of=("A", "B"))]
)
def test_tasks(criterion: PlannedCriterion, rehearse: Rehearse) -> None:
    cutover = with_criteria(rehearse, criterion)
    one = stands(cutover)
    assert (told(one), one.value, one.owes) == (
        (Light.AMBER, False),
        "0 of 2 done; open: A, B",
        ("omar", "vera"),
    )
    cutover.finish("A")
    cutover.to(40)
    assert told(stands(cutover)) == (Light.RED, False)  # B is late
    cutover.do("task.skip", "B", by="vera", reason="not needed")
    one = stands(cutover)
    assert (told(one), one.value, one.at) == ((Light.GREEN, True), "2 of 2 done, 1 of them skipped", minute(40))


def test_a_task_that_has_failed_is_red_at_once(rehearse: Rehearse) -> None:
    cutover = with_criteria(rehearse, automatic(Automatic.TASKS_DONE, of=("A", "B")))
    cutover.do("task.start", "A")
    cutover.do("task.fail", "A", reason="disk full")
    assert told(stands(cutover)) == (Light.RED, False)


def test_what_became_stale_is_not_settled(rehearse: Rehearse) -> None:
    runbook = document(
        task("A", 10),
        task("B", 10, "A"),
        gates=[gate("GO", "B", criteria=(automatic(Automatic.TASKS_DONE, of=("B",)),))],
    )
    cutover = rehearse(runbook)
    cutover.finish("A")
    cutover.finish("B")
    assert told(stands(cutover)) == (Light.GREEN, True)
    cutover.do("task.rerun", "A", reason="wrong file")
    one = stands(cutover)
    assert (told(one), one.value) == ((Light.AMBER, None), "1 of 1 done; stale: B")


@pytest.mark.parametrize(
    ("criterion", "raised", "light"),
    [
        (1, [], Light.GREEN),
        (1, [2, 3], Light.GREEN),
        (1, [1], Light.RED),
        (2, [1, 2, 3], Light.RED),
        (2, [3], Light.GREEN),
    ],
)
def test_problems(criterion: int, raised: list[int], light: Light, rehearse: Rehearse) -> None:
    cutover = with_criteria(rehearse, automatic(Automatic.PROBLEMS, severity=criterion))
    for severity in raised:
        cutover.do("problem.raise", title="Orders stay in draft", severity=severity, owner="bea")
    one = stands(cutover)
    assert one.light is light
    assert one.owes == (("bea",) if light is Light.RED else ())
    for number in range(1, len(raised) + 1):
        cutover.do("problem.solve", number, outcome="corrected", accepted=number == 1)
    assert told(stands(cutover)) == (Light.GREEN, True)


def test_a_few_problems_may_be_open(rehearse: Rehearse) -> None:
    cutover = with_criteria(rehearse, automatic(Automatic.PROBLEMS, severity=2, at_most=Decimal(1)))
    cutover.do("problem.raise", title="One", severity=2)
    one = stands(cutover)
    assert (told(one), one.value) == ((Light.AMBER, True), "1 open of severity 2 or worse: problem 1")
    cutover.do("problem.raise", title="Two", severity=1)
    one = stands(cutover)
    assert (told(one), one.owes) == ((Light.RED, False), ("nobody",))


def test_smoke_tests(rehearse: Rehearse) -> None:
    cutover = with_criteria(rehearse, automatic(Automatic.SMOKE_TESTS, of=("orders",)))
    one = stands(cutover)
    assert (told(one), one.owes) == ((Light.MISSING, None), ("bea",))
    finish(cutover, "S1", Result.PASS)
    finish(cutover, "S2", Result.FAIL)
    one = stands(cutover)
    assert (told(one), one.value) == ((Light.RED, False), "0 of 1 flows passed; failed: orders")
    cutover.do("task.rerun", "S2", reason="corrected")
    finish(cutover, "S2", None)
    assert told(stands(cutover)) == (Light.MISSING, None)
    cutover.do("task.rerun", "S2", reason="the result was forgotten")
    cutover.to(9)
    finish(cutover, "S2", Result.PASS)
    one = stands(cutover)
    assert (told(one), one.value, one.at) == ((Light.GREEN, True), "1 of 1 flows passed", minute(9))


def test_tests_are_summed_up_per_flow(rehearse: Rehearse) -> None:
    cutover = with_criteria(rehearse)
    finish(cutover, "S1", Result.PASS)
    finish(cutover, "S2", Result.NOT_TESTED)
    orders, stock = (flow_document(flow) for flow in flows(cutover.board()))
    assert {key: orders[key] for key in ("flow", "passed", "failed", "not_tested", "open")} == {
        "flow": "orders",
        "passed": 1,
        "failed": 0,
        "not_tested": 1,
        "open": 0,
    }
    assert orders["tests"][0] == {"ref": "S1", "state": "done", "result": "pass", "documents": ["SO-1001"]}
    assert (stock["open"], stock["tests"][0]["documents"]) == (1, [])


def test_controls(rehearse: Rehearse) -> None:
    controls = (
        PlannedControl("gl", "Trial balance", "lena", tolerance_absolute=Decimal(0)),
        PlannedControl("stock", "Stock", "gil", tolerance_absolute=Decimal(5)),
    )
    cutover = with_criteria(rehearse, automatic(Automatic.CONTROLS), controls=controls)
    one = stands(cutover)
    assert (told(one), one.owes) == ((Light.MISSING, None), ("lena", "gil"))
    for key, legacy, new in (("gl", 100, 100), ("stock", 50, 60)):
        cutover.do("control.record", key, by="omar", side=Side.LEGACY, value=Decimal(legacy))
        cutover.do("control.record", key, by="bea", side=Side.NEW, value=Decimal(new))
    one = stands(cutover)
    assert (told(one), one.value, one.owes) == ((Light.RED, False), "1 of 2 tie out; stock outside", ("gil",))


# --- by the forecast -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("confidence", "expected"),
    [
        (None, (Light.AMBER, None)),
        (Decimal("79.9"), (Light.RED, False)),
        (Decimal(80), (Light.GREEN, True)),
    ],
)
def test_confidence(confidence: Decimal | None, expected: tuple[Light, bool | None], rehearse: Rehearse) -> None:
    cutover = with_criteria(rehearse, automatic(Automatic.CONFIDENCE, at_least=Decimal(80)))
    assert told(stands(cutover, confidence)) == expected


@pytest.mark.parametrize(
    ("at", "expected"),
    [(0, (Light.GREEN, True)), (175, (Light.AMBER, True)), (200, (Light.RED, False))],
)
def test_the_window(at: int, expected: tuple[Light, bool], rehearse: Rehearse) -> None:
    """What is left needs 55 minutes; the window lasts 240, its buffer 15."""
    cutover = with_criteria(rehearse, automatic(Automatic.WINDOW))
    cutover.to(at)
    assert told(stands(cutover)) == expected


@pytest.mark.parametrize(
    ("at", "expected"),
    [(0, (Light.GREEN, True)), (195, (Light.AMBER, True)), (206, (Light.RED, False))],
)
def test_the_way_back(at: int, expected: tuple[Light, bool], rehearse: Rehearse) -> None:
    """It takes 20 minutes and 15 of buffer, so that it is decided at 205 at the latest."""
    cutover = with_criteria(rehearse, automatic(Automatic.BACK_OUT))
    cutover.to(at)
    assert told(stands(cutover)) == expected


def test_past_the_point_of_no_return_there_is_no_way_back(rehearse: Rehearse) -> None:
    cutover = with_criteria(rehearse, automatic(Automatic.BACK_OUT))
    cutover.do("task.start", "C")
    one = stands(cutover)
    assert (told(one), one.value) == ((Light.RED, False), "the point of no return has passed")


def test_where_no_way_back_is_planned_that_is_missing(rehearse: Rehearse) -> None:
    cutover = with_criteria(rehearse, automatic(Automatic.BACK_OUT), rollback=Rollback())
    assert told(stands(cutover)) == (Light.MISSING, None)
