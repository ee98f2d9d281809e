"""What was judged and decided at the gates of a run."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import ClassVar

import sqlalchemy as sa
from sqlmodel import Field

from warroom.model.row import Row, Scope, decimal, long_text, texts, word
from warroom.vocabulary.words import AfterNoGo, Assurance, Verdict


class Assessment(Row):
    """What somebody found of a criterion; the latest one counts, the others stay.

    Attributes:
        met: of a criterion that a person judges, whether it holds. value: of a metric, the figure.
        evidence: what shows it. person_id: who judged or measured. at: when, run time, UTC.
        entity: key of the one of which it was said; None: of all.
    """

    __tablename__ = "assessment"
    scope: ClassVar[Scope] = Scope.RUN
    run_id: int = Field(foreign_key="run.id", index=True)
    criterion_id: int = Field(foreign_key="criterion.id", index=True)
    met: bool | None = None
    value: Decimal | None = decimal(default=None)
    evidence: str | None = long_text(default=None)
    entity: str | None = None
    person_id: int | None = Field(default=None, foreign_key="person.id")
    at: datetime


class Waiver(Row):
    """Somebody does without a criterion, by name, until it expires; times are run time, UTC.

    Attributes:
        entity: key of the one for which it is done without; None: for all.
    """

    __tablename__ = "waiver"
    scope: ClassVar[Scope] = Scope.RUN
    run_id: int = Field(foreign_key="run.id", index=True)
    criterion_id: int = Field(foreign_key="criterion.id", index=True)
    person_id: int | None = Field(default=None, foreign_key="person.id")
    reason: str = long_text()
    entity: str | None = None
    at: datetime
    expires_at: datetime


class Decision(Row):
    """One decision of a gate; a later one reverses or completes it, and both stay. Times are run time, UTC.

    Attributes:
        number: counts from 1, for each gate.
        entities: keys of those that it is about; empty: all.
        assurance: how it was known who decided.
        afterwards: after a no-go, what is done; `retry_at`: when it is decided again.
        frozen: a JSON document of the criteria with their values, the seats with their votes, and the forecast, as
            they stood (README: Decision record).
    """

    __tablename__ = "decision"
    __table_args__ = (sa.UniqueConstraint("gate_id", "number"),)
    scope: ClassVar[Scope] = Scope.RUN
    run_id: int = Field(foreign_key="run.id", index=True)
    gate_id: int = Field(foreign_key="gate.id", index=True)
    number: int
    at: datetime
    verdict: Verdict = word(Verdict)
    entities: tuple[str, ...] = texts()
    reason: str = long_text()
    decided_by_id: int | None = Field(default=None, foreign_key="person.id")
    assurance: Assurance = word(Assurance)
    afterwards: AfterNoGo | None = word(AfterNoGo, default=None)
    retry_at: datetime | None = None
    frozen: str = long_text()


class GoCondition(Row):
    """A condition of a conditional go: the task that it has become, which has its owner and its deadline."""

    __tablename__ = "go_condition"
    scope: ClassVar[Scope] = Scope.RUN
    run_id: int = Field(foreign_key="run.id", index=True)
    decision_id: int = Field(foreign_key="decision.id", index=True)
    task_id: int = Field(foreign_key="task.id", unique=True)
    text: str = long_text()
