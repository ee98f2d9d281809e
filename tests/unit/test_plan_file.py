"""Making a loaded plan say what a runbook says, and telling plans apart."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.cutover import MINUTE, START, Cutover, caller, small_document, task
from warroom.actions import plan_file, runs
from warroom.board.from_runbook import bare_board
from warroom.board.load import board_at, follow, load_board
from warroom.board.rows import Person, PlanVersion
from warroom.lint.differences import Difference, How, differences
from warroom.resources import folder
from warroom.runbook.document import AssuranceAsked, Party, PlannedTrigger, RunbookDocument
from warroom.runbook.document import Person as PlannedPerson
from warroom.runbook.reader import read_runbook
from warroom.runbook.surroundings import Surroundings
from warroom.store.verify import verify
from warroom.vocabulary.errors import BadInput, PlanRefused, Refused
from warroom.vocabulary.words import Assurance, RunKind

CLOCKED = {"text": "Orders stand still", "clock_s": 3600}


def with_task(runbook: RunbookDocument, ref: str, **values: Any) -> RunbookDocument:
    return replace(runbook, tasks=tuple(replace(each, **values) if each.ref == ref else each for each in runbook.tasks))


def without(runbook: RunbookDocument, ref: str) -> RunbookDocument:
    return replace(runbook, tasks=tuple(each for each in runbook.tasks if each.ref != ref))


def apply(cutover: Cutover, runbook: RunbookDocument, by: str = "lena") -> None:
    cutover.do("plan.apply", by=by, document=runbook, name="new.yaml", reason="as agreed")


def between(before: RunbookDocument, after: RunbookDocument) -> list[tuple[Any, ...]]:
    return [
        (each.how.value, each.what, each.name, each.field, each.before, each.after)
        for each in differences(bare_board(before), bare_board(after))
    ]


# --- differences -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sample", ["first-cutover.yaml", "business-central.yaml"])
def test_a_plan_does_not_differ_from_itself(sample: str) -> None:
    document = read_runbook(folder("sample_runbooks") / sample)
    assert differences(bare_board(document), bare_board(document)) == ()


def test_fields_of_tasks_gates_and_the_rest() -> None:
    before = small_document()
    after = with_task(before, "B", owner="bea", duration_s=90 * MINUTE, steps=("Load", "Log"), verify=(), undo=None)
    after = with_task(after, "C", links=(*before.tasks[1].links,), not_before_s=600)
    (go,) = before.gates
    after = replace(
        after,
        gates=(replace(go, quorum=3, criteria=go.criteria[:1], seats=go.seats[:3]),),
        window=replace(before.window, end=before.window.end + timedelta(hours=1), ends_with="AFTER"),
        rollback=replace(
            before.rollback,
            triggers=(PlannedTrigger("Totals differ", "more than 200 EUR"), *before.rollback.triggers[1:]),
        ),
        controls=before.controls[:1],
        people=(*before.people[1:], replace(before.people[0], phone="112")),
    )
    assert between(before, after) == [
        ("changed", "window", "window", "window_end", "2026-11-27T22:00:00Z", "2026-11-27T23:00:00Z"),
        ("changed", "window", "window", "ends_with", "END", "AFTER"),
        ("changed", "person", "lena", "phone", None, "112"),
        ("changed", "task", "B", "owner", "omar", "bea"),
        ("changed", "task", "B", "duration_s", 3_600, 5_400),
        ("changed", "task", "B", "undo", "Unload.", None),
        ("changed", "task", "B", "steps", ["Load"], ["Load", "Log"]),
        ("changed", "task", "B", "verify", ["Count"], None),
        ("changed", "task", "C", "not_before_s", None, 600),
        ("changed", "task", "C", "after", ["A FS+10m"], ["A"]),
        ("changed", "gate", "GO", "quorum", 2, 3),
        ("changed", "gate", "GO", "criteria", ["Totals agree", "No error left"], ["Totals agree"]),
        ("removed", "control", "stock", None, None, None),
        (
            *("changed", "plan", "plan", "triggers"),
            [{"text": "Totals differ", "threshold": "more than 100 EUR"}, CLOCKED],
            [{"text": "Totals differ", "threshold": "more than 200 EUR"}, CLOCKED],
        ),
    ]


def test_what_came_what_went_and_the_order() -> None:
    before = small_document()
    after = replace(without(before, "TRY"), tasks=())
    first, second, *rest = without(before, "TRY").tasks
    after = replace(before, tasks=(second, first, *rest, task("NEW", 5)))
    after = with_task(after, "END", links=tuple(link for link in after.tasks[4].links if link.predecessor != "TRY"))
    found = between(before, after)
    assert ("removed", "task", "TRY", None, None, None) in found
    assert ("added", "task", "NEW", None, None, None) in found
    (order,) = (each for each in found if each[3] == "order")
    assert (order[4][:2], order[5][:2]) == (["A", "B"], ["B", "A"])


# --- without a run ---------------------------------------------------------------------------------------------------


def test_without_a_run_the_plan_gets_a_new_version_and_the_old_one_stays(planned: Cutover) -> None:
    old = planned.board()
    apply(planned, with_task(small_document(), "B", duration_s=90 * MINUTE))
    entry = planned.entries()[-1]
    assert (entry.action, entry.subject, entry.run, entry.reason) == ("plan.apply", "cutover 2", None, "as agreed")
    assert planned.task("B").duration_s == 90 * MINUTE
    assert [version.number for version in planned.board().rows(PlanVersion).values()] == [1, 2]
    assert follow(planned.state_file, old, planned.entries()).task("B").duration_s == 90 * MINUTE  # type: ignore[union-attr]
    planned.rehearse()
    assert planned.forecast().of(planned.task("B")).finish == 120 * MINUTE
    assert verify(planned.state_file).sound


def test_the_first_version_can_be_told_from_the_second(planned: Cutover) -> None:
    planned.to(10)
    apply(planned, with_task(small_document(), "B", duration_s=90 * MINUTE))
    with pytest.raises(BadInput, match="nothing had happened"):
        board_at(planned.state_file, START)


def test_people_who_are_not_in_the_file_stay_and_a_login_that_init_noted_too(planned: Cutover) -> None:
    runbook = small_document()
    people = tuple(
        replace(person, login=None, name="Omar O.") if person.handle == "omar" else person
        for person in runbook.people
        if person.handle != "sam"
    )
    people = (*people, PlannedPerson("nina", "Nina New"))
    apply(planned, replace(runbook, people=people, surroundings=Surroundings()))
    found = {person.handle: person for person in planned.board().rows(Person).values()}
    assert set(found) == {"lena", "omar", "bea", "vera", "gil", "sam", "nina"}
    assert (found["omar"].name, found["omar"].login) == ("Omar O.", "omar.o")


def test_a_planner_changes_the_plan_before_a_run_and_nobodys_rights(planned: Cutover) -> None:
    planned.do("person.edit", "sam", fields={"roles": ("planner",)})
    told = {person.handle: person for person in planned.board().rows(Person).values()}
    runbook = small_document()
    own = tuple(replace(person, roles=told[person.handle].roles) for person in runbook.people)
    runbook = replace(runbook, people=own)
    apply(planned, with_task(runbook, "B", duration_s=90 * MINUTE), by="sam")
    assert planned.task("B").duration_s == 90 * MINUTE
    head = planned.head()
    leading = tuple(replace(person, roles=("lead",)) if person.handle == "sam" else person for person in own)
    for other in (
        replace(runbook, people=leading),
        replace(runbook, parties=(*runbook.parties, Party("other", "Other"))),
        replace(runbook, assurance=AssuranceAsked(vote=Assurance.PROXY)),
    ):
        with pytest.raises(Refused, match="only the lead or a deputy"):
            apply(planned, with_task(other, "B", duration_s=60 * MINUTE), by="sam")
        assert planned.head() == head
        apply(planned, with_task(other, "B", duration_s=60 * MINUTE))
        apply(planned, with_task(runbook, "B", duration_s=90 * MINUTE))
        head = planned.head()
    planned.rehearse()
    with pytest.raises(Refused, match="only the lead or a deputy"):
        apply(planned, with_task(runbook, "B", duration_s=60 * MINUTE), by="sam")


def test_parties_are_told_apart() -> None:
    before = small_document()
    after = replace(before, parties=(replace(before.parties[0], phone="112"), Party("new", "New")))
    assert [(one.what, one.name, one.how) for one in differences(bare_board(before), bare_board(after))] == [
        ("party", before.parties[0].key, How.CHANGED),
        *(("party", party.key, How.REMOVED) for party in before.parties[1:]),
        ("party", "new", How.ADDED),
    ]


def test_between_runs_the_next_run_starts_from_the_new_version(cutover: Cutover) -> None:
    cutover.do("run.close")
    apply(cutover, with_task(small_document(), "B", duration_s=90 * MINUTE))
    assert cutover.task("B").duration_s == 60 * MINUTE
    cutover.rehearse("mock 2")
    assert cutover.task("B").duration_s == 90 * MINUTE
    assert cutover.task("B").baseline_finish_s == 120 * MINUTE


# --- during a run ----------------------------------------------------------------------------------------------------


def test_during_a_run_its_copy_changes_and_nothing_else(cutover: Cutover) -> None:
    cutover.finish("A")
    runbook = with_task(small_document(), "C", duration_s=30 * MINUTE, owner="gil", verify=("Look", "Look again"))
    end = runbook.window.end + timedelta(minutes=30)
    runbook = replace(
        runbook,
        tasks=(*runbook.tasks[:2], task("NEW", 5, "A"), *runbook.tasks[2:]),
        window=replace(runbook.window, end=end, restore_by=end),
    )
    apply(cutover, runbook)
    entry = cutover.entries()[-1]
    board = cutover.board()
    assert (entry.action, entry.subject, entry.run) == ("plan.apply", "run mock 1", 1)
    assert [row.ref for row in board.tasks] == ["A", "B", "NEW", "C", "TRY", "END", "AFTER", "GO"]
    assert board.handle(cutover.task("C").owner_id) == "gil"
    assert [step.text for step in board.steps(cutover.task("C").id)] == ["Look", "Look again"]
    assert board.plan.window_end == runbook.window.end
    assert {change.table for change in entry.changes} == {"run", "task", "step", "link"}
    assert len([change for change in entry.changes if change.table == "task"]) == 2
    assert [version.number for version in board.rows(PlanVersion).values()] == [1]
    assert verify(cutover.state_file).sound


def test_all_that_would_rewrite_history_is_told_at_once_and_nothing_is_changed(cutover: Cutover) -> None:
    cutover.finish("A")
    cutover.do("task.start", "B")
    cutover.do("task.start", "TRY")
    head = cutover.head()
    runbook = with_task(small_document(), "A", duration_s=60, steps=("First",))
    runbook = with_task(runbook, "B", verifier=None, title="Load it all", verify=())
    runbook = with_task(without(runbook, "TRY"), "END", links=())
    with pytest.raises(PlanRefused) as caught:
        apply(cutover, runbook)
    assert caught.value.reasons == (
        "A is done: its duration, steps cannot be changed",
        "B has begun: its steps cannot be changed",
        "TRY has begun: it cannot be removed",
    )
    assert cutover.head() == head


def test_what_is_under_way_may_go_to_others_and_be_shown_elsewhere(cutover: Cutover) -> None:
    cutover.finish("A")
    cutover.do("task.start", "B")
    runbook = with_task(small_document(), "A", title="Load A", phase=None)
    apply(cutover, with_task(runbook, "B", owner="gil", instructions="Mind the *gap*."))
    assert cutover.task("A").title == "Load A"
    assert cutover.board().handle(cutover.task("B").owner_id) == "gil"


def test_notes_are_not_removed_with_their_task(cutover: Cutover) -> None:
    cutover.do("task.note", "TRY", text="keep me")
    with pytest.raises(PlanRefused, match="TRY has 1 note"):
        apply(cutover, with_task(without(small_document(), "TRY"), "END", links=()))


def test_a_passed_point_of_no_return_stays(cutover: Cutover) -> None:
    cutover.do("task.start", "END")
    runbook = small_document()
    with pytest.raises(PlanRefused, match="point of no return, END, has been passed"):
        apply(cutover, replace(runbook, rollback=replace(runbook.rollback, point_of_no_return="AFTER")))


def test_the_live_window_keeps_its_start(planned: Cutover) -> None:
    runs.start(planned.state_file, caller("lena"), kind=RunKind.LIVE)
    runbook = small_document()
    moved = replace(runbook, window=replace(runbook.window, start=START + timedelta(hours=1)))
    with pytest.raises(PlanRefused, match="cannot start at another time"):
        apply(planned, moved)


def test_a_rehearsal_keeps_its_own_window(planned: Cutover) -> None:
    planned.to(1_000)
    planned.rehearse()
    start = planned.board().plan.window_start
    runbook = small_document()
    longer = replace(runbook, window=replace(runbook.window, end=runbook.window.end + timedelta(hours=1)))
    apply(planned, longer)
    plan = planned.board().plan
    assert (plan.window_start, plan.window_end - plan.window_start) == (start, timedelta(hours=5))


def test_the_same_file_twice_has_nothing_to_change(cutover: Cutover) -> None:
    runbook = with_task(small_document(), "C", duration_s=60)
    apply(cutover, runbook)
    assert differences(*plan_file.foresee(cutover.state_file, caller("lena"), document=runbook)) == ()
    head = cutover.head()
    with pytest.raises(Refused, match="says so already"):
        apply(cutover, runbook)
    assert cutover.head() == head


def test_foreseeing_changes_nothing_and_needs_no_lead(cutover: Cutover) -> None:
    runbook = with_task(small_document(), "C", duration_s=60)
    before = cutover.board()
    _, after = plan_file.foresee(cutover.state_file, caller("sam"), document=runbook)
    assert after.task("C").duration_s == 60  # type: ignore[union-attr]
    assert load_board(cutover.state_file).seq == before.seq
    assert cutover.task("C").duration_s == 20 * MINUTE
    assert verify(cutover.state_file).sound
    with pytest.raises(Refused, match="only the lead"):
        apply(cutover, runbook, by="sam")


def test_a_difference_names_what_it_is_about() -> None:
    (found,) = differences(bare_board(small_document()), bare_board(with_task(small_document(), "A", title="Other")))
    assert found == Difference(How.CHANGED, "task", "A", "title", "Title of A", "Other")
