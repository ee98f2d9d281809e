"""Who may do what, as `warroom doctor --permissions` prints it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from warroom.rules.roles import GRANTEES, GRANTS, Capability, grantees

_NOTES = (
    "backup: while the owner is away, by shift, by the runbook, or as was said; always to say that the owner is away",
    "self: the person whom it is about; of a shift the one who leaves, or the one coming in",
    "anybody: everybody else of the people. An observer has no right but those in the last column, whatever names them",
    "A substitute has the rights of the person on tasks for a time, but not their votes",
)


def permissions_document() -> list[dict[str, Any]]:
    """Every capability with those who have it."""
    return [
        {
            "capability": capability.value,
            "about": capability.about,
            "who": [grantee.value for grantee in grantees(capability)],
        }
        for capability in Capability
    ]


def permission_lines() -> Iterator[str]:
    """The table, a column for each of those who may; their names stand above, each over its own column."""
    wide = max(len(capability.about) for capability in Capability)
    for place, grantee in enumerate(GRANTEES):
        yield " " * (wide + 2) + "│ " * place + "┌ " + grantee.value
    for capability in Capability:
        marks = " ".join("✓" if grantee in GRANTS[capability] else "·" for grantee in GRANTEES)
        yield f"{capability.about:<{wide}}  {marks}"
    yield ""
    yield from _NOTES
