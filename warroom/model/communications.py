"""What became of the communications of a run: texts that were edited, approved and sent."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

import sqlalchemy as sa
from sqlmodel import Field

from warroom.model.row import Row, Scope, long_text, texts, word
from warroom.vocabulary.words import AnnouncementStage, SendingMode


class Announcement(Row):
    """A communication at one of the times at which it is sent, with the very words. Instants are run time, UTC.

    Attributes:
        communication: key of the communication.
        task_id: the task that sends it; None: none does.
        occurrence: counts the times from 1; of one that is not repeated, the attempts of its task.
        subject, text: the words: as edited, then as approved, then as sent.
        drafted_by_id, drafted_at: who changed the words that the runbook and the board give, and when.
        approved_by_id, approved_at: None while nobody has, also where it was sent by hand without.
        standing: it was sent on a standing approval.
        by_hand: how it was sent by hand, in words; None where warroom sends it.
        addresses: where it goes: names of channels, and mail addresses.
        mode, test_to: where messages went when it was sent.
    """

    __tablename__ = "announcement"
    __table_args__ = (sa.UniqueConstraint("run_id", "communication", "task_id", "occurrence"),)
    scope: ClassVar[Scope] = Scope.RUN
    run_id: int = Field(foreign_key="run.id", index=True)
    communication: str
    task_id: int | None = Field(default=None, foreign_key="task.id")
    occurrence: int
    stage: AnnouncementStage = word(AnnouncementStage)
    subject: str | None = long_text(default=None)
    text: str = long_text()
    drafted_by_id: int | None = Field(default=None, foreign_key="person.id")
    drafted_at: datetime | None = None
    approved_by_id: int | None = Field(default=None, foreign_key="person.id")
    approved_at: datetime | None = None
    standing: bool = False
    sent_by_id: int | None = Field(default=None, foreign_key="person.id")
    sent_at: datetime | None = None
    by_hand: str | None = long_text(default=None)
    addresses: tuple[str, ...] = texts()
    mode: SendingMode | None = word(SendingMode, default=None)
    test_to: str | None = None


class StandingApproval(Row):
    """An approval of every further time of a repeated communication, as long as the runbook words it so.

    Attributes:
        communication: key of the communication. subject, text: its words then, with their placeholders.
        withdrawn_at: since when it no longer counts; run time, UTC.
    """

    __tablename__ = "standing_approval"
    scope: ClassVar[Scope] = Scope.RUN
    run_id: int = Field(foreign_key="run.id", index=True)
    communication: str
    subject: str | None = long_text(default=None)
    text: str = long_text()
    approved_by_id: int | None = Field(default=None, foreign_key="person.id")
    approved_at: datetime
    withdrawn_at: datetime | None = None
