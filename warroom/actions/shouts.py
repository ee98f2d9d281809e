"""Shouting a line across the room: to everybody, to a stream, or to one person."""

from __future__ import annotations

from typing import Unpack

from warroom.actions.acting import Acting, Known, perform, required
from warroom.actions.subject import person_called
from warroom.model.shouts import Shout
from warroom.model.surroundings import Bridge
from warroom.model.tasks import Stream
from warroom.rules import permissions
from warroom.store.statefile import StateFile
from warroom.vocabulary.errors import BadInput
from warroom.vocabulary.journal import Caller, Entry

LONGEST = 400
"""Characters of a shout: more than a line or two is read by nobody at night."""


def shout(
    state_file: StateFile,
    caller: Caller,
    text: str,
    *,
    to: str | None = None,
    stream: str | None = None,
    bridge: bool = False,
    **known: Unpack[Known],
) -> Entry:
    """Show a line, with a bell, in the consoles of those whom it is for.

    Args:
        to: handle of the one person whom it is for; stream: key of a stream; neither: everybody.
        bridge: whether it calls them to the runbook's bridge.

    Raises:
        Refused: not allowed. BadInput: nothing is said, or too much; there is no such person, stream or bridge.
    """
    required("what to shout", text, "say it in a few words")
    if len(text) > LONGEST or "\n" in text:
        raise BadInput(f"a shout is one line of at most {LONGEST} characters", hint="write the rest down as a note")
    if to is not None and stream is not None:
        raise BadInput("a shout goes to one person or to a stream, not to both", hint="shout twice")

    def work(acting: Acting) -> str:
        acting.insist(permissions.may_shout(acting.doer))
        person = None if to is None else person_called(acting, to)
        key = None if stream is None else _stream_called(acting, stream)
        if bridge and not acting.rows.find(Bridge, **_book(acting)):
            raise BadInput("the runbook names no bridge", hint="say in the text where to meet")
        acting.rows.insert(
            Shout,
            run_id=None if acting.run is None else acting.run.id,
            by_id=acting.doer.person_id,
            to_id=None if person is None else person.id,
            stream=key,
            text=text.strip(),
            bridge=bridge,
            said_at=acting.transaction.recorded_at,
        )
        if person is not None:
            return f"person {person.handle}"
        return "everybody" if key is None else f"stream {key}"

    return perform(state_file, caller, "shout", "everybody", work, reason=text.strip(), **known)


def _book(acting: Acting) -> dict[str, int | None]:
    """What tells the rows of the open run, or else those of the newest version of the plan."""
    if acting.run is not None:
        return {"run_id": acting.run.id}
    return {"version_id": acting.plan.id}


def _stream_called(acting: Acting, key: str) -> str:
    streams = acting.rows.find(Stream, **_book(acting))
    if any(stream.key == key for stream in streams):
        return key
    known = ", ".join(stream.key for stream in streams)
    raise BadInput(f"there is no stream {key}", hint=f"the streams are: {known}" if known else "the plan has none")
