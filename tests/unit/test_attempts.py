"""Reopening, doing again, settling and correcting: what is kept, what becomes stale, and who may."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cutover import Cutover, document, gate, minute, task
from tests.unit.test_actions_tasks import Rehearse
from warroom.board.documents import schedule_document, status_document
from warroom.board.release import free_from
from warroom.board.task_documents import task_document
from warroom.runbook.document import Rollback
from warroom.vocabulary.errors import BadInput, Refused
from warroom.vocabulary.words import ShownState, TaskState, Verdict, VoteChoice


@pytest.fixture
def chain(rehearse: Rehearse) -> Cutover:
    """A > B (verified, with steps) > GO > END, and C behind A by its start; A, B, GO are done, END and C run."""
    cutover = rehearse(
        document(
            task("A", 10, steps=("Load",)),
            task("B", 20, "A", verifier="vera", steps=("Check",), verify=("Count",)),
            task("C", 90, "A"),
            task("END", 30, "GO", owner="bea", backup="vera"),
            task("AFTER", 10, "END"),
            gates=[gate("GO", "B")],
        )
    )
    cutover.to(5)
    cutover.finish("A")
    cutover.do("task.start", "C", by="omar")
    cutover.to(20)
    cutover.finish("B")
    for handle in ("gil", "lena"):
        cutover.do("gate.vote", "GO", by=handle, choice=VoteChoice.GO)
    cutover.do("gate.decide", "GO", verdict=Verdict.GO, reason="as voted")
    cutover.do("task.start", "END", by="bea")
    cutover.to(30)
    return cutover


def stale(cutover: Cutover) -> dict[str, str | None]:
    return {row.ref: row.stale_because for row in cutover.board().stale_tasks}


def refused(cutover: Cutover, action: str, ref: str, by: str = "lena", **arguments: Any) -> str:
    head = cutover.head()
    with pytest.raises((Refused, BadInput)) as caught:
        cutover.do(action, ref, by=by, **arguments)
    assert cutover.head() == head
    return caught.value.message


# --- doing it again --------------------------------------------------------------------------------------------------


def test_a_rerun_keeps_the_old_attempt_whole_and_marks_all_that_rested_on_it(chain: Cutover) -> None:
    before = chain.task("B")
    entry = chain.do("task.rerun", "B", by="omar", reason="wrong extract")
    assert entry.reason == "wrong extract (now stale: END, GO)"
    now, board = chain.task("B"), chain.board()
    assert (now.state, now.attempt, now.actual_start, now.executor_id) == (TaskState.NOT_STARTED, 2, None, None)
    assert board.shown_state(now) is ShownState.READY
    assert all(step.ticked_at is None for step in board.steps(now.id))
    (kept,) = board.attempts(now.id)
    assert (kept.number, kept.state, kept.replaced_because) == (1, TaskState.DONE, "wrong extract")
    assert (kept.actual_start, kept.executed_at, kept.actual_finish) == (
        before.actual_start,
        before.executed_at,
        before.actual_finish,
    )
    assert (kept.executor_id, kept.verified_by_id) == (before.executor_id, before.verified_by_id)
    assert stale(chain) == {"GO": "B was re-run: wrong extract", "END": "B was re-run: wrong extract"}
    chain.to(31)
    chain.finish("B")
    assert chain.task("B").attempt == 2
    assert stale(chain).keys() == {"GO", "END"}, "they stay stale until somebody says so"


def test_from_the_first_task_everything_that_has_begun_is_stale_and_nothing_else(chain: Cutover) -> None:
    chain.do("task.rerun", "A", reason="wrong file")
    assert stale(chain).keys() == {"B", "C", "GO", "END"}
    assert chain.task("AFTER").stale_since is None


def test_re_running_from_here_leaves_only_gates_stale(chain: Cutover) -> None:
    entry = chain.do("task.rerun", "A", reason="wrong file", from_here=True)
    assert entry.reason == "wrong file (re-run too: B, C, END) (now stale: GO)"
    assert stale(chain).keys() == {"GO"}
    board = chain.board()
    assert {row.ref: row.attempt for row in board.tasks} == {"A": 2, "B": 2, "C": 2, "END": 2, "AFTER": 1, "GO": 1}
    (kept,) = board.attempts(chain.task("END").id)
    assert (kept.state, kept.replaced_because) == (TaskState.RUNNING, "A was re-run: wrong file")
    for ref in ("A", "B"):
        chain.finish(ref)
    assert chain.task("GO").state is TaskState.DONE


def test_re_running_the_tasks_of_others_is_for_the_lead(chain: Cutover) -> None:
    assert refused(chain, "task.rerun", "A", "omar", reason="wrong file", from_here=True).startswith(
        "END would be re-run too"
    )
    chain.do("task.rerun", "A", by="omar", reason="wrong file")


def test_what_is_stale_can_be_re_run_though_it_runs_and_is_then_stale_no_more(chain: Cutover) -> None:
    assert "is running already" in refused(chain, "task.rerun", "END", reason="again")
    chain.do("task.rerun", "A", reason="wrong file")
    chain.do("task.rerun", "END", by="bea", reason="again")
    assert chain.task("END").attempt == 2
    assert stale(chain).keys() == {"B", "C", "GO"}


def test_a_failed_task_is_re_run_and_one_that_was_stale_already_says_both_reasons(chain: Cutover) -> None:
    chain.do("task.fail", "C", by="omar", reason="disk full")
    chain.do("task.rerun", "C", by="omar", reason="new disk")
    (kept,) = chain.board().attempts(chain.task("C").id)
    assert (kept.state, kept.closing_reason) == (TaskState.FAILED, "disk full")
    chain.do("task.rerun", "A", reason="one")
    since = chain.task("END").stale_since
    chain.to(35)
    chain.finish("A")
    chain.do("task.rerun", "A", reason="two")
    assert stale(chain)["END"] == "A was re-run: one; A was re-run: two"
    assert chain.task("END").stale_since == since


@pytest.mark.parametrize(
    ("ref", "said"),
    [("AFTER", "has not been started"), ("END", "is running already"), ("GO", "GO is a gate"), ("NONE", "no task")],
)
def test_only_what_is_done_or_has_failed_is_re_run(ref: str, said: str, chain: Cutover) -> None:
    assert said in refused(chain, "task.rerun", ref, reason="again")


@pytest.mark.parametrize("action", ["task.rerun", "task.reopen", "task.settle", "task.correct"])
def test_who_may_and_that_a_reason_is_needed(action: str, chain: Cutover) -> None:
    more: dict[str, Any] = {"start": minute(18)} if action == "task.correct" else {}
    if action == "task.settle":
        chain.do("task.rerun", "A", reason="wrong file")
    for handle in ("gil", "sam"):
        assert "only its owner" in refused(chain, action, "B", handle, reason="x", **more)
    assert refused(chain, action, "B", reason=" ", **more) == "the reason is missing"
    assert "not known to be away" in refused(chain, action, "B", "bea", reason="x", **more)
    for handle in ("lena", "omar", "vera"):
        chain.do(action, "B", by=handle, reason="x", **more)
        chain.do("undo", by=handle)
    chain.away("omar")
    chain.do(action, "B", by="bea", reason="x", **more)


# --- settling --------------------------------------------------------------------------------------------------------


def test_what_is_stale_is_settled_or_decided_anew(chain: Cutover) -> None:
    assert refused(chain, "task.settle", "B", reason="fine") == "B is not stale: nothing is to be settled"
    assert "decided already" in refused(chain, "gate.decide", "GO", verdict=Verdict.GO, reason="again")
    chain.do("task.rerun", "A", by="omar", reason="wrong file")
    chain.do("task.settle", "C", by="omar", reason="another file")
    chain.finish("A")
    chain.do("task.settle", "B", by="vera", reason="counted again")
    chain.do("gate.vote", "GO", by="gil", choice=VoteChoice.NO_GO, reason="not again")
    chain.do("gate.decide", "GO", verdict=Verdict.NO_GO, reason="as voted")
    assert chain.task("GO").state is TaskState.FAILED
    assert stale(chain).keys() == {"END"}
    chain.do("task.settle", "END", by="bea", reason="harmless")
    assert stale(chain) == {}


def test_a_gate_whose_predecessor_is_open_again_gets_no_new_go(chain: Cutover) -> None:
    chain.do("task.rerun", "B", reason="wrong extract")
    assert "it waits for B" in refused(chain, "gate.decide", "GO", verdict=Verdict.GO, reason="again")


# --- reopening -------------------------------------------------------------------------------------------------------


def test_what_is_reopened_runs_in_the_same_attempt_and_names_what_was_started_since(chain: Cutover) -> None:
    started = chain.task("B").actual_start
    entry = chain.do("task.reopen", "B", by="vera", reason="two files are missing")
    assert entry.reason == "two files are missing (now stale: END, GO)"
    now = chain.task("B")
    assert (now.state, now.attempt, now.actual_start) == (TaskState.RUNNING, 1, started)
    assert (now.executed_at, now.actual_finish, now.verified_by_id) == (None, None, None)
    assert all(step.ticked_at is not None for step in chain.board().steps(now.id)), "what was ticked stays so"
    (change,) = (change for change in entry.changes if change.table == "task" and change.key == now.id)
    assert change.before is not None
    assert change.before["actual_finish"] is not None, "the journal keeps both values"
    assert stale(chain) == dict.fromkeys(("GO", "END"), "B was reopened: two files are missing")


def test_what_began_before_it_was_finished_does_not_rest_on_the_finish(rehearse: Rehearse) -> None:
    cutover = rehearse(document(task("A", 10), task("B", 10, "A"), task("C", 10, "A")))
    cutover.do("task.start", "A", by="omar")
    cutover.do("task.start", "B")
    cutover.to(5)
    cutover.do("task.done", "A", by="omar")
    cutover.do("task.start", "C", by="omar")
    cutover.do("task.reopen", "A", by="omar", reason="not yet")
    assert stale(cutover).keys() == {"C"}


@pytest.mark.parametrize("state", ["verifying", "failed", "skipped", "skipped before it began"])
def test_whatever_is_closed_can_be_reopened(state: str, cutover: Cutover) -> None:
    cutover.finish("A")
    if not state.endswith("began"):
        cutover.do("task.start", "B", by="omar")
    if state == "verifying":
        cutover.do("step.tick", "B", by="omar", positions=[1])
        cutover.do("task.done", "B", by="omar")
    else:
        cutover.do("task.fail" if state == "failed" else "task.skip", "B", reason="enough")
    assert cutover.task("B").state is TaskState(state.split()[0])
    cutover.do("task.reopen", "B", by="omar", reason="after all")
    expected = TaskState.NOT_STARTED if state.endswith("began") else TaskState.RUNNING
    assert (cutover.task("B").state, cutover.task("B").closing_reason) == (expected, None)


def test_what_is_open_or_a_gate_is_not_reopened(chain: Cutover) -> None:
    assert "is running already" in refused(chain, "task.reopen", "END", reason="x")
    assert "has not been started" in refused(chain, "task.reopen", "AFTER", reason="x")
    assert "GO is a gate" in refused(chain, "task.reopen", "GO", reason="x")


# --- correcting ------------------------------------------------------------------------------------------------------


def test_times_are_corrected_and_both_values_are_kept(chain: Cutover) -> None:
    entry = chain.do("task.correct", "A", by="omar", start=minute(2), finish=minute(4), reason="by the log")
    now = chain.task("A")
    assert (now.actual_start, now.executed_at, now.actual_finish) == (minute(2), minute(4), minute(4))
    (change,) = entry.changes
    assert change.before is not None
    assert change.after is not None
    assert set(change.before) == {"actual_start", "executed_at", "actual_finish"} == set(change.after)
    chain.do("task.correct", "B", by="vera", start=minute(12), executed=minute(17), finish=minute(19), reason="log")
    now = chain.task("B")
    assert (now.actual_start, now.executed_at, now.actual_finish) == (minute(12), minute(17), minute(19))


def test_the_finish_of_what_waits_to_be_verified_is_its_execution(cutover: Cutover) -> None:
    cutover.to(10)
    cutover.do("task.start", "B")
    cutover.do("step.tick", "B", positions=[1])
    cutover.do("task.done", "B")
    cutover.to(20)
    cutover.do("task.correct", "B", finish=minute(15), reason="by the log")
    assert (cutover.task("B").executed_at, cutover.task("B").actual_finish) == (minute(15), None)


@pytest.mark.parametrize(
    ("ref", "times", "said"),
    [
        ("A", {"finish": 31}, "the finish of A has not come yet"),
        ("A", {"start": 31}, "the start of A has not come yet"),
        ("A", {"start": 6}, "the finish of A would come before its start"),
        ("A", {"finish": 4}, "the finish of A would come before its start"),
        ("B", {"executed": 21}, "the finish of B would come before its execution"),
        ("B", {"finish": 19}, "the finish of B would come before its execution"),
        ("END", {"finish": 25}, "END has no execution to correct"),
        ("AFTER", {"start": 25}, "AFTER has no start to correct"),
        ("GO", {"start": 25}, "GO is a gate"),
        ("A", {"start": 5}, "A has these times already"),
        ("A", {}, "no time is given"),
    ],
)
def test_times_that_cannot_be(ref: str, times: dict[str, int], said: str, chain: Cutover) -> None:
    given: dict[str, Any] = {name: minute(number) for name, number in times.items()}
    assert said in refused(chain, "task.correct", ref, reason="x", **given)


# --- what others read ------------------------------------------------------------------------------------------------


def test_a_second_attempt_is_forecast_like_any_other_task(chain: Cutover) -> None:
    first = schedule_document(chain.board(), chain.forecast())
    chain.do("task.rerun", "B", reason="wrong extract")
    board, forecast = chain.board(), chain.forecast()
    assert forecast.instant(forecast.of(chain.task("B")).start) == minute(30)
    assert forecast.instant(forecast.of(chain.task("B")).finish) == minute(50)
    assert free_from(board, chain.task("B")) == minute(30), "it is up since it was opened again"
    second = schedule_document(board, forecast)
    assert [list(row) for row in second["tasks"]] == [list(row) for row in first["tasks"]]


def test_attempts_and_stale_marks_are_in_the_documents(chain: Cutover) -> None:
    chain.do("task.rerun", "B", reason="wrong extract")
    board, forecast = chain.board(), chain.forecast()
    told = task_document(board, forecast, chain.task("B"))
    assert (told["attempt"], told["stale_since"]) == (2, None)
    (kept,) = told["attempts"]
    assert (kept["number"], kept["state"], kept["replaced_by"]) == (1, "done", "lena")
    end = task_document(board, forecast, chain.task("END"))
    assert (end["stale_since"], end["stale_because"]) == ("2026-11-27T18:30:00Z", "B was re-run: wrong extract")
    listed = status_document(board, forecast, chain.clock.now())["stale"]
    assert [(one["ref"], one["owner"]) for one in listed] == [("END", "bea"), ("GO", "lena")]


def test_what_was_begun_in_an_earlier_attempt_must_still_be_undone_by_a_back_out(rehearse: Rehearse) -> None:
    rollback = Rollback(tasks=(task("U", 40, backout=True, undoes=("A",)),))
    cutover = rehearse(document(task("A", 30), task("B", 30, "A"), rollback=rollback))
    assert cutover.forecast().backout_duration == 0
    cutover.finish("A")
    cutover.do("task.rerun", "A", reason="again")
    assert cutover.forecast().backout_duration == 40 * 60
