"""Approving and sending a communication from its own screen: the very words that are shown."""

from __future__ import annotations

from warroom.rules import permissions
from warroom.rules.communications import Standing, senders
from warroom.rules.permissions import TaskPeople
from warroom.tui.doing.asked import REASON, About
from warroom.tui.doing.context import Context, Reason, can_undo
from warroom.tui.doing.prompt import Answers, Field
from warroom.tui.doing.stand import Stand
from warroom.vocabulary.text import one_line
from warroom.vocabulary.words import AnnouncementStage

_NOBODY = TaskPeople(None, None, None, None)
_NO_TEXT = "no text is to be sent in this plan"


def can_preview(context: Context) -> Reason:
    """Whether the selected task sends a text; of none that does, the one that is due is shown."""
    if context.screen in ("wall", "communication"):
        return "it is shown here" if context.screen == "communication" else "the wall only shows"
    if context.task is not None and context.task.communication is None:
        return f"{context.task.ref} sends no text"
    return None if senders(context.board) else _NO_TEXT


def can_approve(context: Context) -> Reason:
    """Whether the person may approve the words that are shown."""
    standing, reason = _standing(context)
    if standing is None:
        return reason
    one, text = standing.announcement, standing.sender.communication
    if one is not None and one.stage is AnnouncementStage.APPROVED and not standing.outdated:
        return f"{standing.sender.ref} is approved already"
    edited_by = None if one is None else one.drafted_by_id
    return permissions.may_approve(context.actor, text.approver_id, edited_by)


def can_send(context: Context) -> Reason:
    """Whether the person may send the words that are shown."""
    standing, reason = _standing(context)
    if standing is None:
        return reason
    if not standing.approved:
        return f"the text of {standing.sender.ref} is not approved"
    task = standing.sender.task
    people = _NOBODY if task is None else context.people(task)
    return permissions.may_communicate(context.actor, people, standing.sender.communication.approver_id)


def preview(screen: Stand, _: str) -> None:
    task = screen.context().task
    screen.console.show_beside("communication", None if task is None else task.ref)


async def approve(screen: Stand, _: str) -> None:
    """A lead who is not the approver says why; an edited text is approved as edited, another as the Board has it."""
    (about, standing), actor = _at_hand(screen), screen.context().actor
    one, approver = standing.announcement, standing.sender.communication.approver_id
    words = standing.words if one is not None and one.drafted_by_id is not None else standing.fresh
    told = {"text": words.text, "subject": words.subject}
    if approver is None or actor.is_(approver):
        await about.act_or_complain("communication.approve", **told)
        return

    async def submit(answers: Answers) -> None:
        await about.act("communication.approve", reason=answers["reason"], **told)

    about.ask(f"Approve in place of {screen.picture.board.handle(approver)}", [REASON], submit)


async def send(screen: Stand, _: str) -> None:
    """What has no address is recorded as sent by hand."""
    about, standing = _at_hand(screen)
    words = standing.words
    told = {"text": words.text, "subject": words.subject}
    if standing.sender.communication.to:
        await about.act_or_complain("communication.send", **told)
        return

    async def submit(answers: Answers) -> None:
        await about.act("communication.record", how=answers["how"], **told)

    about.ask("Sent by hand", [Field("how", "how and where it was sent", required=True)], submit)


def turn_back(screen: Stand, _: str) -> None:
    screen.turn(-1)


def turn_on(screen: Stand, _: str) -> None:
    screen.turn(1)


def _at_hand(screen: Stand) -> tuple[About, Standing]:
    """The communication that is shown, as something that somebody decides about, and how it stands."""
    standing = screen.context().communication
    assert standing is not None
    sender = standing.sender
    heading = f"{one_line(sender.ref, 20)} {one_line(sender.communication.title, 60)}"
    return About(screen, sender.subject, heading, ref=sender.ref), standing


def _standing(context: Context) -> tuple[Standing | None, Reason]:
    """The communication that is shown, where something can be done about it; else why not."""
    if (reason := can_undo(context)) is not None:
        return None, reason
    if context.communication is None:
        return None, _NO_TEXT
    if context.communication.over:
        return None, f"{context.communication.sender.ref} was sent"
    return context.communication, None
