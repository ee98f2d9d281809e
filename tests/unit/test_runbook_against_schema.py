"""Runbooks held against the JSON Schema: whatever is read fits it, and of what is refused it lets through only what no
schema can say."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests import json_schema
from tests.faults import Case, changed
from tests.unit import test_lint, test_runbook_faults, test_runbook_surroundings
from warroom.resources import folder
from warroom.runbook.schema import json_schema as our_schema
from warroom.runbook.starter import PLATFORMS, starter

SCHEMA = our_schema()

YAML_ONLY = {"duplicate key", "tag", "tag of a mapping", "control character", "lone surrogate"}
"""What is wrong with the text, and gone before a schema sees it."""

UNIQUE = {
    *("duplicate ref", "ref of a gate", "ref of a back-out task", "duplicate handle", "duplicate phase"),
    *("duplicate stream", "duplicate control", "same link twice", "two seats for one", "the same entity twice"),
    *("the same environment twice", "the same communication twice", "required twice"),
}
"""Names that may be given once."""

NAMES = {
    *("dangling predecessor", "predecessor in the other network", "unknown owner", "unknown backup"),
    *("unknown verifier", "unknown seat", "unknown signer", "unknown authority", "unknown lead", "role as owner"),
    *("unknown phase", "unknown stream", "ends_with", "ends_with of the back-out", "point of no return"),
    *("undoes nothing", "entity", "entity of a control", "environment", "party", "communication", "approver"),
    *("somebody else on a call", "role that nobody has", "role in a seat", "shift of nobody", "required stranger"),
    *("decider on a failure", "substitute", "evaluator", "phase of a condition", "task of a condition"),
    *("control of a condition", "flow of a condition", "load of a control", "headline of a control"),
    *("decider on a trigger", "decider on a recovery"),
    *("placeholder", "placeholder in a subject", "single brace", "bad zone", "bad zone of a person"),
}
"""Names of what is elsewhere in the file, or in a list that is no part of the schema."""

RELATIONS = {
    *("self reference", "cycle", "cycle of other links", "verifier is owner", "substitute of oneself"),
    *("low above likely", "high below likely", "milestone that may take time", "milestone that takes time"),
    *("window ends early", "restored early", "quorum", "over before it began", "too often", "shifts that overlap"),
    *("shift that ends early", "too many required", "votes too late", "bounds", "confidence"),
    *("time that does not exist", "chair without the rule", "rule without a chair"),
    "headline of itself",
    *("condition without its key", "condition with another key", "metric without a bound"),
    *("trigger with another key",),
}
"""What must hold between values."""

SEMANTIC = YAML_ONLY | UNIQUE | NAMES | RELATIONS

BROKEN = [
    *((test_runbook_faults.GOOD, case) for case in test_runbook_faults.CASES),
    *((test_runbook_surroundings.GOOD, case) for case in test_runbook_surroundings.CASES),
]


def faults(text: str) -> list[str]:
    return list(json_schema.faults(SCHEMA, json_schema.as_json(text)))


@pytest.mark.parametrize("name", sorted(path.stem for path in folder("sample_runbooks").glob("*.yaml")))
def test_every_sample_fits(name: str) -> None:
    assert faults((folder("sample_runbooks") / f"{name}.yaml").read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("platform", PLATFORMS)
def test_every_starter_fits(platform: str) -> None:
    assert faults(starter(platform, datetime(2026, 11, 22, tzinfo=UTC))) == []


@pytest.mark.parametrize("good", [test_runbook_faults.GOOD, test_runbook_surroundings.GOOD, test_lint.GOOD])
def test_what_is_read_fits(good: str) -> None:
    assert faults(good) == []


@pytest.mark.parametrize(("good", "case"), BROKEN, ids=lambda value: value.name if isinstance(value, Case) else "")
def test_what_is_refused_does_not_fit_where_a_schema_can_say_it(good: str, case: Case) -> None:
    text, _ = changed(good, case)
    try:
        found = faults(text)
    except (UnicodeError, ValueError):
        found = []
    assert bool(found) is (case.name not in SEMANTIC), found


def test_every_exception_is_a_case() -> None:
    assert {case.name for _, case in BROKEN} >= SEMANTIC
