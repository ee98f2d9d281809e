"""Which messages are owed: one for each alert, version of it, person told and channel of theirs; one when it is
over, to those who were sent it; and one for each address of a communication that was sent."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from uuid import NAMESPACE_OID, uuid5

from warroom.board.board import Board
from warroom.board.rows import Alert, Announcement, Delivery, Run, Sending
from warroom.vocabulary.addresses import mail_address
from warroom.vocabulary.words import (
    AlertState,
    AnnouncementStage,
    DeliveryState,
    MessageKind,
    RunKind,
    SendingMode,
    Severity,
)

MAIL = "mail"
"""The channel that carries messages to mail addresses."""

WEBHOOK = ""
"""In place of a person, in what is owed to a webhook."""

_PENDING = frozenset({DeliveryState.QUEUED, DeliveryState.HELD, DeliveryState.FAILED})
_RANK = {Severity.NOTICE: 0, Severity.WARNING: 1, Severity.CRITICAL: 2}


@dataclass(frozen=True, slots=True)
class Routes:
    """What a sender knows of channels.

    Attributes:
        floors: by channel, from which severity on it is used.
        webhooks: those that are told of every alert, from which severity on.
    """

    floors: Mapping[str, Severity] = field(default_factory=dict)
    webhooks: Mapping[str, Severity] = field(default_factory=dict)

    def carries(self, channel: str, severity: Severity) -> bool:
        floor = self.floors.get(channel_of(channel), Severity.NOTICE)
        return _RANK[severity] >= _RANK[floor]


@dataclass(frozen=True, slots=True)
class Owed:
    """A message that must be sent, with the key that makes it one; or must not, and `unsent` is why, in words. `about`
    is the alert or the communication of which it tells."""

    key: str
    about: Alert | Announcement
    kind: MessageKind
    person: str
    channel: str
    unsent: str | None


@dataclass(frozen=True, slots=True)
class Mode:
    """Where the messages of a run go. `to` is the one address of mode "test"; `said`: somebody has said so."""

    mode: SendingMode
    to: str | None
    said: bool


def mode_of(board: Board) -> Mode:
    """Where the messages of the Board's run go: unless it was said, those of a rehearsal go nowhere."""
    return mode_in(next(iter(board.rows(Sending).values()), None), board.run)


def mode_in(sending: Sending | None, run: Run | None) -> Mode:
    """The same, from what was said about a run."""
    if sending is not None:
        return Mode(sending.mode, sending.test_to, said=True)
    live = run is not None and run.kind_of_run is RunKind.LIVE
    return Mode(SendingMode.ON if live else SendingMode.OFF, None, said=False)


def channel_of(address: str) -> str:
    """The channel that carries what goes to `address`, which is a channel's name or a mail address."""
    return MAIL if mail_address(address) is not None else address


def owed(board: Board, genesis: str, known: Collection[Delivery], routes: Routes) -> list[Owed]:
    """What is owed and not among `known`, the messages of the Board's run: communications, then the oldest alert
    first. Of a run that is closed only communications are."""
    mode, keys = mode_of(board), {delivery.key for delivery in known}
    found = [one for one in _announced(board, genesis) if one.key not in keys]
    if board.run is None or board.run.closed_at is not None:
        return found
    sent: dict[int, list[Delivery]] = {}
    for delivery in known:
        if delivery.alert_id is not None and delivery.message_kind is MessageKind.ALERT:
            sent.setdefault(delivery.alert_id, []).append(delivery)
    for alert in board.alerts:
        if alert.state is AlertState.CLOSED:
            kind, unsent = MessageKind.OVER, None
            pairs: Iterator[tuple[str, str]] = (
                (one.person, one.channel) for one in sent.get(alert.id, ()) if one.state is DeliveryState.SENT
            )
        else:
            kind, unsent = MessageKind.ALERT, _unsent(mode)
            pairs = _addressees(board, alert, mode, routes)
        for person, channel in dict.fromkeys(pairs):
            parts = (genesis, alert.id, alert.version, kind, person, channel)
            key = str(uuid5(NAMESPACE_OID, "\n".join(map(str, parts))))
            if key not in keys:
                found.append(Owed(key, alert, kind, person, channel, unsent))
    return found


def _announced(board: Board, genesis: str) -> Iterator[Owed]:
    """What communications owe: they go where messages went when somebody sent them."""
    for one in board.rows(Announcement).values():
        if one.stage is not AnnouncementStage.SENT or one.mode is None:
            continue
        unsent = _unsent(Mode(one.mode, one.test_to, said=False))
        tested = one.mode is SendingMode.TEST and one.test_to is not None
        for address in (str(one.test_to),) if tested else one.addresses:
            parts = (genesis, one.id, MessageKind.COMMUNICATION, address)
            key = str(uuid5(NAMESPACE_OID, "\n".join(map(str, parts))))
            yield Owed(key, one, MessageKind.COMMUNICATION, WEBHOOK, address, unsent)


def why_not_any_more(board: Board, delivery: Delivery) -> str | None:
    """Why a message that waits is not to be sent any more, in words; None when it is."""
    if delivery.state not in _PENDING or delivery.message_kind is MessageKind.TEST:
        return None
    told = delivery.message_kind is MessageKind.COMMUNICATION  # also after the run: somebody decided that it is sent
    if delivery.run_id != board.run_id or board.run is None or (board.run.closed_at is not None and not told):
        return "the run was closed before it was sent"
    mode = mode_of(board)
    if (unsent := _unsent(mode)) is not None:
        return unsent
    if mode.mode is SendingMode.TEST and delivery.channel != mode.to:
        return f"test: everything goes to {mode.to}"
    alert = None if told else board.rows(Alert).get(delivery.alert_id or 0)
    if alert is None or delivery.message_kind is MessageKind.OVER:
        return None
    if alert.version > delivery.version:
        return "a newer message tells of it"
    if alert.state is AlertState.CLOSED:
        return "it was over before it was sent"
    if delivery.person != WEBHOOK and alert.state in (AlertState.ACKNOWLEDGED, AlertState.SNOOZED):
        return f"it was {alert.state.value} before it was sent"
    return None


def _unsent(mode: Mode) -> str | None:
    if mode.mode is not SendingMode.OFF:
        return None
    return "sending is switched off" if mode.said else "in a rehearsal nothing is sent unless somebody says so"


def _addressees(board: Board, alert: Alert, mode: Mode, routes: Routes) -> Iterator[tuple[str, str]]:
    """Whom an alert must reach, and through which channel each."""
    for handle in alert.told:
        person = board.person_called(handle)
        if person is None or alert.state not in (AlertState.RAISED, AlertState.ESCALATED):
            continue
        for written in person.notify:
            address = mail_address(written) or written
            if routes.carries(address, alert.severity):
                yield handle, address if mode.to is None or mode.mode is not SendingMode.TEST else mode.to
    if mode.mode is not SendingMode.TEST:
        for name, floor in routes.webhooks.items():
            if _RANK[alert.severity] >= _RANK[floor]:
                yield WEBHOOK, name
