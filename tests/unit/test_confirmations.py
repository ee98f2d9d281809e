"""Tasks that require so many of several people: nobody starts or finishes them before they have confirmed."""

from __future__ import annotations

from typing import Any

import pytest

from tests.commands import Commands
from tests.cutover import Cutover, created, document, everything, minute, task
from tests.unit.test_actions_tasks import Rehearse
from warroom.board.history import History
from warroom.board.rows import Confirmation
from warroom.board.task_documents import task_document
from warroom.rules.required import required_on
from warroom.runbook.document import Requirement, RunbookDocument
from warroom.store.verify import verify
from warroom.vocabulary.errors import Refused
from warroom.vocabulary.words import Confirmed, Medium, TaskState

BOTH_ENDS = Requirement(("vera", "gil", "sam"), start=2, finish=1)


def plan(requires: Requirement = BOTH_ENDS) -> RunbookDocument:
    return document(task("A", 10), task("B", 60, "A", requires=requires, verifier="vera", steps=("Load",)))


@pytest.fixture
def crowded(rehearse: Rehearse) -> Cutover:
    """B can be started, as soon as two of vera, gil and sam have confirmed that they are there."""
    cutover = rehearse(plan())
    cutover.finish("A")
    cutover.to(10)
    return cutover


def refusal(cutover: Cutover, action: str, by: str, **more: Any) -> Refused:
    head = cutover.head()
    with pytest.raises(Refused) as caught:
        cutover.do(action, "B", by=by, **more)
    assert cutover.head() == head, "a refusal leaves no trace"
    return caught.value


def confirmed(cutover: Cutover, what: Confirmed) -> tuple[str, ...]:
    found = required_on(cutover.board(), cutover.task("B"), what)
    assert found is not None
    return found.confirmed


def test_it_is_not_started_before_so_many_have_confirmed_not_even_by_the_lead(crowded: Cutover) -> None:
    there = "B needs 2 of vera, gil, sam to confirm that they are there before it starts"
    for by in ("omar", "lena"):
        error = refusal(crowded, "task.start", by)
        assert error.message == f"{there}: nobody has yet"
        assert error.hint == (
            "each of them: warroom task confirm B; or written down for them: warroom task confirm B --for vera"
        )
    crowded.do("task.confirm", "B", by="gil")
    error = refusal(crowded, "task.start", "omar")
    assert error.message == f"{there}: only gil has"
    assert (error.hint or "").endswith("--for vera")
    crowded.do("task.confirm", "B", by="vera")
    crowded.do("task.start", "B", by="omar")
    assert crowded.task("B").state is TaskState.RUNNING


def test_it_is_not_finished_before_so_many_have_confirmed(crowded: Cutover) -> None:
    for by in ("gil", "sam"):
        crowded.do("task.confirm", "B", by=by)
    crowded.do("task.start", "B", by="omar")
    crowded.do("step.tick", "B", by="omar", positions=[1])
    error = refusal(crowded, "task.done", "omar")
    assert error.message == "B needs 1 of vera, gil, sam to confirm that it is finished: nobody has yet"
    entry = crowded.do("task.confirm", "B", by="gil")
    assert (entry.action, entry.subject, [change.table for change in entry.changes]) == (
        *("task.confirm", "B"),
        ["confirmation"],
    )
    crowded.do("task.done", "B", by="omar")
    assert crowded.task("B").state is TaskState.VERIFYING
    assert refusal(crowded, "task.confirm", "sam").message.startswith("B was executed already by Omar Owner")
    assert verify(crowded.state_file).sound
    board = crowded.board()
    assert everything(History(crowded.entries(), board.run_id, board.version_id).board(board.seq)) == everything(board)


def test_where_all_are_needed_all_are_named(rehearse: Rehearse) -> None:
    cutover = rehearse(plan(Requirement(("vera", "gil"), finish=2)))
    cutover.finish("A")
    assert refusal(cutover, "task.confirm", "gil").message == "B requires nobody to confirm its start"
    cutover.do("task.start", "B", by="omar")
    cutover.do("step.tick", "B", by="omar", positions=[1])
    cutover.do("task.confirm", "B", by="vera")
    assert refusal(cutover, "task.done", "omar").message == (
        "B needs vera and gil to confirm that it is finished: only vera has"
    )


def test_only_those_it_names_confirm_and_each_once(crowded: Cutover) -> None:
    for by in ("lena", "omar", "bea"):
        assert refusal(crowded, "task.confirm", by).message == (
            "B: only one of those whom it requires may do that: vera, gil, sam"
        )
    crowded.do("task.confirm", "B", by="sam")
    assert refusal(crowded, "task.confirm", "sam").message == "B: sam has confirmed already that they are there"
    crowded.do("task.rerun", "A", reason="again")
    with pytest.raises(Refused, match="A requires nobody to confirm its start"):
        crowded.do("task.confirm", "A", by="sam")


def test_it_is_written_down_for_somebody_who_phones(crowded: Cutover) -> None:
    crowded.do("task.confirm", "B", by="lena", done_by="gil", medium=Medium.PHONE)
    assert confirmed(crowded, Confirmed.START) == ("gil",)
    assert refusal(crowded, "task.confirm", "lena", done_by="bea").message.endswith("vera, gil, sam")


def test_a_substitute_confirms_in_their_place_and_then_for_themselves(crowded: Cutover) -> None:
    crowded.do("person.substitute", "vera", by="vera", substitute="bea", reason="asleep")
    entry = crowded.do("task.confirm", "B", by="bea")
    assert entry.in_place_of == "vera"
    crowded.do("person.substitute", "gil", by="gil", substitute="sam", reason="asleep")
    assert crowded.do("task.confirm", "B", by="sam").in_place_of is None
    assert crowded.do("task.confirm", "B", by="sam").in_place_of == "gil"
    assert confirmed(crowded, Confirmed.START) == ("vera", "sam", "gil")


def test_it_is_taken_back_like_anything_else_until_somebody_builds_on_it(crowded: Cutover) -> None:
    crowded.do("task.confirm", "B", by="gil")
    crowded.do("undo", by="gil", reason="the wrong task")
    assert confirmed(crowded, Confirmed.START) == ()
    for by in ("gil", "sam"):
        crowded.do("task.confirm", "B", by=by)
    crowded.do("task.start", "B", by="omar")
    with pytest.raises(Refused, match=r"has been built on: task\.start of B"):
        crowded.do("undo", by="sam")
    assert verify(crowded.state_file).sound


def test_a_task_that_is_reopened_is_confirmed_again_and_the_next_attempt_from_the_beginning(crowded: Cutover) -> None:
    for by in ("gil", "sam"):
        crowded.do("task.confirm", "B", by=by)
    crowded.do("task.start", "B", by="omar")
    crowded.do("step.tick", "B", by="omar", positions=[1])
    crowded.do("task.confirm", "B", by="sam")
    crowded.do("task.done", "B", by="omar")
    crowded.do("task.reopen", "B", by="omar", reason="two files are missing")
    assert (confirmed(crowded, Confirmed.START), confirmed(crowded, Confirmed.FINISH)) == (("gil", "sam"), ())
    crowded.do("task.confirm", "B", by="vera")
    crowded.do("task.done", "B", by="omar")
    crowded.do("task.verify", "B", by="vera")
    crowded.do("task.rerun", "B", reason="the wrong extract")
    assert confirmed(crowded, Confirmed.START) == ()
    assert {one.attempt for one in crowded.board().rows(Confirmation).values()} == {1}, "they are kept"
    refusal(crowded, "task.start", "omar")
    assert verify(crowded.state_file).sound


def test_while_it_is_blocked_people_come_together(crowded: Cutover) -> None:
    crowded.do("task.block", "B", by="omar", reason="nobody is here")
    crowded.do("task.confirm", "B", by="sam")
    assert confirmed(crowded, Confirmed.START) == ("sam",)


def test_the_document_tells_how_many_of_whom_and_who_has(crowded: Cutover) -> None:
    crowded.do("person.substitute", "vera", by="vera", substitute="bea", reason="asleep")
    crowded.do("task.confirm", "B", by="bea")
    board, forecast = crowded.board(), crowded.forecast()
    assert task_document(board, forecast, crowded.task("B"))["requires"] == {
        "of": ["vera", "gil", "sam"],
        "start": 2,
        "finish": 1,
        "confirmed": [{"what": "start", "person": "vera", "by": "bea", "at": "2026-11-27T18:10:00Z"}],
    }
    assert task_document(board, forecast, crowded.task("A"))["requires"] is None


def test_by_commands(commands: Commands) -> None:
    created(commands.path, plan())
    commands.good("run", "start", "--rehearsal", "mock 1")
    commands.good("task", "start", "A")
    commands.good("task", "done", "A")
    refused = commands("task", "start", "B", "--json")
    assert (refused.code, refused.error["where"]) == (1, "B")
    first = commands.good("task", "confirm", "B", "--as", "gil")
    assert first.err.strip() == "B: Gil Guest is there for it; 1 of 2 needed"
    commands.good("task", "confirm", "B", "--for", "sam", "--by", "phone")
    shown = commands.good("task", "show", "B").out
    assert "to start" in shown
    assert "2 of vera, gil, sam; confirmed by gil, sam" in shown
    assert "1 of vera, gil, sam; confirmed by nobody yet" in shown
    sheet = commands.path.with_name("sheet.csv")
    sheet.write_text("B,start,omar\nB.1,tick,omar\nB,confirm,vera\nB,done,omar\n")
    commands.good("task", "record", str(sheet), "--by", "paper")
    assert commands.json("task", "show", "B")["state"] == "verifying"
    assert [one["action"] for one in commands.json("journal", "list")].count("task.confirm") == 3


def test_times_are_kept_and_are_in_order(crowded: Cutover) -> None:
    crowded.do("task.confirm", "B", by="gil", at=minute(5))
    (given,) = crowded.board().rows(Confirmation).values()
    assert (given.at, given.person_id) == (minute(5), given.by_id)
