"""What `warroom doctor` looks at, and how it tells of it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import Any

from warroom.board.load import load_board
from warroom.cli.command import Invocation
from warroom.cli.desk import opened, path_of
from warroom.clock.times import iso_utc
from warroom.host.over_state_file import watch_status
from warroom.store.health import Check, Health, check_of_versions, checks_of_file, checks_of_place
from warroom.store.statefile import StateFile
from warroom.vocabulary.errors import WarroomError
from warroom.vocabulary.text import one_line

GLYPHS = {Health.OK: "✓", Health.WARN: "!", Health.FAIL: "✗"}


def checks(invocation: Invocation) -> Iterator[Check]:
    """All checks of the state file that is meant; those that need it open are missing where it cannot be opened."""
    path = path_of(invocation)
    if os.path.exists(path):  # no, where the system does not let us look
        yield from checks_of_place(path)
    yield check_of_versions()
    try:
        with opened(invocation) as state_file:
            yield from checks_of_file(state_file)
            yield _watch(state_file)
    except WarroomError as error:
        yield Check("state file", Health.FAIL, error.message, error.hint)


def check_document(check: Check) -> dict[str, Any]:
    return {"name": check.name, "verdict": check.health.value, "found": check.found, "advice": check.advice}


def check_lines(found: Sequence[Check]) -> Iterator[str]:
    """A line for each check, and below it what to do, where something is to be done."""
    width = max(len(check.name) for check in found)
    for check in found:
        yield f"{GLYPHS[check.health]} {check.health.value:<4}  {check.name:<{width}}  {one_line(check.found, 2000)}"
        if check.advice is not None:
            yield f"{'':<{width + 8}}  → {one_line(check.advice, 2000)}"


def _watch(state_file: StateFile) -> Check:
    status = watch_status(state_file)
    run = load_board(state_file).run
    held = "nobody has watched yet" if status.since is None else f"{status.holder}, since {iso_utc(status.since)}"
    if status.awake:
        sends = "" if status.can_send else "; it knows no channels, so no messages leave"
        return Check("alert watch", Health.OK, held + sends)
    if run is None or run.closed_at is not None:
        return Check("alert watch", Health.OK, f"nobody watches, and no run is open (the last: {held})")
    return Check(
        "alert watch",
        Health.WARN,
        f"nobody watches for alerts now (the last: {held})",
        "keep a console open: warroom open",
    )
