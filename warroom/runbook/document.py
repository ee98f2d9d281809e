"""A runbook as it was read: plain, checked values.

Windows are aware instants in UTC. Every other time, `_s`, is whole seconds from the window start (negative:
before it), and every span whole seconds. Whatever names a person, a phase, a stream or a task names one that
is in the same document. Lists keep the order of the file.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from warroom.schedule.hours import WorkingHours
from warroom.vocabulary.words import Assurance, LinkType, ProgressLogic, Runs, TaskKind


@dataclass(frozen=True, slots=True)
class Programme:
    """Whom it is for; `timezone` is the IANA zone of times that name none."""

    key: str
    name: str
    timezone: str
    platform: str | None = None


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
    """Somebody who takes part. `roles` are words of `Role`; `notify` are addresses for alerts.

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
    calendar: str | None = None
    away: tuple[PlannedAbsence, ...] = ()


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
class PlannedTask:
    """A task of the main network or, with `backout`, of the back-out network; only the latter `undoes`.

    Attributes:
        duration_s: the likely duration, of working time if it has a calendar.
        duration_low_s, duration_high_s: the shortest and the longest that it can take; both, or neither.
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


@dataclass(frozen=True, slots=True)
class PlannedSeat:
    title: str
    person: str


@dataclass(frozen=True, slots=True)
class PlannedGate:
    """A decision. It takes its place in the main network like a task of kind gate, under the same refs.

    Attributes:
        owner: the decider.
        duration_s: time to decide; `duration_low_s` and `duration_high_s` as those of a task.
        due_s: when the decision is due; None: when planned.
        quorum: votes that a verdict needs; as many as there are seats unless the runbook says otherwise.
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
    criteria: tuple[str, ...] = ()
    duration_low_s: int | None = None
    duration_high_s: int | None = None
    calendar: str | None = None


@dataclass(frozen=True, slots=True)
class PlannedTrigger:
    """What calls for a back-out, with the threshold from which on it does, in words."""

    text: str
    threshold: str | None = None


@dataclass(frozen=True, slots=True)
class Rollback:
    """How to turn back.

    Attributes:
        point_of_no_return: ref of the task (or gate) of the main network whose start it is.
        authority: handles of those who may decide on a back-out.
        tasks: the back-out network, dormant until invoked.
    """

    point_of_no_return: str | None = None
    authority: tuple[str, ...] = ()
    triggers: tuple[PlannedTrigger, ...] = ()
    tasks: tuple[PlannedTask, ...] = ()


@dataclass(frozen=True, slots=True)
class PlannedControl:
    """A control total. At most one tolerance is set; without any the two sides must be equal.

    Attributes:
        tolerance_absolute: in `unit`.
        tolerance_percent: of the old system's side.
        signs: handle of the one who signs it.
    """

    key: str
    name: str
    signs: str
    unit: str | None = None
    tolerance_absolute: Decimal | None = None
    tolerance_percent: Decimal | None = None


@dataclass(frozen=True, slots=True)
class RunbookDocument:
    """All of a runbook. `plan_start_s` is where the main network starts; `source` is the file's text."""

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
