"""`warroom rollback`: the way back."""

from __future__ import annotations

import click

from warroom.actions import backout
from warroom.cli import typed
from warroom.cli.command import Group, Invocation, with_doer, with_reason, with_run
from warroom.cli.desk import acting, looking
from warroom.cli.output import write, write_json
from warroom.cli.rollback_text import rollback_lines
from warroom.rules.backout_documents import rollback_document
from warroom.vocabulary.errors import BadInput
from warroom.vocabulary.journal import Entry


@click.group(cls=Group)
def rollback() -> None:
    """Show the way back, call on its triggers, back out, recover."""


@rollback.command()
@with_run
@click.pass_obj
def status(invocation: Invocation, run: str | None) -> None:
    """Latest safe decision, what would be undone, triggers, time-box, ways to recover."""
    with looking(invocation, run) as desk:
        asked = (desk.board, desk.forecast(), desk.now, desk.wall, desk.confidence_for_triggers())
        if invocation.as_json:
            write_json(rollback_document(*asked))
        else:
            write("\n".join(rollback_lines(*asked)))


@rollback.command()
@click.argument("number", type=int, metavar="N")
@click.argument("what", type=click.Choice(["raise", "withdraw", "start-clock", "stop-clock"]))
@with_reason
@click.option("--measured", metavar="TEXT", help="What was measured, with raise.")
@click.option("--at", metavar="TIME", help="Since when it is so, with raise and start-clock.")
@with_doer
@click.pass_obj
def trigger(
    invocation: Invocation,
    number: int,
    what: str,
    reason: str,
    measured: str | None,
    at: str | None,
    done_by: str | None,
) -> None:
    """Say that trigger N is reached, or run its clock.

    \b
    warroom rollback trigger 2 raise --reason "second pass failed" --measured "1,204 rejects, 1.4 %"
    warroom rollback trigger 3 start-clock --reason "no order ships" --at 14:10
    warroom rollback trigger 3 stop-clock --reason "orders ship again"
    """
    if measured is not None and what != "raise":
        raise BadInput("--measured goes with raise", hint=f"leave it out of {what}")
    if at is not None and what not in ("raise", "start-clock"):
        raise BadInput("--at goes with raise and start-clock", hint=f"leave it out of {what}")
    with acting(invocation, done_by) as desk:
        state_file, caller = desk.state_file, desk.caller
        entry: Entry
        match what:
            case "raise":
                entry = backout.raise_trigger(
                    state_file, caller, number, reason=reason, measured=measured, at=desk.past(at)
                )
            case "start-clock":
                entry = backout.start_clock(state_file, caller, number, reason=reason, at=desk.past(at))
            case "withdraw":
                entry = backout.withdraw(state_file, caller, number, reason=reason)
            case _:
                entry = backout.stop_clock(state_file, caller, number, reason=reason)
        desk.tell(entry)


# A figure may begin with "-", which is then no option.
@rollback.command(context_settings={"ignore_unknown_options": True})
@click.argument("number", type=int, metavar="N")
@click.argument("value", metavar="FIGURE")
@click.option("--measured", metavar="TEXT", help="What shows it, and where it was read.")
@click.option("--at", metavar="TIME", help="When it was taken, if not now.")
@with_doer
@click.pass_obj
def measure(
    invocation: Invocation, number: int, value: str, measured: str | None, at: str | None, done_by: str | None
) -> None:
    """Record the figure of trigger N, which is a metric.

    \b
    warroom rollback measure 4 1.4 --measured "1,204 of 86,000 items rejected"
    """
    figure = typed.figure(value)
    with acting(invocation, done_by) as desk:
        taken = desk.past(at)
        desk.tell(backout.measure(desk.state_file, desk.caller, number, value=figure, measured=measured, at=taken))


@rollback.command()
@with_reason
@click.option("--from-trigger", "number", type=int, metavar="N", help="The trigger that called for it.")
@click.option("--witness", metavar="HANDLE", help="Who heard the decision, with --for.")
@with_doer
@click.pass_obj
def invoke(invocation: Invocation, reason: str, number: int | None, witness: str | None, done_by: str | None) -> None:
    """Back out. It cannot be taken back.

    The tasks of the back-out can be worked on from now on, and nothing more of the cutover is started.

    \b
    warroom rollback invoke --reason "stock cannot be loaded" --from-trigger 2
    warroom rollback invoke --reason "stock cannot be loaded" --for helene --by voice --witness ana
    """
    with acting(invocation, done_by) as desk:
        desk.tell(backout.invoke(desk.state_file, desk.caller, reason=reason, trigger=number, witness=witness))


@rollback.command()
@click.argument("key")
@with_reason
@click.option("--witness", metavar="HANDLE", help="Who heard the decision, with --for.")
@with_doer
@click.pass_obj
def recover(invocation: Invocation, key: str, reason: str, witness: str | None, done_by: str | None) -> None:
    """After the point of no return, choose a way to recover; several may be chosen.

    \b
    warroom rollback recover fix-forward --reason "two documents are wrong, both can be corrected"
    """
    with acting(invocation, done_by) as desk:
        desk.tell(backout.recover(desk.state_file, desk.caller, key, reason=reason, witness=witness))
