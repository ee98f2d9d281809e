"""Taking back one's own last action: what comes back, what stands in the way, and who is told what."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cutover import Cutover, caller, document, everything, minute, task
from tests.unit.test_actions_tasks import Rehearse
from warroom.actions import undo as undoing
from warroom.actions.acting import Acting, perform
from warroom.board.board import Board
from warroom.board.history import History
from warroom.board.rows import Note
from warroom.store.verify import verify
from warroom.vocabulary.errors import BadInput, Refused, Stale
from warroom.vocabulary.journal import Operation
from warroom.vocabulary.words import TaskState, Verdict, VoteChoice


def cells(board: Board) -> dict[str, Any]:
    """All that is journalled, without the record of what was taken back."""
    return {name: rows for name, rows in everything(board).items() if name not in ("undone", "watch_mark")}


def refusal(cutover: Cutover, by: str, **arguments: Any) -> Refused:
    head = cutover.head()
    with pytest.raises(Refused) as caught:
        cutover.do("undo", by=by, **arguments)
    assert cutover.head() == head, "a refusal leaves no trace"
    return caught.value


# What brings A (two steps) or B (verified by vera) to where an action can be done, and the action.
Deed = tuple[str, str, str, dict[str, Any]]
RUNNING: tuple[Deed, ...] = (("task.start", "B", "omar", {}), ("step.tick", "B", "omar", {"positions": [1]}))
EXECUTED: tuple[Deed, ...] = (*RUNNING, ("task.done", "B", "omar", {}))
CHECKED: tuple[Deed, ...] = (*EXECUTED, ("step.tick", "B", "vera", {"positions": [2]}))
DONE: tuple[Deed, ...] = (*CHECKED, ("task.verify", "B", "vera", {}))
DEEDS: dict[str, tuple[tuple[Deed, ...], Deed]] = {
    "start": ((), ("task.start", "B", "omar", {"note": "begun"})),
    "done": (RUNNING, ("task.done", "B", "omar", {"note": "went well"})),
    "verify": (CHECKED, ("task.verify", "B", "vera", {"note": "fine"})),
    "block": (RUNNING, ("task.block", "B", "lena", {"reason": "no access"})),
    "unblock": ((("task.block", "B", "lena", {"reason": "no access"}),), ("task.unblock", "B", "omar", {})),
    "skip": (RUNNING, ("task.skip", "B", "omar", {"reason": "not today"})),
    "fail": (RUNNING, ("task.fail", "B", "omar", {"reason": "broken"})),
    "eta": (RUNNING, ("task.eta", "B", "omar", {"eta": minute(300), "reason": "slow"})),
    "progress": (RUNNING, ("task.progress", "B", "omar", {"done": 1, "total": 3, "unit": "files"})),
    "note": ((), ("task.note", "B", "sam", {"text": "seen"})),
    "tick": (RUNNING[:1], ("step.tick", "B", "omar", {"positions": [1], "evidence": "log"})),
    "untick": (RUNNING, ("step.untick", "B", "omar", {"positions": [1]})),
    "vote": ((), ("gate.vote", "GO", "gil", {"choice": VoteChoice.GO})),
    "changed vote": (
        (("gate.vote", "GO", "gil", {"choice": VoteChoice.GO}),),
        ("gate.vote", "GO", "gil", {"choice": VoteChoice.NO_GO, "reason": "totals differ"}),
    ),
    "reopen": (DONE, ("task.reopen", "B", "vera", {"reason": "two files are missing"})),
    "rerun": (DONE, ("task.rerun", "B", "lena", {"reason": "the wrong extract"})),
    "correct": (DONE, ("task.correct", "B", "omar", {"start": minute(41), "reason": "by the log"})),
}


@pytest.mark.parametrize("name", DEEDS)
def test_every_action_that_can_be_taken_back_leaves_all_rows_as_they_were(name: str, cutover: Cutover) -> None:
    before, (action, subject, by, arguments) = DEEDS[name]
    cutover.to(40)
    cutover.finish("A")
    cutover.to(50)
    for one, about, who, more in before:
        cutover.do(one, about, by=who, **more)
    stood = cells(cutover.board())
    cutover.to(60)
    done = cutover.do(action, subject, by=by, **arguments)
    assert cells(cutover.board()) != stood
    entry = cutover.do("undo", by=by, reason="the wrong one")
    board = cutover.board()
    assert cells(board) == stood
    assert (entry.action, entry.subject) == ("undo", subject)
    assert entry.reason == f"takes back {action}, entry {done.seq}: the wrong one"
    assert board.undone == {done.seq}
    assert verify(cutover.state_file).sound
    moved = History(cutover.entries(), board.run_id, board.version_id).board(entry.seq)
    assert everything(moved) == everything(board)


def test_twice_walks_back_two_actions_and_skips_what_was_taken_back(cutover: Cutover) -> None:
    started = cutover.do("task.start", "A", by="omar")
    ticked = cutover.do("step.tick", "A", by="omar", positions=[1])
    first, second = cutover.do("undo", by="omar"), cutover.do("undo", by="omar")
    assert first.reason == f"takes back step.tick, entry {ticked.seq}"
    assert second.reason == f"takes back task.start, entry {started.seq}"
    assert cutover.task("A").state is TaskState.NOT_STARTED
    assert "nothing of yours to take back" in refusal(cutover, "omar").message
    cutover.do("task.start", "A", by="omar")
    cutover.do("undo", by="omar")
    assert cutover.task("A").state is TaskState.NOT_STARTED


def test_ones_own_is_what_one_has_recorded(cutover: Cutover) -> None:
    cutover.do("task.start", "A", by="lena", done_by="omar")
    assert "nothing of yours" in refusal(cutover, "omar").message
    cutover.do("undo", by="lena")
    assert cutover.task("A").state is TaskState.NOT_STARTED


def test_a_later_change_of_the_same_row_or_about_the_same_task_is_built_on_it(cutover: Cutover) -> None:
    cutover.do("task.start", "A", by="omar")
    noted = cutover.do("task.note", "A", by="sam", text="seen")
    error = refusal(cutover, "omar")
    assert error.message.endswith(f"has been built on: task.note of A by sam, entry {noted.seq}")
    assert error.where == "A"
    cutover.do("undo", by="sam")
    cutover.do("undo", by="omar")
    assert cutover.task("A").state is TaskState.NOT_STARTED


def test_a_successor_that_was_started_since_rests_on_it_and_one_elsewhere_does_not(cutover: Cutover) -> None:
    cutover.do("task.start", "A", by="omar")
    cutover.do("step.tick", "A", by="lena", positions=[1, 2])
    cutover.do("task.done", "A", by="omar")
    cutover.do("task.note", "B", by="sam", text="may begin")
    started = cutover.do("task.start", "B", by="lena")
    assert f"task.start of B by lena, entry {started.seq}" in refusal(cutover, "omar").message
    cutover.do("undo", by="lena")
    cutover.do("undo", by="omar")
    assert cutover.task("A").state is TaskState.RUNNING


def test_a_start_out_of_sequence_does_not_rest_on_what_is_finished_later(rehearse: Rehearse) -> None:
    cutover = rehearse(document(task("A", 10), task("B", 10, "A")))
    cutover.do("task.start", "A", by="omar")
    cutover.do("task.start", "B", by="lena")
    cutover.do("task.done", "A", by="omar")
    cutover.do("undo", by="omar")
    assert cutover.task("A").state is TaskState.RUNNING


def test_a_decision_rests_on_votes_and_on_what_came_before_and_is_never_taken_back(cutover: Cutover) -> None:
    for ref in ("A", "B"):
        cutover.finish(ref)
    cutover.do("task.skip", "C", by="bea", reason="not today")
    for handle in ("lena", "gil"):
        cutover.do("gate.vote", "GO", by=handle, choice=VoteChoice.GO)
    decided = cutover.do("gate.decide", "GO", verdict=Verdict.GO, reason="as voted")
    for handle in ("gil", "bea"):
        assert f"gate.decide of GO by lena, entry {decided.seq}" in refusal(cutover, handle).message
    assert "a decision is reversed by a new decision only" in refusal(cutover, "lena").message


@pytest.mark.parametrize("action", ["run.start", "run.hold"])
def test_runs_and_their_clocks_are_not_wound_back(action: str, cutover: Cutover) -> None:
    if action != "run.start":
        cutover.do(action)
    assert "runs and their clocks are not wound back" in refusal(cutover, "lena").message


def test_without_an_open_run_nothing_is_taken_back(cutover: Cutover) -> None:
    cutover.do("task.start", "A", by="omar")
    cutover.do("run.close")
    assert refusal(cutover, "omar").message == "no run is open"


def test_who_names_an_entry_takes_back_that_one_or_none(cutover: Cutover) -> None:
    """So that of two windows of one person only one takes it back."""
    started = cutover.do("task.start", "A", by="omar")
    ticked = cutover.do("step.tick", "A", by="omar", positions=[1])
    stale = refusal(cutover, "omar", entry=started.seq)
    assert isinstance(stale, Stale)
    assert (stale.where, stale.seq) == ("A", ticked.seq)
    undone = cutover.do("undo", by="omar", entry=ticked.seq)
    assert refusal(cutover, "omar", entry=ticked.seq).message == (
        f"entry {ticked.seq} was taken back already, by entry {undone.seq}"
    )
    assert cutover.task("A").state is TaskState.RUNNING


def test_who_decides_on_what_is_then_taken_back_is_told(cutover: Cutover) -> None:
    cutover.do("task.start", "END", by="lena")
    seen = cutover.do("task.done", "END", by="omar").seq
    undone = cutover.do("undo", by="omar")
    with pytest.raises(Stale) as caught:
        cutover.do("task.note", "END", by="bea", text="thanks", seen=seen)
    assert caught.value.seq == undone.seq
    assert "undo by omar" in caught.value.message


def test_what_somebody_did_in_between_is_told_though_ones_own_came_after_it(cutover: Cutover) -> None:
    seen = cutover.do("task.start", "A", by="omar").seq
    noted = cutover.do("task.note", "A", by="bea", text="not the first file")
    cutover.do("task.note", "A", by="omar", text="begun")
    with pytest.raises(Stale) as caught:
        cutover.do("step.tick", "A", by="omar", positions=[1], seen=seen)
    assert caught.value.seq == noted.seq
    cutover.do("step.tick", "A", by="omar", positions=[1], seen=noted.seq)


def test_ones_last_deed_is_found_however_many_pages_back(cutover: Cutover, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("warroom.store.journal.PAGE", 3)
    started = cutover.do("task.start", "A", by="omar")
    for _ in range(20):
        cutover.do("task.note", "END", by="sam", text="seen")
    undone = cutover.do("undo", by="omar")
    assert undone.reason == f"takes back task.start, entry {started.seq}"
    assert cutover.task("A").state is TaskState.NOT_STARTED


def test_what_happens_while_it_is_looked_for_counts(cutover: Cutover, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is read before the transaction is read again as far as it has changed: somebody builds on it, or another
    window of the person takes it back."""
    cutover.do("task.note", "END", by="omar", text="first")
    cutover.do("task.start", "A", by="omar")
    look_through = undoing._looked_through

    def meanwhile(*deed: str, by: str, **told: Any) -> None:
        def looked_through(*arguments: Any) -> Any:
            found = look_through(*arguments)
            monkeypatch.setattr(undoing, "_looked_through", look_through)
            cutover.do(*deed, by=by, **told)
            return found

        monkeypatch.setattr(undoing, "_looked_through", looked_through)

    meanwhile("task.note", "A", by="sam", text="seen")
    with pytest.raises(Refused) as caught:
        cutover.do("undo", by="omar")
    assert "has been built on: task.note of A by sam" in caught.value.message
    cutover.do("undo", by="sam")
    meanwhile("undo", by="omar")
    assert (cutover.do("undo", by="omar").reason or "").startswith("takes back task.note")


def test_what_lies_too_far_back_is_not_looked_for(cutover: Cutover, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("warroom.rules.undo.REACH", 3)
    cutover.do("task.start", "A", by="omar")
    for _ in range(3):
        cutover.do("task.note", "END", by="sam", text="seen")
    assert "nothing of yours to take back" in refusal(cutover, "omar").message
    cutover.do("undo", by="sam")


def test_a_retry_after_an_unknown_outcome_takes_back_one_only(cutover: Cutover) -> None:
    cutover.do("task.start", "A", by="omar")
    cutover.do("step.tick", "A", by="omar", positions=[1])
    first = cutover.do("undo", by="omar", entry_id="one")
    assert cutover.do("undo", by="omar", entry_id="one") == first
    assert cutover.task("A").state is TaskState.RUNNING


def test_a_reason_that_cannot_be_stored_is_refused(cutover: Cutover) -> None:
    cutover.do("task.start", "A", by="omar")
    with pytest.raises(BadInput):
        cutover.do("undo", by="omar", reason="\x1b[2J")


def test_what_an_action_deleted_comes_back_under_its_key(cutover: Cutover) -> None:
    """No action of today's deletes a row by itself; this one does."""
    cutover.do("task.note", "A", by="sam", text="seen")
    board = cutover.board()

    def work(acting: Acting) -> None:
        (note,) = acting.rows.find(Note, task_id=cutover.task("A").id)
        acting.rows.delete(note)

    perform(cutover.state_file, caller("omar"), "task.note", "A", work)
    assert cutover.board().notes(cutover.task("A").id) == ()
    cutover.do("undo", by="omar")
    assert cells(cutover.board()) == cells(board)
    assert verify(cutover.state_file).sound


def test_an_inserted_row_is_deleted(cutover: Cutover) -> None:
    noted = cutover.do("task.note", "A", by="omar", text="seen")
    undone = cutover.do("undo", by="omar")
    (insert,) = (change for change in noted.changes if change.table == "note")
    (delete,) = (change for change in undone.changes if change.table == "note")
    assert (insert.operation, delete.operation) == (Operation.INSERT, Operation.DELETE)
    assert (delete.key, delete.before) == (insert.key, insert.after)
