"""Plans, their immutable versions, and the runs that play them."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from sqlmodel import Field, SQLModel

from warroom.model.row import Row, Scope, long_text, word
from warroom.vocabulary.words import Assurance, ProgressLogic, RunKind


class Plan(Row):
    __tablename__ = "plan"
    key: str = Field(unique=True)
    name: str


class Window(SQLModel):
    """The window of a plan version or of a run. Instants are UTC; `_s` are whole seconds.

    Attributes:
        plan_start_s: start of the network, seconds from `window_start` (negative: before it).
        ends_with: ref of the task whose finish must lie inside the window; None: the last task.
        point_of_no_return: ref of the task whose start is the point of no return.
        time_box_s: how long after go-live a way back is still decided on, seconds.
        progress_logic: what becomes of work that got ahead of its predecessors.
        assurance_vote, assurance_sign, assurance_verify, assurance_work: how well it must be known at least who votes,
            decides, verifies, and does anything else.
    """

    window_start: datetime
    window_end: datetime
    restore_by: datetime
    plan_start_s: int
    buffer_s: int
    ends_with: str | None = None
    point_of_no_return: str | None = None
    time_box_s: int | None = None
    progress_logic: ProgressLogic = word(ProgressLogic, default=ProgressLogic.RETAINED)
    assurance_vote: Assurance = word(Assurance, check="assures_votes", default=Assurance.CLAIMED)
    assurance_sign: Assurance = word(Assurance, check="assures_decisions", default=Assurance.CLAIMED)
    assurance_verify: Assurance = word(Assurance, check="assures_verifying", default=Assurance.PROXY)
    assurance_work: Assurance = word(Assurance, check="assures_work", default=Assurance.PROXY)


class PlanVersion(Row, Window):
    """An immutable version of a plan; its tasks, links, gates and controls carry its id."""

    __tablename__ = "plan_version"
    plan_id: int = Field(foreign_key="plan.id")
    number: int
    document_id: int | None = Field(default=None, foreign_key="document.id")


class Run(Row, Window):
    """One play of a plan version: a rehearsal, or the live cutover. Its window is its own.

    Attributes:
        tier: environment tier of a rehearsal, as a number, where one was given.
        baseline: number of the baseline that counts now; 1 is that of the start.
        started_at, closed_at: run time, UTC.
    """

    __tablename__ = "run"
    plan_id: int = Field(foreign_key="plan.id", index=True)
    version_id: int = Field(foreign_key="plan_version.id")
    kind_of_run: RunKind = word(RunKind)
    name: str
    tier: int | None = None
    baseline: int = 1
    started_at: datetime
    closed_at: datetime | None = None
    closing_note: str | None = long_text(default=None)


class ClockSegment(Row):
    """From `wall` on, the run's clock shows `run_time` and goes at `rate` thousandths of real time."""

    __tablename__ = "clock_segment"
    scope: ClassVar[Scope] = Scope.RUN
    run_id: int = Field(foreign_key="run.id", index=True)
    wall: datetime
    run_time: datetime
    rate: int
