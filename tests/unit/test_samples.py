"""The sample runbooks are read, fit their windows, say what they must, and are what the README promises."""

from __future__ import annotations

import io
import re
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from functools import cache
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from warroom.board.board import Board
from warroom.board.forecast import Forecast, forecast
from warroom.board.from_runbook import bare_board
from warroom.board.whatif import Suppositions, suppose
from warroom.lint.lint import lint
from warroom.resources import folder
from warroom.rules.controls import control_standing
from warroom.runbook.document import PlannedGate, PlannedTask, RunbookDocument
from warroom.runbook.reader import read_runbook
from warroom.schedule.whatif import Change
from warroom.simulate.demo import play_document
from warroom.vocabulary.words import Automatic, GateStage, Notice, Opens, TaskKind, TaskState

HOUR = 3_600
DAY = 24 * HOUR


@dataclass(frozen=True, slots=True)
class Expected:
    """What a sample of real size must hold.

    Attributes:
        prefix: of its refs.
        listed: its tasks and gates with a plain number; corrections of the list carry a letter or a higher number.
        backout: refs of its back-out tasks.
        days: from where its plan starts to the window.
        ends_with, point_of_no_return: refs.
        gates: entry, data sign-off, go-live, exit, in the order of time.
        variant: of its platform.
    """

    prefix: str
    listed: int
    backout: tuple[str, ...]
    days: int
    ends_with: str
    point_of_no_return: str
    gates: tuple[str, ...]
    variant: str


FO = Expected(
    prefix="FO",
    listed=73,
    backout=("FO-90", "FO-91", "FO-92", "FO-93"),
    days=42,
    ends_with="FO-71A",
    point_of_no_return="FO-70",
    gates=("FO-20", "FO-56", "FO-69", "FO-74"),
    variant="lcs",
)
LARGE = {
    "d365-fo-lcs": FO,
    "d365-fo-ppac": replace(FO, variant="ppac"),
    "business-central": Expected(
        prefix="BC",
        listed=43,
        backout=("BC-90", "BC-91"),
        days=35,
        ends_with="BC-42",
        point_of_no_return="BC-42",
        gates=("BC-14", "BC-37", "BC-41", "BC-44"),
        variant="configuration-packages",
    ),
    "business-central-cloud-migration": Expected(
        prefix="CM",
        listed=0,
        backout=("CM-90", "CM-91"),
        days=42,
        ends_with="CM-49",
        point_of_no_return="CM-32",
        gates=("CM-20", "CM-31", "CM-38", "CM-47", "CM-51"),
        variant="cloud-migration",
    ),
    "odoo-sh": Expected(
        prefix="OS",
        listed=42,
        backout=("OS-90", "OS-91"),
        days=35,
        ends_with="OS-41A",
        point_of_no_return="OS-40",
        gates=("OS-14", "OS-34", "OS-39", "OS-43"),
        variant="odoo-sh",
    ),
    "odoo-online": Expected(
        prefix="OO",
        listed=0,
        backout=("OO-90", "OO-91"),
        days=35,
        ends_with="OO-39A",
        point_of_no_return="OO-28",
        gates=("OO-14", "OO-26", "OO-38", "OO-43"),
        variant="odoo-online",
    ),
    "odoo-on-premise-upgrade": Expected(
        prefix="OU",
        listed=35,
        backout=("OU-90", "OU-91"),
        days=70,
        ends_with="OU-34A",
        point_of_no_return="OU-33",
        gates=("OU-14", "OU-27A", "OU-32", "OU-36"),
        variant="on-premise-upgrade",
    ),
    "odoo-sh-upgrade": Expected(
        prefix="US",
        listed=0,
        backout=("US-90", "US-91"),
        days=56,
        ends_with="US-30A",
        point_of_no_return="US-30",
        gates=("US-16", "US-26", "US-29", "US-33"),
        variant="odoo-sh-upgrade",
    ),
}
SAMPLES = ("first-cutover", *LARGE)


@cache
def sample(name: str) -> RunbookDocument:
    return read_runbook(folder("sample_runbooks") / f"{name}.yaml")


@cache
def planned(name: str) -> tuple[Board, Forecast]:
    """The sample as a board, and its plan worked out at the plan's start."""
    document = sample(name)
    board = bare_board(document)
    return board, forecast(board, document.window.start + timedelta(seconds=document.plan_start_s))


def rows(document: RunbookDocument) -> dict[str, PlannedTask | PlannedGate]:
    listed: tuple[PlannedTask | PlannedGate, ...] = (*document.tasks, *document.gates)
    return {row.ref: row for row in listed}


def starts_and_finishes(name: str) -> dict[str, tuple[int, int]]:
    """Planned start and finish of the main network, seconds from the window start."""
    _, expected = planned(name)
    return {ref: (expected.plan.of(ref).start, expected.plan.of(ref).finish) for ref in rows(sample(name))}


def test_every_sample_has_a_test() -> None:
    assert {path.stem for path in folder("sample_runbooks").glob("*.yaml")} == set(SAMPLES)


@pytest.mark.parametrize("name", SAMPLES)
def test_it_fits_into_its_window_and_a_backout_fits_after_the_decision(name: str) -> None:
    document = sample(name)
    _, expected = planned(name)
    assert expected.window_float > 0
    assert expected.decide_backout_by is not None
    times = starts_and_finishes(name)
    go_live = [gate for gate in document.gates if gate.stage is GateStage.GO_LIVE] or list(document.gates)
    assert expected.decide_backout_by - max(times[gate.ref][1] for gate in go_live) > 30 * 60
    for gate in document.gates:
        assert gate.due_s is not None
        assert times[gate.ref][1] <= gate.due_s, gate.ref
    for gate in go_live:
        assert gate.due_s is not None
        assert gate.due_s <= expected.decide_backout_by, "by then a no-go would be too late"


@pytest.mark.parametrize("name", SAMPLES)
def test_the_lint_finds_nothing_that_is_not_silenced_with_its_reason(name: str) -> None:
    findings = lint(sample(name)).findings
    assert [finding for finding in findings if finding.silenced is None] == []
    # A guessed duration in every sample; and where the platform's point of no return comes before one can look at
    # the data, a decision of its own stands before it, not the last one.
    early = name in ("business-central-cloud-migration", "odoo-online")
    silenced = {finding.rule for finding in findings}
    assert silenced == {"placeholder-duration", *(["opens-before-final-gate"] if early else [])}
    assert all(len(finding.silenced or "") >= 20 for finding in findings)


@pytest.mark.parametrize("name", SAMPLES)
def test_nobody_is_booked_twice_at_a_time(name: str) -> None:
    times = starts_and_finishes(name)
    board, _ = planned(name)
    booked: dict[str | None, list[tuple[int, int, str]]] = defaultdict(list)
    for task in board.tasks:
        booked[board.handle(task.owner_id)].append((*times[task.ref], task.ref))
    for spans in booked.values():
        for (_, finish_s, _), (start_s, _, ref) in pairwise(sorted(spans)):
            assert finish_s <= start_s, ref


@pytest.mark.parametrize("name", SAMPLES)
def test_every_task_says_how_and_who(name: str) -> None:
    document = sample(name)
    for task in (*document.tasks, *document.rollback.tasks):
        assert task.instructions, task.ref
        assert 2 <= len(task.steps) <= 5, task.ref
        assert 1 <= len(task.verify) <= 2, task.ref
        assert task.verifier not in (None, task.owner), task.ref
        assert task.backup not in (None, task.owner), task.ref
        assert task.phase is not None, task.ref
        assert task.stream is not None, task.ref
    for gate in document.gates:
        assert len(gate.seats) >= 3
        assert len(gate.criteria) >= 4
        assert gate.backup not in (None, gate.owner)
    for row in (*rows(document).values(), *document.rollback.tasks):
        assert len(row.title) <= 60, row.title


@pytest.mark.parametrize("name", SAMPLES)
def test_people_are_in_three_zones_and_all_of_them_take_part(name: str) -> None:
    document = sample(name)
    offsets = {
        document.window.start.astimezone(ZoneInfo(person.timezone)).utcoffset()
        for person in document.people
        if person.timezone
    }
    assert len(offsets) >= 3
    assert any("lead" in person.roles for person in document.people)
    tasks = (*document.tasks, *document.rollback.tasks)
    named = {handle for task in tasks for handle in (task.owner, task.backup, task.verifier)}
    named |= {seat.person for gate in document.gates for seat in gate.seats}
    named |= {shift.who for shift in document.surroundings.rota}
    assert {person.handle for person in document.people} <= named
    assert all(person.phone for person in document.people)


@pytest.mark.parametrize("name", SAMPLES)
def test_every_control_knows_what_loads_it_and_its_signer_loads_none_of_it(name: str) -> None:
    """So the rule that whoever loaded the data does not sign has something to hold on to."""
    document = sample(name)
    board, _ = planned(name)
    for control in document.controls:
        assert control.loads, control.key
        loading = [task for task in board.tasks if task.ref in control.loads]
        assert [task.phase for task in loading] == ["LOAD"] * len(control.loads), control.key
        assert control.signs not in {board.handle(task.owner_id) for task in loading}, control.key


@pytest.mark.parametrize("name", SAMPLES)
def test_the_last_decision_rests_on_facts_that_nobody_has_to_claim(name: str) -> None:
    """Each automatic criterion looks at everything: all flows, all controls. Where the platform's point of no return
    lies before the gate, there is no back-out to ask for."""
    document = sample(name)
    (gate,) = (gate for gate in document.gates if gate.stage is GateStage.GO_LIVE)
    found = {criterion.condition.automatic: criterion.condition for criterion in gate.criteria if criterion.condition}
    wanted = {Automatic.WINDOW, Automatic.CONTROLS, Automatic.SMOKE_TESTS, Automatic.PROBLEMS, Automatic.BACK_OUT}
    early = name in ("business-central-cloud-migration", "odoo-online")
    assert wanted - ({Automatic.BACK_OUT} if early else set()) <= set(found)
    assert (Automatic.BACK_OUT in found) is not early
    assert found[Automatic.CONTROLS].of == found[Automatic.SMOKE_TESTS].of == ()
    assert (found[Automatic.PROBLEMS].severity, found[Automatic.PROBLEMS].at_most) == (1, Decimal(0))


# --- samples of real size ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "expected"), LARGE.items(), ids=LARGE)
def test_its_refs_are_those_of_the_list_and_stay(name: str, expected: Expected) -> None:
    document = sample(name)
    refs = set(rows(document))
    assert {f"{expected.prefix}-{number:02d}" for number in range(1, expected.listed + 1)} <= refs
    assert all(re.fullmatch(rf"{expected.prefix}-\d\d[A-D]?", ref) for ref in refs)
    assert tuple(task.ref for task in document.rollback.tasks) == expected.backout
    assert len(refs) >= max(expected.listed, 35)
    assert document.plan_start_s == -expected.days * DAY
    assert document.window.ends_with == expected.ends_with
    assert document.rollback.point_of_no_return == expected.point_of_no_return
    assert "POINT OF NO RETURN" in rows(document)[expected.point_of_no_return].title
    assert document.programme.variant == expected.variant
    assert [phase.key for phase in document.phases] == [
        *("READY", "FREEZE", "LOAD", "VALID", "ACTIV", "SMOKE", "GATE", "HYPER", "BACKOUT"),
    ]


@pytest.mark.parametrize(("name", "expected"), LARGE.items(), ids=LARGE)
def test_its_gates_stand_where_they_must(name: str, expected: Expected) -> None:
    document = sample(name)
    times = starts_and_finishes(name)
    gates = sorted(document.gates, key=lambda gate: times[gate.ref][1])
    assert tuple(gate.ref for gate in gates) == expected.gates
    stages = [gate.stage for gate in gates]
    assert stages[0] is GateStage.ENTRANCE
    assert stages[-2:] == [GateStage.GO_LIVE, GateStage.EXIT]
    assert set(stages[1:-2]) == {GateStage.DATA_SIGN_OFF}
    for gate in gates:
        assert any(criterion.condition is not None for criterion in gate.criteria), gate.ref
        assert any(criterion.condition is None for criterion in gate.criteria), gate.ref
        assert 2 <= gate.quorum <= len(gate.seats)
        assert sum(bool(seat.substitutes) for seat in gate.seats) >= 1
    # A decision stands before the point of no return, and the Monday checks and the exit after the window's end.
    assert times[gates[-2].ref][1] <= times[expected.ends_with][0]
    assert any(times[gate.ref][1] <= times[expected.point_of_no_return][0] for gate in gates[1:])
    assert times[gates[-1].ref][0] > times[expected.ends_with][1]


@pytest.mark.parametrize(("name", "expected"), LARGE.items(), ids=LARGE)
def test_nothing_goes_live_before_the_last_decision(name: str, expected: Expected) -> None:
    document = sample(name)
    times = starts_and_finishes(name)
    (go_live,) = (gate.ref for gate in document.gates if gate.stage is GateStage.GO_LIVE)
    opening = [task for task in document.tasks if task.opens]
    assert {what for task in opening for what in task.opens} == set(Opens)
    for task in opening:
        assert times[task.ref][0] >= times[go_live][1], task.ref


@pytest.mark.parametrize("name", LARGE)
def test_everybody_is_told_in_time(name: str) -> None:
    document = sample(name)
    times = starts_and_finishes(name)
    texts = {text.key: text for text in document.surroundings.communications}
    sent = {task.communication: times[task.ref][0] for task in document.tasks if task.kind is TaskKind.COMMUNICATION}
    freeze = sorted(when for key, when in sent.items() if key and texts[key].notice is Notice.FREEZE)
    assert len(freeze) == 3
    assert -11 * DAY < freeze[0] < -9 * DAY
    assert -51 * HOUR < freeze[1] <= -48 * HOUR
    assert -14 * HOUR <= freeze[2] <= -2 * HOUR
    outside = [when for key, when in sent.items() if key and texts[key].external and texts[key].notice is Notice.FREEZE]
    assert len(outside) == 2
    assert any(key and texts[key].notice is Notice.GO_LIVE for key in sent)
    assert any(text.notice is Notice.STATUS and text.every_s for text in texts.values())
    assert any(task.communication == "back-out" for task in document.rollback.tasks)


@pytest.mark.parametrize("name", LARGE)
def test_its_facts_have_pages_and_its_guesses_are_marked(name: str) -> None:
    document = sample(name)
    tasks = (*document.tasks, *document.rollback.tasks)
    facts = [fact for task in tasks for fact in task.facts]
    pages = re.compile(
        r"https://(learn\.microsoft\.com/(dynamics365|power-platform)/|www\.odoo\.com/documentation/)\S+"
    )
    assert all(fact.source is None or pages.fullmatch(fact.source) for fact in facts)
    assert sum(fact.source is not None for fact in facts) >= 8
    guesses = [task for task in tasks if task.placeholder]
    assert len(guesses) > len(tasks) // 2
    assert all(task.duration_low_s is not None for task in guesses)


@pytest.mark.parametrize("name", LARGE)
def test_what_can_be_taken_back_says_how(name: str) -> None:
    document = sample(name)
    refs = set(rows(document))
    assert sum(task.undo is not None for task in document.tasks) >= 4
    for task in document.rollback.tasks:
        assert set(task.undoes) <= refs
    assert any(task.undoes for task in document.rollback.tasks)
    triggers = document.rollback.triggers
    assert len(triggers) >= 5
    assert sum(trigger.condition is not None for trigger in triggers) == 2
    assert len(document.rollback.recovery) >= 3
    assert len(document.rollback.authority) == 2


@pytest.mark.parametrize("name", LARGE)
def test_its_controls_have_tolerances_and_a_signer_who_loads_nothing(name: str) -> None:
    document = sample(name)
    assert len(document.controls) >= 6
    owners = {task.owner for task in document.tasks if task.phase == "LOAD" and task.kind is TaskKind.WORK}
    for control in document.controls:
        assert control.tolerance_absolute is not None or control.tolerance_percent is not None, control.key
        assert control.signs not in owners, control.key
    flows = {task.flow for task in document.tasks if task.kind is TaskKind.SMOKE_TEST}
    assert len(flows) >= 2


@pytest.mark.parametrize("name", SAMPLES)
def test_a_simulated_run_ends_inside_the_window(name: str, tmp_path: Path) -> None:
    document = sample(name)
    played = play_document(document, f"{name}.yaml", tmp_path / "state.db", seed=1, out=io.StringIO())
    assert played.verification.sound
    assert {task.state for task in played.board.tasks} == {TaskState.DONE}
    assert all(control_standing(played.board, control).signed for control in played.board.controls)
    assert document.window.ends_with is not None
    last = played.board.task(document.window.ends_with)
    assert last is not None
    assert last.actual_finish is not None
    assert document.window.start < last.actual_finish < document.window.end


@pytest.mark.parametrize("name", LARGE)
def test_one_task_that_is_two_days_late_makes_a_no_go(name: str) -> None:
    board, _ = planned(name)
    document = sample(name)
    start = document.window.start + timedelta(seconds=document.plan_start_s)
    load = next(task.ref for task in document.tasks if task.phase == "LOAD" and task.kind is TaskKind.WORK)
    late = suppose(board, forecast(board, start, from_window=True), Suppositions((Change(load, slip=2 * DAY),)))
    assert late.breaks_window
    (go_live,) = (gate.ref for gate in document.gates if gate.stage is GateStage.GO_LIVE)
    criteria = {row.ref: row for row in document.gates}[go_live].criteria
    judged = {criterion.condition.automatic for criterion in criteria if criterion.condition}
    assert Automatic.WINDOW in judged, "the gate sees it by itself"


# --- one by one --------------------------------------------------------------------------------------------------


def test_the_small_demo() -> None:
    document = sample("first-cutover")
    assert len(document.tasks) == 13
    assert [gate.ref for gate in document.gates] == ["DM-12", "DM-14"]
    assert [task.ref for task in document.rollback.tasks] == ["DM-90"]
    assert document.rollback.tasks[0].undoes
    assert document.rollback.point_of_no_return == document.window.ends_with == "DM-15"
    assert len(document.controls) == 4
    assert starts_and_finishes("first-cutover")["DM-14"][1] == 155 * 60  # about T+2.6h
    # The fork behind DM-01 and the two joins.
    links = {ref: {link.predecessor for link in row.links} for ref, row in rows(document).items()}
    assert links["DM-02"] == links["DM-03"] == {"DM-01"}
    assert links["DM-04"] == {"DM-02", "DM-03"}
    assert links["DM-11"] == {"DM-06", "DM-10"}


@pytest.mark.parametrize(
    ("name", "gate", "hours"),
    [
        ("d365-fo-lcs", "FO-56", 26.25),
        ("d365-fo-lcs", "FO-69", 40),
        ("d365-fo-ppac", "FO-69", 40),
        ("business-central", "BC-37", 20.75),
        ("business-central", "BC-41", 23.75),
        ("odoo-sh", "OS-39", 21 + 5 / 60),
        ("odoo-on-premise-upgrade", "OU-32", 10 + 25 / 60),
    ],
)
def test_the_gates_fall_due_when_planned(name: str, gate: str, hours: float) -> None:
    assert starts_and_finishes(name)[gate][1] == round(hours * HOUR)


@pytest.mark.parametrize(
    ("name", "hours"),
    [
        ("d365-fo-lcs", 43.5),
        ("business-central", 45.75),
        ("odoo-sh", 45.25),
        ("odoo-on-premise-upgrade", 34 + 10 / 60),
    ],
)
def test_the_latest_backout_decision_is_the_documented_one(name: str, hours: float) -> None:
    _, expected = planned(name)
    assert expected.decide_backout_by == round(hours * HOUR)


def test_the_two_variants_of_finance_and_operations_differ_where_the_platform_does() -> None:
    lcs, ppac = rows(sample("d365-fo-lcs")), rows(sample("d365-fo-ppac"))
    assert set(lcs) == set(ppac)
    differ = {ref for ref in lcs if lcs[ref] != ppac[ref]}
    assert differ == {"FO-03", "FO-05", "FO-06", "FO-12", "FO-12A", "FO-13", "FO-29", "FO-70"}


def test_the_controllers_of_the_weekend_take_turns() -> None:
    board, _ = planned("d365-fo-lcs")
    owner = {task.ref: board.handle(task.owner_id) for task in board.tasks}
    assert (owner["FO-28"], owner["FO-33"], owner["FO-73"]) == ("olga", "nils", "olga")
