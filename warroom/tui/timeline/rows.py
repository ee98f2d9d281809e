"""Which group or task stands in which row of the timeline."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection
from itertools import accumulate

from rich.cells import cell_len

from warroom.board.rows import Task
from warroom.tui.picture.groups import Group
from warroom.vocabulary.text import one_line

_LONGEST_REF = 14


class Rows:
    """Groups, each followed by its tasks unless it is folded; rows are counted from 0."""

    def __init__(self, groups: tuple[Group, ...] = (), folded: Collection[str] = ()) -> None:
        """`folded`: keys of groups."""
        self._groups = groups
        self._stops = list(accumulate(1 if group.key in folded else 1 + len(group.tasks) for group in groups))
        self._places: dict[str, int] | None = None  # of each task that is not folded away, its row

    def __len__(self) -> int:
        return self._stops[-1] if self._stops else 0

    def at(self, row: int) -> tuple[Group, Task | None]:
        """The group of a row, and its task; None: it is the group's own."""
        place = bisect_right(self._stops, row)
        group = self._groups[place]
        inside = row - (self._stops[place - 1] if place else 0)
        return group, group.tasks[inside - 1] if inside else None

    def ref_at(self, row: int) -> str | None:
        """The ref of the task in a row; None where there is none."""
        task = self.at(row)[1] if row < len(self) else None
        return None if task is None else task.ref

    def of_group(self, key: str) -> int:
        """The row of a group that is there."""
        place = [group.key for group in self._groups].index(key)
        return self._stops[place - 1] if place else 0

    def of_task(self, ref: str) -> int | None:
        """The row of a task; None if it is not shown."""
        if self._places is None:
            self._places = {}
            first = 0
            for group, stop in zip(self._groups, self._stops, strict=True):
                if stop - first > 1:
                    self._places |= {task.ref: first + 1 + place for place, task in enumerate(group.tasks)}
                first = stop
        return self._places.get(ref)

    def standing_for(self, ref: str) -> tuple[int, bool] | None:
        """The row of a task, and whether it is the task's own rather than that of its folded group."""
        place = self.of_task(ref)
        if place is not None:
            return place, True
        first = 0
        for group, stop in zip(self._groups, self._stops, strict=True):
            if stop - first == 1 and any(task.ref == ref for task in group.tasks):
                return first, False
            first = stop
        return None

    def renew(self, groups: tuple[Group, ...]) -> bool:
        """Take newer groups where the same tasks stand in the same order; whether they do."""
        before = self._groups
        same = len(before) == len(groups) and all(
            one.key == other.key
            and len(one.tasks) == len(other.tasks)
            and all(a.id == b.id for a, b in zip(one.tasks, other.tasks, strict=True))
            for one, other in zip(before, groups, strict=True)
        )
        if same:
            self._groups = groups
        return same


def longest_ref(groups: tuple[Group, ...]) -> int:
    """Cells of the longest ref, as far as it is shown; room for what stands above them at least."""
    longest = len("ref")
    for group in groups:
        for task in group.tasks:
            ref = task.ref
            if len(ref) > longest or not ref.isascii():
                longest = max(longest, cell_len(one_line(ref, _LONGEST_REF)))
    return longest
