"""The network around one task: levels of tasks from left to right, and the lines between them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from rich.cells import cell_len

from warroom.board.board import Board
from warroom.board.chain import downstream, upstream
from warroom.board.rows import Task
from warroom.clock.durations import show_duration
from warroom.tui.drawing.ink import Span, Spans, padded
from warroom.tui.drawing.marks import KIND_GLYPHS, LATE, STATES
from warroom.tui.drawing.strokes import DOWN, LEFT, RIGHT, SQUARE, UP
from warroom.tui.drawing.wrapping import wrapped
from warroom.tui.picture.picture import Picture
from warroom.tui.telling.tasks import short_mark
from warroom.vocabulary.text import one_line
from warroom.vocabulary.words import TaskKind

LOW_NODE, TALL_NODE = 4, 6
"""Lines of a task, with the one between it and the next: state, title, float and owner; with room for them, a second
line of the title, and when it begins and ends."""

GUTTER = 7
"""Cells between two levels, in which the lines run."""

LEAST_NODE = 17
"""Cells that the text of a task needs."""


@dataclass(frozen=True, slots=True)
class Node:
    """A task of the network, and where it stands: its level from the left, and its place from the top."""

    task: Task
    column: int
    row: int


@dataclass(frozen=True, slots=True)
class Net:
    """The tasks around `centre`, level by level, and the links between levels beside each other.

    Attributes:
        columns: the nodes of each level, from the top; the first are those that come longest before.
        links: pairs of keys of tasks (predecessor, successor).
        beyond: keys of tasks at either edge that have more before or after them than is shown.
        rows: how many rows the fullest level needs.
    """

    centre: Task
    columns: tuple[tuple[Node, ...], ...]
    links: frozenset[tuple[int, int]]
    beyond: frozenset[int]
    rows: int

    def following(self, key: int) -> tuple[int, ...]:
        """Keys of the tasks in the next level that are linked with the one of this key."""
        return tuple(after for before, after in self.links if before == key)

    @property
    def nodes(self) -> tuple[Node, ...]:
        return tuple(node for column in self.columns for node in column)


def levels_for(width: int) -> int:
    """How many levels before and after the task find room in so many cells: 1 to 3."""
    return max(1, min(3, ((width + GUTTER) // (LEAST_NODE + GUTTER) - 1) // 2))


def net_around(board: Board, centre: Task, levels: int) -> Net:
    """The network around `centre`, up to so many levels before and after it. Who comes before as well as after, by
    ways of different lengths, stands where the shorter one leads."""
    by_level: defaultdict[int, list[Task]] = defaultdict(list)
    by_level[0].append(centre)
    for one in (*upstream(board, centre, levels), *downstream(board, centre, levels)):
        by_level[one.level].append(one.task)
    ordered = _ordered(board, by_level)
    first, last = min(by_level), max(by_level)
    rows = max(map(len, ordered.values()))
    columns = tuple(
        tuple(Node(task, level - first, place + (rows - len(ordered[level])) // 2) for place, task in enumerate(tasks))
        for level, tasks in sorted(ordered.items())
    )
    column_of = {node.task.id: node.column for column in columns for node in column}
    links = frozenset(
        (key, after.id)
        for key, column in column_of.items()
        for after in board.successors(key)
        if column_of.get(after.id) == column + 1
    )
    beyond = {task.id for task in ordered[first] if board.predecessors(task.id)} if first < 0 else set()
    beyond |= {task.id for task in ordered[last] if board.successors(task.id)} if last > 0 else set()
    return Net(centre, columns, links, frozenset(beyond), rows)


def _ordered(board: Board, by_level: dict[int, list[Task]]) -> dict[int, list[Task]]:
    """Each level in an order in which few lines cross: beside the middle of what they are linked with nearer to the
    centre."""
    ordered = {0: by_level[0]}
    for level in sorted(by_level, key=abs):
        if level == 0:
            continue
        inner = {task.id: place for place, task in enumerate(ordered[level - 1 if level > 0 else level + 1])}
        ordered[level] = sorted(by_level[level], key=partial(_place, board, inner, level))
    return ordered


def _place(board: Board, inner: Mapping[int, int], level: int, task: Task) -> tuple[float, int]:
    beside = board.predecessors(task.id) if level > 0 else board.successors(task.id)
    linked = [inner[one.id] for one in beside if one.id in inner]
    return sum(linked) / len(linked) if linked else 0.0, task.position


class Drawing:
    """A network in so many cells: what each of its lines shows.

    Args:
        chosen: key of the task whose links stand out.
        height: lines that there are to show it.
    """

    def __init__(self, picture: Picture, net: Net, width: int, height: int, chosen: int | None) -> None:
        self.net = net
        self.node_lines = TALL_NODE if net.rows * TALL_NODE <= height else LOW_NODE
        self._picture = picture
        self._chosen = chosen
        count = len(net.columns)
        self.node_width = max(1, (width - GUTTER * (count - 1)) // count)
        self._cells: dict[tuple[int, int, int], int] = defaultdict(int)
        self._strong: set[tuple[int, int, int]] = set()
        for gutter in range(count - 1):
            self._route(gutter)
        self._by_row = {(node.column, node.row): node for node in net.nodes}

    @property
    def line_count(self) -> int:
        return self.net.rows * self.node_lines

    def spans(self, line: int) -> Spans:
        """One line."""
        row, within = divmod(line, self.node_lines)
        spans: list[Span] = []
        for column in range(len(self.net.columns)):
            node = self._by_row.get((column, row))
            spans += self._text(node, within) if node is not None else [(" " * self.node_width, "")]
            if column + 1 < len(self.net.columns):
                spans += self._gutter(column, line)
        return tuple(spans)

    def _text(self, node: Node, within: int) -> list[Span]:
        task, picture, width = node.task, self._picture, self.node_width
        if within == 0:
            mark = (
                short_mark(picture, task)
                if task.ref in picture.forecast.delays
                else STATES[picture.board.shown_state(task)]
            )
            glyph = KIND_GLYPHS.get(TaskKind(task.kind_of_task), mark.glyph)
            ref = one_line(task.ref, 14)
            word = padded(f" {mark.word}", max(0, width - 3 - len(ref)))
            weight = "bold underline" if task.id == self.net.centre.id else "bold"
            return self._exactly([(f"{glyph} ", f"{mark.ink} bold"), (ref, weight), (word, mark.ink)])
        tall = self.node_lines == TALL_NODE
        if within == 1 or (tall and within == 2):
            title = one_line(task.title, 80)
            lines = wrapped(title, width - 2, most=2) if tall else [title]
            return self._exactly([(f"  {lines[within - 1]}" if within <= len(lines) else "", "")])
        if tall and within == 3:
            return self._exactly([(f"  {_hours(picture, task)}", "muted")])
        if within == self.node_lines - 2:
            owner = one_line(picture.board.handle(task.owner_id) or "nobody", 16)
            more = " …" if task.id in self.net.beyond else ""
            return self._exactly(
                [("  ", ""), float_text(picture, task), (f" {owner}", "muted"), (more, "primary bold")]
            )
        return [(" " * width, "")]

    def _exactly(self, spans: Sequence[Span]) -> list[Span]:
        """The spans in exactly the width of a node."""
        room, cut = self.node_width, []
        for text, ink in spans:
            shown = padded(text, min(room, cell_len(text)))
            cut.append((shown, ink))
            room -= cell_len(shown)
        return [*cut, (" " * room, "")]

    # --- lines -----------------------------------------------------------------------------------------------------

    def _route(self, gutter: int) -> None:
        """Lead each link of a gutter: along its predecessor's line to a track of its own, up or down, and on. Where
        there are more predecessors than tracks, some share one."""
        left, right = self.net.columns[gutter], self.net.columns[gutter + 1]
        rows = {node.task.id: node.row * self.node_lines for node in (*left, *right)}
        following: defaultdict[int, list[int]] = defaultdict(list)
        for before, after in self.net.links:
            if after in rows:
                following[before].append(after)
        sources = [node for node in left if following[node.task.id]]
        tracks = range(1, GUTTER - 2)
        for place, node in enumerate(sources):
            track = tracks[place * len(tracks) // len(sources)] if len(sources) > 1 else tracks[len(tracks) // 2]
            for after in following[node.task.id]:
                strong = self._chosen in (node.task.id, after)
                self._lead(gutter, rows[node.task.id], rows[after], track, strong)

    def _lead(self, gutter: int, begin: int, end: int, track: int, strong: bool) -> None:
        for x in range(track):
            self._draw(gutter, begin, x, LEFT | RIGHT, strong)
        for x in range(track + 1, GUTTER - 1):
            self._draw(gutter, end, x, LEFT | RIGHT, strong)
        if begin == end:
            self._draw(gutter, begin, track, LEFT | RIGHT, strong)
            return
        down = end > begin
        self._draw(gutter, begin, track, LEFT | (DOWN if down else UP), strong)
        self._draw(gutter, end, track, RIGHT | (UP if down else DOWN), strong)
        for line in range(min(begin, end) + 1, max(begin, end)):
            self._draw(gutter, line, track, UP | DOWN, strong)

    def _draw(self, gutter: int, line: int, x: int, arms: int, strong: bool) -> None:
        self._cells[gutter, line, x] |= arms
        if strong:
            self._strong.add((gutter, line, x))

    def _gutter(self, gutter: int, line: int) -> Iterable[Span]:
        for x in range(GUTTER):
            arms = self._cells.get((gutter, line, x), 0)
            ink = "primary bold" if (gutter, line, x) in self._strong else "muted"
            if x == GUTTER - 1 and self._cells.get((gutter, line, x - 1), 0):
                strong = (gutter, line, x - 1) in self._strong
                yield "›", "primary bold" if strong else "muted"
            else:
                yield (SQUARE[arms], ink) if arms else (" ", "")


def _hours(picture: Picture, task: Task) -> str:
    """From when to when it was worked on, or is expected to be."""
    forecast = picture.forecast
    if task.ref not in forecast.delays:
        return "takes no part"
    expected = forecast.of(task)
    start = task.actual_start or forecast.instant(expected.start)
    finish = task.actual_finish or forecast.instant(expected.finish)
    return f"{picture.weekday_time(start)}-{picture.weekday_time(finish)}"


def float_text(picture: Picture, task: Task) -> Span:
    """How far a task may slip and harm nobody, and its ink; when it was finished, where it is."""
    if task.actual_finish is not None:
        return picture.time(task.actual_finish), "muted"
    total = picture.forecast.of(task).total_float if task.ref in picture.forecast.delays else None
    if total is None:
        return "no float", "muted"
    return f"float {show_duration(total, sign=True)}", LATE.ink if total <= 0 else "muted"
