"""The texts of communications: edited, approved by somebody else, sent, or recorded as sent by hand.

Whoever approves or sends says the very words, as they saw them; those are kept in the journal.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Unpack

from warroom.actions.acting import Acting, Known, check_text, perform, required
from warroom.actions.rights import insist_may
from warroom.actions.standing import insist_on_state
from warroom.actions.subject import task_called, work_called
from warroom.actions.tasks import begin, finish, has_open_steps
from warroom.model.communications import Announcement, StandingApproval
from warroom.model.deliveries import Sending
from warroom.model.programme import Person
from warroom.model.surroundings import Communication
from warroom.model.tasks import Task
from warroom.rules import permissions
from warroom.rules.communications import (
    Sender,
    occurrence_at,
    sent_occurrences,
    standing_approval,
    too_early_s,
)
from warroom.rules.filling import Words, fits
from warroom.rules.owed import Mode, mode_in
from warroom.rules.permissions import Actor, TaskPeople
from warroom.store.statefile import StateFile
from warroom.vocabulary.addresses import fault_of_address, mail_address
from warroom.vocabulary.errors import BadInput, Refused
from warroom.vocabulary.journal import Caller, Entry
from warroom.vocabulary.words import AnnouncementStage, RunKind, SendingMode, TaskState

LONGEST = 20_000
"""Characters of a text that is sent."""

LONGEST_SUBJECT = 200

_NOBODY = TaskPeople(None, None, None, None)
_OPEN = (TaskState.NOT_STARTED, TaskState.RUNNING, TaskState.VERIFYING, TaskState.DONE)


def draft(
    state_file: StateFile,
    caller: Caller,
    ref: str,
    *,
    text: str,
    subject: str | None = None,
    reason: str | None = None,
    **known: Unpack[Known],
) -> Entry:
    """Change the words of what is to be sent next. They must be approved again, by somebody else.

    Args:
        ref: of the task that sends it, or the key of the communication.

    Raises:
        Refused: not allowed, all is sent, or no run is open. BadInput: the words are none, or there is no such text.
    """
    words = _checked(subject, text)

    def work(acting: Acting) -> str:
        at_hand = _AtHand(acting, ref)
        at_hand.insist_on_sender()
        by, now = acting.doer.person_id, acting.now
        approval: dict[str, Any] = {"approved_by_id": None, "approved_at": None}
        at_hand.keep(AnnouncementStage.DRAFT, words, drafted_by_id=by, drafted_at=now, **approval)
        return at_hand.sender.subject

    return perform(state_file, caller, "communication.draft", ref, work, reason=reason, **known)


def approve(
    state_file: StateFile,
    caller: Caller,
    ref: str,
    *,
    text: str | None = None,
    subject: str | None = None,
    standing: bool = False,
    reason: str | None = None,
    **known: Unpack[Known],
) -> Entry:
    """Approve the words of what is to be sent next; with `standing`, those of the runbook whenever a repeated one is.

    Args:
        text, subject: the words as they were seen; none with `standing`.
        reason: needed from a lead who approves in the place of the approver.

    Raises:
        Refused: not allowed, approved already, edited by the one who approves, or the words are no longer those that
            were seen. BadInput: the words are none, or it is not repeated.
    """
    words = None if standing else _checked(subject, required("the text", text, "the words that are approved"))

    def work(acting: Acting) -> str:
        at_hand = _AtHand(acting, ref)
        one = at_hand.announcement
        at_hand.insist_on_approver(None if standing or one is None else one.drafted_by_id)
        by, now = acting.doer.person_id, acting.now
        if words is None:
            at_hand.approve_standing()
            return at_hand.sender.subject
        if one is not None and one.stage is AnnouncementStage.APPROVED and _words(one) == words:
            raise Refused(f"{ref} is approved already", where=ref, hint=f"warroom communication send {ref}")
        at_hand.insist_on_words(words)
        at_hand.keep(AnnouncementStage.APPROVED, words, approved_by_id=by, approved_at=now)
        return at_hand.sender.subject

    return perform(state_file, caller, "communication.approve", ref, work, reason=reason, **known)


def withdraw(state_file: StateFile, caller: Caller, ref: str, *, reason: str, **known: Unpack[Known]) -> Entry:
    """Take back what was approved and not sent yet, a standing approval too.

    Raises:
        Refused: not allowed, or nothing is approved.
    """
    required("the reason", reason)

    def work(acting: Acting) -> str:
        at_hand = _AtHand(acting, ref)
        at_hand.insist_on_approver(None)
        standing, one = at_hand.standing, at_hand.announcement
        approved = one is not None and one.stage is AnnouncementStage.APPROVED
        if standing is None and not approved:
            raise Refused(f"nothing is approved of {ref}", where=ref)
        if standing is not None:
            acting.rows.update(standing, withdrawn_at=acting.now)
        if one is not None and approved and one.drafted_by_id is None:
            acting.rows.delete(one)
        elif one is not None and approved:
            at_hand.keep(AnnouncementStage.DRAFT, _words(one), approved_by_id=None, approved_at=None)
        return at_hand.sender.subject

    return perform(state_file, caller, "communication.withdraw", ref, work, reason=reason, **known)


def send(
    state_file: StateFile,
    caller: Caller,
    ref: str,
    *,
    text: str,
    subject: str | None = None,
    to: Sequence[str] = (),
    **known: Unpack[Known],
) -> Entry:
    """Send the approved words. Whoever watches sends them on, as alerts are; the task that sends them begins, and ends
    unless steps are open.

    Args:
        text, subject: the words as they were seen: those that were approved, or on a standing approval as filled now.
        to: names of channels and mail addresses; none: those of the runbook.

    Raises:
        Refused: not allowed, not approved, too early, nowhere to send it to, or nothing is sent in the live run.
        BadInput: an address is none.
    """
    words = _checked(subject, text)
    for address in to:
        if (fault := fault_of_address(address)) is not None:
            raise BadInput(f"the address {fault}", where=address, hint="channels are named in the channels file")

    def work(acting: Acting) -> str:
        at_hand = _AtHand(acting, ref)
        at_hand.insist_on_sender()
        approved_by, standing = at_hand.approval_of(words)
        addresses = [mail_address(one) or one.strip() for one in to or at_hand.sender.communication.to]
        if not addresses:
            by_hand = f"send it yourself, then: warroom communication record {ref} --how TEXT"
            raise Refused(f"{ref} has no address", where=ref, hint=f"name some with --to ADDRESS, or {by_hand}")
        mode = at_hand.mode()
        at_hand.sent(
            words,
            approved_by_id=approved_by,
            standing=standing,
            addresses=tuple(dict.fromkeys(addresses)),
            mode=mode.mode,
            test_to=mode.to,
        )
        return at_hand.sender.subject

    return perform(state_file, caller, "communication.send", ref, work, **known)


def record(
    state_file: StateFile,
    caller: Caller,
    ref: str,
    *,
    how: str,
    text: str,
    subject: str | None = None,
    at: datetime | None = None,
    reason: str | None = None,
    **known: Unpack[Known],
) -> Entry:
    """Record that somebody sent it by hand: how (and where), when, and the words.

    Args:
        how: such as "posted in the Teams channel". at: when (run time, UTC), if not now.
        reason: needed from a lead where the words were not approved.

    Raises:
        Refused: not allowed, too early, or not approved and no lead says why.
    """
    check_text("how it was sent", required("how it was sent", how, "say it with --how TEXT"))
    words = _checked(subject, text)

    def work(acting: Acting) -> str:
        at_hand = _AtHand(acting, ref)
        at_hand.insist_on_sender()
        leads = any(permissions.may_lead(actor) is None for actor in (acting.actor, acting.doer))
        try:
            approved_by, standing = at_hand.approval_of(words)
        except Refused:
            if acting.reason is None or not leads:
                raise
            approved_by, standing = None, False
        at_hand.sent(words, approved_by_id=approved_by, standing=standing, by_hand=how)
        return at_hand.sender.subject

    return perform(state_file, caller, "communication.record", ref, work, reason=reason, at=at, **known)


class _AtHand:
    """What is to be sent next under a ref, inside a transaction.

    Raises:
        Refused: no run is open, all is sent, or its task is held back. BadInput: there is no such text.
    """

    def __init__(self, acting: Acting, ref: str) -> None:
        self.acting = acting
        self.run = acting.open_run()
        self.sender = _sender(acting, ref)
        text, task = self.sender.communication, self.sender.task
        equals: dict[str, Any] = {"run_id": self.run.id, "communication": text.key}
        own = [one for one in acting.rows.find(Announcement, **equals) if one.task_id == self.sender.task_id]
        self.now_s = int((acting.now - self.run.window_start).total_seconds())
        attempt = 1 if task is None else task.attempt
        occurrence = occurrence_at(text, attempt, self.now_s, sent_occurrences(own))
        if occurrence is None:
            last = max(own, key=lambda one: one.occurrence)
            by = "" if last.sent_by_id is None else f" by {acting.rows.get(Person, last.sent_by_id).name}"
            raise Refused(f"{ref} was sent already{by}", where=ref, hint=f"warroom communication show {ref}")
        self.occurrence = occurrence
        self.announcement = next((one for one in own if one.occurrence == occurrence), None)

    @property
    def standing(self) -> StandingApproval | None:
        """The standing approval that counts."""
        key = self.sender.communication.key
        approvals = self.acting.rows.find(StandingApproval, run_id=self.run.id, communication=key)
        return standing_approval(approvals, self.sender.communication)

    def insist_on_sender(self) -> None:
        """It must be allowed to edit and send it."""
        approver = self.sender.communication.approver_id
        if (task := self.sender.task) is not None:
            insist_may(self.acting, lambda actor, people: permissions.may_communicate(actor, people, approver), task)
        else:
            self.acting.insist_either(lambda actor: permissions.may_communicate(actor, _NOBODY, approver))

    def insist_on_approver(self, edited_by: int | None) -> None:
        """The one who approves must be allowed to, and neither they nor who records it may have edited the words."""
        acting, approver = self.acting, self.sender.communication.approver_id
        if edited_by is not None and edited_by in (acting.actor.person_id, acting.doer.person_id):
            raise Refused("nobody approves a text that they edited themselves", where=self.sender.ref)

        def rule(actor: Actor, _: TaskPeople = _NOBODY) -> str | None:
            return permissions.may_approve(actor, approver, edited_by)

        if (task := self.sender.task) is not None:
            insist_may(acting, rule, task, doer_alone=True)
        else:
            acting.insist(rule(acting.doer))
        in_place = approver is not None and acting.in_place_of is None and not acting.doer.is_(approver)
        if in_place and acting.reason is None:
            name = acting.rows.get(Person, approver or 0).name
            hint = "say with --reason why you do in their place"
            raise Refused(f"{name} approves this text", where=self.sender.ref, hint=hint)

    def insist_on_words(self, words: Words) -> None:
        """They must be those that were edited, or what the runbook and a Board give."""
        one, text = self.announcement, self.sender.communication
        if one is not None and _words(one) == words:
            return
        from_runbook = fits(text.subject, words.subject) and fits(text.text, words.text)
        if not from_runbook or (one is not None and one.drafted_by_id is not None):
            hint = f"look at it: warroom communication preview {self.sender.ref}; to change them: draft"
            raise Refused("these are not the words that are to be approved", where=self.sender.ref, hint=hint)

    def approve_standing(self) -> None:
        text = self.sender.communication
        if text.every_s is None:
            raise BadInput("it is sent once, so that no approval can stand", hint="approve it without --standing")
        if self.standing is not None:
            raise Refused("its words are approved whenever it is sent", where=self.sender.ref)
        self.acting.rows.insert(
            StandingApproval,
            run_id=self.run.id,
            communication=text.key,
            subject=text.subject,
            text=text.text,
            approved_by_id=self.acting.doer.person_id,
            approved_at=self.acting.now,
        )

    def approval_of(self, words: Words) -> tuple[int | None, bool]:
        """Who approved the words, and whether that was a standing approval.

        Raises:
            Refused: nobody has, or other words.
        """
        one, ref = self.announcement, self.sender.ref
        if one is not None and one.stage is AnnouncementStage.APPROVED:
            if _words(one) != words:
                hint = f"look at it: warroom communication preview {ref}"
                raise Refused("other words were approved", where=ref, hint=hint)
            return one.approved_by_id, False
        standing = self.standing if one is None else None
        if standing is None:
            hint = f"its approver does so: warroom communication approve {ref}"
            raise Refused(f"the text of {ref} is not approved", where=ref, hint=hint)
        self.insist_on_words(words)
        return standing.approved_by_id, True

    def mode(self) -> Mode:
        """Where messages go now.

        Raises:
            Refused: nowhere, in the live run: nobody would be told.
        """
        mode = mode_in(self.acting.rows.one(Sending, run_id=self.run.id), self.run)
        if mode.mode is SendingMode.OFF and self.run.kind_of_run is RunKind.LIVE:
            hint = "warroom alert sending on; or send it by hand and record that"
            raise Refused("sending is switched off, so nobody would be told", where=self.sender.ref, hint=hint)
        return mode

    def sent(self, words: Words, **how: Any) -> None:
        """It was sent, or is now; the task that sends it goes on."""
        early = too_early_s(self.sender.communication, self.occurrence, self.now_s)
        if early is not None:
            hint = "the one before was sent; to send another now, by hand, needs no record here"
            raise Refused(f"the next is not due yet: {early // 60} minutes too early", where=self.sender.ref, hint=hint)
        acting = self.acting
        by, at = acting.doer.person_id, acting.effective_at
        self.keep(AnnouncementStage.SENT, words, sent_by_id=by, sent_at=at, **how)
        task = self.sender.task
        if task is None:
            return
        insist_on_state(acting, task, *_OPEN)
        if task.state is TaskState.NOT_STARTED:
            task = begin(acting, task)
        text = self.sender.communication
        sent = sent_occurrences(
            acting.rows.find(Announcement, run_id=self.run.id, communication=text.key, task_id=task.id)
        )
        over = occurrence_at(text, task.attempt, self.now_s, sent) is None
        if over and task.state is TaskState.RUNNING and not has_open_steps(acting, task):
            finish(acting, task)

    def keep(self, stage: AnnouncementStage, words: Words, **values: Any) -> None:
        values |= {"stage": stage, "subject": words.subject, "text": words.text}
        if self.announcement is not None:
            self.acting.rows.update(self.announcement, **values)
            return
        self.acting.rows.insert(
            Announcement,
            run_id=self.run.id,
            communication=self.sender.communication.key,
            task_id=self.sender.task_id,
            occurrence=self.occurrence,
            **values,
        )


def _sender(acting: Acting, ref: str) -> Sender:
    """What a task sends, or the communication of that key."""
    rows, run = acting.rows, acting.open_run()
    texts = {text.key: text for text in rows.find(Communication, run_id=run.id)}
    task = next(iter(rows.find(Task, run_id=run.id, ref=ref)), None)
    if task is None and ref in texts:
        tasks = rows.find(Task, run_id=run.id, communication=ref)
        if not tasks:
            return Sender(texts[ref])
        if len(tasks) > 1:
            raise BadInput(f"several tasks send {ref}", hint=f"name one: {', '.join(one.ref for one in tasks)}")
        task = tasks[0]
    if task is None:
        task = task_called(acting, ref)
    if task.communication not in texts:
        raise BadInput(f"{ref} sends no text", where=ref, hint="warroom communication list shows those that do")
    return Sender(texts[task.communication], work_called(acting, task.ref))


def _checked(subject: str | None, text: str) -> Words:
    """Raises BadInput for words that cannot be sent."""
    check_text("the text", required("the text", text, "say what is to be sent"))
    check_text("the subject", subject)
    if len(text) > LONGEST:
        raise BadInput(f"the text is longer than {LONGEST:,} characters", hint="attach what is longer as evidence")
    if subject is not None and (len(subject) > LONGEST_SUBJECT or "\n" in subject):
        raise BadInput(f"the subject is one line of at most {LONGEST_SUBJECT} characters")
    return Words(subject or None, text)


def _words(one: Announcement) -> Words:
    return Words(one.subject, one.text)
