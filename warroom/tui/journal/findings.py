"""All that can be searched, as lines of text, and where each leads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from warroom.board.night import decisions_of_the_night, paper_documents
from warroom.board.rows import Party, Person
from warroom.tui.drawing.ink import Span, padded
from warroom.tui.drawing.items import Item, heading
from warroom.tui.drawing.marks import GATE, STATES
from warroom.tui.drawing.picked import OnFound
from warroom.tui.picture.matching import score
from warroom.tui.picture.picture import Picture
from warroom.tui.telling.happenings import about, entry_mark, told
from warroom.vocabulary.journal import Entry
from warroom.vocabulary.text import one_line
from warroom.vocabulary.words import ShownState, TaskKind


class Kind(StrEnum):
    """What was found, in the order in which it is shown."""

    TASK = "Tasks and gates"
    PERSON = "People"
    LOGGED = "Log of the night"
    CONTROL = "Controls"
    ENTRY = "Journal"


MOST = 30
"""So many are shown of each kind."""


@dataclass(frozen=True, slots=True)
class Findable:
    """Something that can be found.

    Attributes:
        name: what it is called by; found before what only the text tells.
        text: what is shown of it.
        key: what its screen knows it by: a ref, a handle, the subject of something logged, a control's key, a seq.
        glyph, ink: how it is marked.
    """

    kind: Kind
    name: str
    text: str
    key: str
    glyph: str = "·"
    ink: str = "muted"


def findables(picture: Picture, entries: Iterable[Entry]) -> tuple[Findable, ...]:
    """All that can be found in a picture, and in the entries of the journal that are given, oldest first."""
    return (*_tasks(picture), *_people(picture), *_logged(picture), *_controls(picture), *_entries(picture, entries))


def _tasks(picture: Picture) -> Iterator[Findable]:
    board = picture.board
    for task in (*board.tasks, *board.backout_tasks):
        mark = STATES[board.shown_state(task)]
        glyph = GATE.glyph if task.kind_of_task is TaskKind.GATE else mark.glyph
        owner = board.handle(task.owner_id) or "nobody"
        text = f"{task.title}  {mark.word}, {owner}"
        yield Findable(Kind.TASK, task.ref, text, task.ref, glyph, mark.ink)


def _people(picture: Picture) -> Iterator[Findable]:
    for person in picture.board.rows(Person).values():
        known = (person.name, person.title, person.company, person.phone, *person.roles)
        yield Findable(Kind.PERSON, person.handle, " · ".join(part for part in known if part), person.handle, "●")
    for party in picture.board.rows(Party).values():
        known = (party.name, party.phone, party.contact)
        contact = picture.board.handle(party.contact_id) or ""
        yield Findable(Kind.PERSON, party.key, " · ".join(part for part in known if part), contact, "○")


def _logged(picture: Picture) -> Iterator[Findable]:
    board = picture.board
    for problem in board.problems:
        said = f"{problem.title}  {problem.status.value}, {board.handle(problem.owner_id) or 'nobody'}"
        name = f"problem {problem.number}"
        yield Findable(Kind.LOGGED, name, said, name, "■", "status-blocked")
    for decision in decisions_of_the_night(board):
        name = f"decision {decision.number}"
        yield Findable(Kind.LOGGED, name, f"{decision.text} ({decision.because})", name, GATE.glyph, GATE.ink)
    for paper in paper_documents(board):
        name = f"paper {paper.number}"
        entered = "to be entered" if paper.entered_as is None else f"entered as {paper.entered_as}"
        yield Findable(Kind.LOGGED, name, f"{paper.text}  {entered}", name, "◌", STATES[ShownState.READY].ink)


def _controls(picture: Picture) -> Iterator[Findable]:
    for control in picture.board.controls:
        yield Findable(Kind.CONTROL, control.key, control.name, control.key, "=", "primary")


def _entries(picture: Picture, entries: Iterable[Entry]) -> Iterator[Findable]:
    board = picture.board
    for entry in reversed(tuple(entry for entry in entries if entry.run in (None, board.run_id))):
        mark = entry_mark(entry)
        said = ": ".join(dict.fromkeys(part for part in (told(board, entry), entry.reason) if part))
        at = picture.time(entry.run_time or entry.recorded_at)
        text = f"{at} {entry.who} {mark.word} {about(board, entry)} {said}"
        yield Findable(Kind.ENTRY, "", text, str(entry.seq), mark.glyph, mark.ink)


def found_by(query: str, among: Sequence[Findable]) -> tuple[int, ...]:
    """The places of what fits the query, by kind, the best first; entries of the journal the newest first. Up to
    `MOST` of each kind."""
    fitting: dict[Kind, list[tuple[float, int]]] = {kind: [] for kind in Kind}
    for place, one in enumerate(among):
        if one.kind is Kind.ENTRY:
            if len(fitting[one.kind]) < MOST and score(query, one.text) is not None:
                fitting[one.kind].append((0.0, place))
            continue
        whole = score(query, f"{one.name} {one.text}")
        by_name = score(query, one.name)
        if whole is not None or by_name is not None:
            fitting[one.kind].append((-max(whole or 0.0, 2 * (by_name or 0.0)), place))
    return tuple(place for kind in Kind for _, place in sorted(fitting[kind])[:MOST])


def found_items(query: str, among: Sequence[Findable], width: int) -> tuple[Item, ...]:
    """What fits, under the name of its kind."""
    items: list[Item] = []
    places, before = found_by(query, among), None
    for place in places:
        one = among[place]
        if one.kind is not before:
            items.append(heading(one.kind.value))
            before = one.kind
        spans: list[Span] = [(f" {one.glyph} ", f"{one.ink} bold")]
        if one.name:
            spans.append((padded(one_line(one.name, 20), 13) + " ", "bold"))
        spans.append((one_line(one.text, width), ""))
        items.append(Item((tuple(spans),), picked=OnFound(place)))
    return tuple(items)
