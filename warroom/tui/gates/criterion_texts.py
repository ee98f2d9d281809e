"""The criteria of a gate as items: how each stands by glyph, word and colour, what is found, and who owes what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from rich.cells import cell_len

from warroom.board.rows import Gate
from warroom.clock.durations import MINUTE
from warroom.clock.times import show_distance
from warroom.rules.conditions import Basis
from warroom.rules.criteria import Judged, judged
from warroom.tui.drawing.ink import Span, Spans, padded
from warroom.tui.drawing.items import Item
from warroom.tui.drawing.marks import LIGHTS
from warroom.tui.drawing.picked import OnCriterion
from warroom.tui.drawing.wrapping import wrapped
from warroom.tui.picture.attention import missing_seats
from warroom.tui.picture.picture import Picture
from warroom.vocabulary.text import one_line
from warroom.vocabulary.words import Light

_WORST_FIRST = (Light.RED, Light.MISSING, Light.AMBER, Light.WAIVED, Light.GREEN)
_WORD_CELLS = max(len(mark.word) for mark in LIGHTS.values()) + 1


def found_at(picture: Picture, gate: Gate | None, confidence: Decimal | None) -> tuple[Judged, ...]:
    """How the criteria of a gate stand in a picture.

    Args:
        confidence: per cent of the trials that finish inside the window; None: not known. It is never reckoned here.
    """
    if gate is None:
        return ()
    return judged(Basis(picture.board, picture.forecast, picture.now, confidence), gate)


def tally(found: Sequence[Judged]) -> Spans:
    """How many stand how, the worst first: "✗ 1 red  ✓ 3 green"."""
    spans: list[Span] = []
    for light in _WORST_FIRST:
        if count := sum(one.light is light for one in found):
            mark = LIGHTS[light]
            spans.append((f"{'  ' if spans else ''}{mark.glyph} {count} {mark.word}", f"{mark.ink} bold"))
    return tuple(spans)


def criterion_items(picture: Picture, found: Sequence[Judged], width: int, *, short: bool = False) -> Iterator[Item]:
    """The criteria with their numbers, in the order of the runbook, for the cursor to stand on.

    Args:
        short: in one line each, and another for who owes what is missing; enter shows the rest.
    """
    title: Span = (" Criteria  ", "primary bold")
    yield Item(((title, *(tally(found) or (("none are written down", "muted"),))),))
    for one in found:
        lines = _short_lines(one, width) if short else _lines(picture, one, width)
        yield Item(tuple(lines), picked=OnCriterion(one.number))


def worst_criterion_items(found: Sequence[Judged], width: int) -> Iterator[Item]:
    """The criteria in a line or two each, those that stand worst first, with who owes what is missing."""
    for one in sorted(found, key=lambda one: (_WORST_FIRST.index(one.light), one.number)):
        yield Item(tuple(_short_lines(one, width)))


def _short_lines(one: Judged, width: int) -> Iterator[Spans]:
    mark = LIGHTS[one.light]
    lead = f" {mark.glyph} {mark.word:<{_WORD_CELLS}}"
    owed = owed_text(one) if one.owes and one.light not in (Light.GREEN, Light.WAIVED) else ""
    text = f"{one.number}. {one_line(one.criterion.text)}"
    yield ((lead, f"{mark.ink} bold"), (padded(text, max(12, width - len(lead) - 1)), "bold" if owed else ""))
    if one.light not in (Light.GREEN, Light.WAIVED):
        said = " · ".join(filter(None, (owed, one_line(one.value))))
        lines = wrapped(said, width - len(lead) - 4, most=1)
        yield ((f"{' ' * len(lead)}   {lines[0]}", mark.ink),)


def _lines(picture: Picture, one: Judged, width: int) -> Iterator[Spans]:
    mark = LIGHTS[one.light]
    lead = f" {mark.glyph} {mark.word:<{_WORD_CELLS}}"
    indent, room = " " * len(lead), width - len(lead) - 1
    for place, line in enumerate(wrapped(f"{one.number}. {one_line(one.criterion.text)}", room, most=2)):
        yield ((lead, f"{mark.ink} bold"), (line, "")) if place == 0 else ((f"{indent}{line}", ""),)
    owes = one.owes if one.light not in (Light.GREEN, Light.WAIVED) else ()
    said = [one_line(one.value), f"asked: {one_line(one.threshold)}", *source_text(picture, one)]
    if owes:
        said.append(owed_text(one))
    for line in wrapped(" · ".join(said), room, most=4):
        yield ((f"{indent}{line}", mark.ink if owes else "muted"),)
    if one.waiver is not None and one.light is Light.WAIVED:
        by = one_line(picture.board.handle(one.waiver.person_id) or "somebody", 16)
        waived = f"waived by {by} until {picture.moment(one.waiver.expires_at)}: {one_line(one.waiver.reason)}"
        for line in wrapped(waived, room, most=2):
            yield ((f"{indent}{line}", mark.ink),)


def source_text(picture: Picture, one: Judged) -> tuple[str, ...]:
    """Who or what says so, and since when; nothing where nobody has said anything yet."""
    source, age = one_line(one.source, 60), one.age_s(picture.now)
    if age is None:
        return () if one.source == ", ".join(one.owes) else (f"{source}, now",)
    return (f"{source}, {show_distance(-(age // MINUTE) * MINUTE)}",)


def owed_text(one: Judged) -> str:
    """Who owes what is missing."""
    return "owed by " + ", ".join(one_line(handle, 16) for handle in one.owes)


def owed_by(found: Sequence[Judged]) -> dict[str, tuple[int, ...]]:
    """Numbers of the criteria to which each person owes something, by handle; waived ones are owed by nobody."""
    owed: dict[str, tuple[int, ...]] = {}
    for one in found:
        if one.light in (Light.RED, Light.AMBER, Light.MISSING):
            for handle in one.owes:
                owed[handle] = (*owed.get(handle, ()), one.number)
    return owed


def owing_items(picture: Picture, gate: Gate, found: Sequence[Judged], width: int) -> Iterator[Item]:
    """Who owes what to a gate, those with most first: a vote, while it is undecided, and what criteria want."""
    owed = owed_by(found)
    seats = [] if gate.verdict is not None else missing_seats(picture.board, gate)
    votes = dict.fromkeys(handle for _, handle in seats)
    what = {handle: [*(["vote"] if handle in votes else []), *_numbers(owed, handle)] for handle in (*votes, *owed)}
    names = {handle: one_line(handle, 16) for handle in what}
    cells = max((cell_len(name) for name in names.values()), default=0)
    for handle, parts in sorted(what.items(), key=lambda pair: -len(pair[1]) - len(owed.get(pair[0], ()))):
        (line, *_) = wrapped(" · ".join(parts), width - cells - 6, most=1)
        yield Item((((" ◌ ", "status-ready bold"), (f"{padded(names[handle], cells)}  ", "bold"), (line, "")),))


def _numbers(owed: Mapping[str, tuple[int, ...]], handle: str) -> tuple[str, ...]:
    numbers = owed.get(handle, ())
    word = "criterion" if len(numbers) == 1 else "criteria"
    return (f"{word} {', '.join(map(str, numbers))}",) if numbers else ()
