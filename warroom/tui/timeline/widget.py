"""The timeline: all tasks in groups against the hours, one line each, only the lines in view ever drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar

from textual.events import Resize
from textual.geometry import Region
from textual.strip import Strip

from warroom.tui.drawing.axis import Axis, show_tick
from warroom.tui.drawing.ink import Spans, differing, drawn
from warroom.tui.drawing.marks import Mark
from warroom.tui.picture.filter import Sieve
from warroom.tui.picture.groups import BACKOUT_GROUP, CLOSED_PART, Group, Grouping, sifted
from warroom.tui.picture.picture import Picture
from warroom.tui.timeline.axis_pane import AxisPane
from warroom.tui.timeline.bars import Ghost, Rule, bar_cells, bar_of, blank_cells, group_cells
from warroom.tui.timeline.following import following_axis
from warroom.tui.timeline.head import HEAD_LINES, SecondAxis, head_lines, legend_lines, rules_of, viewers_zone
from warroom.tui.timeline.labels import Columns, group_label, over_cells, related, task_label
from warroom.tui.timeline.rows import Rows, longest_ref
from warroom.tui.timeline.shade import Shade, shade_of, shaded, unshaded
from warroom.tui.timeline.wires import wired, wires_on
from warroom.tui.timeline.wiring import Wiring, wiring_of
from warroom.vocabulary.words import ShownState

_KEPT = 2_000  # drawn lines that are kept


@dataclass(frozen=True, slots=True)
class _Line:
    """A line without what the selected task adds to it."""

    label: Spans
    cells: Spans


class Timeline(AxisPane):
    """Groups and tasks; the selected task shows what it waits for and what waits for it."""

    HEAD: ClassVar[int] = HEAD_LINES

    def __init__(self, *, id: str | None = None, show_cursor: bool = True) -> None:  # noqa: A002
        super().__init__(id=id, show_cursor=show_cursor)
        self.picture: Picture | None = None
        self.grouping = Grouping.PHASE
        self._groups: tuple[Group, ...] = ()
        self._ghosts: Mapping[str, Ghost] = {}
        self._folded: frozenset[str] = frozenset({BACKOUT_GROUP, CLOSED_PART})
        self._unsifted_folds = self._folded
        self._fitted = False  # whether done groups were folded where there was no room for all
        self._rows = Rows()
        self._columns = Columns(0, 0, 0, 0)
        self._rules: tuple[Rule, ...] = ()
        self._shade = Shade((), "", "")
        self._dark: frozenset[int] = frozenset()
        self._wiring = Wiring((), {})
        self._second: SecondAxis | None = None
        self._legend = False
        self._head: list[Spans] = []
        self._lines: dict[int, _Line] = {}
        self._spans: dict[int, Spans] = {}
        self._strips: dict[tuple[int, bool, bool], Strip] = {}

    # --- what it shows ---------------------------------------------------------------------------------------------

    def show(self, picture: Picture, ghosts: Mapping[str, Ghost] = MappingProxyType({})) -> None:
        """Show a newer picture, with ghosts of some tasks by ref; repaints only what differs."""
        before, self.picture = self.picture, picture
        self._ghosts = ghosts
        self._groups = self._wanted(picture)
        if picture.forecast.backing_out is not None and (before is None or before.forecast.backing_out is None):
            self._folded = self._folded.difference({BACKOUT_GROUP})
            self._lay_out()
            self.move_to(self._first_of_interest())
        elif before is None or not self._rows.renew(self._groups):
            if before is None:
                self._lay_out()
                self.move_to(self._first_of_interest())
            else:
                self._lay_out(keep=self._rows.ref_at(self.cursor))
        else:
            self._bring_up_to_date()

    def _bring_up_to_date(self) -> None:
        """Draw what the picture and the selection say now; repaint the cells that differ."""
        if self.picture is None:
            return
        axis = self._placed_axis()
        if axis != self._axis:
            self._axis = axis
            self.axis_turned()
            return
        self._rules = rules_of(self.picture)
        self._look_at_selected()
        self._lines.clear()
        self._repaint_differences()

    def _look_at_selected(self) -> None:
        """Shade and wires of the task under the cursor."""
        assert self.picture is not None
        ref = self.selected
        task = None if ref is None else self.picture.board.task(ref)
        shade = shade_of(self.picture, task, self._axis)
        if shade != self._shade:
            self._shade, self._dark = shade, shade.columns(self._axis)
            self._lines.clear()
        if task is None or not self.item_count or self._rows.at(self.cursor)[0].dormant:
            self._wiring = Wiring((), {})
        else:
            self._wiring = wiring_of(self.picture, task, self._axis, self._rows.standing_for)

    def _repaint_differences(self) -> None:
        head = self._made_head()
        if len(head) != len(self._head):
            self.items_changed()
            return
        head, self._head = self._head, head
        known, self._spans = self._spans, {}
        top = self.scroll_offset.y
        lines = range(top, min(self.line_count, top + self.size.height - self.head))
        changes = [(y, old, new) for y, (old, new) in enumerate(zip(head, self._head, strict=True))]
        changes += [(line - top + self.head, known.get(line, ()), self.line_spans(line)) for line in lines]
        for y, old, new in changes:
            first, stop = differing(old, new)
            if first < stop:
                if y >= self.head:
                    self._drop_strips(y - self.head + top)
                self.refresh(Region(first, y, stop - first, 1))
        self._strips = {key: strip for key, strip in self._strips.items() if key[0] in self._spans}

    def _drop_strips(self, line: int) -> None:
        for under_cursor in (False, True):
            for focus in (False, True):
                self._strips.pop((line, under_cursor, focus), None)

    def _lay_out(self, keep: str | None = None) -> None:
        """Count the rows and measure the columns afresh; the cursor goes to `keep` if that is shown."""
        picture = self.picture
        if picture is None:
            return
        self._rows = Rows(self._groups, self._folded)
        self._columns = Columns.fitted(self.width, longest_ref(self._groups))
        self.items_changed()
        if keep is not None and (place := self._rows.standing_for(keep)) is not None:
            self.move_to(place[0])

    def _first_of_interest(self) -> int:
        """Where the cursor begins: the most urgent demand, else what is under way, else the first task."""
        picture = self.picture
        assert picture is not None
        if picture.demands:
            return self.index_of(picture.demands[0].ref) or 0
        up = (ShownState.RUNNING, ShownState.VERIFYING, ShownState.READY)
        if picture.in_run:
            for group in self._groups:
                for task in () if group.closed or group.dormant else group.tasks:
                    if picture.board.shown_state(task) in up:
                        return self.index_of(task.ref) or 0
        return 1

    def forget(self) -> None:
        self._lines.clear()
        self._spans.clear()
        self._strips.clear()

    def items_changed(self) -> None:
        if self.picture is not None:
            self._columns = Columns.fitted(self.width, self._columns.ref)
            self._axis = self._placed_axis()
            self._rules = rules_of(self.picture)
            self._head = self._made_head()
        self.forget()
        super().items_changed()
        if self.picture is not None:
            self._shade = Shade((), "", "")
            self._look_at_selected()
            self._head = self._made_head()
            self._entitle()

    def on_resize(self, event: Resize) -> None:
        """At first fold what is done, where there is no room for all."""
        if self._fitted or self.picture is None or not event.size.height:
            return
        self._fitted = True
        if self.picture.in_run and self.item_count > event.size.height - self.head:
            kept = self.selected
            self._folded = self._folded.union(group.key for group in self._groups if group.closed)
            self._lay_out(keep=kept)

    def _entitle(self) -> None:
        title = f"Timeline · {self.grouping.heading} · {show_tick(self._axis.tick)}"
        if self.picture is not None and self.picture.in_run:
            title += " · following now" if self.following else f" · {self.picture.key('timeline.follow')} follows now"
        self.entitle(title)

    # --- rows ------------------------------------------------------------------------------------------------------

    @property
    def item_count(self) -> int:
        return len(self._rows)

    def lines_of(self, item: int) -> range:
        return range(item, item + 1)

    def item_at(self, line: int) -> int | None:
        return line if 0 <= line < self.item_count else None

    def ref_at(self, item: int) -> str | None:
        task = self._rows.at(item)[1]
        return None if task is None else task.ref

    def _wanted(self, picture: Picture) -> tuple[Group, ...]:
        """The groups, with the tasks that the sieve keeps; those without any are left out."""
        groups = picture.grouped(self.grouping)
        return groups if self.sieve is None else sifted(groups, self.sieve.keeps_task)

    @property
    def can_filter(self) -> bool:
        return True

    def sift(self, sieve: Sieve | None) -> None:
        """Narrow down; meanwhile no group is folded, for what is found must be seen."""
        first, last = self.sieve is None, sieve is None
        super().sift(sieve)
        if self.picture is None:
            return
        if first and not last:
            self._unsifted_folds, self._folded = self._folded, frozenset()
        elif last and not first:
            self._folded = self._unsifted_folds
        kept = self.selected
        self._groups = self._wanted(self.picture)
        self._lay_out()
        place = None if kept is None else self._rows.standing_for(kept)
        self.move_to(1 if place is None else place[0])

    @property
    def refs(self) -> list[str]:
        """The tasks of all groups in the order in which they are shown, those that are folded away too."""
        return [task.ref for group in self._groups for task in group.tasks]

    def index_of(self, ref: str) -> int | None:
        """The row of a task; None if it is not shown."""
        return self._rows.of_task(ref)

    def go_to(self, ref: str) -> None:
        """Put the cursor on a task, opening its group if need be."""
        if self.index_of(ref) is None:
            hidden = [group.key for group in self._groups if any(task.ref == ref for task in group.tasks)]
            self._folded = self._folded.difference(hidden)
            self._lay_out()
        index = self.index_of(ref)
        if index is not None:
            self.move_to(index)

    def move_to(self, item: int) -> None:
        super().move_to(item)
        if self.picture is not None and self.item_count:
            self._look_at_selected()
            self._repaint_differences()

    def look_like(self, other: Timeline) -> None:
        """Take over how tasks are grouped, what is folded and what the axes show; before anything is shown."""
        self._folded, self.grouping, self._fitted = other._folded, other.grouping, other._fitted
        self.following, self._step, self._axis = other.following, other._step, other._axis
        self._second = other._second

    def group_by(self, grouping: Grouping) -> None:
        """Put the tasks together by something else; the cursor stays on its task."""
        if self.picture is None:
            return
        kept = self.selected
        self.grouping = grouping
        self._groups = self._wanted(self.picture)
        self._lay_out()
        self.move_to(0)
        if kept is not None and (place := self._rows.standing_for(kept)) is not None:
            self.move_to(place[0])

    def fold_done(self) -> None:
        """Fold every group of which nothing is left to do, and unfold the others, so that what goes on finds room."""
        folded = frozenset(group.key for group in self._groups if group.dormant or group.closed)
        if folded != self._folded:
            self._folded = folded
            self._lay_out()

    def fold_all(self) -> None:
        """Fold all groups; if they all are, unfold them."""
        keys = frozenset(group.key for group in self._groups)
        kept = self.selected
        self._folded = frozenset() if keys <= self._folded else keys
        self._lay_out(keep=kept)

    def toggle_group(self) -> None:
        """Fold or unfold the group under the cursor."""
        if not self.item_count:
            return
        group, _ = self._rows.at(self.cursor)
        self._folded = self._folded.symmetric_difference({group.key})
        self._lay_out()
        self.move_to(self._rows.of_group(group.key))

    # --- time ------------------------------------------------------------------------------------------------------

    @property
    def bars_from(self) -> int:
        return self._columns.label

    @property
    def now_s(self) -> int:
        assert self.picture is not None
        return self.picture.forecast.now

    def _placed_axis(self) -> Axis:
        """The axis for the present width: where somebody put it, or following now."""
        assert self.picture is not None
        if not self.following:
            return Axis(self._axis.left, self._step or self._axis.step, self._columns.bars)
        last = max((ghost.finish for ghost in self._ghosts.values()), default=0)
        under_way = self.picture.board.run is not None and not self.picture.figures.over
        return following_axis(self.picture.forecast, self._columns.bars, self._step, last, under_way=under_way)

    def axis_turned(self) -> None:
        if self.picture is None:
            return
        self._axis = self._placed_axis()
        self._rules = rules_of(self.picture)
        self._shade = Shade((), "", "")
        self.forget()
        self._look_at_selected()
        self._head = self._made_head()
        self.refresh()
        self._entitle()

    # --- the head --------------------------------------------------------------------------------------------------

    @property
    def second_axis(self) -> SecondAxis:
        """What the second axis counts; until somebody chooses, the viewer's hours where they are others."""
        if self._second is not None:
            return self._second
        other = self.picture is not None and viewers_zone(self.picture) is not None
        return SecondAxis.OWN if other else SecondAxis.NONE

    def turn_second_axis(self) -> None:
        """Count something else on the second axis: the viewer's hours, T+, from now, or nothing."""
        self._second = self.second_axis.following
        if self._second is SecondAxis.OWN and self.picture is not None and viewers_zone(self.picture) is None:
            self._second = self._second.following
        self.items_changed()
        self.bring_into_view()

    def toggle_legend(self) -> None:
        """Show what the signs mean, or no longer."""
        self._legend = not self._legend
        self.items_changed()
        self.bring_into_view()

    @property
    def head(self) -> int:
        return len(self._head) or HEAD_LINES

    def _made_head(self) -> list[Spans]:
        picture = self.picture
        if picture is None:
            return []
        legend: list[Spans] = []
        if self._legend:
            legend = legend_lines(picture, self._rules, self.width)[: max(0, self.size.height // 2)]
        return [
            *legend,
            *head_lines(picture, self._columns, self._axis, self._rules, self._shade, self.second_axis),
        ]

    def head_spans(self, y: int) -> Spans:
        if not y < len(self._head):
            return ()
        spans = self._head[y]
        axis_lines = len(self._head) - y <= HEAD_LINES + (self.second_axis is not SecondAxis.NONE)
        if not axis_lines:
            return spans
        width = self._axis.width
        return (*spans[: len(spans) - width], *shaded(spans[len(spans) - width :], self._dark))

    # --- drawing ---------------------------------------------------------------------------------------------------

    def _line(self, line: int) -> _Line:
        found = self._lines.get(line)
        if found is None:
            if len(self._lines) > _KEPT:
                self.forget()
            found = self._lines[line] = self._made(line)
        return found

    def _made(self, line: int) -> _Line:
        picture = self.picture
        assert picture is not None
        group, task = self._rows.at(line)
        if task is None:
            label = group_label(group, self._columns, group.key in self._folded)
            cells = group_cells(group, self._axis, self._rules)
        else:
            ghost = self._ghosts.get(task.ref)
            label = task_label(picture, task, self._columns, ghost)
            if group.dormant:
                cells = blank_cells(self._axis, self._rules)
            else:
                cells = bar_cells(bar_of(picture, task), self._axis, self._rules, ghost)
        return _Line(label, shaded(cells, self._dark))

    def line_spans(self, line: int) -> Spans:
        spans = self._spans.get(line)
        if spans is None:
            made = self._line(line)
            mark: Mark | None = self._wiring.related.get(line)
            glyphs = wires_on(self._wiring.wires, line, self._axis.width)
            label, cells = related(made.label, mark), wired(made.cells, glyphs)
            spans = self._spans[line] = over_cells(label, cells, self._columns)
        return spans

    def line_strip(self, line: int, width: int, under_cursor: bool) -> Strip:
        key = (line, under_cursor, self.has_focus)
        strip = self._strips.get(key)
        if strip is None:
            spans = self.line_spans(line)
            if under_cursor:
                spans = unshaded(spans)
            strip = drawn(spans, width, self.ink, self.base_style(under_cursor))
            if under_cursor and self.app.no_color:
                # The cursor is reversed there, and bars would be with it.
                beside = drawn(spans, width, self.ink, self.base_style(False))
                label = self._columns.label
                strip = Strip.join([strip.crop(0, label), beside.crop(label, width)])
            self._strips[key] = strip
        return strip
