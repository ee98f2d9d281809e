"""Controls as people read them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from warroom.board.board import Board
from warroom.board.rows import Control, ControlRound
from warroom.cli.control_sentences import number, part_name, standing_word
from warroom.cli.output import columns
from warroom.cli.sentences import name_of
from warroom.clock.times import show_time
from warroom.rules.control_words import Telling, figure_words, round_facts
from warroom.rules.controls import PartStanding, Standing, control_standing, sub_ledgers
from warroom.vocabulary.exact import show_number
from warroom.vocabulary.text import one_line
from warroom.vocabulary.words import ControlKind, Side, SignConvention

HEADS = ("KEY", "STANDING", "PART", "LEGACY", "NEW", "DIFFERENCE", "ALLOWED", "ROUND", "SIGNS", "NAME")


def rows_of_list(board: Board, control: Control, standing: Standing) -> Iterator[Sequence[str]]:
    """The lines of a control in the list: one for each of its parts."""
    for part in standing.parts:
        yield (
            control.key,
            standing_word(part),
            part_name(part),
            number(part.legacy_value),
            number(part.new_value),
            number(part.difference, sign=True),
            number(part.allowed),
            "" if part.round is None else str(part.round.number),
            board.handle(control.signs_id) or "",
            control.name,
        )


def control_lines(board: Board, control: Control) -> Iterator[str]:
    """A control with its parts and its rounds."""
    zone = board.programme.timezone
    yield f"{one_line(control.key)}  {one_line(control.name)}"
    yield ""
    facts = [("kind", control.kind_of_control.value), ("tolerance", _tolerance(control))]
    if control.sign is SignConvention.OPPOSITE:
        facts.append(("sign", "the new side carries the other sign"))
    for what, told in (
        ("entity", control.entity),
        ("currency", control.currency),
        ("unit", control.unit),
        ("expected", None if control.expected is None else show_number(control.expected)),
        ("matched by", ", ".join(control.by)),
        ("loaded by", ", ".join(control.loads)),
        ("part of", control.part_of),
        ("signs", name_of(board, control.signs_id)),
    ):
        if told:
            facts.append((what, told))
    yield columns(facts, indent="  ")
    for part in control_standing(board, control).parts:
        yield ""
        yield f"{one_line(part_name(part)) or 'now'}: {standing_word(part)}" + (
            f", {one_line(part.because)}" if part.because else ""
        )
        if part.legacy_value is not None:
            yield columns(_sums(part), indent="  ")
    if below := sub_ledgers(board, control):
        yield ""
        yield "sub-ledgers"
        yield columns(_of_each(board, below), indent="  ")
    for one in reversed(board.rounds(control.id)):
        yield ""
        named = " ".join(filter(None, (one.entity, one.currency)))
        yield f"round {one.number}" + (f" of {one_line(named)}" if named else "")
        yield columns(_round_facts(board, one, zone), indent="  ")


def _of_each(board: Board, controls: Iterable[Control]) -> Iterator[Sequence[str]]:
    """The sub-ledgers of a headline, as in the list but for who signs them."""
    for control in controls:
        for key, *told, _, name in rows_of_list(board, control, control_standing(board, control)):
            yield (key, *told[:5], name)


def rows_lines(document: dict[str, Any], limit: int) -> Iterator[str]:
    """The rows that differ, from what was kept of a comparison."""
    named = " ".join(filter(None, (document["entity"], document["currency"])))
    kept, differing = document["differences"], document["differing"]
    yield (
        f"rows of round {document['round']}"
        + (f" of {one_line(named)}" if named else "")
        + (
            f": {differing:,} differ, {document['outside']:,} by more than the tolerance; "
            f"{document['only_legacy']:,} only in legacy, {document['only_new']:,} only in new"
        )
    )
    if not kept:
        return
    heads = (*document["columns"], "LEGACY", "NEW", "DIFFERENCE", "")
    rows = [
        (*row["key"], *(_text(row[side]) for side in ("legacy", "new", "difference")), "✗" if row["outside"] else "")
        for row in kept[:limit]
    ]
    yield columns(rows, heads, indent="  ")
    if len(rows) < differing:
        said = f"{len(kept):,} are kept; " if len(kept) < differing else ""
        yield f"  {len(rows):,} of {differing:,} shown, the largest first; {said}--limit N shows more"


def _sums(part: PartStanding) -> Iterator[tuple[str, str]]:
    yield "legacy", number(part.legacy_value)
    if part.new_value is not None:
        yield "new", number(part.new_value)
        yield "difference", number(part.difference, sign=True)
    yield "allowed", number(part.allowed)


def _round_facts(board: Board, one: ControlRound, zone: str) -> Iterator[tuple[str, str]]:
    if one.opened_because is not None:
        yield "opened", one.opened_because
    told = Telling(partial(name_of, board), lambda instant: show_time(instant, zone), str)
    figures = {figure.side: figure for figure in board.figures(one.id)}
    for side in Side:
        if (figure := figures.get(side)) is not None:
            yield side.value, figure_words(figure, told, source_hash=True)
    yield from round_facts(one, told)


def _tolerance(control: Control) -> str:
    if control.kind_of_control is ControlKind.HASH:
        return "none: hash totals are equal, or they are not"
    bounds = []
    if control.tolerance_absolute is not None:
        bounds.append(" ".join(filter(None, (show_number(control.tolerance_absolute), control.unit))))
    if control.tolerance_percent is not None:
        bounds.append(f"{show_number(control.tolerance_percent)} % of legacy")
    return " and ".join(bounds) or "none: nothing may differ"


def _text(number: str | None) -> str:
    return "–" if number is None else show_number(Decimal(number))
