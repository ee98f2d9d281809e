"""`warroom runbook export`: run sheets to print, one for each owner."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

import click

from warroom.board.board import Board
from warroom.board.forecast import Forecast, forecast
from warroom.board.from_runbook import bare_board
from warroom.board.run_sheets import RunSheet, run_sheets
from warroom.cli.command import Command, Invocation, with_run
from warroom.cli.desk import looking, plan_start
from warroom.cli.identity import insist_on_person
from warroom.cli.output import narrate, write_new_file
from warroom.cli.sheet_html import html_sheets
from warroom.cli.sheet_markdown import markdown_sheets
from warroom.runbook.reader import read_runbook
from warroom.vocabulary.errors import BadInput

_Print = Callable[[Board, Forecast, Sequence[RunSheet]], str]

_FORMATS: Mapping[str, _Print] = MappingProxyType({"md": markdown_sheets, "html": html_sheets})


@click.command(cls=Command)
@click.argument("file", metavar="[FILE]", required=False)
@click.option("--format", "kind", required=True, type=click.Choice(tuple(_FORMATS)), help="Markdown, or HTML to print.")
@click.option("--owner", metavar="HANDLE", help="Only the sheet of one person.")
@click.option("-o", "--out", metavar="FILE", help="Write it there; an existing file is never overwritten.")
@with_run
@click.pass_obj
def export(
    invocation: Invocation, file: str | None, kind: str, owner: str | None, out: str | None, run: str | None
) -> None:
    """Write run sheets: what each owner has to do, to print and to fill in by hand.

    Of a runbook FILE; without one, of the run or the plan in the state file as it stands now. What was written on them
    is recorded afterwards with: warroom task record.

    \b
    warroom runbook export --format html -o sheets.html
    warroom runbook export cutover.yaml --format md --owner dario
    """
    if file is not None:
        if invocation.db is not None or run is not None:
            raise BadInput("sheets are of a runbook or of a state file", hint="leave out FILE, or --db and --run")
        board = bare_board(read_runbook(file))
        _write(_printed(board, forecast(board, plan_start(board)), kind, owner), out)
        return
    with looking(invocation, run) as desk:
        text = _printed(desk.board, desk.forecast(), kind, owner)
    _write(text, out)


def _printed(board: Board, expected: Forecast, kind: str, owner: str | None) -> str:
    if owner is not None:
        insist_on_person(board, owner)
    sheets = [
        sheet
        for sheet in run_sheets(board, expected)
        if owner is None or (sheet.owner is not None and sheet.owner.handle == owner)
    ]
    if not sheets:
        whose = "" if owner is None else f" for {owner}"
        raise BadInput(f"nothing is open{whose}, so there is no run sheet", hint="see: warroom task list")
    return _FORMATS[kind](board, expected, sheets)


def _write(text: str, out: str | None) -> None:
    if out is None:
        click.echo(text, nl=False)
        return
    write_new_file(Path(out), text, "the run sheets")
    narrate(f"{out} is there; print it, and record it afterwards: warroom task record FILE --by paper")
