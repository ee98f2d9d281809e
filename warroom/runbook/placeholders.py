"""The placeholders in the texts of communications: "{window_start}" stands for what the board says when it is sent."""

from __future__ import annotations

import re
from typing import NamedTuple

PLACEHOLDERS: dict[str, str] = {
    "programme": "name of the programme",
    "window_start": "start of the window",
    "window_end": "end of the window",
    "now": "the time at which the text is filled in",
    "lead": "name of the cutover lead",
    "bridge_url": "where to join the bridge",
    "bridge_phone": "number of the bridge",
    "bridge_pin": "what to type there",
    "planned_finish": "planned finish of the task that ends the window",
    "forecast_finish": "expected finish of the task that ends the window",
    "latest_backout_decision": "latest safe back-out decision",
    "tasks_done": "number of tasks that are done",
    "tasks_total": "number of all tasks",
    "tasks_late": "number of late tasks",
    "next_gate": "title and expected time of the next gate",
    "last_gate": "title of the gate that was decided last",
    "last_verdict": "its verdict",
    "known_problems": "list of open problems",
}
"""Every placeholder, with what it stands for."""

_PIECE = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")


class PlaceholderFault(NamedTuple):
    """What is wrong in a text; `name` is what was written, `known` what might have been meant."""

    message: str
    name: str
    known: tuple[str, ...]


def placeholder_fault(text: str) -> PlaceholderFault | None:
    """The first thing wrong with the placeholders of `text`; None if all are known. "{{" and "}}" are plain braces."""
    for piece in _PIECE.finditer(text):
        name = piece.group(1)
        if name is None:
            if len(piece.group()) == 1:
                return PlaceholderFault("a single brace in this text; write {{ or }} for a brace", "", ())
        elif name not in PLACEHOLDERS:
            return PlaceholderFault(f"there is no placeholder {{{name[:80]}}}", name, tuple(PLACEHOLDERS))
    return None
