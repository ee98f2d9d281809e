"""What lets successors go before it is verified, and roles that a run resolves anew."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from tests.cutover import MINUTE, Cutover, document, gate, minute, task
from warroom.board.rota import shift_at
from warroom.runbook.document import PlannedCalendar, PlannedSeat, RunbookDocument
from warroom.runbook.surroundings import PlannedShift, Surroundings
from warroom.schedule.hours import WorkingHours
from warroom.vocabulary.words import Releases, Runs, ShownState

Rehearse = Callable[[RunbookDocument], Cutover]


def test_successors_wait_for_the_verifier_unless_the_task_releases_on_execution(rehearse: Rehearse) -> None:
    cutover = rehearse(
        document(
            task("A", 30, verifier="vera"),
            task("B", 30, verifier="vera", releases=Releases.ON_EXECUTION),
            task("AFTER-A", 10, "A"),
            task("AFTER-B", 10, "B+5"),
        )
    )
    for ref in ("A", "B"):
        cutover.do("task.start", ref, by="omar")
    cutover.to(20)
    for ref in ("A", "B"):
        cutover.do("task.done", ref, by="omar")
    board = cutover.board()
    assert [board.shown_state(cutover.task(ref)) for ref in ("A", "B", "AFTER-A", "AFTER-B")] == [
        ShownState.VERIFYING,
        ShownState.VERIFYING,
        ShownState.WAITING,
        ShownState.READY,
    ]
    expected = cutover.forecast()
    assert expected.of(cutover.task("AFTER-A")).start == 30 * MINUTE, "A is expected to be verified when it was planned"
    assert expected.of(cutover.task("AFTER-B")).start == 25 * MINUTE, "five minutes after B was executed"
    cutover.to(40)
    cutover.do("task.verify", "B", by="vera")
    assert cutover.task("B").actual_finish == minute(40)
    assert cutover.forecast().expected.of("B").finish == 20 * MINUTE
    cutover.do("task.start", "AFTER-B", by="omar")
    assert not cutover.task("AFTER-B").out_of_sequence


def test_a_shift_is_found_for_every_instant() -> None:
    shifts = [PlannedShift("desk", "late", 50, 90), PlannedShift("desk", "early", 0, 40)]
    found = {at: shift.who for at in (-5, 0, 39, 40, 49, 50, 89, 90, 500) if (shift := shift_at(shifts, at))}
    early, late = (-5, 0, 39), (40, 49, 50, 89, 90, 500)
    assert found == dict.fromkeys(early, "early") | dict.fromkeys(late, "late")
    assert shift_at([], 0) is None


def test_a_run_asks_the_rota_again(rehearse: Rehearse) -> None:
    """In the plan LONG waits for REAL, an hour that rehearsals leave out: there it begins in gil's shift, not sam's."""
    long, real = task("LONG", 30, "A", "REAL", owner="role:desk"), task("REAL", 60, runs=Runs.LIVE)
    plan = document(
        task("A", 10),
        real,
        long,
        gates=(replace(gate("GO", "LONG"), seats=(PlannedSeat("Desk", "role:desk"),), quorum=1),),
    )
    rota = (PlannedShift("desk", "gil", 0, 15 * MINUTE), PlannedShift("desk", "sam", 15 * MINUTE, 240 * MINUTE))
    cutover = rehearse(replace(plan, surroundings=Surroundings(rota=rota)))
    board = cutover.board()
    assert (board.handle(cutover.task("LONG").owner_id), cutover.task("LONG").owner_role) == ("gil", "desk")
    kept = board.gate_of(cutover.task("GO").id)
    assert kept is not None
    assert [board.handle(seat.person_id) for seat in board.seats(kept.id)] == ["sam"], (
        "the gate comes half an hour later"
    )
    with cutover.state_file.read() as reader:
        planned = {row.ref: row.owner_id for row in reader.find(type(cutover.task("LONG")), version_id=1)}
    assert board.handle(planned["LONG"]) == "sam"


def test_whoever_has_a_role_is_there_during_the_shift_whatever_their_calendar_says(rehearse: Rehearse) -> None:
    """The small cutover is on a Friday evening, and gil works in the mornings."""
    mornings = WorkingHours("Europe/Berlin", dict.fromkeys(range(7), ((480, 720),)))
    plan = document(task("A", 10, owner="role:desk"), task("B", 10, owner="gil"))
    people = tuple(replace(person, calendar="am") if person.handle == "gil" else person for person in plan.people)
    rota = (PlannedShift("desk", "gil", 0, 240 * MINUTE),)
    cutover = rehearse(
        replace(
            plan,
            people=people,
            calendars=(PlannedCalendar("am", mornings),),
            surroundings=Surroundings(rota=rota),
        )
    )
    planned = cutover.forecast().plan
    assert planned.of("A").start == 0
    assert planned.of("B").start > 240 * MINUTE
