"""The timeline: all tasks by phase against the hours, one line each, only the lines in view ever drawn."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from itertools import accumulate
from types import MappingProxyType
from typing import ClassVar

from rich.cells import cell_len
from textual.strip import Strip

from warroom.board.rows import Task
from warroom.clock.durations import DAY, HOUR, MINUTE
from warroom.tui.axis import Axis, filling_step, fitting_step, show_tick, zoomed
from warroom.tui.bars import Ghost, Rule, bar_cells, bar_of, blank_cells, group_cells
from warroom.tui.ink import Spans, drawn
from warroom.tui.picture import BACKOUT_GROUP, Group, Picture
from warroom.tui.timeline_labels import Columns, group_label, head_line, rules_of, task_label
from warroom.tui.widgets.pane import Pane
from warroom.vocabulary.text import one_line

_KEPT = 2_000  # drawn lines that are kept


class Timeline(Pane):
    """Groups and tasks; the axis follows now until somebody pans or zooms."""

    HEAD: ClassVar[int] = 2

    def __init__(self, *, id: str | None = None, show_cursor: bool = True) -> None:  # noqa: A002
        super().__init__(id=id, show_cursor=show_cursor)
        self.picture: Picture | None = None
        self._ghosts: Mapping[str, Ghost] = {}
        self.following = True
        self._collapsed: frozenset[str] = frozenset({BACKOUT_GROUP})
        self._stops: list[int] = []  # of each group, the index behind its last row
        self._columns = Columns(0, 0, 0, 0)
        self._axis = Axis(0, fitting_step(0, 1), 0)
        self._step: int | None = None
        self._rules: tuple[Rule, ...] = ()
        self._spans: dict[int, Spans] = {}
        self._strips: dict[tuple[int, bool, bool], Strip] = {}

    # --- what it shows ---------------------------------------------------------------------------------------------

    def show(self, picture: Picture, ghosts: Mapping[str, Ghost] = MappingProxyType({})) -> None:
        """Show a newer picture, with ghosts of some tasks by ref; repaints only what differs."""
        before, self.picture = self.picture, picture
        self._ghosts = ghosts
        if picture.forecast.backing_out is not None and (before is None or before.forecast.backing_out is None):
            self._collapsed = self._collapsed.difference({BACKOUT_GROUP})
            self._lay_out()
            self.move_to(self._first_of_interest())
            return
        if before is None or _structure(before) != _structure(picture):
            self._lay_out()
            if before is None:
                self.move_to(self._first_of_interest())
            return
        rules, axis = rules_of(picture), self._placed_axis()
        if rules != self._rules or axis != self._axis:
            self._rules, self._axis = rules, axis
            self.forget()
            self.refresh()
            return
        known, self._spans = self._spans, {}
        top = self.scroll_offset.y
        for line in range(top, min(self.line_count, top + self.size.height - self.HEAD)):
            if known.get(line) != self.line_spans(line):
                self._drop_strips(line)
                self.refresh_lines_in_view(range(line, line + 1))
        self._strips = {key: strip for key, strip in self._strips.items() if key[0] in self._spans}

    def _drop_strips(self, line: int) -> None:
        for under_cursor in (False, True):
            for focus in (False, True):
                self._strips.pop((line, under_cursor, focus), None)

    def _lay_out(self) -> None:
        """Count the rows and measure the columns afresh."""
        picture = self.picture
        if picture is None:
            return
        sizes = [1 if group.key in self._collapsed else 1 + len(group.tasks) for group in picture.groups]
        self._stops = list(accumulate(sizes))
        longest = max((cell_len(one_line(task.ref, 14)) for group in picture.groups for task in group.tasks), default=0)
        self._columns = Columns.fitted(self.width, longest)
        self._rules = rules_of(picture)
        self._axis = self._placed_axis()
        self.forget()
        self.items_changed()
        self._entitle()

    def _first_of_interest(self) -> int:
        """Where the cursor begins: the most urgent demand, else the first task."""
        assert self.picture is not None
        if self.picture.demands:
            return self.index_of(self.picture.demands[0].ref) or 0
        return 1

    def forget(self) -> None:
        self._spans.clear()
        self._strips.clear()

    def items_changed(self) -> None:
        if self.picture is not None:
            self._columns = Columns.fitted(self.width, self._columns.ref)
            self._axis = self._placed_axis()
            self._entitle()
        super().items_changed()

    def _entitle(self) -> None:
        title = f"Timeline · by phase · {show_tick(self._axis.tick)}"
        if self.picture is not None and self.picture.in_run:
            title += " · following now" if self.following else " · f follows now"
        self.entitle(title)

    # --- rows ------------------------------------------------------------------------------------------------------

    @property
    def item_count(self) -> int:
        return self._stops[-1] if self._stops else 0

    def lines_of(self, item: int) -> range:
        return range(item, item + 1)

    def item_at(self, line: int) -> int | None:
        return line if 0 <= line < self.item_count else None

    def _row(self, index: int) -> tuple[Group, Task | None]:
        assert self.picture is not None
        place = bisect_right(self._stops, index)
        group = self.picture.groups[place]
        inside = index - (self._stops[place - 1] if place else 0)
        return group, group.tasks[inside - 1] if inside else None

    def ref_at(self, item: int) -> str | None:
        task = self._row(item)[1]
        return None if task is None else task.ref

    def index_of(self, ref: str) -> int | None:
        """The row of a task; None if it is not shown."""
        assert self.picture is not None
        first = 0
        for group, stop in zip(self.picture.groups, self._stops, strict=True):
            if stop - first > 1:
                for place, task in enumerate(group.tasks):
                    if task.ref == ref:
                        return first + 1 + place
            first = stop
        return None

    def go_to(self, ref: str) -> None:
        """Put the cursor on a task, opening its group if need be."""
        assert self.picture is not None
        if self.index_of(ref) is None:
            hidden = [group.key for group in self.picture.groups if any(task.ref == ref for task in group.tasks)]
            self._collapsed = self._collapsed.difference(hidden)
            self._lay_out()
        index = self.index_of(ref)
        if index is not None:
            self.move_to(index)

    def look_like(self, other: Timeline) -> None:
        """Take over which groups are folded and what the axis shows; before anything is shown."""
        self._collapsed, self.following = other._collapsed, other.following
        self._step, self._axis = other._step, other._axis

    def fold_done(self) -> None:
        """Fold every group of which nothing is left to do, and unfold the others, so that what goes on finds room."""
        assert self.picture is not None
        groups = self.picture.groups
        folded = frozenset(group.key for group in groups if group.dormant or group.done == len(group.tasks))
        if folded != self._collapsed:
            self._collapsed = folded
            self._lay_out()

    def toggle_group(self) -> None:
        """Fold or unfold the group under the cursor."""
        if not self.item_count:
            return
        group, _ = self._row(self.cursor)
        self._collapsed = self._collapsed.symmetric_difference({group.key})
        self._lay_out()
        assert self.picture is not None
        place = [one.key for one in self.picture.groups].index(group.key)
        self.move_to(self._stops[place - 1] if place else 0)

    # --- time ------------------------------------------------------------------------------------------------------

    def _placed_axis(self) -> Axis:
        """The axis for the present width: where somebody put it, or following now."""
        assert self.picture is not None
        forecast = self.picture.forecast
        width = self._columns.bars
        grain = 15 * MINUTE if forecast.end <= 12 * HOUR else HOUR  # so that the view stays while the finish creeps on
        last = max((ghost.finish for ghost in self._ghosts.values()), default=0)
        last = last if last < forecast.end + DAY else 0  # what lies so far out would leave no room for the rest
        begun = forecast.backing_out
        last = last if begun is None else max(last, begun.finish)
        reach = -(-max(forecast.end, forecast.finish, last) // grain) * grain
        near = self.picture.board.run is None or -6 * HOUR < forecast.now < reach + 6 * HOUR
        whole = filling_step(reach * 21 // 20, width) if near else fitting_step(7 * DAY, max(1, width))
        step = self._step or whole
        if not self.following:
            return Axis(self._axis.left, step, width)
        if near and reach <= step * width:
            return Axis(-(step * width - reach) // 4 // step * step, step, width)
        # Moving by many columns at once keeps repaints of the whole timeline rare.
        leap = 4 * step
        return Axis((forecast.now - step * width // 3) // leap * leap, step, width)

    def _turn(self, axis: Axis) -> None:
        self.following = False
        self._step, self._axis = axis.step, axis
        self.forget()
        self.refresh()
        self._entitle()

    def pan(self, ticks: int) -> None:
        """Move the view by so many ticks."""
        axis = self._axis
        self._turn(Axis(axis.left + ticks * axis.tick, axis.step, axis.width))

    def zoom(self, nearer: int) -> None:
        """Zoom in (1) or out (-1), keeping now where it is if it is in view, else the middle."""
        axis = self._axis
        assert self.picture is not None
        now = self.picture.forecast.now
        fixed = now if axis.shows(now) else axis.left + axis.step * axis.width // 2
        step = zoomed(axis.step, nearer)
        self._turn(Axis(fixed - axis.column(fixed) * step, step, axis.width))

    def follow(self) -> None:
        """Show now again, and go on following it."""
        self.following, self._step = True, None
        self._lay_out()

    # --- drawing ---------------------------------------------------------------------------------------------------

    def head_spans(self, y: int) -> Spans:
        if self.picture is None:
            return ()
        return head_line(self.picture, self._columns, self._axis, self._rules, y)

    def line_spans(self, line: int) -> Spans:
        spans = self._spans.get(line)
        if spans is None:
            assert self.picture is not None
            group, task = self._row(line)
            if task is None:
                label = group_label(group, self._columns, group.key in self._collapsed)
                spans = (*label, *group_cells(group, self._axis, self._rules))
            else:
                ghost = self._ghosts.get(task.ref)
                label = task_label(self.picture, task, self._columns, ghost)
                if group.dormant:
                    cells = blank_cells(self._axis, self._rules)
                else:
                    cells = bar_cells(bar_of(self.picture, task), self._axis, self._rules, ghost)
                spans = (*label, *cells)
            if len(self._spans) > _KEPT:
                self.forget()
            self._spans[line] = spans
        return spans

    def line_strip(self, line: int, width: int, under_cursor: bool) -> Strip:
        key = (line, under_cursor, self.has_focus)
        strip = self._strips.get(key)
        if strip is None:
            spans = self.line_spans(line)
            strip = self._strips[key] = drawn(spans, width, self.ink, self.base_style(under_cursor)).simplify()
        return strip


def _structure(picture: Picture) -> tuple[object, ...]:
    """What decides which rows there are: a run's tasks come and go with its plan only."""
    board = picture.board
    return (board.run_id, board.version_id, tuple((group.key, len(group.tasks)) for group in picture.groups))
