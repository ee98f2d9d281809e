"""Simulated people who are away: somebody who may acts in their place, or they are waited for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from tests.cutover import Cutover, document, gate, minute, task
from tests.unit.test_actions_tasks import Rehearse
from warroom.board.load import load_board
from warroom.board.presence import back_at
from warroom.runbook.document import PlannedAbsence, PlannedSeat, Requirement, RunbookDocument
from warroom.simulate.people import intentions
from warroom.simulate.play import play_stepped
from warroom.vocabulary.journal import Entry
from warroom.vocabulary.words import TaskState, VoteChoice

SEED = 5

Changed = Callable[..., RunbookDocument]


def plan() -> RunbookDocument:
    """omar's LOAD with bea as backup, verified by vera; then the gate GO, lena's, with gil's seat for which sam may
    stand in."""
    go = gate("GO", "LOAD", seats=("lena",), quorum=1)
    seats = (*go.seats, PlannedSeat("Seat of gil", "gil", substitutes=("lena", "sam")))
    return document(
        task("LOAD", 60, verifier="vera", verify=("Count",)),
        gates=(replace(go, seats=seats, quorum=2, backup="bea"),),
    )


def absent(runbook: RunbookDocument, handle: str, begin: int, end: int) -> RunbookDocument:
    away = (PlannedAbsence(begin * 60, end * 60),)
    people = tuple(replace(one, away=away) if one.handle == handle else one for one in runbook.people)
    return replace(runbook, people=people)


def meant(cutover: Cutover) -> list[tuple[str, str, datetime]]:
    board = load_board(cutover.state_file)
    now = board.run_time(cutover.clock.now())
    return [(one.who, one.action, max(one.due, now)) for one in intentions(board, now, SEED)]


def played(cutover: Cutover, **options: Any) -> list[tuple[str, str]]:
    seen: list[Entry] = []
    play_stepped(cutover.state_file, cutover.clock, SEED, on_entry=seen.append, **options)
    return [(entry.actor, entry.action) for entry in seen if entry.actor != "watch"]


def test_everybody_is_there(rehearse: Rehearse) -> None:
    cutover = rehearse(plan())
    (one,) = meant(cutover)
    assert one[:2] == ("omar", "task.start")


def test_the_backup_works_while_the_owner_is_away_and_the_owner_once_back(rehearse: Rehearse) -> None:
    cutover = rehearse(plan())
    cutover.do("person.away", "omar", reason="asleep", to_at=minute(30))
    assert [one[:2] for one in meant(cutover)] == [("bea", "task.start")]
    done = played(cutover)
    assert ("bea", "task.start") in done
    assert ("omar", "task.done") in done
    assert cutover.task("GO").state is TaskState.DONE


def test_a_substitute_goes_before_the_backup(rehearse: Rehearse) -> None:
    cutover = rehearse(plan())
    cutover.do("person.substitute", "omar", by="omar", substitute="sam", reason="asleep")
    assert [one[:2] for one in meant(cutover)] == [("sam", "task.start")]


def test_where_nobody_else_may_the_lead_does_and_else_they_are_waited_for(rehearse: Rehearse) -> None:
    cutover = rehearse(plan())
    for handle in ("omar", "bea"):
        cutover.do("person.away", handle, reason="asleep", to_at=minute(45))
    assert [one[:2] for one in meant(cutover)] == [("lena", "task.start")]
    cutover.do("person.away", "lena", reason="asleep", to_at=minute(50))
    assert meant(cutover) == [("omar", "task.start", minute(45))]
    cutover.do("person.away", "omar", reason="ill")
    assert meant(cutover) == [], "nobody knows when"


def test_an_absence_of_the_runbook_and_hours_are_waited_for(rehearse: Rehearse) -> None:
    cutover = rehearse(absent(plan(), "vera", 0, 200))
    done = played(cutover, until=minute(199))
    assert ("omar", "task.done") in done
    assert ("vera", "task.verify") not in done
    assert meant(cutover) == [("vera", "step.tick", minute(200))]
    board = cutover.board()
    vera = board.person_called("vera")
    assert vera is not None
    assert [back_at(board, vera.id, minute(at)) for at in (0, 199, 200)] == [minute(200), minute(200), minute(200)]


def test_a_verifier_on_leave_is_replaced_by_the_lead_but_never_by_the_executor(rehearse: Rehearse) -> None:
    cutover = rehearse(plan())
    cutover.do("person.substitute", "vera", by="vera", substitute="omar", reason="ill")
    done = played(cutover)
    assert ("lena", "task.verify") in done
    assert ("omar", "task.verify") not in done


def test_a_substitute_votes_who_holds_no_seat_and_the_backup_decides(rehearse: Rehearse) -> None:
    cutover = rehearse(plan())
    cutover.finish("LOAD")
    cutover.do("person.away", "gil", reason="ill")
    board = cutover.board()
    gate_task = cutover.task("GO")
    own = board.gate_of(gate_task.id)
    assert own is not None
    assert {one[0] for one in meant(cutover) if one[1] == "gate.vote"} == {"lena", "sam"}
    done = played(cutover)
    assert ("sam", "gate.vote") in done
    assert cutover.task("GO").state is TaskState.DONE


def test_the_backup_decides_for_an_owner_who_left(rehearse: Rehearse) -> None:
    cutover = rehearse(plan())
    cutover.finish("LOAD")
    for handle in ("lena", "sam"):
        cutover.do("gate.vote", "GO", by=handle, choice=VoteChoice.GO)
    cutover.do("person.away", "lena", reason="ill")
    assert [one[:2] for one in meant(cutover)] == [("bea", "gate.decide")]


@pytest.mark.parametrize(("gone", "first"), [((), "vera"), (("vera",), "gil")])
def test_of_those_whom_a_task_requires_who_is_there_confirms(
    gone: tuple[str, ...], first: str, rehearse: Rehearse
) -> None:
    requires = Requirement(("vera", "gil", "sam"), start=2, finish=1)
    cutover = rehearse(document(task("LOAD", 60, requires=requires)))
    for handle in gone:
        cutover.do("person.away", handle, reason="ill")
    done = played(cutover)
    assert done[0] == (first, "task.confirm")
    assert [action for _, action in done] == [
        *("task.confirm", "task.confirm", "task.start", "task.confirm", "task.done", "run.close")
    ]
