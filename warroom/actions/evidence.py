"""Attaching evidence to tasks."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Unpack

from warroom.actions.acting import Acting, Known, check_text, perform
from warroom.actions.subject import task_called
from warroom.model.evidence import Evidence
from warroom.model.programme import Document
from warroom.model.tasks import Step
from warroom.rules import permissions
from warroom.store.statefile import StateFile
from warroom.vocabulary.errors import BadInput
from warroom.vocabulary.journal import Caller, Entry

LARGEST = 10_000_000
"""Bytes of a document that is kept in the state file; a larger one is only referred to."""

LONGEST_NAME = 255

_MEDIA_TYPE = re.compile(r"[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}/[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}")


@dataclass(frozen=True, slots=True)
class Attachment:
    """What is attached.

    Attributes:
        name: of the file. media_type: such as "image/png".
        sha256, size_bytes: of its bytes; `data`: the bytes themselves, None if they are only referred to.
    """

    name: str
    media_type: str
    sha256: str
    size_bytes: int
    data: bytes | None


def attachment(name: str, media_type: str, data: bytes) -> Attachment:
    """An attachment that is kept in the state file."""
    return Attachment(name, media_type, hashlib.sha256(data).hexdigest(), len(data), data)


def add(
    state_file: StateFile,
    caller: Caller,
    ref: str,
    *,
    attached: Attachment,
    position: int | None = None,
    note: str | None = None,
    **known: Unpack[Known],
) -> Entry:
    """Attach a document to a task, whatever its state. The same bytes are kept once, however often they are attached.

    Args:
        position: of the step that it belongs to, from 1; None: to the task.
        note: what it shows.

    Raises:
        Refused: not a person of the programme, or no run is open.
        BadInput: too large, no such step, or a name or type that is none.
    """
    check_text("the note", note)
    _check(attached)

    def work(acting: Acting) -> None:
        acting.insist(permissions.may_attach(acting.actor))
        task = task_called(acting, ref)
        step = None if position is None else acting.rows.one(Step, task_id=task.id, position=position)
        if position is not None and step is None:
            raise BadInput(f"{ref} has no step {position}", hint=f"see: warroom task show {ref}")
        if attached.data is not None:
            acting.transaction.keep(attached.data)
        document = acting.rows.insert(
            Document,
            name=attached.name,
            media_type=attached.media_type,
            sha256=attached.sha256,
            size_bytes=attached.size_bytes,
            kept=attached.data is not None,
        )
        acting.rows.insert(
            Evidence,
            run_id=acting.open_run().id,
            task_id=task.id,
            step_id=None if step is None else step.id,
            document_id=document.id,
            person_id=acting.doer.person_id,
            at=acting.effective_at,
            note=note,
        )

    return perform(state_file, caller, "evidence.add", ref, work, reason=note, **known)


def _check(attached: Attachment) -> None:
    """Raises BadInput for an attachment that cannot be kept."""
    check_text("the name", attached.name)
    if not attached.name.strip() or len(attached.name) > LONGEST_NAME or not attached.name.isprintable():
        raise BadInput(
            "the document needs a name that can be shown", hint=f"--name NAME, of at most {LONGEST_NAME} characters"
        )
    if not _MEDIA_TYPE.fullmatch(attached.media_type):
        raise BadInput(f"{attached.media_type!r} is not a media type", hint="write it like --type image/png")
    if attached.data is not None and len(attached.data) > LARGEST:
        raise BadInput(
            f"{attached.name} has {attached.size_bytes:,} bytes; at most {LARGEST:,} are kept in the state file",
            hint="refer to it with --reference-only",
        )
