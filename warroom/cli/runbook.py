"""`warroom runbook`."""

from __future__ import annotations

import click

from warroom.cli.command import Group, Invocation
from warroom.cli.output import write, write_json
from warroom.cli.runbook_changes import apply_file, diff
from warroom.runbook.reader import read_runbook
from warroom.runbook.schema import json_schema
from warroom.vocabulary.text import one_line


@click.group(cls=Group)
def runbook() -> None:
    """Check runbook files, compare them, and change a loaded plan by one."""


@runbook.command()
@click.argument("file", metavar="FILE")
@click.pass_obj
def check(invocation: Invocation, file: str) -> None:
    """Say everything that is wrong in a runbook, as file:line:column. Nothing is written.

    Exit code 0 if nothing is wrong, 2 otherwise.
    """
    document = read_runbook(file)
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


runbook.add_command(diff)
runbook.add_command(apply_file)
