"""What happened to somebody's tasks while they were away: told once, when they come back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from warroom.board.board import CLOSED_STATES, Board
from warroom.board.rows import Person
from warroom.tui.drawing.ink import Spans, padded, width_of
from warroom.tui.drawing.items import Item
from warroom.tui.picture.picture import Picture
from warroom.tui.telling.happenings import about, entry_mark, told
from warroom.vocabulary.journal import Entry
from warroom.vocabulary.text import one_line
from warroom.vocabulary.words import Assurance

REACH = 1_000
"""So many entries are looked through for the last one of the person's own."""

MOST = 4
"""So many entries are told, the newest; the journal has them all."""

_COMING = "session.open"
"""What a person does not do before they left, but on coming back."""


@dataclass(frozen=True, slots=True)
class Since:
    """What a person missed.

    Attributes:
        left: when they did something last (run time, UTC).
        entries: what others have recorded since about their tasks and those they wait for, oldest first.
    """

    left: datetime
    entries: tuple[Entry, ...]


def since_left(board: Board, person: Person, entries: Sequence[Entry]) -> Since | None:
    """What a person missed, from the latest entries of the journal; None where they have missed nothing, or where
    nothing of their own is among them, so that nobody knows since when they are away. Alerts stand by themselves."""
    own = [number for number, entry in enumerate(entries) if _is_own(entry, person, board.run_id)]
    if not own:
        return None
    last = entries[own[-1]]
    refs = concerning(board, person)
    missed = tuple(
        entry
        for entry in entries[own[-1] + 1 :]
        if entry.run == board.run_id and entry.assurance is not Assurance.SYSTEM and about(board, entry) in refs
    )
    return Since(last.run_time or last.recorded_at, missed) if missed else None


def concerning(board: Board, person: Person) -> frozenset[str]:
    """Refs of the tasks in which a person has a part, and of those for which their open tasks wait."""

    def refs() -> Iterator[str]:
        for task in board.tasks_in_play:
            if person.id in (task.owner_id, task.backup_id, task.verifier_id):
                yield task.ref
                if task.owner_id == person.id and task.state not in CLOSED_STATES:
                    yield from (before.ref for before in board.predecessors(task.id))

    return frozenset(refs())


def since_items(picture: Picture, since: Since, width: int) -> tuple[Item, ...]:
    """A heading and a line for each of the newest; none of them can be selected."""
    shown = since.entries[-MOST:]
    more = len(since.entries) - len(shown)
    others = f", {more} more in the journal ({picture.key('console.journal')})" if more else ""
    said = f"since {picture.time(since.left)}{others}, {picture.key('console.back')} puts it away "
    head: Spans = (
        ("─ WHILE YOU WERE AWAY ", "primary bold"),
        (f"─ {said}" + "─" * max(0, width - len(said) - 25), "muted"),
    )
    return (Item((head,)), *(Item((_line(picture, entry, width),)) for entry in shown))


def _line(picture: Picture, entry: Entry, width: int) -> Spans:
    mark = entry_mark(entry)
    said = told(picture.board, entry) or entry.reason or ""
    head: Spans = (
        (f"   {picture.time(entry.run_time or entry.recorded_at)} ", "muted"),
        (f"{mark.glyph} ", f"{mark.ink} bold"),
        (f"{one_line(entry.who, 16)} ", "bold"),
        (f"{mark.word} ", mark.ink),
        (f"{one_line(about(picture.board, entry), 20)} ", "bold"),
    )
    return (*head, (padded(one_line(said), max(0, width - width_of(head) - 1)).rstrip(), ""))


def _is_own(entry: Entry, person: Person, run: int | None) -> bool:
    return person.handle in (entry.actor, entry.done_by) and entry.action != _COMING and entry.run in (None, run)
