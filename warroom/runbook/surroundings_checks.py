"""What must hold between the tasks of a runbook and what surrounds them: entities, environments, rota, calls, texts."""

from __future__ import annotations

from collections.abc import Iterator

from warroom.runbook.faults import Faults
from warroom.runbook.records import Entry
from warroom.runbook.shapes import ROLE_PREFIX, Found

_LISTS = (
    ("entity", "entities"),
    ("environment", "environments"),
    ("communication", "communications"),
    ("party", "parties"),
)


def check_surroundings(root: Entry, main: list[Entry], backout: list[Entry], faults: Faults) -> None:
    """Note every name of `main` and `backout` rows, and of controls, that is in no list, and bad shifts and calls."""
    rows = [*main, *backout]
    for key, listed in _LISTS:
        known = {entry.get("key") for entry in root.entries(listed)} - {None}
        for entry in [*rows, *root.entries("controls")]:
            if (named := entry.fields.get(key)) is not None and named.value not in known:
                message = f"the {key} {named.value!r} is not one of the {listed}"
                faults.add(named.place, message, faults.did_you_mean(named.value, known) or f"add it to {listed}:")
    _check_rota(root, rows, faults)
    _check_calls(root, faults)
    for entry in [*root.entries("calls"), *root.entries("communications")]:
        _check_repeats(entry, faults)


def _check_rota(root: Entry, rows: list[Entry], faults: Faults) -> None:
    rota = root.get("rota") or ()
    roles = {role.value for role, _ in rota}
    for found in _who(rows):
        role = found.value.removeprefix(ROLE_PREFIX)
        if role != found.value and role not in roles:
            message = f"the role {role!r} is not in the rota"
            faults.add(found.place, message, faults.did_you_mean(role, roles) or "add it to rota:")
    for _, shifts in rota:
        until = None
        for shift in (found.value for found in shifts.value):
            begin, end = shift.fields.get("from"), shift.fields.get("to")
            if begin is not None and until is not None and begin.value < until:
                faults.add(begin.place, "this shift begins before the one above it ends")
            if begin is not None and end is not None and end.value <= begin.value:
                faults.add(end.place, "this shift ends before it begins")
            until = end.value if end is not None else None


def _who(rows: list[Entry]) -> Iterator[Found]:
    """Wherever a role may stand in place of a person."""
    for row in rows:
        for key in ("owner", "backup", "verifier"):
            if key in row.fields:
                yield row.fields[key]
        for seat in row.entries("seats"):
            if "person" in seat.fields:
                yield seat.fields["person"]


def _check_calls(root: Entry, faults: Faults) -> None:
    known = {person.get("handle") for person in root.entries("people")}
    known |= {party.get("key") for party in root.entries("parties")}
    for call in root.entries("calls"):
        for found in call.items("who"):
            if found.value not in known:
                message = f"{found.value!r} is neither one of the people nor one of the parties"
                faults.add(found.place, message, faults.did_you_mean(found.value, known - {None}))


def _check_repeats(entry: Entry, faults: Faults) -> None:
    every, until = entry.fields.get("every"), entry.fields.get("until")
    first = entry.get("at") or entry.get("when")
    if every is not None and every.value < 60:
        faults.add(every.place, "it cannot be repeated more often than once a minute")
    for found, key in ((every, "until"), (until, "every")):
        if found is not None and key not in entry.written:
            other = "until" if key == "every" else "every"
            faults.add(found.place, f"{other!r} needs the key {key!r}")
    if until is not None and first is not None and until.value < first:
        faults.add(until.place, "it would be over before the first time")
