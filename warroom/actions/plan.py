"""Making a state file from a runbook."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID, uuid4

from warroom.actions.acting import check_text
from warroom.board.from_runbook import lay_out
from warroom.clock.source import Clock, SystemClock
from warroom.model.programme import Document, Person
from warroom.runbook.document import RunbookDocument
from warroom.store.database import Location
from warroom.store.statefile import StateFile
from warroom.vocabulary.errors import BadInput
from warroom.vocabulary.journal import Caller, Entry
from warroom.vocabulary.words import Assurance, Role, Via

RUNBOOK_MEDIA_TYPE = "application/yaml"


def init(
    location: Location,
    document: RunbookDocument,
    *,
    name: str,
    via: Via = Via.CLI,
    handle: str | None = None,
    login: str | None = None,
    clock: Clock | None = None,
    new_id: Callable[[], UUID] = uuid4,
) -> Entry:
    """Create the state file `location` with the plan of `document`; it appears whole or not at all.

    Args:
        name: name of the runbook file, for the record.
        handle: who does it; None: the person whose handle or login is `login`, else the runbook's first lead.
        login: account name of this machine. If it is nobody's yet, it is noted as that person's.

    Raises:
        BadInput: `location` exists, or there is nobody called `handle`.
        StateFileError: the folder cannot be written.
    """
    check_text("the name of the runbook file", name)
    person = _who(document, handle, login)
    caller = Caller(person, Assurance.CLAIMED, via)
    with (
        StateFile.create(location, clock=clock or SystemClock(), new_id=new_id) as state_file,
        state_file.write() as transaction,
    ):
        rows = transaction.rows
        source = rows.insert(
            Document, name=name, media_type=RUNBOOK_MEDIA_TYPE, sha256=transaction.keep(document.source.encode())
        )
        lay_out(document, rows.insert, source.id)
        if login is not None and not any(login in (row.handle, row.login) for row in rows.find(Person)):
            row = rows.one(Person, handle=person)
            if row is not None and row.login is None:
                rows.update(row, login=login)
        return transaction.journal(caller, "plan.load", "cutover 1", run=None, run_time=None, reason=name)


def _who(document: RunbookDocument, handle: str | None, login: str | None) -> str:
    handles = [person.handle for person in document.people]
    if handle is not None:
        if handle in handles:
            return handle
        raise BadInput(f"there is nobody called {handle} in the runbook", hint=f"its people are: {', '.join(handles)}")
    for person in document.people:
        if login is not None and login in (person.handle, person.login):
            return person.handle
    leads = [person.handle for person in document.people if Role.LEAD in person.roles]
    if not leads and not handles:
        raise BadInput("the runbook names no people", hint="name at least one, with roles: [lead]")
    return (leads or handles)[0]
