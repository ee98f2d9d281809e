"""Reading a run sheet that was typed off paper: one line for each thing that was done."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator, Sequence
from io import StringIO
from pathlib import Path

from warroom.actions.sheet import VERBS
from warroom.cli import typed
from warroom.cli.desk import Desk
from warroom.vocabulary.errors import BadInput, BadSheet, Fault
from warroom.vocabulary.sheet import COLUMNS, SheetLine

_MOST_LINES = 10_000


def read_text(name: str) -> str:
    """The text of the file `name`, or of standard input for "-".

    Raises:
        BadInput: it cannot be read, or is no UTF-8 text.
    """
    try:
        data = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        raise BadInput(f"the run sheet cannot be read: {error.strerror}", where=name) from None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput("the run sheet is no UTF-8 text", where=f"{name}, byte {error.start}") from None


def read_sheet(text: str, name: str, desk: Desk, *, separator: str | None = None) -> list[SheetLine]:
    """The lines of a run sheet. Columns are separated by `separator`, or else by commas or, where the first line has
    more of them, semicolons or tabs; a line of their names may come first and then says their order. Empty lines and
    those that begin with # are passed over.

    Raises:
        BadSheet: lines that cannot be read, all of them. BadInput: there are none.
    """
    lines: list[SheetLine] = []
    faults: list[Fault] = []
    order: Sequence[str] = COLUMNS
    begun = False
    for number, cells in _rows(text, name, separator):
        if not begun:
            begun = True
            names = [cell.lower() for cell in cells]
            if "ref" in names and "verb" in names:
                order = names
                faults += [
                    Fault(name, number, 1, f"there is no column {column!r}", f"the columns are {', '.join(COLUMNS)}")
                    for column in names
                    if column not in COLUMNS
                ]
                continue
        try:
            lines.append(_line(number, dict(zip(order, cells, strict=False)), desk, extra=cells[len(order) :]))
        except BadInput as error:
            faults.append(Fault(name, number, 1, error.message, error.hint))
    if faults:
        raise BadSheet(faults)
    if not lines:
        raise BadInput("the run sheet is empty", where=name, hint="write lines like: BC-24,done,dario,02:40,412 rows")
    return lines


def _rows(text: str, name: str, separator: str | None) -> Iterator[tuple[int, list[str]]]:
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = separator or max(",;\t", key=first.count)
    rows = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for count, row in enumerate(rows, start=1):
            cells = [cell.strip() for cell in row]
            if count > _MOST_LINES:
                raise BadInput(f"a run sheet has at most {_MOST_LINES:,} lines", where=name, hint="record it in parts")
            if any(cells) and not cells[0].startswith("#"):
                yield rows.line_num, cells
    except csv.Error as error:
        raise BadSheet([Fault(name, rows.line_num, 1, f"this line cannot be read: {error}", None)]) from None


def _line(number: int, cells: dict[str, str], desk: Desk, *, extra: list[str]) -> SheetLine:
    if any(extra):
        raise BadInput("this line has more cells than there are columns", hint='put a text with commas into "quotes"')
    ref, verb = cells.get("ref", ""), cells.get("verb", "").lower()
    if verb not in VERBS:
        raise BadInput(f"{verb[:80]!r} is not a verb of a run sheet", hint=f"the verbs are {', '.join(VERBS)}")
    positions: list[int] = []
    if verb == "tick":
        ref, positions = typed.steps(ref.split())
    if not ref:
        raise BadInput("the ref is missing", hint="such as BC-24, or BC-24.2 for a step")
    return SheetLine(
        number,
        ref,
        verb,
        cells.get("who") or None,
        desk.past(cells.get("time") or None),
        cells.get("note") or None,
        tuple(positions),
    )
