"""What the wall tells of the next gate: one line always, and the whole panel while the room decides it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from warroom.board.rows import Gate, Task
from warroom.rules.criteria import Judged, failing
from warroom.rules.gates import closed, panel_of, verdict_denied
from warroom.rules.permissions import Actor
from warroom.tui.drawing.ink import Spans
from warroom.tui.drawing.items import Item, heading
from warroom.tui.drawing.marks import GATE
from warroom.tui.drawing.wrapping import wrapped
from warroom.tui.gates.criterion_texts import owing_items, tally, worst_criterion_items
from warroom.tui.gates.texts import quorum_note, vote_items
from warroom.tui.picture.picture import Picture
from warroom.vocabulary.text import one_line
from warroom.vocabulary.words import Verdict


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
    """The panel as the room reads it: whether it can be go, who owes what, who votes what, and the criteria, the worst
    first."""
    nobody = replace(picture, actor=Actor(None, ""))
    owing = tuple(owing_items(picture, gate, found, width))
    criteria = (heading("Criteria"), *worst_criterion_items(found, width)) if found else ()
    return (
        _standing_item(picture, task, gate, found, width),
        *((heading("Missing", ink="status-ready"), *owing) if owing else ()),
        *vote_items(nobody, task, gate, width, short=True),
        *criteria,
    )


def _standing_item(picture: Picture, task: Task, gate: Gate, found: Sequence[Judged], width: int) -> Item:
    """Whether a go can be given, as loud as it gets."""
    if picture.board.is_held(task):
        return Item((((" ✗ HELD ", "beyond bold reverse"), (" the back-out was invoked", "beyond bold")),))
    denied = verdict_denied(Verdict.GO, panel_of(picture.board, task, gate, picture.now, failing(found)))
    if denied is None:
        by = one_line(picture.board.handle(task.owner_id) or "nobody", 20)
        return Item((((" ✓ GO CAN BE GIVEN ", "inside bold reverse"), (f" {by} decides", "inside bold")),))
    lead = " ▲ GO NOT POSSIBLE YET "
    lines = wrapped(one_line(denied), width - len(lead) - 2, most=2)
    first: Spans = ((lead, "status-ready bold reverse"), (f" {lines[0]}", "bold"))
    return Item((first, *(((f"{' ' * len(lead)} {line}", "bold"),) for line in lines[1:])))
