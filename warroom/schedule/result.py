"""A schedule: what the passes found, read one activity at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from warroom.schedule.calendars import elapsed
from warroom.schedule.columns import Columns
from warroom.schedule.network import FAR, Network, Progress
from warroom.vocabulary.words import LinkType


class Holder(StrEnum):
    """What kind of thing holds an activity where it is."""

    LINK = "link"
    NOT_BEFORE = "not before"
    MUST_START = "must start"
    MUST_FINISH = "must finish"
    PLAN_START = "plan start"
    NOW = "now"
    ETA = "eta"
    ACTUAL = "actual"
    AS_LATE_AS_POSSIBLE = "as late as possible"


@dataclass(frozen=True, slots=True)
class Hold:
    """One thing that holds an activity where it is; of a link also from whom, of which type and with what lag."""

    by: Holder
    predecessor: str | None = None
    link_type: LinkType | None = None
    lag: int = 0


@dataclass(frozen=True, slots=True)
class Timing:
    """When one activity takes place, what that rests on and how far it may move.

    Instants are seconds on the axis. Floats are seconds of the activity's own working time.

    Attributes:
        start: its start; the actual one once it has started, for a failed one that of its next attempt.
        finish: its finish; the actual one once it is finished, for a skipped one when it was skipped.
        allowed_start: the start that its predecessors allow, or None if nothing precedes it.
        late_start, late_finish: the latest that harm nobody; None once it is finished or skipped.
        total_float: from the finish to the late finish. Below 0 it says how much must be won back. None as above.
        free_float: how far it may slip before any open successor moves; never below 0. None as above.
        critical: whether its total float is 0 or less.
        on_longest_path: whether it is one of those that carry the finish, each driven by the one before.
        driven_by: predecessors that hold it where it is, in order of their keys.
        guess: whether it rests on a guess, its own or one that it waits for.
        held_by: all that holds it where it is: driving links first, in order of their predecessors.
    """

    start: int
    finish: int
    allowed_start: int | None
    late_start: int | None
    late_finish: int | None
    total_float: int | None
    free_float: int | None
    critical: bool
    on_longest_path: bool
    driven_by: tuple[str, ...]
    guess: bool
    held_by: tuple[Hold, ...] = ()


@dataclass(frozen=True, slots=True)
class Schedule:
    """A network laid out in time.

    Attributes:
        network: what was scheduled.
        plan_start, data_date, ends_with, anchor, progress_override: the terms on which it was; see `schedule`.
        finish: the finish of the task with which the window ends (of the last one, if none was named).
        network_finish: the latest finish of all.
        out_of_sequence: (predecessor, successor) where the successor got ahead of the predecessor, in order of
            their keys.
        columns: for the parts of the engine only.
    """

    network: Network
    plan_start: int
    data_date: int | None
    finish: int
    network_finish: int
    out_of_sequence: tuple[tuple[str, str], ...]
    columns: Columns = field(repr=False)
    ends_with: str | None = None
    anchor: int | None = None
    progress_override: bool = False

    def of(self, key: str) -> Timing:
        """The timing of one activity.

        Raises:
            KeyError: the network has no such activity.
        """
        position = self.network.positions[key]
        columns = self.columns
        start, finish, allowed = columns.start[position], columns.finish[position], columns.allowed(position)
        allowed_start = None if allowed == -FAR else allowed
        if columns.closed[position]:
            return Timing(
                start, finish, allowed_start, None, None, None, None, False, False, (), False, (Hold(Holder.ACTUAL),)
            )
        total_float = self.total_float(position)
        late_finish = columns.late_finish[position]
        held_by = tuple(self._holds(position))
        return Timing(
            start=start,
            finish=finish,
            allowed_start=allowed_start,
            late_start=self._late_start(position, total_float),
            late_finish=late_finish,
            total_float=total_float,
            free_float=max(0, min(total_float, columns.gap(position))),
            critical=total_float <= 0,
            on_longest_path=position in columns.on_longest_path,
            driven_by=tuple(sorted({hold.predecessor for hold in held_by if hold.predecessor is not None})),
            guess=position in columns.guess,
            held_by=held_by,
        )

    def total_float(self, position: int) -> int:
        """Seconds of its working time from the finish of an open activity to its late finish."""
        columns = self.columns
        calendar = self.network.calendars.get(position)
        return elapsed(calendar, columns.finish[position], columns.late_finish[position])

    def _late_start(self, position: int, total_float: int) -> int:
        """The late start; of one that has begun, its start moved by the float."""
        columns = self.columns
        start = columns.start[position]
        if start == columns.resume[position]:
            return columns.late_start[position]
        calendar = self.network.calendars.get(position)
        return start + total_float if calendar is None else calendar.opening(calendar.reading(start) + total_float)

    def _holds(self, position: int) -> Iterator[Hold]:
        """All that holds an open activity where it is."""
        network, columns = self.network, self.columns
        if position in columns.delayed:
            yield Hold(Holder.AS_LATE_AS_POSSIBLE)
            return
        driving = [Hold(Holder.LINK, network.keys[joint[0]], joint[2], joint[1]) for joint in columns.driving(position)]
        yield from sorted(driving, key=lambda hold: (hold.predecessor or "", hold.link_type or "", hold.lag))
        activity = network.activities[position]
        resume, work = columns.resume[position], columns.work[position]
        if self.data_date is not None and activity.progress in (Progress.RUNNING, Progress.BLOCKED):
            if activity.eta is not None and activity.eta == columns.finish[position] and not driving:
                yield Hold(Holder.ETA)
                return
            if activity.begun:
                if not driving:
                    yield Hold(Holder.ACTUAL if activity.progress is Progress.RUNNING else Holder.NOW)
                return
        again = self.data_date is not None and activity.progress is Progress.FAILED
        now = self.data_date
        bounds: list[tuple[Holder, int | None]] = []
        if now is not None and (again or now > self.plan_start):
            bounds.append((Holder.NOW, now))
        if not again:
            bounds.append((Holder.PLAN_START, self.plan_start))
            bounds += [(Holder.NOT_BEFORE, activity.not_before), (Holder.MUST_START, activity.must_start)]
        for by, instant in bounds:
            if instant is not None and columns.startable(position, instant, LinkType.FINISH_START, work) == resume:
                yield Hold(by)
        if not again and activity.must_finish is not None:
            must_finish = activity.must_finish
            if columns.startable(position, must_finish, LinkType.FINISH_FINISH, work) == resume:
                yield Hold(Holder.MUST_FINISH)

    def timings(self) -> Iterator[tuple[str, Timing]]:
        """Every activity with its timing, each after all its predecessors."""
        return ((key, self.of(key)) for key in self.network.keys)
