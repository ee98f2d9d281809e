"""What must hold within the gates of a runbook, and between their criteria, the triggers and what those name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from warroom.runbook.faults import Faults, Place
from warroom.runbook.records import Entry
from warroom.runbook.shapes import Found
from warroom.vocabulary.words import Automatic, DecisionRule

_CONDITION_KEYS = ("phases", "tasks", "controls", "flows", "severity", "metric", "unit", "at_least", "at_most")
_TIMED_KEYS = (*_CONDITION_KEYS, "due")
"""With the time of a trigger, which goes with every condition."""

_FITTING: dict[Automatic, tuple[frozenset[str], frozenset[str]]] = {
    Automatic.PHASE_DONE: (frozenset({"phases"}), frozenset()),
    Automatic.TASKS_DONE: (frozenset({"tasks"}), frozenset()),
    Automatic.CONTROLS: (frozenset(), frozenset({"controls"})),
    Automatic.PROBLEMS: (frozenset({"severity"}), frozenset({"at_most"})),
    Automatic.CONFIDENCE: (frozenset({"at_least"}), frozenset()),
    Automatic.WINDOW: (frozenset(), frozenset()),
    Automatic.BACK_OUT: (frozenset(), frozenset()),
    Automatic.SMOKE_TESTS: (frozenset(), frozenset({"flows"})),
    Automatic.METRIC: (frozenset({"metric"}), frozenset({"unit", "at_least", "at_most"})),
}
"""Which keys each condition needs, and which others it may have."""


def check_unique(names: Iterable[Found], what: str, faults: Faults) -> None:
    """Note each name that was given before."""
    first: dict[str, Place] = {}
    for name in names:
        if name.value in first:
            faults.add(name.place, f"{what} {name.value!r} is already used in line {first[name.value].line}")
        else:
            first[name.value] = name.place


def check_gate(gate: Entry, faults: Faults) -> None:
    """Note what is wrong with the seats, the rule and the times of a gate."""
    seats, quorum = gate.entries("seats"), gate.fields.get("quorum")
    if quorum is not None and quorum.value > len(seats):
        faults.add(quorum.place, f"a quorum of {quorum.value} cannot be reached with {len(seats)} seats")
    for key, what in (("title", "the seat"), ("person", "the holder of a seat")):
        check_unique((seat.fields[key] for seat in seats if key in seat.fields), what, faults)
    for seat in seats:
        for found in seat.items("substitutes"):
            if found.value == seat.get("person"):
                faults.add(found.place, f"{found.value!r} holds the seat, and cannot be the substitute in it")
    _check_rule(gate, seats, faults)
    vote_by, due = gate.fields.get("vote_by"), gate.get("due")
    if vote_by is not None and due is not None and vote_by.value > due:
        faults.add(vote_by.place, "votes would count after the decision is due")


def _check_rule(gate: Entry, seats: list[Entry], faults: Faults) -> None:
    rule = gate.fields.get("rule")
    chosen = DecisionRule.UNANIMOUS if rule is None else rule.value
    for key, meant in (("chair", DecisionRule.CHAIR), ("veto", DecisionRule.VETO)):
        marked = [seat.fields[key] for seat in seats if seat.get(key)]
        if chosen is not meant:
            for found in marked:
                faults.add(found.place, f"{key} means nothing here", f"it goes with rule: {meant}")
        elif not marked:
            assert rule is not None
            faults.add(rule.place, f"this rule needs a seat with {key}: true")
        elif meant is DecisionRule.CHAIR:
            for found in marked[1:]:
                faults.add(found.place, "there is only one chair")


def check_conditions(root: Entry, refs: set[str | None], faults: Faults) -> None:
    """Note what is wrong with criteria, triggers and controls; `refs` are those of the main network."""
    known: dict[str, set[str]] = {
        "phases": {phase.get("key") for phase in root.entries("phases")} - {None},
        "tasks": {ref for ref in refs if ref is not None},
        "controls": {control.get("key") for control in root.entries("controls")} - {None},
        "flows": {task.get("flow") for task in root.entries("tasks")} - {None},
    }
    for control in root.entries("controls"):
        _check_part_of(control, root, faults)
        _check_names(control, "loads", "task", known["tasks"], faults)
    for entry in _judged(root, faults):
        _check_keys(entry, faults)
        for key, names in known.items():
            _check_names(entry, key, key.removesuffix("s"), names, faults)


def _check_part_of(control: Entry, root: Entry, faults: Faults) -> None:
    """A sub-ledger belongs to a headline, which belongs to none itself."""
    found = control.fields.get("part_of")
    if found is None:
        return
    headlines = {one.get("key") for one in root.entries("controls") if "part_of" not in one.written} - {None}
    if found.value not in headlines:
        message = f"there is no control {found.value!r} that is a headline"
        faults.add(found.place, message, faults.did_you_mean(found.value, headlines))


def _check_names(entry: Entry, key: str, what: str, names: set[str], faults: Faults) -> None:
    for found in entry.items(key):
        if found.value not in names:
            message = f"there is no {what} {found.value!r}"
            faults.add(found.place, message, faults.did_you_mean(found.value, names))


def _judged(root: Entry, faults: Faults) -> Iterator[Entry]:
    for gate in root.entries("gates"):
        for criterion in gate.entries("criteria"):
            if not {"text", "automatic"} & (criterion.written | set(criterion.fields)):
                faults.add(criterion.place, "a criterion needs the key 'text', or 'automatic'")
            yield criterion
    if rollback := root.get("rollback"):
        yield from rollback.entries("triggers")


def _check_keys(entry: Entry, faults: Faults) -> None:
    automatic: Automatic | None = entry.get("automatic")
    if automatic is None:
        if "automatic" not in entry.written:
            for key in _TIMED_KEYS:
                if (found := entry.fields.get(key)) is not None:
                    faults.add(found.place, f"the key {key!r} means nothing here", "it goes with automatic:")
        return
    needed, allowed = _FITTING[automatic]
    place = entry.fields["automatic"].place
    for key in sorted(needed - entry.written):
        faults.add(place, f"{automatic} needs the key {key!r}")
    for key in _CONDITION_KEYS:
        if key not in needed | allowed and (found := entry.fields.get(key)) is not None:
            faults.add(found.place, f"the key {key!r} does not go with {automatic}")
    least, most = entry.get("at_least"), entry.fields.get("at_most")
    if automatic is Automatic.METRIC and not {"at_least", "at_most"} & entry.written:
        faults.add(place, "metric needs the key 'at_least' or 'at_most'")
    if automatic is Automatic.CONFIDENCE and least is not None and least > 100:
        faults.add(entry.fields["at_least"].place, "a confidence is at most 100 per cent")
    if automatic is Automatic.METRIC and least is not None and most is not None and most.value < least:
        faults.add(most.place, "the upper bound is below the lower one")
