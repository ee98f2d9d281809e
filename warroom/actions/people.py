"""People and parties, added and edited while the cutover runs."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any, TypedDict, Unpack

from warroom.actions.acting import Acting, Known, check_text, perform
from warroom.actions.subject import person_called
from warroom.clock.times import parse_zone, suggest_zone
from warroom.clock.working_hours import parse_shifts, show_shifts
from warroom.model.programme import Party, Person
from warroom.rules import permissions
from warroom.rules.permissions import Actor
from warroom.store.statefile import StateFile
from warroom.vocabulary.addresses import fault_of_address
from warroom.vocabulary.errors import BadInput, Refused
from warroom.vocabulary.journal import Caller, Entry
from warroom.vocabulary.words import Role, fault_of_roles

CONTACT = frozenset({"phone", "timezone", "notify", "quiet"})
"""What people may change about themselves."""

_KEY = re.compile(r"[^\s+:]{1,64}")
_LONGEST = 200


class PersonFields(TypedDict, total=False):
    """What is said about a person; None clears. `roles` are words of `Role`, `notify` addresses for alerts,
    `quiet` hours such as "22:00-06:00"."""

    name: str
    title: str | None
    company: str | None
    phone: str | None
    timezone: str | None
    login: str | None
    roles: Sequence[str]
    notify: Sequence[str]
    quiet: str | None


def add(state_file: StateFile, caller: Caller, handle: str, *, fields: PersonFields, **known: Unpack[Known]) -> Entry:
    """Add a person; a name is needed.

    Raises:
        Refused: not allowed. BadInput: the handle is taken or none, or a field makes no sense.
    """
    values = _values({"name": "", **fields})

    def work(acting: Acting) -> None:
        acting.insist_either(permissions.may_edit_people)
        _insist_on_new_key(acting, handle, "a handle")
        _insist_on_own_login(acting, None, values)
        acting.rows.insert(Person, handle=handle, **values)

    return perform(state_file, caller, "person.add", f"person {handle}", work, **known)


def edit(state_file: StateFile, caller: Caller, handle: str, *, fields: PersonFields, **known: Unpack[Known]) -> Entry:
    """Change fields of a person; those that are not given stay.

    Raises:
        Refused: not allowed, or nobody would lead any more. BadInput: nobody is called that, nothing is given, or a
            field makes no sense.
    """
    values = _values(fields)
    if not values:
        raise BadInput("nothing to change is named", hint="such as --phone, --timezone or --role")

    def work(acting: Acting) -> None:
        person = person_called(acting, handle)

        def may(actor: Actor) -> str | None:
            if values.keys() <= CONTACT:
                return permissions.may_edit_contact(actor, person.id)
            return permissions.may_edit_people(actor)

        acting.insist_either(may)
        _insist_on_own_login(acting, person, values)
        if Role.LEAD in person.roles and Role.LEAD not in values.get("roles", person.roles):
            _insist_on_another_lead(acting, person)
        acting.rows.update(person, **values)

    return perform(state_file, caller, "person.edit", f"person {handle}", work, **known)


def add_party(
    state_file: StateFile,
    caller: Caller,
    key: str,
    *,
    name: str,
    phone: str | None = None,
    contact: str | None = None,
    **known: Unpack[Known],
) -> Entry:
    """Add a party; where `contact` is somebody's handle, that person is its contact.

    Raises:
        Refused: not allowed. BadInput: the key is taken or none, or a text makes no sense.
    """
    texts = {"name": _line("the name", name), "phone": _line("the phone", phone), "contact": _line("contact", contact)}

    def work(acting: Acting) -> None:
        acting.insist_either(permissions.may_edit_people)
        _insist_on_new_key(acting, key, "a key")
        person = None if contact is None else acting.rows.one(Person, handle=contact)
        acting.rows.insert(Party, key=key, contact_id=None if person is None else person.id, **texts)

    return perform(state_file, caller, "party.add", f"party {key}", work, **known)


def _values(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of a person, checked."""
    values: dict[str, Any] = {}
    for field, value in fields.items():
        if field == "roles":
            values[field] = _roles(value)
        elif field == "notify":
            values[field] = tuple(filter(None, map(_address, value)))
        elif field == "quiet":
            values[field] = _quiet(value)
        else:
            values[field] = _line(f"the {field}", value)
    if "name" in values and values["name"] is None:
        raise BadInput("the name is missing", hint="everybody has one")
    if (zone := values.get("timezone")) is not None:
        try:
            parse_zone(zone)
        except ValueError as error:
            near = suggest_zone(zone)
            raise BadInput(str(error), hint=f"did you mean {near}?" if near else "such as Europe/Berlin") from None
    return values


def _roles(words: Sequence[str]) -> tuple[str, ...]:
    known = [role.value for role in Role]
    for word in words:
        if word not in known:
            near = get_close_matches(word, known, n=1, cutoff=0.5)
            raise BadInput(
                f"there is no role {word!r}",
                hint=f"did you mean {near[0]}?" if near else f"the roles are: {', '.join(known)}",
            )
    if (fault := fault_of_roles(words)) is not None:
        raise BadInput(fault, hint="give one or the other")
    return tuple(dict.fromkeys(str(word) for word in words))


def _address(text: str) -> str | None:
    """An address for alerts, checked. What is refused may be secret, so that it is not repeated."""
    line = _line("the address", text)
    if line is not None and (fault := fault_of_address(line)) is not None:
        raise BadInput(f"the address {fault}", hint="name a channel of the channels file, or a mail address")
    return line


def _quiet(text: str | None) -> str | None:
    line = _line("the quiet hours", text)
    try:
        return None if line is None else show_shifts(parse_shifts(line)) if parse_shifts(line) else None
    except ValueError as error:
        raise BadInput(str(error), hint="such as 22:00-06:00") from None


def _line(what: str, text: str | None) -> str | None:
    if text is None or not text.strip():
        return None
    check_text(what, text)
    line = text.strip()
    if "\n" in line or "\t" in line or len(line) > _LONGEST:
        raise BadInput(f"{what} must fit on one line of at most {_LONGEST} characters")
    return line


def _insist_on_new_key(acting: Acting, key: str, what: str) -> None:
    check_text(what, key)
    if not _KEY.fullmatch(key):
        raise BadInput(f"{key[:80]!r} cannot be {what}", hint="no spaces, '+' or ':', at most 64 long")
    if acting.rows.one(Person, handle=key) is not None:
        raise BadInput(f"there is somebody called {key} already", hint="choose another")
    if acting.rows.one(Party, key=key) is not None:
        raise BadInput(f"there is a party called {key} already", hint="choose another")


def _insist_on_own_login(acting: Acting, person: Person | None, values: Mapping[str, Any]) -> None:
    """An account is one person's: nobody else may have it as login."""
    login = values.get("login")
    if login is None:
        return
    for other in acting.rows.find(Person):
        if login in (other.login, other.handle) and (person is None or other.id != person.id):
            raise BadInput(f"the login {login} is {other.handle}'s", hint="an account stands for one person")


def _insist_on_another_lead(acting: Acting, person: Person) -> None:
    if not any(Role.LEAD in other.roles and other.id != person.id for other in acting.rows.find(Person)):
        raise Refused(f"{person.handle} is the only lead", hint="make somebody else lead first")
