"""The log of the night: raised, kept up to date, solved or accepted, opened again."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cutover import Cutover, minute
from warroom.rules.gate_documents import problem_document
from warroom.rules.problems import open_problems
from warroom.store.verify import verify
from warroom.vocabulary.errors import BadInput, Refused
from warroom.vocabulary.words import ProblemStatus


def test_the_life_of_a_problem(cutover: Cutover) -> None:
    entry = cutover.do(
        "problem.raise", by="omar", title="Totals differ", severity=2, owner="bea", due_at=minute(60), tasks=["A", "A"]
    )
    assert (entry.subject, entry.reason) == ("problem 1", "Totals differ")
    cutover.to(5)
    cutover.do("problem.update", 1, by="bea", fields={"severity": 1, "workaround": "By hand", "due_at": None})
    board = cutover.board()
    assert problem_document(board, board.problems[0]) == {
        "number": 1,
        "severity": 1,
        "title": "Totals differ",
        "status": "open",
        "owner": "bea",
        "workaround": "By hand",
        "due": None,
        "tasks": ["A"],
        "raised_at": "2026-11-27T18:00:00Z",
        "raised_by": "omar",
        "closed_at": None,
        "closed_by": None,
        "outcome": None,
    }
    cutover.do("problem.solve", 1, by="bea", outcome="posted again")
    (problem,) = cutover.board().problems
    assert (problem.status, problem.outcome, problem.closed_at) == (ProblemStatus.SOLVED, "posted again", minute(5))
    with pytest.raises(Refused, match="problem 1 is solved: posted again"):
        cutover.do("problem.update", 1, fields={"severity": 3})
    cutover.do("problem.reopen", 1, by="vera", reason="differs again")
    with pytest.raises(Refused, match="problem 1 is open"):
        cutover.do("problem.reopen", 1, reason="twice")
    cutover.do("problem.solve", 1, outcome="lived with", accepted=True)
    assert cutover.board().problems[0].status is ProblemStatus.ACCEPTED
    assert verify(cutover.state_file).sound


def test_the_open_ones_the_worst_first(cutover: Cutover) -> None:
    for severity in (3, 1, 2, 1):
        cutover.do("problem.raise", title="x", severity=severity)
    cutover.do("problem.solve", 2, outcome="done")
    problems = cutover.board().problems
    assert [one.number for one in open_problems(problems)] == [4, 3, 1]
    assert [one.number for one in open_problems(problems, 1)] == [4]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"title": " ", "severity": 1}, "the title is missing"),
        ({"title": "x", "severity": 0}, r"a severity is 1 \(the worst\) to 4"),
        ({"title": "x", "severity": 5}, r"a severity is 1 \(the worst\) to 4"),
        ({"title": "x", "severity": 1, "owner": "nobody"}, "there is nobody called nobody"),
        ({"title": "x", "severity": 1, "tasks": ["Z"]}, "there is no task Z"),
        ({"title": "x\x1b", "severity": 1}, "holds the control character"),
        ({"title": "x", "severity": 1, "workaround": "\x07"}, "holds the control character"),
    ],
)
def test_what_cannot_be_raised(arguments: dict[str, Any], said: str, cutover: Cutover) -> None:
    with pytest.raises(BadInput, match=said):
        cutover.do("problem.raise", **arguments)
    assert cutover.board().problems == ()


def test_what_is_not_there(cutover: Cutover) -> None:
    with pytest.raises(BadInput, match="there is no problem 4"):
        cutover.do("problem.solve", 4, outcome="x")
    with pytest.raises(BadInput, match="nothing is to be changed"):
        cutover.do("problem.update", 4, fields={})
    cutover.do("problem.raise", title="x", severity=1)
    with pytest.raises(BadInput, match="a problem has no status that could be changed"):
        cutover.do("problem.update", 1, fields={"status": ProblemStatus.SOLVED})


def test_raising_is_taken_back_by_who_did_it(cutover: Cutover) -> None:
    cutover.do("problem.raise", by="omar", title="x", severity=1)
    cutover.do("undo", by="omar")
    assert cutover.board().problems == ()
