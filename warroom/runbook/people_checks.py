"""What must hold between people, their roles, parties, and what names them."""

from __future__ import annotations

from collections.abc import Iterable

from warroom.runbook.faults import Faults
from warroom.runbook.records import Entry
from warroom.vocabulary.words import Role, fault_of_roles


def owning_parties(root: Entry) -> set[str]:
    """Keys of the parties that can own tasks: those whose contact is one of the people."""
    people = {person.get("handle") for person in root.entries("people")} - {None}
    return {party.get("key") for party in root.entries("parties") if party.get("contact") in people} - {None}


def check_people(root: Entry, rows: Iterable[Entry], gates: Iterable[Entry], faults: Faults) -> None:
    """Note roles that exclude each other, keys that are there twice, observers who are given something to do, and
    parties that go by the handle of a person."""
    handles = {person.get("handle") for person in root.entries("people")}
    observers = set()
    keys: set[str] = set()
    for person in root.entries("people"):
        for given in person.items("keys"):
            if given.value.fingerprint in keys:
                faults.add(given.place, "that key is there twice", "a key stands for one person")
            keys.add(given.value.fingerprint)
        roles = {found.value for found in person.items("roles")}
        if (fault := fault_of_roles(roles)) is not None:
            faults.add(person.fields["roles"].place, fault)
        elif Role.OBSERVER in roles:
            observers.add(person.get("handle"))
    for party in root.entries("parties"):
        key = party.fields.get("key")
        if key is not None and key.value in handles:
            faults.add(key.place, f"the party {key.value!r} goes by the handle of a person", "give it another key")
    named = [row.fields[key] for row in rows for key in ("owner", "backup", "verifier") if key in row.fields]
    named += [seat.fields["person"] for gate in gates for seat in gate.entries("seats") if "person" in seat.fields]
    for found in named:
        if found.value in observers:
            faults.add(found.place, f"{found.value!r} is an observer, who only looks", "take the role observer away")
