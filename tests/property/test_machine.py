"""Several people do anything at all, in any order, with all actions there are, on a real file. A model says who is let,
and what comes of it; the journal is sound after each deed, and any part of it gives the tables as they were."""

from __future__ import annotations

import shutil
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import mkdtemp

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.cutover import START, Cutover, everything, opened, rehearsing
from tests.property.cutover_model import (
    BACKOUT,
    DEEDS,
    GATE,
    HANDLES,
    PEOPLE,
    REFS,
    Model,
    Task,
    Try,
    allowed,
    carried_out,
    given,
    likely,
)
from tests.soaking import LONG, times
from warroom.actions.registry import ACTIONS
from warroom.board.load import load_history
from warroom.board.presence import is_away, stood_in_for
from warroom.model.plan import ClockSegment, Run
from warroom.model.programme import Person
from warroom.store.verify import verify
from warroom.vocabulary.errors import BadInput, Refused
from warroom.vocabulary.words import StepKind

RUNS, STEPS = times(short=8, whole=1_000), times(short=30, whole=80)

pytestmark = LONG

people = st.sampled_from(PEOPLE)
SUBJECTS = {"task": REFS, "new": st.just("NEW"), "person": HANDLES, "party": st.sampled_from(("bank", "post"))}
SUBJECTS["control"] = st.sampled_from(("gl", "stock", "none"))
SUBJECTS["text"] = st.sampled_from(("notice", "none"))
SUBJECTS["way"] = st.sampled_from(("by-hand", "none"))


@st.composite
def tries(draw: st.DrawFn) -> Try:
    action = draw(st.sampled_from([*DEEDS, "step.tick", "task.start"]))
    deed, by = DEEDS[action], draw(people)
    doer = draw(st.sampled_from((by, by, by, *PEOPLE)))
    arguments = {name: draw(strategy) for name, strategy in deed.arguments.items()}
    return Try(action, draw(SUBJECTS[deed.about]) if deed.about else None, by, doer, arguments)


class Machine(RuleBasedStateMachine):
    """The small cutover in a rehearsal, and the model of it."""

    template: Path

    def __init__(self) -> None:
        super().__init__()
        self.open_files = ExitStack()
        self.folder = Path(mkdtemp())
        self.model = Model()
        self.runs = 1

    @initialize(so_far=st.lists(st.integers(0, 200), max_size=25))
    def begin(self, so_far: list[int]) -> None:
        path = Path(shutil.copy(self.template, self.folder))
        self.cutover: Cutover = self.open_files.enter_context(opened(path))
        board = self.cutover.board()
        self.stands = {board.seq: everything(board)}
        self.it_goes_on(so_far)

    def teardown(self) -> None:
        self.open_files.close()
        shutil.rmtree(self.folder)

    @rule(minutes=st.sampled_from((0, 1, 5, 20, 90)))
    def time_passes(self, minutes: int) -> None:
        self.model.wall += minutes * 60
        self.cutover.to(self.model.wall / 60)

    @rule(one=tries())
    def somebody_tries(self, one: Try) -> None:
        """Whatever they are let do, they do; what they are not leaves no trace."""
        self.look_who_is_there()
        expected = allowed(self.model, one)
        before = self.cutover.head()
        subject = [] if one.ref is None else [one.ref]
        done_by = None if one.doer == one.by else one.doer
        try:
            self.cutover.do(one.action, *subject, by=one.by, done_by=done_by, **given(one.arguments))
            refused = None
        except (Refused, BadInput) as error:
            refused = error.message
        assert expected in (None, refused is None), (one, refused)
        if refused is not None:
            assert self.cutover.head() == before
            return
        if one.ref in BACKOUT:
            self.take_over()
            return
        carried_out(self.model, one)
        if DEEDS[one.action].does is None:
            self.model.judged |= one.action.startswith(("gate.", "control.", "problem."))
            self.take_over()

    @precondition(lambda self: self.model.open)
    @rule(which=st.lists(st.integers(0, 200), min_size=1, max_size=5))
    def it_goes_on(self, which: list[int]) -> None:
        for number in which:
            self.look_who_is_there()
            if choices := list(likely(self.model)):
                self.somebody_tries(choices[number % len(choices)])

    @precondition(lambda self: not self.model.open)
    @rule()
    def another_rehearsal(self) -> None:
        self.runs += 1
        wall = self.model.wall
        self.cutover.rehearse(f"mock {self.runs}")
        self.model = Model(wall=wall)
        self.take_over()  # the plan may be another one by now

    @rule(which=st.integers(0, 10_000))
    def somebody_looks_back(self, which: int) -> None:
        """Replaying any part of the journal gives the tables as they were then, of the run of that time."""
        seqs = sorted(self.stands)
        seq = seqs[which % len(seqs)]
        run = self.cutover.entries()[seq - 1].run
        name = next(each.name for each in self.cutover.board().rows(Run).values() if each.id == run)
        assert everything(load_history(self.cutover.state_file, name).board(seq)) == self.stands[seq]

    @invariant()
    def the_model_agrees(self) -> None:
        if not hasattr(self, "cutover"):
            return
        board = self.cutover.board()
        self.stands[board.seq] = everything(board)
        for ref, expected in self.model.tasks.items():
            task = self.cutover.task(ref)
            steps = board.steps(task.id)
            assert task.state is expected.state, ref
            assert {step.position for step in steps if step.ticked_at is not None} == expected.ticked, ref
            assert len(board.notes(task.id)) == self.model.notes.get(ref, 0), ref
            assert board.handle(task.executor_id) == expected.executor or ref == GATE
        gate = board.gate_of(self.cutover.task(GATE).id)
        assert gate is not None
        assert gate.verdict is self.model.verdict
        votes = {board.handle(vote.person_id): vote.choice for vote in board.votes(gate.id)}
        assert votes == self.model.votes
        assert verify(self.cutover.state_file).findings == ()

    def look_who_is_there(self) -> None:
        """Leaves and substitutes are watched only: what they come to just now is read from the tables."""
        board, now = self.cutover.board(), START + timedelta(seconds=self.model.now)
        for person in board.rows(Person).values():
            (self.model.away.add if is_away(board, person.id, now) else self.model.away.discard)(person.handle)
            self.model.stands_for[person.handle] = {
                board.handle(key) or "" for key in stood_in_for(board, person.id, now)
            }

    def take_over(self) -> None:
        """After a deed of which the model does not know what it does: as the tables have it."""
        board, model = self.cutover.board(), self.model
        model.tasks = {
            row.ref: Task(
                owner=board.handle(row.owner_id) or "",
                backup=board.handle(row.backup_id),
                after=tuple(before.ref for before in board.predecessors(row.id)),
                verifier=board.handle(row.verifier_id),
                steps=tuple(step.kind_of_step is StepKind.VERIFICATION for step in board.steps(row.id)),
                state=row.state,
                started=seconds(row.actual_start),
                executed=seconds(row.executed_at),
                blocked=seconds(row.blocked_at),
                executor=board.handle(row.executor_id),
                stale=row.stale_since is not None,
                ticked={step.position for step in board.steps(row.id) if step.ticked_at is not None},
            )
            for row in board.tasks
        }
        model.notes = {row.ref: len(board.notes(row.id)) for row in board.tasks}
        model.backing_out = board.invocation is not None
        gate = board.gate_of(self.cutover.task(GATE).id)
        assert gate is not None
        model.verdict = gate.verdict
        model.votes = {board.handle(vote.person_id) or "": vote.choice for vote in board.votes(gate.id)}
        model.rates = [
            (seconds(segment.wall) or 0, seconds(segment.run_time) or 0, segment.rate)
            for segment in board.rows(ClockSegment).values()
        ]


def seconds(instant: datetime | None) -> int | None:
    return None if instant is None else int((instant - START).total_seconds())


def test_every_action_has_its_line() -> None:
    """A new action is tried like the others from its first day: `DEEDS` wants a line for it."""
    assert set(DEEDS) == set(ACTIONS)


def test_the_model_agrees_whatever_is_done(tmp_path: Path) -> None:
    with rehearsing(tmp_path / "state.db") as cutover:
        template = cutover.path

    class OnTemplate(Machine):
        pass

    OnTemplate.template = template
    run_state_machine_as_test(
        OnTemplate, settings=settings(max_examples=RUNS, stateful_step_count=STEPS, deadline=None)
    )
