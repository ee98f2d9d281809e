"""What stands left of the bars of the timeline and above them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from rich.cells import cell_len

from warroom.board.board import CLOSED_STATES
from warroom.board.rows import Task
from warroom.clock.durations import DAY, MINUTE, show_duration
from warroom.tui.axis import Axis, day_label, tick_labels
from warroom.tui.bars import Ghost, Rule
from warroom.tui.ink import Span, Spans, padded
from warroom.tui.marks import (
    BACKOUT,
    DORMANT,
    GHOST,
    LATE,
    NO_RETURN,
    NOW,
    PUSHED,
    STALE,
    STATES,
    VERDICTS,
    WINDOW_END,
    Mark,
)
from warroom.tui.picture import Group, Picture
from warroom.vocabulary.text import one_line
from warroom.vocabulary.words import TaskKind, TaskState

_WORD = 10
_SLIP = 8
_LINES: dict[str, Mark] = {"│": NOW, "┃": WINDOW_END, "┊": BACKOUT, "┆": NO_RETURN}


@dataclass(frozen=True, slots=True)
class Columns:
    """Widths in cells; `owner` is 0 where there is no room for it."""

    ref: int
    title: int
    owner: int
    bars: int

    @classmethod
    def fitted(cls, width: int, ref: int) -> Columns:
        """The columns for a timeline of `width` cells whose longest ref takes `ref`."""
        owner = 9 if width >= 100 else 0
        fixed = 2 + ref + 1 + owner + _WORD + _SLIP
        title = min(40, max(12, width * 54 // 100 - fixed))
        return cls(ref, title, owner, max(0, width - fixed - title))

    @property
    def label(self) -> int:
        return 2 + self.ref + 1 + self.title + self.owner + _WORD + _SLIP


def task_label(picture: Picture, task: Task, columns: Columns, ghost: Ghost | None = None) -> Spans:
    """Glyph, ref, title, owner, state and slip of a task; by how much its ghost moves, if it has one."""
    if task.ref not in picture.forecast.delays:
        return _dormant_label(picture, task, columns)
    mark = STATES[picture.board.shown_state(task)]
    delay = picture.forecast.delay(task)
    late = picture.late(task)
    cause = late and delay.own >= MINUTE
    word, ink = mark.word, mark.ink
    if task.kind_of_task is TaskKind.GATE:
        gate = picture.board.gate_of(task.id)
        if gate is not None and gate.verdict is not None:
            word, ink = VERDICTS[gate.verdict].word, VERDICTS[gate.verdict].ink
    if task.stale_since is not None and task.state not in (TaskState.BLOCKED, TaskState.FAILED):
        closed = task.state in CLOSED_STATES
        mark = Mark(STALE.glyph, STALE.word if closed else mark.word, STALE.ink)
        word, ink = mark.word, mark.ink
    slip: Span = ("", "")
    if ghost is not None:
        slip = (GHOST.glyph + show_duration(ghost.moves, sign=True), ghost.ink)
    elif cause:
        slip = (LATE.glyph + show_duration(delay.slip, sign=True), LATE.ink + " bold")
    elif late:
        slip = (PUSHED.glyph + show_duration(delay.slip, sign=True), PUSHED.ink)
    elif abs(delay.slip) >= MINUTE and not picture.board.is_held(task):
        slip = (" " + show_duration(delay.slip, sign=True), "muted")
    quiet = "muted" if mark.word in ("done", "skipped") else ""
    spans: list[Span] = [
        (f"{mark.glyph} ", f"{ink} bold"),
        (padded(one_line(task.ref, 14), columns.ref) + " ", f"{LATE.ink} bold" if cause else quiet or "bold"),
        (padded(one_line(task.title, 80), columns.title - 1) + " ", quiet),
    ]
    if columns.owner:
        owner = one_line(picture.board.handle(task.owner_id) or "–", 20)
        spans.append((padded(owner, columns.owner - 1) + " ", "muted"))
    spans.append((padded(word, _WORD), ink))
    spans.append((padded(slip[0], _SLIP), slip[1]))
    return tuple(spans)


def _dormant_label(picture: Picture, task: Task, columns: Columns) -> Spans:
    """The same of a task of the back-out; it has no slip, so its duration stands there."""
    owner = one_line(picture.board.handle(task.owner_id) or "–", 20)
    names = f"{padded(one_line(task.ref, 14), columns.ref)} {padded(one_line(task.title, 80), columns.title - 1)} "
    names += padded(owner, columns.owner - 1) + " " if columns.owner else ""
    state = padded(DORMANT.word, _WORD) + padded(f" {show_duration(task.duration_s)}", _SLIP)
    return ((f"{DORMANT.glyph} ", DORMANT.ink), (names + state, "muted"))


def group_label(group: Group, columns: Columns, folded: bool) -> Spans:
    """Name, count, state and slip of a group."""
    count = f"{group.done}/{len(group.tasks)}"
    room = columns.label - 2 - len(count) - 1 - _WORD - _SLIP
    name = f"{group.key} {group.name}" if group.key and group.key != group.name else group.name
    slip: Span = ("", "")
    if abs(group.slip) >= MINUTE:
        ink = PUSHED.ink if group.slip > 0 and group.mark.word != "done" else "muted"
        glyph = PUSHED.glyph if ink == PUSHED.ink else " "
        slip = (glyph + show_duration(group.slip, sign=True), ink)
    return (
        ("▸ " if folded else "▾ ", "group bold"),
        (padded(one_line(name, 80), room - 1) + " ", "group bold"),
        (f"{count} ", "group"),
        (padded(f"{group.mark.glyph} {group.mark.word}", _WORD), group.mark.ink),
        (padded(slip[0], _SLIP), slip[1]),
    )


def rules_of(picture: Picture) -> tuple[Rule, ...]:
    """The vertical lines: now, the window's end, the last back-out, the point of no return."""
    forecast, board = picture.forecast, picture.board
    rules = [Rule(forecast.now, "│", NOW.ink)] if board.run is not None else []
    rules.append(Rule(forecast.end, "┃", WINDOW_END.ink))
    if forecast.decide_backout_by is not None:
        rules.append(Rule(forecast.decide_backout_by, "┊", BACKOUT.ink))
    ref = board.plan.point_of_no_return
    if ref is not None and ref in forecast.delays:
        task = board.task(ref)
        assert task is not None
        rules.append(Rule(forecast.of(task).start, "┆", NO_RETURN.ink))
    return tuple(rules)


def head_line(picture: Picture, columns: Columns, axis: Axis, rules: tuple[Rule, ...], y: int) -> Spans:
    """The two lines above the bars: days and the names of the lines (0), hours and the lines' marks (1)."""
    origin, zone = picture.forecast.origin, picture.zone
    ticks = list(tick_labels(axis, origin, zone))
    cells: list[Span] = [(" ", "")] * axis.width
    if y == 0:
        for rule in rules:
            if axis.shows(rule.at):
                mark = _LINES[rule.glyph]
                said = mark.word
                if rule.glyph == "│":
                    said = picture.time(picture.now)
                _write(cells, axis.column(rule.at), f"{mark.glyph} {said}", mark.ink)
        for column, _, begins_day in ticks:
            if begins_day and axis.tick < DAY:
                local = (origin + timedelta(seconds=axis.left + (column + 1) * axis.step)).astimezone(zone)
                _write(cells, column, day_label(local), "muted")
        left = (origin + timedelta(seconds=axis.left)).astimezone(zone)
        if axis.tick < DAY:
            _write(cells, 0, day_label(left), "muted")
        return ((" " * columns.label, ""), *cells)
    for rule in rules:
        _write(cells, axis.column(rule.at), rule.glyph, rule.ink)
    for column, label, _ in ticks:
        _write(cells, column, f"╷{label}", "muted")
    names = "  " + padded("ref", columns.ref + 1) + padded("task", columns.title)
    names += padded("owner", columns.owner) if columns.owner else ""
    return ((padded(names + padded("state", _WORD) + " slip", columns.label), "muted"), *cells)


def _write(cells: list[Span], column: int, text: str, ink: str) -> None:
    """Write a text where it has room, with a free cell on each side; else not at all."""
    end = column + cell_len(text)
    if column < 0 or end > len(cells):
        return
    around = cells[max(0, column - 1) : end + 1]
    if len(text) == 1:
        around = cells[column : column + 1]
    if all(text_here == " " for text_here, _ in around):
        for offset, character in enumerate(text):
            cells[column + offset] = (character, ink)
