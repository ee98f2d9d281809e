"""What the selected task waits for and what waits for it, as rows that are marked and wires between them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from warroom.board.rows import Link, Task
from warroom.tui.drawing.axis import Axis
from warroom.tui.drawing.marks import AFTER, BEFORE, Mark
from warroom.tui.picture.picture import Picture
from warroom.tui.timeline.wires import Wire

MOST = 40
"""So many wires are drawn at most; more of them say nothing any more."""


@dataclass(frozen=True, slots=True)
class Wiring:
    """The wires, and the lines that are marked as coming before or after the selected one."""

    wires: tuple[Wire, ...]
    related: dict[int, Mark]


def wiring_of(picture: Picture, task: Task, axis: Axis, line_of: Callable[[str], tuple[int, bool] | None]) -> Wiring:
    """The wiring of `task`.

    Args:
        line_of: the line on which a task is shown, and whether it is its own; False: that of its folded group.
    """
    own = line_of(task.ref)
    if own is None or task.ref not in picture.forecast.delays:
        return Wiring((), {})
    related: dict[int, Mark] = {}
    wires: list[Wire] = []

    def mark(link: Link, other: Task, sign: Mark) -> None:
        there = line_of(other.ref)
        if there is None or other.ref not in picture.forecast.delays:
            return
        line, itself = there
        if line != own[0]:
            related[line] = sign
        if itself and own[1] and len(wires) < MOST:
            first, last = (other, task) if sign is BEFORE else (task, other)
            leaves, enters = _ends(picture, link, first, last, axis)
            if 0 < enters <= axis.width:
                from_line, to_line = (line, own[0]) if sign is BEFORE else (own[0], line)
                wires.append(Wire(from_line, leaves, to_line, enters))

    for link, other, sign in _links(picture, task):
        mark(link, other, sign)
    return Wiring(tuple(wires), related)


def _links(picture: Picture, task: Task) -> Iterator[tuple[Link, Task, Mark]]:
    board = picture.board
    for link in board.links_to(task.id):
        yield link, board.rows(Task)[link.predecessor_id], BEFORE
    for link in board.links_from(task.id):
        yield link, board.rows(Task)[link.successor_id], AFTER


def _ends(picture: Picture, link: Link, first: Task, last: Task, axis: Axis) -> tuple[int, int]:
    """The column behind the end that a link leaves, and the column of the end that it reaches."""
    half = axis.step // 2
    before, after = picture.forecast.of(first), picture.forecast.of(last)
    leaves = before.start if link.link_type.leaves_start else before.finish
    enters = after.finish if link.link_type.reaches_finish else after.start
    return axis.column(leaves + half), axis.column(enters + half)
