"""What stands left of the bars of the timeline."""

from __future__ import annotations

from dataclasses import dataclass

from warroom.board.board import CLOSED_STATES
from warroom.board.rows import Task
from warroom.clock.durations import MINUTE, show_duration
from warroom.tui.bars import Ghost
from warroom.tui.groups import Group
from warroom.tui.ink import Span, Spans, padded, width_of
from warroom.tui.marks import (
    DORMANT,
    GHOST,
    LATE,
    PUSHED,
    STALE,
    STATES,
    VERDICTS,
    Mark,
)
from warroom.tui.picture import Picture
from warroom.vocabulary.text import one_line
from warroom.vocabulary.words import TaskKind, TaskState

_WORD = 10
_SLIP = 8


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
    late = _late_spans(group) if folded else ()
    room = columns.label - 2 - len(count) - 1 - _WORD - _SLIP - width_of(late)
    name = f"{group.key} {group.name}" if group.key and group.key != group.name else group.name
    slip: Span = ("", "")
    if abs(group.slip) >= MINUTE:
        ink = PUSHED.ink if group.slip > 0 and group.mark.word != "done" else "muted"
        glyph = PUSHED.glyph if ink == PUSHED.ink else " "
        slip = (glyph + show_duration(group.slip, sign=True), ink)
    return (
        ("▸ " if folded else "▾ ", "group bold"),
        (padded(one_line(name, 80), room - 1) + " ", "group bold"),
        *late,
        (f"{count} ", "group"),
        (padded(f"{group.mark.glyph} {group.mark.word}", _WORD), group.mark.ink),
        (padded(slip[0], _SLIP), slip[1]),
    )


def _late_spans(group: Group) -> Spans:
    """How many late tasks a folded group hides."""
    spans: list[Span] = []
    if group.causes:
        spans.append((f"{LATE.glyph}{group.causes} ", f"{LATE.ink} bold"))
    if group.pushed:
        spans.append((f"{PUSHED.glyph}{group.pushed} ", PUSHED.ink))
    return tuple(spans)


def related(label: Spans, mark: Mark | None) -> Spans:
    """A label with the sign that the row comes before or after the selected one."""
    if mark is None or not label:
        return label
    glyph, ink = label[0]
    return ((glyph[:1], ink), (mark.glyph, f"{mark.ink} bold"), *label[1:])


def column_titles(columns: Columns) -> str:
    """What stands above the labels."""
    names = "  " + padded("ref", columns.ref + 1) + padded("task", columns.title)
    names += padded("owner", columns.owner) if columns.owner else ""
    return padded(names + padded("state", _WORD) + " slip", columns.label)
