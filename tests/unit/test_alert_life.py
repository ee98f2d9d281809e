"""What becomes of an alert: acknowledged, snoozed, escalated, worse, gone and back again; and who may say so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.alerting import due, only
from tests.cutover import MINUTE, Cutover, caller, document, gate, minute, task
from warroom.actions import alert_answers, alerts
from warroom.board.rows import Alert, AlertSetting
from warroom.rules.alerting import life
from warroom.rules.alerting.limits import limits_on
from warroom.rules.alerting.registry import RULES
from warroom.runbook.alerts import PlannedAlerts, PlannedEscalation
from warroom.runbook.document import RunbookDocument, Stream
from warroom.store.verify import verify
from warroom.vocabulary.errors import BadInput, Refused, Stale
from warroom.vocabulary.words import AcknowledgedHow, AlertState, EscalatesTo, Medium, Severity

Rehearse = Callable[[RunbookDocument], Cutover]
CHAIN = only(document(task("A", 30), task("B", 60, "A"), task("C", 20, "B"), ends_with="C"), "dependency-slipped")
SILENT = only(
    replace(document(task("A", 30, stream="data"), task("B", 60, "A")), streams=(Stream("data", "Data", lead="gil"),)),
    "owner-silent",
)


def the_alert(cutover: Cutover) -> Alert:
    (alert,) = cutover.sweep().alerts
    return alert


def at(cutover: Cutover, number: float) -> Alert:
    cutover.to(number)
    return the_alert(cutover)


def actions(cutover: Cutover) -> list[str]:
    return [entry.action for entry in cutover.entries() if entry.action.startswith("alert.")]


def test_acknowledged_it_calls_no_more(rehearse: Rehearse) -> None:
    cutover = rehearse(SILENT)
    alert = at(cutover, 15)
    assert (alert.state, alert.told, alert.version) == (AlertState.RAISED, ("omar", "bea"), 1)
    cutover.to(16)
    cutover.do("alert.acknowledge", alert.id, by="omar", reason="on my way")
    alert = cutover.board().alerts[0]
    assert alert.state is AlertState.ACKNOWLEDGED
    assert cutover.board().handle(alert.acknowledged_by_id) == "omar"
    assert (alert.acknowledged_at, alert.acknowledged_how) == (minute(16), AcknowledgedHow.COMMAND)
    assert life.next_escalation(cutover.board(), alert) is None
    with pytest.raises(Refused, match="acknowledged already"):
        cutover.do("alert.acknowledge", alert.id, by="bea")


def test_the_lead_acknowledges_for_somebody_on_the_phone(rehearse: Rehearse) -> None:
    cutover = rehearse(SILENT)
    alert = at(cutover, 15)
    cutover.do("alert.acknowledge", alert.id, by="lena", done_by="bea", medium=Medium.PHONE)
    alert = cutover.board().alerts[0]
    assert cutover.board().handle(alert.acknowledged_by_id) == "bea"
    assert alert.acknowledged_how is AcknowledgedHow.PHONE


def test_a_reply_is_said_to_be_one(rehearse: Rehearse) -> None:
    cutover = rehearse(SILENT)
    cutover.do("alert.acknowledge", at(cutover, 15).id, by="omar", how=AcknowledgedHow.REPLY)
    assert cutover.board().alerts[0].acknowledged_how is AcknowledgedHow.REPLY


def test_only_those_whom_it_concerns_answer_it(rehearse: Rehearse) -> None:
    cutover = rehearse(SILENT)
    alert = at(cutover, 15)
    with pytest.raises(Refused, match="the person concerned"):
        cutover.do("alert.acknowledge", alert.id, by="sam")
    with pytest.raises(Refused, match="the person concerned"):
        cutover.do("alert.snooze", alert.id, by="sam", until=minute(30))
    with pytest.raises(BadInput, match="there is no alert 77"):
        cutover.do("alert.acknowledge", 77)
    cutover.finish("A")
    cutover.sweep()
    with pytest.raises(Refused, match="is closed"):
        cutover.do("alert.acknowledge", alert.id)


def test_who_answers_what_has_changed_is_told(rehearse: Rehearse) -> None:
    cutover = rehearse(SILENT)
    alert = at(cutover, 15)
    seen = cutover.board().last_entry(f"alert {alert.id}")
    cutover.do("alert.snooze", alert.id, by="bea", until=minute(30))
    with pytest.raises(Stale):
        cutover.do("alert.acknowledge", alert.id, by="omar", seen=seen)


def test_snoozed_it_waits_and_calls_again(rehearse: Rehearse) -> None:
    cutover = rehearse(SILENT)
    alert = at(cutover, 15)
    with pytest.raises(BadInput, match="that time is over"):
        cutover.do("alert.snooze", alert.id, until=minute(15))
    cutover.do("alert.snooze", alert.id, by="omar", until=minute(25))
    assert due(cutover) == 25
    alert = at(cutover, 24)
    assert (alert.state, alert.version, alert.level) == (AlertState.SNOOZED, 1, 0)
    alert = at(cutover, 25)
    assert (alert.state, alert.version, alert.calling_since) == (AlertState.RAISED, 2, minute(25))
    assert actions(cutover) == ["alert.raise", "alert.snooze", "alert.wake"]


def test_what_nobody_acknowledges_goes_to_the_next(rehearse: Rehearse) -> None:
    """The backup was told at once, so the first step is the one to the lead of the stream. That it is 30 late at 30,
    and 60 at 60, puts nothing off."""
    cutover = rehearse(SILENT)
    assert at(cutover, 15).told == ("omar", "bea")
    assert at(cutover, 30).version == 2
    assert due(cutover) == 45
    assert at(cutover, 44).state is AlertState.RAISED
    alert = at(cutover, 45)
    assert (alert.state, alert.level, alert.version) == (AlertState.ESCALATED, 2, 3)
    assert alert.told == ("omar", "bea", "gil")
    assert due(cutover) == 60
    alert = at(cutover, 60)
    assert (alert.state, alert.level, alert.told) == (AlertState.ESCALATED, 3, ("omar", "bea", "gil", "lena"))
    assert alert.calling_since == minute(15)
    at(cutover, 200)
    assert actions(cutover).count("alert.escalate") == 2, "there is nobody else"


def test_the_runbook_says_who_is_next_and_when(rehearse: Rehearse) -> None:
    escalation = (PlannedEscalation(EscalatesTo.LEAD, 5 * MINUTE),)
    cutover = rehearse(replace(SILENT, alerts=PlannedAlerts(SILENT.alerts.limits, escalation)))
    at(cutover, 15)
    assert at(cutover, 20).told == ("omar", "bea", "lena")


def test_a_notice_is_not_escalated(rehearse: Rehearse) -> None:
    cutover = rehearse(only(document(task("A", 30), task("B", 60, "A")), "you-are-next"))
    assert at(cutover, 5).severity is Severity.NOTICE
    assert due(cutover) is None
    assert at(cutover, 100).state is AlertState.RAISED


def test_it_is_told_again_once_its_delay_has_doubled(rehearse: Rehearse) -> None:
    """Raised 6 late: doubling counts from a quarter of an hour, so at 30, and then at 60."""
    cutover = rehearse(CHAIN)
    assert at(cutover, 6).version == 1
    cutover.do("alert.acknowledge", 1, by="omar")
    assert due(cutover) == 30
    assert at(cutover, 29).version == 1
    alert = at(cutover, 30)
    assert (alert.version, alert.state, alert.own_delay_s) == (2, AlertState.RAISED, 30 * MINUTE)
    assert alert.acknowledged_at is None
    assert due(cutover) == 60
    assert at(cutover, 60).version == 3


def test_it_is_told_again_once_the_window_breaks(rehearse: Rehearse) -> None:
    """110 of 240: 30 late at 30, 60, 120; beyond the window from 131 on."""
    cutover = rehearse(CHAIN)
    for number in (6, 30, 60, 120):
        at(cutover, number)
    assert at(cutover, 130).severity is Severity.WARNING
    alert = at(cutover, 131)
    assert (alert.version, alert.severity, alert.window_float_s) == (5, Severity.CRITICAL, -60)


def test_it_is_told_again_once_it_hits_a_gate(rehearse: Rehearse) -> None:
    """GO waits for B until 60, and for A and C until 35: A pushes the gate once it is more than 25 late."""
    runbook = document(task("A", 30), task("B", 60), task("C", 5, "A"), gates=[gate("GO", "C", "B")])
    cutover = rehearse(only(runbook, "dependency-slipped"))
    cutover.do("task.start", "B")
    assert at(cutover, 6).severity is Severity.WARNING
    assert at(cutover, 25).version == 1
    alert = at(cutover, 26)
    assert (alert.version, alert.severity) == (2, Severity.WARNING)


def test_a_cause_that_flaps_opens_its_alert_again(rehearse: Rehearse) -> None:
    """Gone at 20 with an ETA, back at 26 when that has passed: the same alert, still acknowledged, told to nobody."""
    cutover = rehearse(CHAIN)
    alert = at(cutover, 10)
    cutover.do("alert.acknowledge", alert.id, by="omar")
    cutover.do("task.start", "A")
    cutover.to(20)
    cutover.do("task.eta", "A", eta=minute(25), reason="few rows")
    assert the_alert(cutover).state is AlertState.CLOSED
    cutover.do("task.eta", "A", eta=minute(45), reason="after all not")
    cutover.to(26)
    alert = the_alert(cutover)
    assert (alert.state, alert.episode, alert.version, alert.closed_at) == (AlertState.ACKNOWLEDGED, 1, 1, None)
    assert actions(cutover) == ["alert.raise", "alert.acknowledge", "alert.close", "alert.reopen"]


def test_one_that_comes_back_later_is_a_new_one(rehearse: Rehearse) -> None:
    cutover = rehearse(CHAIN)
    at(cutover, 10)
    cutover.do("task.start", "A")
    cutover.to(15)
    cutover.do("task.eta", "A", eta=minute(25), reason="few rows")
    assert the_alert(cutover).state is AlertState.CLOSED
    cutover.to(15 + life.DAMPED / timedelta(minutes=1) + 6)
    assert [(alert.episode, alert.state) for alert in cutover.sweep().alerts] == [
        (1, AlertState.CLOSED),
        (2, AlertState.RAISED),
    ]


def test_it_closes_with_the_time_that_it_lasted(rehearse: Rehearse) -> None:
    cutover = rehearse(CHAIN)
    at(cutover, 10)
    cutover.to(25)
    cutover.do("task.skip", "A", reason="not needed")
    cutover.sweep()
    (entry,) = [entry for entry in cutover.entries() if entry.action == "alert.close"]
    assert entry.reason == "A is no longer late, after 15m"
    assert verify(cutover.state_file).sound


def test_limits_are_changed_for_one_run(rehearse: Rehearse) -> None:
    cutover = rehearse(SILENT)
    with pytest.raises(Refused):
        cutover.do("alert.threshold", "owner-silent", by="omar", after_s=60)
    cutover.do("alert.threshold", "owner-silent", after_s=5 * MINUTE, severity=Severity.CRITICAL)
    cutover.do("alert.threshold", "late-start", off=False)
    board = cutover.board()
    changed = limits_on(board, "owner-silent", RULES["owner-silent"].limits)
    assert (changed.after_s, changed.severity, changed.off) == (5 * MINUTE, Severity.CRITICAL, False)
    assert not limits_on(board, "late-start", RULES["late-start"].limits).off
    alert = at(cutover, 5)
    assert alert.severity is Severity.CRITICAL
    assert len({setting.key for setting in board.rows(AlertSetting).values()}) == len(board.rows(AlertSetting))


@pytest.mark.parametrize(
    ("rule", "limits", "fault"),
    [
        ("late", {"after_s": 60}, "there is no alert rule late"),
        ("late-start", {}, "nothing is to be changed"),
        ("late-start", {"before_s": 60}, "the alert rule late-start knows no before, only after"),
        ("trigger-reached", {"percent": 3}, "the alert rule trigger-reached knows no percent"),
    ],
)
def test_limits_that_a_rule_does_not_know_are_refused(
    rule: str, limits: dict[str, int], fault: str, rehearse: Rehearse
) -> None:
    cutover = rehearse(CHAIN)
    with pytest.raises(BadInput, match=fault):
        alert_answers.set_limits(cutover.state_file, caller("lena"), rule, **limits)  # type: ignore[arg-type]


def test_a_rule_that_nobody_counts_for_is_left_alone(rehearse: Rehearse) -> None:
    from decimal import Decimal

    cutover = rehearse(only(document(task("A", 30)), "confidence-low"))
    alerts.sweep(cutover.state_file, count=lambda *_: Decimal(50))
    assert cutover.board().open_alerts[0].rule == "confidence-low"
    assert cutover.sweep().open_alerts, "who has not counted does not close it"
    assert alerts.sweep(cutover.state_file, count=lambda *_: Decimal(95)).open_alerts == ()


def test_what_comes_in_place_of_its_cause_is_said_quietly(rehearse: Rehearse) -> None:
    """A is begun late: that it could be begun is over, that it is late stays; nobody is told again."""
    cutover = rehearse(only(document(task("A", 30), ends_with="A"), "you-are-next", "dependency-slipped"))
    assert at(cutover, 6).rule == "dependency-slipped"
    cutover.do("alert.threshold", "dependency-slipped", off=True)
    alert = the_alert(cutover)
    assert (alert.rule, alert.version, alert.state) == ("you-are-next", 1, AlertState.RAISED)
    assert alert.message.startswith("A Title of A: ready since")
    assert actions(cutover) == ["alert.raise", "alert.threshold", "alert.turn"]
    assert the_alert(cutover).message == alert.message
    assert len(actions(cutover)) == 3
