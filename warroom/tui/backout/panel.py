"""The way back as items: what calls for it and who decides, how late it still fits, what it undoes, and what there is
instead once it does not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from warroom.board.board import CLOSED_STATES
from warroom.board.rows import Recovery
from warroom.clock.durations import MINUTE, show_duration
from warroom.clock.times import show_distance
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
    why_no_recovery,
)
from warroom.schedule.backout import Backout
from warroom.tui.drawing.ink import Spans
from warroom.tui.drawing.items import Item, hanging, heading
from warroom.tui.drawing.marks import LATE, Mark
from warroom.tui.drawing.picked import OnRecovery, OnTrigger
from warroom.tui.drawing.wrapping import wrapped
from warroom.tui.picture.picture import Picture
from warroom.tui.telling.backout import deciders_text, trigger_spans
from warroom.tui.telling.tasks import task_line
from warroom.vocabulary.text import one_line

_REACHED = Mark(LATE.glyph, "REACHED", "beyond")
_RUNS = Mark("●", "clock runs", "status-running")
_HOLDS = Mark("✓", "not reached", "status-done")
_QUIET = Mark("·", "not raised", "muted")
_WORD_CELLS = 12


def trigger_tally(picture: Picture) -> Spans:
    """How many triggers there are, and how many are reached."""
    standings = trigger_standings(picture.board, picture.forecast, picture.now)
    reached = sum(standing.reached is True for standing in standings)
    said = f"  {len(standings)} triggers" if len(standings) != 1 else "  1 trigger"
    return (
        (said, ""),
        (f"  {LATE.glyph} {reached} reached" if reached else "  none is reached", _REACHED.ink if reached else "muted"),
    )


def calling_items(picture: Picture, width: int) -> tuple[Item, ...]:
    """The triggers, and the ways to recover after the point of no return, for the cursor to stand on."""
    return (*_trigger_items(picture, width), *_recovery_items(picture, width))


def way_back_items(picture: Picture, wall: datetime, width: int) -> tuple[Item, ...]:
    """Whether and until when one can back out, the time-box, and what is or would be undone; `wall` is the clock by
    which the time-box of a closed live run goes on."""
    return (
        *_decision_items(picture, width),
        *_time_box_items(picture, wall, width),
        *_task_items(picture, width),
    )


def _trigger_items(picture: Picture, width: int) -> Iterator[Item]:
    standings = trigger_standings(picture.board, picture.forecast, picture.now)
    yield heading("What calls for a back-out", "" if standings else "the runbook names nothing")
    for standing in sorted(standings, key=lambda one: one.reached is not True):
        yield Item(tuple(_trigger_lines(picture, standing, width)), picked=OnTrigger(standing.number))


def _mark(standing: TriggerStanding) -> Mark:
    if standing.reached:
        return _REACHED
    if standing.clock is not None:
        return _RUNS
    return _QUIET if standing.reached is None else _HOLDS


def _trigger_lines(picture: Picture, standing: TriggerStanding, width: int) -> Iterator[Spans]:
    trigger, mark = standing.trigger, _mark(standing)
    lead = f" {mark.glyph} {mark.word:<{_WORD_CELLS}}"
    indent, room = " " * len(lead), width - len(lead) - 1
    for place, line in enumerate(wrapped(f"{standing.number}. {one_line(trigger.text)}", room, most=2)):
        yield ((lead, f"{mark.ink} bold"), (line, "bold")) if place == 0 else ((f"{indent}{line}", "bold"),)
    said = []
    if trigger.threshold:
        said.append(f"when {one_line(trigger.threshold, 80)}")
    if trigger.measure:
        said.append(f"measured by {one_line(trigger.measure, 80)}")
    if trigger.clock_s is not None:
        said.append(f"a clock of {show_duration(trigger.clock_s)}")
    said.append(f"{deciders_text(standing.deciders)} decides")
    for line in wrapped(" · ".join(said), room, most=3):
        yield ((f"{indent}{line}", "muted"),)
    for text, ink in trigger_spans(picture, standing):
        for line in wrapped(one_line(text), room, most=3):
            yield ((f"{indent}{line}", ink),)


def _recovery_items(picture: Picture, width: int) -> Iterator[Item]:
    ways = picture.board.recovery
    if not ways:
        return
    why = why_no_recovery(picture.board)
    yield heading(
        "Instead, after the point of no return",
        f"{picture.key('back-out.recover')} decides" if why is None else one_line(why, 80),
    )
    for way in ways:
        yield Item(tuple(_way_lines(picture, way, width)), picked=OnRecovery(way.key))


def _way_lines(picture: Picture, way: Recovery, width: int) -> Iterator[Spans]:
    handle, choice = picture.board.handle, picture.board.recovery_choice(way.id)
    glyph, ink = ("✓", "status-running") if choice is not None else ("·", "muted")
    decider = f"  {one_line(handle(way.decider_id) or 'nobody', 16)} decides"
    yield (
        (f" {glyph} ", f"{ink} bold"),
        (f"{one_line(way.key, 20)}  {one_line(way.title, 60)}", "bold"),
        (decider, ""),
    )
    for line in wrapped(way.plan, width - 5, most=6):
        yield ((f"   {line}", "muted"),)
    if choice is not None:
        by = one_line(handle(choice.person_id) or "somebody", 16)
        for line in wrapped(f"chosen {picture.time(choice.at)} by {by}: {one_line(choice.reason)}", width - 5, most=3):
            yield ((f"   {line}", ink),)


def _decision_items(picture: Picture, width: int) -> Iterator[Item]:
    board, forecast = picture.board, picture.forecast
    invocation, backing_out = board.invocation, forecast.backing_out
    if invocation is not None and backing_out is not None:
        by = one_line(board.handle(invocation.person_id) or "somebody", 16)
        yield heading("The back-out was invoked", f"{picture.time(invocation.at)} by {by}", "beyond")
        yield hanging(one_line(invocation.reason), "", width)
        left = forecast.restore_by - backing_out.finish
        said = f"done {picture.time(forecast.instant(backing_out.finish))}, "
        said += f"{show_duration(abs(left))} {'before' if left >= 0 else 'AFTER'} business must run"
        yield hanging(said, "✓ " if left >= 0 else "▲ ", width, "inside bold" if left >= 0 else "beyond bold")
        return
    yield heading("The decision", f"{deciders_text(authority(board))} decides")
    why = why_no_backout(board)
    if why is not None:
        yield hanging(one_line(why), "▲ ", width, "beyond bold")
    for backout, which in ((forecast.backout, "usual"), (forecast.worst_backout, "worst")):
        if backout is not None:
            yield Item(tuple(_outlook_lines(picture, backout, which, width)))
    ref = board.plan.point_of_no_return
    if ref is not None:
        passed = "has passed" if board.past_point_of_no_return else "is still ahead"
        yield hanging(f"the point of no return, the start of {one_line(ref, 20)}, {passed}", "", width, "muted")


def _outlook_lines(picture: Picture, backout: Backout, which: str, width: int) -> Iterator[Spans]:
    """Until when it can be decided, and what would be if it were decided now."""
    forecast, decision = picture.forecast, backout.latest_decision()
    left, done = decision.decide_by - forecast.now, backout.done_if_decided(forecast.now)
    how = f"{'' if left >= 0 else 'passed '}{show_distance(left)}"
    ink = "beyond bold" if left < 0 else "status-ready bold" if left < 30 * MINUTE else "inside bold"
    latest = picture.time(forecast.instant(decision.decide_by))
    yield ((f"   {which:<6}", "muted"), (f"decide by {latest}", ink))
    at = picture.time(forecast.instant(done))
    now = f"{how}; decided now: takes {show_duration(done - forecast.now)}, done {at}"
    for line in wrapped(now, width - 11, most=2):
        yield ((f"{'':<9}{line}", ""),)


def _time_box_items(picture: Picture, wall: datetime, width: int) -> Iterator[Item]:
    box = time_box(picture.board)
    if box is None:
        return
    left = seconds_in_box(picture.board, box, picture.now, wall)
    yield heading("Time-box", time_left_words(left), "bold" if left >= 0 else "muted")
    said = f"from {picture.time(box.start)} ({one_line(box.by, 20)}) to {picture.time(box.end)}"
    yield hanging(said, "", width, "muted")


def _task_items(picture: Picture, width: int) -> Iterator[Item]:
    """What is being undone, or would be, for the cursor to stand on; what still runs and is to be stopped."""
    board, backout = picture.board, picture.forecast.backout
    if board.invocation is not None:
        found = tasks_under_way(board, picture.forecast)
        yield heading("Back-out", f"{sum(task.state in CLOSED_STATES for task in found)} of {len(found)} done")
    elif backout is not None:
        found = tasks_to_undo(board, backout)
        yield heading("Would be undone", f"{len(found)} of {len(board.backout_tasks)}")
    else:
        return
    for task in found:
        yield Item((task_line(picture, task, width),), task.ref)
    if board.invocation is not None and (running := board.left_running):
        yield heading("To be stopped or finished", ink="beyond")
        for task in running:
            yield Item((task_line(picture, task, width),), task.ref)
