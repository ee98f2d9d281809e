"""The JSON Schema names the keys that the reader accepts, and no others."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from warroom.runbook.format import NOT_YET
from warroom.runbook.reader import read_text
from warroom.runbook.schema import json_schema
from warroom.vocabulary.errors import BadRunbook

# Where a mapping can stand, as a path of keys; [] is a place in a list, {} one under a name.
PLACES = {
    "": "{HERE}",
    "entities[]": "{entities: [{HERE}]}",
    "environments[]": "{environments: [{HERE}]}",
    "bridge": "{bridge: {HERE}}",
    "calls[]": "{calls: [{HERE}]}",
    "rota{}[]": "{rota: {x: [{HERE}]}}",
    "communications[]": "{communications: [{HERE}]}",
    "alerts": "{alerts: {HERE}}",
    "alerts.rules{}": "{alerts: {rules: {late-start: {HERE}}}}",
    "alerts.escalate[]": "{alerts: {escalate: [{HERE}]}}",
    "lint": "{lint: {HERE}}",
    "lint.silence[]": "{lint: {silence: [{HERE}]}}",
    "tasks[].facts[]": "{tasks: [{facts: [{HERE}]}]}",
    "tasks[].requires": "{tasks: [{requires: {HERE}}]}",
    "tasks[].on_failure": "{tasks: [{on_failure: {HERE}}]}",
    "gates[].facts[]": "{gates: [{facts: [{HERE}]}]}",
    "gates[].criteria[]": "{gates: [{criteria: [{HERE}]}]}",
    "rollback.triggers[].decides": "{rollback: {triggers: [{decides: {HERE}}]}}",
    "rollback.recovery[]": "{rollback: {recovery: [{HERE}]}}",
    "rollback.tasks[].facts[]": "{rollback: {tasks: [{facts: [{HERE}]}]}}",
    "rollback.tasks[].requires": "{rollback: {tasks: [{requires: {HERE}}]}}",
    "rollback.tasks[].on_failure": "{rollback: {tasks: [{on_failure: {HERE}}]}}",
    "programme": "{programme: {HERE}}",
    "window": "{window: {HERE}}",
    "schedule": "{schedule: {HERE}}",
    "calendars{}": "{calendars: {x: {HERE}}}",
    "people[]": "{people: [{HERE}]}",
    "people[].away[]": "{people: [{away: [{HERE}]}]}",
    "parties[]": "{parties: [{HERE}]}",
    "assurance": "{assurance: {HERE}}",
    "streams[]": "{streams: [{HERE}]}",
    "phases[]": "{phases: [{HERE}]}",
    "tasks[]": "{tasks: [{HERE}]}",
    "tasks[].duration": "{tasks: [{duration: {HERE}}]}",
    "gates[]": "{gates: [{HERE}]}",
    "gates[].duration": "{gates: [{duration: {HERE}}]}",
    "gates[].seats[]": "{gates: [{seats: [{HERE}]}]}",
    "rollback": "{rollback: {HERE}}",
    "rollback.triggers[]": "{rollback: {triggers: [{HERE}]}}",
    "rollback.tasks[]": "{rollback: {tasks: [{HERE}]}}",
    "rollback.tasks[].duration": "{rollback: {tasks: [{duration: {HERE}}]}}",
    "controls[]": "{controls: [{HERE}]}",
    "controls[].tolerance": "{controls: [{tolerance: {HERE}}]}",
}


def records(schema: dict[str, Any], path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every object of the schema with the path at which it stands."""
    for choice in schema.get("oneOf", [schema]):
        if "propertyNames" in choice:
            yield from records(choice["additionalProperties"], path + "{}")
        elif choice.get("type") == "object":
            yield path, choice
            for key, value in choice["properties"].items():
                yield from records(value, f"{path}.{key}".lstrip("."))
        elif choice.get("type") == "array":
            yield from records(choice["items"], f"{path}[]")


def key_faults(text: str) -> Counter[tuple[str, str]]:
    """What the reader says about keys: pairs of what is wrong ("unknown key", "needs the key", ...) and the key."""
    with pytest.raises(BadRunbook) as caught:
        read_text(text, "plan.yaml")
    pattern = re.compile(r"(unknown key|needs the key|the key) '(\w+)'")
    found = [pattern.search(fault.message) for fault in caught.value.faults]
    return Counter((match[1], match[2]) for match in found if match)


SCHEMA = dict(records(json_schema()))


def test_the_schema_has_the_places_of_the_format() -> None:
    assert set(SCHEMA) == set(PLACES)


@pytest.mark.parametrize("path", PLACES)
def test_every_key_of_the_schema_is_accepted_and_every_other_refused(path: str) -> None:
    record = SCHEMA[path]
    assert record["additionalProperties"] is False
    others = sorted(NOT_YET | {"zzz"} | {key for other in SCHEMA.values() for key in other["properties"]})
    written = ", ".join(f"{key}: [[x]]" for key in dict.fromkeys([*record["properties"], *others]))
    told = key_faults(PLACES[path].replace("HERE", written))
    refused = {key for kind, key in told if kind != "needs the key"}
    assert refused == set(others) - set(record["properties"])


@pytest.mark.parametrize("path", PLACES)
def test_the_schema_requires_what_the_reader_misses(path: str) -> None:
    required = SCHEMA[path]["required"]
    written = ", ".join(["zzz: x", *(f"{key}: [[x]]" for key in required)])
    without = key_faults(PLACES[path].replace("HERE", "zzz: x"))
    assert without - key_faults(PLACES[path].replace("HERE", written)) == Counter(
        ("needs the key", key) for key in required
    )


def test_the_schema_is_json_and_says_which_draft_it_is() -> None:
    schema = json_schema()
    assert json.loads(json.dumps(schema)) == schema
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    described = [value for record in SCHEMA.values() for value in record["properties"].values()]
    assert all(value["description"] for value in described)
