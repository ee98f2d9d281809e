"""What a task hangs together with, as items: all that comes before and after it, with float; and its history."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rich.cells import cell_len

from warroom.board.board import CLOSED_STATES
from warroom.board.chain import Chained, downstream, upstream
from warroom.board.rows import Task
from warroom.clock.durations import show_duration
from warroom.tui.drawing.ink import Spans, padded
from warroom.tui.drawing.items import Item, heading
from warroom.tui.drawing.marks import PUSHED, STATES
from warroom.tui.picture.picture import Picture
from warroom.tui.telling.happenings import entry_item
from warroom.vocabulary.journal import Entry
from warroom.vocabulary.text import one_line

FARTHER = 8
"""So many tasks that are not linked with it are shown on either side, the nearest first."""

LATEST = 30
"""So many entries of its history are shown."""


def chain_items(picture: Picture, task: Task, width: int) -> tuple[Item, ...]:
    """The tasks that it waits for and those that wait for it, then those farther off."""
    board = picture.board
    before, after = upstream(board, task), downstream(board, task)
    return (
        *_direct(picture, "Waits for", before, "nothing", width),
        *_farther(picture, "Before those", before, width),
        *_direct(picture, "Waits for this", after, "nobody", width),
        *_farther(picture, "After those", after, width),
    )


def history_items(picture: Picture, entries: Sequence[Entry], width: int) -> tuple[Item, ...]:
    """The latest entries about a task, the newest first; `entries` are oldest first."""
    if not entries:
        return ()
    shown = tuple(reversed(entries))[:LATEST]
    said = f"{len(entries)} entries, the newest first" if len(entries) > 1 else "1 entry"
    more = f"; {picture.key('console.journal')} shows all {len(entries)}" if len(entries) > len(shown) else ""
    # Without what the cursor could stand on: here it stands on steps.
    return (heading("History", said + more), *(Item(entry_item(picture, entry, width).lines) for entry in shown))


def _direct(picture: Picture, title: str, chain: Iterable[Chained], nothing: str, width: int) -> Iterator[Item]:
    found = [one.task for one in chain if abs(one.level) == 1]
    yield heading(title, "" if found else nothing)
    for task in found:
        yield Item((_line(picture, task, width),))


def _farther(picture: Picture, title: str, chain: Iterable[Chained], width: int) -> Iterator[Item]:
    """What is still open of the rest of a chain; what is finished is counted."""
    rest = [one.task for one in chain if abs(one.level) > 1]
    if not rest:
        return
    still_open = [task for task in rest if task.state not in CLOSED_STATES]
    yield heading(title, f"{len(rest)} more, {len(still_open)} open")
    for task in still_open[:FARTHER]:
        yield Item((_line(picture, task, width),))
    if len(still_open) > FARTHER:
        key = picture.key("console.network")
        yield Item((((f"   and {len(still_open) - FARTHER} more: {key} shows the network", "muted"),),))


def _line(picture: Picture, task: Task, width: int) -> Spans:
    """A task with its state, its owner, when it was finished or is expected to be, and how far it may slip."""
    mark = STATES[picture.board.shown_state(task)]
    tail = f" {one_line(picture.board.handle(task.owner_id) or '–', 14)}"
    expected = picture.forecast.of(task) if task.ref in picture.forecast.delays else None
    if task.actual_finish is not None:
        tail += f", {picture.time(task.actual_finish)}"
    elif expected is not None:
        tail += f", about {picture.moment(picture.forecast.instant(expected.finish))}"
        if expected.total_float is not None:
            tail += f", float {show_duration(expected.total_float, sign=True)}"
    ref = one_line(task.ref, 14)
    room = max(8, width - 16 - cell_len(ref) - cell_len(tail))
    late = expected is not None and picture.late(task)
    return (
        (f"   {mark.glyph} {mark.word:<10}", mark.ink),
        (f"{ref} ", "bold"),
        (padded(one_line(task.title, 80), room), ""),
        (tail, PUSHED.ink if late else "muted"),
    )
