"""How a gate stands: its times and odds, who owes what, what is still open before it, controls, back-out triggers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from decimal import Decimal

from warroom.board.board import CLOSED_STATES
from warroom.board.rows import Gate, Task
from warroom.clock.durations import MINUTE, show_duration
from warroom.rules.backout import authority, trigger_standings
from warroom.rules.controls import control_standing
from warroom.rules.criteria import Judged
from warroom.tui.controls.texts import control_line
from warroom.tui.drawing.ink import Span, Spans
from warroom.tui.drawing.items import Item, hanging, heading
from warroom.tui.drawing.marks import LATE
from warroom.tui.drawing.picked import OnTrigger
from warroom.tui.gates.criterion_texts import owing_items
from warroom.tui.picture.picture import Picture
from warroom.tui.telling.backout import deciders_text, trigger_spans
from warroom.tui.telling.countdowns import due_s
from warroom.tui.telling.tasks import task_line
from warroom.vocabulary.exact import show_number
from warroom.vocabulary.text import one_line

UPSTREAM = 12
"""How many of the open tasks before a gate are told one by one."""


def standing_items(
    picture: Picture, task: Task, found: Sequence[Judged], confidence: Decimal | None, width: int
) -> tuple[Item, ...]:
    """Where a gate stands: its times and the odds, who owes what to its criteria, what is still open before it, the
    controls, what calls for a back-out.

    Args:
        found: how its criteria stand. confidence: per cent of the trials inside the window; None: not known.
    """
    gate = picture.board.gate_of(task.id)
    if gate is None:
        return ()
    return (
        *(() if picture.board.is_held(task) else _time_items(picture, task, gate, confidence)),
        *_owed_items(picture, gate, found, width),
        *_open_items(picture, task, width),
        *_control_items(picture, width),
        *_trigger_items(picture, width),
    )


def _time_items(picture: Picture, task: Task, gate: Gate, confidence: Decimal | None) -> Iterator[Item]:
    forecast, figures = picture.forecast, picture.figures
    due, expected = due_s(picture, task, gate), forecast.of(task)
    yield heading("Forecast")
    if gate.decided_at is None:
        over = expected.finish - due
        said: list[Span] = [("   decision ", "muted"), (picture.time(forecast.instant(expected.finish)), "bold")]
        said.append((" (a guess)" if expected.guess else "", "muted"))
        if over >= MINUTE:
            said.append((f"  {LATE.glyph} {show_duration(over)} after it is due", "status-late bold"))
        elif over <= -MINUTE:
            said.append((f"  {show_duration(-over)} before it is due", "inside"))
        yield Item((tuple(said),))
    float_s = figures.window_float_s
    inside = float_s >= 0
    size = show_duration(abs(float_s))
    verdict = f"✓ +{size} inside the window" if inside else f"▲ -{size} BEYOND the window"
    finish: Spans = (
        ("   finish   ", "muted"),
        (picture.time(figures.forecast_finish), "bold"),
        (f"  {verdict}", "inside bold" if inside else "beyond bold"),
    )
    yield Item((finish,))
    if confidence is not None:
        odds: Spans = (
            ("   odds     ", "muted"),
            (f"{show_number(confidence)} %", "bold"),
            (" inside the window", "muted"),
        )
        yield Item((odds,))
    duration = forecast.backout_duration
    if figures.latest_backout_decision is not None and duration is not None:
        restored = forecast.at + timedelta(seconds=duration)
        back: Spans = (
            ("   back-out ", "muted"),
            (show_duration(duration), "bold"),
            (f"  decided now: done {picture.time(restored)}", "muted"),
        )
        yield Item((back,))


def _owed_items(picture: Picture, gate: Gate, found: Sequence[Judged], width: int) -> Iterator[Item]:
    if owing := tuple(owing_items(picture, gate, found, width)):
        yield heading("Who owes what")
        yield from owing


def _open_items(picture: Picture, task: Task, width: int) -> Iterator[Item]:
    board = picture.board
    direct = {one.id for one in board.open_predecessors(task.id)}
    missing = upstream(picture, task)
    note = f"{len(missing)} tasks open" if len(missing) != 1 else "1 task open"
    yield heading("Evidence missing", note if missing else "nothing: all that it waits for is done", "muted")
    for one in missing[:UPSTREAM]:
        yield Item((task_line(picture, one, width, quiet=one.id not in direct),), one.ref)
    if len(missing) > UPSTREAM:
        yield Item((((f"   … and {len(missing) - UPSTREAM} more before them", "muted"),),))


def upstream(picture: Picture, task: Task) -> list[Task]:
    """All open tasks that a task waits for, directly or through others: the direct ones first, then by when they are
    expected to finish."""
    board = picture.board
    direct = {one.id for one in board.open_predecessors(task.id)}
    found: dict[int, Task] = {}
    waiting = [task]
    while waiting:
        for one in board.predecessors(waiting.pop().id):
            if one.id not in found and one.state not in CLOSED_STATES and one.ref in picture.forecast.delays:
                found[one.id] = one
                waiting.append(one)
    finish = picture.forecast.of
    return sorted(found.values(), key=lambda one: (one.id not in direct, finish(one).finish, one.position))


def _control_items(picture: Picture, width: int) -> Iterator[Item]:
    controls = picture.board.controls
    if not controls:
        return
    yield heading("Controls", f"{picture.key('console.controls')} shows their figures")
    for control in controls:
        yield control_line(picture, control, control_standing(picture.board, control).worst, width)


def _trigger_items(picture: Picture, width: int) -> Iterator[Item]:
    triggers = picture.board.triggers
    if not triggers:
        return
    yield heading("What calls for a back-out", f"{deciders_text(authority(picture.board))} decides")
    for standing in trigger_standings(picture.board, picture.forecast, picture.now):
        trigger = standing.trigger
        threshold = f" ({one_line(trigger.threshold, 80)})" if trigger.threshold else ""
        lines = hanging(one_line(trigger.text) + threshold, "▲ " if standing.reached else "· ", width, "muted").lines
        for said, ink in trigger_spans(picture, standing):
            lines += hanging(one_line(said), "  ", width, ink).lines
        yield Item(lines, picked=OnTrigger(standing.number))
