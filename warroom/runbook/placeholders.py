"""The placeholders in the texts of communications: "{window_start}" stands for what the board says when it is sent."""

from __future__ import annotations

import re
from typing import NamedTuple

PLACEHOLDERS: dict[str, str] = {
    "programme": "name of the programme",
    "run": "name of the run",
    "window_start": "start of the window",
    "window_end": "end of the window",
    "window": "both, as: from ... to ...",
    "window_float": "how much of the window is expected to be left, or by how much it is overrun",
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
    "percent_done": "share of the tasks that are done, in per cent",
    "tasks_late": "number of late tasks",
    "late_tasks": "list of late tasks, each with by how much it is late",
    "phase": "phases in which something is under way, else the next one",
    "entity": "name of the entity of the task that sends the text",
    "entities": "names of all entities",
    "next_gate": "title and expected time of the next gate",
    "last_gate": "title of the gate that was decided last",
    "last_verdict": "its verdict",
    "verdicts": "list of decided gates, each with its verdict",
    "known_problems": "list of open problems",
}
"""Every placeholder, with what it stands for."""

PIECE = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")


class PlaceholderFault(NamedTuple):
    """What is wrong in a text; `name` is what was written, `known` what might have been meant."""

    message: str
    name: str
    known: tuple[str, ...]


def placeholder_fault(text: str) -> PlaceholderFault | None:
    """The first thing wrong with the placeholders of `text`; None if all are known. "{{" and "}}" are plain braces."""
    for piece in PIECE.finditer(text):
        name = piece.group(1)
        if name is None:
            if len(piece.group()) == 1:
                return PlaceholderFault("a single brace in this text; write {{ or }} for a brace", "", ())
        elif name not in PLACEHOLDERS:
            return PlaceholderFault(f"there is no placeholder {{{name[:80]}}}", name, tuple(PLACEHOLDERS))
    return None
