"""Messages of alerts: whether they are sent in a run, and what became of each."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from sqlmodel import Field

from warroom.model.row import Kind, Row, Scope, long_text, word
from warroom.vocabulary.words import DeliveryState, MessageKind, SendingMode


class Sending(Row):
    """What was said about the messages of a run's alerts; where nothing was, they go out in the live run only.

    Attributes:
        test_to: the channel or mail address to which all go in mode "test".
    """

    __tablename__ = "sending"
    scope: ClassVar[Scope] = Scope.RUN
    run_id: int = Field(foreign_key="run.id", unique=True)
    mode: SendingMode = word(SendingMode)
    test_to: str | None = None


class Delivery(Row):
    """A message that is owed to one person, one webhook, or an audience, through one channel. Instants are wall
    clock, UTC.

    Attributes:
        key: what makes it one: made of state file, alert, version, kind, person and channel, so that whoever finds it
            owed means the same one, and whoever receives it twice can tell.
        version: that of the alert of which it tells.
        announcement_id: the communication that it carries, in place of an alert.
        person: handle of the one for whom it is meant; "" for a webhook and for a communication.
        channel: the name of a channel or a mail address; never what the channel's secret is.
        message: key of what was sent; messages to one person that went out together share it.
        attempts: how often it was tried; `next_at` is when it may be tried again.
        fence: that of the holder of the watch that tried last.
        error: why it was not sent, in words without secrets.
    """

    __tablename__ = "delivery"
    kind: ClassVar[Kind] = Kind.OPERATIONAL
    key: str = Field(unique=True)
    run_id: int | None = Field(default=None, index=True)
    alert_id: int | None = None
    announcement_id: int | None = None
    version: int = 1
    message_kind: MessageKind = word(MessageKind)
    person: str
    channel: str
    state: DeliveryState = word(DeliveryState, index=True)
    message: str | None = None
    attempts: int = 0
    next_at: datetime | None = None
    fence: int = 0
    error: str | None = long_text(default=None)
    created_at: datetime
    sent_at: datetime | None = None
