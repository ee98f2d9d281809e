"""The forward pass of many trials at once, one array per activity. Loads numpy.

All that the forward pass knows is known here: links of all types, lags, calendars, constraints and progress. What
is as late as possible is taken as early as possible: it never moves the finish.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from warroom.schedule.calendars import FAR, Calendar
from warroom.schedule.network import Activity, Joint, Progress
from warroom.schedule.remaining import remaining, worked
from warroom.schedule.result import Schedule

Instants = NDArray[np.floating[Any]]
"""Whole seconds of each trial, in the smallest floating point numbers that hold them exactly."""

Work = Instants | int

_EXACT = 1 << 24
"""Up to here float32 holds every whole number."""


class VectorCalendar:
    """The sums of a `Calendar` over arrays of instants."""

    def __init__(self, calendar: Calendar) -> None:
        self._starts, self._ends, self._readings, self._shifts = (
            np.array(column, dtype=np.float64)
            for column in (calendar.starts, calendar.ends, calendar.readings, calendar.shifts)
        )

    def place(self, instants: Instants, work: Work) -> tuple[Instants, Instants]:
        periods = np.searchsorted(self._starts, instants, side="right") - 1
        outside = instants >= self._ends[periods]
        periods += outside
        starts = np.where(outside, self._starts[periods], instants)
        readings = starts - self._shifts[periods] + work
        periods = np.searchsorted(self._readings, readings, side="left") - 1
        return starts, np.where(np.equal(work, 0), starts, readings + self._shifts[periods])

    def settle(self, instants: Instants) -> Instants:
        periods = np.searchsorted(self._starts, instants, side="right") - 1
        following = self._starts[np.minimum(periods + 1, len(self._starts) - 1)]
        settled: Instants = np.where(instants <= self._ends[periods], instants, following)
        return settled

    def start_for(self, instants: Instants, work: Work) -> Instants:
        periods = np.searchsorted(self._starts, instants, side="right") - 1
        readings = np.minimum(instants, self._ends[periods]) - self._shifts[periods] - work
        starts: Instants = readings + self._shifts[np.searchsorted(self._readings, readings, side="right") - 1]
        return starts


@dataclass(slots=True)
class _Plain:
    """A plain activity that varies or waits for one that does, ready to be placed.

    Attributes:
        finish: its array.
        sources: the finishes of its open predecessors and the lags to them.
        floor: the earliest start, or None if the first of the sources never lies before it.
        row: the row of its drawn durations, or None if it takes `duration`.
    """

    finish: Instants
    sources: list[tuple[Instants, int]]
    floor: int | None
    row: int | None
    duration: int


class Trials:
    """A schedule whose durations are drawn: blocks of trials, one after the other in the same arrays.

    Attributes:
        schedule: the one that is varied.
        size: trials in a block.
        varying: row of the drawn durations, by position, of those whose rest still varies.
        finish: of each position (row) and trial (column), in seconds, as the last block left them.
    """

    def __init__(self, schedule: Schedule, rows: Mapping[str, int], longest: int, size: int) -> None:
        """`rows`: the row of each activity in the drawn durations; `longest`: the sum of the longest of them."""
        self.schedule = schedule
        self.size = size
        self.varying: dict[int, int] = {}
        self._columns = columns = schedule.columns
        network, data_date = schedule.network, schedule.data_date
        self._earliest = schedule.plan_start if data_date is None else max(schedule.plan_start, data_date)
        known = max(map(abs, (self._earliest, *columns.start, *columns.finish)))
        reach = known + sum(columns.work) + longest + sum(abs(link.lag) for link in network.links)
        small = reach < _EXACT and not network.calendars
        self.finish: Instants = np.empty((len(network), size), dtype=np.float32 if small else np.float64)
        self.finish[:] = np.array(columns.finish)[:, None]
        self._scratch = np.empty(size, dtype=self.finish.dtype)
        self._drawn: Instants = np.empty((len(rows), 0), dtype=self.finish.dtype)
        self._calendars = {position: VectorCalendar(calendar) for position, calendar in network.calendars.items()}
        self._work: dict[int, Work] = {}
        self._starts: dict[int, Instants] = {}
        self._resume: dict[int, Instants] = {}
        self._steps: list[_Plain | int] = []
        for position, key in enumerate(network.keys):
            if columns.closed[position] or columns.begun(position):
                self._starts[position] = np.full(size, columns.start[position], dtype=self.finish.dtype)
            if columns.closed[position]:
                continue
            if key in rows and self._varies(position):
                self.varying[position] = rows[key]
            if columns.plain[position] and network.activities[position].must_finish is None:
                self._add_plain(position)
            else:
                self._steps.append(position)

    def run(self, drawn: Instants) -> None:
        """Run one block with the durations that were drawn (row, trial), whole seconds."""
        self._drawn = drawn
        maximum, add, start = np.maximum, np.add, self._scratch
        for step in self._steps:
            if isinstance(step, int):
                self._place(step)
                continue
            sources = iter(step.sources)
            finish, lag = next(sources, (None, 0))
            latest: Instants | int = step.floor or 0
            if finish is not None:
                latest = add(finish, lag, out=start) if lag else finish
                for finish, lag in sources:
                    latest = maximum(latest, add(finish, lag) if lag else finish, out=start)
                if step.floor is not None:
                    latest = maximum(latest, step.floor, out=start)
            add(latest, step.duration if step.row is None else drawn[step.row], out=step.finish)

    def starts(self, position: int) -> Instants:
        """The starts of an activity in the last block."""
        found = self._starts.get(position)
        if found is None:
            row = self.varying.get(position)
            work = self.schedule.network.durations[position] if row is None else self._drawn[row]
            found = self.finish[position] - work
        return found

    def critical(self, ends: NDArray[np.bool_] | None) -> Iterator[tuple[int, NDArray[np.bool_]]]:
        """The positions that are on the longest path of some trial of the last block, with the trials in which
        they are.

        `ends`: which positions (row) end the window in which trial (column); None: the one that is named.
        """
        columns, network = self._columns, self.schedule.network
        if ends is None:
            marks = {network.positions[self.schedule.ends_with or ""]: np.ones(self.size, dtype=np.bool_)}
        else:
            marks = {int(position): ends[position] for position in np.flatnonzero(ends.any(axis=1))}
        for position in range(max(marks, default=-1), -1, -1):
            mark = marks.pop(position, None)
            if mark is None or columns.closed[position]:
                continue
            yield position, mark
            plain = position not in self._work
            resume = self._resume.get(position)
            if resume is None:
                resume = self.starts(position)
            for joint in columns.links_into(position):
                predecessor, lag, link_type = joint
                if columns.closed[predecessor]:
                    continue
                if plain:
                    bound = self.finish[predecessor] + lag if lag else self.finish[predecessor]
                elif (link_type.leaves_start and columns.begun(predecessor)) or not columns.holds(position, joint):
                    continue
                else:
                    bound = self._bound(position, joint, self._work[position])
                driven = np.equal(bound, resume)
                driven &= mark
                if driven.any():
                    found = marks.get(predecessor)
                    marks[predecessor] = driven if found is None else found | driven

    def _varies(self, position: int) -> bool:
        """Whether what remains of an open activity rests on its estimate; a promise that still counts replaces it."""
        data_date, activity = self.schedule.data_date, self.schedule.network.activities[position]
        if data_date is None or activity.progress in (Progress.OPEN, Progress.FAILED) or activity.eta is None:
            return True
        return activity.eta < (data_date if activity.actual_start is None else max(data_date, activity.actual_start))

    def _add_plain(self, position: int) -> None:
        """Make a plain activity ready; one that never varies is placed once and for all."""
        columns, network = self._columns, self.schedule.network
        floor = max(self._earliest, network.not_before[position])
        sources = []
        for predecessor, lag in columns.predecessors[position]:
            if columns.closed[predecessor]:
                floor = max(floor, columns.finish[predecessor] + lag)
            else:
                sources.append((lag < 0 or not columns.plain[predecessor], predecessor, lag))
        sources.sort()  # first one that never lies before the earliest start of all, if there is one
        row = self.varying.get(position)
        if not sources and row is None:
            self.finish[position] = floor + network.durations[position]
            return
        above = bool(sources) and not sources[0][0] and floor == self._earliest
        self._steps.append(
            _Plain(
                finish=self.finish[position],
                sources=[(self.finish[predecessor], lag) for _, predecessor, lag in sources],
                floor=None if above else floor,
                row=row,
                duration=network.durations[position],
            )
        )

    def _place(self, position: int) -> None:
        """Place one that is not plain, by the rules of the forward pass."""
        columns, network = self._columns, self.schedule.network
        activity = network.activities[position]
        row = self.varying.get(position)
        drawn = None if row is None else self._drawn[row]
        joints = [joint for joint in columns.links_into(position) if columns.holds(position, joint)]
        progress = Progress.OPEN if self.schedule.data_date is None else activity.progress
        fresh = progress is Progress.OPEN
        promise = -FAR
        if fresh:
            work: Work = network.durations[position] if drawn is None else drawn
            earliest = self._earliest
        else:
            earliest, work, promise = self._rest(activity, drawn)
        self._work[position] = work
        resume = np.full(self.size, earliest, dtype=self.finish.dtype)
        if fresh or (progress is Progress.BLOCKED and not activity.begun):
            self._constrain(position, activity, network.durations[position] if drawn is None else drawn, resume)
        for joint in joints:
            np.maximum(resume, self._bound(position, joint, work), out=resume)
        calendar = self._calendars.get(position)
        if calendar is None:
            finish = resume + work
        else:
            placed, finish = calendar.place(resume, work)
            finish_milestone = fresh and (joints or activity.must_finish is not None)
            still = calendar.settle(resume) if finish_milestone else placed if fresh else resume
            idle = np.equal(work, 0)
            resume, finish = np.where(idle, still, placed), np.where(idle, still, finish)
        if promise > -FAR:
            late = finish < promise
            back = promise - work if calendar is None else calendar.start_for(np.full_like(resume, promise), work)
            resume = np.where(late, np.where(np.equal(work, 0), promise, back), resume)
            finish = np.maximum(finish, promise)
        if not columns.begun(position):
            self._starts[position] = resume
        self._resume[position] = resume
        self.finish[position] = finish

    def _constrain(self, position: int, activity: Activity, duration: Work, starts: Instants) -> None:
        """Raise starts to what the activity's own constraints allow; see `Activity.earliest_start`."""
        for instant in (activity.not_before, activity.must_start):
            if instant is not None:
                np.maximum(starts, instant, out=starts)
        if activity.must_finish is not None:
            finishes = np.full_like(starts, activity.must_finish)
            calendar = self._calendars.get(position)
            moved = finishes - duration if calendar is None else calendar.start_for(finishes, duration)
            np.maximum(starts, np.where(np.equal(duration, 0), finishes, moved), out=starts)

    def _rest(self, activity: Activity, drawn: Instants | None) -> tuple[int, Work, int]:
        """Of one that is running, blocked or failed: when it goes on at the earliest, what it needs, its promise."""
        data_date = self.schedule.data_date
        assert data_date is not None
        now = data_date if activity.actual_start is None else max(data_date, activity.actual_start)
        rest = remaining(activity, now)
        earliest = now
        if activity.progress is Progress.BLOCKED and activity.actual_start is None:
            earliest = max(now, self.schedule.plan_start)
        if activity.progress is Progress.BLOCKED and activity.resumes is not None:
            earliest = max(earliest, activity.resumes)
        if drawn is None:
            return earliest, rest.work, rest.promise
        return earliest, np.maximum(drawn - worked(activity, now), 0), -FAR

    def _bound(self, position: int, joint: Joint, work: Work) -> Instants:
        """The start that a joint allows to what remains; see `Columns.startable`."""
        predecessor, lag, link_type = joint
        instants = (self.starts(predecessor) if link_type.leaves_start else self.finish[predecessor]) + lag
        calendar = self._calendars.get(position)
        if calendar is None:
            return np.subtract(instants, work) if link_type.reaches_finish else instants
        moved = calendar.start_for(instants, work) if link_type.reaches_finish else calendar.place(instants, 0)[0]
        bound: Instants = np.where(np.equal(work, 0), calendar.settle(instants), moved)
        return bound
