"""The Board: what everything that shows, judges or forecasts reads.

It holds what belongs to the whole programme and one run's copy of the plan (or, before the first run, the plan's latest
version).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from warroom.board.fold import Fold
from warroom.board.rows import (
    Alert,
    Assessment,
    Attempt,
    Authority,
    ClockJump,
    ClockSegment,
    Confirmation,
    Control,
    ControlFigure,
    ControlRound,
    Criterion,
    Decision,
    Evidence,
    Fact,
    Gate,
    GoCondition,
    Invocation,
    Link,
    Note,
    Person,
    PersonKey,
    Phase,
    PlanVersion,
    Problem,
    Programme,
    Recovery,
    RecoveryChoice,
    Run,
    Seat,
    Step,
    Stream,
    Task,
    Trigger,
    TriggerCall,
    Undone,
    Vote,
    Waiver,
)
from warroom.clock.run_clock import RunClock, Segment
from warroom.vocabulary.words import AlertState, BackoutStage, Releases, ShownState, TaskState

CLOSED_STATES = frozenset({TaskState.DONE, TaskState.SKIPPED})


def released_at(task: Task) -> datetime | None:
    """When the task let its successors go (run time, UTC): when it was done, or executed if it releases then."""
    released = task.releases is Releases.ON_EXECUTION and task.state in (TaskState.VERIFYING, TaskState.DONE)
    return task.executed_at if released else task.actual_finish


def holds(link: Link, predecessor: Task, successor: Task) -> bool:
    """Whether `link` still keeps `successor` from being taken up.

    A link to its finish does so only where it begins and ends at once: a gate, or a milestone.
    """
    if predecessor.state in CLOSED_STATES:
        return False
    if predecessor.state is TaskState.VERIFYING and predecessor.releases is Releases.ON_EXECUTION:
        return False
    if link.link_type.reaches_finish and successor.kind_of_task.is_work:
        return False
    begun = predecessor.actual_start is not None and predecessor.state is not TaskState.FAILED
    return not (link.link_type.leaves_start and begun)


def behind(task_id: int, links_from: Callable[[int], Iterable[Link]]) -> set[int]:
    """Keys of the tasks that come after a task, directly or through others."""
    found: set[int] = set()
    waiting = [task_id]
    while waiting:
        for link in links_from(waiting.pop()):
            if link.successor_id not in found:
                found.add(link.successor_id)
                waiting.append(link.successor_id)
    return found


def ever_started(task: Task) -> bool:
    """Whether the task was started, in this attempt or an earlier one."""
    return task.actual_start is not None or task.attempt > 1


class Board(Fold):
    """The programme at one instant."""

    # --- the programme and its run -------------------------------------------------------------------------------

    @property
    def programme(self) -> Programme:
        return next(iter(self.rows(Programme).values()))

    @property
    def run(self) -> Run | None:
        return None if self.run_id is None else self.rows(Run).get(self.run_id)

    @property
    def plan(self) -> Run | PlanVersion:
        """What says where the window lies: the run, or the plan version while there is none."""
        if (run := self.run) is not None:
            return run
        assert self.version_id is not None
        return self.rows(PlanVersion)[self.version_id]

    @property
    def clock(self) -> RunClock | None:
        """The run's clock; None while there is no run."""

        def build() -> RunClock | None:
            segments = sorted(self.rows(ClockSegment).values(), key=lambda segment: segment.id)
            if not segments:
                return None
            return RunClock(tuple(Segment(segment.wall, segment.run_time, segment.rate) for segment in segments))

        return self.view("clock", [ClockSegment], build)

    def run_time(self, wall: datetime) -> datetime:
        """What the run's clock shows at `wall` (UTC); the wall time itself while there is no run. A closed run
        stands at its end."""
        run, clock = self.run, self.clock
        if run is not None and run.closed_at is not None:
            return run.closed_at
        return wall if clock is None else clock.run_time(wall)

    def person(self, key: int | None) -> Person | None:
        return None if key is None else self.rows(Person).get(key)

    def handle(self, key: int | None) -> str | None:
        person = self.person(key)
        return None if person is None else person.handle

    def person_called(self, handle: str) -> Person | None:
        def build() -> Mapping[str, Person]:
            return {person.handle: person for person in self.rows(Person).values()}

        return self.view("people by handle", [Person], build).get(handle)

    def name_called(self, handle: str) -> str:
        """The name of the person with this handle; the handle itself where there is none."""
        person = self.person_called(handle)
        return handle if person is None else person.name

    def keys_of(self, person_id: int) -> tuple[PersonKey, ...]:
        """The public keys by which the server knows a person."""
        return self._grouped(PersonKey, "person_id").get(person_id, ())

    # --- tasks ---------------------------------------------------------------------------------------------------

    @property
    def tasks(self) -> tuple[Task, ...]:
        """The main network, gates included, in the order of the runbook."""

        def build() -> tuple[Task, ...]:
            return tuple(task for task in self._in_order(Task) if not task.backout)

        return self.view("main network", [Task], build)

    @property
    def backout_tasks(self) -> tuple[Task, ...]:
        return tuple(task for task in self._in_order(Task) if task.backout)

    def task(self, ref: str) -> Task | None:
        def build() -> Mapping[str, Task]:
            return {task.ref: task for task in self.rows(Task).values()}

        return self.view("tasks by ref", [Task], build).get(ref)

    def links_to(self, task_id: int) -> tuple[Link, ...]:
        """The links from the task's predecessors."""
        return self._grouped(Link, "successor_id").get(task_id, ())

    def links_from(self, task_id: int) -> tuple[Link, ...]:
        """The links to the task's successors."""
        return self._grouped(Link, "predecessor_id").get(task_id, ())

    def predecessors(self, task_id: int) -> tuple[Task, ...]:
        """Each once, however many links there are."""
        return self._tasks(link.predecessor_id for link in self.links_to(task_id))

    def successors(self, task_id: int) -> tuple[Task, ...]:
        """Each once, however many links there are."""
        return self._tasks(link.successor_id for link in self.links_from(task_id))

    def open_predecessors(self, task_id: int) -> tuple[Task, ...]:
        """Those that still hold the task, and the gates before it that hold its entity."""

        def build() -> Mapping[int, tuple[Task, ...]]:
            rows = self.rows(Task)
            found = {}
            for task in rows.values():
                links = self.links_to(task.id)
                direct = [key for link in links if holds(link, rows[key := link.predecessor_id], task)]
                if direct or task.entity is not None:
                    found[task.id] = self._tasks([*direct, *self.gates_holding(task)])
            return found

        return self.view("open predecessors", [Task, Link, Gate], build).get(task_id, ())

    def gates_behind(self, task_id: int) -> tuple[Task, ...]:
        """The gates that come after a task, directly or through others, decided or not."""
        known: dict[int, tuple[int, ...]] = self.view("gates behind", [Gate, Link], dict)
        if task_id not in known:
            gates = {gate.task_id for gate in self.rows(Gate).values()}
            known[task_id] = tuple(key for key in behind(task_id, self.links_from) if key in gates)
        return self._tasks(known[task_id])

    def gates_holding(self, task: Task) -> tuple[int, ...]:
        """Keys of the decided gates before a task that have not released its entity."""
        if task.entity is None:
            return ()

        def build() -> Mapping[int, tuple[tuple[int, frozenset[str]], ...]]:
            found: defaultdict[int, list[tuple[int, frozenset[str]]]] = defaultdict(list)
            for gate in self.rows(Gate).values():
                if gate.held:
                    for key in behind(gate.task_id, self.links_from):
                        found[key].append((gate.task_id, frozenset(gate.held)))
            return {key: tuple(gates) for key, gates in found.items()}

        held = self.view("behind gates that hold an entity", [Gate, Link], build)
        return tuple(key for key, entities in held.get(task.id, ()) if task.entity in entities)

    def _tasks(self, keys: Iterable[int]) -> tuple[Task, ...]:
        rows = self.rows(Task)
        return tuple(rows[key] for key in dict.fromkeys(keys))

    def shown_state(self, task: Task) -> ShownState:
        if task.state is not TaskState.NOT_STARTED:
            return ShownState(task.state.value)
        if not task.backout and self.invocation is not None:
            return ShownState.WAITING
        return ShownState.WAITING if self.open_predecessors(task.id) else ShownState.READY

    def steps(self, task_id: int) -> tuple[Step, ...]:
        """Steps, then verification steps."""
        return self._grouped(Step, "task_id").get(task_id, ())

    def facts(self, task_id: int) -> tuple[Fact, ...]:
        """What to know about the platform beside the task."""
        return self._grouped(Fact, "task_id").get(task_id, ())

    def notes(self, task_id: int) -> tuple[Note, ...]:
        return self._grouped(Note, "task_id").get(task_id, ())

    def confirmations(self, task_id: int) -> tuple[Confirmation, ...]:
        """What was confirmed of all attempts at the task, oldest first."""
        return self._grouped(Confirmation, "task_id").get(task_id, ())

    def evidence(self, task_id: int) -> tuple[Evidence, ...]:
        """What was attached to the task and to its steps, oldest first."""
        return self._grouped(Evidence, "task_id").get(task_id, ())

    def attempts(self, task_id: int) -> tuple[Attempt, ...]:
        """The attempts before the present one, the first first."""
        return self._grouped(Attempt, "task_id").get(task_id, ())

    @property
    def stale_tasks(self) -> tuple[Task, ...]:
        """Those that rest on what was done again and that nobody has settled yet, in the order of the runbook."""
        return tuple(task for task in self.tasks if task.stale_since is not None)

    @property
    def undone(self) -> frozenset[int]:
        """The seqs of the entries of this run that were taken back."""

        def build() -> frozenset[int]:
            return frozenset(undone.entry_seq for undone in self.rows(Undone).values())

        return self.view("undone", [Undone], build)

    @property
    def phases(self) -> tuple[Phase, ...]:
        return self._in_order(Phase)

    @property
    def streams(self) -> tuple[Stream, ...]:
        return self._in_order(Stream)

    # --- gates, controls, back-out -------------------------------------------------------------------------------

    def gate_of(self, task_id: int) -> Gate | None:
        gates = self._grouped(Gate, "task_id").get(task_id, ())
        return gates[0] if gates else None

    def seats(self, gate_id: int) -> tuple[Seat, ...]:
        return self._grouped(Seat, "gate_id").get(gate_id, ())

    def criteria(self, gate_id: int) -> tuple[Criterion, ...]:
        return self._grouped(Criterion, "gate_id").get(gate_id, ())

    def votes(self, gate_id: int) -> tuple[Vote, ...]:
        return self._grouped(Vote, "gate_id").get(gate_id, ())

    def assessments(self, criterion_id: int) -> tuple[Assessment, ...]:
        """What was found of a criterion, the latest last."""
        return self._grouped(Assessment, "criterion_id").get(criterion_id, ())

    def waivers(self, criterion_id: int) -> tuple[Waiver, ...]:
        return self._grouped(Waiver, "criterion_id").get(criterion_id, ())

    def decisions(self, gate_id: int) -> tuple[Decision, ...]:
        """The decisions of a gate, the first first."""
        return self._grouped(Decision, "gate_id").get(gate_id, ())

    def conditions(self, decision_id: int) -> tuple[GoCondition, ...]:
        return self._grouped(GoCondition, "decision_id").get(decision_id, ())

    @property
    def problems(self) -> tuple[Problem, ...]:
        """The log of the night, oldest first."""
        return tuple(self.rows(Problem).values())

    @property
    def controls(self) -> tuple[Control, ...]:
        return self._in_order(Control)

    def rounds(self, control_id: int) -> tuple[ControlRound, ...]:
        """All rounds of a control in this run, the first first."""
        return self._grouped(ControlRound, "control_id").get(control_id, ())

    def figures(self, round_id: int) -> tuple[ControlFigure, ...]:
        return self._grouped(ControlFigure, "round_id").get(round_id, ())

    @property
    def triggers(self) -> tuple[Trigger, ...]:
        return self._in_order(Trigger)

    @property
    def backout_authority(self) -> tuple[Authority, ...]:
        return tuple(self.rows(Authority).values())

    def trigger_calls(self, trigger_id: int) -> tuple[TriggerCall, ...]:
        """What was called on a trigger, oldest first."""
        return self._grouped(TriggerCall, "trigger_id").get(trigger_id, ())

    @property
    def recovery(self) -> tuple[Recovery, ...]:
        """The ways to recover after the point of no return."""
        return self._in_order(Recovery)

    def recovery_choice(self, recovery_id: int) -> RecoveryChoice | None:
        """The decision to recover in that way; None while it was not taken."""
        choices = self._grouped(RecoveryChoice, "recovery_id").get(recovery_id, ())
        return choices[0] if choices else None

    @property
    def invocation(self) -> Invocation | None:
        """The decision to back out; None while the back-out is dormant."""
        return next(iter(self.rows(Invocation).values()), None)

    @property
    def backout_stage(self) -> BackoutStage:
        """How far the back-out has come; it is backed out once all of its tasks are done or skipped."""
        if self.invocation is None:
            return BackoutStage.DORMANT
        if any(task.state not in CLOSED_STATES for task in self.backout_tasks):
            return BackoutStage.BACKING_OUT
        closed = self.run is not None and self.run.closed_at is not None
        return BackoutStage.CLOSED if closed else BackoutStage.BACKED_OUT

    @property
    def past_point_of_no_return(self) -> bool:
        """Whether the task whose start is the point of no return was ever started."""
        ref = self.plan.point_of_no_return
        task = None if ref is None else self.task(ref)
        return task is not None and ever_started(task)

    @property
    def tasks_in_play(self) -> tuple[Task, ...]:
        """The tasks of which something can be wanted: the main network; once a back-out is invoked, the back-out's, and
        what is still under way of the main network."""
        if self.invocation is None:
            return self.tasks
        return (*self.backout_tasks, *self.left_running)

    def is_held(self, task: Task) -> bool:
        """Whether a back-out holds the task: it belongs to the main network and has not begun."""
        return self.invocation is not None and not task.backout and task.state is TaskState.NOT_STARTED

    @property
    def left_running(self) -> tuple[Task, ...]:
        """What is under way of the main network: once a back-out is invoked, its owners stop or finish it."""
        under_way = (TaskState.RUNNING, TaskState.VERIFYING, TaskState.BLOCKED)
        return tuple(task for task in self.tasks if task.actual_start is not None and task.state in under_way)

    # --- alerts --------------------------------------------------------------------------------------------------

    @property
    def alerts(self) -> tuple[Alert, ...]:
        """All alerts of the run, oldest first."""
        return tuple(self.rows(Alert).values())

    @property
    def open_alerts(self) -> tuple[Alert, ...]:
        return tuple(alert for alert in self.alerts if alert.state is not AlertState.CLOSED)

    @property
    def clock_jumps(self) -> tuple[ClockJump, ...]:
        """The times at which a clock was found to have been set in the run, oldest first."""
        return tuple(self.rows(ClockJump).values())

    @property
    def doubted_clock(self) -> ClockJump | None:
        """The last jump on which alerts of lateness wait, until a lead has confirmed the clock; None: they do not."""
        return next((jump for jump in reversed(self.clock_jumps) if jump.holds and jump.confirmed_at is None), None)
