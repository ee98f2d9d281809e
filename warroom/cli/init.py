"""`warroom init`."""

from __future__ import annotations

from pathlib import Path

import click

from warroom.actions import plan
from warroom.board.documents import entry_document
from warroom.cli import identity
from warroom.cli.command import Command, Invocation
from warroom.cli.desk import path_of
from warroom.cli.output import narrate, write_json
from warroom.runbook.reader import read_runbook


@click.command(cls=Command)
@click.argument("runbook", metavar="RUNBOOK")
@click.pass_obj
def init(invocation: Invocation, runbook: str) -> None:
    """Create a state file from a runbook.

    The runbook is checked first; if anything is wrong in it, everything that is wrong is told and nothing is written.

    \b
    warroom init cutover.yaml
    warroom init cutover.yaml --db cutover.db --as ana
    """
    path = path_of(invocation)
    document = read_runbook(runbook)
    handle = identity.claimed_handle(invocation.handle)
    entry = plan.init(path, document, name=Path(runbook).name, handle=handle, login=identity.login_name())
    if invocation.as_json:
        write_json(entry_document(entry, {}))
        return
    count = len(document.tasks) + len(document.gates)
    narrate(f"{path} holds {document.programme.name}: {count} tasks and gates, {len(document.people)} people")
    narrate('next: warroom run start --rehearsal "mock 1"')
