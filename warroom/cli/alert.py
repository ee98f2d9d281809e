"""`warroom alert`."""

from __future__ import annotations

from collections.abc import Iterator

import click

from warroom.board.board import Board
from warroom.board.documents import alert_document
from warroom.board.rows import Alert
from warroom.cli.alert_sending import deliveries, sending, test
from warroom.cli.command import Group, Invocation, with_run
from warroom.cli.desk import looking
from warroom.cli.output import columns, write, write_json
from warroom.clock.durations import show_duration
from warroom.clock.times import show_time
from warroom.vocabulary.errors import BadInput
from warroom.vocabulary.text import one_line


@click.group(cls=Group)
def alert() -> None:
    """Show alerts."""


alert.add_command(deliveries)
alert.add_command(sending)
alert.add_command(test)


@alert.command("list")
@click.option("--open", "only_open", is_flag=True, help="Only those whose cause is not gone.")
@with_run
@click.pass_obj
def list_alerts(invocation: Invocation, only_open: bool, run: str | None) -> None:
    """List the alerts of a run, oldest first."""
    with looking(invocation, run) as desk:
        found = desk.board.open_alerts if only_open else desk.board.alerts
        if invocation.as_json:
            write_json([alert_document(alert) for alert in found])
        elif found:
            heads = ("ID", "STATE", "SEVERITY", "RAISED", "SUBJECT", "MESSAGE")
            write(columns((_row(alert, desk.zone) for alert in found), heads))
        else:
            write("no alerts")


@alert.command()
@click.argument("number", metavar="ID", type=int)
@with_run
@click.pass_obj
def show(invocation: Invocation, number: int, run: str | None) -> None:
    """Show an alert, and whom its cause pushes."""
    with looking(invocation, run) as desk:
        found = next((alert for alert in desk.board.alerts if alert.id == number), None)
        if found is None:
            raise BadInput(f"there is no alert {number} in this run", hint="warroom alert list shows them all")
        if invocation.as_json:
            write_json(alert_document(found))
        else:
            write("\n".join(_lines(desk.board, found)))


def _row(alert: Alert, zone: str) -> tuple[str, ...]:
    return (
        str(alert.id),
        alert.state.value,
        alert.severity.value,
        show_time(alert.raised_at, zone),
        alert.subject,
        alert.message,
    )


def _lines(board: Board, alert: Alert) -> Iterator[str]:
    zone = board.programme.timezone
    yield one_line(alert.message, 2000)
    yield ""
    facts = [
        ("state", alert.state.value),
        ("severity", alert.severity.value),
        ("rule", alert.rule),
        ("subject", alert.subject),
        ("raised", show_time(alert.raised_at, zone)),
    ]
    if alert.closed_at is not None:
        facts.append(("closed", show_time(alert.closed_at, zone)))
    facts.append(("own delay", show_duration(alert.own_delay_s)))
    yield columns(facts, indent="  ")
    pushes = alert_document(alert)["pushes"]
    if pushes:
        yield ""
        yield "pushes"
        moved = ((push["ref"], show_duration(push["moves_s"], sign=True), push["owner"] or "") for push in pushes)
        yield columns(moved, indent="  ")
