"""The log of the night besides its problems: decisions taken on the spot, and papers that are entered afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Unpack

from warroom.actions.acting import Acting, Known, check_text, perform, required
from warroom.actions.subject import next_number, person_called, task_called
from warroom.model.night import AdHocDecision, PaperDocument
from warroom.rules import permissions
from warroom.store.statefile import StateFile
from warroom.vocabulary.errors import BadInput, Refused
from warroom.vocabulary.journal import Caller, Entry


def decide(
    state_file: StateFile,
    caller: Caller,
    *,
    text: str,
    reason: str,
    decided_by: str | None = None,
    tasks: Sequence[str] = (),
    **known: Unpack[Known],
) -> Entry:
    """Write down what was decided on the spot in the open run.

    Args:
        reason: why it was decided so. decided_by: handle of who did; None: the doer. tasks: refs that it is about.

    Raises:
        Refused: not allowed, or no run is open. BadInput: a text is missing, or there is no such person or task.
    """
    check_text("the decision", text)
    required("the decision", text, "say what was decided, in a few words")
    required("the reason", reason)

    def work(acting: Acting) -> str:
        acting.insist(permissions.may_log(acting.doer))
        run = acting.open_run()
        number = next_number(acting, AdHocDecision)
        acting.rows.insert(
            AdHocDecision,
            run_id=run.id,
            number=number,
            text=text,
            because=reason,
            decided_by_id=acting.doer.person_id if decided_by is None else person_called(acting, decided_by).id,
            tasks=tuple(dict.fromkeys(task_called(acting, ref).ref for ref in tasks)),
            at=acting.effective_at,
        )
        return f"decision {number}"

    return perform(state_file, caller, "log.decision", "decision", work, reason=reason, **known)


def paper(
    state_file: StateFile,
    caller: Caller,
    *,
    text: str,
    owner: str | None = None,
    due_at: datetime | None = None,
    **known: Unpack[Known],
) -> Entry:
    """Write down that a document was made by hand, and is to be entered afterwards.

    Args:
        owner: handle of who enters it. due_at: until when, run time, UTC.

    Raises:
        Refused: not allowed, or no run is open. BadInput: the text is missing, or there is no such person.
    """
    required("what it is", text, "such as: delivery note 4711")

    def work(acting: Acting) -> str:
        acting.insist(permissions.may_log(acting.doer))
        run = acting.open_run()
        number = next_number(acting, PaperDocument)
        acting.rows.insert(
            PaperDocument,
            run_id=run.id,
            number=number,
            text=text,
            owner_id=None if owner is None else person_called(acting, owner).id,
            due_at=due_at,
            made_at=acting.effective_at,
            made_by_id=acting.doer.person_id,
        )
        return subject_of(number)

    return perform(state_file, caller, "log.paper", "paper", work, reason=text, **known)


def enter(state_file: StateFile, caller: Caller, number: int, *, entered_as: str, **known: Unpack[Known]) -> Entry:
    """Say that a paper document was entered into the new system.

    Args:
        entered_as: what it is there, such as its number.

    Raises:
        Refused: not allowed, no run is open, or it was entered already. BadInput: there is no such document.
    """
    required("what it is there", entered_as, "say under which number it was entered")

    def work(acting: Acting) -> None:
        acting.insist(permissions.may_log(acting.doer))
        found = acting.rows.one(PaperDocument, run_id=acting.open_run().id, number=number)
        if found is None:
            raise BadInput(f"there is no paper document {number}", hint="warroom log list shows them all")
        if found.entered_as is not None:
            raise Refused(f"paper document {number} was entered as {found.entered_as}", where=subject_of(number))
        acting.rows.update(
            found, entered_as=entered_as, entered_at=acting.effective_at, entered_by_id=acting.doer.person_id
        )

    return perform(state_file, caller, "log.entered", subject_of(number), work, reason=entered_as, **known)


def subject_of(number: int) -> str:
    """How the journal names a paper document."""
    return f"paper {number}"
