"""`warroom runbook`."""

from __future__ import annotations

from pathlib import Path

import click

from warroom.cli.command import Group, Invocation
from warroom.cli.output import columns, narrate, write, write_json, write_new_file
from warroom.cli.runbook_changes import apply_file, diff
from warroom.cli.runbook_check import rehearsals, rules_document, verdict_document, verdict_lines
from warroom.cli.runbook_export import export
from warroom.clock.source import SystemClock
from warroom.lint.lint import lint
from warroom.lint.registry import RULES
from warroom.lint.rule import Weight
from warroom.runbook.reader import read_runbook
from warroom.runbook.schema import json_schema
from warroom.runbook.starter import PLATFORMS, starter
from warroom.vocabulary.errors import BadInput

_WRONG = 2
"""Exit code of a runbook with errors, or with --strict with warnings."""


@click.group(cls=Group)
def runbook() -> None:
    """Start, check and compare runbook files, and change a loaded plan by one."""


@runbook.command()
@click.option("--platform", required=True, type=click.Choice(PLATFORMS), help="What is being brought live.")
@click.option("-o", "--out", metavar="FILE", help="Write it there; an existing file is never overwritten.")
def new(platform: str, out: str | None) -> None:
    """Write a commented runbook to start from.

    \b
    warroom runbook new --platform d365-bc -o cutover.yaml
    """
    text = starter(platform, SystemClock().now())
    if out is None:
        click.echo(text, nl=False)
        return
    write_new_file(Path(out), text, "the runbook")
    narrate(f"{out} is there; next: warroom runbook check {out}")


@runbook.command()
@click.argument("file", metavar="FILE", required=False)
@click.option("--strict", is_flag=True, help="Warnings count as errors.")
@click.option("--rules", is_flag=True, help="List the planning faults that are looked for.")
@click.pass_context
def check(context: click.Context, file: str | None, strict: bool, rules: bool) -> None:
    """Say everything that is wrong in a runbook, as file:line:column. Nothing is written.

    Errors of the file are told first, all at once. If there are none, planning faults are looked for; with --db they
    are also compared with the rehearsals of that state file. A rule is silenced in the runbook, with a reason.

    Exit code 0 if there are no errors, 2 otherwise; with --strict, 2 on warnings too.

    \b
    warroom runbook check cutover.yaml --strict
    warroom runbook check cutover.yaml --db cutover.db
    warroom runbook check --rules
    """
    invocation = context.find_object(Invocation)
    assert invocation is not None
    if rules:
        if invocation.as_json:
            write_json(rules_document())
        else:
            write(columns((rule.name, rule.weight.value, rule.about) for rule in RULES))
        return
    if file is None:
        raise BadInput("which runbook?", hint="warroom runbook check FILE")
    document = read_runbook(file)
    verdict = lint(document, rehearsals(invocation))
    if invocation.as_json:
        write_json(verdict_document(file, document, verdict))
    else:
        for line in verdict_lines(file, document, verdict):
            write(line)
    if verdict.count(Weight.ERROR) or (strict and verdict.count(Weight.WARNING)):
        context.exit(_WRONG)


@runbook.command()
def schema() -> None:
    """Print the JSON Schema of runbook files, for editors."""
    write_json(json_schema())


runbook.add_command(diff)
runbook.add_command(apply_file)
runbook.add_command(export)
