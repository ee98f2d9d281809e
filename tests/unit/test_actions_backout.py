"""Backing out: who may, when it is refused, what it wakes and what it holds, its forecast, and how it ends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from tests.cutover import MINUTE, Cutover, document, everything, gate, minute, small_document, task
from warroom.board.load import load_history
from warroom.runbook.document import (
    AssuranceAsked,
    Condition,
    PlannedRecovery,
    PlannedTrigger,
    Rollback,
    RunbookDocument,
)
from warroom.store.verify import verify
from warroom.vocabulary.errors import BadInput, Refused
from warroom.vocabulary.words import (
    Assurance,
    Automatic,
    BackoutStage,
    GateStage,
    LinkType,
    Medium,
    ShownState,
    TaskState,
    Verdict,
    VoteChoice,
)

Rehearse = Callable[[RunbookDocument], Cutover]


def runbook(assurance: AssuranceAsked | None = None) -> RunbookDocument:
    """A > B > GO > END > AFTER. The back-out is U1 (10, A) > U2 (30, B) > U3 (20), by 240 with a buffer of 15. U2 can
    take 90."""
    rollback = Rollback(
        point_of_no_return="END",
        authority=("gil",),
        time_box_s=600 * MINUTE,
        triggers=(
            _trigger("Totals differ", threshold="more than 100 EUR", decider_before="bea", decider_after="vera"),
            _trigger("Orders stand still", clock_s=60 * MINUTE),
            _trigger("Late", automatic=Automatic.WINDOW),
        ),
        recovery=(
            PlannedRecovery("by-hand", "By hand", "Enter it again.", "vera"),
            PlannedRecovery("forward", "Fix forward", "Correct it.", "gil"),
        ),
        tasks=(
            task("U1", 10, backout=True, undoes=("A",)),
            task("U2", 30, "U1+5", backout=True, undoes=("B",), duration_low_s=600, duration_high_s=90 * MINUTE),
            task("U3", 20, "U2+7", backout=True, verifier="vera"),
        ),
    )
    plain = document(
        task("A", 30),
        task("B", 60, "A"),
        task("END", 30, "GO"),
        task("AFTER", 10, "END"),
        gates=[gate("GO", "B", owner="lena", stage=GateStage.GO_LIVE)],
        rollback=rollback,
        ends_with="END",
    )
    return plain if assurance is None else replace(plain, assurance=assurance)


def _trigger(text: str, *, automatic: Automatic | None = None, **more: Any) -> PlannedTrigger:
    if automatic is not None:
        more["condition"] = Condition(automatic=automatic)
    return PlannedTrigger(text, **more)


@pytest.fixture
def cutover(rehearse: Rehearse) -> Cutover:
    return rehearse(runbook())


def invoke(cutover: Cutover, by: str = "gil", **more: Any) -> None:
    cutover.do("rollback.invoke", by=by, reason="stock is lost", **more)


def past_no_return(cutover: Cutover) -> None:
    for ref in ("A", "B"):
        cutover.finish(ref)
    for by in ("lena", "gil"):
        cutover.do("gate.vote", "GO", by=by, choice=VoteChoice.GO)
    cutover.do("gate.decide", "GO", verdict=Verdict.GO, reason="agreed")
    cutover.do("task.start", "END")


def done(cutover: Cutover) -> float:
    forecast = cutover.forecast()
    assert forecast.backing_out is not None
    return forecast.backing_out.finish / MINUTE


def test_only_the_authority_backs_out(cutover: Cutover) -> None:
    head = cutover.head()
    for by in ("lena", "omar", "sam"):
        with pytest.raises(Refused, match="only the authority that the runbook names may do that: gil"):
            invoke(cutover, by)
    assert cutover.head() == head


def test_without_a_named_authority_the_lead_decides(rehearse: Rehearse) -> None:
    plain = runbook()
    cutover = rehearse(replace(plain, rollback=replace(plain.rollback, authority=())))
    with pytest.raises(Refused):
        invoke(cutover, "gil")
    invoke(cutover, "lena")


def test_the_lead_records_it_with_a_witness_where_the_runbook_accepts_that(rehearse: Rehearse) -> None:
    cutover = rehearse(runbook(AssuranceAsked(sign=Assurance.PROXY)))
    with pytest.raises(Refused, match="needs a witness"):
        invoke(cutover, "lena", done_by="gil", medium=Medium.VOICE)
    for nobody in ("gil", "lena"):
        with pytest.raises(Refused, match="neither the one who decides nor the one who records"):
            invoke(cutover, "lena", done_by="gil", witness=nobody)
    with pytest.raises(BadInput, match="needs no witness"):
        invoke(cutover, "gil", witness="vera")
    invoke(cutover, "lena", done_by="gil", medium=Medium.VOICE, witness="vera")
    board = cutover.board()
    assert board.invocation is not None
    assert [board.handle(key) for key in (board.invocation.person_id, board.invocation.witness_id)] == ["gil", "vera"]
    assert cutover.entries()[-1].actor == "lena"


def test_by_default_nobody_decides_for_the_authority(cutover: Cutover) -> None:
    with pytest.raises(Refused, match="nobody decides for somebody else"):
        invoke(cutover, "lena", done_by="gil", witness="vera")


def test_a_reason_a_run_and_a_trigger_that_exists_are_needed(cutover: Cutover, planned: Cutover) -> None:
    with pytest.raises(BadInput, match="the reason is missing"):
        cutover.do("rollback.invoke", by="gil", reason=" ")
    with pytest.raises(BadInput, match="there is no trigger 4"):
        invoke(cutover, trigger=4)
    with pytest.raises(Refused, match="no run is open"):
        invoke(planned, "lena")


def test_a_runbook_without_back_out(rehearse: Rehearse) -> None:
    cutover = rehearse(document(task("A", 10)))
    with pytest.raises(Refused, match="no back-out is planned"):
        invoke(cutover, "lena")


def test_after_the_point_of_no_return_there_is_recovery_only(cutover: Cutover) -> None:
    with pytest.raises(Refused, match="the point of no return has not passed"):
        cutover.do("rollback.recover", "forward", by="gil", reason="it can be corrected")
    past_no_return(cutover)
    with pytest.raises(Refused, match="the point of no return has passed: END was started") as refused:
        invoke(cutover)
    assert refused.value.hint is not None
    assert "warroom rollback recover KEY --reason TEXT (ways: by-hand, forward)" in refused.value.hint
    with pytest.raises(BadInput, match="there is no way to recover called backward"):
        cutover.do("rollback.recover", "backward", by="gil", reason="x")
    with pytest.raises(Refused, match="may do that: vera"):
        cutover.do("rollback.recover", "by-hand", by="gil", reason="x")
    cutover.do("rollback.recover", "forward", by="gil", reason="it can be corrected")
    cutover.do("rollback.recover", "by-hand", by="vera", reason="and the rest by hand")
    with pytest.raises(Refused, match="forward was chosen already"):
        cutover.do("rollback.recover", "forward", by="gil", reason="again")
    board = cutover.board()
    chosen = [board.recovery_choice(way.id) for way in board.recovery]
    assert [choice.reason for choice in chosen if choice] == ["and the rest by hand", "it can be corrected"]
    assert board.backout_stage is BackoutStage.DORMANT


@pytest.mark.parametrize(
    ("begun", "left_out", "lasts"),
    [((), ["U1", "U2"], 20), (("A",), ["U2"], 10 + 5 + 20), (("A", "B"), [], 10 + 5 + 30 + 7 + 20)],
)
def test_only_what_must_be_undone_is_woken(
    begun: tuple[str, ...], left_out: list[str], lasts: int, cutover: Cutover
) -> None:
    for ref in begun:
        cutover.finish(ref)
    cutover.to(50)
    before = cutover.forecast()
    assert before.backout is not None
    assert before.decide_backout_by == (240 - 15 - lasts) * MINUTE
    assert before.backout.done_if_decided(50 * MINUTE) == (50 + lasts) * MINUTE
    invoke(cutover)
    board = cutover.board()
    assert board.invocation is not None
    assert list(board.invocation.left_out) == left_out
    assert board.invocation.expected_done_at == minute(50 + lasts)
    assert done(cutover) == 50 + lasts
    assert cutover.forecast().decide_backout_by is None
    for ref in ("U1", "U2", "U3"):
        assert (cutover.task(ref).state is TaskState.SKIPPED) is (ref in left_out)
    baselines = {ref: cutover.task(ref).baseline_finish_s for ref in ("U1", "U2", "U3")}
    assert baselines["U3"] == (50 + lasts) * MINUTE
    assert [ref for ref, finish in baselines.items() if finish is None] == left_out
    assert board.run is not None
    assert board.run.baseline == 2


def test_the_worst_case_takes_the_longest_durations(cutover: Cutover) -> None:
    for ref in ("A", "B"):
        cutover.finish(ref)
    worst = cutover.forecast().worst_backout
    assert worst is not None
    assert worst.latest_decision().decide_by == (240 - 15 - (10 + 5 + 90 + 7 + 20)) * MINUTE
    assert worst.done_if_decided(0) == 132 * MINUTE


def test_the_order_holds_around_what_is_left_out(rehearse: Rehearse) -> None:
    plain = runbook()
    tasks = list(plain.rollback.tasks)
    tasks[0] = replace(tasks[0], undoes=())
    cutover = rehearse(replace(plain, rollback=replace(plain.rollback, tasks=tuple(tasks))))
    invoke(cutover)
    board = cutover.board()
    assert [board.shown_state(cutover.task(ref)) for ref in ("U1", "U2", "U3")] == [
        ShownState.READY,
        ShownState.SKIPPED,
        ShownState.WAITING,
    ]
    (link,) = board.links_from(cutover.task("U1").id)[1:]
    assert (link.successor_id, link.lag_s, link.link_type) == (
        cutover.task("U3").id,
        5 * MINUTE,
        LinkType.FINISH_START,
    )
    with pytest.raises(Refused, match="U3 waits for U1"):
        cutover.do("task.start", "U3", by="omar")


def test_the_main_network_is_held_and_what_runs_is_finished_by_its_owners(cutover: Cutover) -> None:
    cutover.finish("A")
    cutover.do("task.start", "B", by="omar")
    with pytest.raises(Refused, match="U1 belongs to the back-out, which has not been invoked"):
        cutover.do("task.start", "U1", by="omar")
    invoke(cutover)
    assert cutover.entries()[-1].reason == "stock is lost; to be stopped or finished: B (omar)"
    board = cutover.board()
    assert [task.ref for task in board.tasks_in_play] == ["U1", "U2", "U3", "B"]
    cutover.do("task.done", "B", by="omar")
    for action, ref, more in (
        ("task.start", "END", {}),
        ("task.rerun", "A", {"reason": "again"}),
        ("gate.vote", "GO", {"choice": VoteChoice.GO}),
        ("gate.decide", "GO", {"verdict": Verdict.NO_GO, "reason": "x"}),
        ("gate.assess", "GO", {"number": 1, "met": True, "evidence": "x"}),
        ("gate.measure", "GO", {"number": 1, "value": Decimal(1)}),
        ("gate.waive", "GO", {"number": 1, "reason": "x", "expires_at": minute(200)}),
    ):
        with pytest.raises(Refused, match=f"{ref} is held: the back-out was invoked"):
            cutover.do(action, ref, by="lena", **more)
    for ref in ("GO", "END", "AFTER"):
        assert cutover.board().shown_state(cutover.task(ref)) is ShownState.WAITING


def test_its_progress_is_run_like_the_main_one_to_its_end(cutover: Cutover) -> None:
    cutover.finish("A")
    cutover.to(40)
    invoke(cutover, trigger=1)
    with pytest.raises(Refused, match="was invoked already"):
        invoke(cutover)
    with pytest.raises(Refused, match="the back-out is not done: U1, U3"):
        cutover.do("run.close")
    cutover.do("task.start", "U1", by="omar")
    cutover.do("task.eta", "U1", by="omar", eta=minute(70), reason="slow disk")
    assert done(cutover) == 70 + 5 + 20
    cutover.to(60)
    cutover.do("task.done", "U1", by="omar")
    assert done(cutover) == 60 + 5 + 20
    cutover.to(66)
    cutover.do("task.start", "U3", by="omar")
    cutover.to(80)
    cutover.do("task.done", "U3", by="omar")
    assert cutover.board().backout_stage is BackoutStage.BACKING_OUT
    cutover.do("task.verify", "U3", by="vera")
    assert cutover.board().backout_stage is BackoutStage.BACKED_OUT
    assert done(cutover) == 80
    with pytest.raises(Refused, match="was invoked already"):
        invoke(cutover)
    cutover.do("run.close")
    assert cutover.board().backout_stage is BackoutStage.CLOSED
    history = load_history(cutover.state_file)
    assert everything(history.board(cutover.entries()[-1].seq)) == everything(cutover.board())
    assert verify(cutover.state_file).sound


def test_replay_knows_it_as_it_stood(cutover: Cutover) -> None:
    cutover.finish("A")
    cutover.to(40)
    before = cutover.entries()[-1].seq
    invoke(cutover)
    history = load_history(cutover.state_file)
    assert history.board(before).backout_stage is BackoutStage.DORMANT
    assert history.board(before + 1).backout_stage is BackoutStage.BACKING_OUT


def test_nobody_takes_it_back(cutover: Cutover) -> None:
    invoke(cutover)
    with pytest.raises(Refused, match="a back-out stands once it is invoked"):
        cutover.do("undo", by="gil")


def test_the_small_back_out_of_other_tests_can_be_invoked(rehearse: Rehearse) -> None:
    cutover = rehearse(small_document())
    cutover.do("rollback.invoke", by="lena", reason="a rehearsal of it")
    assert cutover.task("U2").state is TaskState.SKIPPED
