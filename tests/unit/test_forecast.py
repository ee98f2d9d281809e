"""The forecast of a Board, worked by hand for small plans (DESIGN section 4). All numbers are minutes.

The engine's own cases are in test_schedule_forecast.py; here it is what actions write and how that is read.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from tests.cutover import MINUTE, START, Cutover, document, gate, minute, task
from warroom.board.forecast import forecast
from warroom.board.from_runbook import bare_board
from warroom.board.networks import expected_finish
from warroom.runbook.document import Rollback, RunbookDocument
from warroom.vocabulary.words import Runs, Verdict, VoteChoice

Rehearse = Callable[[RunbookDocument], Cutover]
CHAIN = document(task("A", 30), task("B", 60, "A"), task("C", 20, "B"), ends_with="C")


def times(cutover: Cutover, *refs: str) -> list[tuple[float, float]]:
    expected = cutover.forecast()
    return [
        (timing.start / MINUTE, timing.finish / MINUTE) for timing in (expected.of(cutover.task(ref)) for ref in refs)
    ]


def delay(cutover: Cutover, ref: str) -> tuple[float, float]:
    """Own and inherited."""
    found = cutover.forecast().delay(cutover.task(ref))
    return found.own / MINUTE, found.inherited / MINUTE


def guess(cutover: Cutover, *refs: str) -> list[bool]:
    expected = cutover.forecast()
    return [expected.of(cutover.task(ref)).guess for ref in refs]


def window(cutover: Cutover) -> float:
    return cutover.forecast().window_float / MINUTE


def test_nothing_begun_starts_now(rehearse: Rehearse) -> None:
    cutover = rehearse(CHAIN)
    assert times(cutover, "A", "B", "C") == [(0, 30), (30, 90), (90, 110)]
    assert window(cutover) == 240 - 110
    cutover.to(25)
    assert times(cutover, "A", "B", "C") == [(25, 55), (55, 115), (115, 135)]
    assert [delay(cutover, ref) for ref in "ABC"] == [(25, 0), (0, 25), (0, 25)]
    assert cutover.forecast().planned_finish / MINUTE == 110
    assert window(cutover) == 240 - 135


def test_the_data_date_is_the_minute_and_actuals_inside_it_stand(rehearse: Rehearse) -> None:
    cutover = rehearse(CHAIN)
    cutover.clock.move_to(minute(10) + timedelta(seconds=59, microseconds=999_999))
    expected = cutover.forecast()
    assert (expected.at, expected.now / MINUTE) == (minute(10), 10)
    cutover.do("task.start", "A")
    cutover.do("task.done", "A")
    expected = cutover.forecast()
    timing = expected.of(cutover.task("A"))
    assert (timing.start, timing.finish) == (659, 659)
    assert expected.of(cutover.task("B")).start == 659


def test_own_and_inherited_delay(rehearse: Rehearse) -> None:
    """A ends 10 late of its own; B adds 15; C is only pushed."""
    cutover = rehearse(CHAIN)
    cutover.do("task.start", "A")
    cutover.to(40)
    cutover.do("task.done", "A")
    assert [delay(cutover, ref) for ref in "ABC"] == [(10, 0), (0, 10), (0, 10)]
    cutover.to(55)
    assert [delay(cutover, ref) for ref in "ABC"] == [(10, 0), (15, 10), (0, 25)]
    cutover.do("task.start", "B")
    assert times(cutover, "B", "C") == [(55, 115), (115, 135)]
    causes = [ref for ref in "ABC" if cutover.forecast().delay(cutover.task(ref)).cause]
    assert causes == ["A", "B"]


def test_time_won_back_is_delay_below_zero(rehearse: Rehearse) -> None:
    cutover = rehearse(CHAIN)
    cutover.do("task.start", "A")
    cutover.to(10)
    cutover.do("task.done", "A")
    assert times(cutover, "B", "C") == [(10, 70), (70, 90)]
    assert [delay(cutover, ref) for ref in "ABC"] == [(-20, 0), (-20, 0), (-20, 0)]
    assert window(cutover) == 240 - 90


def test_a_running_task_past_its_duration_is_a_guess(rehearse: Rehearse) -> None:
    cutover = rehearse(CHAIN)
    cutover.do("task.start", "A")
    cutover.to(30)
    assert (times(cutover, "A"), guess(cutover, "A", "B")) == ([(0, 30)], [False, False])
    cutover.to(31)
    assert (times(cutover, "A", "B"), guess(cutover, "A", "B", "C")) == ([(0, 31), (31, 91)], [True, True, True])


def test_an_eta_is_believed_until_it_has_passed(rehearse: Rehearse) -> None:
    cutover = rehearse(CHAIN)
    cutover.do("task.start", "A")
    cutover.to(35)
    cutover.do("task.eta", "A", eta=minute(50), reason="many rows")
    assert (times(cutover, "A", "B"), guess(cutover, "A", "B")) == ([(0, 50), (50, 110)], [False, False])
    assert delay(cutover, "A") == (20, 0)
    cutover.to(51)
    assert (times(cutover, "A"), guess(cutover, "A")) == ([(0, 51)], [True])


def test_an_eta_may_be_earlier_than_planned(rehearse: Rehearse) -> None:
    cutover = rehearse(CHAIN)
    cutover.do("task.start", "A")
    cutover.to(5)
    cutover.do("task.eta", "A", eta=minute(12), reason="few rows")
    assert times(cutover, "A", "B") == [(0, 12), (12, 72)]


def test_a_blocked_task_resumes_now_and_needs_what_it_had_left(rehearse: Rehearse) -> None:
    """A stops after 10 of 30 minutes. Every minute that passes moves it, until somebody says an ETA."""
    cutover = rehearse(CHAIN)
    cutover.do("task.start", "A")
    cutover.to(10)
    cutover.do("task.block", "A", reason="no access")
    assert times(cutover, "A") == [(0, 30)]
    cutover.to(40)
    assert (times(cutover, "A", "B"), guess(cutover, "A", "B")) == ([(0, 60), (60, 120)], [True, True])
    cutover.do("task.eta", "A", eta=minute(75), reason="the bank says so")
    assert (times(cutover, "A", "B"), guess(cutover, "A", "B")) == ([(0, 75), (75, 135)], [False, False])
    cutover.to(76)
    assert (times(cutover, "A"), guess(cutover, "A")) == ([(0, 76)], [True])


def test_a_task_blocked_before_its_start_needs_all_of_it(rehearse: Rehearse) -> None:
    cutover = rehearse(CHAIN)
    cutover.do("task.block", "A", reason="no access")
    cutover.to(20)
    assert (times(cutover, "A"), guess(cutover, "A")) == ([(20, 50)], [True])
    assert delay(cutover, "A") == (20, 0)


def test_counted_progress_implies_an_eta(rehearse: Rehearse) -> None:
    """A quarter in 15 minutes: 60 in all. Whichever was said last, that or the owner's ETA, counts."""
    cutover = rehearse(CHAIN)
    cutover.do("task.start", "A")
    cutover.to(15)
    cutover.do("task.progress", "A", done=100, total=400)
    assert (times(cutover, "A"), guess(cutover, "A")) == ([(0, 60)], [False])
    cutover.to(16)
    cutover.do("task.eta", "A", eta=minute(40), reason="the rest is small")
    assert times(cutover, "A") == [(0, 40)]
    cutover.to(20)
    cutover.do("task.progress", "A", done=200, total=400)
    assert times(cutover, "A") == [(0, 40)]
    cutover.do("task.progress", "A", done=400, total=400)
    assert times(cutover, "A") == [(0, 20)]
    cutover.do("task.progress", "A", done=0, total=400)
    assert expected_finish(cutover.task("A")) == minute(40)


def test_progress_counted_at_the_very_start_implies_nothing(rehearse: Rehearse) -> None:
    cutover = rehearse(CHAIN)
    cutover.do("task.start", "A")
    cutover.do("task.progress", "A", done=1, total=400)
    assert expected_finish(cutover.task("A")) is None
    assert times(cutover, "A") == [(0, 30)]


def test_progress_made_before_a_block_implies_nothing_while_it_lasts(rehearse: Rehearse) -> None:
    cutover = rehearse(CHAIN)
    cutover.do("task.start", "A")
    cutover.to(15)
    cutover.do("task.progress", "A", done=100, total=400)
    cutover.do("task.block", "A", reason="no access")
    cutover.to(40)
    assert (times(cutover, "A"), guess(cutover, "A")) == ([(0, 55)], [True])
    cutover.do("task.unblock", "A")
    assert times(cutover, "A") == [(0, 60)]


def test_what_waits_to_be_verified_is_not_finished(rehearse: Rehearse) -> None:
    cutover = rehearse(document(task("A", 30, verifier="vera"), task("B", 60, "A")))
    cutover.do("task.start", "A")
    cutover.to(10)
    cutover.do("task.done", "A")
    assert times(cutover, "A", "B") == [(0, 30), (30, 90)]
    cutover.to(45)
    assert (times(cutover, "A", "B"), guess(cutover, "A")) == ([(0, 45), (45, 105)], [True])
    cutover.do("task.verify", "A", by="vera", at=minute(42))
    assert times(cutover, "A", "B") == [(0, 42), (45, 105)]


def test_skipped_releases_and_failed_holds(rehearse: Rehearse) -> None:
    cutover = rehearse(document(task("A", 30), task("B", 10, "A+15"), task("C", 30), task("D", 10, "C")))
    cutover.do("task.start", "C")
    cutover.to(5)
    cutover.do("task.skip", "A", reason="not needed")
    cutover.do("task.fail", "C", reason="broken")
    assert times(cutover, "A", "B") == [(5, 5), (5, 15)]
    assert (times(cutover, "C", "D"), guess(cutover, "C", "D")) == ([(5, 35), (35, 45)], [True, True])
    cutover.to(20)
    assert times(cutover, "B", "C", "D") == [(20, 30), (20, 50), (50, 60)]


def test_lags_and_not_before(rehearse: Rehearse) -> None:
    cutover = rehearse(
        document(
            task("A", 30), task("B", 10, "A+20"), task("C", 10, "A-5"), task("D", 10, "A", not_before_s=100 * MINUTE)
        )
    )
    assert times(cutover, "B", "C", "D") == [(50, 60), (25, 35), (100, 110)]
    cutover.to(20)
    assert times(cutover, "B", "C", "D") == [(70, 80), (45, 55), (100, 110)]
    assert delay(cutover, "D") == (0, 0)


def test_an_undecided_gate_takes_its_time_from_when_it_can_be_decided(rehearse: Rehearse) -> None:
    cutover = rehearse(document(task("A", 30), task("B", 10, "GO"), gates=[gate("GO", "A", duration_s=20 * MINUTE)]))
    assert times(cutover, "GO", "B") == [(30, 50), (50, 60)]
    cutover.finish("A")
    cutover.to(45)
    assert times(cutover, "GO", "B") == [(45, 65), (65, 75)]
    for handle in ("lena", "gil"):
        cutover.do("gate.vote", "GO", by=handle, choice=VoteChoice.GO)
    cutover.do("gate.decide", "GO", verdict=Verdict.NO_GO, reason="totals differ")
    assert guess(cutover, "GO", "B") == [True, True]
    cutover.to(47)
    cutover.do("gate.decide", "GO", verdict=Verdict.GO, reason="totals agree")
    assert (times(cutover, "GO", "B"), guess(cutover, "B")) == ([(45, 47), (47, 57)], [False])


def test_only_what_ends_the_window_counts_against_it(rehearse: Rehearse) -> None:
    tasks = (task("A", 30), task("B", 60, "A"), task("LATER", 500, "B"))
    named, last = document(*tasks, ends_with="B"), document(*tasks)
    cutover = rehearse(named)
    assert window(cutover) == 240 - 90
    cutover.to(160)
    assert window(cutover) == 240 - 250
    bare = forecast(bare_board(last), START)
    assert bare.window_float / MINUTE == 240 - 590
    timing = bare.planned(bare_board(named).tasks[0])
    assert timing.total_float == 0


def test_late_dates_of_a_plan_count_from_its_own_finish_or_from_the_window() -> None:
    board = bare_board(CHAIN)
    own, from_window = forecast(board, START), forecast(board, START, from_window=True)
    assert [own.planned(row).total_float for row in board.tasks] == [0, 0, 0]
    assert [from_window.planned(row).total_float for row in board.tasks] == [130 * MINUTE] * 3


def test_rehearsal_only_and_live_only_tasks() -> None:
    """A plan that no run has copied yet is shown as the live run will be."""
    board = bare_board(
        document(task("A", 30), task("TRY", 100, "A", runs=Runs.REHEARSAL), task("REAL", 50, "A", runs=Runs.LIVE))
    )
    expected = forecast(board, START)
    assert (expected.finish / MINUTE, "TRY" in expected.delays, "REAL" in expected.delays) == (80, False, True)


# --- the latest safe back-out decision -------------------------------------------------------------------------------

BACKOUT = Rollback(
    point_of_no_return="C",
    tasks=(
        task("U1", 20, backout=True),
        task("U2", 40, "U1", backout=True, undoes=("A", "B")),
        task("U3", 25, "U2+5", backout=True, undoes=("B",)),
    ),
)


def decide_by(cutover: Cutover) -> float | None:
    found = cutover.forecast().decide_backout_by
    return None if found is None else found / MINUTE


def test_the_latest_backout_decision_moves_with_what_must_be_undone(rehearse: Rehearse) -> None:
    """restore_by 240 - buffer 15 - what must be undone."""
    plan = document(task("A", 30), task("B", 60, "A"), task("C", 20, "B"), ends_with="C", rollback=BACKOUT)
    planned = forecast(bare_board(plan), START)
    assert (planned.decide_backout_by, planned.backout_duration) == ((240 - 15 - 90) * MINUTE, 90 * MINUTE)
    cutover = rehearse(plan)
    assert decide_by(cutover) == 240 - 15 - 20
    cutover.do("task.start", "A")
    assert decide_by(cutover) == 240 - 15 - 20 - 40 - 5
    cutover.do("task.done", "A")
    cutover.do("task.start", "B")
    assert decide_by(cutover) == 240 - 15 - 90
    assert cutover.forecast().backout_duration == 90 * MINUTE
    cutover.do("task.done", "B")
    assert decide_by(cutover) == 240 - 15 - 90
    cutover.do("task.start", "C")
    assert (decide_by(cutover), cutover.forecast().backout_duration) == (None, None)


def test_it_counts_from_when_business_must_be_back(rehearse: Rehearse) -> None:
    plan = document(task("A", 30), rollback=Rollback(tasks=(task("U1", 20, backout=True),)), buffer=30)
    plan = replace(plan, window=replace(plan.window, restore_by=minute(300)))
    assert decide_by(rehearse(plan)) == 300 - 30 - 20


def test_without_a_backout_there_is_no_such_moment(rehearse: Rehearse) -> None:
    assert decide_by(rehearse(CHAIN)) is None


def test_a_skipped_task_need_not_be_undone(rehearse: Rehearse) -> None:
    plan = document(task("A", 30), task("B", 60), task("C", 20, "B"), rollback=BACKOUT)
    cutover = rehearse(plan)
    before = decide_by(cutover)
    cutover.do("task.skip", "A", reason="no")
    assert decide_by(cutover) == before
