"""`warroom task add`, `remove`, `split`, `assign`, `link`, `unlink`, `retime`: the plan changes while it runs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar

import click

from warroom.actions import plan_fields, plan_links, plan_tasks
from warroom.cli import typed
from warroom.cli.command import Command, Invocation, with_reason
from warroom.cli.desk import ActingDesk, acting
from warroom.cli.plan_effect import tell_change
from warroom.vocabulary.errors import BadInput
from warroom.vocabulary.words import TaskKind

C = TypeVar("C", bound=Callable[..., Any])

NOTHING = "none"
"""What is typed to clear something."""

_KINDS = [kind.value for kind in TaskKind if kind is not TaskKind.GATE]


def _with_constraints(command: C) -> C:
    """The options that say when a task is planned, its duration aside."""
    for name, about in reversed(
        (
            ("--not-before", "It does not start before this time."),
            ("--deadline", "It must be finished by this time; a gate must be decided."),
            ("--must-start", "It starts at this time."),
            ("--must-finish", "It finishes at this time."),
        )
    ):
        command = click.option(name, metavar="TIME", help=about)(command)
    command = click.option("--calendar", metavar="KEY", help="The calendar by which it is worked on.")(command)
    late = "--as-late-as-possible/--as-soon-as-possible"
    return click.option(late, "late", default=None, help="Whether it waits as long as nobody behind it moves.")(command)


@click.command(cls=Command)
@click.argument("ref")
@click.option("--title", required=True, metavar="TEXT", help="What is done, in a few words.")
@click.option("--owner", required=True, metavar="HANDLE", help="The one person accountable.")
@click.option("--backup", metavar="HANDLE", help="Who stands in.")
@click.option("--verifier", metavar="HANDLE", help="Who checks it; never the owner.")
@click.option("--duration", metavar="45m|30m/45m/2h", help="How long it takes: likely, or low/likely/high.")
@click.option("--kind", type=click.Choice(_KINDS), default=TaskKind.WORK.value, help="A milestone takes no time.")
@click.option("--after", multiple=True, metavar="LINK", help='A predecessor: BC-22, or "BC-22 SS+15m".')
@click.option("--before", multiple=True, metavar="LINK", help="A task that comes after it, written the same way.")
@click.option("--phase", metavar="KEY")
@click.option("--stream", metavar="KEY")
@click.option("--step", "steps", multiple=True, metavar="TEXT", help="What to tick off while doing it.")
@click.option("--verify", multiple=True, metavar="TEXT", help="What to check before it counts as done.")
@click.option("--instructions", metavar="TEXT", help="How it is done.")
@click.option("--undo", metavar="TEXT", help="How to take it back.")
@click.option("--backout", is_flag=True, help="It belongs to the back-out.")
@click.option("--undoes", multiple=True, metavar="REF", help="A task that this back-out task takes back.")
@_with_constraints
@with_reason
@click.pass_obj
def add(
    invocation: Invocation,
    /,
    ref: str,
    duration: str | None,
    kind: str,
    after: tuple[str, ...],
    before: tuple[str, ...],
    reason: str,
    late: bool | None,
    **given: Any,
) -> None:
    """Add a task to the open run.

    It has no baseline until the next re-baseline, and is planned from now on.

    \b
    warroom task add BC-24b --title "Load the late price list" --owner dario --duration 30m \\
        --after BC-24 --before BC-25 --reason "the vendor sent it late"
    """
    from warroom.runbook.document import PlannedLink, PlannedTask  # dear: it brings the reader of runbooks

    times = {name: given.pop(name) for name in ("not_before", "deadline", "must_start", "must_finish")}
    if duration is None and kind != TaskKind.MILESTONE:
        raise BadInput("a duration is missing", where="--duration", hint="a milestone (--kind milestone) needs none")
    with acting(invocation) as desk:
        values: dict[str, Any] = {f"{name}_s": _time(desk, name, text) for name, text in times.items()}
        task = PlannedTask(
            ref=ref,
            kind=TaskKind(kind),
            links=tuple(PlannedLink(other, lag_s, how) for other, how, lag_s in plan_links.parsed_links(after)),
            as_late_as_possible=bool(late),
            **_durations(duration or "0m"),
            **values,
            **given,
        )
        tell_change(desk, plan_tasks.add(desk.state_file, desk.caller, ref, task=task, before=before, reason=reason))


@click.command(cls=Command)
@click.argument("ref")
@click.option("--drop-links", is_flag=True, help="Its successors do not inherit its predecessors.")
@with_reason
@click.pass_obj
def remove(invocation: Invocation, ref: str, drop_links: bool, reason: str) -> None:
    """Remove a task that has not begun.

    Its successors inherit its predecessors where both links are finish-to-start; other links go with it. What a gate,
    the window's end, the point of no return or the back-out names stays: skip it instead.
    """
    with acting(invocation) as desk:
        tell_change(desk, plan_tasks.remove(desk.state_file, desk.caller, ref, drop_links=drop_links, reason=reason))


@click.command(cls=Command)
@click.argument("ref")
@click.argument("parts", nargs=-1, required=True, metavar="[REF=]45m [REF=]30m...")
@click.option("--spread-steps", is_flag=True, help="Its steps go to all parts in turn, not all to the first.")
@with_reason
@click.pass_obj
def split(invocation: Invocation, ref: str, parts: tuple[str, ...], spread_steps: bool, reason: str) -> None:
    """Split a task that has not begun into parts that follow each other.

    They are called REF-a, REF-b ... unless other refs are given. Verifier and deadline go to the last part.

    \b
    warroom task split BC-24 45m 1h30 --reason "the second half waits for the bank"
    """
    found = [_part(ref, number, text) for number, text in enumerate(parts)]
    with acting(invocation) as desk:
        tell_change(
            desk,
            plan_tasks.split(desk.state_file, desk.caller, ref, parts=found, spread_steps=spread_steps, reason=reason),
        )


@click.command(cls=Command)
@click.argument("ref")
@click.argument("owner", required=False, metavar="[HANDLE]")
@click.option("--backup", metavar="HANDLE", help=f"Who stands in; {NOTHING} for nobody.")
@click.option("--verifier", metavar="HANDLE", help=f"Who checks it; {NOTHING} for nobody.")
@with_reason
@click.pass_obj
def assign(
    invocation: Invocation, ref: str, owner: str | None, backup: str | None, verifier: str | None, reason: str
) -> None:
    """Give a task that is not closed to other people. Its owner may hand it to its backup, and becomes the backup.

    \b
    warroom task assign BC-24 mei --reason "Dario is ill"
    warroom task assign BC-24 --verifier none --reason "checked by the gate"
    """
    people: plan_fields.People = {}
    if owner is not None:
        people["owner"] = owner
    if backup is not None:
        people["backup"] = None if backup == NOTHING else backup
    if verifier is not None:
        people["verifier"] = None if verifier == NOTHING else verifier
    with acting(invocation) as desk:
        tell_change(desk, plan_fields.assign(desk.state_file, desk.caller, ref, people=people, reason=reason))


@click.command(cls=Command)
@click.argument("ref")
@click.argument("after", nargs=-1, required=True, metavar="LINK...")
@click.option("--instead", is_flag=True, help="In place of the links that it has from the same predecessors.")
@with_reason
@click.pass_obj
def link(invocation: Invocation, ref: str, after: tuple[str, ...], instead: bool, reason: str) -> None:
    """Let a task that has not begun come after others; of a link that is there already, change the lag.

    \b
    warroom task link BC-25 BC-24b --reason "it needs the prices"
    warroom task link BC-25 "BC-22 SS+15m" --instead --reason "they can overlap"
    """
    with acting(invocation) as desk:
        tell_change(
            desk, plan_links.link(desk.state_file, desk.caller, ref, after=after, instead=instead, reason=reason)
        )


@click.command(cls=Command)
@click.argument("ref")
@click.argument("after", nargs=-1, required=True, metavar="REF...")
@with_reason
@click.pass_obj
def unlink(invocation: Invocation, ref: str, after: tuple[str, ...], reason: str) -> None:
    """Let a task that has not begun no longer come after others; "BC-22 SS" names the link of that type only."""
    with acting(invocation) as desk:
        tell_change(desk, plan_links.unlink(desk.state_file, desk.caller, ref, after=after, reason=reason))


@click.command(cls=Command)
@click.argument("ref")
@click.argument("duration", required=False, metavar="[45m|30m/45m/2h]")
@_with_constraints
@with_reason
@click.pass_obj
def retime(
    invocation: Invocation,
    /,
    ref: str,
    duration: str | None,
    reason: str,
    calendar: str | None,
    late: bool | None,
    **times: Any,
) -> None:
    """Plan another duration or other constraints for a task that has not begun; "none" clears one.

    \b
    warroom task retime BC-24 1h30 --reason "twice the volume"
    warroom task retime BC-24 --not-before T+16h --deadline none --reason "the bank opens then"
    """
    with acting(invocation) as desk:
        values: dict[str, Any] = {} if duration is None else _durations(duration)
        values |= {f"{name}_s": _time(desk, name, text) for name, text in times.items() if text is not None}
        if calendar is not None:
            values["calendar"] = None if calendar == NOTHING else calendar
        if late is not None:
            values["as_late_as_possible"] = late
        changed: plan_fields.Times = values  # type: ignore[assignment]
        tell_change(desk, plan_fields.retime(desk.state_file, desk.caller, ref, times=changed, reason=reason))


COMMANDS = (add, remove, split, assign, link, unlink, retime)


def _durations(text: str) -> dict[str, Any]:
    """The columns of "45m", or of "30m/45m/2h"."""
    points = [typed.span(point, where="--duration") for point in text.split("/")]
    match points:
        case [likely]:
            return {"duration_s": likely, "duration_low_s": None, "duration_high_s": None}
        case [low, likely, high]:
            return {"duration_s": likely, "duration_low_s": low, "duration_high_s": high}
    raise BadInput(f"{text!r} is not a duration", hint="write it like 45m, or low/likely/high: 30m/45m/2h")


def _time(desk: ActingDesk, name: str, text: str | None) -> int | None:
    """A time that was typed, in seconds from the window start; a bare clock time is the next one."""
    if text is None or text == NOTHING:
        return None
    start = desk.board.plan.window_start
    option = f"--{name.replace('_', '-')}"
    found = typed.instant(text, zone=desk.zone, window_start=start, now=desk.now, prefer="next", option=option)
    return (found - start) // timedelta(seconds=1)


def _part(ref: str, number: int, text: str) -> plan_tasks.Part:
    named, sign, span = text.rpartition("=")
    letters = "abcdefghijklmnopqrstuvwxyz"
    if not sign and number >= len(letters):
        raise BadInput("a task is split into at most 26 parts without refs of their own", hint="write REF=45m")
    return plan_tasks.Part(named if sign else f"{ref}-{letters[number]}", typed.span(span, where=text))
