"""Run sheets as one HTML page that prints well: each owner's begins on a page of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

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

_STYLE = """\
@page { size: A4; margin: 15mm; }
body { font: 11pt/1.35 sans-serif; color: #000; background: #fff; max-width: 190mm; margin: 0 auto; }
section { break-after: page; }
section:last-child { break-after: auto; }
h1 { font-size: 17pt; margin: 0 0 2mm; }
h2 { font-size: 12.5pt; margin: 0 0 1mm; }
article { border: 0.3mm solid #000; padding: 2.5mm; margin: 3mm 0; break-inside: avoid; }
p { margin: 0 0 1mm; }
.text { white-space: pre-wrap; overflow-wrap: anywhere;
  border-left: 0.6mm solid #888; padding-left: 2mm; margin: 1mm 0; }
ul { list-style: none; padding: 0; margin: 1mm 0; }
li::before { content: "\\2610\\00a0"; }
li.ticked::before { content: "\\2611\\00a0"; }
.fill { display: flex; gap: 6mm; margin-top: 3mm; }
.fill span { flex: 1; border-bottom: 0.3mm solid #000; padding-bottom: 1mm; min-height: 6mm; }
.fill i { font-style: normal; margin-right: 1mm; }
.fill i::before { content: "\\2610\\00a0"; }
footer { font-size: 9pt; margin-top: 4mm; }
"""


def html_sheets(board: Board, forecast: Forecast, sheets: Sequence[RunSheet]) -> str:
    """A whole page. It loads nothing from anywhere and runs nothing; texts that people typed are text in it."""
    title = escape(one_line(f"Run sheets: {board.programme.name}"))
    body = "\n".join(line for sheet in sheets for line in _sheet(board, forecast, sheet))
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f"<title>{title}</title>\n<style>\n{_STYLE}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def _sheet(board: Board, forecast: Forecast, sheet: RunSheet) -> Iterator[str]:
    yield "<section>"
    yield f"<h1>{escape(sheet_title(sheet))}</h1>"
    yield from (f"<p>{escape(line)}</p>" for line in head_lines(board, forecast))
    for one in sheet.own:
        yield from _task(board, one)
    if sheet.to_verify:
        yield "<h2>To verify</h2>"
        for one in sheet.to_verify:
            yield f"<article><h2>{_name(one)}</h2><p>{escape(fact_line(board, one))}</p>"
            yield from _steps(one, (StepKind.VERIFICATION,))
            yield from _fill((VERIFIED,), otherwise=False)
            yield "</article>"
    yield f"<footer>{escape(ENTRY)}</footer>"
    yield "</section>"


def _task(board: Board, one: SheetTask) -> Iterator[str]:
    yield f"<article><h2>{_name(one)}</h2>"
    yield from (f"<p>{escape(line)}</p>" for line in (fact_line(board, one), *waiting_lines(one)))
    for title, text in (("", one.task.instructions), ("If it must be undone: ", one.task.undo)):
        if text:
            yield f'<div class="text">{escape(many_lines(title + text).rstrip())}</div>'
    yield from _steps(one, (StepKind.STEP, StepKind.VERIFICATION))
    yield from _fill(filled(one), otherwise=one.task.kind_of_task is not TaskKind.GATE)
    yield "</article>"


def _name(one: SheetTask) -> str:
    return escape(one_line(f"{one.task.ref} {one.task.title}"))


def _steps(one: SheetTask, kinds: Sequence[StepKind]) -> Iterator[str]:
    steps = [step for step in one.steps if step.kind_of_step in kinds]
    if not steps:
        return
    yield "<ul>"
    for step in steps:
        ticked = ' class="ticked"' if step.ticked_at is not None else ""
        checked = "verify: " if step.kind_of_step is StepKind.VERIFICATION else ""
        yield f"<li{ticked}>{escape(one_line(f'{one.task.ref}.{step.position} {checked}{step.text}', 1000))}</li>"
    yield "</ul>"


def _fill(words: Sequence[str], *, otherwise: bool) -> Iterator[str]:
    """What is left blank: times and a name; how it ended otherwise, and a note."""
    yield f'<div class="fill">{"".join(f"<span>{escape(word)}</span>" for word in (*words, BY))}</div>'
    boxes = " ".join(f"<i>{escape(word)}</i>" for word in OTHERWISE)
    ended = f"<span>or {boxes} at</span>" if otherwise else ""
    yield f'<div class="fill">{ended}<span>note</span></div>'
