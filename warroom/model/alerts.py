"""Alerts, and what the plan says of their rules."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

import sqlalchemy as sa
from sqlmodel import Field

from warroom.model.row import BookRow, Row, Scope, long_text, texts, word
from warroom.vocabulary.words import AcknowledgedHow, AlertState, EscalatesTo, Severity


class Alert(Row):
    """An alert, unique by (run, rule, subject, episode), so that any number of sweepers raise it once. Instants are
    run time, UTC.

    Attributes:
        rule: the rule that spoke when it was raised last. Rules with the same cause share an alert.
        subject: ref of the task that is the cause, or what else it is, such as "trigger 2".
        episode: counts the times that the cause came back after it was gone, from 1.
        due_at: the instant at which it became true; `raised_at` is when it was noticed.
        own_delay_s: by how many seconds the subject itself was late when raised last.
        window_float_s: the window's float then, seconds, negative beyond the window.
        pushes: JSON array of {"ref", "moves_s", "owner"}, frozen then.
        told: handles of those whom it concerns, in order; they become more when it escalates.
        version: counts from 1 how often those told must hear of it: raised, worse, no longer snoozed, or escalated.
        calling_since: since when it waits for an acknowledgement; escalation counts from it.
        step: how far its cause had come when raised last, as its rule counts.
        level: so many steps of the escalation were taken.
        acknowledged_by_id, acknowledged_at, acknowledged_how: who knows of it, since when, and how that came to be
            known; None while nobody does.
        snoozed_until: until when nobody is to hear of it.
    """

    __tablename__ = "alert"
    __table_args__ = (sa.UniqueConstraint("run_id", "rule", "subject", "episode"),)
    scope: ClassVar[Scope] = Scope.RUN
    run_id: int = Field(foreign_key="run.id", index=True)
    rule: str
    subject: str
    episode: int
    severity: Severity = word(Severity)
    state: AlertState = word(AlertState)
    due_at: datetime
    raised_at: datetime
    closed_at: datetime | None = None
    message: str = long_text()
    own_delay_s: int
    window_float_s: int | None = None
    pushes: str = long_text()
    told: tuple[str, ...] = texts()
    version: int = 1
    calling_since: datetime | None = None
    step: int = 0
    level: int = 0
    acknowledged_by_id: int | None = Field(default=None, foreign_key="person.id")
    acknowledged_at: datetime | None = None
    acknowledged_how: AcknowledgedHow | None = word(AcknowledgedHow, default=None)
    snoozed_until: datetime | None = None


class AlertSetting(BookRow):
    """What the plan or the run says of one alert rule; None leaves what the rule has itself.

    Attributes:
        key: name of the rule.
        after_s, before_s: how long something may last, and how long ahead it is told; seconds.
        percent: a share, in whole per cent.
        off: whether the rule says nothing.
    """

    __tablename__ = "alert_setting"
    __table_args__ = (sa.UniqueConstraint("version_id", "key"), sa.UniqueConstraint("run_id", "key"))
    key: str
    severity: Severity | None = word(Severity, default=None)
    after_s: int | None = None
    before_s: int | None = None
    percent: int | None = None
    off: bool | None = None


class EscalationStep(BookRow):
    """To whom an alert that nobody acknowledges goes, `after_s` seconds after it began to call."""

    __tablename__ = "escalation_step"
    position: int
    to: EscalatesTo = word(EscalatesTo)
    after_s: int
