"""Alerts, and the mark that the watch leaves."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

import sqlalchemy as sa
from sqlmodel import Field

from warroom.model.row import Kind, Row, Scope, long_text, word
from warroom.vocabulary.words import AlertState, Severity


class Alert(Row):
    """An alert, unique by (run, rule, subject, episode), so that any number of sweepers raise it once.

    Attributes:
        subject: ref of the task that is the cause.
        episode: counts the times that the cause came back after it was gone, from 1.
        due_at: the instant, in run time, at which it became true; `raised_at` is when it was noticed.
        own_delay_s: by how many seconds the subject itself was late when raised.
        window_float_s: the window's float when raised, seconds, negative beyond the window.
        pushes: JSON array of {"ref", "moves_s", "owner"}, frozen when raised.
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


class WatchMark(Row):
    """Who swept last and when (wall clock, UTC), so that everybody can see whether somebody is watching."""

    __tablename__ = "watch_mark"
    kind: ClassVar[Kind] = Kind.OPERATIONAL
    holder: str
    swept_at: datetime
