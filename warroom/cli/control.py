"""`warroom control`."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import click

from warroom.actions import controls
from warroom.board.rows import Control, Document
from warroom.cli.command import C, Group, Invocation, with_doer, with_optional_reason, with_reason, with_run
from warroom.cli.control_import import import_files
from warroom.cli.control_text import HEADS, control_lines, rows_lines, rows_of_list
from warroom.cli.desk import Desk, acting, control_called, looking
from warroom.cli.output import columns, write, write_json
from warroom.cli.typed import figure
from warroom.rules.control_documents import control_document
from warroom.rules.controls import control_standing
from warroom.store.content import content_of
from warroom.vocabulary.words import ControlStanding, Disposition, Side


def with_part(command: C) -> C:
    """For which entity and currency, where the control leaves that open."""
    command = click.option("--currency", metavar="CODE", help="Of which currency, such as EUR.")(command)
    return click.option("--entity", metavar="KEY", help="Of which company, country or site.")(command)


def with_taking(command: C) -> C:
    """When and how a figure was taken."""
    options: tuple[Callable[[C], C], ...] = (
        click.option("--note", metavar="TEXT", help="Something to write down with it."),
        click.option("--evidence", metavar="TEXT", help="Where the proof is."),
        click.option("--as-of", metavar="TIME", help="The moment whose value it is. Default: that of the control."),
        click.option("--at", metavar="TIME", help="When it was really taken, if not now."),
    )
    for option in options:
        command = option(command)
    return command


@click.group(cls=Group)
def control() -> None:
    """Show control totals, enter, compare and sign them."""


@control.command("list")
@click.option(
    "--standing",
    type=click.Choice([standing.value for standing in ControlStanding]),
    help="Only those that stand so.",
)
@with_run
@click.pass_obj
def list_controls(invocation: Invocation, standing: str | None, run: str | None) -> None:
    """List the controls, in the order of the runbook, with how each stands."""
    with looking(invocation, run) as desk:
        board = desk.board
        found = [(one, control_standing(board, one)) for one in board.controls]
        found = [(one, how) for one, how in found if standing in (None, how.standing.value)]
        if invocation.as_json:
            write_json([control_document(board, one) for one, _ in found])
        elif found:
            write(columns((row for one, how in found for row in rows_of_list(board, one, how)), HEADS))
        else:
            write("no controls")


@control.command()
@click.argument("key")
@click.option("--rows", is_flag=True, help="Also the rows that differ, of each part's last round.")
@click.option("--limit", type=click.IntRange(min=1), default=50, metavar="N", help="At most so many. Default: 50.")
@with_run
@click.pass_obj
def show(invocation: Invocation, key: str, rows: bool, limit: int, run: str | None) -> None:
    """Show a control with its parts, all rounds, and the rows that differ."""
    with looking(invocation, run) as desk:
        one = control_called(desk.board, key)
        told = _rows(desk, one) if rows else []
        if invocation.as_json:
            document = control_document(desk.board, one)
            write_json(document | {"differences": told} if rows else document)
            return
        write("\n".join(control_lines(desk.board, one)))
        for document in told:
            write()
            write("\n".join(rows_lines(document, limit)))


# A number may begin with "-", which is then no option.
@control.command(context_settings={"ignore_unknown_options": True})
@click.argument("key")
@click.argument("number", metavar="NUMBER")
@click.option("--side", type=click.Choice([side.value for side in Side]), required=True, help="Of which system.")
@with_part
@with_taking
@click.option("--correct", is_flag=True, help="What was entered was wrong; needs a --reason.")
@with_optional_reason
@with_doer
@click.pass_obj
def record(
    invocation: Invocation,
    key: str,
    number: str,
    side: str,
    entity: str | None,
    currency: str | None,
    at: str | None,
    as_of: str | None,
    evidence: str | None,
    note: str | None,
    correct: bool,
    reason: str | None,
    done_by: str | None,
) -> None:
    """Enter what one system shows. The legacy side is frozen with that; another person enters the new side later.

    \b
    warroom control record tb --side legacy 1204331.07 --evidence "TB print of 18:00, page 4"
    warroom control record tb --side new -- -1204331.07
    warroom control record tb --side new 1204313.07 --correct --reason "two digits swapped"
    """
    value = figure(number)
    with acting(invocation, done_by) as desk:
        desk.tell(
            controls.record(
                desk.state_file,
                desk.caller,
                key,
                side=Side(side),
                value=value,
                entity=entity,
                currency=currency,
                as_of=desk.past(as_of),
                evidence=evidence,
                note=note,
                correct=correct,
                reason=reason,
                at=desk.past(at),
            )
        )


@control.command()
@click.argument("key")
@click.argument("disposition", type=click.Choice([disposition.value for disposition in Disposition]))
@with_part
@with_reason
@with_doer
@click.pass_obj
def dispose(
    invocation: Invocation,
    key: str,
    disposition: str,
    entity: str | None,
    currency: str | None,
    reason: str,
    done_by: str | None,
) -> None:
    """Say what is done about a difference beyond its tolerance: accept it, fix it, or load again.

    \b
    warroom control dispose ar accept --reason "0.02 of rounding, booked to 6990 by Olga"
    """
    with acting(invocation, done_by) as desk:
        desk.tell(
            controls.dispose(
                desk.state_file,
                desk.caller,
                key,
                disposition=Disposition(disposition),
                reason=reason,
                entity=entity,
                currency=currency,
            )
        )


@control.command()
@click.argument("key")
@with_part
@click.option("--note", metavar="TEXT", help="Something to write down with it.")
@click.pass_obj
def sign(invocation: Invocation, key: str, entity: str | None, currency: str | None, note: str | None) -> None:
    """Sign a control that ties out: all of it, or one entity or currency. Whoever loaded the data or entered the new
    side cannot."""
    with acting(invocation) as desk:
        desk.tell(controls.sign(desk.state_file, desk.caller, key, entity=entity, currency=currency, note=note))


@control.command()
@click.argument("key")
@with_part
@click.option("--legacy", is_flag=True, help="The frozen legacy side is taken anew too.")
@with_reason
@with_doer
@click.pass_obj
def reopen(
    invocation: Invocation,
    key: str,
    entity: str | None,
    currency: str | None,
    legacy: bool,
    reason: str,
    done_by: str | None,
) -> None:
    """Open the next round of a control, signed or not; the rounds before stay as they are."""
    with acting(invocation, done_by) as desk:
        desk.tell(
            controls.reopen(
                desk.state_file, desk.caller, key, reason=reason, legacy=legacy, entity=entity, currency=currency
            )
        )


control.add_command(import_files)


def _rows(desk: Desk, one: Control) -> list[dict[str, Any]]:
    """What was kept of the rows that differ, of the last round of each part."""
    board = desk.board
    keys = [part.round.rows_document_id for part in control_standing(board, one).parts if part.round is not None]
    documents = [board.rows(Document)[key] for key in keys if key is not None]
    return [json.loads(content_of(desk.state_file, document.sha256)) for document in documents]
