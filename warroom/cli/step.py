"""`warroom step`."""

from __future__ import annotations

import click

from warroom.actions import steps
from warroom.cli import typed
from warroom.cli.command import Group, Invocation, with_doer
from warroom.cli.desk import acting


@click.group(cls=Group)
def step() -> None:
    """Tick the steps of a task.

    REF.N is the N-th step of the task REF; the verification steps count on after the steps.
    """


@step.command()
@click.argument("named", metavar="REF.N...", nargs=-1, required=True)
@click.option("--evidence", metavar="TEXT", help="What shows that it was done.")
@with_doer
@click.pass_obj
def tick(invocation: Invocation, named: tuple[str, ...], evidence: str | None, done_by: str | None) -> None:
    """Tick one or more steps of a running task.

    \b
    warroom step tick BC-24.1 BC-24.2
    warroom step tick BC-24.3 --evidence "error count 0, screenshot in the ticket"
    """
    ref, positions = typed.steps(named)
    with acting(invocation, done_by) as desk:
        desk.tell(steps.tick(desk.state_file, desk.caller, ref, positions=positions, evidence=evidence))


@step.command()
@click.argument("named", metavar="REF.N...", nargs=-1, required=True)
@with_doer
@click.pass_obj
def untick(invocation: Invocation, named: tuple[str, ...], done_by: str | None) -> None:
    """Take ticks back. The journal keeps them."""
    ref, positions = typed.steps(named)
    with acting(invocation, done_by) as desk:
        desk.tell(steps.untick(desk.state_file, desk.caller, ref, positions=positions))
