"""The runbook format as JSON Schema, for editors."""

from __future__ import annotations

from typing import Any

from warroom.runbook.format import RUNBOOK, VERSION


def json_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of the runbook files that are read now.

    What is across entries (refs that exist, no cycles) cannot be said in it; `read_runbook` checks that too.
    """
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"warroom runbook, format {VERSION}",
        **RUNBOOK.schema(),
    }
