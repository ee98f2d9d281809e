"""Which communications there are to send, when each is due, and how far it has come. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from warroom.board.board import Board
from warroom.board.forecast import Forecast
from warroom.board.rows import Announcement, Communication, Invocation, StandingApproval, Task
from warroom.rules.filling import Words, filled
from warroom.vocabulary.words import AnnouncementStage


@dataclass(frozen=True, slots=True)
class Sender:
    """A communication with the task that sends it; one that is repeated may have none."""

    communication: Communication
    task: Task | None = None

    @property
    def ref(self) -> str:
        """What people type."""
        return self.communication.key if self.task is None else self.task.ref

    @property
    def subject(self) -> str:
        """What entries and alerts about it name."""
        return subject_of(self.communication.key) if self.task is None else self.task.ref

    @property
    def task_id(self) -> int | None:
        return None if self.task is None else self.task.id


def subject_of(key: str) -> str:
    """The subject of entries about a communication that no task sends."""
    return f"communication {key}"


# --- when ------------------------------------------------------------------------------------------------------------


def due_s(communication: Communication, occurrence: int) -> int | None:
    """When an occurrence is due, seconds from the window start; None: when the task that sends it is planned to end.
    One that is repeated without a first time begins one distance after the window does."""
    if communication.every_s is None:
        return communication.when_s
    first = communication.every_s if communication.when_s is None else communication.when_s
    return first + (occurrence - 1) * communication.every_s


def occurrence_at(communication: Communication, attempt: int, now_s: int, sent: Collection[int]) -> int | None:
    """The occurrence that is to be sent next. One that was missed gives way as soon as the next is due.

    Args:
        attempt: of the task that sends it: done again, it is sent again.
        now_s: seconds from the window start. sent: the occurrences that were sent.

    Returns None when all of them were.
    """
    if communication.every_s is None or communication.until_s is None:
        return None if attempt in sent else attempt
    first = due_s(communication, 1)
    assert first is not None
    count = max(1, (communication.until_s - first) // communication.every_s + 1)
    latest = min(count, (now_s - first) // communication.every_s + 1)
    following = max(latest, max(sent, default=0) + 1, 1)
    return following if following <= count else None


def too_early_s(communication: Communication, occurrence: int, now_s: int) -> int | None:
    """By how many seconds it is too early to send an occurrence of a repeated communication, so that none is sent twice
    by mistake: it can be from half its distance before it is due. None: it is not."""
    due = due_s(communication, occurrence)
    if communication.every_s is None or due is None:
        return None
    early = due - communication.every_s // 2 - now_s
    return early if early > 0 else None


def sent_occurrences(announcements: Iterable[Announcement]) -> set[int]:
    """The occurrences among them that were sent."""
    return {one.occurrence for one in announcements if one.stage is AnnouncementStage.SENT}


# --- on a Board ------------------------------------------------------------------------------------------------------


def senders(board: Board) -> tuple[Sender, ...]:
    """All that is to be sent: what tasks send, in their order (of the back-out only once it was invoked), then what is
    due by itself."""
    return board.view("senders", [Task, Communication, Invocation], lambda: _senders(board))


def _senders(board: Board) -> tuple[Sender, ...]:
    texts = {text.key: text for text in board.rows(Communication).values()}
    tasks = (*board.tasks, *(board.backout_tasks if board.invocation is not None else ()))
    found = [Sender(texts[task.communication], task) for task in tasks if task.communication in texts]
    named = {task.communication for task in (*board.tasks, *board.backout_tasks)}
    alone = [Sender(text) for text in texts.values() if text.key not in named and due_s(text, 1) is not None]
    return (*found, *sorted(alone, key=lambda sender: sender.communication.position))


def sender_of(board: Board, task: Task) -> Sender | None:
    """The communication that a task sends; None: it sends none."""
    texts = board.rows(Communication).values()
    text = next((text for text in texts if text.key == task.communication), None)
    return None if text is None else Sender(text, task)


def announcements_of(board: Board, sender: Sender) -> tuple[Announcement, ...]:
    """What became of it so far, in order."""
    key, task_id = sender.communication.key, sender.task_id
    found = [one for one in board.rows(Announcement).values() if (one.communication, one.task_id) == (key, task_id)]
    return tuple(sorted(found, key=lambda one: one.occurrence))


def standing_approval(approvals: Iterable[StandingApproval], communication: Communication) -> StandingApproval | None:
    """The standing approval that counts: it is of the words that the communication has, and was not withdrawn."""
    words = (communication.key, communication.subject, communication.text)
    for one in approvals:
        if one.withdrawn_at is None and (one.communication, one.subject, one.text) == words:
            return one
    return None


@dataclass(frozen=True, slots=True)
class Standing:
    """How a communication stands at an instant.

    Attributes:
        occurrence: the one that is to be sent, else the last that was; due_s: when that one is due, seconds.
        announcement: what became of that one; None: nothing yet.
        words: what it says: as sent, as approved, as edited, else as the Board gives it.
        fresh: what the Board would give by now.
        standing: the standing approval, where one counts for it.
        over: nothing is left to be sent.
    """

    sender: Sender
    occurrence: int
    due_s: int
    announcement: Announcement | None
    words: Words
    fresh: Words
    standing: StandingApproval | None
    over: bool

    @property
    def approved(self) -> bool:
        """Whether it may be sent as it is."""
        one = self.announcement
        return self.standing is not None if one is None else one.stage is AnnouncementStage.APPROVED

    @property
    def outdated(self) -> bool:
        """Whether the Board would say something else by now than what was approved or edited."""
        return self.announcement is not None and not self.over and self.words != self.fresh

    @property
    def word(self) -> str:
        """How far it has come, in a word or two."""
        one = self.announcement
        if one is None:
            return "approved, standing" if self.standing is not None else "to be approved"
        if one.stage is AnnouncementStage.SENT:
            return "sent" if one.by_hand is None else "sent by hand"
        return "edited" if one.stage is AnnouncementStage.DRAFT else one.stage.value


def standing_of(board: Board, forecast: Forecast, sender: Sender) -> Standing:
    """How a communication stands on a Board."""
    text, task = sender.communication, sender.task
    announcements = announcements_of(board, sender)
    attempt = 1 if task is None else task.attempt
    upcoming = occurrence_at(text, attempt, forecast.now, sent_occurrences(announcements))
    occurrence = announcements[-1].occurrence if upcoming is None else upcoming
    one = next((one for one in announcements if one.occurrence == occurrence), None)
    fresh = filled(board, forecast, text, task)
    return Standing(
        sender=sender,
        occurrence=occurrence,
        due_s=due_on(forecast, sender, occurrence),
        announcement=one,
        words=fresh if one is None else Words(one.subject, one.text),
        fresh=fresh,
        standing=standing_approval(board.rows(StandingApproval).values(), text) if one is None else None,
        over=upcoming is None,
    )


def due_on(forecast: Forecast, sender: Sender, occurrence: int) -> int:
    """When an occurrence is due, seconds from the window start."""
    due = due_s(sender.communication, occurrence)
    if due is not None:
        return due
    task = sender.task
    if task is None or task.ref not in forecast.delays:
        return forecast.end
    return forecast.planned(task).finish


def owing(board: Board, forecast: Forecast) -> Iterator[tuple[Sender, int, int]]:
    """What is still to be sent: sender, occurrence, and when that is due (seconds), in order."""
    for sender in senders(board):
        attempt = 1 if sender.task is None else sender.task.attempt
        sent = sent_occurrences(announcements_of(board, sender))
        occurrence = occurrence_at(sender.communication, attempt, forecast.now, sent)
        if occurrence is not None:
            yield sender, occurrence, due_on(forecast, sender, occurrence)
