"""`warroom status` and `warroom schedule`: where the cutover stands."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import click

from warroom.board.board import Board
from warroom.board.documents import schedule_document, status_document
from warroom.board.figures import Figures, figures
from warroom.board.forecast import Forecast, forecast
from warroom.board.impossible import impossible_hours
from warroom.board.resource_documents import resources_document
from warroom.board.resources import resources
from warroom.cli.command import Command, Invocation, with_run
from warroom.cli.desk import Desk, looking
from warroom.cli.looked_at import looking_at, with_source
from warroom.cli.output import columns, write, write_json
from warroom.cli.resource_text import fault_lines, resource_lines
from warroom.cli.rollback_text import stage_words
from warroom.cli.sentences import name_of, pace
from warroom.cli.task_text import schedule_table
from warroom.clock.durations import show_duration
from warroom.clock.run_clock import LIFE
from warroom.clock.times import show_offset, show_time
from warroom.rules.backout_documents import rollback_document
from warroom.tui.drawing.marks import STATES
from warroom.vocabulary.errors import BadInput
from warroom.vocabulary.text import one_line
from warroom.vocabulary.words import RunKind, ShownState


@click.command(cls=Command)
@with_run
@click.pass_obj
def status(invocation: Invocation, run: str | None) -> None:
    """Where the cutover stands: the figures of the console's header, what is late, alerts, the next gate."""
    with looking(invocation, run) as desk:
        expected = desk.forecast()
        if invocation.as_json:
            confidence = desk.confidence_for_triggers()
            rollback = rollback_document(desk.board, expected, desk.now, desk.wall, confidence)
            write_json({**status_document(desk.board, expected, desk.wall), "rollback": rollback})
        else:
            write("\n".join(_status_lines(desk, expected)))


@click.command(cls=Command)
@with_source
@click.option(
    "--from",
    "anchor",
    type=click.Choice(["finish", "window"]),
    help="Count late dates of a plan back from its own finish (usual), or from the window's end (as in any run).",
)
@click.option("--resources", "people", is_flag=True, help="What it asks of people instead, hour by hour.")
@click.pass_obj
def schedule(
    invocation: Invocation, runbook: str | None, at: str | None, anchor: str | None, people: bool, run: str | None
) -> None:
    """Plan, forecast, float and delay of every task; or the load of people, double-booking and work outside hours.

    \b
    warroom schedule --json
    warroom schedule --resources
    warroom schedule --runbook cutover.yaml --from window
    """
    with looking_at(invocation, runbook=runbook, at=at, run=run) as looked_at:
        board = looked_at.board
        if anchor == "finish" and board.run is not None:
            raise BadInput("in a run, late dates count back from the window's end", hint="leave --from out")
        expected = forecast(board, looked_at.at, from_window=anchor == "window")
        if people:
            facts = resources(board, expected)
            if invocation.as_json:
                write_json(resources_document(board, expected, facts))
            else:
                write("\n".join(resource_lines(board, expected, facts)))
        elif invocation.as_json:
            write_json(schedule_document(board, expected))
        else:
            write("\n".join(schedule_lines(board, expected)))


def schedule_lines(board: Board, expected: Forecast) -> Iterator[str]:
    """What `warroom schedule` prints."""
    sums = figures(board, expected)
    yield from _heading(board, expected, expected.at)
    yield columns(_finish(board, expected, sums), indent="  ")
    yield ""
    yield schedule_table(board, expected)
    if pairs := expected.expected.out_of_sequence:
        yield ""
        yield "out of sequence"
        yield columns(((after, f"got ahead of {before}") for before, after in pairs), indent="  ")
    yield from fault_lines(impossible_hours(board, expected))


def _status_lines(desk: Desk, expected: Forecast) -> Iterator[str]:
    board, zone = desk.board, desk.zone
    sums = figures(board, expected)
    yield from _heading(board, expected, desk.now)
    facts = [*_pace(board, desk.wall), *_finish(board, expected, sums), ("tasks", _counts(sums))]
    if sums.next_gate is not None:
        task, instant = sums.next_gate
        decider = name_of(board, task.owner_id)
        facts.append(("next gate", f"{task.ref} {task.title}: {show_time(instant, zone)}, {decider} decides"))
    yield columns(facts, indent="  ")
    if sums.late:
        yield ""
        yield f"late ({len(sums.late)}, {len(sums.causes)} by their own doing)"
        yield columns((_late(board, expected, task.ref) for task in sums.late), indent="  ")
    if stale := board.stale_tasks:
        yield ""
        yield f"stale ({len(stale)}): settle or re-run"
        yield columns(
            ((task.ref, name_of(board, task.owner_id), task.title, task.stale_because or "") for task in stale),
            indent="  ",
        )
    if alerts := board.open_alerts:
        yield ""
        yield "alerts"
        yield columns(
            ((str(alert.id), show_time(alert.raised_at, zone), alert.message) for alert in alerts), indent="  "
        )


def _heading(board: Board, expected: Forecast, now: datetime) -> Iterator[str]:
    zone, run = board.programme.timezone, board.run
    if run is None:
        what = "PLAN, not started"
    else:
        what = "LIVE" if run.kind_of_run is RunKind.LIVE else f"REHEARSAL {run.name}"
        what += "" if run.closed_at is None else ", closed"
    offset = show_offset(expected.seconds(now))
    yield f"{one_line(board.programme.name)} · {one_line(what)} · {show_time(now, zone)} {zone} · {offset}"
    yield ""


def _pace(board: Board, wall: datetime) -> Iterator[tuple[str, str]]:
    clock, run = board.clock, board.run
    if clock is None or run is None or run.closed_at is not None:
        return
    rate = clock.rate_at(wall)
    if rate != LIFE:
        yield "clock", pace(rate)


def _finish(board: Board, expected: Forecast, sums: Figures) -> Iterator[tuple[str, str]]:
    zone = board.programme.timezone
    end = show_time(expected.instant(expected.end), zone)
    left = sums.window_float_s
    place = f"{show_duration(left)} inside" if left >= 0 else f"{show_duration(-left)} BEYOND"
    yield "planned", show_time(sums.planned_finish, zone)
    yield "finish", f"{show_time(sums.forecast_finish, zone)}, {place} the window that ends {end}"
    if board.invocation is not None:
        yield "back-out", stage_words(board, expected)
    decide_by = sums.latest_backout_decision
    if decide_by is not None:
        rest = (decide_by - expected.at).total_seconds()
        how = f"in {show_duration(int(rest))}" if rest >= 0 else f"passed {show_duration(int(-rest))} ago"
        yield "back-out", f"latest safe decision {show_time(decide_by, zone)}, {how}"


def _counts(sums: Figures) -> str:
    shown = (ShownState.RUNNING, ShownState.VERIFYING, ShownState.BLOCKED, ShownState.FAILED, ShownState.READY)
    parts = [
        f"{STATES[state].glyph} {sums.states[state]} {STATES[state].word}" for state in shown if sums.states[state]
    ]
    return ", ".join([f"{sums.done} of {sums.total} done", *parts])


def _late(board: Board, expected: Forecast, ref: str) -> tuple[str, ...]:
    task = board.task(ref)
    assert task is not None
    delay = expected.delay(task)
    kind = f"{show_duration(delay.own, sign=True)} own" if delay.cause else "pushed"
    return (ref, show_duration(delay.slip, sign=True), kind, name_of(board, task.owner_id), task.title)
