"""A dependency that slips: whose fault, how much, whom it pushes, how bad, and from when on. Numbers are minutes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests import cutover as plain
from tests.alerting import due, found, only, step
from tests.cutover import MINUTE, Cutover, gate, minute, task
from warroom.runbook.document import RunbookDocument
from warroom.vocabulary.words import Severity

Rehearse = Callable[[RunbookDocument], Cutover]
SLIP = "dependency-slipped"


def document(*tasks: Any, **more: Any) -> RunbookDocument:
    """A runbook in which only this rule speaks."""
    return only(plain.document(*tasks, **more), SLIP)


CHAIN = document(task("A", 30), task("B", 60, "A"), task("C", 20, "B"), ends_with="C")


def test_a_task_that_is_not_started_counts_when_it_no_longer_fits_by_more_than_what_is_forgiven(
    rehearse: Rehearse,
) -> None:
    """A takes 30 and could begin at 0: at 6 it is foreseen to be 6 late."""
    cutover = rehearse(CHAIN)
    assert due(cutover) == 6
    assert step(cutover, 50) == {0: set(), 6: {"A"}}


def test_a_short_task_counts_once_its_window_is_over(rehearse: Rehearse) -> None:
    cutover = rehearse(document(task("A", 3), task("B", 10, "A")))
    assert due(cutover) == 4
    assert step(cutover, 20) == {0: set(), 4: {"A"}}


def test_a_running_task_counts_once_its_window_is_over(rehearse: Rehearse) -> None:
    cutover = rehearse(CHAIN)
    cutover.to(3)
    cutover.do("task.start", "A")
    assert due(cutover) == 31
    assert step(cutover, 50) == {3: set(), 31: {"A"}}


def test_what_was_started_late_is_foreseen_to_finish_late(rehearse: Rehearse) -> None:
    cutover = rehearse(CHAIN)
    cutover.to(7)
    cutover.do("task.start", "A")
    assert found(cutover)["A"].own_delay_s == 7 * MINUTE
    assert step(cutover, 50) == {7: {"A"}}


@pytest.mark.parametrize(("eta", "first"), [(35, 31), (36, 10)])
def test_an_eta_counts_at_once_if_it_is_late_enough(eta: int, first: int, rehearse: Rehearse) -> None:
    cutover = rehearse(CHAIN)
    cutover.do("task.start", "A")
    cutover.to(10)
    cutover.do("task.eta", "A", eta=minute(eta), reason="slow")
    changes = step(cutover, 60)
    assert min(number for number, subjects in changes.items() if subjects) == first


def test_a_blocked_task_counts_when_what_it_has_left_no_longer_fits(rehearse: Rehearse) -> None:
    """Blocked at 10 with 20 left: from 16 on it is foreseen to be more than 5 late."""
    cutover = rehearse(CHAIN)
    cutover.do("task.start", "A")
    cutover.to(10)
    cutover.do("task.block", "A", reason="no access")
    assert due(cutover) == 16
    assert step(cutover, 40) == {10: set(), 16: {"A"}}


def test_a_failed_task_counts_with_its_whole_duration(rehearse: Rehearse) -> None:
    cutover = rehearse(CHAIN)
    cutover.do("task.start", "A")
    cutover.to(2)
    cutover.do("task.fail", "A", reason="broken")
    assert due(cutover) == 6
    assert step(cutover, 40) == {2: set(), 6: {"A"}}


def test_only_the_cause_is_found(rehearse: Rehearse) -> None:
    """One finding per cause, with everything that it pushes under it; what waits is nobody's fault of its own."""
    cutover = rehearse(CHAIN)
    cutover.to(45)
    only = found(cutover)
    assert set(only) == {"A"}
    assert [(push.ref, push.moves_s, push.owner) for push in only["A"].pushes] == [
        ("B", 45 * MINUTE, "omar"),
        ("C", 45 * MINUTE, "omar"),
    ]


def test_a_task_that_waits_behind_a_lead_is_not_the_cause(rehearse: Rehearse) -> None:
    """B might begin 20 before A ends; that A overruns is A's doing alone."""
    cutover = rehearse(document(task("A", 30), task("B", 10, "A-20"), task("C", 10, "B")))
    cutover.do("task.start", "A")
    assert step(cutover, 60) == {0: set(), 31: {"A"}}


def test_two_causes_are_two_findings(rehearse: Rehearse) -> None:
    """A ends 10 late; then B, which could begin at 40, does not."""
    cutover = rehearse(CHAIN)
    cutover.do("task.start", "A")
    cutover.to(40)
    assert set(found(cutover)) == {"A"}
    cutover.do("task.done", "A")
    assert set(found(cutover)) == set()
    assert due(cutover) == 46
    assert step(cutover, 60) == {40: set(), 46: {"B"}}
    late = found(cutover)["B"]
    assert (late.own_delay_s, late.due_at) == (20 * MINUTE, minute(46))
    assert "20m late by itself (30m in all)" in late.message


def test_nobody_cares_for_what_nobody_waits_for(rehearse: Rehearse) -> None:
    """The follow-up after the end of the window; and a task whose only successor was skipped."""
    runbook = document(task("A", 30), task("END", 10, "A"), task("LATER", 10, "END"), task("SIDE", 5), ends_with="END")
    cutover = rehearse(runbook)
    cutover.finish("A")
    cutover.finish("END")
    assert step(cutover, 120) == {0: set()}
    assert due(cutover) is None


def test_the_task_that_ends_the_window_counts_though_nobody_waits_for_it(rehearse: Rehearse) -> None:
    cutover = rehearse(document(task("A", 30), task("END", 10, "A"), ends_with="END"))
    cutover.finish("A")
    assert step(cutover, 60) == {0: set(), 36: {"END"}}


def test_without_a_named_end_whatever_nobody_waits_for_may_end_it(rehearse: Rehearse) -> None:
    cutover = rehearse(document(task("A", 30)))
    assert step(cutover, 60) == {0: set(), 6: {"A"}}


def test_what_is_finished_or_skipped_is_found_no_more(rehearse: Rehearse) -> None:
    cutover = rehearse(CHAIN)
    cutover.to(20)
    cutover.do("task.skip", "A", reason="not needed")
    assert found(cutover) == {}
    cutover.to(36)
    assert set(found(cutover)) == {"B"}
    cutover.do("task.start", "B")
    cutover.do("task.done", "B")
    assert found(cutover) == {}


def test_after_everything_is_done_time_alone_changes_nothing(rehearse: Rehearse) -> None:
    cutover = rehearse(CHAIN)
    for ref in "ABC":
        cutover.finish(ref)
    assert due(cutover) is None
    cutover.to(500)
    assert (found(cutover), due(cutover)) == ({}, None)


@pytest.mark.parametrize(
    ("runbook", "late", "severity"),
    [
        (CHAIN, 30, Severity.WARNING),
        (CHAIN, 131, Severity.CRITICAL),
        (document(task("A", 30), gates=[gate("GO", "A")]), 30, Severity.WARNING),
        (document(task("A", 30), gates=[gate("GO", "A", due_s=74 * MINUTE)]), 30, Severity.CRITICAL),
        (document(task("A", 30), task("B", 10, "A", not_before_s=200 * MINUTE)), 30, Severity.NOTICE),
        (document(task("A", 30), task("B", 10, "A+10")), 30, Severity.WARNING),
    ],
    ids=[
        "pushes",
        "beyond the window",
        "pushes a gate",
        "pushes a gate past its time",
        "pushes nobody",
        "pushes through a lag",
    ],
)
def test_how_bad_it_is(runbook: RunbookDocument, late: int, severity: Severity, rehearse: Rehearse) -> None:
    cutover = rehearse(runbook)
    cutover.to(late)
    assert found(cutover)["A"].severity is severity


def test_a_finding_says_it_all(rehearse: Rehearse) -> None:
    """Times are shown in the programme's zone, an hour ahead of UTC."""
    cutover = rehearse(
        document(task("A", 30), task("B", 10, "A", owner="bea"), task("C", 5, "GO"), gates=[gate("GO", "B")])
    )
    cutover.to(20)
    finding = found(cutover)["A"]
    assert finding.message == (
        "A Title of A: 20m late, planned 19:30, now expected 19:50; pushes 3 tasks, first gate GO by 20m; "
        "window float 2h40"
    )
    assert (finding.rule, finding.due_at, finding.window_float_s) == (SLIP, minute(6), 160 * MINUTE)
    assert [(push.ref, push.owner) for push in finding.pushes] == [("B", "bea"), ("GO", "lena"), ("C", "omar")]
    cutover.to(200)
    assert found(cutover)["A"].message.endswith("; beyond the window by 20m")


def test_a_minute_is_only_a_notice(rehearse: Rehearse) -> None:
    """A, begun in time, is over its window at 31, and by more than five minutes at 36."""
    cutover = rehearse(CHAIN)
    cutover.do("task.start", "A")
    cutover.to(31)
    assert (found(cutover)["A"].severity, due(cutover)) == (Severity.NOTICE, 36)
    cutover.to(36)
    assert found(cutover)["A"].severity is Severity.WARNING
