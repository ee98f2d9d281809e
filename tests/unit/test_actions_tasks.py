"""The life of a task: every verb in every state by everybody, and what each one writes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import product
from typing import Any

import pytest

from tests.cutover import MINUTE, Cutover, document, minute, task
from warroom.runbook.document import RunbookDocument
from warroom.vocabulary.errors import BadInput, Refused, Stale
from warroom.vocabulary.words import Result, ShownState, TaskState

Rehearse = Callable[[RunbookDocument], Cutover]

ARGUMENTS: dict[str, dict[str, Any]] = {
    "start": {},
    "done": {},
    "verify": {},
    "block": {"reason": "why"},
    "unblock": {},
    "skip": {"reason": "why"},
    "fail": {"reason": "why"},
    "eta": {"eta": minute(90), "reason": "why"},
    "progress": {"done": 1, "total": 2},
    "note": {"text": "x"},
}
ROLES = {"lead": "lena", "owner": "omar", "backup": "bea", "verifier": "vera", "bystander": "sam"}
WORKERS = {"lead", "owner"}
EVERYBODY = set(ROLES)

# Who may do what in which state; whatever is not listed is refused. The verifying tasks were executed by their owner.
TABLE: dict[str, dict[str, set[str]]] = {
    "waiting": {"start": {"lead"}, "block": WORKERS, "skip": WORKERS},
    "ready": {"start": WORKERS, "block": WORKERS, "skip": WORKERS},
    "running": dict.fromkeys(("done", "block", "skip", "fail", "eta", "progress"), WORKERS),
    "verifying": dict.fromkeys(("block", "skip", "fail", "eta"), WORKERS) | {"verify": {"lead", "verifier"}},
    "blocked": dict.fromkeys(("unblock", "skip", "fail", "eta"), WORKERS),
    "blocked before its start": dict.fromkeys(("unblock", "skip", "eta"), WORKERS),
    "done": {},
    "skipped": {},
    "failed": {"skip": WORKERS},
}


def bring(cutover: Cutover, ref: str, state: str) -> None:
    """Bring a task that nobody has touched into a state."""
    if state in ("running", "verifying", "blocked", "done", "failed"):
        cutover.do("task.start", ref, by="omar")
    if state in ("verifying", "done"):
        cutover.do("task.done", ref, by="omar")
    if state == "done":
        cutover.do("task.verify", ref, by="vera")
    if state.startswith("blocked"):
        cutover.do("task.block", ref, reason="no access")
    if state in ("skipped", "failed"):
        cutover.do(f"task.{'skip' if state == 'skipped' else 'fail'}", ref, reason="enough")


@pytest.mark.parametrize("state", TABLE)
def test_every_verb_by_everybody(state: str, rehearse: Rehearse) -> None:
    cases = {f"{verb}-{role}": (verb, role) for verb, role in product(ARGUMENTS, ROLES)}
    after = ("FIRST",) if state == "waiting" else ()
    cutover = rehearse(document(task("FIRST", 10), *(task(ref, 30, *after, verifier="vera") for ref in cases)))
    for ref in cases:
        bring(cutover, ref, state)
    before = cutover.board()
    shown = {before.shown_state(row) for row in before.tasks if row.ref in cases}
    assert shown == {ShownState(state.split()[0])}
    assert {row.state for row in before.tasks if row.ref in cases} == {
        TaskState("not_started" if state in ("waiting", "ready") else state.split()[0])
    }

    outcomes, told, wanted = {}, [], []
    for ref, (verb, role) in cases.items():
        head = cutover.head()
        try:
            cutover.do(f"task.{verb}", ref, by=ROLES[role], **ARGUMENTS[verb])
            outcomes[verb, role] = True
        except Refused as error:
            told.append((error.where, error.exit_code, bool(error.message)))
            wanted.append((ref, 1, True))
            outcomes[verb, role] = False
        assert (cutover.head() != head) is outcomes[verb, role], "a refusal leaves no trace"

    expected = {(verb, role): role in TABLE[state].get(verb, ()) or verb == "note" for verb, role in cases.values()}
    assert outcomes == expected
    assert told == wanted
    after_all = cutover.board()
    for ref, (verb, role) in cases.items():
        if not expected[verb, role]:
            assert after_all.task(ref) == before.task(ref)


@pytest.mark.parametrize(
    ("state", "verb", "said", "hint"),
    [
        ("ready", "done", "T has not been started", "warroom task start T --at TIME"),
        ("running", "start", "T is running already, started by Omar Owner", "warroom task done T"),
        ("verifying", "done", "T was executed already by Omar Owner", "warroom task verify T"),
        ("done", "done", "T is done already, finished by Vera Verifier", "nothing is left to do"),
        ("blocked", "done", "T is blocked: no access", "warroom task unblock T"),
        ("skipped", "start", "T was skipped: enough", "nothing is left to do"),
        ("failed", "done", "T has failed: enough", "warroom task skip T"),
    ],
)
def test_a_refusal_says_how_it_stands_and_what_to_do(
    state: str, verb: str, said: str, hint: str, rehearse: Rehearse
) -> None:
    cutover = rehearse(document(task("T", 30, verifier="vera")))
    bring(cutover, "T", state)
    with pytest.raises(Refused) as caught:
        cutover.do(f"task.{verb}", "T", by="omar", **ARGUMENTS[verb])
    assert caught.value.message.startswith(said)
    assert hint in (caught.value.hint or "")


# --- what the verbs write --------------------------------------------------------------------------------------------


def test_start_and_done_tell_who_and_when(cutover: Cutover) -> None:
    cutover.to(5)
    cutover.do("task.start", "A", by="lena", note="Begun.")
    cutover.do("step.tick", "A", by="lena", positions=[1, 2])
    cutover.to(25)
    cutover.do("task.done", "A", by="omar", result=Result.FAIL)
    row, board = cutover.task("A"), cutover.board()

    assert (row.state, row.result, row.out_of_sequence) == (TaskState.DONE, Result.FAIL, False)
    assert (row.actual_start, row.executed_at, row.actual_finish) == (minute(5), minute(25), minute(25))
    assert board.handle(row.executor_id) == "omar"
    assert [(note.text, note.at, board.handle(note.person_id)) for note in board.notes(row.id)] == [
        ("Begun.", minute(5), "lena")
    ]


def test_with_a_verifier_done_is_not_the_end(rehearse: Rehearse) -> None:
    cutover = rehearse(document(task("T", 30, verifier="vera"), task("NEXT", 10, "T")))
    bring(cutover, "T", "running")
    cutover.to(10)
    cutover.do("task.done", "T", by="omar")
    row = cutover.task("T")
    assert (row.state, row.executed_at, row.actual_finish) == (TaskState.VERIFYING, minute(10), None)
    assert cutover.board().shown_state(cutover.task("NEXT")) is ShownState.WAITING

    cutover.to(20)
    cutover.do("task.verify", "T", by="vera", note="Agreed.")
    row = cutover.task("T")
    assert (row.state, row.executed_at, row.actual_finish) == (TaskState.DONE, minute(10), minute(20))
    assert (cutover.board().handle(row.executor_id), cutover.board().handle(row.verified_by_id)) == ("omar", "vera")
    assert cutover.board().shown_state(cutover.task("NEXT")) is ShownState.READY


@pytest.mark.parametrize("executor", ["lena", "vera"])
def test_nobody_verifies_what_they_executed(executor: str, rehearse: Rehearse) -> None:
    """Neither the lead, nor a verifier who is also the owner; somebody else's word does not help either."""
    cutover = rehearse(document(task("T", 30, owner="vera", verifier="vera")))
    cutover.do("task.start", "T", by=executor)
    cutover.do("task.done", "T", by=executor)
    for by, done_by in ((executor, None), ("lena", executor)):
        with pytest.raises(Refused, match="nobody verifies what they executed"):
            cutover.do("task.verify", "T", by=by, done_by=done_by)
    other = "vera" if executor == "lena" else "lena"
    cutover.do("task.verify", "T", by=other)


def test_the_executor_is_the_one_who_did_it_not_the_one_who_recorded_it(rehearse: Rehearse) -> None:
    cutover = rehearse(document(task("T", 30, verifier="lena")))
    cutover.do("task.start", "T", by="lena", done_by="omar")
    entry = cutover.do("task.done", "T", by="lena", done_by="omar")
    assert (entry.actor, entry.done_by) == ("lena", "omar")
    cutover.do("task.verify", "T", by="lena")
    board = cutover.board()
    assert board.handle(cutover.task("T").executor_id) == "omar"


def test_only_the_lead_records_for_others(cutover: Cutover) -> None:
    for by, done_by, error in (("omar", "bea", Refused), ("lena", "eve", BadInput), ("eve", None, BadInput)):
        with pytest.raises(error):
            cutover.do("task.start", "A", by=by, done_by=done_by)
    cutover.do("task.start", "A", by="omar", done_by="omar")


def test_steps_hold_done_and_verification_steps_hold_verify(cutover: Cutover) -> None:
    cutover.finish("A")
    cutover.do("task.start", "B", by="omar")
    with pytest.raises(Refused, match=r"steps are open: B\.1") as caught:
        cutover.do("task.done", "B", by="omar")
    assert caught.value.hint == "tick them first: warroom step tick B.1"
    cutover.do("step.tick", "B", by="omar", positions=[1])
    cutover.do("task.done", "B", by="omar")
    with pytest.raises(Refused, match=r"verification steps are open: B\.2"):
        cutover.do("task.verify", "B", by="vera")
    cutover.do("step.tick", "B", by="vera", positions=[2])
    cutover.do("task.verify", "B", by="vera")

    cutover.do("task.start", "C", by="bea")
    with pytest.raises(Refused, match=r"steps are open: C\.1"):
        cutover.do("task.done", "C", by="bea")


def test_the_lead_starts_out_of_sequence_and_it_is_flagged(cutover: Cutover) -> None:
    with pytest.raises(Refused, match="B waits for A") as caught:
        cutover.do("task.start", "B", by="omar")
    assert caught.value.hint == "finish those first, or ask the lead"
    cutover.do("task.start", "B", by="lena", done_by="omar")
    assert cutover.task("B").out_of_sequence


def test_block_puts_the_eta_aside_and_unblock_goes_back(rehearse: Rehearse) -> None:
    cutover = rehearse(document(*(task(ref, 30, verifier="vera") for ref in ("NEW", "RUN", "VER"))))
    bring(cutover, "RUN", "running")
    bring(cutover, "VER", "verifying")
    cutover.do("task.eta", "RUN", eta=minute(80), reason="slow")
    states = {ref: cutover.task(ref).state for ref in ("NEW", "RUN", "VER")}
    cutover.to(3)
    for ref in states:
        cutover.do("task.block", ref, reason="bank is closed")
        row = cutover.task(ref)
        assert (row.state, row.blocked_at, row.blocked_reason) == (TaskState.BLOCKED, minute(3), "bank is closed")
        assert (row.eta, row.eta_reason, row.eta_given_at, row.eta_given_by_id) == (None, None, None, None)
        cutover.do("task.unblock", ref)
        row = cutover.task(ref)
        assert (row.state, row.blocked_at, row.blocked_reason) == (states[ref], None, None)


def test_an_eta_is_kept_with_who_gave_it_when_and_why(cutover: Cutover) -> None:
    cutover.do("task.start", "A", by="omar")
    cutover.to(10)
    cutover.do("task.eta", "A", by="lena", eta=minute(45), reason="many rows")
    row = cutover.task("A")
    assert (row.eta, row.eta_given_at, row.eta_reason) == (minute(45), minute(10), "many rows")
    assert cutover.board().handle(row.eta_given_by_id) == "lena"
    cutover.do("task.eta", "A", eta=minute(10), reason="any moment")
    with pytest.raises(BadInput, match="that time has passed"):
        cutover.do("task.eta", "A", eta=minute(10) - timedelta(microseconds=1), reason="late")


def test_progress_keeps_its_unit(cutover: Cutover) -> None:
    cutover.do("task.start", "A", by="omar")
    cutover.do("task.progress", "A", done=0, total=1_200_000, unit="rows")
    cutover.to(10)
    cutover.do("task.progress", "A", done=412_000, total=1_200_000)
    row = cutover.task("A")
    assert (row.progress_done, row.progress_total, row.progress_unit) == (412_000, 1_200_000, "rows")
    assert row.progress_at == minute(10)


@pytest.mark.parametrize(("done", "total"), [(-1, 10), (11, 10), (0, 0), (1, 2**63)])
def test_progress_that_makes_no_sense(done: int, total: int, cutover: Cutover) -> None:
    cutover.do("task.start", "A", by="omar")
    with pytest.raises(BadInput, match="makes no sense"):
        cutover.do("task.progress", "A", done=done, total=total)


@pytest.mark.parametrize("verb", ["block", "skip", "fail", "eta"])
@pytest.mark.parametrize("reason", ["", "  \n"])
def test_these_need_a_reason(verb: str, reason: str, cutover: Cutover) -> None:
    cutover.do("task.start", "A", by="omar")
    with pytest.raises(BadInput, match="the reason is missing"):
        cutover.do(f"task.{verb}", "A", **(ARGUMENTS[verb] | {"reason": reason}))


def test_skip_releases_and_fail_holds(rehearse: Rehearse) -> None:
    cutover = rehearse(document(task("A", 30), task("B", 10, "A"), task("C", 30), task("D", 10, "C")))
    cutover.do("task.skip", "A", reason="not needed")
    cutover.do("task.start", "C")
    cutover.do("task.fail", "C", reason="broken")
    board = cutover.board()
    shown = {row.ref: board.shown_state(row) for row in board.tasks}
    assert (shown["B"], shown["D"]) == (ShownState.READY, ShownState.WAITING)
    assert cutover.task("A").closing_reason == "not needed"
    cutover.do("task.skip", "C", reason="going on without")
    cutover.do("task.start", "D", by="omar")


# --- --at ------------------------------------------------------------------------------------------------------------


def test_what_really_happened_earlier_is_told_with_at(rehearse: Rehearse) -> None:
    cutover = rehearse(document(task("T", 30, verifier="vera")))
    cutover.to(30)
    entry = cutover.do("task.start", "T", by="omar", at=minute(10))
    assert (entry.effective_at, entry.run_time, entry.recorded_at) == (minute(10), minute(30), minute(30))
    with pytest.raises(BadInput, match="that is before T started"):
        cutover.do("task.done", "T", by="omar", at=minute(9))
    cutover.do("task.done", "T", by="omar", at=minute(10))
    with pytest.raises(BadInput, match="that is before T was executed"):
        cutover.do("task.verify", "T", by="vera", at=minute(9.5))
    cutover.do("task.verify", "T", by="vera", at=minute(20))
    row = cutover.task("T")
    assert (row.actual_start, row.executed_at, row.actual_finish) == (minute(10), minute(10), minute(20))


def test_nothing_happened_in_the_future(cutover: Cutover) -> None:
    with pytest.raises(BadInput, match="has not come yet"):
        cutover.do("task.start", "A", at=minute(0) + timedelta(seconds=1))


# --- what is no task to work on --------------------------------------------------------------------------------------


@pytest.mark.parametrize("verb", [verb for verb in ARGUMENTS if verb != "note"])
@pytest.mark.parametrize(("ref", "said"), [("GO", "GO is a gate"), ("U1", "U1 belongs to the back-out")])
def test_gates_and_the_dormant_backout_are_not_worked_on(verb: str, ref: str, said: str, cutover: Cutover) -> None:
    with pytest.raises(Refused, match=said):
        cutover.do(f"task.{verb}", ref, **ARGUMENTS[verb])


@pytest.mark.parametrize(("ref", "hint"), [("a", "did you mean A?"), ("ENDE", "did you mean END?"), ("9", "task list")])
def test_an_unknown_ref_is_told_with_what_was_meant(ref: str, hint: str, cutover: Cutover) -> None:
    with pytest.raises(BadInput, match=f"there is no task {ref}") as caught:
        cutover.do("task.start", ref)
    assert hint in (caught.value.hint or "")


@pytest.mark.parametrize("verb", ARGUMENTS)
def test_without_an_open_run_nothing_is_done(verb: str, planned: Cutover) -> None:
    with pytest.raises(Refused, match="no run is open"):
        planned.do(f"task.{verb}", "A", **ARGUMENTS[verb])
    planned.rehearse()
    planned.do("run.close")
    with pytest.raises(Refused, match="no run is open"):
        planned.do(f"task.{verb}", "A", **ARGUMENTS[verb])


# --- stale -----------------------------------------------------------------------------------------------------------


def test_who_decided_on_something_older_is_told_who_changed_it(cutover: Cutover) -> None:
    seen = cutover.do("task.start", "A", by="omar").seq
    cutover.do("task.block", "A", by="lena", reason="no access")
    head = cutover.head()
    with pytest.raises(Stale) as caught:
        cutover.do("task.skip", "A", by="omar", reason="it runs too long", seen=seen)
    assert caught.value.message == "A has changed since you looked: task.block by lena: no access"
    assert (caught.value.exit_code, caught.value.code) == (1, "stale")
    assert cutover.head() == head


def test_who_recorded_it_for_whom_is_told_too(cutover: Cutover) -> None:
    cutover.do("task.start", "A", by="lena", done_by="bea")
    with pytest.raises(Stale, match=r"task\.start by bea \(recorded by lena\)"):
        cutover.do("task.block", "A", by="omar", reason="x", seen=0)


def test_what_one_did_oneself_makes_nothing_stale(cutover: Cutover) -> None:
    cutover.do("task.start", "A", by="omar")
    cutover.do("step.tick", "A", by="omar", positions=[1])
    cutover.do("task.note", "A", by="omar", text="x", seen=0)


def test_only_the_subjects_own_entries_count(cutover: Cutover) -> None:
    seen = cutover.do("task.note", "A", by="omar", text="x").seq
    cutover.do("task.note", "B", by="bea", text="elsewhere")
    cutover.do("task.start", "A", by="omar", seen=seen)
    assert cutover.board().last_entry("A") == cutover.entries()[-1].seq


def test_a_tick_by_somebody_else_makes_the_task_stale(cutover: Cutover) -> None:
    seen = cutover.do("task.start", "A", by="omar").seq
    cutover.do("step.tick", "A", by="lena", positions=[1])
    with pytest.raises(Stale, match=r"step\.tick by lena"):
        cutover.do("task.note", "A", by="omar", text="x", seen=seen)


def test_durations_are_planned_not_changed(cutover: Cutover) -> None:
    before = {row.ref: row.duration_s for row in cutover.board().tasks}
    cutover.finish("A")
    assert {row.ref: row.duration_s for row in cutover.board().tasks} == before
    assert before["A"] == 30 * MINUTE
