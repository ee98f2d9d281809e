"""The wider format: marks of tasks, criteria, recovery, rota, calls, communications. What is read, and every fault."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.faults import Case, assert_told, faults_of, place_of
from warroom.board.from_runbook import bare_board
from warroom.board.rows import Communication, Criterion, RotaShift, Silence, Task, Trigger
from warroom.runbook.document import Condition, PlannedCriterion, PlannedFact, PlannedRecovery, Requirement
from warroom.runbook.reader import read_text
from warroom.runbook.surroundings import (
    PlannedBridge,
    PlannedCall,
    PlannedCommunication,
    PlannedEntity,
    PlannedEnvironment,
    PlannedShift,
    Surroundings,
)
from warroom.runbook.surroundings import Silence as PlannedSilence
from warroom.vocabulary.words import (
    Automatic,
    ControlKind,
    DecisionRule,
    GateStage,
    Notice,
    Opens,
    Releases,
    SignConvention,
    TaskKind,
)

HOUR, DAY = 3_600, 86_400

GOOD = """\
warroom: 1
programme: {key: p, name: P, platform: d365-fo, variant: lcs, timezone: Europe/Berlin}
window: {start: 2026-11-27T18:00, end: T+48h, ends_with: W-4}
entities: [{key: DE, name: Acme Germany}, FR]
environments: [{key: prod, name: Production, url: "https://prod.example.org", production: true}, uat]
bridge: {url: "https://meet.example.org", phone: "+49 30 5550 100", pin: "4711"}
calls:
- {title: Status, at: T+2h, every: 4h, until: T+46h, duration: 15m, who: [ana, mei], agenda: What is late}
people:
- {handle: ana, name: Ana}
- {handle: mei, name: Mei}
- {handle: bo, name: Bo}
rota:
  desk:
  - {from: T-10d, to: T+4h, who: ana}
  - {from: T+4h, to: T+50h, who: mei}
phases: [load]
communications:
- {key: early, title: Early, notice: freeze, audience: [Bank], external: true, channel: mail,
   text: "We {{}} {window_start}"}
- {key: stand, title: Stand, notice: status, audience: [All], channel: chat, subject: "{now}", text: "{tasks_done}",
   when: T, every: 4h, until: T+44h, approver: bo}
tasks:
- {ref: W-1, title: Tell, kind: communication, communication: early, owner: role:desk, backup: bo, duration: 10m,
   not_before: T-10d}
- {ref: W-2, title: Load, owner: role:desk, verifier: bo, duration: {likely: 6h, placeholder: true}, after: [W-1],
   not_before: T, releases: on_execution, optional: true, splittable: true, entity: DE, environment: prod, phase: load,
   requires: {of: [ana, mei], start: 2, finish: 1}, on_failure: {what: Again, decides: bo},
   facts: [Slow, {text: Slower, source: "https://example.org/slow"}]}
- {ref: W-3, title: Try, kind: smoke-test, flow: sales, owner: role:desk, duration: 1h, after: [W-2], on_failure: Stop}
- {ref: W-4, title: Open, owner: bo, duration: 1h, after: [G-1], opens: [users, mail]}
gates:
- ref: G-1
  title: Go
  owner: ana
  after: [W-3]
  stage: go-live
  rule: veto
  due: T+20h
  vote_by: T+19h
  seats: [{title: Owner, person: ana, substitutes: [bo]}, {title: Desk, person: role:desk, veto: true}]
  criteria:
  - Nothing is open
  - {text: Somebody is on call, evaluator: bo, evidence: The list}
  - {automatic: phase-done, phases: [load]}
  - {automatic: tasks-done, tasks: [W-2]}
  - {automatic: controls, controls: [tb]}
  - {automatic: problems, severity: 2, at_most: 1}
  - {automatic: confidence, at_least: 80}
  - {automatic: window}
  - {automatic: back-out, text: The way back is open}
  - {automatic: smoke-tests, flows: [sales]}
  - {automatic: metric, metric: Rows in error, unit: rows, at_most: 5}
rollback:
  point_of_no_return: W-4
  time_box: 2d
  triggers:
  - {text: Late, automatic: window, due: T+30h, decides: bo}
  - {text: Stuck, measure: By the desk, threshold: over 4 h, clock: 4h, decides: {before: ana, after: mei}}
  recovery: [{key: by-hand, title: By hand, plan: Enter it again, decides: bo}]
  tasks: [{ref: B-1, title: Back, owner: role:desk, duration: 1h}]
controls:
- {key: tb, name: Balance, kind: amount, unit: EUR, currency: EUR, entity: DE, tolerance: {abs: 1, percent: 0.1},
   sign: opposite, as_of: T, by: [account, cost centre], expected: 0,
   loads: [W-2], signs: bo}
lint: {silence: [{rule: no-backup, where: B-1, reason: There is nobody}]}
"""

CALL = "every: 4h, until: T+46h, duration: 15m, who: [ana, mei]"
LATE = "{text: Late, automatic: window, due: T+30h, decides: bo}"

CASES = [
    Case("entity", "entity: DE, environment", "entity: DEE, environment", "DEE",
         "the entity 'DEE' is not one of the entities", "did you mean 'DE'?"),
    Case("entity of a control", "EUR, entity: DE", "EUR, entity: NO", "NO,", "the entity 'NO' is not one of"),
    Case("the same entity twice", ", FR]", ", DE]", "DE]", "the entity 'DE' is already used in line 4"),
    Case("environment", "environment: prod", "environment: live", "live", "the environment 'live' is not one of",
         "add it to environments:"),
    Case("the same environment twice", "true}, uat]", "true}, prod]", "prod]", "the environment 'prod' is already"),
    Case("production of no flag", "production: true", "production: maybe", "maybe", "neither true nor false"),
    Case("party", "environment: prod", "environment: prod, party: bank", "bank", "the party 'bank' is not one of"),
    Case("communication", "communication: early", "communication: erly", "erly",
         "the communication 'erly' is not one of", "did you mean 'early'?"),
    Case("no text to send", "communication: early, ", "", "{ref: W-1", "needs the key 'communication'",
         "it names the text"),
    Case("text that nobody sends", "kind: smoke-test", "kind: smoke-test, communication: early", "early",
         "only a task of kind communication sends a text"),
    Case("the same communication twice", "key: stand", "key: early", "early, title: Stand",
         "is already used in line 19"),
    Case("notice", "notice: status", "notice: stats", "stats", "'stats' is none of freeze, status", "'status'"),
    Case("placeholder", "{window_start}", "{window_stat}", '"We', "there is no placeholder {window_stat}",
         "did you mean 'window_start'?"),
    Case("single brace", "We {{}}", "We {", '"We', "a single brace"),
    Case("placeholder in a subject", '"{now}"', '"{noww}"', '"{noww}', "there is no placeholder {noww}", "'now'"),
    Case("repeated without an end", "every: 4h, until: T+44h", "every: 4h", "4h,", "'every' needs the key 'until'"),
    Case("an end of nothing", "every: 4h, until: T+46h", "until: T+46h", "T+46h", "'until' needs the key 'every'"),
    Case("over before it began", "until: T+46h", "until: T+1h", "T+1h", "it would be over before the first time"),
    Case("too often", "every: 4h, until: T+46h", "every: 1s, until: T+46h", "1s", "more often than once a minute"),
    Case("nobody on a call", "who: [ana, mei]", "who: []", "[]", "this list may not be empty"),
    Case("somebody else on a call", "who: [ana, mei]", "who: [ana, meii]", "meii",
         "'meii' is neither one of the people nor one of the parties", "did you mean 'mei'?"),
    Case("call without a time", "title: Status, at: T+2h", "title: Status", "{title: Status", "needs the key 'at'"),
    Case("approver", "approver: bo", "approver: boo", "boo", "the approver of a communication 'boo' is not one of"),
    Case("role that nobody has", "owner: role:desk, verifier", "owner: role:dusk, verifier", "role:dusk",
         "the role 'dusk' is not in the rota", "did you mean 'desk'?"),
    Case("role in a seat", "person: role:desk", "person: role:x", "role:x", "the role 'x' is not in the rota"),
    Case("role of nothing", "owner: role:desk, verifier", "owner: 'role:', verifier", "'role:'",
         "the key of a role is expected here, and the text is empty"),
    Case("role that signs", "signs: bo", "signs: role:desk", "role:desk", "a role ('role:desk') cannot stand here"),
    Case("shift of nobody", "who: mei}", "who: may}", "may}", "the one on a shift 'may' is not one of the people"),
    Case("shifts that overlap", "from: T+4h", "from: T+3h", "T+3h", "begins before the one above it ends"),
    Case("shift that ends early", "to: T+50h", "to: T+4h", "T+4h, who: mei", "this shift ends before it begins"),
    Case("role without shifts", "  desk:\n  - {from: T-10d, to: T+4h, who: ana}\n  - {from: T+4h, to: T+50h, who: mei}",
         "  desk: []", "[]", "this list may not be empty"),
    Case("too many required", "], start: 2", "], start: 3", "3,", "3 of 2 people cannot be had"),
    Case("required for nothing", ", start: 2, finish: 1}", "}", "{of: [ana",
         "a requirement needs the key 'start' or 'finish'", "start: 2"),
    Case("required twice", "of: [ana, mei]", "of: [ana, ana]", "ana]", "the person 'ana' is already used in line 28"),
    Case("required stranger", "of: [ana, mei]", "of: [ana, x]", "x]", "the one of whom some are required 'x' is not"),
    Case("decider on a failure", "decides: bo},\n", "decides: x},\n", "x}", "the decider on a failure 'x' is not one"),
    Case("failure without a plan", "{what: Again, decides: bo}", "{decides: bo}", "{decides",
         "what happens on failure needs the key 'what'"),
    Case("releases", "on_execution", "on_start", "on_start", "'on_start' is none of done, on_execution"),
    Case("smoke test without a flow", "flow: sales, owner", "owner", "{ref: W-3", "a smoke test needs the key 'flow'",
         None, ("there is no flow 'sales'",)),
    Case("opens", "opens: [users, mail]", "opens: [users, males]", "males", "'males' is none of users, interfaces",
         "did you mean 'mail'?"),
    Case("stage", "stage: go-live", "stage: golive", "golive", "'golive' is none of entrance", "'go-live'"),
    Case("rule", "rule: veto", "rule: vote", "vote", "'vote' is none of unanimous, majority, chair, veto", None,
         ("veto means nothing here",)),
    Case("chair without the rule", "substitutes: [bo]}", "substitutes: [bo], chair: true}", "true}",
         "chair means nothing here", "it goes with rule: chair"),
    Case("rule without a chair", "rule: veto", "rule: chair", "chair", "this rule needs a seat with chair: true", None,
         ("veto means nothing here",)),
    Case("substitute of oneself", "substitutes: [bo]", "substitutes: [ana]", "ana]", "'ana' holds the seat"),
    Case("substitute", "substitutes: [bo]", "substitutes: [x]", "x]", "the substitute in a seat 'x' is not one of"),
    Case("votes too late", "vote_by: T+19h", "vote_by: T+21h", "T+21h", "votes would count after the decision is due"),
    Case("evaluator", "evaluator: bo", "evaluator: x", "x,", "the evaluator of a criterion 'x' is not one of"),
    Case("criterion of nothing", "  - Nothing is open", "  - {evidence: x}", "{evidence", "needs the key 'text', or"),
    Case("automatic", "automatic: phase-done", "automatic: phases-done", "phases-done", "is none of phase-done",
         "did you mean 'phase-done'?"),
    Case("condition without automatic", "{text: Somebody is on call,", "{text: x, severity: 1,", "1,",
         "the key 'severity' means nothing here", "it goes with automatic:"),
    Case("time without automatic", "{text: Stuck,", "{text: Stuck, due: T+1h,", "T+1h,",
         "the key 'due' means nothing here", "it goes with automatic:"),
    Case("condition without its key", "severity: 2, ", "", "problems", "problems needs the key 'severity'"),
    Case("condition with another key", "automatic: window}\n", "automatic: window, flows: [sales]}\n", "[sales]",
         "the key 'flows' does not go with window"),
    Case("phase of a condition", "phase-done, phases: [load]", "phase-done, phases: [lod]", "lod",
         "there is no phase 'lod'", "'load'"),
    Case("task of a condition", "tasks: [W-2]", "tasks: [B-1]", "B-1", "there is no task 'B-1'"),
    Case("control of a condition", "controls: [tb]", "controls: [bt]", "bt", "there is no control 'bt'"),
    Case("load of a control", "loads: [W-2]", "loads: [W-22]", "W-22", "there is no task 'W-22'", "'W-2'"),
    Case("headline of a control", "loads: [W-2],", "loads: [W-2], part_of: gl,", "gl,",
         "there is no control 'gl' that is a headline"),
    Case("headline of itself", "loads: [W-2],", "loads: [W-2], part_of: tb,", "tb,",
         "there is no control 'tb' that is a headline"),
    Case("flow of a condition", "flows: [sales]", "flows: [sale]", "sale]", "there is no flow 'sale'", "'sales'"),
    Case("confidence", "at_least: 80", "at_least: 101", "101", "a confidence is at most 100 per cent"),
    Case("metric without a bound", ", at_most: 5", "", "metric, metric",
         "metric needs the key 'at_least' or 'at_most'"),
    Case("bounds", "at_most: 5", "at_least: 6, at_most: 5", "5}", "the upper bound is below the lower one"),
    Case("severity", "severity: 2", "severity: 5", "5,", "'5' must be a whole number from 1 to 4"),
    Case("trigger with another key", LATE, "{text: Late, automatic: window, due: T+30h, unit: h, decides: bo}", "h, d",
         "the key 'unit' does not go with window"),
    Case("decider on a trigger", LATE, "{text: Late, automatic: window, due: T+30h, decides: x}", "x}",
         "the decider on a trigger 'x' is not one of the people"),
    Case("decider after only", "{before: ana, after: mei}", "{after: mei}", "{after", "needs the key 'before'"),
    Case("clock", "clock: 4h", "clock: soon", "soon", "'soon' is not a duration"),
    Case("time box", "time_box: 2d", "time_box: 2x", "2x", "'2x' is not a duration"),
    Case("recovery without a plan", "plan: Enter it again, ", "", "{key: by-hand", "needs the key 'plan'"),
    Case("decider on a recovery", "again, decides: bo", "again, decides: x", "x}",
         "the decider on a recovery 'x' is not"),
    Case("kind of a control", "kind: amount", "kind: amounts", "amounts", "'amounts' is none of amount", "'amount'"),
    Case("currency", "currency: EUR", "currency: Euro", "Euro", "'Euro' is not the code of a currency", "like EUR"),
    Case("sign", "sign: opposite", "sign: minus", "minus", "'minus' is none of same, opposite"),
    Case("as of", "as_of: T,", "as_of: now,", "now,", "'now' is not a time"),
    Case("silence without a reason", ", reason: There is nobody", "", "{rule",
         "a silenced rule needs the key 'reason'"),
    Case("source that is no text", 'source: "https://example.org/slow"', "source: [x]", "[x]",
         "a text is expected here"),
]  # fmt: skip


def test_the_runbook_that_the_cases_change_is_read_whole() -> None:
    document = read_text(GOOD, "plan.yaml")
    assert (document.programme.variant, document.rollback.time_box_s) == ("lcs", 2 * DAY)
    assert document.surroundings == Surroundings(
        entities=(PlannedEntity("DE", "Acme Germany"), PlannedEntity("FR", "FR")),
        environments=(
            PlannedEnvironment("prod", "Production", "https://prod.example.org", production=True),
            PlannedEnvironment("uat", "uat"),
        ),
        rota=(
            PlannedShift("desk", "ana", -10 * DAY, 4 * HOUR),
            PlannedShift("desk", "mei", 4 * HOUR, 50 * HOUR),
        ),
        bridge=PlannedBridge("Bridge", "https://meet.example.org", "+49 30 5550 100", "4711"),
        calls=(
            PlannedCall("Status", ("ana", "mei"), 2 * HOUR, 4 * HOUR, 46 * HOUR, 900, "What is late"),
        ),
        communications=(
            PlannedCommunication(
                "early", "Early", ("Bank",), "mail", "We {{}} {window_start}", Notice.FREEZE, external=True
            ),
            PlannedCommunication(
                "stand", "Stand", ("All",), "chat", "{tasks_done}", Notice.STATUS, subject="{now}", when_s=0,
                every_s=4 * HOUR, until_s=44 * HOUR, approver="bo",
            ),
        ),
        silences=(PlannedSilence("no-backup", "There is nobody", "B-1"),),
    )  # fmt: skip
    tell, load, smoke, last = document.tasks
    assert (tell.kind, tell.communication, tell.owner) == (TaskKind.COMMUNICATION, "early", "role:desk")
    assert (load.optional, load.splittable, load.releases) == (True, True, Releases.ON_EXECUTION)
    assert (load.entity, load.environment, load.placeholder, load.duration_s) == ("DE", "prod", True, 6 * HOUR)
    assert load.requires == Requirement(("ana", "mei"), 2, 1)
    assert (load.failure_plan, load.failure_decider) == ("Again", "bo")
    assert load.facts == (PlannedFact("Slow"), PlannedFact("Slower", "https://example.org/slow"))
    assert (smoke.kind, smoke.flow, smoke.failure_plan) == (TaskKind.SMOKE_TEST, "sales", "Stop")
    assert last.opens == (Opens.USERS, Opens.MAIL)
    (gate,) = document.gates
    assert (gate.stage, gate.rule, gate.vote_by_s) == (GateStage.GO_LIVE, DecisionRule.VETO, 19 * HOUR)
    assert [(seat.substitutes, seat.veto, seat.chair) for seat in gate.seats] == [
        (("bo",), False, False),
        ((), True, False),
    ]
    assert gate.criteria[:3] == (
        PlannedCriterion("Nothing is open"),
        PlannedCriterion("Somebody is on call", None, "bo", "The list"),
        PlannedCriterion("All tasks are done of the phases load", Condition(Automatic.PHASE_DONE, ("load",))),
    )
    assert [criterion.condition and criterion.condition.automatic for criterion in gate.criteria[2:]] == list(Automatic)
    assert gate.criteria[8].text == "The way back is open"
    assert gate.criteria[10].condition == Condition(
        Automatic.METRIC, metric="Rows in error", unit="rows", at_most=Decimal(5)
    )
    late, stuck = document.rollback.triggers
    assert (late.condition, late.decider_before, late.decider_after) == (Condition(Automatic.WINDOW), "bo", "bo")
    assert (late.due_s, stuck.due_s) == (30 * HOUR, None)
    assert (stuck.clock_s, stuck.measure, stuck.decider_after) == (4 * HOUR, "By the desk", "mei")
    assert document.rollback.recovery == (PlannedRecovery("by-hand", "By hand", "Enter it again", "bo"),)
    (control,) = document.controls
    assert (control.kind, control.currency, control.sign) == (ControlKind.AMOUNT, "EUR", SignConvention.OPPOSITE)
    assert (control.as_of_s, control.by, control.entity) == (0, ("account", "cost centre"), "DE")
    assert (control.expected, control.loads) == (Decimal(0), ("W-2",))
    assert (control.tolerance_absolute, control.tolerance_percent) == (Decimal(1), Decimal("0.1"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_fault_is_told_at_its_place(case: Case) -> None:
    assert_told(GOOD, case)


def test_a_rule_needs_its_seats() -> None:
    """What is told of the rule stands in another line than the seats."""
    (fault,) = faults_of(GOOD.replace(", veto: true", ""))
    assert (fault.where, fault.message) == (place_of(GOOD, "veto\n"), "this rule needs a seat with veto: true")
    chairs = GOOD.replace("rule: veto", "rule: chair").replace("veto: true", "chair: true")
    assert read_text(chairs, "plan.yaml").gates[0].rule is DecisionRule.CHAIR
    two = chairs.replace("[bo]}", "[bo], chair: true}")
    (fault,) = faults_of(two)
    assert (fault.where, fault.message) == (place_of(two, "true}]"), "there is only one chair")


def test_roles_become_whoever_is_on_shift_when_the_task_starts() -> None:
    """W-1 ten days ahead and W-2 at T are ana's, W-3 at T+6h is mei's, and so is the back-out, at about the end."""
    board = bare_board(read_text(GOOD, "plan.yaml"))
    owners = {task.ref: (board.handle(task.owner_id), task.owner_role) for task in board.rows(Task).values()}
    assert owners == {
        "W-1": ("ana", "desk"),
        "W-2": ("ana", "desk"),
        "W-3": ("mei", "desk"),
        "W-4": ("bo", None),
        "G-1": ("ana", None),
        "B-1": ("mei", "desk"),
    }
    gate = board.task("G-1")
    assert gate is not None
    kept = board.gate_of(gate.id)
    assert kept is not None
    assert [(board.handle(seat.person_id), seat.role) for seat in board.seats(kept.id)] == [
        ("ana", None),
        ("mei", "desk"),
    ]


def test_all_of_it_becomes_rows() -> None:
    board = bare_board(read_text(GOOD, "plan.yaml"))
    assert [row.role for row in board.rows(RotaShift).values()] == ["desk", "desk"]
    assert [(row.rule, row.place, row.reason) for row in board.rows(Silence).values()] == [
        ("no-backup", "B-1", "There is nobody")
    ]
    assert [row.audience for row in board.rows(Communication).values()] == [("Bank",), ("All",)]
    criteria = list(board.rows(Criterion).values())
    assert [(row.automatic, row.of) for row in criteria[2:5]] == [
        (Automatic.PHASE_DONE, ("load",)),
        (Automatic.TASKS_DONE, ("W-2",)),
        (Automatic.CONTROLS, ("tb",)),
    ]
    assert (criteria[5].severity, criteria[5].at_most) == (2, Decimal(1))
    late, stuck = board.rows(Trigger).values()
    assert (late.automatic, board.handle(late.decider_after_id)) == (Automatic.WINDOW, "bo")
    assert (late.due_s, stuck.due_s) == (30 * HOUR, None)
    assert (stuck.clock_s, board.handle(stuck.decider_before_id)) == (4 * HOUR, "ana")
