"""The figures of the console's header, counted by hand."""

from __future__ import annotations

from tests.cutover import Cutover, minute
from warroom.board.figures import figures, is_late
from warroom.vocabulary.words import ShownState, Verdict, VoteChoice


def test_before_the_first_run_they_are_those_of_the_plan(planned: Cutover) -> None:
    sums = figures(planned.board(), planned.forecast())
    assert (sums.total, sums.done, sums.late, sums.causes, sums.open_alerts) == (7, 0, (), (), 0)
    assert (sums.planned_finish, sums.forecast_finish, sums.window_float_s) == (minute(135), minute(135), 105 * 60)


def test_they_sum_up_a_run(cutover: Cutover) -> None:
    cutover.finish("A")
    cutover.to(50)
    cutover.do("task.start", "B", by="omar")
    cutover.do("task.skip", "TRY", reason="no")
    cutover.sweep()
    sums = figures(cutover.board(), cutover.forecast())

    assert (sums.total, sums.done, sum(sums.states.values())) == (7, 2, 7)
    assert (sums.states[ShownState.RUNNING], sums.states[ShownState.READY]) == (1, 1)
    assert sums.states[ShownState.WAITING] == 3
    # A was 30 minutes early; B began 20 late, C was free at 40 minus those 30 and could have begun at 40.
    assert [row.ref for row in sums.late] == ["B", "C", "END", "AFTER", "GO"]
    assert [row.ref for row in sums.causes] == ["B", "C"]
    assert sorted(alert.subject for alert in cutover.board().open_alerts) == ["B", "C", "back-out"]
    assert sums.open_alerts == 3
    assert (sums.planned_finish, sums.forecast_finish) == (minute(135), minute(155))
    assert sums.window_float_s == (240 - 155) * 60
    assert sums.next_gate is not None
    assert (sums.next_gate[0].ref, sums.next_gate[1]) == ("GO", minute(125))
    assert sums.latest_backout_decision == minute(240 - 60 - 15)


def test_a_decided_gate_is_not_the_next_one(cutover: Cutover) -> None:
    for ref in ("A", "B", "C"):
        cutover.finish(ref)
    for handle in ("lena", "gil"):
        cutover.do("gate.vote", "GO", by=handle, choice=VoteChoice.GO)
    cutover.do("gate.decide", "GO", verdict=Verdict.NO_GO, reason="totals differ")
    held = figures(cutover.board(), cutover.forecast())
    assert held.next_gate is not None
    assert held.states[ShownState.FAILED] == 1
    cutover.do("gate.decide", "GO", verdict=Verdict.GO, reason="totals agree")
    assert figures(cutover.board(), cutover.forecast()).next_gate is None


def test_what_is_done_is_not_late(cutover: Cutover) -> None:
    cutover.to(60)
    assert is_late(cutover.task("A"), cutover.forecast())
    cutover.finish("A")
    assert not is_late(cutover.task("A"), cutover.forecast())
