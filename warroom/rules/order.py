"""In which order things happen to a task, and when: what is recorded of the past must fit what is known of it."""

from __future__ import annotations

from datetime import datetime

NOT_YET = "that time has not come yet"
"""Why nothing is recorded as done in the future."""


def why_too_early(
    ref: str,
    at: datetime,
    *,
    started: datetime | None = None,
    executed: datetime | None = None,
    blocked: datetime | None = None,
) -> str | None:
    """Why something cannot have happened to the task `ref` at `at`: it lies before what has happened already; None
    where it does not. Times are run time, UTC; None: it has not happened."""
    stages = [("was blocked", blocked), ("was executed", executed), ("started", started)]
    for what, instant in stages:
        if instant is not None and at < instant:
            return f"that is before {ref} {what}"
    return None
