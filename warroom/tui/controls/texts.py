"""Controls as items: how each stands for every entity and currency, its rounds, and the rows that differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from rich.cells import cell_len

from warroom.board.rows import Control
from warroom.rules.control_words import Telling, figure_words, round_facts
from warroom.rules.controls import PartStanding, control_standing
from warroom.tui.drawing.ink import Span, Spans, padded
from warroom.tui.drawing.items import Item, hanging, heading
from warroom.tui.drawing.marks import CONTROLS
from warroom.tui.drawing.picked import OnPart
from warroom.tui.drawing.wrapping import wrapped
from warroom.tui.picture.picture import Picture
from warroom.tui.telling.tasks import task_line
from warroom.vocabulary.exact import show_number
from warroom.vocabulary.text import one_line
from warroom.vocabulary.words import ControlKind, ControlStanding, Side, SignConvention

IN_COLUMNS = 110
"""From so many cells on a part takes one line, its figures in columns."""

_WORD_CELLS = max(len(mark.word) for mark in CONTROLS.values()) + 1
_SIDES = {Side.LEGACY: "legacy", Side.NEW: "new"}


def on_part(control: Control, part: PartStanding) -> OnPart:
    """What the cursor stands on."""
    one = part.round
    return OnPart(control.key) if one is None else OnPart(control.key, one.entity, one.currency)


def part_under(picture: Picture, picked: OnPart) -> tuple[Control, PartStanding] | None:
    """The control with that part of it as it stands, or with its first one, where a figure has named that part since.
    None: there is no such control."""
    for control in picture.board.controls:
        if control.key == picked.key:
            parts = control_standing(picture.board, control).parts
            return control, next((part for part in parts if on_part(control, part) == picked), parts[0])
    return None


def part_name(part: PartStanding) -> str:
    """Its entity and currency; "" where there is no need to say."""
    return one_line(" ".join(filter(None, (part.entity, part.currency))), 20)


def tolerance_text(control: Control) -> str:
    """What may differ."""
    if control.kind_of_control is ControlKind.HASH:
        return "must be the same"
    parts = []
    if control.tolerance_absolute is not None:
        unit = f" {one_line(control.unit, 8)}" if control.unit else ""
        parts.append(f"±{show_number(control.tolerance_absolute)}{unit}")
    if control.tolerance_percent is not None:
        parts.append(f"±{show_number(control.tolerance_percent)} %")
    return " and ".join(parts) or "no tolerance"


def tally(picture: Picture) -> Spans:
    """How many parts stand how, the worst first."""
    standings = [part.standing for control in picture.board.controls for part in _parts(picture, control)]
    spans: list[Span] = []
    for standing in ControlStanding:
        if count := standings.count(standing):
            mark = CONTROLS[standing]
            spans.append((f"  {mark.glyph} {count} {mark.word}", f"{mark.ink} bold"))
    return tuple(spans)


def part_items(picture: Picture, width: int) -> tuple[Item, ...]:
    """Every control with its parts, in the order of the runbook, for the cursor to stand on."""
    found = [(control, part) for control in picture.board.controls for part in _parts(picture, control)]
    if not found:
        return (hanging("this plan has no controls", "", width, "muted"),)
    if width < IN_COLUMNS:
        return tuple(
            Item(tuple(_in_lines(picture, control, part, width)), picked=on_part(control, part))
            for control, part in found
        )
    rows = [_figures(part) for _, part in found]
    heads = ("legacy", "new", "difference", "may differ")
    widths = [max(len(head), *(cell_len(row[column]) for row in rows)) for column, head in enumerate(heads)]
    signatures = [_signature(picture, control, part) for control, part in found]
    shared = width - _WORD_CELLS - 5 - sum(widths) - 2 * len(widths)
    tail_cells = min(max(map(cell_len, ["signature", *signatures])), shared // 2)
    name_cells = max(16, shared - tail_cells)
    head = "".join(f"{head:>{cells}}  " for head, cells in zip(heads, widths, strict=True))
    title = f" {'':<{_WORD_CELLS + 2}}{padded('control', name_cells)}  {head}signature"
    items = [Item((((title, "muted"),),))]
    for (control, part), row, signature in zip(found, rows, signatures, strict=True):
        mark = CONTROLS[part.standing]
        figures = "".join(f"{cell:>{cells}}  " for cell, cells in zip(row, widths, strict=True))
        spans: Spans = (
            (f" {mark.glyph} {mark.word:<{_WORD_CELLS}}", f"{mark.ink} bold"),
            (padded(_called(control, part), name_cells) + "  ", "bold"),
            (figures, mark.ink if part.standing is ControlStanding.OUTSIDE else ""),
            (padded(signature, tail_cells), mark.ink),
        )
        items.append(Item((spans,), picked=on_part(control, part)))
    return tuple(items)


def control_line(picture: Picture, control: Control, part: PartStanding, width: int) -> Item:
    """A part of a control in one line, beside other things."""
    mark = CONTROLS[part.standing]
    signs = one_line(picture.board.handle(control.signs_id) or "nobody", 16)
    tail = f"  {tolerance_text(control)}, {signs}, {mark.word}"
    of = part_name(part)
    name = f"{f'{of} ' if of else ''}{one_line(control.name, 60)}"
    room = max(8, width - 5 - cell_len(tail))
    spans: Spans = ((f"   {mark.glyph} ", f"{mark.ink} bold"), (padded(name, room), ""), (tail, mark.ink))
    return Item((spans,), picked=on_part(control, part))


def control_items(
    picture: Picture, picked: OnPart, rows: Mapping[str, Any] | None, width: int, *, whole: bool = True
) -> tuple[Item, ...]:
    """One part of a control: what is asked of it, how it stands, its rounds, and the rows that differ.

    Args:
        rows: what was kept of the last comparison row by row; None: nothing, or it has not been read yet.
        whole: with the rows; they are only counted otherwise.
    """
    found = part_under(picture, picked)
    if found is None:
        return ()
    control, part = found
    mark = CONTROLS[part.standing]
    spans: Spans = ((f" {mark.glyph} {mark.word} ", f"{mark.ink} bold reverse"), (f" {_called(control, part)}", "bold"))
    items = [Item((spans,), picked=on_part(control, part))]
    if part.because:
        items.append(hanging(one_line(part.because), "", width, mark.ink))
    items += [_fact(what, said, width) for what, said in _facts(picture, control, part)]
    items += _load_items(picture, control, width, whole=whole)
    items += _round_items(picture, control, part, width)
    items += _row_items(part, rows, width) if whole else ()
    return tuple(items)


def _parts(picture: Picture, control: Control) -> tuple[PartStanding, ...]:
    return control_standing(picture.board, control).parts


def _called(control: Control, part: PartStanding) -> str:
    of = part_name(part)
    return f"{one_line(control.key, 20)}  {f'{of}  ' if of else ''}{one_line(control.name, 60)}"


def _number(value: Decimal | None, *, sign: bool = False) -> str:
    if value is None:
        return "–"
    return f"+{show_number(value)}" if sign and value > 0 else show_number(value)


def _figures(part: PartStanding) -> tuple[str, str, str, str]:
    return (
        _number(part.legacy_value),
        _number(part.new_value),
        _number(part.difference, sign=True),
        _number(part.allowed),
    )


def _signature(picture: Picture, control: Control, part: PartStanding) -> str:
    """Who has signed, or who is to."""
    one = part.round
    if one is not None and one.signed_at is not None:
        by = one_line(picture.board.handle(one.signed_by_id) or "somebody", 16)
        return f"signed by {by} {picture.time(one.signed_at)}"
    return f"{one_line(picture.board.handle(control.signs_id) or 'nobody', 16)} signs"


def _in_lines(picture: Picture, control: Control, part: PartStanding, width: int) -> Iterator[Spans]:
    mark = CONTROLS[part.standing]
    tail = f"  {_signature(picture, control, part)}"
    lead = f" {mark.glyph} {mark.word:<{_WORD_CELLS}}"
    room = max(10, width - len(lead) - cell_len(tail) - 1)
    yield ((lead, f"{mark.ink} bold"), (padded(_called(control, part), room), "bold"), (tail, mark.ink))
    if part.legacy_value is not None or part.new_value is not None:
        legacy, new, difference, allowed = _figures(part)
        said = f"{legacy} → {new}" + (
            "" if part.difference is None else f"   difference {difference}, may be {allowed}"
        )
        (line,) = wrapped(said, width - 5, most=1)
        yield ((f"   {line}", mark.ink if part.standing is ControlStanding.OUTSIDE else "muted"),)


def _facts(picture: Picture, control: Control, part: PartStanding) -> Iterator[tuple[str, str]]:
    yield "may differ", tolerance_text(control)
    if control.sign is SignConvention.OPPOSITE:
        yield "sign", "the new side carries the other sign"
    if control.expected is not None:
        yield "expected", show_number(control.expected)
    yield "legacy", _number(part.legacy_value)
    yield "new", _number(part.new_value)
    if part.difference is not None:
        yield "difference", f"{_number(part.difference, sign=True)}, may be {_number(part.allowed)}"
    yield "signature", _signature(picture, control, part)


def _fact(what: str, said: str, width: int) -> Item:
    lines = wrapped(said, width - 16, most=5)
    return Item(
        tuple(((f"   {what if place == 0 else '':<12}", "muted"), (line, "")) for place, line in enumerate(lines))
    )


def _load_items(picture: Picture, control: Control, width: int, *, whole: bool) -> Iterator[Item]:
    """The tasks that load what it checks."""
    tasks = [task for ref in control.loads if (task := picture.board.task(ref)) is not None]
    if not tasks:
        return
    yield heading("Loaded by", f"{picture.key('task.details')} opens the task" if whole else "")
    for task in tasks:
        yield Item((task_line(picture, task, width),), task.ref)


def _round_items(picture: Picture, control: Control, part: PartStanding, width: int) -> Iterator[Item]:
    """All rounds of the part, the newest first."""
    names = None if part.round is None else (part.round.entity, part.round.currency)
    rounds = [one for one in picture.board.rounds(control.id) if (one.entity, one.currency) == names]
    if not rounds:
        yield heading("Rounds", f"nothing was entered yet: {picture.key('control.record')} enters a side")
    told = _telling(picture)
    for one in sorted(rounds, key=lambda one: -one.number):
        yield heading(f"Round {one.number}", one_line(one.opened_because or "", 80))
        figures = {figure.side: figure for figure in picture.board.figures(one.id)}
        for side in Side:
            figure = figures.get(side)
            said = "missing" if figure is None else figure_words(figure, told, source_hash=False)
            yield _fact(_SIDES[side], said, width)
        for what, said in round_facts(one, told):
            yield _fact(what, said, width)


def _telling(picture: Picture) -> Telling:
    def name(person_id: int | None) -> str:
        return one_line(picture.board.handle(person_id) or "somebody", 16)

    return Telling(name, picture.time, one_line)


def _row_items(part: PartStanding, rows: Mapping[str, Any] | None, width: int) -> Iterator[Item]:
    """The rows of the last comparison that differ, those by most first."""
    if part.round is None or part.round.rows_document_id is None:
        return
    if rows is None:
        yield heading("Rows that differ", "being read …")
        return
    kept = rows["differences"]
    said = f"{rows['differing']:,}, {rows['outside']:,} by more than may be; "
    said += f"{rows['only_legacy']:,} only in legacy, {rows['only_new']:,} only in new"
    yield heading("Rows that differ", said)
    if not kept:
        return
    sides = ("legacy", "new", "difference")
    cells = [(" ".join(row["key"]), *(_text(row[side]) for side in sides), row["outside"]) for row in kept]
    widths = [max(len(side), *(cell_len(cell[place]) for cell in cells)) for place, side in enumerate(sides, start=1)]
    room = max(8, width - 5 - sum(widths) - 2 * len(widths))
    head = "".join(f"  {side:>{size}}" for side, size in zip(sides, widths, strict=True))
    yield Item((((f"   {padded(one_line(' '.join(rows['columns']), 60), room)}{head}", "muted"),),))
    for key, *figures, outside in cells:
        shown = "".join(f"  {figure:>{size}}" for figure, size in zip(figures, widths, strict=True))
        ink = "status-failed" if outside else "muted"
        yield Item((((f" {'✗' if outside else '·'} ", ink), (padded(one_line(key, 80), room), ""), (shown, ink)),))
    if len(kept) < rows["differing"]:
        yield hanging(f"the {len(kept):,} largest of {rows['differing']:,} were kept", "", width, "muted")


def _text(number: str | None) -> str:
    return "–" if number is None else show_number(Decimal(number))
