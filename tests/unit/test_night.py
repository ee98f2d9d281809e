"""Decisions taken on the spot, papers that are entered afterwards, and roll-calls: actions and commands."""

from __future__ import annotations

import pytest

from tests.commands import Commands
from tests.cutover import Cutover, minute
from warroom.board.night import (
    answers_to,
    decision_document,
    decisions_of_the_night,
    last_roll_call,
    paper_document,
    paper_documents,
)
from warroom.store.verify import verify
from warroom.vocabulary.errors import BadInput, Refused


def test_a_decision_taken_on_the_spot(cutover: Cutover) -> None:
    entry = cutover.do(
        "log.decision", by="omar", text="By hand", reason="only ten", decided_by="lena", tasks=["A", "A"]
    )
    assert (entry.subject, entry.reason) == ("decision 1", "only ten")
    cutover.do("log.decision", by="bea", text="Wait for the bank", reason="it is closed")
    board = cutover.board()
    first, second = decisions_of_the_night(board)
    assert decision_document(board, first) == {
        "number": 1,
        "text": "By hand",
        "because": "only ten",
        "decided_by": "lena",
        "tasks": ["A"],
        "at": "2026-11-27T18:00:00Z",
    }
    assert board.handle(second.decided_by_id) == "bea"
    with pytest.raises(BadInput, match="the reason is missing"):
        cutover.do("log.decision", text="x", reason=" ")
    with pytest.raises(BadInput):
        cutover.do("log.decision", text="x\x1b", reason="y")
    assert verify(cutover.state_file).sound


def test_a_paper_document_is_entered_once(cutover: Cutover) -> None:
    cutover.do("log.paper", by="omar", text="Delivery note 4711", owner="bea", due_at=minute(60))
    cutover.to(50)
    cutover.do("log.entered", 1, by="bea", entered_as="SH-1001")
    board = cutover.board()
    (paper,) = paper_documents(board)
    assert paper_document(board, paper) == {
        "number": 1,
        "text": "Delivery note 4711",
        "owner": "bea",
        "due": "2026-11-27T19:00:00Z",
        "made_at": "2026-11-27T18:00:00Z",
        "made_by": "omar",
        "entered_as": "SH-1001",
        "entered_at": "2026-11-27T18:50:00Z",
        "entered_by": "bea",
    }
    with pytest.raises(Refused, match="entered as SH-1001"):
        cutover.do("log.entered", 1, entered_as="SH-1002")
    with pytest.raises(BadInput, match="no paper document 2"):
        cutover.do("log.entered", 2, entered_as="x")
    cutover.do("undo", by="bea", reason="the wrong number")
    assert paper_documents(cutover.board())[0].entered_as is None


def test_a_roll_call_counts_from_nothing(cutover: Cutover) -> None:
    with pytest.raises(Refused, match="no roll was called"):
        cutover.do("roll.answer", "omar")
    cutover.do("roll.call", title="Before the freeze")
    cutover.do("roll.answer", "omar", by="omar")
    cutover.do("roll.answer", "vera", by="lena")
    with pytest.raises(Refused, match="only the lead"):
        cutover.do("roll.answer", "gil", by="omar")
    with pytest.raises(Refused, match="answered already"):
        cutover.do("roll.answer", "omar")
    cutover.do("roll.missing", "vera")
    with pytest.raises(Refused, match="has not answered"):
        cutover.do("roll.missing", "vera")
    board = cutover.board()
    call = last_roll_call(board)
    assert call is not None
    assert [board.handle(key) for key in answers_to(board, call)] == ["omar"]
    cutover.do("roll.call")
    board = cutover.board()
    second = last_roll_call(board)
    assert second is not None
    assert (second.number, answers_to(board, second)) == (2, {})
    assert len(answers_to(board, call)) == 1, "what was answered before stays on record"
    with pytest.raises(Refused, match="only the lead"):
        cutover.do("roll.call", by="omar")
    assert verify(cutover.state_file).sound


def test_the_log_by_commands(rehearsal: Commands) -> None:
    rehearsal.good("problem", "raise", "Totals differ", "--severity", "1", "--owner", "bea")
    told = rehearsal.good(
        "log", "decision", "By hand", "--reason", "only ten", "--decided-by", "bea", "--task", "A"
    ).err
    assert "decision 1: By hand (only ten)" in told
    assert "to be entered" in rehearsal.good("log", "paper", "note 4711", "--owner", "omar", "--due", "2h").err
    listed = rehearsal.good("log", "list").out
    for wanted in ("problem 1", "decision 1", "Bea Backup", "paper 1", "note 4711"):
        assert wanted in listed
    assert "entered as SH-1" in rehearsal.good("log", "entered", "1", "--number", "SH-1").err
    found = rehearsal.json("log", "list")
    assert ([one["number"] for one in found["problems"]], found["papers"]) == ([1], [])
    assert [one["entered_as"] for one in rehearsal.json("log", "list", "--all")["papers"]] == ["SH-1"]


def test_the_roll_by_commands(rehearsal: Commands) -> None:
    assert rehearsal.good("roll", "show").out.strip() == "no roll was called"
    rehearsal.good("roll", "call", "before the freeze")
    assert "omar is there; 1 of 6 have answered" in rehearsal.good("roll", "answer", "omar").err
    lines = rehearsal.good("roll", "show").out.splitlines()
    assert lines[-1].split()[1] == "omar"
    assert lines[1].startswith("missing")
    rehearsal.good("roll", "answer", "omar", "--missing")
    assert all(one["answered_at"] is None for one in rehearsal.json("roll", "show")["people"])
