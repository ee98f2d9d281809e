"""`warroom runbook`."""

from __future__ import annotations

import click

from warroom.board.forecast import forecast
from warroom.board.from_runbook import bare_board
from warroom.board.impossible import impossible_hours
from warroom.cli.command import Group, Invocation
from warroom.cli.desk import plan_start
from warroom.cli.output import write, write_json
from warroom.runbook.reader import read_runbook
from warroom.runbook.schema import json_schema
from warroom.vocabulary.errors import BadInput
from warroom.vocabulary.text import one_line


@click.group(cls=Group)
def runbook() -> None:
    """Check a runbook file."""


@runbook.command()
@click.argument("file", metavar="FILE")
@click.pass_obj
def check(invocation: Invocation, file: str) -> None:
    """Say everything that is wrong in a runbook, as file:line:column; else what its calendars leave no time for.
    Nothing is written.

    Exit code 0 if nothing is wrong, 2 otherwise.
    """
    document = read_runbook(file)
    board = bare_board(document)
    impossible = impossible_hours(board, forecast(board, plan_start(board)))
    if impossible:
        told = "; ".join(f"{ref}: {message}" for ref, message in impossible.items())
        raise BadInput(one_line(told, 2000), where=file, hint="change a calendar, an absence or the owner")
    counts = {
        "tasks": len(document.tasks),
        "gates": len(document.gates),
        "backout_tasks": len(document.rollback.tasks),
        "controls": len(document.controls),
        "people": len(document.people),
    }
    if invocation.as_json:
        write_json({"file": file, "faults": [], **counts})
        return
    told = ", ".join(f"{name.replace('_', ' ')}: {count}" for name, count in counts.items())
    write(f"{one_line(file)}: nothing is wrong ({told})")


@runbook.command()
def schema() -> None:
    """Print the JSON Schema of runbook files, for editors."""
    write_json(json_schema())
