"""Every alert rule at its edges: the first minute in which it speaks, to whom, and what makes it silent. Minutes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.alerting import due, first_found, found, only
from tests.cutover import MINUTE, Cutover, document, gate, minute, task
from warroom.board.forecast import forecast
from warroom.rules.alerting.deciding import asks_confidence, findings
from warroom.rules.alerting.registry import RULES, known_limits
from warroom.runbook.document import (
    Party,
    PlannedControl,
    PlannedCriterion,
    PlannedTask,
    Rollback,
    RunbookDocument,
    Stream,
)
from warroom.runbook.surroundings import PlannedCommunication, PlannedShift, Surroundings
from warroom.vocabulary.words import Notice, Severity, Side, TaskKind, VoteChoice

Rehearse = Callable[[RunbookDocument], Cutover]
HOUR = 60 * MINUTE


def chain(*tasks: PlannedTask, rule: str, **more: Any) -> RunbookDocument:
    """A plan, with a stream of bea's, in which one rule speaks."""
    limits = {name: value for name, value in more.items() if name in ("after_s", "before_s", "percent")}
    rest = {name: value for name, value in more.items() if name not in limits}
    runbook = replace(document(*tasks, **rest), streams=(Stream("data", "Data", lead="bea"),))
    return only(runbook, rule, **limits)


def begun(cutover: Cutover, ref: str = "A", at: float = 0) -> Cutover:
    cutover.to(at)
    cutover.do("task.start", ref)
    return cutover


def test_every_rule_is_tried_here_or_on_its_own() -> None:
    elsewhere = {"dependency-slipped", "condition-overdue", "trigger-reached"}
    source = Path(__file__).read_text()
    assert {name for name in RULES if f'"{name}"' not in source} <= elsewhere


def test_every_rule_says_what_people_need_to_know() -> None:
    for rule in RULES.values():
        assert rule.trigger
        assert rule.told
        assert rule.over
        assert all(f"`{limit}`" in rule.trigger for limit in known_limits(rule)), rule.name


# --- to be begun -----------------------------------------------------------------------------------------------------


def test_you_are_next(rehearse: Rehearse) -> None:
    cutover = rehearse(chain(task("A", 30), task("B", 30, "A"), rule="you-are-next"))
    assert due(cutover) == 5
    assert first_found(cutover, "A", 30) == 5
    finding = found(cutover)["A"]
    assert (finding.severity, finding.told) == (Severity.NOTICE, ("omar",))
    cutover.finish("A")
    assert found(cutover) == {}
    assert first_found(cutover, "B", 30) == 10


def test_owner_silent_is_nobody_who_acknowledged(rehearse: Rehearse) -> None:
    runbook = chain(task("A", 30), task("B", 30, "A"), rule="owner-silent")
    cutover = rehearse(replace(runbook, alerts=only(runbook, "owner-silent", "you-are-next").alerts))
    cutover.to(14)
    cutover.sweep()
    (alert,) = cutover.board().open_alerts
    assert alert.rule == "you-are-next"
    cutover.to(15)
    (worse,) = cutover.sweep().open_alerts
    assert (worse.rule, worse.version, worse.told) == ("owner-silent", 2, ("omar", "bea"))
    cutover.do("alert.acknowledge", alert.id, by="omar")
    assert found(cutover)["A"].rule == "you-are-next"


def test_late_start(rehearse: Rehearse) -> None:
    cutover = rehearse(chain(task("A", 30, stream="data"), task("B", 30, "A"), rule="late-start"))
    assert first_found(cutover, "A", 60) == 21
    assert found(cutover)["A"].told == ("omar", "bea")
    begun(cutover, at=25)
    assert found(cutover) == {}


def test_late_start_counts_from_what_predecessors_allow(rehearse: Rehearse) -> None:
    cutover = begun(rehearse(chain(task("A", 30), task("B", 30, "A"), rule="late-start")))
    cutover.to(50)
    cutover.do("task.done", "A")
    assert first_found(cutover, "B", 90) == 71


def test_heads_up_is_off_until_somebody_wants_it(rehearse: Rehearse) -> None:
    assert RULES["heads-up"].limits.off
    cutover = begun(rehearse(chain(task("A", 30), task("B", 30, "A", owner="bea"), rule="heads-up")))
    assert first_found(cutover, "B", 40) == 15
    assert found(cutover)["B"].told == ("bea",)
    assert "waits for A" in found(cutover)["B"].message
    cutover.do("task.done", "A")
    assert found(cutover) == {}


@pytest.mark.parametrize(("done_at", "first"), [(29, None), (28, None), (20, 30)])
def test_needed_earlier(done_at: int, first: int | None, rehearse: Rehearse) -> None:
    """C is planned at 100, B in between takes ten minutes. At 20 it could begin 70 earlier; an hour is the limit, and
    it is told ten minutes ahead."""
    rows = task("A", 90), task("B", 20, "A", owner="bea"), task("C", 30, "B")
    cutover = begun(
        rehearse(chain(*rows, rule="needed-earlier", after_s=65 * MINUTE, before_s=10 * MINUTE)),
    )
    cutover.to(done_at)
    cutover.do("task.done", "A")
    cutover.do("task.start", "B", by="bea")
    assert first_found(cutover, "C", done_at + 19) == first


def test_what_is_ready_earlier_is_told_so(rehearse: Rehearse) -> None:
    cutover = begun(rehearse(chain(task("A", 90), task("B", 30, "A"), rule="you-are-next")))
    cutover.to(20)
    cutover.do("task.done", "A")
    assert first_found(cutover, "B", 40) == 25
    assert found(cutover)["B"].message == "B Title of B: ready since 19:20, 1h10 before planned 20:30"


def test_what_only_now_can_be_foreseen_is_not_late(rehearse: Rehearse) -> None:
    """C is needed in ten minutes, an hour is the notice; nobody could know before A was done early."""
    rows = task("A", 90), task("B", 10, "A", owner="bea"), task("C", 30, "B")
    cutover = begun(rehearse(chain(*rows, rule="needed-earlier")))
    cutover.to(20)
    cutover.do("task.done", "A")
    cutover.to(25)
    assert found(cutover)["C"].due_at == minute(20)


# --- begun -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "first"),
    [
        ({}, 46),
        ({"duration_s": 120 * MINUTE}, 151),
        ({"duration_low_s": 20 * MINUTE, "duration_high_s": 35 * MINUTE}, 36),
    ],
    ids=["a quarter of an hour", "a quarter of its duration", "three points"],
)
def test_overrun(given: dict[str, int], first: int, rehearse: Rehearse) -> None:
    cutover = begun(rehearse(chain(replace(task("A", 30), **given), rule="overrun")))  # type: ignore[arg-type]
    assert first_found(cutover, "A", 200) == first
    assert found(cutover)["A"].told == ("omar", "bea")
    cutover.do("task.eta", "A", eta=minute(first + 10), reason="slow")
    assert found(cutover) == {}
    assert first_found(cutover, "A", 200) == first + 11


def test_eta_passed(rehearse: Rehearse) -> None:
    cutover = begun(rehearse(chain(task("A", 30), rule="eta-passed")))
    cutover.do("task.eta", "A", eta=minute(40), reason="slow")
    assert first_found(cutover, "A", 60) == 46
    cutover.do("task.eta", "A", eta=minute(60), reason="slower")
    assert found(cutover) == {}


def test_eta_stale(rehearse: Rehearse) -> None:
    cutover = begun(rehearse(chain(task("A", 300), rule="eta-stale", hours=10)))
    cutover.to(10)
    cutover.do("task.eta", "A", eta=minute(400), reason="slow")
    assert first_found(cutover, "A", 200) == 130
    cutover.do("task.progress", "A", done=3, total=9)
    assert found(cutover) == {}


def test_blocked_long(rehearse: Rehearse) -> None:
    cutover = begun(rehearse(chain(task("A", 30, stream="data"), rule="blocked-long")))
    cutover.to(10)
    cutover.do("task.block", "A", reason="no access")
    assert first_found(cutover, "A", 60) == 40
    assert found(cutover)["A"].told == ("omar", "bea", "lena")
    cutover.do("task.unblock", "A")
    assert found(cutover) == {}


@pytest.mark.parametrize(("promised", "first"), [(None, 40), (25, 26)])
def test_party_waits(promised: int | None, first: int, rehearse: Rehearse) -> None:
    runbook = chain(task("A", 30, party="bank"), rule="party-waits")
    cutover = begun(rehearse(replace(runbook, parties=(Party("bank", "House bank", "+49 69"),))))
    cutover.to(10)
    cutover.do("task.block", "A", reason="they look into it")
    if promised is not None:
        cutover.do("task.eta", "A", eta=minute(promised), reason="they said so")
    assert first_found(cutover, "A", 60) == first
    assert "House bank (+49 69)" in found(cutover)["A"].message


@pytest.mark.parametrize(
    ("known", "first"), [({"promise": 25}, 26), ({"chase": 20}, 20), ({"promise": 50, "chase": 20}, 20)]
)
def test_a_block_by_a_party_says_when_it_is_chased(known: dict[str, int], first: int, rehearse: Rehearse) -> None:
    runbook = chain(task("A", 30), rule="party-waits")
    cutover = begun(rehearse(replace(runbook, parties=(Party("bank", "House bank", "+49 69"),))))
    cutover.to(10)
    instants: dict[str, Any] = {name: minute(at) for name, at in known.items()}
    cutover.do("task.block", "A", reason="they look into it", on="bank", ticket="INC-7", **instants)
    assert first_found(cutover, "A", 60) == first
    assert "House bank (+49 69), ticket INC-7" in found(cutover)["A"].message


def test_verification_owed(rehearse: Rehearse) -> None:
    cutover = begun(rehearse(chain(task("A", 30, verifier="vera"), rule="verification-owed")))
    cutover.to(20)
    cutover.do("task.done", "A")
    assert first_found(cutover, "A", 60) == 50
    assert found(cutover)["A"].told == ("vera", "omar")
    cutover.do("task.verify", "A", by="vera")
    assert found(cutover) == {}


def test_attempt_stale(rehearse: Rehearse) -> None:
    cutover = rehearse(chain(task("A", 5), task("B", 5, "A"), rule="attempt-stale"))
    cutover.finish("A")
    cutover.finish("B")
    cutover.to(10)
    cutover.do("task.rerun", "A", reason="wrong file")
    assert first_found(cutover, "B", 60) == 25
    cutover.finish("A")
    cutover.do("task.settle", "B", reason="looked at it")
    assert found(cutover) == {}


# --- targets and decisions -------------------------------------------------------------------------------------------


def test_deadline_breaks_where_no_cause_pushes_it(rehearse: Rehearse) -> None:
    """A may start until 10; nothing is late before, and then its own deadline of 40 is."""
    runbook = chain(task("A", 30, deadline_s=40 * MINUTE), rule="deadline-breaks")
    cutover = rehearse(runbook)
    assert first_found(cutover, "A", 60) == 11
    assert found(cutover)["A"].told == ("omar", "bea", "lena")


def test_a_cause_tells_of_the_deadline_that_it_breaks(rehearse: Rehearse) -> None:
    runbook = document(task("A", 30), task("B", 10, "A", deadline_s=50 * MINUTE), ends_with="B")
    cutover = rehearse(only(runbook, "dependency-slipped", "deadline-breaks"))
    cutover.to(12)
    (finding,) = found(cutover).values()
    assert (finding.subject, finding.severity) == ("A", Severity.CRITICAL)


def test_window_breaks(rehearse: Rehearse) -> None:
    """A and B need 200 of 240."""
    runbook = document(task("A", 100), task("B", 100, "A"), ends_with="B")
    cutover = rehearse(only(runbook, "window-breaks"))
    assert due(cutover) == 41
    assert first_found(cutover, "window", 60) == 41
    assert found(cutover)["window"].told == ("lena",)


def test_a_cause_tells_of_the_window_that_it_breaks(rehearse: Rehearse) -> None:
    runbook = document(task("A", 100), task("B", 100, "A"), ends_with="B")
    cutover = rehearse(only(runbook, "window-breaks", "dependency-slipped"))
    cutover.to(50)
    assert set(found(cutover)) == {"A"}


def test_gate_due(rehearse: Rehearse) -> None:
    go = gate("GO", "A", due_s=150 * MINUTE, criteria=(PlannedCriterion("Totals agree", evaluator="vera"),))
    cutover = rehearse(chain(task("A", 30), rule="gate-due", gates=[go]))
    cutover.finish("A")
    assert first_found(cutover, "GO", 140) == 120
    assert found(cutover)["GO"].told == ("lena", "gil", "vera")
    for handle in ("lena", "gil"):
        cutover.do("gate.vote", "GO", by=handle, choice=VoteChoice.GO, reason="fine")
    assert "evidence for criterion 1" in found(cutover)["GO"].message
    cutover.do("gate.assess", "GO", by="vera", number=1, met=True, evidence="seen")
    assert found(cutover) == {}


def test_a_gate_that_cannot_be_decided_yet_is_not_its_panels_fault(rehearse: Rehearse) -> None:
    cutover = rehearse(chain(task("A", 30), rule="gate-due", gates=[gate("GO", "A", due_s=40 * MINUTE)]))
    begun(cutover)
    cutover.do("task.eta", "A", eta=minute(100), reason="slow")
    assert first_found(cutover, "GO", 140) == 85, "half an hour before it can be decided at 115"


def test_back_out_decision(rehearse: Rehearse) -> None:
    """240 minutes, 15 of buffer and 20 to turn back: until 205."""
    rollback = Rollback(point_of_no_return="B", authority=("gil",), tasks=(task("U", 20, backout=True),))
    runbook = chain(task("A", 30), task("B", 30, "A"), rule="back-out-decision", rollback=rollback)
    cutover = rehearse(runbook)
    steps = []
    for number in range(240):
        cutover.to(number)
        if (finding := found(cutover).get("back-out")) is not None:
            steps.append((number, finding.step, finding.severity.value))
            assert finding.told == ("gil", "lena")
    changes = [one for one, before in zip(steps, [None, *steps], strict=False) if before is None or one[1] != before[1]]
    assert changes == [
        (85, 0, "notice"),
        (145, 1, "warning"),
        (175, 2, "critical"),
        (195, 3, "critical"),
        (206, 4, "critical"),
    ]


def test_back_out_decision_wakes_at_each_step(rehearse: Rehearse) -> None:
    rollback = Rollback(authority=("gil",), tasks=(task("U", 20, backout=True),))
    cutover = rehearse(chain(task("A", 30), rule="back-out-decision", rollback=rollback))
    woken = []
    while (change := due(cutover)) is not None and change < 230:
        cutover.to(change)
        woken.append(change)
    assert woken == [85, 145, 175, 195, 206]


def test_control_outside(rehearse: Rehearse) -> None:
    control = PlannedControl("gl", "Trial balance", "lena", "EUR", tolerance_absolute=Decimal("0.50"), loads=("A",))
    cutover = rehearse(replace(chain(task("A", 30), rule="control-outside"), controls=(control,)))
    cutover.finish("A")
    cutover.do("control.record", "gl", side=Side.LEGACY, value=Decimal(10))
    assert found(cutover) == {}
    cutover.do("control.record", "gl", side=Side.NEW, value=Decimal(12), by="vera")
    finding = found(cutover)["control gl"]
    assert finding.told == ("lena", "omar")
    assert finding.message == "Trial balance: the two sides differ by 2 EUR, allowed is 0.50"


def test_confidence_low_is_judged_where_somebody_counted(rehearse: Rehearse) -> None:
    cutover = rehearse(chain(task("A", 30), rule="confidence-low"))
    board = cutover.board()
    expected = forecast(board, cutover.clock.now())
    assert asks_confidence(board)
    assert findings(board, expected) == []
    assert findings(board, expected, Decimal(80)) == []
    (finding,) = findings(board, expected, Decimal("79.9"))
    assert (finding.subject, finding.told) == ("window", ("lena",))


# --- people ----------------------------------------------------------------------------------------------------------


def test_double_booked(rehearse: Rehearse) -> None:
    """A lasts 60 from 0 and B begins at 20: they overlap by 40, and half an hour is forgiven."""
    tasks = (
        task("A", 60),
        task("B", 60, not_before_s=20 * MINUTE),
        task("C", 60, not_before_s=300 * MINUTE, owner="bea"),
    )
    cutover = rehearse(chain(*tasks, rule="double-booked", hours=10))
    assert set(found(cutover)) == {"person omar"}
    assert found(cutover)["person omar"].told == ("omar", "lena")
    cutover.do("task.assign", "B", people={"owner": "bea"}, reason="too much")
    assert found(cutover) == {}


def test_double_booked_by_drift(rehearse: Rehearse) -> None:
    """A lasts 60 and is not begun; it runs into B, which is fixed at 120 with half an hour of overlap at 90."""
    tasks = task("A", 60), task("B", 60, not_before_s=120 * MINUTE)
    cutover = rehearse(chain(*tasks, rule="double-booked", hours=10))
    assert first_found(cutover, "person omar", 140) == 91


def test_off_shift(rehearse: Rehearse) -> None:
    shifts = Surroundings(rota=(PlannedShift("desk", "gil", 0, HOUR),))
    tasks = task("A", 30), task("B", 30, "A", owner="role:desk", backup=None)
    cutover = begun(rehearse(replace(chain(*tasks, rule="off-shift"), surroundings=shifts)))
    cutover.do("task.eta", "A", eta=minute(59), reason="slow")
    assert found(cutover) == {}
    assert first_found(cutover, "B", 90) == 60, "A now ends when the shift does"
    assert "nobody has the role desk" in found(cutover)["B"].message


def test_off_shift_where_the_owner_is_away_and_nobody_stands_in(rehearse: Rehearse) -> None:
    cutover = rehearse(chain(task("A", 30), task("B", 30, "A", backup=None), rule="off-shift"))
    cutover.away("omar")
    assert set(found(cutover)) == {"B"}, "bea stands in for A"
    cutover.do("person.substitute", "omar", by="lena", substitute="gil", reason="asleep")
    assert found(cutover) == {}


def test_backup_unconfirmed(rehearse: Rehearse) -> None:
    cutover = rehearse(chain(task("A", 30), rule="backup-unconfirmed"))
    cutover.away("omar")
    assert found(cutover)["A"].told == ("bea", "omar")
    (alert,) = cutover.sweep().open_alerts
    cutover.do("alert.acknowledge", alert.id, by="bea")
    cutover.sweep()
    assert cutover.board().open_alerts == ()
    assert found(cutover) == {}


def test_communication_due(rehearse: Rehearse) -> None:
    text = PlannedCommunication("go", "We are live", ("All",), "mail", "Live.", Notice.GO_LIVE, when_s=HOUR)
    send = task("SEND", 5, kind=TaskKind.COMMUNICATION, communication="go")
    runbook = replace(chain(send, rule="communication-due"), surroundings=Surroundings(communications=(text,)))
    cutover = rehearse(runbook)
    assert first_found(cutover, "SEND", 90) == 45
    assert found(cutover)["SEND"].severity is Severity.NOTICE
    assert due(cutover) == 66
    cutover.to(66)
    assert found(cutover)["SEND"].severity is Severity.WARNING
    cutover.finish("SEND")
    assert found(cutover) == {}


@pytest.mark.parametrize(("begun_at", "first"), [(44, None), (56, None), (61, 61)])
def test_a_text_that_goes_out_as_planned_is_not_told(begun_at: int, first: int | None, rehearse: Rehearse) -> None:
    """It is to be sent at 60, or up to five minutes later; sending takes five."""
    text = PlannedCommunication("go", "We are live", ("All",), "mail", "Live.", Notice.GO_LIVE, when_s=HOUR)
    send = task("SEND", 5, kind=TaskKind.COMMUNICATION, communication="go")
    runbook = replace(chain(send, rule="communication-due"), surroundings=Surroundings(communications=(text,)))
    cutover = begun(rehearse(runbook), "SEND", begun_at)
    assert first_found(cutover, "SEND", 65) == first


def test_communication_due_again_and_again(rehearse: Rehearse) -> None:
    """Told 15 minutes ahead, again when it is over, and again when the next is due; sending it is the end of that."""
    text = PlannedCommunication("news", "News", ("All",), "mail", "Good.", when_s=HOUR, every_s=HOUR, until_s=3 * HOUR)
    surroundings = Surroundings(communications=(text,))
    plain = chain(task("A", 30), rule="communication-due")
    cutover, subject = rehearse(replace(plain, surroundings=surroundings)), "communication news"
    assert first_found(cutover, subject, 90) == 45
    assert found(cutover)[subject].told == ("lena",)
    steps = {at: found_at(cutover, subject, at) for at in (61, 119, 120, 121)}
    assert steps == {61: 3, 119: 3, 120: 4, 121: 5}
    cutover.do("communication.record", "news", how="by mail", text="Good.", reason="no time to approve it")
    assert found(cutover) == {}
    assert first_found(cutover, subject, 200) == 165


def found_at(cutover: Cutover, subject: str, at: int) -> int:
    cutover.to(at)
    return found(cutover)[subject].step


# --- together --------------------------------------------------------------------------------------------------------


def test_all_that_is_found_about_a_subject_is_one_finding(rehearse: Rehearse) -> None:
    """At 25 A has long been ready, its owner is silent, it is late and slipped: one finding, and the loudest speaks."""
    cutover = rehearse(document(task("A", 30), task("B", 60, "A"), ends_with="B"))
    cutover.to(25)
    (finding,) = [one for one in found(cutover).values() if one.subject == "A"]
    assert finding.rule == "dependency-slipped"
    assert set(finding.others) == {"late-start", "owner-silent", "you-are-next"}
    assert finding.told == ("omar", "bea", "lena")


def test_without_a_run_nothing_is_found(planned: Cutover) -> None:
    board = planned.board()
    assert findings(board, forecast(board, planned.clock.now())) == []
