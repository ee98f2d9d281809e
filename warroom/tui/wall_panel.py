"""What the wall tells of the next gate: one line always, and the whole panel while the room decides it."""

from __future__ import annotations

from collections.abc import Sequence

from warroom.board.rows import Gate, Task
from warroom.rules.criteria import Judged
from warroom.rules.gates import closed, panel_of
from warroom.tui.criterion_texts import tally, worst_criterion_items
from warroom.tui.gate_texts import heading, quorum_note, verdict_items, vote_items
from warroom.tui.ink import Spans
from warroom.tui.marks import GATE
from warroom.tui.picture import Picture
from warroom.tui.widgets.listing import Item
from warroom.vocabulary.text import one_line


def is_being_decided(picture: Picture, task: Task | None, gate: Gate | None) -> bool:
    """Whether the room can decide a gate now: it is open, and waits for nothing more."""
    if task is None or gate is None or not picture.in_run or closed(task, gate) is not None:
        return False
    return not picture.board.open_predecessors(task.id)


def gate_line(picture: Picture, task: Task | None, gate: Gate | None, found: Sequence[Judged], _: int) -> Spans:
    """The next gate with its votes and its criteria in one line."""
    if task is None or gate is None:
        return ((" no gate is left to decide", "muted"),)
    note = quorum_note(panel_of(picture.board, task, gate, picture.now), len(picture.board.votes(gate.id)))
    return ((f" {GATE.glyph} {one_line(task.ref, 20)} ", f"{GATE.ink} bold"), (f"{note}  ", "bold"), *tally(found))


def panel_items(picture: Picture, task: Task, gate: Gate, found: Sequence[Judged], width: int) -> tuple[Item, ...]:
    """The panel as the room reads it: whether it can be go, who votes what, and the criteria, the worst first."""
    criteria = (heading("Criteria"), *worst_criterion_items(found, width)) if found else ()
    return (
        *verdict_items(picture, task, gate, found, width),
        *vote_items(picture, task, gate, width),
        *criteria,
    )
