"""What if? On a Board and from the command line; worked by hand, in minutes from the start of the window.

The small plan: A 0-30, B 30-90, C 40-60, GO 90-105 (due 150), END 105-135, with which the window ends at 240 and which
is the point of no return. A back-out takes 60 and must be decided 75 before the end: by 165.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tests.commands import Commands
from tests.cutover import MINUTE, PEOPLE, START, SURROUNDINGS, Cutover, document, small_document, task
from warroom.board.board import Board
from warroom.board.forecast import forecast
from warroom.board.from_runbook import bare_board
from warroom.board.resources import resources
from warroom.board.whatif import Outcome, Suppositions, ranked, suppose, sweep
from warroom.board.whatif_documents import outcome_document
from warroom.runbook.document import PlannedAbsence, RunbookDocument
from warroom.schedule.network import CyclicNetwork, Link
from warroom.schedule.whatif import BadChange, Change

Rehearse = Callable[[RunbookDocument], Cutover]


def supposed(board: Board, *changes: Change, **more: Any) -> Outcome:
    return suppose(board, forecast(board, START, from_window=True), Suppositions(changes, **more))


def slip(ref: str, minutes: int) -> Change:
    return Change(ref, slip=minutes * MINUTE)


def minutes(spans: dict[str, int]) -> dict[str, float]:
    return {ref: seconds / MINUTE for ref, seconds in spans.items()}


def broken(outcome: Outcome) -> list[tuple[str, str, str | None, float, float, float]]:
    return [
        (each.kind.value, each.ref, each.owner, each.limit / MINUTE, each.expected / MINUTE, each.late / MINUTE)
        for each in outcome.breaks
    ]


SMALL = bare_board(small_document())
WINDOW = ("window", "END", "omar", 240, 241, 1)


@pytest.mark.parametrize(
    ("late", "breaks"),
    [
        (30, []),
        (45, []),
        (46, [("gate", "GO", "lena", 150, 151, 1)]),
        (60, [("gate", "GO", "lena", 150, 165, 15)]),
        (61, [("gate", "GO", "lena", 150, 166, 16), ("backout", "END", "omar", 165, 166, 1)]),
        (106, [WINDOW, ("gate", "GO", "lena", 150, 211, 61), ("backout", "END", "omar", 165, 211, 46)]),
    ],
)
def test_a_slip_breaks_what_comes_after_it(late: int, breaks: list[Any]) -> None:
    outcome = supposed(SMALL, slip("B", late))
    assert broken(outcome) == breaks
    assert (outcome.finish_moves / MINUTE, outcome.window_float / MINUTE) == (late, 105 - late)
    assert minutes(outcome.moves) == dict.fromkeys(["B", "END", "AFTER", "GO"], late)
    assert (outcome.backout_moves, outcome.decide_backout_by) == (0, 165 * MINUTE)
    assert outcome.breaks_window is (late > 105)


def test_float_takes_a_slip_up() -> None:
    outcome = supposed(SMALL, slip("C", 30))
    assert (minutes(outcome.moves), outcome.finish_moves, outcome.breaks) == ({"C": 30}, 0, ())


def test_several_changes_at_once() -> None:
    outcome = supposed(SMALL, slip("C", 40), slip("B", 5), Change("REAL", skip=True), Change("A", duration=20 * MINUTE))
    assert minutes(outcome.moves) == {"A": -10, "B": -5, "C": 30}


def test_slips_in_a_row_add_up_whatever_their_order() -> None:
    for changes in ([slip("A", 30), slip("B", 20)], [slip("B", 20), slip("A", 30)]):
        assert minutes(supposed(SMALL, *changes).moves) == {
            **dict.fromkeys(["A", "C", "REAL"], 30),
            **dict.fromkeys(["B", "END", "AFTER", "GO"], 50),
        }


def test_a_longer_back_out_must_be_decided_earlier() -> None:
    outcome = supposed(SMALL, slip("U2", 30))
    assert (outcome.backout_moves / MINUTE, outcome.decide_backout_by) == (-30, 135 * MINUTE)
    assert (outcome.moves, outcome.breaks) == ({}, ())
    assert broken(supposed(SMALL, slip("U2", 61))) == [("backout", "END", "omar", 104, 105, 1)]
    assert supposed(SMALL, Change("U2", skip=True)).backout_moves == 40 * MINUTE
    with pytest.raises(BadChange, match="U2 has no time of its own"):
        supposed(SMALL, Change("U2", eta=0))


def test_links_can_come_and_go() -> None:
    outcome = supposed(SMALL, linked=(Link("B", "C"),), unlinked=(("A", "C"),))
    assert minutes(outcome.moves) == {"C": 50, "END": 20, "AFTER": 20, "GO": 20}
    with pytest.raises(CyclicNetwork, match="END"):
        supposed(SMALL, linked=(Link("END", "A"),))
    with pytest.raises(BadChange, match="no link"):
        supposed(SMALL, unlinked=(("C", "A"),))


def away(*tasks: Any) -> Board:
    """A plan in which omar is away from 50 to 80; bea is not."""
    omar = replace(PEOPLE[1], away=(PlannedAbsence(50 * MINUTE, 80 * MINUTE),))
    return bare_board(replace(document(*tasks), people=(PEOPLE[0], omar, *PEOPLE[2:])))


def test_an_owner_who_is_off_before_the_task_is_finished() -> None:
    board = away(task("A", 45), task("B", 10, "A", owner="bea"))
    outcome = supposed(board, slip("A", 20))
    assert broken(outcome) == [("availability", "A", "omar", 50, 95, 30)]
    assert minutes(outcome.moves) == {"A": 50, "B": 50}
    assert supposed(board, slip("A", 5)).breaks == ()
    # When it slips beyond the absence nobody is interrupted.
    assert supposed(board, slip("A", 50)).breaks == ()


def test_another_owner_has_other_hours() -> None:
    board = away(task("A", 60), task("B", 60, owner="bea"))
    people = {person.handle: person.id for person in map(board.person, range(1, 7)) if person is not None}
    outcome = supposed(board, owners={"A": people["bea"], "B": people["omar"]})
    assert minutes(outcome.moves) == {"A": -30, "B": 30}
    assert broken(outcome) == [("availability", "B", "omar", 50, 90, 30)]
    assert supposed(SMALL, owners={"A": 3}).moves == {}


def test_the_rota_says_whom_to_call_when_it_would_take_place() -> None:
    """Gil has the desk up to 60, sam from then on. B is planned for 50; when A slips by 30 it is sam's."""
    runbook = document(task("A", 50), task("B", 20, "A", owner="role:desk"))
    board = bare_board(replace(runbook, surroundings=SURROUNDINGS))
    base = forecast(board, START, from_window=True)
    found = {}
    for late in (5, 30):
        outcome = suppose(board, base, Suppositions((slip("A", late),)))
        found[late] = [row["owner"] for row in outcome_document(board, base, outcome)["owners"]]
    assert found == {5: ["omar", "gil"], 30: ["omar", "sam"]}
    assert resources(board, base).load == {"omar": {0: 50 * MINUTE}, "gil": {0: 10 * MINUTE, 1: 10 * MINUTE}}


def test_in_a_run_what_has_happened_stands(rehearse: Rehearse) -> None:
    cutover = rehearse(small_document())
    cutover.finish("A")
    cutover.to(10)
    cutover.do("task.start", "B")
    board = cutover.board()
    base = cutover.forecast()
    outcome = suppose(board, base, Suppositions((Change("B", eta=100 * MINUTE),)))
    assert minutes(outcome.moves) == {"B": 30, "GO": 30, "END": 30, "AFTER": 30}
    with pytest.raises(BadChange, match="A is finished already"):
        suppose(board, base, Suppositions((slip("A", 10),)))
    assert [row.ref for row, _ in sweep(board, base, MINUTE)] == ["B", "C", "TRY", "END", "AFTER", "GO"]


def test_a_sweep_ranks_the_worst_first() -> None:
    """C has half an hour of float, REAL an hour. Of those that break the same, the one comes first that moves most."""
    found = ranked(sweep(SMALL, forecast(SMALL, START, from_window=True), 46 * MINUTE))
    assert [(row.ref, outcome.finish_moves / MINUTE, len(outcome.breaks)) for row, outcome in found] == [
        ("A", 46, 1),
        ("B", 46, 1),
        ("GO", 46, 1),
        ("END", 46, 0),
        ("C", 16, 0),
        ("REAL", 0, 0),
        ("AFTER", 0, 0),
    ]


# --- the command -----------------------------------------------------------------------------------------------------


def test_whatif_as_a_document(planning: Commands) -> None:
    found = planning.json("whatif", "B+61m", "C-5m")
    assert list(found) == [
        *("finish_moves_s", "forecast_finish", "window_float_s"),
        *("latest_backout_moves_s", "latest_backout_decision"),
        *("tasks", "gates", "owners", "breaks"),
    ]
    assert (found["finish_moves_s"], found["window_float_s"]) == (61 * 60, 44 * 60)
    assert (found["latest_backout_moves_s"], found["latest_backout_decision"]) == (0, "2026-11-27T20:45:00Z")
    assert [(row["ref"], row["moves_s"] / 60) for row in found["tasks"]] == [
        ("B", 61),
        ("C", -5),
        ("END", 61),
        ("AFTER", 61),
        ("GO", 61),
    ]
    assert found["gates"] == [
        {"ref": "GO", "moves_s": 3660, "owner": "lena", "expected_at": "2026-11-27T20:46:00Z"},
    ]
    assert found["owners"] == [
        {"owner": "omar", "moves_s": 3660, "tasks": ["B", "END", "AFTER"]},
        {"owner": "bea", "moves_s": -300, "tasks": ["C"]},
        {"owner": "lena", "moves_s": 3660, "tasks": ["GO"]},
    ]
    assert found["breaks"][1] == {
        "kind": "backout",
        "ref": "END",
        "owner": "omar",
        "limit": "2026-11-27T20:45:00Z",
        "expected": "2026-11-27T20:46:00Z",
        "late_s": 60,
    }


def test_whatif_in_words_changes_nothing(rehearsal: Commands) -> None:
    before = rehearsal.json("journal", "list")
    text = rehearsal.good("whatif", "B+101m").out
    for shown in ("4m inside", "gate", "its decision is due", "56m late", "a back-out must be decided", "+1h41"):
        assert shown in text
    assert "nothing breaks" in rehearsal.good("whatif", "B+1m").out
    assert "nothing moves" in rehearsal.good("whatif", "U2+1m").out
    rehearsal.good("whatif", "--skip", "A", "--assign", "B=bea", "--eta", "B=T+2h", "--link", "C=B FF+5m")
    assert rehearsal.json("whatif", "--unlink", "GO=B", "--json")["finish_moves_s"] == -30 * 60
    assert rehearsal.json("journal", "list") == before


def test_a_sweep_as_a_document_and_in_words(planning: Commands) -> None:
    found = planning.json("whatif", "--sweep", "46m")
    assert (found["slip_s"], found["window_float_s"], len(found["tasks"])) == (46 * 60, 105 * 60, 7)
    assert {row["ref"] for row in found["tasks"][:3]} == {"A", "B", "GO"}
    first = found["tasks"][0]
    assert list(first) == ["ref", "title", "owner", "finish_moves_s", "window_float_s", "moved", "breaks"]
    assert [each["kind"] for each in first["breaks"]] == ["gate"]
    text = planning.good("whatif", "--sweep", "46m").out
    assert text.splitlines()[0] == "if it slips by 46m: 3 of 7 open tasks break something"
    assert "gate GO" in text


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        ([], 2, "nothing is supposed"),
        (["A+30m", "--sweep", "30m"], 2, "--sweep supposes a slip of every task by itself"),
        (["X+30m"], 2, "there is no task X"),
        (["A"], 2, "'A' says no slip"),
        (["A+x"], 2, "'x' is not a duration"),
        (["--sweep", "x"], 2, "'x' is not a duration"),
        (["--eta", "A"], 2, "'A' has no '='"),
        (["--eta", "A=x"], 2, "'x' is neither a span nor a time"),
        (["--assign", "A=nobody"], 2, "there is nobody called nobody"),
        (["--link", "A=B XX"], 2, "'XX' is not a type of link"),
        (["--link", "A=END"], 2, "a cycle: "),
        (["--unlink", "A=END"], 1, "there is no link from END to A"),
        (["--skip", "REAL", "--runbook", "x.yaml", "--run", "mock 1"], 2, "a runbook file has no runs"),
        (["TRY+30m"], 1, "there is no activity TRY"),
    ],
)
def test_what_cannot_be_supposed(planning: Commands, arguments: list[str], code: int, message: str) -> None:
    answer = planning("whatif", *arguments, "--json")
    assert (answer.code, answer.out) == (code, "")
    assert message in answer.error["message"]


def test_what_is_done_cannot_slip(rehearsal: Commands) -> None:
    rehearsal.good("task", "skip", "C", "--reason", "x")
    answer = rehearsal("whatif", "C+5m")
    assert (answer.code, "C is skipped already" in answer.err) == (1, True)
