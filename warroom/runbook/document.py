"""A runbook as it was read: plain, checked values.

Windows are aware instants in UTC. Every other time, `_s`, is whole seconds from the window start (negative:
before it), and every span whole seconds. Whatever names a person, a phase, a stream or a task names one that
is in the same document; an owner, a backup, a verifier or a seat may also be "role:KEY", a role of the rota. Lists
keep the order of the file.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from warroom.runbook.alerts import PlannedAlerts
from warroom.runbook.marks import Marks
from warroom.runbook.surroundings import Surroundings
from warroom.schedule.hours import WorkingHours
from warroom.vocabulary.public_key import PublicKey
from warroom.vocabulary.words import (
    Assurance,
    Automatic,
    ControlKind,
    DecisionRule,
    GateStage,
    LinkType,
    Opens,
    ProgressLogic,
    Releases,
    Runs,
    SignConvention,
    TaskKind,
)


@dataclass(frozen=True, slots=True)
class Programme:
    """Whom it is for; `timezone` is the IANA zone of times that name none."""

    key: str
    name: str
    timezone: str
    platform: str | None = None
    variant: str | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """The time in which the cutover must fit.

    Attributes:
        restore_by: when business must be running again on the old system.
        ends_with: ref of the task whose finish must lie inside; None: the last of the main network.
        buffer_s: what is kept free before `restore_by` when the latest back-out decision is worked out.
    """

    start: datetime
    end: datetime
    restore_by: datetime
    ends_with: str | None
    buffer_s: int


@dataclass(frozen=True, slots=True)
class PlannedCalendar:
    """Working hours under the name that tasks and people use."""

    key: str
    hours: WorkingHours


@dataclass(frozen=True, slots=True)
class PlannedAbsence:
    """A stretch of time in which a person does not work."""

    from_s: int
    to_s: int


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who takes part. `roles` are words of `Role`; `notify` are addresses for alerts, and
    `quiet` the hours in which only critical ones are sent; `keys` are
    those with which the person logs in to the server.

    Without a `calendar` the person is there round the clock, save when `away`.
    """

    handle: str
    name: str
    title: str | None = None
    company: str | None = None
    phone: str | None = None
    timezone: str | None = None
    login: str | None = None
    roles: tuple[str, ...] = ()
    notify: tuple[str, ...] = ()
    quiet: str | None = None
    calendar: str | None = None
    away: tuple[PlannedAbsence, ...] = ()
    keys: tuple[PublicKey, ...] = ()


@dataclass(frozen=True, slots=True)
class Party:
    """A company, a vendor or a desk without a log-in. Where `contact` is the handle of one of the people, it owns tasks
    through that person."""

    key: str
    name: str
    phone: str | None = None
    contact: str | None = None


@dataclass(frozen=True, slots=True)
class AssuranceAsked:
    """The lowest assurance that is accepted of votes, of decisions, of verifying, and of everything else."""

    vote: Assurance = Assurance.CLAIMED
    sign: Assurance = Assurance.CLAIMED
    verify: Assurance = Assurance.PROXY
    work: Assurance = Assurance.PROXY


@dataclass(frozen=True, slots=True)
class Stream:
    key: str
    name: str
    lead: str | None = None


@dataclass(frozen=True, slots=True)
class Phase:
    key: str
    name: str


@dataclass(frozen=True, slots=True)
class PlannedLink:
    """The predecessor of the task that holds this link, and the lag behind it (negative: a lead)."""

    predecessor: str
    lag_s: int = 0
    type: LinkType = LinkType.FINISH_START


@dataclass(frozen=True, slots=True)
class PlannedFact:
    """What to know about the platform, and the page that says so."""

    text: str
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Requirement:
    """How many of some people must be there to start a task, and how many confirm that it is finished."""

    of: tuple[str, ...]
    start: int | None = None
    finish: int | None = None


@dataclass(frozen=True, slots=True)
class PlannedTask:
    """A task of the main network or, with `backout`, of the back-out network; only the latter `undoes`.

    Attributes:
        duration_s: the likely duration, of working time if it has a calendar.
        duration_low_s, duration_high_s: the shortest and the longest that it can take; both, or neither.
        placeholder: the durations are guesses that no rehearsal has confirmed.
        party: key of the external party on which it waits.
        communication: key of the text that it sends.
        failure_plan, failure_decider: what to do if it fails, and who decides then.
        flow: the flow of business that it tests.
        opens: what goes live with it.
    """

    ref: str
    title: str
    owner: str
    duration_s: int
    kind: TaskKind = TaskKind.WORK
    phase: str | None = None
    stream: str | None = None
    backup: str | None = None
    verifier: str | None = None
    links: tuple[PlannedLink, ...] = ()
    not_before_s: int | None = None
    deadline_s: int | None = None
    runs: Runs = Runs.BOTH
    instructions: str | None = None
    steps: tuple[str, ...] = ()
    verify: tuple[str, ...] = ()
    undo: str | None = None
    backout: bool = False
    undoes: tuple[str, ...] = ()
    duration_low_s: int | None = None
    duration_high_s: int | None = None
    calendar: str | None = None
    must_start_s: int | None = None
    must_finish_s: int | None = None
    as_late_as_possible: bool = False
    placeholder: bool = False
    facts: tuple[PlannedFact, ...] = ()
    requires: Requirement | None = None
    entity: str | None = None
    environment: str | None = None
    party: str | None = None
    communication: str | None = None
    optional: bool = False
    splittable: bool = False
    releases: Releases = Releases.DONE
    failure_plan: str | None = None
    failure_decider: str | None = None
    flow: str | None = None
    opens: tuple[Opens, ...] = ()


@dataclass(frozen=True, slots=True)
class PlannedSeat:
    """Somebody who votes; `chair` and `veto` count by the rule of the gate."""

    title: str
    person: str
    substitutes: tuple[str, ...] = ()
    chair: bool = False
    veto: bool = False


@dataclass(frozen=True, slots=True)
class Condition:
    """What is judged without a person.

    Attributes:
        of: the phases, tasks, controls or flows that it is about; empty: all of them.
        severity: of problems: those of this severity and worse count; 1 is the worst.
        at_least, at_most: bounds of the figure `metric`, of the number of problems, or of a confidence in per cent.
    """

    automatic: Automatic
    of: tuple[str, ...] = ()
    severity: int | None = None
    metric: str | None = None
    unit: str | None = None
    at_least: Decimal | None = None
    at_most: Decimal | None = None


@dataclass(frozen=True, slots=True)
class PlannedCriterion:
    """What must hold for a go; without a `condition` a person judges."""

    text: str
    condition: Condition | None = None
    evaluator: str | None = None
    evidence: str | None = None


@dataclass(frozen=True, slots=True)
class PlannedGate:
    """A decision. It takes its place in the main network like a task of kind gate, under the same refs.

    Attributes:
        owner: the decider.
        duration_s: time to decide; `duration_low_s` and `duration_high_s` as those of a task.
        due_s: when the decision is due; None: when planned.
        quorum: votes that a verdict needs; as many as there are seats unless the runbook says otherwise.
        vote_by_s: until when votes count; None: until the decision.
    """

    ref: str
    title: str
    owner: str
    duration_s: int
    quorum: int
    phase: str | None = None
    stream: str | None = None
    backup: str | None = None
    links: tuple[PlannedLink, ...] = ()
    not_before_s: int | None = None
    due_s: int | None = None
    runs: Runs = Runs.BOTH
    instructions: str | None = None
    seats: tuple[PlannedSeat, ...] = ()
    criteria: tuple[PlannedCriterion, ...] = ()
    duration_low_s: int | None = None
    duration_high_s: int | None = None
    calendar: str | None = None
    placeholder: bool = False
    facts: tuple[PlannedFact, ...] = ()
    entity: str | None = None
    stage: GateStage | None = None
    rule: DecisionRule = DecisionRule.UNANIMOUS
    vote_by_s: int | None = None


@dataclass(frozen=True, slots=True)
class PlannedTrigger:
    """What calls for a back-out.

    Attributes:
        threshold: from which point on it does, in words; `measure` says how that is measured.
        clock_s: how long a clock may run that somebody starts when it begins.
        decider_before, decider_after: who decides before and after the point of no return.
        condition: it is reached once this stands red; from `due_s` (seconds from the window start) on, unless it holds.
    """

    text: str
    threshold: str | None = None
    measure: str | None = None
    clock_s: int | None = None
    decider_before: str | None = None
    decider_after: str | None = None
    condition: Condition | None = None
    due_s: int | None = None


@dataclass(frozen=True, slots=True)
class PlannedRecovery:
    """A way to recover under control after the point of no return, and who decides on it."""

    key: str
    title: str
    plan: str
    decider: str


@dataclass(frozen=True, slots=True)
class Rollback:
    """How to turn back.

    Attributes:
        point_of_no_return: ref of the task (or gate) of the main network whose start it is.
        authority: handles of those who may decide on a back-out.
        tasks: the back-out network, dormant until invoked.
        time_box_s: how long after go-live a way back is still decided on.
    """

    point_of_no_return: str | None = None
    authority: tuple[str, ...] = ()
    triggers: tuple[PlannedTrigger, ...] = ()
    tasks: tuple[PlannedTask, ...] = ()
    time_box_s: int | None = None
    recovery: tuple[PlannedRecovery, ...] = ()


@dataclass(frozen=True, slots=True)
class PlannedControl:
    """A control total. Without a tolerance the two sides must be equal; if both are set, both must hold.

    Attributes:
        tolerance_absolute: in `unit`.
        tolerance_percent: of the old system's side.
        signs: handle of the one who signs it.
        as_of_s: the moment whose values are compared.
        by: columns by which the rows of the two sides are matched.
        expected: what the new side must be, where the old system has no such total.
        loads: refs of the tasks that load what it checks.
        part_of: key of the headline of which it is a sub-ledger.
    """

    key: str
    name: str
    signs: str
    unit: str | None = None
    tolerance_absolute: Decimal | None = None
    tolerance_percent: Decimal | None = None
    kind: ControlKind = ControlKind.AMOUNT
    currency: str | None = None
    entity: str | None = None
    sign: SignConvention = SignConvention.SAME
    as_of_s: int | None = None
    by: tuple[str, ...] = ()
    expected: Decimal | None = None
    loads: tuple[str, ...] = ()
    part_of: str | None = None


@dataclass(frozen=True, slots=True)
class RunbookDocument:
    """All of a runbook.

    Attributes:
        plan_start_s: where the main network starts.
        source: the file's text; `marks` say where in it everything stands.
    """

    programme: Programme
    window: Window
    plan_start_s: int
    people: tuple[Person, ...]
    streams: tuple[Stream, ...]
    phases: tuple[Phase, ...]
    tasks: tuple[PlannedTask, ...]
    gates: tuple[PlannedGate, ...]
    rollback: Rollback
    controls: tuple[PlannedControl, ...]
    source: str
    calendars: tuple[PlannedCalendar, ...] = ()
    progress: ProgressLogic = ProgressLogic.RETAINED
    parties: tuple[Party, ...] = ()
    assurance: AssuranceAsked = AssuranceAsked()
    surroundings: Surroundings = field(default_factory=Surroundings)
    alerts: PlannedAlerts = field(default_factory=PlannedAlerts)
    marks: Marks = field(default_factory=Marks, compare=False, repr=False)
