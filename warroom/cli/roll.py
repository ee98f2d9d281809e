"""`warroom roll`: roll-calls."""

from __future__ import annotations

import click

from warroom.actions import roll_calls
from warroom.board.night import last_roll_call, roll_document
from warroom.cli.command import Group, Invocation, with_doer, with_run
from warroom.cli.desk import acting, looking
from warroom.cli.output import columns, write, write_json
from warroom.cli.sentences import clock_time
from warroom.clock.times import parse_iso_utc
from warroom.vocabulary.text import one_line


@click.group(cls=Group)
def roll() -> None:
    """Ask everybody whether they are there."""


@roll.command()
@click.argument("title", required=False)
@with_doer
@click.pass_obj
def call(invocation: Invocation, title: str | None, done_by: str | None) -> None:
    """Call the roll; nobody has answered it yet.

    \b
    warroom roll call "before the freeze"
    """
    with acting(invocation, done_by) as desk:
        desk.tell(roll_calls.call(desk.state_file, desk.caller, title=title))


@roll.command()
@click.argument("who", metavar="HANDLE")
@click.option("--missing", is_flag=True, help="Take the tick away again.")
@with_doer
@click.pass_obj
def answer(invocation: Invocation, who: str, missing: bool, done_by: str | None) -> None:
    """Tick who answers."""
    with acting(invocation, done_by) as desk:
        do = roll_calls.miss if missing else roll_calls.answer
        desk.tell(do(desk.state_file, desk.caller, who))


@roll.command()
@with_run
@click.pass_obj
def show(invocation: Invocation, run: str | None) -> None:
    """Show the last roll-call, those who have not answered first."""
    with looking(invocation, run) as desk:
        board = desk.board
        last = last_roll_call(board)
        document = None if last is None else roll_document(board, last)
        if invocation.as_json:
            write_json(document)
        elif document is None:
            write("no roll was called")
        else:
            people = sorted(document["people"], key=lambda one: one["answered_at"] is not None)
            rows = [
                (
                    "missing" if one["answered_at"] is None else clock_time(board, parse_iso_utc(one["answered_at"])),
                    one["handle"],
                    one_line(one["name"]),
                    one_line(one["phone"] or ""),
                )
                for one in people
            ]
            write(columns(rows, ("ANSWERED", "HANDLE", "NAME", "PHONE")))
