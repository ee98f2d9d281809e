"""`warroom task reopen|rerun|settle|correct`: when what was done does not hold."""

from __future__ import annotations

import click

from warroom.actions import attempts
from warroom.cli.command import Command, Invocation, with_doer, with_reason
from warroom.cli.desk import acting


@click.command(cls=Command)
@click.argument("ref")
@with_reason
@with_doer
@click.pass_obj
def reopen(invocation: Invocation, ref: str, reason: str, done_by: str | None) -> None:
    """Say that a finished task is not finished after all; what was started behind it since becomes stale.

    \b
    warroom task reopen BC-24 --reason "two files are missing"
    """
    with acting(invocation, done_by) as desk:
        desk.tell(attempts.reopen(desk.state_file, desk.caller, ref, reason=reason))


@click.command(cls=Command)
@click.argument("ref")
@with_reason
@click.option("--from-here", is_flag=True, help="Also every task that rests on it; gates stay decided.")
@with_doer
@click.pass_obj
def rerun(invocation: Invocation, ref: str, reason: str, from_here: bool, done_by: str | None) -> None:
    """Do a task again that is done, has failed or became stale: open its next attempt. What rests on the old one
    becomes stale, until somebody settles it or it is re-run too.

    \b
    warroom task rerun BC-24 --reason "loaded the wrong extract"
    warroom task rerun BC-24 --reason "loaded the wrong extract" --from-here
    """
    with acting(invocation, done_by) as desk:
        desk.tell(attempts.rerun(desk.state_file, desk.caller, ref, reason=reason, from_here=from_here))


@click.command(cls=Command)
@click.argument("ref")
@with_reason
@with_doer
@click.pass_obj
def settle(invocation: Invocation, ref: str, reason: str, done_by: str | None) -> None:
    """Say that a stale task or gate still holds, and why.

    \b
    warroom task settle BC-31 --reason "customers only, the items are not in it"
    """
    with acting(invocation, done_by) as desk:
        desk.tell(attempts.settle(desk.state_file, desk.caller, ref, reason=reason))


@click.command(cls=Command)
@click.argument("ref")
@click.option("--start", metavar="TIME", help="When it really started.")
@click.option("--executed", metavar="TIME", help="When it was really executed, if somebody else verified it later.")
@click.option("--finish", metavar="TIME", help="When it was really finished.")
@with_reason
@with_doer
@click.pass_obj
def correct(
    invocation: Invocation,
    ref: str,
    start: str | None,
    executed: str | None,
    finish: str | None,
    reason: str,
    done_by: str | None,
) -> None:
    """Correct actual times of a task; the journal keeps both values.

    \b
    warroom task correct BC-24 --start 02:10 --reason "by the job log"
    """
    with acting(invocation, done_by) as desk:
        desk.tell(
            attempts.correct(
                desk.state_file,
                desk.caller,
                ref,
                start=desk.past(start),
                executed=desk.past(executed),
                finish=desk.past(finish),
                reason=reason,
            )
        )
