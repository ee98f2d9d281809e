"""A shift hand-over as items: what whoever comes in must know, and what goes over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from warroom.board.board import CLOSED_STATES, Board
from warroom.board.handovers import goes_over
from warroom.board.people_documents import shift_document
from warroom.board.rows import Person, Problem, ShiftHandover
from warroom.clock.times import parse_iso_utc
from warroom.rules.problems import open_problems
from warroom.tui.drawing.ink import Span, Spans
from warroom.tui.drawing.items import Item, heading, indented
from warroom.tui.drawing.marks import GATE, LATE, STATES
from warroom.tui.drawing.picked import OnShift
from warroom.tui.drawing.wrapping import wrapped
from warroom.tui.picture.picture import Picture
from warroom.tui.telling.tasks import person_text, task_line
from warroom.vocabulary.documents import Document
from warroom.vocabulary.text import one_line
from warroom.vocabulary.words import ShownState

_PARTS = (
    ("Running", "running", ShownState.RUNNING),
    ("Blocked", "blocked", ShownState.BLOCKED),
    ("Next two hours", "next", ShownState.READY),
)
"""Title, key of the document, and what inks the title."""


def shifts(board: Board, own: int | None) -> tuple[Person, ...]:
    """Whose shifts can be looked at: those offered to oneself (`own` is a person's key) first, then one's own, the
    others that are offered, and everybody else's who has open tasks."""
    offered = {one.leaving_id for one in open_offers(board)}
    to_own = {one.leaving_id for one in open_offers(board) if own is not None and one.coming_id == own}
    busy = {
        key
        for task in (*board.tasks, *board.backout_tasks)
        if task.state not in CLOSED_STATES
        for key in (task.owner_id, task.backup_id, task.verifier_id)
        if key is not None and goes_over(task, key)
    }
    people = [one for one in board.rows(Person).values() if one.id in busy | offered or one.id == own]
    return tuple(
        sorted(people, key=lambda one: (one.id not in to_own, one.id != own, one.id not in offered, one.handle))
    )


def open_offers(board: Board) -> tuple[ShiftHandover, ...]:
    """The shifts that are offered and not accepted yet."""
    return tuple(one for one in board.rows(ShiftHandover).values() if one.accepted_at is None)


def offer_of(board: Board, person: Person) -> ShiftHandover | None:
    """The open offer of a person's shift."""
    return next((one for one in open_offers(board) if one.leaving_id == person.id), None)


def title_spans(picture: Picture, person: Person | None, place: int, count: int) -> Spans:
    """Whose shift it is, and how many others there are."""
    spans: list[Span] = [(" Shift hand-over ", "bold reverse")]
    if person is None:
        return (*spans, ("  nobody has a shift to hand over", "muted"))
    spans.append((f"  {one_line(person.handle, 20)}", "bold"))
    if count > 1:
        spans.append((f"  {place + 1} of {count}, ← → others", "muted"))
    if offers := len(open_offers(picture.board)):
        spans.append((f"   {offers} offered", "status-ready bold"))
    return tuple(spans)


def shift_items(picture: Picture, person: Person, width: int) -> tuple[Item, ...]:
    """What the one who takes over the shift of `person` must know."""
    return tuple(_items(picture, person, width))


def _items(picture: Picture, person: Person, width: int) -> Iterator[Item]:
    board, on_shift = picture.board, OnShift(person.handle)
    offer = offer_of(board, person)
    coming = None if offer is None else board.person(offer.coming_id)
    document = shift_document(board, picture.forecast, person, coming)
    lines = list(_offer(picture, offer, width))
    who = (((f" {line}", ""),) for line in wrapped(person_text(person), width - 2))
    yield Item((*who, *lines), picked=on_shift)
    for title, key, state in _PARTS[:2]:
        yield heading(title, str(len(document[key])) if document[key] else "nothing", STATES[state].ink)
        yield from _tasks(picture, document[key], width)
    later = f"{document['later']} later" if document["later"] else ""
    yield heading("Next two hours", ", ".join(filter(None, (str(len(document["next"]) or "nothing"), later))))
    yield from _tasks(picture, document["next"], width)
    yield heading("Decisions due", "they stay with whom they are" if document["decisions"] else "none")
    yield from (_decision(picture, gate) for gate in document["decisions"])
    yield heading(f"Done since {_time(picture, document['since'])}", str(len(document["done_since"]) or "nothing"))
    yield from _tasks(picture, document["done_since"], width, done=True)
    yield from _problems(picture, person, width)
    if document["without_verifier"]:
        said = f"somebody else must verify {', '.join(document['without_verifier'])}"
        yield Item(tuple(((f" {LATE.glyph} {line}", LATE.ink),) for line in wrapped(one_line(said), width - 4)))


def _offer(picture: Picture, offer: ShiftHandover | None, width: int) -> Iterator[Spans]:
    if offer is None:
        offers = picture.key("shift.offer")
        said = f"not offered yet: {offers} offers the shift, and nothing goes over before it is accepted"
        yield from (((f" {line}", "muted"),) for line in wrapped(said, width - 2))
        return
    to = one_line(picture.board.handle(offer.coming_id) or "whoever accepts it", 40)
    yield (
        (
            f" offered to {to} {picture.time(offer.given_at)}: {picture.key('shift.take')} accepts it",
            "status-ready bold",
        ),
    )
    if offer.note:
        yield from (((f"   {line}", ""),) for line in wrapped(one_line(offer.note, 2_000), width - 4, most=4))


def _tasks(picture: Picture, documents: Sequence[Document], width: int, *, done: bool = False) -> Iterator[Item]:
    for one in documents:
        task = picture.board.task(one["ref"])
        if task is None:
            continue
        lines: list[Spans] = [task_line(picture, task, width, quiet=done)]
        said = [
            one["blocked_reason"] and f"blocked: {one['blocked_reason']}",
            one["eta"] and f"ETA {_time(picture, one['eta'])}: {one['eta_reason'] or 'no reason given'}",
            one["closing_reason"],
        ]
        for text in filter(None, said):
            lines += [((f"     {line}", "muted"),) for line in wrapped(one_line(text, 1_000), width - 6, most=2)]
        if one["as"] != ["owner"] and not done:
            lines.append(((f"     as {', '.join(one['as'])}", "muted"),))
        yield Item(tuple(lines), task.ref)


def _decision(picture: Picture, gate: Document) -> Item:
    due = gate["due"] or gate["expected_at"]
    late = gate["due"] is not None and parse_iso_utc(gate["expected_at"]) > parse_iso_utc(gate["due"])
    spans: list[Span] = [
        (f" {GATE.glyph} {one_line(gate['ref'], 20)} ", f"{GATE.ink} bold"),
        (one_line(gate["title"], 60), ""),
        (f"  due {_time(picture, due)}", "status-ready"),
    ]
    if late:
        spans.append((f", expected {_time(picture, gate['expected_at'])}", LATE.ink))
    return Item((tuple(spans),), gate["ref"])


def _problems(picture: Picture, person: Person, width: int) -> Iterable[Item]:
    own: list[Problem] = [one for one in open_problems(picture.board.problems) if one.owner_id == person.id]
    if own:
        yield heading("Problems", f"{len(own)} open; {picture.key('console.log')} shows the log of the night")
    for one in own:
        due = "" if one.due_at is None else f", due {picture.time(one.due_at)}"
        said = f"#{one.number} severity {one.severity}{due}: {one.title}"
        yield indented(one_line(said), width, "status-blocked", most=2)


def _time(picture: Picture, text: str) -> str:
    instant: datetime = parse_iso_utc(text)
    return picture.time(instant)
