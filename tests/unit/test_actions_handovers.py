"""Handing over a shift: offered, accepted, and what goes over."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.cutover import Cutover, document, gate, minute, task
from warroom.board.handovers import left_to_verify
from warroom.board.people_documents import offers_to, shift_document
from warroom.runbook.document import RunbookDocument
from warroom.store.verify import verify
from warroom.vocabulary.errors import BadInput, Refused
from warroom.vocabulary.words import Assurance, Medium

Rehearse = Callable[[RunbookDocument], Cutover]


def people(cutover: Cutover, ref: str) -> tuple[str | None, ...]:
    row, board = cutover.task(ref), cutover.board()
    return tuple(board.handle(key) for key in (row.owner_id, row.backup_id, row.verifier_id))


def test_all_open_tasks_go_over_in_one_entry_when_it_is_accepted(cutover: Cutover) -> None:
    cutover.finish("A")
    before = {row.ref: people(cutover, row.ref) for row in cutover.board().tasks}
    cutover.do("handover.give", "omar", by="omar", to="sam", note="B is slow")
    assert {row.ref: people(cutover, row.ref) for row in cutover.board().tasks} == before
    entry = cutover.do("handover.accept", by="sam")
    assert (entry.subject, entry.done_by) == ("shift omar", "sam")
    assert {change.table for change in entry.changes} == {"shift_handover", "task"}
    assert people(cutover, "A") == ("omar", "bea", None)  # it is done
    assert people(cutover, "B") == ("sam", "bea", "vera")
    assert people(cutover, "C") == ("bea", "sam", None)  # his part as backup too
    assert people(cutover, "U1") == ("sam", "bea", None)  # of the back-out
    assert people(cutover, "GO") == ("lena", None, None)
    cutover.do("task.start", "B", by="sam")
    with pytest.raises(Refused):
        cutover.do("task.block", "B", by="omar", reason="x")
    assert verify(cutover.state_file).sound


def test_parts_that_exclude_each_other_do_not_meet(rehearse: Rehearse) -> None:
    runbook = document(
        task("OWN", 10, verifier="vera"),
        task("BACKED", 10, owner="omar", backup="sam"),
        task("VERIFIED", 10, owner="sam", backup="bea", verifier="omar"),
        task("TURNED", 10, owner="omar", backup="bea", verifier="sam"),
        gates=[gate("GATE", "OWN", owner="omar", seats=("omar",), quorum=1)],
    )
    cutover = rehearse(runbook)
    cutover.do("handover.give", "omar", to="sam")
    cutover.do("handover.accept", by="sam")
    assert people(cutover, "OWN") == ("sam", "bea", "vera")
    assert people(cutover, "BACKED") == ("sam", None, None)  # nobody is their own backup
    assert people(cutover, "VERIFIED") == ("sam", "bea", "omar")  # nobody verifies their own work
    assert people(cutover, "TURNED") == ("sam", "bea", "sam")
    assert people(cutover, "GATE") == ("omar", None, None)  # to decide is a mandate
    board = cutover.board()
    omar, sam = (board.person_called(handle) for handle in ("omar", "sam"))
    assert omar is not None
    assert sam is not None
    left = [row.ref for row in board.tasks if left_to_verify(row, omar.id, sam.id)]
    assert left == ["VERIFIED", "TURNED"]


def test_who_executed_a_task_does_not_take_over_its_verification(rehearse: Rehearse) -> None:
    cutover = rehearse(document(task("T", 10, verifier="vera")))
    cutover.do("task.start", "T", done_by="sam")
    cutover.do("task.done", "T", done_by="sam")
    cutover.do("handover.give", "vera", to="sam")
    cutover.do("handover.accept", by="sam")
    assert people(cutover, "T") == ("omar", "bea", "vera")


def test_who_offers_and_who_accepts(cutover: Cutover) -> None:
    with pytest.raises(Refused, match="only the person concerned, the lead or a deputy"):
        cutover.do("handover.give", "omar", by="bea", to="sam")
    with pytest.raises(BadInput, match="nobody hands over to themselves"):
        cutover.do("handover.give", "omar", to="omar")
    with pytest.raises(Refused, match="no shift is offered"):
        cutover.do("handover.accept", by="sam")
    cutover.do("handover.give", "omar", to="sam")
    for by in ("bea", "lena", "omar"):
        with pytest.raises(Refused, match="only the one coming in"):
            cutover.do("handover.accept", "omar", by=by)
    cutover.do("handover.give", "omar", by="omar", note="to anybody")  # replaces the offer
    assert len(offers_to(cutover.board(), 6)) == 1
    with pytest.raises(BadInput, match="nobody hands over to themselves"):
        cutover.do("handover.accept", "omar", by="omar")
    cutover.do("handover.give", "bea", to="sam")
    with pytest.raises(BadInput, match="several shifts are offered: omar, bea"):
        cutover.do("handover.accept", by="sam")
    entry = cutover.do("handover.accept", "bea", by="lena", done_by="sam", medium=Medium.PHONE)
    assert (entry.actor, entry.done_by, entry.assurance, entry.by) == ("lena", "sam", Assurance.PROXY, Medium.PHONE)
    assert people(cutover, "C") == ("sam", "omar", None)
    cutover.do("person.edit", "gil", fields={"roles": ("observer",)})
    with pytest.raises(Refused, match="only the one coming in"):
        cutover.do("handover.accept", by="gil")
    with pytest.raises(Refused, match="an observer"):
        cutover.do("handover.give", "omar", to="gil")


def test_what_the_one_coming_in_is_told(cutover: Cutover) -> None:
    cutover.finish("A")
    cutover.to(10)
    cutover.do("task.start", "B", by="omar")
    cutover.do("task.eta", "B", by="omar", eta=minute(90), reason="many rows")
    cutover.do("task.block", "TRY", by="omar", reason="no access")
    board = cutover.board()
    omar, sam = (board.person_called(handle) for handle in ("omar", "sam"))
    assert omar is not None
    told = shift_document(board, cutover.forecast(), omar, sam)
    refs = {key: [row["ref"] for row in told[key]] for key in ("done_since", "running", "next", "blocked")}
    assert refs == {"done_since": ["A"], "running": ["B"], "next": ["C", "END"], "blocked": ["TRY"]}
    (running,) = told["running"]
    assert (running["as"], running["eta"], running["eta_reason"]) == (["owner"], "2026-11-27T19:30:00Z", "many rows")
    assert told["next"][0]["as"] == ["backup"]
    assert told["blocked"][0]["blocked_reason"] == "no access"
    assert (told["since"], told["later"], told["decisions"]) == ("2026-11-27T18:00:00Z", 1, [])
    vera = board.person_called("vera")
    assert vera is not None
    (decision,) = shift_document(board, cutover.forecast(), vera)["decisions"]
    assert (decision["ref"], decision["due"]) == ("GO", "2026-11-27T20:30:00Z")

    cutover.do("handover.give", "omar", to="sam")
    cutover.to(20)
    cutover.do("handover.accept", by="sam")
    assert sam is not None
    later = shift_document(cutover.board(), cutover.forecast(), sam)
    assert (later["since"], later["done_since"]) == ("2026-11-27T18:20:00Z", [])
    assert [row["ref"] for row in later["running"]] == ["B"]
