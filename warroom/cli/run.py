"""`warroom run`."""

from __future__ import annotations

from datetime import datetime

import click

from warroom.actions import baselines, clocks, runs
from warroom.board.documents import baselines_document, run_document, speed
from warroom.board.load import board_in
from warroom.board.rows import Baseline, Run
from warroom.cli import typed
from warroom.cli.command import Group, Invocation, with_optional_reason, with_reason, with_run
from warroom.cli.desk import Desk, acting, looking
from warroom.cli.output import columns, write, write_json
from warroom.clock.run_clock import LIFE
from warroom.clock.times import iso_utc, show_time
from warroom.vocabulary.errors import BadInput
from warroom.vocabulary.text import one_line
from warroom.vocabulary.words import RunKind

_HEADS = ("NAME", "KIND", "STATE", "STARTED", "CLOSED", "WINDOW ENDS", "BASELINE")


@click.group(cls=Group)
def run() -> None:
    """Rehearsals and the live run. One is open at a time."""


@run.command("list")
@click.pass_obj
def list_runs(invocation: Invocation) -> None:
    """List all runs, oldest first."""
    with looking(invocation) as desk:
        found = sorted(desk.board.rows(Run).values(), key=lambda run: run.id)
        if invocation.as_json:
            write_json([run_document(run) for run in found])
        elif found:
            write(columns((_row(run, desk.zone) for run in found), _HEADS))
        else:
            write("no run has been started")


def _row(run: Run, zone: str) -> tuple[str, ...]:
    return (
        run.name,
        run.kind_of_run.value,
        "open" if run.closed_at is None else "closed",
        show_time(run.started_at, zone),
        "" if run.closed_at is None else show_time(run.closed_at, zone),
        show_time(run.window_end, zone),
        str(run.baseline),
    )


@run.command()
@click.option("--rehearsal", metavar="NAME", help="Start a rehearsal of that name.")
@click.option("--live", is_flag=True, help="Start the cutover itself.")
@click.option("--tier", type=click.IntRange(min=0), metavar="N", help="Environment tier of a rehearsal.")
@click.option("--speed", "fast", metavar="X", help="How many times as fast as life a rehearsal's clock goes.")
@click.option("--at", metavar="TIME", help="What a rehearsal's clock shows at the start (else the time it is).")
@click.pass_obj
def start(
    invocation: Invocation, rehearsal: str | None, live: bool, tier: int | None, fast: str | None, at: str | None
) -> None:
    """Start a run: the plan is copied, its baseline frozen, the clock started.

    A rehearsal shifts the whole plan to where its own clock starts.

    \b
    warroom run start --rehearsal "mock 1"
    warroom run start --rehearsal night --speed 60 --at T
    warroom run start --live
    """
    if live == (rehearsal is not None):
        raise BadInput("a run is either a rehearsal or live", hint="give --rehearsal NAME, or --live")
    rate = LIFE if fast is None else typed.rate(fast)
    with acting(invocation) as desk:
        entry = runs.start(
            desk.state_file,
            desk.caller,
            kind=RunKind.LIVE if live else RunKind.REHEARSAL,
            name=rehearsal,
            tier=tier,
            rate=rate,
            at=None if at is None else _start_time(desk, at),
        )
        desk.tell(entry)


def _start_time(desk: Desk, text: str) -> datetime:
    """What the new run's clock shall show; T is the start of the plan's own window."""
    with desk.state_file.read() as reader:
        plan = board_in(reader, desk.state_file.genesis, plan_only=True)
    return typed.instant(text, zone=desk.zone, window_start=plan.plan.window_start, now=desk.wall, prefer="next")


@run.command()
@with_optional_reason
@click.pass_obj
def hold(invocation: Invocation, reason: str | None) -> None:
    """Stop the clock of a rehearsal."""
    with acting(invocation) as desk:
        desk.tell(runs.hold(desk.state_file, desk.caller, reason=reason))


@run.command()
@with_optional_reason
@click.pass_obj
def resume(invocation: Invocation, reason: str | None) -> None:
    """Let the clock of a held rehearsal go on, as fast as before."""
    with acting(invocation) as desk:
        desk.tell(runs.resume(desk.state_file, desk.caller, reason=reason))


@run.command()
@with_optional_reason
@click.pass_obj
def close(invocation: Invocation, reason: str | None) -> None:
    """Close the open run. Nothing can be changed in it afterwards; the next one may be started.

    While a gate of the stage exit has not been decided go, it takes a reason.
    """
    with acting(invocation) as desk:
        desk.tell(runs.close(desk.state_file, desk.caller, reason=reason))


@run.command()
@with_reason
@click.pass_obj
def rebaseline(invocation: Invocation, reason: str) -> None:
    """Freeze the plan as it stands now, as a new baseline. The earlier ones are kept; what is done keeps its own."""
    with acting(invocation) as desk:
        desk.tell(baselines.rebaseline(desk.state_file, desk.caller, reason=reason))


@run.command()
@with_run
@click.pass_obj
def show(invocation: Invocation, run: str | None) -> None:
    """Show a run with its baselines: what its plan was whenever it was frozen."""
    with looking(invocation, run) as desk:
        shown = desk.board.run
        if shown is None:
            raise BadInput("no run has been started", hint="start one with: warroom run start --rehearsal NAME")
        if invocation.as_json:
            write_json({**run_document(shown), "baselines": baselines_document(desk.board, desk.forecast())})
            return
        write(columns([_row(shown, desk.zone)], _HEADS))
        write("")
        rows = [
            (
                str(baseline.number),
                show_time(baseline.at, desk.zone),
                one_line(desk.board.handle(baseline.person_id) or ""),
                one_line(baseline.reason or "the start of the run", 200),
            )
            for baseline in desk.board.rows(Baseline).values()
        ]
        write(columns(rows, ("BASELINE", "AT", "BY", "WHY")))


@run.command()
@click.option("--speed", "fast", metavar="X", help="Let a rehearsal's clock go so many times as fast as life.")
@click.option("--confirm", is_flag=True, help="Say that the wall clock is right, after it was set.")
@with_optional_reason
@with_run
@click.pass_obj
def clock(invocation: Invocation, fast: str | None, confirm: bool, reason: str | None, run: str | None) -> None:
    """Show the clock of a run; with --speed, let that of the open rehearsal go faster or slower.

    After the machine's clock was set back, or forward by more than five minutes, alerts of lateness wait until the
    lead says with --confirm that it is right.
    """
    if fast is not None or confirm:
        if run is not None:
            raise BadInput("only the open run's clock can be changed", hint="leave --run out")
        if fast is not None and confirm:
            raise BadInput("--speed and --confirm exclude each other", hint="give one after the other")
        with acting(invocation) as desk:
            if fast is None:
                desk.tell(clocks.confirm(desk.state_file, desk.caller, reason=reason))
            else:
                desk.tell(runs.set_rate(desk.state_file, desk.caller, typed.rate(fast), reason=reason))
        return
    with looking(invocation, run) as desk:
        _show_clock(desk)


def _show_clock(desk: Desk) -> None:
    shown, run_clock = desk.board.run, desk.board.clock
    if shown is None or run_clock is None:
        raise BadInput("no run has been started", hint="start one with: warroom run start --rehearsal NAME")
    rate = run_clock.rate_at(desk.wall) if shown.closed_at is None else 0
    if desk.invocation.as_json:
        write_json(
            {
                "run": shown.name,
                "open": shown.closed_at is None,
                "run_time": iso_utc(desk.now),
                "wall_time": iso_utc(desk.wall),
                "speed": speed(rate),
                "segments": [
                    {"wall": iso_utc(segment.wall), "run_time": iso_utc(segment.run), "speed": speed(segment.rate)}
                    for segment in run_clock.segments
                ],
            }
        )
        return
    going = (
        "closed" if shown.closed_at is not None else "held" if rate == 0 else f"{speed(rate):g} times as fast as life"
    )
    write(columns([(shown.name, show_time(desk.now, desk.zone, seconds=True), desk.zone, going)]))
