"""The criteria of a gate as items: how each stands by glyph, word and colour, what is found, and who owes what."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from warroom.board.rows import Gate
from warroom.clock.durations import MINUTE, show_duration
from warroom.rules.conditions import Basis
from warroom.rules.criteria import Judged, judged
from warroom.tui.ink import Span, Spans
from warroom.tui.marks import LIGHTS
from warroom.tui.picture import Picture
from warroom.tui.widgets.listing import Item
from warroom.tui.wrapping import wrapped
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


def criterion_items(picture: Picture, found: Sequence[Judged], width: int) -> Iterator[Item]:
    """The criteria with their numbers, in the order of the runbook."""
    title: Span = (" Criteria  ", "primary bold")
    yield Item(((title, *(tally(found) or (("none are written down", "muted"),))),))
    for one in found:
        yield Item(tuple(_lines(picture, one, width)))


def short_criterion_items(found: Sequence[Judged], width: int) -> Iterator[Item]:
    """The criteria in one line each, those that stand worst first, with who owes what is missing."""
    for one in sorted(found, key=lambda one: (_WORST_FIRST.index(one.light), one.number)):
        mark = LIGHTS[one.light]
        owed = _owed(one) if one.owes and one.light not in (Light.GREEN, Light.WAIVED) else ""
        said = f"{one_line(one.criterion.text)}: {one_line(one.value)}"
        lines = wrapped(said, max(12, width - 5 - _WORD_CELLS), most=1)
        yield Item(
            (((f" {mark.glyph} {mark.word:<{_WORD_CELLS}}", f"{mark.ink} bold"), (lines[0] if lines else "", "")),)
        )
        if owed:
            yield Item((((f" {'':<{_WORD_CELLS + 2}}{owed}", mark.ink),),))


def _lines(picture: Picture, one: Judged, width: int) -> Iterator[Spans]:
    mark = LIGHTS[one.light]
    lead = f" {mark.glyph} {mark.word:<{_WORD_CELLS}}"
    indent, room = " " * len(lead), width - len(lead) - 1
    for place, line in enumerate(wrapped(f"{one.number}. {one_line(one.criterion.text)}", room, most=2)):
        yield ((lead, f"{mark.ink} bold"), (line, "")) if place == 0 else ((f"{indent}{line}", ""),)
    owes = one.owes if one.light not in (Light.GREEN, Light.WAIVED) else ()
    said = [one_line(one.value), f"asked: {one_line(one.threshold)}", *_source(picture, one)]
    if owes:
        said.append(_owed(one))
    for line in wrapped(" · ".join(said), room, most=4):
        yield ((f"{indent}{line}", mark.ink if owes else "muted"),)
    if one.waiver is not None and one.light is Light.WAIVED:
        by = one_line(picture.board.handle(one.waiver.person_id) or "somebody", 16)
        waived = f"waived by {by} until {picture.time(one.waiver.expires_at)}: {one_line(one.waiver.reason)}"
        for line in wrapped(waived, room, most=2):
            yield ((f"{indent}{line}", mark.ink),)


def _source(picture: Picture, one: Judged) -> tuple[str, ...]:
    """Who or what says so, and since when; nothing where nobody has said anything yet."""
    source, age = one_line(one.source, 60), one.age_s(picture.now)
    if age is None:
        return () if one.source == ", ".join(one.owes) else (f"{source}, now",)
    return (f"{source}, {'just now' if age < MINUTE else f'{show_duration(age)} ago'}",)


def _owed(one: Judged) -> str:
    return "owed by " + ", ".join(one_line(handle, 16) for handle in one.owes)


def owed_by(found: Sequence[Judged]) -> dict[str, tuple[int, ...]]:
    """Numbers of the criteria to which each person owes something, by handle; waived ones are owed by nobody."""
    owed: dict[str, tuple[int, ...]] = {}
    for one in found:
        if one.light in (Light.RED, Light.AMBER, Light.MISSING):
            for handle in one.owes:
                owed[handle] = (*owed.get(handle, ()), one.number)
    return owed


def owing_items(found: Sequence[Judged], width: int) -> Iterator[Item]:
    """Who owes what to the criteria, those with most first."""
    for handle, numbers in sorted(owed_by(found).items(), key=lambda pair: -len(pair[1])):
        what = "criterion" if len(numbers) == 1 else "criteria"
        said = f"{one_line(handle, 16)}: {what} {', '.join(map(str, numbers))}"
        for line in wrapped(said, width - 4, most=1):
            yield Item((((" ◌ ", "status-ready bold"), (line, "")),))
