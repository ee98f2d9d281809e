"""`warroom undo`."""

from __future__ import annotations

import click

from warroom.actions.undo import undo as take_back
from warroom.cli.command import Command, Invocation, with_optional_reason
from warroom.cli.desk import acting


@click.command(cls=Command)
@with_optional_reason
@click.option("--entry", type=click.IntRange(min=1), metavar="SEQ", help="Only if it is that entry of the journal.")
@click.pass_obj
def undo(invocation: Invocation, reason: str | None, entry: int | None) -> None:
    """Take back your own last action in the open run, if nobody has built on it. Again takes back the one before.

    The journal keeps both. Decisions on gates, runs and changes of the plan are never taken back.

    \b
    warroom undo
    warroom undo --reason "wrong task"
    """
    with acting(invocation) as desk:
        desk.tell(take_back(desk.state_file, desk.caller, entry=entry, reason=reason))
