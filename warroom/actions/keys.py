"""Public keys, by which the server knows people, and the log that the server keeps of who came in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Unpack

from warroom.actions.acting import Acting, Known, check_text, perform
from warroom.actions.subject import person_called
from warroom.model.programme import Person, PersonKey
from warroom.rules import permissions
from warroom.store.statefile import StateFile
from warroom.vocabulary.errors import BadInput
from warroom.vocabulary.journal import SERVER, Caller, Entry
from warroom.vocabulary.public_key import read_public_key

LONGEST_COMMENT = 200


def add(state_file: StateFile, caller: Caller, handle: str, *, lines: Sequence[str], **known: Unpack[Known]) -> Entry:
    """Let a person log in with each of these public keys; those that are theirs already stay as they are.

    Raises:
        Refused: not allowed. BadInput: nobody is called that, a line is no public key, or a key is somebody else's.
    """
    keys = [read_public_key(line) for line in lines]
    if not keys:
        raise BadInput("there is no public key in it", hint="a line such as: ssh-ed25519 AAAAC3Nza... ana@laptop")
    for key in keys:
        check_text("the comment of the key", key.comment)

    def work(acting: Acting) -> None:
        acting.insist_either(permissions.may_edit_people)
        person = person_called(acting, handle)
        for key in keys:
            there = acting.rows.one(PersonKey, fingerprint=key.fingerprint)
            if there is None:
                acting.rows.insert(
                    PersonKey,
                    person_id=person.id,
                    fingerprint=key.fingerprint,
                    line=key.line,
                    comment=key.comment[:LONGEST_COMMENT] or None,
                )
            elif there.person_id != person.id:
                owner = acting.rows.get(Person, there.person_id).handle
                raise BadInput(f"that key is {owner}'s", where=key.fingerprint, hint="a key stands for one person")

    return perform(state_file, caller, "person.key-add", f"person {handle}", work, **known)


def remove(state_file: StateFile, caller: Caller, handle: str, *, fingerprint: str, **known: Unpack[Known]) -> Entry:
    """Let nobody log in any more with one of the person's keys, named by its fingerprint or the beginning of it.
    Where it is served, consoles that were opened with it end.

    Raises:
        Refused: not allowed. BadInput: nobody is called that, or that person has not exactly one such key.
    """
    wanted = fingerprint.removeprefix("SHA256:")

    def work(acting: Acting) -> None:
        acting.insist_either(permissions.may_edit_people)
        person = person_called(acting, handle)
        keys = acting.rows.find(PersonKey, person_id=person.id)
        found = [key for key in keys if key.fingerprint.removeprefix("SHA256:").startswith(wanted)] if wanted else []
        if len(found) != 1:
            count = "no" if not found else f"{len(found)}"
            raise BadInput(
                f"{handle} has {count} {'key' if count == 'no' else 'keys'} {fingerprint[:60]!r}",
                hint=f"warroom person key list {handle} shows them",
            )
        acting.rows.delete(found[0])

    return perform(state_file, caller, "person.key-remove", f"person {handle}", work, **known)


def session_opened(state_file: StateFile, caller: Caller, *, told: str, **known: Unpack[Known]) -> Entry:
    """Note that somebody has logged in; `told` says from where and with which key."""
    return _noted(state_file, caller, "session.open", caller.handle, told, known)


def session_ended(state_file: StateFile, caller: Caller, *, told: str, **known: Unpack[Known]) -> Entry:
    """Note that a console has ended; `told` says how long it was open."""
    return _noted(state_file, caller, "session.end", caller.handle, told, known)


def sessions_refused(state_file: StateFile, *, told: str, **known: Unpack[Known]) -> Entry:
    """Note log-ins that were refused, in summary."""
    return _noted(state_file, SERVER, "session.refused", "server", told, known)


def _noted(state_file: StateFile, caller: Caller, action: str, about: str, told: str, known: Known) -> Entry:
    return perform(state_file, caller, action, f"session {about}", lambda _: None, reason=told, **known)
