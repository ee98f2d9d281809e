"""Gates with their seats, criteria and votes; back-out triggers; controls."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import ClassVar

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from warroom.model.row import BookRow, Row, Scope, decimal, long_text, texts, word
from warroom.vocabulary.words import (
    Assurance,
    Automatic,
    ControlKind,
    DecisionRule,
    GateStage,
    SignConvention,
    Verdict,
    VoteChoice,
)


class Gate(BookRow):
    """The decision that belongs to the task of kind gate beside it.

    Attributes:
        due_s: when the decision is due, seconds from the window start; None: when planned. A no-go may set it anew.
        quorum: votes (abstentions not counted) that a verdict needs.
        rule: how votes make the verdict.
        vote_by_s: until when votes count, seconds from the window start; None: until the decision.
        stage: at which point of the cutover it stands, where the runbook says so.
        verdict, decided_at, decided_by_id, decision_reason: of the decision that counts now (see `Decision`).
        held: keys of the entities whose tasks the verdict does not release.
    """

    __tablename__ = "gate"
    task_id: int = Field(foreign_key="task.id", unique=True)
    due_s: int | None = None
    quorum: int
    rule: DecisionRule = word(DecisionRule, default=DecisionRule.UNANIMOUS)
    vote_by_s: int | None = None
    stage: GateStage | None = word(GateStage, default=None)
    verdict: Verdict | None = word(Verdict, default=None)
    decided_at: datetime | None = None
    decided_by_id: int | None = Field(default=None, foreign_key="person.id")
    decision_reason: str | None = long_text(default=None)
    held: tuple[str, ...] = texts()


class Seat(BookRow):
    """Somebody who votes.

    Attributes:
        role: key of the rota that says who holds it, where a role was named.
        substitutes: handles of those who may hold it instead.
        chair, veto: what the seat's vote counts for, by the gate's rule.
    """

    __tablename__ = "seat"
    gate_id: int = Field(foreign_key="gate.id", index=True)
    position: int
    title: str
    person_id: int = Field(foreign_key="person.id")
    role: str | None = None
    substitutes: tuple[str, ...] = texts()
    chair: bool = False
    veto: bool = False


class Condition(SQLModel):
    """What is judged without a person. `automatic` says what it is; None: a person judges.

    Attributes:
        of: the phases, tasks, controls or flows that it is about; empty: all of them.
        severity: of problems: 1 is the worst; those of this severity and worse count.
        metric: name of a figure, in `unit`.
        at_least, at_most: bounds of the figure, of the number of problems, or of the confidence in per cent.
    """

    automatic: Automatic | None = word(Automatic, default=None)
    of: tuple[str, ...] = texts()
    severity: int | None = None
    metric: str | None = None
    unit: str | None = None
    at_least: Decimal | None = decimal(default=None)
    at_most: Decimal | None = decimal(default=None)


class Criterion(BookRow, Condition):
    """What must hold for a go; one that is not automatic names the `evidence`, and maybe who judges it."""

    __tablename__ = "criterion"
    gate_id: int = Field(foreign_key="gate.id", index=True)
    position: int
    text: str = long_text()
    evaluator_id: int | None = Field(default=None, foreign_key="person.id")
    evidence: str | None = long_text(default=None)


class Vote(Row):
    """The vote of one seat; a change of vote before the decision is a change of this row.

    Attributes:
        person_id: who voted: the holder of the seat, or a substitute until the holder has voted.
        assurance: how it was known who voted; a vote that somebody recorded from a voice is a proxy's until its voter
            has counter-signed it.
        recorded_by_id, witness_id: who wrote a voice vote down, and who heard it read back.
    """

    __tablename__ = "vote"
    __table_args__ = (sa.UniqueConstraint("run_id", "seat_id"),)
    scope: ClassVar[Scope] = Scope.RUN
    run_id: int = Field(foreign_key="run.id", index=True)
    gate_id: int = Field(foreign_key="gate.id", index=True)
    seat_id: int = Field(foreign_key="seat.id")
    person_id: int = Field(foreign_key="person.id")
    choice: VoteChoice = word(VoteChoice)
    reason: str | None = long_text(default=None)
    at: datetime
    assurance: Assurance = word(Assurance, default=Assurance.CLAIMED)
    recorded_by_id: int | None = Field(default=None, foreign_key="person.id")
    witness_id: int | None = Field(default=None, foreign_key="person.id")
    countersigned_at: datetime | None = None


class Trigger(BookRow, Condition):
    """What calls for a back-out; an automatic one is reached when its condition stands red.

    Attributes:
        measure: how and by whom it is measured.
        due_s: from when on the condition must hold, seconds from the window start; from then on the trigger is reached
            unless it does.
        clock_s: how long a clock that somebody starts may run, seconds.
        decider_before_id, decider_after_id: who decides before and after the point of no return.
    """

    __tablename__ = "trigger_of_backout"
    position: int
    text: str = long_text()
    threshold: str | None = None
    measure: str | None = long_text(default=None)
    clock_s: int | None = None
    due_s: int | None = None
    decider_before_id: int | None = Field(default=None, foreign_key="person.id")
    decider_after_id: int | None = Field(default=None, foreign_key="person.id")


class Authority(BookRow):
    """Somebody who may decide on a back-out."""

    __tablename__ = "backout_authority"
    person_id: int = Field(foreign_key="person.id")


class Recovery(BookRow):
    """A way to recover under control after the point of no return, decided on by its own authority."""

    __tablename__ = "recovery"
    key: str
    position: int
    title: str
    plan: str = long_text()
    decider_id: int = Field(foreign_key="person.id")


class Control(BookRow):
    """A control total: what must tie out, and within which tolerance: absolute, in `unit`, per cent, or both.

    Attributes:
        currency: code of three letters, of an amount.
        as_of_s: the moment whose values are compared, seconds from the window start.
        by: the columns by which the rows of the two sides are matched.
        expected: what the new side must be where the old system has no such total, such as 0 of a clearing account.
        loads: refs of the tasks that load what it checks.
        part_of: key of the headline of which it is a sub-ledger, such as the trial balance of receivables.
    """

    __tablename__ = "control"
    key: str
    name: str
    kind_of_control: ControlKind = word(ControlKind, default=ControlKind.AMOUNT)
    unit: str | None = None
    currency: str | None = None
    entity: str | None = None
    sign: SignConvention = word(SignConvention, default=SignConvention.SAME)
    as_of_s: int | None = None
    by: tuple[str, ...] = texts()
    expected: Decimal | None = decimal(default=None)
    loads: tuple[str, ...] = texts()
    part_of: str | None = None
    tolerance_absolute: Decimal | None = decimal(default=None)
    tolerance_percent: Decimal | None = decimal(default=None)
    signs_id: int | None = Field(default=None, foreign_key="person.id")
    position: int
