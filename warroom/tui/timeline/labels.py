"""What stands left of the bars of the timeline: how a task stands, by how much it slips, its ref, and its title, which
runs on over the bars' ground as far as nothing is drawn there."""

from __future__ import annotations

from dataclasses import dataclass

from rich.cells import cell_len

from warroom.board.board import CLOSED_STATES
from warroom.board.rows import Task
from warroom.clock.durations import MINUTE, show_duration
from warroom.tui.drawing.ink import Span, Spans, padded, width_of
from warroom.tui.drawing.marks import (
    DORMANT,
    GHOST,
    LATE,
    PUSHED,
    STALE,
    STATES,
    VERDICTS,
    Mark,
)
from warroom.tui.picture.groups import Group
from warroom.tui.picture.picture import Picture
from warroom.tui.timeline.bars import Ghost
from warroom.vocabulary.text import one_line
from warroom.vocabulary.words import TaskKind, TaskState

_WORD = 10
_SLIP = 8
_SHORTEST_TITLE = 16
_LONGEST_TITLE = 100


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
        title = min(40, max(_SHORTEST_TITLE, width * 54 // 100 - fixed))
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
    return (
        (f"{mark.glyph} ", f"{ink} bold"),
        (padded(word, _WORD), ink),
        (padded(slip[0], _SLIP), slip[1]),
        (padded(one_line(task.ref, 14), columns.ref) + " ", f"{LATE.ink} bold" if cause else quiet or "bold"),
        *_owner(picture, task, columns),
        (_title(task), quiet),
    )


def _dormant_label(picture: Picture, task: Task, columns: Columns) -> Spans:
    """The same of a task of the back-out; it has no slip, so its duration stands there."""
    state = padded(DORMANT.word, _WORD) + padded(f" {show_duration(task.duration_s)}", _SLIP)
    ref = padded(one_line(task.ref, 14), columns.ref)
    return (
        (f"{DORMANT.glyph} ", DORMANT.ink),
        (f"{state}{ref} ", "muted"),
        *_owner(picture, task, columns),
        (_title(task), "muted"),
    )


def _owner(picture: Picture, task: Task, columns: Columns) -> Spans:
    if not columns.owner:
        return ()
    owner = one_line(picture.board.handle(task.owner_id) or "–", 20)
    return ((padded(owner, columns.owner - 1) + " ", "muted"),)


def _title(task: Task) -> str:
    return one_line(task.title, _LONGEST_TITLE)


def over_cells(label: Spans, cells: Spans, columns: Columns) -> Spans:
    """A label and the cells beside it as one line; where its last text is too long for the label it runs on over the
    cells as far as they are blank, with one left free before the first that is not.

    Args:
        cells: one span for each.
    """
    room = columns.label - width_of(label[:-1])
    text, ink = label[-1]
    size = cell_len(text)
    if size < room:
        return (*label[:-1], (text + " " * (room - size), ink), *cells)
    blank = next((place for place, (drawn, _) in enumerate(cells) if drawn != " "), len(cells))
    shown = padded(text, min(size, room + blank - 1))
    size = max(room, cell_len(shown))
    line: list[Span] = [*label[:-1]]
    place, piece, ground = 0, "", ""
    for character in shown:
        beneath = _ground(cells[place - room][1]) if place >= room else ""
        if beneath != ground:
            line.append((piece, f"{ink} {ground}".strip()))
            piece, ground = "", beneath
        piece += character
        place += cell_len(character)
    line.append((piece, f"{ink} {ground}".strip()))
    line.append((" " * (size - place), ink))
    return (*line, *cells[size - room :])


def _ground(ink: str) -> str:
    """The ground in an ink's words, or ""."""
    return next((word for word in ink.split() if word.startswith("on:")), "") if "on:" in ink else ""


def group_label(group: Group, columns: Columns, folded: bool) -> Spans:
    """State, slip, name and count of a group, and how many late tasks it hides."""
    name = f"{group.key} {group.name}" if group.key and group.key != group.name else group.name
    slip: Span = ("", "")
    if abs(group.slip) >= MINUTE:
        ink = PUSHED.ink if group.slip > 0 and group.mark.word != "done" else "muted"
        glyph = PUSHED.glyph if ink == PUSHED.ink else " "
        slip = (glyph + show_duration(group.slip, sign=True), ink)
    state = f"{group.mark.glyph} {group.mark.word}"
    if len(state) > _WORD:
        state = group.mark.glyph + group.mark.word
    count = (f" {group.done}/{len(group.tasks)} ", "group")
    late = _late_spans(group) if folded else ()
    name = one_line(name, 80)
    room = columns.label - 2 - _WORD - _SLIP - width_of((count, *late))
    return (
        ("▸ " if folded else "▾ ", "group bold"),
        (padded(state, _WORD), group.mark.ink),
        (padded(slip[0], _SLIP), slip[1]),
        (padded(name, min(room, cell_len(name))), "group bold"),
        count,
        *late,
        ("", ""),
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
    names = "  " + padded("state", _WORD) + padded(" slip", _SLIP) + padded("ref", columns.ref + 1)
    names += padded("owner", columns.owner) if columns.owner else ""
    return padded(names + "task", columns.label)
