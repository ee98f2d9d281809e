"""What the screen of a run sheet shows: a row for each task, the cell that is filled in, what will be recorded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from warroom.board.rows import Person
from warroom.clock.durations import show_duration
from warroom.clock.times import show_iso, show_time
from warroom.tui.doing.sheet_draft import Cell, Column, SheetDraft
from warroom.tui.drawing.ink import Span, Spans, padded, width_of
from warroom.tui.drawing.items import Item
from warroom.tui.drawing.marks import STATES
from warroom.tui.picture.picture import Picture
from warroom.tui.sheets.reading import ALL, OUTCOMES, RowRead
from warroom.tui.sheets.rows import SheetRow
from warroom.tui.sheets.times import twice_words
from warroom.vocabulary.sheet import SheetLine
from warroom.vocabulary.text import one_line
from warroom.vocabulary.words import TaskKind

TIMES = (Column.STARTED, Column.FINISHED, Column.VERIFIED)

WRONG, TYPED = ("✗", "status-failed bold"), ("+", "primary bold")
"""The marks of a row in which something is wrong, and of one that will be recorded."""

_NARROW = {
    Column.STARTED: ("start", 6),
    Column.STEPS: ("steps", 6),
    Column.FINISHED: ("done", 6),
    Column.VERIFIED: ("verif", 6),
    Column.OUTCOME: ("outcome", 9),
    Column.WHO: ("who", 8),
}
_WIDE = {
    Column.STARTED: ("started", 9),
    Column.STEPS: ("steps", 8),
    Column.FINISHED: ("done", 9),
    Column.VERIFIED: ("verified", 9),
    Column.OUTCOME: ("outcome", 11),
    Column.WHO: ("who", 12),
}
"""Headings and widths, with the space behind; title and note share the rest."""

_REF = 9


def _layout(width: int) -> tuple[dict[Column, tuple[str, int]], int, int]:
    """The columns, and the cells for title and note."""
    columns = _WIDE if width >= 110 else _NARROW
    rest = width - 2 - _REF - sum(cells for _, cells in columns.values())
    title = max(8, rest // 2)
    return columns, title, max(4, rest - title)


def title_line(picture: Picture, person: Person, printed: datetime | None, width: int) -> Spans:
    """Whose sheet it is, and of when."""
    when = "before the run" if printed is None else show_iso(printed, picture.zone)
    name = one_line(person.name, 40)
    spans: list[Span] = [(" Run sheet of ", ""), (name, "bold"), (f" · {one_line(person.handle, 20)}", "muted")]
    said = f"as it was printed {when} "
    room = width - width_of(spans)
    return (*spans, (padded("", max(1, room - len(said))), ""), (said, "muted"))


def head_line(width: int) -> Spans:
    """The headings of the columns."""
    columns, title, _ = _layout(width)
    heads = "".join(padded(word, cells) for word, cells in columns.values())
    return ((f"  {padded('task', _REF + title)}{heads}note", "muted bold"),)


def sheet_items(
    read: Sequence[RowRead], draft: SheetDraft, picture: Picture, at: Cell | None, width: int
) -> tuple[Item, ...]:
    """A row for each task; what they verify stands below a heading. `at`: the cell that is being filled in."""
    items: list[Item] = []
    for place, row in enumerate(read):
        if row.row.checks and (place == 0 or not read[place - 1].row.checks):
            items.append(Item((((" To verify", "bold"),),)))
        items.append(Item((_row(row, draft, picture, at, width),), row.row.task.ref))
    return tuple(items)


def _row(read: RowRead, draft: SheetDraft, picture: Picture, at: Cell | None, width: int) -> Spans:
    columns, title, rest = _layout(width)
    task = read.row.task
    state = STATES[picture.board.shown_state(task)]
    wrong = read.faults or any((task.id, column) in draft.refused for column in Column)
    typed = any((task.id, column) in draft.typed for column in Column)
    mark = WRONG if wrong else TYPED if typed else (state.glyph, state.ink)
    ink = "" if read.row.asked - {Column.NOTE} else "muted"
    spans: list[Span] = [
        (f"{mark[0]} ", mark[1]),
        (padded(one_line(task.ref, 20), _REF - 1) + " ", f"{ink} bold".strip()),
        (padded(one_line(task.title, 120), title - 1) + " ", ink),
    ]
    for column in (*columns, Column.NOTE):
        cells = rest if column is Column.NOTE else columns[column][1] - 1
        text, ink = _cell(read, column, draft, picture)
        if at == (task.id, column):
            text, ink = draft.text(at) or text.strip("_"), "reverse bold"
        spans.append((padded(text, cells), ink))
        if column is not Column.NOTE:
            spans.append((" ", ""))
    return tuple(spans)


def _cell(read: RowRead, column: Column, draft: SheetDraft, picture: Picture) -> Span:
    """What a cell shows, and its ink: what is known is dim, what is typed is bold, what is wrong stands as typed."""
    row, cell = read.row, (read.row.task.id, column)
    typed = draft.text(cell) if column in row.asked else ""
    if typed and (column in read.faults or cell in draft.refused):
        return typed, WRONG[1]
    if column in read.faults and column in row.asked:
        return "?", WRONG[1]
    if column in TIMES:
        if column in read.times:
            return show_time(read.times[column], picture.zone, day=False), "bold" if typed else "muted"
        return ("__:__" if column in row.asked else ""), "muted"
    if column is Column.OUTCOME:
        return _outcome(read, typed, picture)
    if column is Column.STEPS:
        return (typed, "bold") if typed else (_ticked(row, picture), "muted")
    if column is Column.WHO:
        return (one_line(read.who, 20), "bold" if typed else "muted") if column in row.asked else ("", "")
    return (one_line(typed, 200), "bold") if typed else ("___" if column in row.asked else "", "muted")


def _outcome(read: RowRead, typed: str, picture: Picture) -> Span:
    if read.verb is not None:
        word = next(word for word, verb in OUTCOMES.items() if verb == read.verb)
        return word, "bold" if typed else ""
    if read.row.task.kind_of_task is TaskKind.GATE:
        return "gate", "muted"
    return STATES[picture.board.shown_state(read.row.task)].word, "muted"


def _ticked(row: SheetRow, picture: Picture) -> str:
    steps = picture.board.steps(row.task.id)
    return f"{sum(step.ticked_at is not None for step in steps)}/{len(steps)}" if steps else ""


def cell_line(read: RowRead, column: Column, width: int) -> Spans:
    """What is asked for in a cell, and how it is written."""
    row = read.row
    asked = {
        Column.STARTED: "2240, 22:40, Sat 22:40, -10 (minutes ago), +15 (after the time above)",
        Column.FINISHED: "2315, 23:15, -10 (minutes ago), +35 (after its start)",
        Column.VERIFIED: f"by {one_line(row.verifier or 'nobody', 20)}: 2320, 23:20, +5 (after it was done)",
        Column.STEPS: f"{ALL}, or numbers: {', '.join(_steps(row))}",
        Column.OUTCOME: f"{', '.join(OUTCOMES)}: the first letter is enough",
        Column.WHO: f"handle, name or initials; empty is {one_line(row.who, 20)}",
        Column.NOTE: "the remark; of what failed, was skipped or is blocked, the reason",
    }
    spans: list[Span] = [(f" {one_line(row.task.ref, 20)} ", "bold"), (f"{column.value} ", "primary bold")]
    return (*spans, (padded(asked[column], max(0, width - width_of(spans))).rstrip(), "muted"))


def _steps(row: SheetRow) -> Iterator[str]:
    for step in row.steps:
        yield f"{step.position} {one_line(step.text, 40)}"


def understood_line(read: RowRead, column: Column, draft: SheetDraft, picture: Picture) -> Spans:
    """How a cell is understood, or what is wrong with it; else what is wrong elsewhere in its row."""
    refused = {one: draft.refused[cell] for one in Column if (cell := (read.row.task.id, one)) in draft.refused}
    faults = {**read.faults, **refused}
    if column in faults:
        return ((f" ✗ {one_line(faults[column], 300)}", "status-late bold"),)
    spans: list[Span] = []
    if column in TIMES and column in read.times and draft.text((read.row.task.id, column)):
        spans.append((f" = {_time_words(read, column, picture)}", ""))
    elif column is Column.WHO and draft.text((read.row.task.id, column)):
        spans.append((f" = {one_line(picture.board.name_called(read.who), 60)}", ""))
    if faults:
        where, fault = next(iter(faults.items()))
        spans.append((f" ✗ {where.value}: {one_line(fault, 200)}", "status-late bold"))
    return tuple(spans)


def _time_words(read: RowRead, column: Column, picture: Picture) -> str:
    at = read.times[column]
    said = [show_iso(at, picture.zone), *filter(None, [twice_words(at, picture)])]
    before = read.times.get(Column.FINISHED if column is Column.VERIFIED else Column.STARTED)
    if column is not Column.STARTED and before is not None:
        what = "it was done" if column is Column.VERIFIED else "its start"
        said.append(f"{show_duration(round((at - before).total_seconds()))} after {what}")
    elif column is Column.STARTED:
        said.append(f"{show_duration(max(0, round((picture.now - at).total_seconds())))} ago")
    run = picture.board.run
    if run is not None and at < run.started_at:
        said.append("before the run was started")
    return ", ".join(said)


def line_words(line: SheetLine, picture: Picture) -> str:
    """A line that is about to be recorded, in words."""
    ref = one_line(line.ref, 20)
    what = f"{ref}.{' .'.join(map(str, line.positions))}" if line.positions else ref
    at = "now" if line.at is None else show_iso(line.at, picture.zone)
    twice = "" if line.at is None else twice_words(line.at, picture).partition(";")[0]
    note = "" if line.note is None else f": {one_line(line.note, 120)}"
    said = f"{at:<20}  {line.verb:<8} {what:<12} {one_line(line.who or '', 20)}{note}"
    return f"{said} ({twice})" if twice else said
