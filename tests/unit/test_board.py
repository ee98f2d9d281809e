"""The Board: the same from the tables, from the journal and moved along; and what it says of a run."""

from __future__ import annotations

from itertools import count

import pytest

from tests.cutover import Cutover, document, everything, minute, small_document, task
from warroom.board.board import Board
from warroom.board.forecast import forecast
from warroom.board.from_runbook import bare_board
from warroom.board.history import History
from warroom.board.load import board_at, follow, load_board, load_history
from warroom.model.row import Row
from warroom.model.tasks import Task
from warroom.store.codec import journalled_tables, make
from warroom.vocabulary.errors import BadInput
from warroom.vocabulary.words import ShownState, VoteChoice


def lively(cutover: Cutover) -> None:
    cutover.finish("A")
    cutover.to(45)
    cutover.do("task.start", "B", by="omar", note="Begun.")
    cutover.do("gate.vote", "GO", by="gil", choice=VoteChoice.GO)
    cutover.to(130)
    cutover.sweep()
    cutover.do("task.block", "B", by="lena", reason="no access")


def blank(run_id: int | None = 1, version_id: int | None = 1) -> Board:
    return Board({}, seq=0, recorded_at=None, run_id=run_id, version_id=version_id, last_entries={})


def test_loaded_folded_and_moved_along_are_the_same(cutover: Cutover) -> None:
    moved = cutover.board()
    lively(cutover)
    loaded, entries = cutover.board(), cutover.entries()
    for other in (blank().apply(entries), moved.apply(entries)):
        assert everything(other) == everything(loaded)
        assert (other.seq, other.recorded_at) == (loaded.seq, loaded.recorded_at)
        for subject in ("A", "B", "GO", "run mock 1", "alert 1", "nobody"):
            assert other.last_entry(subject) == loaded.last_entry(subject)
    assert everything(moved)["task"] != everything(loaded)["task"]


def test_entries_that_are_in_it_already_change_nothing(cutover: Cutover) -> None:
    lively(cutover)
    board = cutover.board()
    assert everything(board.apply(cutover.entries())) == everything(board)
    assert board.apply([]).seq == board.seq


def test_what_did_not_change_is_shared(cutover: Cutover) -> None:
    before = cutover.board()
    assert before.links_to(cutover.task("B").id)
    after = before.apply([cutover.do("task.start", "A")])
    assert after.rows(Task) is not before.rows(Task)
    for name, rows in before._rows.items():
        if name not in ("task", "note"):
            assert after._rows[name] is rows
    unchanged = {row.ref: row for row in before.tasks if row.ref != "A"}
    assert all(row is unchanged[row.ref] for row in after.tasks if row.ref != "A")
    assert before.task("A") != after.task("A")


def test_a_view_is_kept_until_one_of_its_tables_changes(cutover: Cutover) -> None:
    numbers = count(1)

    def view(board: Board) -> int:
        return board.view("test", [Task], lambda: next(numbers))

    board = cutover.board()
    assert (view(board), view(board)) == (1, 1)
    board = board.apply([cutover.do("task.note", "A", text="x")])
    assert view(board) == 1
    board = board.apply([cutover.do("task.start", "A")])
    assert view(board) == 2


def test_other_runs_pass_it_by(cutover: Cutover) -> None:
    lively(cutover)
    cutover.do("run.close")
    first = cutover.board()
    cutover.rehearse("mock 2")
    cutover.finish("A")
    entries = cutover.entries()

    assert load_board(cutover.state_file, "mock 1").apply(entries).task("A") == first.task("A")
    moved = first.apply(entries)
    assert everything(moved) == everything(load_board(cutover.state_file, "mock 1"))
    assert moved.seq == entries[-1].seq
    assert everything(blank(2).apply(entries)) == everything(cutover.board())


def test_following_goes_along_with_a_run_that_is_started(planned: Cutover) -> None:
    plan = planned.board()
    assert (plan.run, plan.clock, plan.version_id) == (None, None, 1)
    assert plan.run_time(minute(5)) == minute(5)
    planned.rehearse()
    planned.do("task.note", "A", text="x")
    entries = planned.entries()
    following, staying = follow(planned.state_file, plan, entries), follow(planned.state_file, plan, entries, "none")
    assert following.run is not None
    assert everything(following) == everything(planned.board())
    assert (staying.run_id, staying.seq) == (None, 3)
    assert follow(planned.state_file, following, entries[:2]).seq == 3


def test_the_plan_before_the_first_run(planned: Cutover) -> None:
    plan, bare = planned.board(), bare_board(small_document())
    assert [row.ref for row in plan.tasks] == ["A", "B", "C", "TRY", "REAL", "END", "AFTER", "GO"]
    assert [row.ref for row in plan.backout_tasks] == ["U1", "U2"]
    assert {row.ref: plan.shown_state(row) for row in plan.tasks} == {
        row.ref: ShownState.READY if row.ref == "A" else ShownState.WAITING for row in plan.tasks
    }
    cells, bare_cells = everything(plan), everything(bare)
    assert cells.keys() - bare_cells.keys() == {"document"}
    bare_cells["plan_version"][1]["document_id"] = 1
    assert {table: cells[table] for table in bare_cells} == bare_cells
    assert forecast(bare, minute(0)).finish == forecast(plan, minute(0)).finish


def test_looking_up(cutover: Cutover) -> None:
    board = cutover.board()
    b, go = cutover.task("B"), cutover.task("GO")
    gate = board.gate_of(go.id)
    assert gate is not None
    assert [step.text for step in board.steps(b.id)] == ["Load", "Count"]
    assert [row.ref for row in board.predecessors(go.id)] == ["B", "C"]
    assert [row.ref for row in board.successors(go.id)] == ["END"]
    assert [board.handle(seat.person_id) for seat in board.seats(gate.id)] == ["lena", "gil", "vera"]
    assert [criterion.text for criterion in board.criteria(gate.id)] == ["Totals agree", "No error left"]
    assert [control.key for control in board.controls] == ["gl", "stock"]
    assert [trigger.text for trigger in board.triggers] == ["Totals differ", "Orders stand still"]
    assert [board.handle(who.person_id) for who in board.backout_authority] == ["lena"]
    assert ([phase.key for phase in board.phases], [stream.key for stream in board.streams]) == (["load"], ["data"])
    assert (board.gate_of(b.id), board.task("none"), board.person(None), board.handle(99)) == (None, None, None, None)
    assert board.person_called("eve") is None
    assert board.programme.name == "Small cutover"


def test_open_predecessors_are_those_that_are_neither_done_nor_skipped(cutover: Cutover) -> None:
    go = cutover.task("GO").id
    cutover.finish("A")
    assert [row.ref for row in cutover.board().open_predecessors(go)] == ["B", "C"]
    cutover.do("task.skip", "C", reason="no")
    assert [row.ref for row in cutover.board().open_predecessors(go)] == ["B"]
    cutover.do("task.start", "B")
    cutover.do("task.fail", "B", reason="no")
    assert [row.ref for row in cutover.board().open_predecessors(go)] == ["B"]


# --- replay ----------------------------------------------------------------------------------------------------------


def test_replay_stands_after_the_last_entry_up_to_then(cutover: Cutover) -> None:
    stands = {0.0: (2, cutover.board())}
    for number in (5.0, 5.0, 20.0):
        cutover.to(number)
        cutover.do("task.note", "A", text=f"at {number}")
        stands[number] = (cutover.entries()[-1].seq, cutover.board())
    for at, stand in ((0, 0), (4.9, 0), (5, 5), (19, 5), (20, 20), (999, 20)):
        board = board_at(cutover.state_file, minute(at))
        assert (board.seq, everything(board)) == (stands[stand][0], everything(stands[stand][1]))
    with pytest.raises(BadInput, match="nothing had happened by then"):
        board_at(cutover.state_file, minute(-1))


def test_replay_of_a_run_leaves_the_others_out(cutover: Cutover) -> None:
    cutover.finish("A")
    cutover.do("run.close")
    cutover.to(60)
    cutover.rehearse("mock 2", at=minute(-500))
    cutover.finish("A")
    board = board_at(cutover.state_file, minute(-500))
    assert board.run is not None
    assert (board.run.name, board.seq) == ("mock 2", cutover.entries()[-1].seq)
    first = board_at(cutover.state_file, minute(0), "mock 1")
    assert first.run is not None
    assert first.run.closed_at == minute(0)
    assert first.rows(Task) == load_board(cutover.state_file, "mock 1").rows(Task)


def test_every_seq_of_a_history_can_be_seen_in_any_order(cutover: Cutover, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("warroom.board.history.KEYFRAME_EVERY", 3)
    stands = {2: everything(cutover.board())}
    for number in range(8):
        cutover.to(number)
        seq = cutover.do("task.note", "A", text=f"{number}").seq
        stands[seq] = everything(cutover.board())
    history = load_history(cutover.state_file)
    for seq in (10, 2, 9, 3, 6, 5, 4, 7, 8, 10):
        assert everything(history.board(seq)) == stands[seq], seq
        assert history.board(seq).seq == seq
    assert history.own_seqs == list(range(2, 11))
    assert (history.seq_at(minute(3)), history.instant_of(6)) == (6, minute(3))
    assert History([], 1, 1).seq_at(minute(0)) == 0


def test_an_insert_without_a_column_takes_its_default() -> None:
    """An entry that was written before a column was there is still read."""
    for table in journalled_tables().values():
        required = {name for name, field in table.row_class.model_fields.items() if field.is_required()}
        row: Row = make(table.row_class, {**table.defaults, **dict.fromkeys(required)})
        assert set(row.__dict__) == set(table.columns)


def test_a_board_without_tasks_or_gates_is_one() -> None:
    board = bare_board(document(task("ONLY", 10)))
    assert (board.phases, board.controls, board.triggers, board.alerts, board.backout_tasks) == ((), (), (), (), ())
