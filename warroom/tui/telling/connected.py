"""Who is on line as items, and who is not though work waits for them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from warroom.clock.durations import MINUTE, show_duration
from warroom.host.interface import Connected
from warroom.tui.drawing.ink import Span, Spans, padded
from warroom.tui.drawing.items import Item
from warroom.tui.drawing.marks import STATES
from warroom.tui.picture.picture import Picture
from warroom.vocabulary.text import one_line
from warroom.vocabulary.words import ShownState, TaskState, Via

IDLE_S = 15 * MINUTE
"""Who has pressed no key for so long may have left the chair."""

PHONE = 24
"""The cells of a number: one that is cut calls nobody."""

_WAYS = {Via.CONSOLE: "on this machine", Via.SSH: "by SSH", Via.CLI: "on a command line"}
_BUSY = (TaskState.RUNNING, TaskState.VERIFYING, TaskState.BLOCKED)


def people_on_line(connected: Iterable[Connected]) -> int:
    """How many people have a console open."""
    return len({one.handle for one in connected})


def connected_items(picture: Picture, connected: Sequence[Connected], wall: datetime, width: int) -> tuple[Item, ...]:
    """Everybody who is on line, and then whoever is not and has work to do now.

    Args:
        wall: wall clock, UTC.
    """
    items = [_heading("ON LINE", people_on_line(connected), "nobody", width)]
    items += [Item((_line(picture, one, wall, width),)) for one in connected]
    missing = _missing(picture, {one.handle for one in connected})
    items.append(_heading("NOT ON LINE, WITH WORK NOW", len(missing), "nobody", width))
    items += [Item((_missing_line(picture, handle, refs, width),), refs[0]) for handle, refs in missing.items()]
    return tuple(items)


def _heading(title: str, count: int, nothing: str, width: int) -> Item:
    counted = str(count) if count else nothing
    rule = "─" * max(0, width - len(title) - len(counted) - 7)
    return Item((((f"─ {title} ", "primary bold"), (f"─ {counted} {rule}", "muted")),))


def _line(picture: Picture, one: Connected, wall: datetime, width: int) -> Spans:
    person = picture.board.person_called(one.handle)
    idle = max(0, (wall - one.active_at) // timedelta(seconds=1))
    still: Span = (padded(f"idle {show_duration(idle // MINUTE * MINUTE)}", 12), "status-ready")
    spans: list[Span] = [
        (f" {STATES[ShownState.RUNNING].glyph} ", "status-running" if idle < IDLE_S else "status-ready"),
        (padded(one_line(one.handle, 16), 12) + " ", "bold"),
        (padded(one_line("" if person is None else person.name, 30), 20) + " ", ""),
        (padded(one_line(one.screen, 16), 11) + " ", ""),
        still if idle >= IDLE_S else (padded("", 12), ""),
        (_WAYS.get(one.via, one.via.value), "muted"),
    ]
    if width >= 100:
        spans.append((f"  since {picture.time(one.opened_at)}", "muted"))
    return tuple(spans)


def _missing(picture: Picture, here: set[str]) -> dict[str, list[str]]:
    """Handle and refs of those who are not here and have tasks under way, or are named as having to act."""
    board = picture.board
    wanted: defaultdict[str, list[str]] = defaultdict(list)
    for demand in picture.demands:
        for handle in demand.who.split(", "):
            if board.person_called(handle) is not None:
                wanted[handle].append(demand.ref)
    for task in board.tasks_in_play:
        if task.state in _BUSY and (owner := board.handle(task.owner_id)) is not None:
            wanted[owner].append(task.ref)
    return {handle: list(dict.fromkeys(refs)) for handle, refs in wanted.items() if handle not in here}


def _missing_line(picture: Picture, handle: str, refs: Sequence[str], width: int) -> Spans:
    person = picture.board.person_called(handle)
    phone = "" if person is None else person.phone or "no number"
    tasks = ", ".join(one_line(ref, 20) for ref in refs)
    return (
        (f" {STATES[ShownState.WAITING].glyph} ", "muted"),
        (padded(one_line(handle, 16), 12) + " ", "bold"),
        (padded(one_line("" if person is None else person.name, 30), 20) + " ", ""),
        (padded(one_line(phone, 24), PHONE) + " ", ""),
        (padded(tasks, max(8, width - 38 - PHONE)), "muted"),
    )
