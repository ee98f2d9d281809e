"""The plan changes while it runs: what each change does, and what it refuses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.cutover import MINUTE, Cutover, document, gate, minute, task
from warroom.actions.plan_tasks import Part
from warroom.board.rows import Criterion, Fact, Task
from warroom.runbook.document import Condition, PlannedCriterion, PlannedFact, Rollback, RunbookDocument
from warroom.store.verify import verify
from warroom.vocabulary.errors import BadInput, PlanRefused, Refused, WarroomError
from warroom.vocabulary.words import Automatic, TaskKind, TaskState, VoteChoice

Rehearse = Callable[[RunbookDocument], Cutover]


def after(cutover: Cutover, ref: str) -> set[tuple[str, str, int]]:
    """The links to a task: predecessor, type, lag in minutes."""
    board = cutover.board()
    rows = board.rows(Task)
    return {
        (rows[link.predecessor_id].ref, link.link_type.value, link.lag_s // MINUTE)
        for link in board.links_to(cutover.task(ref).id)
    }


def planned(cutover: Cutover, ref: str) -> tuple[int, int]:
    """When a task is planned, in minutes from the window start."""
    timing = cutover.forecast().planned(cutover.task(ref))
    return timing.start // MINUTE, timing.finish // MINUTE


def refused(cutover: Cutover, error: type[WarroomError], *what: str, **arguments: Any) -> WarroomError:
    """The refusal of an action, which must leave no trace."""
    head = cutover.head()
    with pytest.raises(error) as caught:
        cutover.do(*what, **arguments)
    assert cutover.head() == head
    return caught.value


# --- add -------------------------------------------------------------------------------------------------------------


def test_a_task_is_added_between_others_and_planned_from_now_on(cutover: Cutover) -> None:
    cutover.to(35)
    new = task("X", 10, "A", steps=("Look",), verify=("Count",), verifier="vera", phase="load")
    entry = cutover.do("task.add", "X", task=new, before=["B"], reason="the vendor sent it late")
    row = cutover.task("X")
    board = cutover.board()
    assert (entry.action, entry.subject, entry.reason) == ("task.add", "X", "the vendor sent it late")
    assert (row.state, row.phase, board.handle(row.owner_id)) == (TaskState.NOT_STARTED, "load", "omar")
    assert [step.text for step in board.steps(row.id)] == ["Look", "Count"]
    assert after(cutover, "X") == {("A", "FS", 0)}
    assert after(cutover, "B") == {("A", "FS", 0), ("X", "FS", 0)}
    assert planned(cutover, "X") == (35, 45)
    assert planned(cutover, "B") == (45, 105)
    assert (row.baseline_start_s, row.baseline_finish_s) == (None, None)
    assert cutover.task("B").baseline_start_s == 30 * MINUTE
    assert [row.ref for row in board.tasks] == ["A", "X", "B", "C", "TRY", "END", "AFTER", "GO"]
    assert verify(cutover.state_file).sound


def test_what_was_added_is_worked_on_like_any_other(cutover: Cutover) -> None:
    cutover.do("task.add", "X", task=task("X", 10, steps=("Look",)), reason="forgotten")
    cutover.finish("X")
    assert cutover.task("X").state is TaskState.DONE
    assert cutover.forecast().of(cutover.task("X")).finish == 0


@pytest.mark.parametrize(
    ("ref", "new", "before", "said"),
    [
        ("A", task("A", 5), [], "there is a task A already"),
        ("X", task("X", 5, "NONE"), [], "there is no task NONE"),
        ("X", task("X", 5, "END"), ["B"], "wait for each other"),
        ("X", task("X", 5, owner="nobody"), [], "nobody called nobody"),
        ("X", task("X", 5, verifier="omar"), [], "nobody verifies their own work"),
        ("X", task("X", 5, phase="lod"), [], "the phase 'lod' is not one of the phases"),
        ("X", task("X", 5, calendar="nights"), [], "the calendar 'nights'"),
        ("X", task("X", 5, "U1"), [], "is not in the main network"),
        ("X.1", task("X.1", 5), [], "may not end in '.' and digits"),
    ],
)
def test_what_the_reader_of_runbooks_would_refuse_is_not_added(
    cutover: Cutover, ref: str, new: Any, before: list[str], said: str
) -> None:
    error = refused(cutover, WarroomError, "task.add", ref, task=new, before=before, reason="r")
    assert said in error.message


def test_nothing_is_put_before_what_has_begun(cutover: Cutover) -> None:
    cutover.do("task.start", "A")
    error = refused(cutover, PlanRefused, "task.add", "X", task=task("X", 5), before=["A"], reason="r")
    assert error.message == "A has begun: its links cannot be changed"


# --- remove ----------------------------------------------------------------------------------------------------------


def test_successors_inherit_the_predecessors_of_a_removed_task(rehearse: Rehearse) -> None:
    cutover = rehearse(document(task("A", 30), task("B", 20, "A+10"), task("C", 10, "B-5"), task("D", 5, "C")))
    cutover.do("task.remove", "B", reason="done in the rehearsal")
    assert cutover.board().task("B") is None
    assert after(cutover, "C") == {("A", "FS", 5)}
    assert planned(cutover, "C") == (35, 45)
    cutover.do("task.remove", "C", reason="not needed", drop_links=True)
    assert after(cutover, "D") == set()
    assert verify(cutover.state_file).sound


def test_of_two_ways_the_one_that_asks_for_more_stays(rehearse: Rehearse) -> None:
    cutover = rehearse(document(task("A", 30), task("B", 20, "A"), task("C", 10, "B", "A+25")))
    cutover.do("task.remove", "B", reason="r")
    assert after(cutover, "C") == {("A", "FS", 25)}


def test_only_finish_to_start_links_are_inherited(rehearse: Rehearse) -> None:
    cutover = rehearse(document(task("A", 30), task("B", 20), task("C", 10, "B")))
    cutover.do("task.link", "B", after=["A SS+5m"], reason="they overlap")
    cutover.do("task.remove", "B", reason="r")
    assert after(cutover, "C") == set()


@pytest.mark.parametrize(
    ("ref", "said"),
    [
        ("END", "2 things speak against it: the window ends with END; END is the point of no return"),
        ("B", "2 things speak against it: U2 undoes B; the gate GO waits for B"),
        ("C", "the gate GO waits for C"),
        ("GO", "GO is a gate"),
    ],
)
def test_what_something_names_is_not_removed(cutover: Cutover, ref: str, said: str) -> None:
    assert refused(cutover, Refused, "task.remove", ref, reason="r").message == said


def test_what_has_begun_or_has_notes_is_not_removed(cutover: Cutover) -> None:
    cutover.do("task.note", "TRY", text="see the ticket")
    assert refused(cutover, PlanRefused, "task.remove", "TRY", reason="r").message == "TRY has 1 note"
    cutover.do("task.start", "A")
    assert "A is running" in refused(cutover, Refused, "task.remove", "A", reason="r").message


# --- split -----------------------------------------------------------------------------------------------------------


def test_a_task_is_split_into_parts_that_follow_each_other(cutover: Cutover) -> None:
    parts = [Part("B-a", 20 * MINUTE), Part("B-b", 50 * MINUTE)]
    cutover.do("task.retime", "B", times={"deadline_s": 9_000, "not_before_s": 60}, reason="r")
    cutover.do("task.note", "B", text="two files")
    cutover.do("task.split", "B", parts=parts, reason="two shifts")
    board = cutover.board()
    first, last = cutover.task("B-a"), cutover.task("B-b")
    assert board.task("B") is None
    assert (first.title, last.title) == ("Title of B (1/2)", "Title of B (2/2)")
    assert after(cutover, "B-a") == {("A", "FS", 0)}
    assert after(cutover, "B-b") == {("B-a", "FS", 0)}
    assert after(cutover, "GO") == {("B-b", "FS", 0), ("C", "FS", 0)}
    assert (planned(cutover, "B-a"), planned(cutover, "B-b")) == ((30, 50), (50, 100))
    assert (first.verifier_id, board.handle(last.verifier_id)) == (None, "vera")
    assert (first.not_before_s, first.deadline_s, last.not_before_s, last.deadline_s) == (60, None, None, 9_000)
    assert [step.text for step in board.steps(first.id)] == ["Load"]
    assert [(step.text, step.position) for step in board.steps(last.id)] == [("Count", 1)]
    assert {first.baseline_start_s, last.baseline_start_s} == {None}
    assert cutover.task("U2").undoes == ("B-a", "B-b")
    assert [note.text for note in board.notes(first.id)] == ["two files"]
    assert verify(cutover.state_file).sound


def test_what_named_the_task_names_its_first_or_last_part(cutover: Cutover) -> None:
    parts = [Part("END-a", 600), Part("END", 600), Part("END-z", 600)]
    cutover.do("task.split", "END", parts=parts, reason="r")
    plan = cutover.board().plan
    assert (plan.ends_with, plan.point_of_no_return) == ("END-z", "END-a")
    assert after(cutover, "AFTER") == {("END-z", "FS", 0)}


def test_links_to_either_end_go_to_the_part_that_has_it(rehearse: Rehearse) -> None:
    cutover = rehearse(document(task("A", 30), task("B", 60), task("C", 10), task("D", 10)))
    cutover.do("task.link", "B", after=["A FF+5m", "A SS"], reason="r")
    cutover.do("task.link", "C", after=["B SS+5m"], reason="r")
    cutover.do("task.link", "D", after=["B FF"], reason="r")
    cutover.do("task.split", "B", parts=[Part("B1", 600), Part("B2", 600)], reason="r")
    assert after(cutover, "B1") == {("A", "SS", 0)}
    assert after(cutover, "B2") == {("A", "FF", 5), ("B1", "FS", 0)}
    assert after(cutover, "C") == {("B1", "SS", 5)}
    assert after(cutover, "D") == {("B2", "FF", 0)}


def test_steps_can_be_spread_over_the_parts(rehearse: Rehearse) -> None:
    cutover = rehearse(document(task("A", 30, steps=("1", "2", "3", "4", "5"), verify=("6",))))
    parts = [Part(f"A-{number}", 600) for number in "abc"]
    cutover.do("task.split", "A", parts=parts, spread_steps=True, reason="r")
    board = cutover.board()
    texts = [[step.text for step in board.steps(cutover.task(part.ref).id)] for part in parts]
    assert texts == [["1", "2"], ["3", "4"], ["5", "6"]]


@pytest.mark.parametrize(
    ("ref", "parts", "said"),
    [
        ("B", [Part("B-a", 60)], "two parts or more"),
        ("B", [Part("B-a", 60), Part("B-b", 0)], "each of some time"),
        ("B", [Part("B-a", 60), Part("B-a", 60)], "one is given twice"),
        ("B", [Part("B", 60), Part("C", 60)], "refs are taken: C"),
        ("B", [Part("B", 60), Part("B.2", 60)], "may not end in"),
        ("GO", [Part("B", 60), Part("B2", 60)], "GO is a gate"),
    ],
)
def test_what_cannot_be_split(cutover: Cutover, ref: str, parts: list[Part], said: str) -> None:
    assert said in refused(cutover, WarroomError, "task.split", ref, parts=parts, reason="r").message


# --- assign ----------------------------------------------------------------------------------------------------------


def people(cutover: Cutover, ref: str) -> tuple[str | None, ...]:
    board, row = cutover.board(), cutover.task(ref)
    return tuple(board.handle(key) for key in (row.owner_id, row.backup_id, row.verifier_id))


def test_the_lead_gives_a_task_to_anybody(cutover: Cutover) -> None:
    cutover.do("task.assign", "B", people={"owner": "sam", "backup": None}, reason="ill")
    assert people(cutover, "B") == ("sam", None, "vera")
    cutover.do("task.start", "A")
    cutover.do("task.assign", "A", people={"owner": "gil", "verifier": "vera"}, reason="shift ends")
    assert people(cutover, "A") == ("gil", "bea", "vera")


def test_an_owner_hands_a_running_task_to_the_backup_and_becomes_it(cutover: Cutover) -> None:
    cutover.do("task.start", "A", by="omar")
    cutover.do("task.assign", "A", by="omar", people={"owner": "bea"}, reason="my shift ends")
    assert people(cutover, "A") == ("bea", "omar", None)


def test_who_may_not_give_a_task_away(cutover: Cutover) -> None:
    for by, new in (("omar", "gil"), ("bea", "bea"), ("sam", "sam"), ("bea", "gil")):
        error = refused(cutover, Refused, "task.assign", "A", by=by, people={"owner": new}, reason="r")
        assert "the lead or a deputy may do that" in error.message
    error = refused(
        cutover, Refused, "task.assign", "A", by="omar", people={"owner": "bea", "verifier": "gil"}, reason="r"
    )
    assert "only the lead" in error.message


def test_what_cannot_be_assigned(cutover: Cutover) -> None:
    for ref, new, said in (
        ("A", {"owner": "nobody"}, "nobody called nobody"),
        ("A", {"owner": "omar"}, "theirs already"),
        ("A", {}, "nobody is named"),
        ("B", {"owner": "vera"}, "nobody verifies their own work"),
        ("GO", {"verifier": "vera"}, "GO is a gate"),
    ):
        assert said in refused(cutover, WarroomError, "task.assign", ref, people=new, reason="r").message
    cutover.finish("A")
    assert "stands" in refused(cutover, Refused, "task.assign", "A", people={"owner": "gil"}, reason="r").message
    cutover.do("task.start", "B", by="omar")
    cutover.do("step.tick", "B", positions=[1])
    cutover.do("task.done", "B", by="omar")
    error = refused(cutover, Refused, "task.assign", "B", people={"owner": "gil", "verifier": "omar"}, reason="r")
    assert error.message == "nobody verifies what they executed themselves"


# --- link, unlink ----------------------------------------------------------------------------------------------------


def test_links_come_change_and_go(cutover: Cutover) -> None:
    cutover.do("task.link", "C", after=["B SS+15m", "TRY"], reason="r")
    assert after(cutover, "C") == {("A", "FS", 10), ("B", "SS", 15), ("TRY", "FS", 0)}
    cutover.do("task.link", "C", after=["B SS+20m"], reason="r")
    cutover.do("task.link", "C", after=["A SS"], instead=True, reason="r")
    assert after(cutover, "C") == {("A", "SS", 0), ("B", "SS", 20), ("TRY", "FS", 0)}
    cutover.do("task.unlink", "C", after=["B SS", "TRY"], reason="r")
    assert after(cutover, "C") == {("A", "SS", 0)}


def test_a_cycle_is_refused_with_its_path(cutover: Cutover) -> None:
    error = refused(cutover, PlanRefused, "task.link", "A", after=["END"], reason="r")
    assert error.message.startswith("these tasks wait for each other: ")
    assert {"A", "B", "GO", "END"} <= set(error.message.split(": ")[1].split(" -> "))


def test_links_that_make_no_sense_are_refused(cutover: Cutover) -> None:
    for action, texts, said in (
        ("task.link", ["C"], "comes after itself"),
        ("task.link", ["U1"], "not in the main network"),
        ("task.link", ["B XX"], "not a type of link"),
        ("task.unlink", ["B"], "C does not come after B"),
        ("task.unlink", ["A SS"], "C does not come after A SS"),
    ):
        assert said in refused(cutover, WarroomError, action, "C", after=texts, reason="r").message


def test_unlinking_plans_a_task_for_now_and_not_for_the_past(rehearse: Rehearse) -> None:
    cutover = rehearse(document(task("A", 30), task("B", 60, "A"), task("C", 10, "A", "B")))
    cutover.finish("A")
    cutover.to(70)
    cutover.do("task.unlink", "C", after=["B"], reason="it can go now")
    assert planned(cutover, "C") == (70, 80)
    assert cutover.forecast().delay(cutover.task("C")).own == 0


def test_a_change_hides_no_lateness(rehearse: Rehearse) -> None:
    cutover = rehearse(document(task("A", 30), task("B", 60, "A")))
    cutover.to(50)
    cutover.do("task.retime", "A", times={"not_before_s": 60, "duration_s": 1_800}, reason="r")
    assert planned(cutover, "A") == (1, 31)
    assert cutover.forecast().delay(cutover.task("A")).own == 49 * MINUTE


# --- retime ----------------------------------------------------------------------------------------------------------


def test_durations_and_constraints_change(cutover: Cutover) -> None:
    cutover.do(
        "task.retime", "C", times={"duration_s": 1_800, "duration_low_s": 600, "duration_high_s": 3_600}, reason="r"
    )
    cutover.do("task.retime", "C", times={"not_before_s": 50 * MINUTE, "calendar": None}, reason="r")
    row = cutover.task("C")
    assert (row.duration_s, row.duration_low_s, row.duration_high_s, row.not_before_s) == (1_800, 600, 3_600, 3_000)
    assert planned(cutover, "C") == (50, 80)
    cutover.do("task.retime", "C", times={"duration_s": 900, "not_before_s": None}, reason="r")
    row = cutover.task("C")
    assert (row.duration_s, row.duration_low_s, row.duration_high_s, row.not_before_s) == (900, None, None, None)


def test_a_gates_due_time_is_its_deadline(cutover: Cutover) -> None:
    cutover.do("task.retime", "GO", times={"deadline_s": 8_000, "duration_s": 600}, reason="r")
    row = cutover.task("GO")
    found = cutover.board().gate_of(row.id)
    assert found is not None
    assert (row.deadline_s, found.due_s, row.duration_s) == (8_000, 8_000, 600)


def test_times_that_make_no_sense_are_refused(cutover: Cutover) -> None:
    for ref, times, said in (
        ("C", {}, "nothing is to change"),
        ("C", {"duration_s": 60, "duration_low_s": 90, "duration_high_s": 120}, "in order"),
        ("C", {"duration_low_s": 60}, "belong together"),
        ("C", {"calendar": "nights"}, "the calendar 'nights'"),
        ("GO", {"must_start_s": 60}, "a gate has no must start"),
    ):
        assert said in refused(cutover, WarroomError, "task.retime", ref, times=times, reason="r").message


def test_a_milestone_stays_without_length(rehearse: Rehearse) -> None:
    cutover = rehearse(document(task("A", 30), task("M", 0, "A", kind=TaskKind.MILESTONE)))
    error = refused(cutover, PlanRefused, "task.retime", "M", times={"duration_s": 60}, reason="r")
    assert "a milestone takes no time" in error.message


# --- all of them -----------------------------------------------------------------------------------------------------

CHANGES: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("task.add", "X", {"task": task("X", 5)}),
    ("task.remove", "TRY", {}),
    ("task.split", "TRY", {"parts": [Part("T1", 60), Part("T2", 60)]}),
    ("task.link", "TRY", {"after": ["B"]}),
    ("task.unlink", "TRY", {"after": ["A"]}),
    ("task.retime", "TRY", {"times": {"duration_s": 60}}),
)


@pytest.mark.parametrize(("action", "ref", "arguments"), CHANGES, ids=[name for name, _, _ in CHANGES])
def test_only_the_lead_changes_the_plan_and_says_why(
    cutover: Cutover, action: str, ref: str, arguments: dict[str, Any]
) -> None:
    for handle in ("omar", "bea", "sam"):
        assert "only the lead" in refused(cutover, Refused, action, ref, by=handle, reason="r", **arguments).message
    for reason in ("", "  ", "\x07"):
        assert "reason" in refused(cutover, BadInput, action, ref, reason=reason, **arguments).message
    cutover.do(action, ref, reason="as agreed", **arguments)


@pytest.mark.parametrize(("action", "ref", "arguments"), CHANGES[1:], ids=[name for name, _, _ in CHANGES[1:]])
def test_what_has_begun_is_not_planned_otherwise(
    cutover: Cutover, action: str, ref: str, arguments: dict[str, Any]
) -> None:
    cutover.do("task.start", "TRY")
    assert "its plan stands" in refused(cutover, Refused, action, ref, reason="r", **arguments).message
    cutover.do("task.done", "TRY")
    assert "its plan stands" in refused(cutover, Refused, action, ref, reason="r", **arguments).message


@pytest.mark.parametrize(("action", "ref", "arguments"), CHANGES, ids=[name for name, _, _ in CHANGES])
def test_without_a_run_there_is_nothing_to_change(
    planned: Cutover, action: str, ref: str, arguments: dict[str, Any]
) -> None:
    assert refused(planned, Refused, action, ref, reason="r", **arguments).message == "no run is open"


def test_a_task_blocked_before_it_began_can_be_planned_otherwise(cutover: Cutover) -> None:
    cutover.do("task.block", "TRY", reason="no access")
    cutover.do("task.retime", "TRY", times={"duration_s": 60}, reason="r")
    assert cutover.task("TRY").duration_s == 60


def test_the_plan_of_a_gate_stands_once_somebody_voted(cutover: Cutover) -> None:
    cutover.do("gate.vote", "GO", by="gil", choice=VoteChoice.GO)
    error = refused(cutover, Refused, "task.retime", "GO", times={"duration_s": 60}, reason="r")
    assert error.message == "GO has votes"


def test_a_stale_change_is_refused(cutover: Cutover) -> None:
    seen = cutover.board().last_entry("TRY")
    cutover.do("task.assign", "TRY", by="omar", people={"owner": "bea"}, reason="tired")
    error = refused(cutover, Refused, "task.retime", "TRY", times={"duration_s": 60}, reason="r", seen=seen)
    assert error.code == "stale"
    assert "task.assign by omar" in error.message


def test_alerts_about_a_removed_task_close(rehearse: Rehearse) -> None:
    cutover = rehearse(document(task("A", 30), task("B", 10, "A"), task("END", 10, "B"), ends_with="END"))
    cutover.finish("A")
    cutover.to(50)
    assert [alert.subject for alert in cutover.sweep().open_alerts] == ["B"]
    cutover.do("task.remove", "B", reason="done elsewhere")
    board = cutover.sweep()
    assert board.open_alerts == ()
    assert minute(50) == board.alerts[0].closed_at


def test_the_back_out_changes_too(rehearse: Rehearse) -> None:
    runbook = document(
        task("A", 30),
        task("B", 30, "A"),
        gates=(gate("GO", "B"),),
        rollback=Rollback(tasks=(task("U1", 20, backout=True),)),
    )
    cutover = rehearse(runbook)
    before = cutover.forecast().decide_backout_by
    cutover.do("task.retime", "U1", times={"duration_s": 50 * MINUTE}, reason="slower than rehearsed")
    cutover.do("task.add", "U2", task=task("U2", 10, "U1", backout=True), reason="forgotten")
    assert before is not None
    assert cutover.forecast().decide_backout_by == before - 40 * MINUTE


def test_a_criterion_about_a_task_keeps_it_and_follows_its_parts(rehearse: Rehearse) -> None:
    condition = Condition(Automatic.TASKS_DONE, of=("B",))
    criterion = PlannedCriterion("B is loaded", condition=condition)
    runbook = document(task("A", 30), task("B", 30), gates=(gate("GO", "A", criteria=(criterion,)),))
    cutover = rehearse(runbook)
    assert refused(cutover, PlanRefused, "task.remove", "B", reason="r").message == "a criterion is about B"
    cutover.do("task.split", "B", parts=[Part("B1", 600), Part("B2", 600)], reason="r")
    (row,) = cutover.board().rows(Criterion).values()
    assert row.of == ("B1", "B2")


def test_all_that_belongs_to_a_task_comes_and_goes_with_it(cutover: Cutover) -> None:
    new = task("X", 10, facts=(PlannedFact("Slow on Mondays"),), flow="order", placeholder=True, entity="DE")
    cutover.do("task.add", "X", task=new, reason="r")
    row = cutover.task("X")
    assert (row.flow, row.placeholder, row.entity) == ("order", True, "DE")
    assert [fact.text for fact in cutover.board().rows(Fact).values() if fact.task_id == row.id] == ["Slow on Mondays"]
    cutover.do("task.remove", "X", reason="r")
    assert {fact.task_id for fact in cutover.board().rows(Fact).values()} == {cutover.task("C").id}
    assert verify(cutover.state_file).sound
