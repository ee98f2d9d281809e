"""Criteria and verdicts that differ by entity: what counts for which, what is shown, decided and frozen."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from tests.commands import Commands
from tests.cutover import Cutover, created, document, gate, minute, task
from warroom.rules.conditions import Basis
from warroom.rules.criteria import Judged, judged
from warroom.rules.gate_entities import EntityStanding, entity_standings
from warroom.runbook.document import Condition, PlannedControl, PlannedCriterion, RunbookDocument
from warroom.runbook.surroundings import PlannedEntity, Surroundings
from warroom.store.verify import verify
from warroom.vocabulary.errors import BadInput, Refused
from warroom.vocabulary.words import Automatic, Light, Result, Side, TaskKind, TaskState, Verdict, VoteChoice

Rehearse = Callable[[RunbookDocument], Cutover]
GREEN, AMBER, RED, MISSING, WAIVED = Light.GREEN, Light.AMBER, Light.RED, Light.MISSING, Light.WAIVED


def runbook(*criteria: PlannedCriterion) -> RunbookDocument:
    """Germany, France and Italy. ALL is of nobody, DE1 and FR1 are of one; GO waits for all three. Each has a control
    and a smoke test behind the gate, but Italy."""
    plain = document(
        task("ALL", 30, phase="load"),
        task("DE1", 30, phase="load", entity="DE"),
        task("FR1", 30, phase="load", entity="FR"),
        *(task(f"{key}S", 5, entity=key, kind=TaskKind.SMOKE_TEST, flow="orders") for key in ("DE", "FR")),
        task("DE2", 10, "GO", entity="DE"),
        task("FR2", 10, "GO", entity="FR"),
        gates=[gate("GO", "ALL", "DE1", "FR1", owner="omar", quorum=1, seats=("gil",), criteria=criteria)],
    )
    entities = Surroundings(entities=tuple(PlannedEntity(key, key) for key in ("DE", "FR", "IT")))
    controls = tuple(
        PlannedControl(f"gl-{key.lower()}", "Trial balance", "lena", entity=key, tolerance_absolute=Decimal(0))
        for key in ("DE", "FR")
    )
    return replace(plain, surroundings=entities, controls=controls)


def automatic(kind: Automatic, **more: Any) -> PlannedCriterion:
    return PlannedCriterion("It holds", Condition(kind, **more))


def standings(cutover: Cutover) -> dict[str, EntityStanding]:
    board, go = cutover.board(), cutover.task("GO")
    own = board.gate_of(go.id)
    assert own is not None
    basis = Basis(board, cutover.forecast(), board.run_time(cutover.clock.now()))
    return {one.entity: one for one in entity_standings(basis, go, own)}


def whole(cutover: Cutover) -> Judged:
    board = cutover.board()
    own = board.gate_of(cutover.task("GO").id)
    assert own is not None
    return judged(Basis(board, cutover.forecast(), board.run_time(cutover.clock.now())), own)[0]


def lights(cutover: Cutover) -> dict[str, Light]:
    """How the first criterion stands, for all and for each entity."""
    return {"all": whole(cutover).light} | {key: one.found[0].light for key, one in standings(cutover).items()}


def decide(cutover: Cutover, *entities: str, verdict: Verdict = Verdict.GO) -> None:
    cutover.do("gate.decide", "GO", by="omar", verdict=verdict, reason="as voted", entities=entities)


# --- what counts for which -------------------------------------------------------------------------------------------


def test_tasks_of_another_do_not_count(rehearse: Rehearse) -> None:
    cutover = rehearse(runbook(automatic(Automatic.PHASE_DONE, of=("load",))))
    for ref in ("ALL", "DE1"):
        cutover.finish(ref)
    assert lights(cutover) == {"all": AMBER, "DE": GREEN, "FR": AMBER, "IT": GREEN}
    values = {key: one.found[0].value for key, one in standings(cutover).items()}
    assert values == {"DE": "2 of 2 done", "FR": "1 of 2 done; open: FR1", "IT": "1 of 1 done"}


def test_controls_of_another_do_not_count(rehearse: Rehearse) -> None:
    cutover = rehearse(runbook(automatic(Automatic.CONTROLS)))
    for key, new in (("gl-de", 100), ("gl-fr", 101)):
        cutover.do("control.record", key, by="omar", side=Side.LEGACY, value=Decimal(100))
        cutover.do("control.record", key, by="bea", side=Side.NEW, value=Decimal(new))
    assert lights(cutover) == {"all": RED, "DE": GREEN, "FR": RED, "IT": GREEN}
    assert standings(cutover)["IT"].found[0].value == "IT has none of them"


def test_a_control_of_all_is_told_apart_by_the_entities_of_its_rounds(rehearse: Rehearse) -> None:
    plain = runbook(automatic(Automatic.CONTROLS))
    control = PlannedControl("gl", "Trial balance", "lena", tolerance_absolute=Decimal(0))
    cutover = rehearse(replace(plain, controls=(control,)))
    for entity, new in (("DE", 100), ("FR", 101)):
        for by, side, value in (("omar", Side.LEGACY, 100), ("bea", Side.NEW, new)):
            cutover.do("control.record", "gl", by=by, side=side, value=Decimal(value), entity=entity)
    assert lights(cutover) == {"all": RED, "DE": GREEN, "FR": RED, "IT": MISSING}


def test_problems_count_where_their_tasks_belong(rehearse: Rehearse) -> None:
    cutover = rehearse(runbook(automatic(Automatic.PROBLEMS, severity=1)))
    cutover.do("problem.raise", title="No tax code", severity=1, tasks=["FR1"])
    assert lights(cutover) == {"all": RED, "DE": GREEN, "FR": RED, "IT": GREEN}
    cutover.do("problem.raise", title="No network", severity=1)
    assert set(lights(cutover).values()) == {RED}
    cutover.do("problem.solve", 2, outcome="plugged in")
    cutover.do("problem.raise", title="The load is slow", severity=1, tasks=["ALL"])
    assert set(lights(cutover).values()) == {RED}


def test_smoke_tests_of_another_do_not_count(rehearse: Rehearse) -> None:
    cutover = rehearse(runbook(automatic(Automatic.SMOKE_TESTS)))
    for ref, result in (("DES", Result.PASS), ("FRS", Result.FAIL)):
        cutover.do("task.start", ref)
        cutover.do("task.done", ref, result=result, documents=["SO-1"])
    assert lights(cutover) == {"all": RED, "DE": GREEN, "FR": RED, "IT": GREEN}


def test_a_person_judges_for_one_or_for_all(rehearse: Rehearse) -> None:
    cutover = rehearse(runbook(PlannedCriterion("Key users are trained", evaluator="vera")))
    assert set(lights(cutover).values()) == {MISSING}
    cutover.do("gate.assess", "GO", by="vera", number=1, met=True, evidence="list", entity="DE")
    assert lights(cutover) == {"all": MISSING, "DE": GREEN, "FR": MISSING, "IT": MISSING}
    cutover.do("gate.assess", "GO", by="vera", number=1, met=True, evidence="list 2")
    assert set(lights(cutover).values()) == {GREEN}
    cutover.do("gate.assess", "GO", by="vera", number=1, met=False, evidence="two are ill", entity="FR")
    assert lights(cutover) == {"all": RED, "DE": GREEN, "FR": RED, "IT": GREEN}
    one = whole(cutover)
    assert (one.value, one.holds) == ("DE, IT met: list 2; FR not met: two are ill", False)
    cutover.do("gate.waive", "GO", by="omar", number=1, reason="others help", expires_at=minute(90), entity="FR")
    assert lights(cutover) == {"all": WAIVED, "DE": GREEN, "FR": WAIVED, "IT": GREEN}
    cutover.to(90)
    assert lights(cutover)["FR"] is RED
    with pytest.raises(BadInput, match="there is no entity ES"):
        cutover.do("gate.assess", "GO", number=1, met=True, evidence="x", entity="ES")
    with pytest.raises(BadInput, match="there is no entity ES"):
        cutover.do("gate.waive", "GO", by="omar", number=1, reason="x", expires_at=minute(200), entity="ES")
    assert verify(cutover.state_file).sound


def test_a_figure_is_taken_for_one_or_for_all(rehearse: Rehearse) -> None:
    cutover = rehearse(runbook(automatic(Automatic.METRIC, metric="Rows in error", at_most=Decimal(5))))
    cutover.do("gate.measure", "GO", by="bea", number=1, value=Decimal(2))
    cutover.do("gate.measure", "GO", by="bea", number=1, value=Decimal(9), entity="IT")
    assert lights(cutover) == {"all": RED, "DE": GREEN, "FR": GREEN, "IT": RED}


# --- deciding --------------------------------------------------------------------------------------------------------


def test_one_goes_though_the_criteria_and_the_tasks_of_another_do_not_let_it(rehearse: Rehearse) -> None:
    cutover = rehearse(runbook(automatic(Automatic.PHASE_DONE, of=("load",))))
    for ref in ("ALL", "DE1"):
        cutover.finish(ref)
    cutover.do("gate.vote", "GO", by="gil", choice=VoteChoice.GO)
    with pytest.raises(Refused, match="GO: it waits for FR1"):
        decide(cutover)
    with pytest.raises(Refused, match="GO: FR: it waits for FR1"):
        decide(cutover, "DE", "FR")
    decide(cutover, "DE", "IT")
    assert cutover.task("GO").state is TaskState.DONE
    cutover.do("task.start", "DE2", by="omar")
    with pytest.raises(Refused, match="FR2 waits for GO"):
        cutover.do("task.start", "FR2", by="omar")
    cutover.finish("FR1")
    decide(cutover, "FR")
    cutover.do("task.start", "FR2", by="omar")
    first, second = cutover.board().decisions(cutover.board().gate_of(cutover.task("GO").id).id)  # type: ignore[union-attr]
    frozen = json.loads(first.frozen)
    assert [(one["entity"], one["verdict"], one["waits_for"]) for one in frozen["entities"]] == [
        ("DE", None, []),
        ("FR", None, ["FR1"]),
        ("IT", None, []),
    ]
    assert [one["criteria"][0]["light"] for one in frozen["entities"]] == ["green", "amber", "green"]
    assert [one["verdict"] for one in json.loads(second.frozen)["entities"]] == ["go", None, "go"]
    assert verify(cutover.state_file).sound


def test_a_criterion_that_fails_for_one_stops_its_go_alone(rehearse: Rehearse) -> None:
    cutover = rehearse(runbook(automatic(Automatic.PROBLEMS, severity=1)))
    for ref in ("ALL", "DE1", "FR1"):
        cutover.finish(ref)
    cutover.do("gate.vote", "GO", by="gil", choice=VoteChoice.GO)
    cutover.do("problem.raise", title="No tax code", severity=1, tasks=["FR1"])
    with pytest.raises(Refused, match="GO: not met: criterion 1"):
        decide(cutover)
    with pytest.raises(Refused, match="GO: FR: not met: criterion 1"):
        decide(cutover, "FR")
    decide(cutover, "DE", "IT")
    decide(cutover, "FR", verdict=Verdict.NO_GO)
    assert [one.verdict for one in standings(cutover).values()] == [Verdict.GO, Verdict.NO_GO, Verdict.GO]


# --- what is shown ---------------------------------------------------------------------------------------------------


def test_the_command_shows_where_they_differ(commands: Commands) -> None:
    trained = PlannedCriterion("Trained", None, "vera")
    created(commands.path, runbook(automatic(Automatic.PROBLEMS, severity=1), trained))
    commands.good("run", "start", "--rehearsal", "mock 1")
    for ref in ("ALL", "DE1"):
        commands.good("task", "start", ref, "--as", "omar")
        commands.good("task", "done", ref, "--as", "omar")
    commands.good("problem", "raise", "No tax code", "--severity", "1", "--task", "FR1", "--as", "bea")
    told = commands.good(
        *["gate", "assess", "GO", "2", "met", "--entity", "DE", "--evidence", "list", "--as", "vera"]
    ).err
    assert "GO: criterion 2 for DE met: list" in told
    commands.good("gate", "vote", "GO", "go", "--as", "gil")
    said = commands.good("gate", "show", "GO").out
    assert "of each entity\n  DE  a go can be given\n    1  ✓ green" in said
    assert "  FR  no go yet: it waits for FR1\n" in said
    entities = {one["entity"]: one for one in commands.json("gate", "show", "GO")["entities"]}
    assert [one["light"] for one in entities["DE"]["criteria"]] == ["green", "green"]
    assert (entities["DE"]["go_denied"], entities["FR"]["waits_for"]) == (None, ["FR1"])
    commands.good("gate", "decide", "GO", "go", "--entity", "DE", "--reason", "DE is ready", "--as", "omar")
    record = commands.good("gate", "record", "GO").out
    assert "### Criteria for DE, as they stood" in record
    assert "### Criteria for FR" not in record
    assert "DE  decided go; " in commands.good("gate", "show", "GO").out


def test_without_entities_nothing_of_them_is_shown(commands: Commands) -> None:
    created(commands.path, replace(runbook(), surroundings=Surroundings(), controls=()))
    commands.good("run", "start", "--rehearsal", "mock 1")
    assert "of each entity" not in commands.good("gate", "show", "GO").out
    assert commands.json("gate", "show", "GO")["entities"] == []
