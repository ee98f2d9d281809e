"""A small cutover with texts to send: a notice that a task sends, and a status mail that is repeated."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tests.cutover import MINUTE, Cutover, document, gate, task
from warroom.rules.communications import Standing, senders, standing_of
from warroom.runbook.document import RunbookDocument
from warroom.runbook.surroundings import PlannedBridge, PlannedCommunication, PlannedEntity, Surroundings
from warroom.vocabulary.words import Notice, TaskKind

NOTICE = PlannedCommunication(
    "notice",
    "We are live",
    ("All staff",),
    "mail",
    "We are live since {now}. Help: {bridge_phone}. Not {{braces}}.",
    Notice.GO_LIVE,
    subject="{programme} is live",
    approver="vera",
    to=("all@example.org", "room"),
)
STATUS = PlannedCommunication(
    "status",
    "Status",
    ("Board of directors",),
    "mail",
    "{percent_done} % done, {tasks_late} late, finish {forecast_finish}.",
    Notice.STATUS,
    when_s=60 * MINUTE,
    every_s=60 * MINUTE,
    until_s=200 * MINUTE,
    to=("directors@example.org",),
)


def telling(notice: PlannedCommunication = NOTICE, status: PlannedCommunication = STATUS) -> RunbookDocument:
    """A > GO > SEND, where omar sends the notice; the status goes out at 60, 120 and 180 minutes, and is no task's."""
    surroundings = Surroundings(
        entities=(PlannedEntity("DE", "Acme Germany"), PlannedEntity("FR", "Acme France")),
        bridge=PlannedBridge("Bridge", "https://example.org/bridge", "+44 20 7946 0111", "4711"),
        communications=(notice, status),
    )
    plain = document(
        task("A", 30, phase="load"),
        task("SEND", 10, "GO", kind=TaskKind.COMMUNICATION, communication="notice", entity="DE", phase="tell"),
        gates=(gate("GO", "A", quorum=1),),
        ends_with="SEND",
    )
    return replace(plain, surroundings=surroundings)


def standing(cutover: Cutover, ref: str) -> Standing:
    """How it stands now."""
    board = cutover.board()
    sender = next(sender for sender in senders(board) if sender.ref == ref)
    return standing_of(board, cutover.forecast(), sender)


def words(cutover: Cutover, ref: str) -> dict[str, Any]:
    """The words that somebody sees now, as arguments of an action."""
    seen = standing(cutover, ref).words
    return {"text": seen.text, "subject": seen.subject}
