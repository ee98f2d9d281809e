"""What must hold between the entries of a runbook: names that exist, refs that are unique, no cycles."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from warroom.runbook.alerts_format import check_alerts
from warroom.runbook.calendar_checks import check_calendars
from warroom.runbook.decision_checks import check_conditions, check_gate, check_unique
from warroom.runbook.faults import Faults, Place
from warroom.runbook.people_checks import check_people, owning_parties
from warroom.runbook.records import Entry
from warroom.runbook.shapes import ROLE_PREFIX, Found
from warroom.runbook.surroundings_checks import check_surroundings
from warroom.schedule.network import find_cycle
from warroom.vocabulary.words import LinkType, TaskKind

_NOBODY = Entry(Place(0, 0))
_MOST_CYCLES = 20  # told one by one; a file with more has them for one reason


@dataclass(frozen=True, slots=True)
class Parts:
    """The lists of a runbook."""

    root: Entry
    tasks: list[Entry]
    gates: list[Entry]
    backout: list[Entry]

    @classmethod
    def of(cls, root: Entry) -> Parts:
        rollback = root.get("rollback")
        backout = rollback.entries("tasks") if rollback else []
        return cls(root, root.entries("tasks"), root.entries("gates"), backout)

    @property
    def main(self) -> list[Entry]:
        """The rows of the main network."""
        return [*self.tasks, *self.gates]


def check(root: Entry, faults: Faults) -> None:
    """Note every fault between the entries of `root`. Entries that could not be read are passed over."""
    parts = Parts.of(root)
    _check_window(root, faults)
    for entries, key, what in (
        (root.entries("people"), "handle", "the handle"),
        (root.entries("parties"), "key", "the party"),
        (root.entries("streams"), "key", "the stream"),
        (root.entries("phases"), "key", "the phase"),
        (root.entries("controls"), "key", "the control"),
        (root.entries("entities"), "key", "the entity"),
        (root.entries("environments"), "key", "the environment"),
        (root.entries("communications"), "key", "the communication"),
        (rollback.entries("recovery") if (rollback := root.get("rollback")) else [], "key", "the way to recover"),
        ([*parts.main, *parts.backout], "ref", "the ref"),
    ):
        check_unique((entry.fields[key] for entry in entries if key in entry.fields), what, faults)
    _check_names(parts, faults)
    check_people(root, [*parts.main, *parts.backout], parts.gates, faults)
    check_calendars(root, [*parts.main, *parts.backout], faults)
    _check_networks(parts, faults)
    for task in [*parts.tasks, *parts.backout]:
        _check_task(task, faults)
    for gate in parts.gates:
        check_gate(gate, faults)
    check_conditions(root, {row.get("ref") for row in parts.main}, faults)
    check_surroundings(root, parts.main, parts.backout, faults)
    check_alerts(root, faults)


def _check_window(root: Entry, faults: Faults) -> None:
    window = root.get("window")
    if window is None or window.get("start") is None:
        return
    for key, message in (("end", "the window ends"), ("restore_by", "the old system must be restored")):
        found = window.fields.get(key)
        if found is not None and found.value <= window.get("start"):
            faults.add(found.place, f"{message} before the window starts")


def _check_names(parts: Parts, faults: Faults) -> None:
    """Whoever and whatever is named must be in the runbook's lists."""
    root, rows = parts.root, [*parts.main, *parts.backout]
    people = {person.get("handle") for person in root.entries("people")} - {None}
    if "people" in root.fields:
        people |= owning_parties(root)
        for what, found in _persons_named(parts, rows):
            if found.value not in people and not found.value.startswith(ROLE_PREFIX):
                message = f"{what} {found.value!r} is not one of the people"
                faults.add(found.place, message, faults.did_you_mean(found.value, people))
    for key, listed in (("phase", "phases"), ("stream", "streams")):
        known = {entry.get("key") for entry in root.entries(listed)} - {None}
        for row in rows:
            if (named := row.fields.get(key)) is not None and named.value not in known:
                message = f"the {key} {named.value!r} is not one of the {listed}"
                faults.add(named.place, message, faults.did_you_mean(named.value, known) or f"add it to {listed}:")


def _persons_named(parts: Parts, rows: list[Entry]) -> Iterator[tuple[str, Found]]:
    for row in rows:
        for key in ("owner", "backup", "verifier"):
            if key in row.fields:
                yield f"the {key}", row.fields[key]
        if "decides" in (failure := row.get("on_failure") or _NOBODY).fields:
            yield "the decider on a failure", failure.fields["decides"]
        for found in (row.get("requires") or _NOBODY).items("of"):
            yield "the one of whom some are required", found
    for gate in parts.gates:
        for seat in gate.entries("seats"):
            if "person" in seat.fields:
                yield "the holder of a seat", seat.fields["person"]
            for found in seat.items("substitutes"):
                yield "the substitute in a seat", found
        for criterion in gate.entries("criteria"):
            if "evaluator" in criterion.fields:
                yield "the evaluator of a criterion", criterion.fields["evaluator"]
    for stream in parts.root.entries("streams"):
        if "lead" in stream.fields:
            yield "the lead of a stream", stream.fields["lead"]
    for control in parts.root.entries("controls"):
        if "signs" in control.fields:
            yield "the one who signs a control", control.fields["signs"]
    if rollback := parts.root.get("rollback"):
        for found in rollback.items("authority"):
            yield "the back-out authority", found
        for trigger in rollback.entries("triggers"):
            for found in (trigger.get("decides") or _NOBODY).fields.values():
                yield "the decider on a trigger", found
        for way in rollback.entries("recovery"):
            if "decides" in way.fields:
                yield "the decider on a recovery", way.fields["decides"]
    for _, shifts in parts.root.get("rota") or ():
        for shift in shifts.value:
            if "who" in shift.value.fields:
                yield "the one on a shift", shift.value.fields["who"]
    for communication in parts.root.entries("communications"):
        if "approver" in communication.fields:
            yield "the approver of a communication", communication.fields["approver"]


def _check_networks(parts: Parts, faults: Faults) -> None:
    main = {row.get("ref") for row in parts.main} - {None}
    backout = {row.get("ref") for row in parts.backout} - {None}
    window, rollback = parts.root.get("window"), parts.root.get("rollback")
    for entry, key in ((window, "ends_with"), (rollback, "point_of_no_return")):
        found = entry.fields.get(key) if entry else None
        if found is not None:
            _check_ref(found.value, found.place, key, main, backout, "main", faults)
    for task in parts.backout:
        for found in task.items("undoes"):
            _check_ref(found.value, found.place, "the undone task", main, backout, "main", faults)
    _check_links(parts.main, main, backout, "main", faults)
    _check_links(parts.backout, backout, main, "back-out", faults)


def _check_ref(ref: str, place: Place, who: str, network: set[str], other: set[str], name: str, faults: Faults) -> bool:
    """Whether `ref` is in `network`, called `name`; notes a fault if it is not."""
    if ref in network:
        return True
    if ref in other:
        faults.add(place, f"{who} {ref!r} is not in the {name} network", "back-out tasks are a network of their own")
    else:
        faults.add(place, f"{who} {ref!r} does not exist", faults.did_you_mean(ref, network))
    return False


def _check_links(rows: list[Entry], network: set[str], other: set[str], name: str, faults: Faults) -> None:
    places: dict[tuple[str, str], Place] = {}
    seen: set[str | None] = {None}  # of rows that share a ref only the first takes part in the search for cycles
    for row in rows:
        successor = row.get("ref")
        named: set[tuple[str, LinkType, int]] = set()
        for found in row.items("after"):
            predecessor = found.value[0]
            if predecessor == successor:
                faults.add(found.place, f"{successor!r} comes after itself")
            elif _check_ref(predecessor, found.place, "the predecessor", network, other, name, faults):
                if found.value in named:
                    faults.add(found.place, f"this link from {predecessor!r} is already in this list")
                elif successor not in seen:
                    places[predecessor, successor] = found.place
                named.add(found.value)
        seen.add(successor)
    for _ in range(_MOST_CYCLES):
        path = find_cycle(places)
        if path is None:
            return
        links = list(pairwise(path))
        last = max(links, key=lambda link: places[link])
        faults.add(places[last], f"these tasks wait for each other: {' -> '.join(path)}")
        del places[last]


def _check_task(task: Entry, faults: Faults) -> None:
    verifier = task.fields.get("verifier")
    if verifier is not None and verifier.value == task.get("owner"):
        faults.add(verifier.place, f"{verifier.value!r} is the owner, and nobody verifies their own work")
    duration, kind = task.fields.get("duration"), task.get("kind")
    if duration is None and kind is not TaskKind.MILESTONE and "duration" not in task.written:
        faults.add(task.place, "a task needs the key 'duration'", "a milestone (kind: milestone) needs none")
    elif duration is not None and any(duration.value) and kind is TaskKind.MILESTONE:
        faults.add(duration.place, "a milestone takes no time", "leave the duration out, or make it a task")
    if kind is TaskKind.COMMUNICATION and "communication" not in task.written:
        faults.add(task.place, "a task of kind communication needs the key 'communication'", "it names the text")
    elif kind is not TaskKind.COMMUNICATION and (named := task.fields.get("communication")) is not None:
        faults.add(named.place, "only a task of kind communication sends a text", "write kind: communication")
    if kind is TaskKind.SMOKE_TEST and "flow" not in task.written:
        faults.add(task.place, "a smoke test needs the key 'flow'", "it names the flow of business that it covers")
    requires = task.get("requires")
    if requires is not None:
        of = requires.items("of")
        check_unique(of, "the person", faults)
        if not requires.written & {"start", "finish"}:
            message = "a requirement needs the key 'start' or 'finish'"
            faults.add(task.fields["requires"].place, message, "such as start: 2")
        for key in ("start", "finish"):
            if (count := requires.fields.get(key)) is not None and count.value > len(of):
                faults.add(count.place, f"{count.value} of {len(of)} people cannot be had")
