"""What stands above the bars of the timeline: days and hours, the names of the vertical lines, and the legend."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from rich.cells import cell_len

from warroom.board.board import CLOSED_STATES
from warroom.board.rows import Gate, Task
from warroom.clock.durations import DAY, show_duration
from warroom.clock.times import parse_zone, show_offset
from warroom.tui.drawing.axis import Axis, day_label, offset_labels, tick_labels
from warroom.tui.drawing.ink import Span, Spans, width_of
from warroom.tui.drawing.marks import BACKOUT, DEADLINE, GATE, GATE_DUE, LEGEND, NO_RETURN, NOW, STATES, WINDOW_END
from warroom.tui.picture.picture import Picture
from warroom.tui.telling.countdowns import due_s
from warroom.tui.timeline.bars import Rule
from warroom.tui.timeline.labels import Columns, column_titles
from warroom.tui.timeline.shade import Shade, city
from warroom.vocabulary.text import one_line
from warroom.vocabulary.words import TaskKind

HEAD_LINES = 2
"""The days and the hours; a second axis takes one more."""

BESIDE = 3
"""Columns closer than this leave no room for two signs with a free cell on each side."""


class SecondAxis(StrEnum):
    """What the second axis counts."""

    OWN = "your zone"
    OFFSET = "T+"
    RELATIVE = "from now"
    NONE = "none"

    @property
    def following(self) -> SecondAxis:
        """The next one, round and round."""
        all_of_them = list(SecondAxis)
        return all_of_them[(all_of_them.index(self) + 1) % len(all_of_them)]


def viewers_zone(picture: Picture) -> ZoneInfo | None:
    """The zone of the person at the console, where its clocks show another time than the programme's; else None."""
    person = picture.board.person(picture.actor.person_id)
    if person is None or person.timezone is None:
        return None
    zone = parse_zone(person.timezone)
    differs = picture.now.astimezone(zone).utcoffset() != picture.now.astimezone(picture.zone).utcoffset()
    return zone if differs else None


def rules_of(picture: Picture) -> tuple[Rule, ...]:
    """The vertical lines, the most important first: the last back-out while it lies ahead, now, the window's end, the
    last back-out that is over, the point of no return, when gates are due, and deadlines of what is open."""
    forecast, board = picture.forecast, picture.board
    last = forecast.decide_backout_by
    backout = [] if last is None else [Rule(last, "┊", BACKOUT.ink, BACKOUT.glyph, BACKOUT.word, "back-out")]
    ahead = last is not None and last >= forecast.now
    rules = [*backout] if ahead else []
    if board.run is not None:
        rules.append(Rule(forecast.now, "│", NOW.ink, NOW.glyph, picture.time(picture.now)))
    rules.append(Rule(forecast.end, "┃", WINDOW_END.ink, WINDOW_END.glyph, WINDOW_END.word, "end"))
    if not ahead:
        rules += backout
    ref = board.plan.point_of_no_return
    if ref is not None and ref in forecast.delays:
        task = board.task(ref)
        assert task is not None
        rules.append(Rule(forecast.start_of(task), "┆", NO_RETURN.ink, NO_RETURN.glyph, NO_RETURN.word))
    rules.extend(_due_rules(picture))
    return tuple(rules)


def _due_rules(picture: Picture) -> Iterator[Rule]:
    board, delays = picture.board, picture.forecast.delays
    for gate in board.rows(Gate).values():
        task = board.rows(Task)[gate.task_id]
        if task.ref in delays and gate.decided_at is None:
            yield Rule(due_s(picture, task, gate), GATE_DUE.glyph, "muted", GATE.glyph, one_line(task.ref, 14))
    for task in board.tasks:
        if task.deadline_s is None or task.state in CLOSED_STATES or task.ref not in delays:
            continue
        if task.kind_of_task is not TaskKind.GATE:  # that of a gate is when its decision is due
            yield Rule(task.deadline_s, ":", "muted", DEADLINE.glyph, one_line(task.ref, 14))


def head_lines(
    picture: Picture, columns: Columns, axis: Axis, rules: tuple[Rule, ...], shade: Shade, second: SecondAxis
) -> list[Spans]:
    """The days with the names of the lines, the hours with their marks, and the second axis if there is one."""
    origin, zone = picture.forecast.origin, picture.zone
    ticks = tick_labels(axis, origin, zone)
    days, hours = _blank(axis), _blank(axis)
    for rule in _to_name(rules, axis):
        if axis.shows(rule.at):
            _name(days, axis.column(rule.at), rule)
    for column, _, begins_day in ticks:
        if begins_day and axis.tick < DAY:
            local = (origin + timedelta(seconds=axis.left + (column + 1) * axis.step)).astimezone(zone)
            _write(days, column, day_label(local), "muted")
    _mark(hours, [rule for rule in rules if not _is_due(rule)], axis, days)
    for column, label, _ in ticks:
        _write(hours, column, f"╷{label}", "muted")
    _mark(hours, [rule for rule in rules if _is_due(rule)], axis, days)
    dark = shade.columns(axis)
    _name_shade(days, dark, shade)
    begins = day_label((origin + timedelta(seconds=axis.left)).astimezone(zone))
    lines: list[Spans] = [
        (*_aside(columns, f"{city(zone)} {begins} "), *days),
        ((column_titles(columns), "muted"), *hours),
    ]
    if second is not SecondAxis.NONE:
        named, cells = _second(picture, axis, second)
        lines.append((*_aside(columns, f"{named} "), *cells))
    return lines


def _to_name(rules: tuple[Rule, ...], axis: Axis) -> list[Rule]:
    """The lines in the order in which they are named: now first, as its name leaves the room to the right free, unless
    the last back-out stands beside it; the window's end last, as its thick line says it without a word."""
    columns = {rule.head: axis.column(rule.at) for rule in rules if not _is_due(rule)}
    beside = abs(columns.get(NOW.glyph, 0) - columns.get(BACKOUT.glyph, BESIDE)) < BESIDE
    first = rules[0].head if beside else NOW.glyph
    return sorted(rules, key=lambda rule: (rule.head == WINDOW_END.glyph, rule.head != first))


def _name(cells: list[Span], column: int, rule: Rule) -> None:
    """Write the name of a line beside where it stands, or its short name; that of now to the left if it can be, for
    what lies ahead needs the room to the right."""
    for name in filter(None, (rule.name, rule.short)):
        right = column, f"{rule.head} {name}"
        left = column - cell_len(name) - 1, f"{name} {rule.head}"
        for begin, text in (left, right) if rule.head == NOW.glyph else (right, left):
            if _write(cells, begin, text, _head_ink(rule)):
                return


def _is_due(rule: Rule) -> bool:
    """Whether it is a gate's or a deadline; there may be many of them, so hours come first."""
    return rule.head in (GATE.glyph, DEADLINE.glyph)


def _mark(cells: list[Span], rules: Iterable[Rule], axis: Axis, days: list[Span]) -> None:
    """Mark lines on the hours: with their sign, unless the days above have it with the name already; such a line goes
    on below its name where no other has its sign there."""
    shown = [(rule, axis.column(rule.at)) for rule in rules if axis.shows(rule.at)]
    named = [(rule, column) for rule, column in shown if days[column][0] == rule.head]
    for rule, column in shown:
        if (rule, column) not in named:
            _write(cells, column, rule.head, _head_ink(rule))
    for rule, column in named:
        _write(cells, column, rule.glyph, _head_ink(rule))


def _second(picture: Picture, axis: Axis, second: SecondAxis) -> tuple[str, list[Span]]:
    """Name and cells of the second axis."""
    cells = _blank(axis)
    origin = picture.forecast.origin
    if second is SecondAxis.OFFSET:
        name, ticks = "from the window's start", list(offset_labels(axis, 0, show_offset))
    elif second is SecondAxis.RELATIVE:
        name, ticks = "from now", list(offset_labels(axis, picture.forecast.now, _from_now))
    else:
        zone = viewers_zone(picture) or picture.zone
        name = f"{city(zone)}, yours"
        ticks = [(column, label) for column, label, _ in tick_labels(axis, origin, zone)]
    for column, label in ticks:
        _write(cells, column, f"╷{label}", "muted")
    return name, cells


def _from_now(seconds: int) -> str:
    return show_duration(seconds, sign=True) if seconds else NOW.word


def _head_ink(rule: Rule) -> str:
    return "gate" if rule.head == GATE.glyph else DEADLINE.ink if rule.head == DEADLINE.glyph else rule.ink


def _blank(axis: Axis) -> list[Span]:
    return [(" ", "")] * axis.width


def _aside(columns: Columns, text: str) -> Spans:
    """A text at the right end of the labels."""
    room = max(0, columns.label - cell_len(text))
    return ((" " * room, ""), (text if room else "", "muted")) if room else ((" " * columns.label, ""),)


def _name_shade(cells: list[Span], dark: frozenset[int], shade: Shade) -> None:
    """Say what the shade is, once for each stretch of it, where that has room."""
    words = tuple(dict.fromkeys((f"{shade.word} {shade.whose}".strip(), shade.word)))
    named = -1
    for column in sorted(dark):
        if named == column - 1 and column - 1 in dark:
            named = column  # the rest of a stretch that has its name
            continue
        for said in words:
            stop = column + cell_len(said)
            if all(place in dark for place in range(column, stop)) and _write(cells, column, said, "muted"):
                named = column
                break


def _write(cells: list[Span], column: int, text: str, ink: str) -> bool:
    """Write a text where it has room, with a free cell on each side; else not at all. Returns whether it did."""
    end = column + cell_len(text)
    if column < 0 or end > len(cells):
        return False
    around = cells[max(0, column - 1) : end + 1]
    if len(text) == 1:
        around = cells[column : column + 1]
    if any(text_here != " " for text_here, _ in around):
        return False
    for offset, character in enumerate(text):
        cells[column + offset] = (character, ink)
    return True


def legend_lines(picture: Picture, rules: tuple[Rule, ...], width: int) -> list[Spans]:
    """The vertical lines by name with their times, and the meaning of all signs but those of the states, which stand
    beside their words in every row; flowing over as many lines as they need."""
    pieces: list[Spans] = []
    for rule in rules:
        instant = picture.forecast.instant(rule.at)
        said = NOW.word if rule.head == NOW.glyph else rule.name
        what = " due" if rule.head == GATE.glyph else " deadline" if rule.head == DEADLINE.glyph else ""
        pieces.append(((f"{rule.head} ", f"{_head_ink(rule)} bold"), (f"{said}{what} {picture.moment(instant)}", "")))
    told = {rule.head for rule in rules if not _is_due(rule)} | {mark.glyph for mark in STATES.values()}
    for glyph, ink, meaning in LEGEND:
        if glyph[:1] not in told:
            pieces.append(((f"{glyph} ", f"{ink} bold"), (meaning, "muted")))
    lines: list[list[Span]] = [[]]
    for piece in pieces:
        if lines[-1] and width_of(lines[-1]) + 3 + width_of(piece) > width:
            lines.append([])
        lines[-1] += [(" " if not lines[-1] else "   ", ""), *piece]
    return [tuple(line) for line in lines]
