"""Run sheets as Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from warroom.board.board import Board
from warroom.board.forecast import Forecast
from warroom.board.run_sheets import RunSheet, SheetTask
from warroom.cli.sheet_parts import (
    BY,
    ENTRY,
    OTHERWISE,
    VERIFIED,
    fact_line,
    filled,
    head_lines,
    sheet_title,
    waiting_lines,
)
from warroom.vocabulary.text import many_lines, one_line
from warroom.vocabulary.words import StepKind, TaskKind

_TIME, _WORD, _WORDS = r"\_\_:\_\_", r"\_" * 8, r"\_" * 20
"""What is left blank for a time, a name and a note."""

_SIGNS = re.compile(r"([\\`*_\[\]|~#])|^([-+>]|[0-9]+(?=[.)]))")


def markdown_sheets(board: Board, forecast: Forecast, sheets: Sequence[RunSheet]) -> str:
    """The sheets below each other. Texts that people typed stand in it as they are, and as nothing else; instructions
    keep their Markdown, without HTML."""
    return "\n".join(line for sheet in sheets for line in _sheet(board, forecast, sheet)) + "\n"


def _sheet(board: Board, forecast: Forecast, sheet: RunSheet) -> Iterator[str]:
    yield f"# Run sheet: {escaped(sheet_title(sheet))}"
    yield ""
    for line in head_lines(board, forecast):
        yield f"{escaped(line)}  "
    yield ""
    for one in sheet.own:
        yield from _task(board, one)
    if sheet.to_verify:
        yield "## To verify"
        yield ""
        for one in sheet.to_verify:
            yield f"- [ ] **{escaped(one.task.ref)} {escaped(one.task.title)}**, {escaped(fact_line(board, one))}"
            yield from (f"  {line}" for line in _steps(one, StepKind.VERIFICATION))
            yield ""
            yield f"  {VERIFIED} {_TIME} · {BY} {_WORD} · note {_WORDS}"
            yield ""
    yield f"{escaped(ENTRY)}"
    yield ""
    yield "---"
    yield ""


def _task(board: Board, one: SheetTask) -> Iterator[str]:
    yield f"## {escaped(one.task.ref)} {escaped(one.task.title)}"
    yield ""
    yield escaped(fact_line(board, one)) + "  "
    for line in waiting_lines(one):
        yield escaped(line) + "  "
    yield ""
    for title, text in (("", one.task.instructions), ("If it must be undone: ", one.task.undo)):
        if text:
            lines = many_lines(title + text).rstrip("\n").split("\n")
            yield from (f"> {line.replace('&', '&amp;').replace('<', '&lt;')}".rstrip() for line in lines)
            yield ""
    steps = [*_steps(one, StepKind.STEP), *_steps(one, StepKind.VERIFICATION)]
    yield from steps
    if steps:
        yield ""
    yield " · ".join((*(f"{word} {_TIME}" for word in filled(one)), f"{BY} {_WORD}"))
    yield ""
    if one.task.kind_of_task is not TaskKind.GATE:
        yield f"or {' '.join(f'[ ] {word}' for word in OTHERWISE)} at {_TIME}"
        yield ""
    yield f"note {_WORDS}"
    yield ""


def _steps(one: SheetTask, kind: StepKind) -> Iterator[str]:
    for step in one.steps:
        if step.kind_of_step is kind:
            box = "x" if step.ticked_at is not None else " "
            checked = "verify: " if kind is StepKind.VERIFICATION else ""
            yield f"- [{box}] {escaped(f'{one.task.ref}.{step.position}')} {checked}{escaped(one_line(step.text))}"


def escaped(text: str) -> str:
    """`text` on one line, as Markdown that shows it as it is."""
    return _SIGNS.sub(r"\\\g<0>", one_line(text, 1000)).replace("&", "&amp;").replace("<", "&lt;")
