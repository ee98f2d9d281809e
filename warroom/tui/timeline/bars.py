"""One row of the timeline as cells: the plan in the lower half of the line, what happens in the upper half.

Past a task's planned finish the lower half is free, and its delay fills the whole line: inherited delay light, own
delay dense, so that a cause stands out from those that it pushed. What rests on a guess is drawn with gaps.
"""

from __future__ import annotations

from dataclasses import dataclass

from warroom.board.board import CLOSED_STATES
from warroom.board.rows import Task
from warroom.clock.durations import MINUTE
from warroom.tui.drawing.axis import Axis
from warroom.tui.drawing.ink import Span, Spans
from warroom.tui.drawing.marks import (
    BACKOUT,
    DEADLINE,
    ETA,
    FLOAT,
    GHOST,
    GHOST_POINT,
    KIND_GLYPHS,
    LATE,
    PUSHED,
    STATES,
)
from warroom.tui.picture.groups import Group
from warroom.tui.picture.picture import Picture
from warroom.vocabulary.words import ShownState, TaskKind, TaskState

Cells = list[Span]

FLOAT_TAIL = "lane-plan"
"""The ink of the tail that shows the float: as quiet as the plan."""


@dataclass(frozen=True, slots=True)
class Bar:
    """What is drawn of a task; instants in seconds from the window start.

    Attributes:
        worked_until: up to where the bar is fact; None if the task has not begun.
        own: seconds at the end of the bar that are the task's own delay.
        guess: whether what lies ahead rests on a guess.
        glyph: of a gate or milestone, which is a point; "" for work.
        held: whether a back-out holds it, so that only its plan is left.
        late_finish: the latest finish that harms nobody; None once it is finished.
        eta: the finish as its owner gave it, while it is open. deadline: that of the plan.
    """

    state: ShownState
    planned_start: int
    planned_finish: int
    start: int
    finish: int
    worked_until: int | None
    own: int
    guess: bool
    glyph: str
    held: bool = False
    late_finish: int | None = None
    eta: int | None = None
    deadline: int | None = None


@dataclass(frozen=True, slots=True)
class Ghost:
    """Where a task would lie; instants in seconds from the window start.

    Attributes:
        moves: seconds by which its finish would move.
        asked: whether it is the task that is supposed to slip.
    """

    start: int
    finish: int
    moves: int
    asked: bool

    @property
    def ink(self) -> str:
        return f"{LATE.ink if self.asked else PUSHED.ink} bold"


@dataclass(frozen=True, slots=True)
class Rule:
    """A vertical line at an instant, seconds from the window start; those that come first hide later ones.

    Attributes:
        head: its glyph above the bars. name: what is said of it there. short: the same where there is little room.
    """

    at: int
    glyph: str
    ink: str
    head: str = ""
    name: str = ""
    short: str = ""


def bar_of(picture: Picture, task: Task) -> Bar:
    """The bar of one task."""
    forecast = picture.forecast
    planned, expected, delay = forecast.planned(task), forecast.of(task), forecast.delay(task)
    start, worked_until = expected.start, None
    if task.actual_start is not None:
        start = forecast.seconds(task.actual_start)
        closed = task.actual_finish is not None
        stop = task.blocked_at if task.state is TaskState.BLOCKED else None
        worked_until = expected.finish if closed and task.state is not TaskState.FAILED else forecast.now
        if stop is not None:
            worked_until = forecast.seconds(stop)
    point = task.kind_of_task is TaskKind.GATE or planned.start == planned.finish
    return Bar(
        state=picture.board.shown_state(task),
        planned_start=planned.start,
        planned_finish=planned.finish,
        start=start,
        finish=expected.finish,
        worked_until=worked_until,
        own=max(0, delay.own),
        guess=expected.guess,
        glyph=KIND_GLYPHS[TaskKind.GATE] if point else "",
        held=picture.board.is_held(task),
        late_finish=expected.late_finish,
        eta=None if task.eta is None or task.state in CLOSED_STATES else forecast.seconds(task.eta),
        deadline=None if task.state in CLOSED_STATES else task.deadline_s,
    )


def bar_cells(bar: Bar, axis: Axis, rules: tuple[Rule, ...], ghost: Ghost | None = None) -> Spans:
    """The row of a task, with its ghost over it if it has one."""
    cells = _ruled(axis, rules)
    if bar.late_finish is not None and bar.late_finish > bar.finish and not bar.held:
        for column in _columns(axis, bar.finish, bar.late_finish):
            if cells[column][0] == " ":
                cells[column] = (FLOAT.glyph, FLOAT_TAIL)
    if bar.glyph:
        _put(cells, axis, bar.planned_finish, KIND_GLYPHS[TaskKind.MILESTONE], "muted")
        if not bar.held:
            _put(cells, axis, bar.finish, bar.glyph, _point_ink(bar))
        if ghost is not None:
            _put(cells, axis, ghost.finish, GHOST_POINT.glyph, ghost.ink)
        return tuple(cells)
    plan = _columns(axis, bar.planned_start, bar.planned_finish)
    lane = _columns(axis, bar.start, bar.finish) if bar.state is not ShownState.SKIPPED and not bar.held else range(0)
    late = bar.finish - bar.planned_finish >= MINUTE
    for column in plan:
        cells[column] = ("▄", "lane-plan")
    for column in lane:
        instant = axis.left + column * axis.step
        fact = bar.worked_until is not None and instant < bar.worked_until
        if bar.guess and not fact and (column - axis.column(bar.start + axis.step // 2)) % 2:
            continue
        if late and instant >= bar.planned_finish:
            cells[column] = _delay(bar, instant + axis.step // 2 >= bar.finish - bar.own, fact)
        elif column in plan:
            cells[column] = ("▀", f"{_lane_ink(bar, fact)} on:lane-plan")
        else:
            cells[column] = ("▀", _lane_ink(bar, fact))
    if bar.deadline is not None:
        broken = bar.finish > bar.deadline
        _put(cells, axis, bar.deadline, DEADLINE.glyph, f"{'beyond' if broken else DEADLINE.ink} bold")
    if bar.eta is not None:
        _put(cells, axis, bar.eta, ETA.glyph, f"{ETA.ink} bold")
    if ghost is not None:
        for column in _columns(axis, ghost.start, ghost.finish):
            cells[column] = (GHOST.glyph, ghost.ink)
    return tuple(cells)


def group_cells(group: Group, axis: Axis, rules: tuple[Rule, ...]) -> Spans:
    """The row that sums up a group: from its first start to its last finish, and where that was planned. Of the
    back-out: where it would lie if it were decided at the last moment."""
    cells = _ruled(axis, rules)
    if group.dormant:
        for column in _columns(axis, group.start, group.finish) if group.finish > group.start else ():
            cells[column] = ("╌", BACKOUT.ink)
        return tuple(cells)
    for column in _columns(axis, group.start, group.finish):
        late = axis.left + column * axis.step >= group.planned_finish
        cells[column] = ("━", PUSHED.ink) if late else ("━", "group")
    return tuple(cells)


def blank_cells(axis: Axis, rules: tuple[Rule, ...]) -> Spans:
    """The row of a task that has no time."""
    return tuple(_ruled(axis, rules))


def _ruled(axis: Axis, rules: tuple[Rule, ...]) -> Cells:
    cells: Cells = [(" ", "")] * axis.width
    for rule in reversed(rules):
        _put(cells, axis, rule.at, rule.glyph, rule.ink)
    return cells


def _put(cells: Cells, axis: Axis, at: int, glyph: str, ink: str) -> None:
    if axis.shows(at):
        cells[axis.column(at)] = (glyph, ink)


def _columns(axis: Axis, start: int, finish: int) -> range:
    """The columns in view that a span touches by half a column or more; at least the one in which it starts."""
    half = axis.step // 2
    first = axis.column(start + half)
    return range(max(0, first), min(axis.width, max(first + 1, axis.column(finish + half))))


def _delay(bar: Bar, own: bool, fact: bool) -> Span:
    if bar.state is ShownState.DONE:
        return ("▓", "lane-done") if own else ("░", "lane-done")
    if own:
        return ("█" if fact else "▓", LATE.ink)
    return ("▒" if fact else "░", PUSHED.ink)


def _lane_ink(bar: Bar, fact: bool) -> str:
    if bar.state is ShownState.DONE:
        return "lane-done"
    return STATES[bar.state].ink if fact else "lane-forecast"


def _point_ink(bar: Bar) -> str:
    if bar.state in (ShownState.DONE, ShownState.FAILED, ShownState.SKIPPED, ShownState.BLOCKED):
        return STATES[bar.state].ink + " bold"
    return (
        f"{LATE.ink if bar.own >= MINUTE else PUSHED.ink if bar.finish - bar.planned_finish >= MINUTE else 'gate'} bold"
    )
