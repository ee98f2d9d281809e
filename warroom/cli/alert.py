"""`warroom alert`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from warroom.actions import alert_answers
from warroom.actions.deliveries import of_run
from warroom.board.board import Board
from warroom.board.documents import alert_document
from warroom.board.rows import Alert
from warroom.cli import identity, typed
from warroom.cli.alert_sending import deliveries, delivery_document, delivery_lines, sending, test
from warroom.cli.command import Group, Invocation, with_doer, with_optional_reason, with_run
from warroom.cli.desk import Desk, acting, looking
from warroom.cli.output import columns, write, write_json
from warroom.clock.durations import show_duration
from warroom.clock.times import show_time
from warroom.rules.alerting.documents import effect_document, raised_window, rule_document, show_limits
from warroom.rules.alerting.life import escalation, raised_late_s
from warroom.rules.alerting.limits import limits_on
from warroom.rules.alerting.registry import RULES
from warroom.vocabulary.errors import BadInput
from warroom.vocabulary.text import one_line
from warroom.vocabulary.words import AlertState, Severity


@click.group(cls=Group)
def alert() -> None:
    """Show alerts, answer them, and say when they are raised."""


alert.add_command(deliveries)
alert.add_command(sending)
alert.add_command(test)


@alert.command("list")
@click.option("--open", "only_open", is_flag=True, help="Only those whose cause is not gone.")
@click.option("--mine", is_flag=True, help="Only those that are told to you.")
@with_run
@click.pass_obj
def list_alerts(invocation: Invocation, only_open: bool, mine: bool, run: str | None) -> None:
    """List the alerts of a run, oldest first."""
    with looking(invocation, run) as desk:
        found = list(desk.board.open_alerts if only_open else desk.board.alerts)
        if mine:
            me = identity.caller(desk.board, invocation.handle).handle
            found = [alert for alert in found if me in alert.told]
        if invocation.as_json:
            write_json([alert_document(desk.board, alert) for alert in found])
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
    """Show an alert: what became of it, whom its cause pushed when it was raised, and whom it pushes now."""
    with looking(invocation, run) as desk:
        found = next((alert for alert in desk.board.alerts if alert.id == number), None)
        if found is None:
            raise BadInput(f"there is no alert {number} in this run", hint="warroom alert list shows them all")
        document = alert_document(desk.board, found) | raised_window(desk.board, found)
        document["now"] = (
            None if found.state is AlertState.CLOSED else effect_document(desk.board, desk.forecast(), found)
        )
        messages = [one for one in of_run(desk.state_file, desk.board.run_id) if one.alert_id == number]
        if invocation.as_json:
            write_json({**document, "deliveries": list(map(delivery_document, messages))})
        else:
            write("\n".join(_lines(desk, found, document)))
            if messages:
                write("\n".join(["", "messages", *delivery_lines(desk.board, messages)]))


@alert.command()
@click.argument("numbers", metavar="ID...", type=int, nargs=-1, required=True)
@with_doer
@with_optional_reason
@click.pass_obj
def ack(invocation: Invocation, numbers: tuple[int, ...], done_by: str | None, reason: str | None) -> None:
    """Acknowledge alerts: they call no more until they get worse.

    \b
    warroom alert ack 12 --reason "restarting the import"
    warroom alert ack 12 --for bea --by phone
    """
    with acting(invocation, done_by) as desk:
        for number in numbers:
            desk.tell(alert_answers.acknowledge(desk.state_file, desk.caller, number, reason=reason))


@alert.command()
@click.argument("number", metavar="ID", type=int)
@click.argument("until", metavar="UNTIL")
@with_doer
@with_optional_reason
@click.pass_obj
def snooze(invocation: Invocation, number: int, until: str, done_by: str | None, reason: str | None) -> None:
    """Let an alert wait: for a span such as 30m, or until a time. It calls again then, or once it gets worse."""
    with acting(invocation, done_by) as desk:
        entry = alert_answers.snooze(desk.state_file, desk.caller, number, until=desk.expected(until), reason=reason)
        desk.tell(entry)


@alert.command()
@click.option(
    "--set",
    "changes",
    nargs=2,
    multiple=True,
    metavar="RULE WHAT=VALUE",
    help="Change one in the open run: after=20m, before=1h, percent=30, severity=critical, off=true.",
)
@with_optional_reason
@with_run
@click.pass_obj
def rules(invocation: Invocation, changes: tuple[tuple[str, str], ...], reason: str | None, run: str | None) -> None:
    """List the alert rules with their limits, or change some in the open run.

    \b
    warroom alert rules --set late-start after=30m --set heads-up off=false
    """
    if changes:
        with acting(invocation) as desk:
            for name, change in changes:
                given = _limit(change)
                desk.tell(alert_answers.set_limits(desk.state_file, desk.caller, name, reason=reason, **given))
        return
    with looking(invocation, run) as desk:
        board = desk.board
        if invocation.as_json:
            write_json([rule_document(board, rule) for rule in RULES.values()])
            return
        rows = []
        for rule in RULES.values():
            limits = limits_on(board, rule.name, rule.limits)
            severity = "by case" if limits.severity is None else limits.severity.value
            changed = "*" if limits != rule.limits else ""
            rows.append((rule.name + changed, severity, show_limits(rule, limits), rule.told))
        write(columns(rows, ("RULE", "SEVERITY", "LIMITS", "TOLD")))
        write("")
        write("* not as the rule has it by itself")
        steps = ", ".join(f"{to} after {show_duration(after)}" for to, after in escalation(board))
        write(f"an alert that nobody acknowledges goes to: {steps}")


def _limit(change: str) -> dict[str, Any]:
    """One limit as it is typed, such as after=20m.

    Raises:
        BadInput: it is none.
    """
    name, sign, value = change.partition("=")
    if name in ("after", "before") and sign:
        return {f"{name}_s": typed.span(value, where=name)}
    if name == "percent" and value.isdecimal() and len(value) < 4:
        return {"percent": int(value)}
    if name == "off" and value in ("true", "false"):
        return {"off": value == "true"}
    if name == "severity" and value in tuple(Severity):
        return {"severity": Severity(value)}
    hint = "write after=20m, before=1h, percent=30, severity=notice|warning|critical or off=true|false"
    raise BadInput(f"{change!r} is not a limit", where="--set", hint=hint)


def _row(alert: Alert, zone: str) -> tuple[str, ...]:
    return (
        str(alert.id),
        alert.state.value,
        alert.severity.value,
        show_time(alert.raised_at, zone),
        alert.subject,
        alert.message,
    )


def _lines(desk: Desk, alert: Alert, document: dict[str, Any]) -> Iterator[str]:
    zone, board = desk.zone, desk.board
    yield one_line(alert.message, 2000)
    yield ""
    facts = [
        ("state", alert.state.value + _state(board, alert, zone)),
        ("severity", alert.severity.value),
        ("rule", alert.rule),
        ("subject", alert.subject),
        ("told", ", ".join(alert.told) or "nobody"),
        ("raised", show_time(alert.raised_at, zone)),
    ]
    if late := raised_late_s(alert):
        facts.append(("due", f"{show_time(alert.due_at, zone)}, raised late by {show_duration(late)}"))
    if alert.closed_at is not None:
        facts.append(("closed", f"{show_time(alert.closed_at, zone)}, after {show_duration(document['lasted_s'])}"))
    facts.append(("own delay", show_duration(alert.own_delay_s)))
    facts.append(("window float", _floats(document)))
    yield columns(facts, indent="  ")
    yield from _pushes("pushed when it was raised", document["pushes"])
    if (now := document["now"]) is not None:
        yield from _pushes("pushes now", now["pushes"])
        yield ""
        gate = "" if now["first_gate"] is None else f", first gate {now['first_gate']}"
        yield f"now: own delay {show_duration(now['own_delay_s'])}{gate}, window float {_floats(now)}"


def _state(board: Board, alert: Alert, zone: str) -> str:
    """What there is to say of its state: by whom, or until when."""
    if alert.state is AlertState.SNOOZED and alert.snoozed_until is not None:
        return f" until {show_time(alert.snoozed_until, zone)}"
    if alert.acknowledged_at is not None and alert.acknowledged_how is not None:
        who, at = board.handle(alert.acknowledged_by_id), show_time(alert.acknowledged_at, zone)
        return f" by {who} at {at} ({alert.acknowledged_how})"
    return f", step {alert.level}" if alert.level else ""


def _floats(document: dict[str, Any]) -> str:
    before, after = document["window_float_before_s"], document["window_float_s"]
    return show_duration(after) if before == after else f"{show_duration(after)}, {show_duration(before)} without it"


def _pushes(title: str, pushes: list[dict[str, Any]]) -> Iterator[str]:
    if pushes:
        yield ""
        yield title
        moved = ((push["ref"], show_duration(push["moves_s"], sign=True), push["owner"] or "") for push in pushes)
        yield columns(moved, indent="  ")
