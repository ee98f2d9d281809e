"""`warroom shout`."""

from __future__ import annotations

import click

from warroom.actions import shouts
from warroom.cli.command import Command, Invocation
from warroom.cli.desk import acting


@click.command(cls=Command)
@click.argument("text")
@click.option("--to", metavar="HANDLE", help="The one person whom it is for.")
@click.option("--stream", metavar="KEY", help="Those of a stream: its lead, and whoever has an open task there.")
@click.option("--bridge", is_flag=True, help="Call them to the runbook's bridge.")
@click.pass_obj
def shout(invocation: Invocation, text: str, to: str | None, stream: str | None, bridge: bool) -> None:
    """Show a line, with a bell, in the open consoles of those whom it is for: everybody, unless said otherwise.

    \b
    warroom shout "The bank file is here"
    warroom shout "Gate B in ten minutes" --stream finance --bridge
    """
    with acting(invocation) as desk:
        desk.tell(shouts.shout(desk.state_file, desk.caller, text, to=to, stream=stream, bridge=bridge))
