"""What simulated people mean to do: from the Board and the seed alone, their own part only."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from warroom.actions import gates, plan, runs, steps, tasks
from warroom.board.board import Board
from warroom.board.load import load_board
from warroom.board.rows import Task
from warroom.clock.source import SteppedClock
from warroom.resources import folder
from warroom.runbook.reader import read_runbook
from warroom.simulate.course import course_of, session_of
from warroom.simulate.intention import Intention
from warroom.simulate.people import free_from, intentions, lead_of, next_intention
from warroom.simulate.play import as_person, play_stepped
from warroom.simulate.sayings import BOOKS, DATA, GOODS, PEOPLE, SYSTEMS, TRIALS, sayings_for
from warroom.store.statefile import StateFile
from warroom.vocabulary.text import fault_of_text
from warroom.vocabulary.words import RunKind, StepKind, TaskState, VoteChoice

START = datetime(2026, 11, 27, 17, 0, tzinfo=UTC)
SEEDS = range(400)


@pytest.fixture
def clock() -> SteppedClock:
    return SteppedClock(START)


@pytest.fixture
def state_file(tmp_path: Path, clock: SteppedClock) -> Iterator[StateFile]:
    """The small sample with a rehearsal that has just begun."""
    path = tmp_path / "people.db"
    runbook = folder("sample_runbooks") / "first-cutover.yaml"
    plan.init(path, read_runbook(runbook), name=runbook.name, clock=clock)
    with StateFile.open(path, clock=clock) as opened:
        runs.start(opened, as_person("jana"), kind=RunKind.REHEARSAL, name="r1")
        yield opened


def task_of(board: Board, ref: str) -> Task:
    task = board.task(ref)
    assert task is not None
    return task


def meant_for(board: Board, ref: str, now: datetime, seed: int) -> list[Intention]:
    return [intention for intention in intentions(board, now, seed) if intention.ref == ref]


def a_seed(board: Board, ref: str, *, blocked: bool) -> int:
    """A seed in whose play the task is blocked, or goes without a hitch."""
    task = task_of(board, ref)
    for seed in SEEDS:
        course = course_of(seed, task, steps=2, checks=1)
        if blocked if course.block is not None else (not blocked and course.promise is None):
            return seed
    raise AssertionError("no such seed")


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Load stock", DATA),
        ("Back up the old system", SYSTEMS),
        ("One order to paid invoice", TRIALS),
        ("Full stock count, post differences", GOODS),
        ("Tie out trial balance, receivables, payables, stock", BOOKS),
        ("Tell everyone: old system closes", PEOPLE),
        ("", PEOPLE),
    ],
)
def test_the_first_telling_word_of_the_title_chooses_what_is_said(title: str, kind: object) -> None:
    assert sayings_for(title) is kind


def test_everything_that_is_said_can_be_stored() -> None:
    for kind in (DATA, SYSTEMS, TRIALS, GOODS, BOOKS, PEOPLE):
        said = [*kind.delays, *kind.notes, *kind.evidence]
        for trouble in kind.troubles:
            said += [trouble.problem, trouble.remedy, trouble.solution]
        assert all(text.strip() and fault_of_text(text) is None for text in said)
        assert kind.troubles
        assert kind.delays
        assert kind.notes
        assert kind.evidence


def test_a_course_follows_from_seed_and_ref(state_file: StateFile) -> None:
    board = load_board(state_file)
    first, second = task_of(board, "DM-03"), task_of(board, "DM-07")
    assert course_of(5, first, steps=3, checks=1) == course_of(5, first, steps=3, checks=1)
    assert course_of(5, first, steps=3, checks=1) != course_of(6, first, steps=3, checks=1)
    assert course_of(5, first, steps=3, checks=1) != course_of(5, second, steps=3, checks=1)


def test_courses_are_in_order_and_of_all_kinds(state_file: StateFile) -> None:
    task = task_of(load_board(state_file), "DM-07")
    early = late = blocked = dawdled = 0
    for seed in SEEDS:
        course = course_of(seed, task, steps=4, checks=2)
        assert all(earlier <= later for earlier, later in pairwise((0, *course.ticks, course.work)))
        assert all(earlier <= later for earlier, later in pairwise((0, *course.checks, course.verify_after)))
        assert course.start_after > 0
        if course.block is not None:
            assert course.promise is not None
            assert 0 < course.block.after < course.block.after + course.block.lasts < course.work
        total = course.work + course.verify_after
        early += total < task.duration_s * 85 // 100
        late += total > task.duration_s and course.block is None
        blocked += course.block is not None
        dawdled += course.start_after > 300
        assert (course.promise is not None) == (course.block is not None or total > task.duration_s)
    assert early > 80
    assert 20 < late < 90
    assert 10 < blocked < 70
    assert 5 < dawdled < 60


def test_a_milestone_takes_no_time(state_file: StateFile) -> None:
    task = task_of(load_board(state_file), "DM-07").model_copy(update={"duration_s": 0})
    for seed in SEEDS:
        course = course_of(seed, task, steps=0, checks=0)
        assert (course.work, course.verify_after, course.block, course.promise) == (0, 0, None, None)


def test_only_what_is_ready_is_started_by_its_owner(state_file: StateFile) -> None:
    board = load_board(state_file)
    (only,) = intentions(board, START, seed=3)
    assert (only.who, only.action, only.ref) == ("jana", "task.start", "DM-01")
    assert only.due > START
    assert next_intention(board, START, 3) == only
    assert lead_of(board) == "jana"


def test_nothing_starts_before_its_plan_and_its_predecessors_allow(state_file: StateFile, clock: SteppedClock) -> None:
    board = load_board(state_file)
    first = task_of(board, "DM-01")
    later = first.model_copy(update={"not_before_s": 3600})
    assert free_from(board, first) == START
    assert free_from(board, later) == START + timedelta(hours=1)
    board = play_stepped(state_file, clock, 3, until=START + timedelta(minutes=20))
    finish = task_of(board, "DM-01").actual_finish
    assert finish is not None
    assert free_from(board, task_of(board, "DM-02")) == finish


def test_what_is_meant_does_not_depend_on_who_asks_when(state_file: StateFile, clock: SteppedClock) -> None:
    board = play_stepped(state_file, clock, 3, until=START + timedelta(minutes=70))
    again = load_board(state_file)
    now = board.run_time(clock.now())
    meant = list(intentions(board, now, 3))
    assert meant
    assert list(intentions(again, now, 3)) == meant


def test_a_block_is_told_explained_and_solved(state_file: StateFile, clock: SteppedClock) -> None:
    board = load_board(state_file)
    seed = a_seed(board, "DM-01", blocked=True)
    seen = []
    play_stepped(state_file, clock, seed, until=START + timedelta(hours=4), on_entry=lambda entry: seen.append(entry))
    told = [
        (entry.action, entry.reason)
        for entry in seen
        if entry.subject == "DM-01" and entry.action in ("task.block", "task.eta", "task.unblock")
    ]
    course = course_of(seed, task_of(board, "DM-01"), steps=2, checks=1)
    assert course.block is not None
    trouble = course.block.trouble
    assert told == [
        ("task.block", trouble.problem),
        ("task.eta", trouble.remedy),
        ("task.unblock", trouble.solution),
    ]


def test_what_somebody_else_blocked_is_left_to_them(state_file: StateFile, clock: SteppedClock) -> None:
    board = load_board(state_file)
    seed = a_seed(board, "DM-01", blocked=True)
    tasks.start(state_file, as_person("jana"), "DM-01")
    tasks.block(state_file, as_person("jana"), "DM-01", reason="to see what it breaks")
    assert meant_for(load_board(state_file), "DM-01", START, seed) == []


def test_an_eta_from_a_console_is_kept(state_file: StateFile, clock: SteppedClock) -> None:
    board = load_board(state_file)
    seed = a_seed(board, "DM-01", blocked=False)
    jana = as_person("jana")
    tasks.start(state_file, jana, "DM-01")
    eta = START + timedelta(minutes=50)
    tasks.eta(state_file, jana, "DM-01", eta=eta, reason="asked to wait")
    own = [step.position for step in board.steps(task_of(board, "DM-01").id) if step.kind_of_step is StepKind.STEP]
    steps.tick(state_file, jana, "DM-01", positions=own)
    (done,) = meant_for(load_board(state_file), "DM-01", START, seed)
    assert (done.action, done.due) == ("communication.approve", eta), "whose text is sent finishes the task"


def test_a_late_one_promises_a_time_to_come(state_file: StateFile) -> None:
    board = load_board(state_file)
    tasks.start(state_file, as_person("jana"), "DM-01")
    board = load_board(state_file)
    task = task_of(board, "DM-01")
    now = START + timedelta(hours=2, minutes=3)
    for seed in SEEDS:
        course = course_of(seed, task, steps=2, checks=1)
        if course.promise is not None and course.block is None and course.promise.after < course.ticks[0]:
            (told,) = meant_for(board, "DM-01", now, seed)
            assert told.action == "task.eta"
            assert told.arguments["eta"] == START + timedelta(hours=2, minutes=10)
            assert told.arguments["reason"] in sayings_for(task.title).delays
            return
    raise AssertionError("no such seed")


def test_whoever_executed_does_not_verify(state_file: StateFile, clock: SteppedClock) -> None:
    callum = as_person("callum")  # the verifier of DM-01, which its owner and the lead, jana, executes
    board = load_board(state_file)
    course = course_of(3, task_of(board, "DM-01"), steps=2, checks=1)
    executed = START + timedelta(seconds=course.start_after + course.work)
    board = play_stepped(state_file, clock, 3, until=executed + timedelta(seconds=1))
    assert task_of(board, "DM-01").state is TaskState.VERIFYING
    (meant,) = meant_for(board, "DM-01", clock.now(), 3)
    assert meant.who == callum.handle
    assert meant.action in ("step.tick", "task.verify")


def at_the_gate(state_file: StateFile, clock: SteppedClock, seed: int) -> Board:
    """The Board when the first gate can be decided and nobody has voted."""
    board = load_board(state_file)
    while board.open_predecessors(task_of(board, "DM-12").id):
        board = play_stepped(state_file, clock, seed, until=board.run_time(clock.now()) + timedelta(seconds=10))
    return board


def test_a_doubter_votes_no_go_and_comes_round(state_file: StateFile, clock: SteppedClock) -> None:
    board = load_board(state_file)
    gate = task_of(board, "DM-12")
    seed = next(seed for seed in SEEDS if session_of(seed, gate, seats=3).doubter is not None)
    votes = []
    board = play_stepped(state_file, clock, seed, on_entry=lambda entry: votes.append(entry))
    session = session_of(seed, gate, seats=3)
    said = [entry.reason for entry in votes if entry.action == "gate.vote" and entry.subject == "DM-12"]
    assert session.doubt in said
    assert len(said) == 4
    assert task_of(board, "DM-12").state is TaskState.DONE


def test_a_no_go_verdict_is_decided_again(state_file: StateFile, clock: SteppedClock) -> None:
    board = load_board(state_file)
    gate = task_of(board, "DM-12")
    seed = next(seed for seed in SEEDS if session_of(seed, gate, seats=3).held_back is not None)
    entries = []
    board = play_stepped(state_file, clock, seed, on_entry=lambda entry: entries.append(entry))
    decided = [entry.reason for entry in entries if entry.action == "gate.decide" and entry.subject == "DM-12"]
    assert len(decided) == 2
    assert decided[0] == session_of(seed, gate, seats=3).held_back
    assert task_of(board, "DM-12").state is TaskState.DONE


def test_a_no_go_from_a_console_holds_the_gate(state_file: StateFile, clock: SteppedClock) -> None:
    seed = 3
    board = at_the_gate(state_file, clock, seed)
    for handle, choice in (("helene", VoteChoice.NO_GO), ("matteo", VoteChoice.GO), ("rahul", VoteChoice.GO)):
        gates.vote(state_file, as_person(handle), "DM-12", choice=choice, reason="seen at the console")
    board = load_board(state_file)
    meant = {intention.action for intention in meant_for(board, "DM-12", board.run_time(clock.now()), seed)}
    assert not meant & {"gate.vote", "gate.decide"}
