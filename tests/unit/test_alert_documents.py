"""The alert rules as commands, runbooks and the README tell them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.commands import Commands
from tests.cutover import Cutover, document, minute, rehearsing, task
from warroom.board.from_runbook import bare_board
from warroom.rules.alerting.documents import effect_document, raised_window, rules_table
from warroom.rules.alerting.life import escalation
from warroom.rules.alerting.limits import limits_on
from warroom.rules.alerting.registry import RULES
from warroom.runbook.document import RunbookDocument
from warroom.runbook.reader import read_text
from warroom.vocabulary.errors import BadRunbook
from warroom.vocabulary.words import EscalatesTo, Severity

Rehearse = Callable[[RunbookDocument], Cutover]
README = Path(__file__).parents[2] / "README.md"
RUNBOOK = """
warroom: 1
programme: {key: a, name: A, timezone: Europe/Berlin}
window: {start: 2026-11-27T19:00, end: T+4h}
people: [{handle: ana, name: Ana}]
tasks: [{ref: A, title: A, owner: ana, duration: 1h}]
alerts:
  rules:
    late-start: {after: 30m, severity: critical}
    heads-up: {off: false, before: 20m}
    overrun: {percent: 50, off: true}
  escalate: [{to: backup, after: 10m}, {to: lead, after: 30m}]
"""


def test_the_readme_shows_the_rules_as_they_are() -> None:
    assert rules_table() in README.read_text(encoding="utf-8")


def test_a_runbook_says_when_rules_speak() -> None:
    board = bare_board(read_text(RUNBOOK, "a.yaml"))
    late, heads_up, overrun = (
        limits_on(board, name, RULES[name].limits) for name in ("late-start", "heads-up", "overrun")
    )
    assert (late.after_s, late.severity, late.off) == (1800, Severity.CRITICAL, False)
    assert (heads_up.before_s, heads_up.off) == (1200, False)
    assert (overrun.after_s, overrun.percent, overrun.off) == (900, 50, True)
    assert escalation(board) == ((EscalatesTo.BACKUP, 600), (EscalatesTo.LEAD, 1800))


def test_steps_of_the_escalation_come_one_after_the_other() -> None:
    with pytest.raises(BadRunbook, match="later than the one above"):
        read_text(RUNBOOK.replace("{to: lead, after: 30m}", "{to: lead, after: 10m}"), "a.yaml")


def test_what_it_pushed_stays_and_what_it_pushes_now_moves_on(rehearse: Rehearse) -> None:
    cutover = rehearse(document(task("A", 30), task("B", 60, "A"), ends_with="B"))
    cutover.to(12)
    (alert,) = [one for one in cutover.sweep().alerts if one.subject == "A"]
    cutover.to(22)
    board, forecast = cutover.board(), cutover.forecast()
    now = effect_document(board, forecast, alert)
    assert now["pushes"] == [{"ref": "B", "moves_s": 22 * 60, "owner": "omar"}]
    assert (now["window_float_before_s"], now["window_float_s"]) == (150 * 60, 128 * 60)
    assert raised_window(board, alert) == {"window_float_before_s": 150 * 60, "window_float_s": 138 * 60}


def test_commands_answer_alerts_and_change_rules(rehearsal: Commands) -> None:
    rehearsal.path.unlink()
    with rehearsing(rehearsal.path) as cutover:
        cutover.to(20)
        cutover.sweep()
        rehearsal.to(20)
        (number,) = [str(one["id"]) for one in rehearsal.json("alert", "list", "--open") if one["subject"] == "A"]
        assert [one["subject"] for one in rehearsal.json("alert", "list", "--mine", "--as", "bea")] == ["A"]
        assert "waits until" in rehearsal.good("alert", "snooze", number, "30m", "--as", "omar").err
        rehearsal.good("alert", "ack", number, "--for", "bea", "--by", "phone", "--as", "lena")
        shown = rehearsal.json("alert", "show", number)
        assert (shown["state"], shown["acknowledged_by"], shown["acknowledged_how"]) == ("acknowledged", "bea", "phone")
        assert "acknowledged by bea at" in rehearsal.good("alert", "show", number).out
        assert rehearsal("alert", "ack", number).code == 1
        assert rehearsal("alert", "snooze", number, "yesterdayish").code == 2
        rules = {rule["rule"]: rule for rule in rehearsal.json("alert", "rules")}
        assert list(rules) == list(RULES)
        assert not rules["late-start"]["changed"]
        rehearsal.good("alert", "rules", "--set", "late-start", "after=45m", "--set", "heads-up", "off=false")
        rules = {rule["rule"]: rule for rule in rehearsal.json("alert", "rules")}
        assert (rules["late-start"]["after_s"], rules["heads-up"]["off"]) == (2700, False)
        assert "late-start*" in rehearsal.good("alert", "rules").out
        assert rehearsal("alert", "rules", "--set", "late-start", "after").code == 2
        assert rehearsal("alert", "rules", "--set", "late-start", "after=45m", "--as", "omar").code == 1
        assert cutover.board().alerts[0].acknowledged_at == minute(20)
