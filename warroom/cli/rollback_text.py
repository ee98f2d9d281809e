"""What `warroom rollback status` prints."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from warroom.board.board import CLOSED_STATES, Board
from warroom.board.forecast import Forecast
from warroom.cli.output import columns
from warroom.cli.sentences import listed, name_of
from warroom.cli.task_text import shown_state
from warroom.clock.durations import show_duration
from warroom.clock.times import show_time
from warroom.rules.backout import (
    TriggerStanding,
    authority,
    seconds_in_box,
    tasks_to_undo,
    tasks_under_way,
    time_box,
    time_left_words,
    trigger_standings,
    why_no_backout,
)
from warroom.schedule.backout import Backout
from warroom.vocabulary.text import one_line
from warroom.vocabulary.words import BackoutStage

_WORDS = {True: "REACHED", False: "not reached", None: "–"}


def rollback_lines(
    board: Board, forecast: Forecast, now: datetime, wall: datetime, confidence: Decimal | None = None
) -> Iterator[str]:
    """The way back in lines; the arguments are those of `rollback_document`."""
    zone = board.programme.timezone
    facts = [("stage", stage_words(board, forecast)), ("decided by", listed(authority(board), "the lead"))]
    why = why_no_backout(board)
    if why is not None and board.invocation is None:
        facts.append(("back-out", why))
    if forecast.backout is not None:
        facts.extend(_outlook(board, forecast, forecast.backout, "usual"))
    if forecast.worst_backout is not None:
        facts.extend(_outlook(board, forecast, forecast.worst_backout, "at worst"))
    facts.append(("restore by", show_time(forecast.instant(forecast.restore_by), zone)))
    if (box := time_box(board)) is not None:
        how = time_left_words(seconds_in_box(board, box, now, wall))
        facts.append(("time-box", f"{show_time(box.start, zone)} ({box.by}) to {show_time(box.end, zone)}, {how}"))
    yield columns(facts, indent="  ")
    yield from _tasks(board, forecast)
    if standings := trigger_standings(board, forecast, now, confidence):
        yield ""
        yield "triggers"
        yield columns((_trigger_row(board, one) for one in standings), indent="  ")
    if board.recovery:
        yield ""
        yield "ways to recover, after the point of no return"
        for way in board.recovery:
            choice = board.recovery_choice(way.id)
            stands = "" if choice is None else f"; chosen {show_time(choice.at, zone)}: {choice.reason}"
            yield f"  {one_line(f'{way.key}  {way.title}, {name_of(board, way.decider_id)} decides{stands}')}"
            yield f"    {one_line(way.plan)}"


def stage_words(board: Board, forecast: Forecast) -> str:
    """How far the back-out has come, and when it is done."""
    invocation, backing_out = board.invocation, forecast.backing_out
    zone = board.programme.timezone
    if invocation is None or backing_out is None:
        return board.backout_stage.words
    done = show_time(forecast.instant(backing_out.finish), zone)
    left = forecast.restore_by - backing_out.finish
    how = f"{show_duration(left)} before" if left >= 0 else f"{show_duration(-left)} AFTER"
    said = f"invoked {show_time(invocation.at, zone)} by {name_of(board, invocation.person_id)}: {invocation.reason}"
    verb = "done at" if board.backout_stage is BackoutStage.BACKING_OUT else "was done at"
    return f"{board.backout_stage.words.upper()}, {verb} {done}, {how} business must run again; {said}"


def _outlook(board: Board, forecast: Forecast, backout: Backout, which: str) -> Iterator[tuple[str, str]]:
    zone, decision = board.programme.timezone, backout.latest_decision()
    left, done = decision.decide_by - forecast.now, backout.done_if_decided(forecast.now)
    how = f"in {show_duration(left)}" if left >= 0 else f"passed {show_duration(-left)} ago"
    latest = show_time(forecast.instant(decision.decide_by), zone)
    now = f"{show_duration(done - forecast.now)}, done at {show_time(forecast.instant(done), zone)}"
    yield which, f"latest safe decision {latest}, {how}; decided now: {now}"


def _tasks(board: Board, forecast: Forecast) -> Iterator[str]:
    """What would be undone, or what is being undone."""
    zone, backout = board.programme.timezone, forecast.backout
    if backout is not None:
        needed = tasks_to_undo(board, backout)
        yield ""
        yield f"would be undone ({len(needed)} of {len(board.backout_tasks)} tasks)"
        yield columns(
            ((task.ref, show_duration(task.duration_s), name_of(board, task.owner_id), task.title) for task in needed),
            indent="  ",
        )
    elif board.invocation is not None:
        found = tasks_under_way(board, forecast)
        yield ""
        yield f"back-out ({sum(task.state in CLOSED_STATES for task in found)} of {len(found)} done)"
        yield columns(
            (
                (
                    task.ref,
                    shown_state(board, task),
                    show_time(forecast.instant(forecast.finish_of(task)), zone),
                    name_of(board, task.owner_id),
                    task.title,
                )
                for task in found
            ),
            indent="  ",
        )
        if running := board.left_running:
            yield ""
            yield "to be stopped or finished"
            yield columns(
                ((task.ref, shown_state(board, task), name_of(board, task.owner_id), task.title) for task in running),
                indent="  ",
            )


def _trigger_row(board: Board, standing: TriggerStanding) -> tuple[str, ...]:
    threshold = f" ({standing.trigger.threshold})" if standing.trigger.threshold else ""
    names = [name for handle in standing.deciders if (name := board.name_called(handle))]
    return (
        str(standing.number),
        _WORDS[standing.reached],
        f"{standing.trigger.text}{threshold}",
        f"{listed(names, 'the lead')} decides",
        standing.value,
    )
