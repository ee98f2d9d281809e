"""A task that sends a text is finished only once that was sent."""

from __future__ import annotations

from warroom.actions.acting import Acting
from warroom.model.communications import Announcement
from warroom.model.surroundings import Communication
from warroom.model.tasks import Task
from warroom.rules import permissions
from warroom.rules.communications import due_s, occurrence_at, sent_occurrences
from warroom.vocabulary.errors import Refused


def insist_on_sent(acting: Acting, task: Task) -> None:
    """The text of a communication must have been sent, or recorded as sent; of one that is repeated, each time that
    has come. A lead may finish it all the same, and says why.

    Raises:
        Refused: it was not.
    """
    run, rows = acting.open_run(), acting.rows
    if task.communication is None:
        return
    text = next(iter(rows.find(Communication, run_id=run.id, key=task.communication)), None)
    if text is None:
        return
    sent = sent_occurrences(rows.find(Announcement, run_id=run.id, task_id=task.id))
    now_s = int((acting.now - run.window_start).total_seconds())
    occurrence = occurrence_at(text, task.attempt, now_s, sent)
    due = None if occurrence is None else due_s(text, occurrence)
    if occurrence is None or (text.every_s is not None and due is not None and due > now_s):
        return
    ref = task.ref
    hint = f"warroom communication send {ref}, or record {ref} if it was sent by hand"
    if acting.reason is None or all(permissions.may_lead(actor) is not None for actor in (acting.actor, acting.doer)):
        raise Refused(f"the text of {ref} was not sent", where=ref, hint=f"{hint}; a lead may say why not: --reason")
