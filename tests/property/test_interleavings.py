"""Several people act at random on one cutover. Whatever they do, the tables, the journal and a Board that is moved
along agree cell by cell; what is refused leaves no trace; nothing can be finished twice."""

from __future__ import annotations

import shutil
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cutover import Cutover, everything, minute, opened, rehearsing
from tests.soaking import times
from warroom.board.board import Board
from warroom.board.forecast import forecast
from warroom.board.load import load_board
from warroom.store.verify import verify
from warroom.vocabulary.errors import BadInput, Refused
from warroom.vocabulary.words import Result, TaskState, Verdict, VoteChoice

PEOPLE = ("lena", "omar", "bea", "vera", "gil", "sam")
# Who may do more acts more often, so that most of what is tried is allowed.
actors = st.sampled_from(("lena", "lena", "omar", "omar", "bea", "vera", "gil", "sam"))
refs = st.sampled_from(("A", "A", "B", "B", "C", "C", "TRY", "GO", "GO", "END", "AFTER", "U1", "NONE"))
reasons = st.sampled_from(("late", "no access", "Grüße \U0001f600", ""))


@dataclass(frozen=True)
class Deed:
    """One thing that somebody tries, `later` minutes after the one before."""

    action: str
    subject: tuple[str, ...]
    by: str
    later: int
    arguments: dict[str, Any]


def deeds(
    action: str, *subject: st.SearchStrategy[str], **arguments: st.SearchStrategy[Any]
) -> st.SearchStrategy[Deed]:
    return st.builds(
        Deed,
        st.just(action),
        st.tuples(*subject),
        actors,
        st.sampled_from((0, 0, 0, 1, 5, 20)),
        st.fixed_dictionaries(arguments),
    )


def likely(board: Board, deed: Deed) -> Deed:
    """One of the things that can well be done with a task as it stands, chosen by `which`."""
    row = board.task(deed.subject[0])
    if row is None or row.backout:
        return Deed("task.note", ("A",), "sam", 0, {"text": "nothing to do"})
    if (gate := board.gate_of(row.id)) is not None:
        seat = board.seats(gate.id)[deed.arguments["which"] % 3]
        options: list[tuple[str, str, dict[str, Any]]] = [
            ("gate.vote", board.handle(seat.person_id) or "", {"choice": VoteChoice.GO}),
            ("gate.vote", board.handle(seat.person_id) or "", {"choice": VoteChoice.NO_GO, "reason": "no"}),
            ("gate.decide", "lena", {"verdict": Verdict.GO, "reason": "as voted"}),
            ("gate.decide", "lena", {"verdict": Verdict.NO_GO, "reason": "as voted"}),
        ]
    else:
        open_steps = [step.position for step in board.steps(row.id) if step.ticked_at is None]
        tick: tuple[str, str, dict[str, Any]] = ("step.tick", "lena", {"positions": open_steps[:1]})
        block = ("task.block", "omar", {"reason": "no access"})
        eta = ("task.eta", "omar", {"eta": minute(1_000 + deed.arguments["which"]), "reason": "slow"})
        options = {
            TaskState.NOT_STARTED: [("task.start", "lena", {}), ("task.start", "omar", {}), block],
            TaskState.RUNNING: [
                tick if open_steps else ("task.done", "omar", {}),
                ("task.done", "lena", {}),
                eta,
                block,
                ("task.progress", "omar", {"done": deed.arguments["which"], "total": 100}),
            ],
            TaskState.VERIFYING: [tick if open_steps else ("task.verify", "vera", {}), block, eta],
            TaskState.BLOCKED: [("task.unblock", "lena", {}), ("task.unblock", "omar", {}), eta],
            TaskState.FAILED: [
                ("task.skip", "lena", {"reason": "go on"}),
                ("task.rerun", "omar", {"reason": "new disk"}),
            ],
            TaskState.DONE: [
                ("task.note", "sam", {"text": "all done"}),
                ("task.settle", "lena", {"reason": "still good"}),
                ("task.reopen", "vera", {"reason": "not yet"}),
                ("task.rerun", "lena", {"reason": "wrong file", "from_here": deed.arguments["which"] > 50}),
            ],
        }.get(row.state, [("task.note", "sam", {"text": "all done"})])
    action, by, arguments = options[deed.arguments["which"] % len(options)]
    return Deed(action, deed.subject, by, deed.later, arguments)


positions = st.lists(st.integers(1, 3), min_size=1, max_size=2)
something_likely = deeds("likely", refs, which=st.integers(0, 99))
anything_at_all = st.one_of(
    deeds("task.start", refs),
    deeds("task.start", refs),
    deeds("task.done", refs, result=st.none() | st.sampled_from(Result)),
    deeds("task.verify", refs),
    deeds("task.block", refs, reason=reasons),
    deeds("task.unblock", refs),
    deeds("task.skip", refs, reason=reasons),
    deeds("task.fail", refs, reason=reasons),
    deeds("task.eta", refs, reason=reasons, eta=st.integers(0, 300).map(minute)),
    deeds("task.progress", refs, done=st.integers(0, 9), total=st.integers(1, 9)),
    deeds("task.note", refs, text=reasons),
    deeds("step.tick", refs, positions=positions),
    deeds("step.tick", refs, positions=positions),
    deeds("step.untick", refs, positions=positions),
    deeds("gate.vote", refs, choice=st.sampled_from(VoteChoice), reason=reasons),
    deeds("gate.decide", refs, verdict=st.sampled_from(Verdict), reason=reasons),
    deeds("task.reopen", refs, reason=reasons),
    deeds("task.rerun", refs, reason=reasons, from_here=st.booleans()),
    deeds("task.settle", refs, reason=reasons),
    deeds("task.correct", refs, reason=reasons, start=st.integers(0, 60).map(minute)),
    deeds("task.correct", refs, reason=reasons, finish=st.integers(0, 300).map(minute)),
    deeds("undo"),
    deeds("run.hold"),
    deeds("run.resume"),
    deeds("sweep"),
    deeds("finish", refs.filter(lambda ref: ref != "NONE")),
)


# Two thirds of it is likely, so that the cutover gets somewhere.
anything = st.sampled_from((something_likely, something_likely, anything_at_all)).flatmap(lambda deed: deed)


def like(template: Path, path: Path, engine: str) -> AbstractContextManager[Cutover]:
    """A rehearsal like `template`, which only where it is a file can be copied instead of begun again."""
    if engine != "sqlite":
        return rehearsing(path)
    shutil.copy(template, path)
    return opened(path)


def carry_out(cutover: Cutover, deed: Deed) -> bool:
    """Do it; says whether it was allowed."""
    try:
        if deed.action == "sweep":
            cutover.sweep()
        elif deed.action == "finish":
            cutover.finish(*deed.subject)
        else:
            cutover.do(deed.action, *deed.subject, by=deed.by, **deed.arguments)
    except (Refused, BadInput):
        return False
    return True


def blank() -> Board:
    return Board({}, seq=0, recorded_at=None, run_id=1, version_id=1, last_entries={})


@settings(max_examples=times(short=8, whole=25), deadline=None)
@given(what=st.lists(anything, min_size=12, max_size=60))
def test_tables_journal_and_moved_board_agree_after_every_deed(what: list[Deed], template: Path, engine: str) -> None:
    with TemporaryDirectory() as folder, like(template, Path(folder) / "state.db", engine) as cutover:
        moved = cutover.board()
        stands = {moved.seq: everything(moved)}
        now = 0
        for tried in what:
            deed = likely(moved, tried) if tried.action == "likely" else tried
            now += deed.later
            cutover.to(now)
            head = cutover.head()
            allowed = carry_out(cutover, deed)
            loaded = cutover.board()
            if not allowed and deed.action != "finish":  # which is several actions
                assert cutover.head() == head
            moved = moved.apply(cutover.state_file.entries(moved.seq))
            cells = stands[loaded.seq] = everything(loaded)
            assert everything(moved) == cells
            assert moved.seq == loaded.seq
            if allowed and deed.action in ("task.done", "task.verify", "gate.decide"):
                assert_not_again(cutover, deed)
            assert_in_order(loaded)
            forecast(loaded, loaded.run_time(cutover.clock.now()))

        entries = cutover.entries()
        for seq, cells in stands.items():
            assert everything(blank().apply(entries[:seq])) == cells
        assert verify(cutover.state_file).sound
        assert everything(load_board(cutover.state_file, "mock 1")) == everything(moved)


def assert_not_again(cutover: Cutover, deed: Deed) -> None:
    """What is finished is finished for everybody; a no-go may be decided again."""
    if deed.arguments.get("verdict") is Verdict.NO_GO:
        return
    head = cutover.head()
    for handle in PEOPLE:
        assert not carry_out(cutover, Deed(deed.action, deed.subject, handle, 0, deed.arguments))
    assert cutover.head() == head


def assert_in_order(board: Board) -> None:
    """What must hold of every task, whatever was done."""
    for row in board.tasks:
        times = [time for time in (row.actual_start, row.executed_at, row.actual_finish) if time is not None]
        assert times == sorted(times)
        finished = row.state in (TaskState.DONE, TaskState.SKIPPED, TaskState.FAILED)
        assert (row.actual_finish is not None) == finished
        assert (row.state is TaskState.BLOCKED) <= (row.blocked_at is not None)
        attempts = board.attempts(row.id)
        assert [attempt.number for attempt in attempts] == list(range(1, row.attempt))
        assert all(attempt.actual_start is not None for attempt in attempts)
        assert (row.stale_since is None) == (row.stale_because is None)
        if row.state in (TaskState.RUNNING, TaskState.VERIFYING, TaskState.DONE):
            assert row.actual_start is not None
        if row.verifier_id is not None and row.state is TaskState.DONE:
            assert row.verified_by_id is not None
            assert row.verified_by_id != row.executor_id
            assert all(step.ticked_at is not None for step in board.steps(row.id))
    keys = [(alert.rule, alert.subject, alert.episode) for alert in board.alerts]
    assert len(keys) == len(set(keys))
    open_ones = [(alert.rule, alert.subject) for alert in board.open_alerts]
    assert len(open_ones) == len(set(open_ones))
