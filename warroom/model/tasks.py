"""What a plan version or a run is made of: phases, streams, tasks, links, steps, notes; and attempts at tasks."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from warroom.model.row import BookRow, Row, Scope, long_text, texts, word
from warroom.vocabulary.words import BlockedOn, LinkType, Releases, Result, Runs, StepKind, TaskKind, TaskState


class Phase(BookRow):
    __tablename__ = "phase"
    key: str
    name: str
    position: int


class Stream(BookRow):
    __tablename__ = "stream"
    key: str
    name: str
    position: int
    lead_id: int | None = Field(default=None, foreign_key="person.id")


class Outcome(SQLModel):
    """What became of one attempt at a task; the defaults are those of an attempt that was not started. Instants are
    UTC, in run time.

    Attributes:
        executed_at: when the executor finished; a verifier may still have to verify.
        executor_id: who did it, which need not be the owner.
        document_numbers: numbers of the business documents that a test made, such as an order's.
        eta: when the task is expected to finish, with who gave it when and why.
        blocked_on, blocked_by: what a blocked task waits for, as far as that was said: the handle of a person, the
            number of a problem, or the key of a party.
        blocked_ticket: by what name that one knows of it; blocked_promise: until when they promised to be done;
            blocked_chase: when they are asked again.
        progress_done, progress_total: units done of how many, with the unit's name.
        closing_reason: why it was skipped or failed.
        stale_since, stale_because: since when and by what it rests on something that was done again or turned out
            not to be finished, and nobody has said yet whether it still holds.
    """

    state: TaskState = word(TaskState, default=TaskState.NOT_STARTED)
    actual_start: datetime | None = None
    executed_at: datetime | None = None
    actual_finish: datetime | None = None
    executor_id: int | None = Field(default=None, foreign_key="person.id")
    verified_by_id: int | None = Field(default=None, foreign_key="person.id")
    out_of_sequence: bool = False
    result: Result | None = word(Result, default=None)
    document_numbers: tuple[str, ...] = texts()
    eta: datetime | None = None
    eta_given_at: datetime | None = None
    eta_given_by_id: int | None = Field(default=None, foreign_key="person.id")
    eta_reason: str | None = long_text(default=None)
    blocked_at: datetime | None = None
    blocked_reason: str | None = long_text(default=None)
    blocked_on: BlockedOn | None = word(BlockedOn, default=None)
    blocked_by: str | None = None
    blocked_ticket: str | None = None
    blocked_promise: datetime | None = None
    blocked_chase: datetime | None = None
    progress_done: int | None = None
    progress_total: int | None = None
    progress_unit: str | None = None
    progress_at: datetime | None = None
    closing_reason: str | None = long_text(default=None)
    stale_since: datetime | None = None
    stale_because: str | None = long_text(default=None)


class Task(BookRow, Outcome):
    """A task. `_s` are whole seconds; plan times count from the window start; instants are UTC, in run time.

    Attributes:
        position: place in the runbook.
        duration_s: planned duration, of working time if there is a calendar; of a gate, the time to decide.
        duration_low_s, duration_high_s: the shortest and the longest that it can take; both, or neither.
        placeholder: the durations are guesses that no rehearsal has confirmed.
        not_before_s, deadline_s, must_start_s, must_finish_s: constraints, from the window start.
        calendar: key of the calendar by which it is worked on, within the hours of its owner.
        backout: belongs to the back-out network, dormant until invoked.
        undoes: refs of the tasks that a back-out task undoes; empty: it is always needed.
        owner_role, backup_role, verifier_role: key of the rota that says who it is, where a role was named.
        requires_of: handles of whom `requires_start` must be there to start it, and `requires_finish` confirm its end.
        entity, environment, party, communication: keys of what it belongs to, where it is done, for whom outside
            it waits, and which text it sends.
        releases: what its successors wait for.
        failure_plan: what to do if it fails; `failure_decider_id` decides then.
        flow: the flow of business that a test covers.
        opens: what goes live with it, words of `Opens`.
        planned_from_s: set where a change of the plan during the run placed it: the plan does not count on it earlier,
            so that no change plans into the past.
        baseline_start_s, baseline_finish_s: of the baseline that counts now; None for what was added since.
        attempt: number of the attempt whose outcome the task has, from 1; earlier ones are kept as `Attempt`.
    """

    __tablename__ = "task"
    __table_args__ = (sa.UniqueConstraint("version_id", "ref"), sa.UniqueConstraint("run_id", "ref"))
    ref: str
    title: str
    kind_of_task: TaskKind = word(TaskKind, default=TaskKind.WORK)
    phase: str | None = None
    stream: str | None = None
    position: int
    owner_id: int | None = Field(default=None, foreign_key="person.id")
    backup_id: int | None = Field(default=None, foreign_key="person.id")
    verifier_id: int | None = Field(default=None, foreign_key="person.id")
    duration_s: int
    duration_low_s: int | None = None
    duration_high_s: int | None = None
    not_before_s: int | None = None
    deadline_s: int | None = None
    must_start_s: int | None = None
    must_finish_s: int | None = None
    as_late_as_possible: bool = False
    placeholder: bool = False
    calendar: str | None = None
    runs: Runs = word(Runs, default=Runs.BOTH)
    backout: bool = False
    undoes: tuple[str, ...] = texts()
    instructions: str | None = long_text(default=None)
    undo: str | None = long_text(default=None)
    owner_role: str | None = None
    backup_role: str | None = None
    verifier_role: str | None = None
    requires_of: tuple[str, ...] = texts()
    requires_start: int | None = None
    requires_finish: int | None = None
    entity: str | None = None
    environment: str | None = None
    party: str | None = None
    communication: str | None = None
    optional: bool = False
    splittable: bool = False
    releases: Releases = word(Releases, default=Releases.DONE)
    failure_plan: str | None = long_text(default=None)
    failure_decider_id: int | None = Field(default=None, foreign_key="person.id")
    flow: str | None = None
    opens: tuple[str, ...] = texts()
    planned_from_s: int | None = None
    baseline_start_s: int | None = None
    baseline_finish_s: int | None = None
    attempt: int = 1


class Attempt(Row, Outcome):
    """An attempt at a task that the next one has replaced, as it stood then.

    Attributes:
        number: counts from 1.
        replaced_at: when the next attempt was opened, UTC, in run time; by whom, and why.
    """

    __tablename__ = "attempt"
    __table_args__ = (sa.UniqueConstraint("task_id", "number"),)
    scope: ClassVar[Scope] = Scope.RUN
    run_id: int = Field(foreign_key="run.id", index=True)
    task_id: int = Field(foreign_key="task.id", index=True)
    number: int
    replaced_at: datetime
    replaced_by_id: int | None = Field(default=None, foreign_key="person.id")
    replaced_because: str = long_text()


class Link(BookRow):
    """An end of `successor_id` lies `lag_s` seconds (negative: a lead) after an end of `predecessor_id`, or later."""

    __tablename__ = "link"
    predecessor_id: int = Field(foreign_key="task.id", index=True)
    successor_id: int = Field(foreign_key="task.id", index=True)
    link_type: LinkType = word(LinkType, default=LinkType.FINISH_START)
    lag_s: int = 0


class Step(BookRow):
    """A step to execute, or a verification step to check. `position` counts both, the steps first, from 1."""

    __tablename__ = "step"
    task_id: int = Field(foreign_key="task.id", index=True)
    position: int
    kind_of_step: StepKind = word(StepKind)
    text: str = long_text()
    ticked_at: datetime | None = None
    ticked_by_id: int | None = Field(default=None, foreign_key="person.id")
    evidence: str | None = long_text(default=None)


class Fact(BookRow):
    """Something to know about the platform beside the task that it governs, with the page that says so."""

    __tablename__ = "fact"
    task_id: int = Field(foreign_key="task.id", index=True)
    position: int
    text: str = long_text()
    source: str | None = long_text(default=None)


class Note(Row):
    """Something that somebody wrote down about a task."""

    __tablename__ = "note"
    scope: ClassVar[Scope] = Scope.RUN
    run_id: int = Field(foreign_key="run.id", index=True)
    task_id: int = Field(foreign_key="task.id", index=True)
    person_id: int | None = Field(default=None, foreign_key="person.id")
    at: datetime
    text: str = long_text()
