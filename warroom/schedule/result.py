"""A schedule: what the passes found, by column, and read one activity at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from warroom.schedule.network import FAR, Joints, Network


@dataclass(frozen=True, slots=True)
class Timing:
    """When one activity takes place, what that rests on and how far it may move; all in seconds.

    Attributes:
        start: its start; the actual one once it has started, for a failed one that of its next attempt.
        finish: its finish; the actual one once it is finished, for a skipped one when it was skipped.
        allowed_start: the start that its predecessors allow, or None if nothing precedes it.
        late_start, late_finish: the latest that harm nobody; None once it is finished or skipped.
        total_float: late finish less finish. Below 0 it says how much must be won back. None as above.
        free_float: how far it may slip before any open successor moves; never below 0. None as above.
        critical: whether its total float is 0 or less.
        on_longest_path: whether it is one of those that carry the finish, each driven by the one before.
        driven_by: predecessors that hold it where it is, in order of their keys.
        guess: whether it rests on a guess, its own or one that it waits for.
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


@dataclass(slots=True)
class Columns:
    """The passes' working columns, indexed by the positions of the network.

    Attributes:
        predecessors: the joints that count: those of skipped predecessors hold no lag, or are gone.
        closed: whether the activity is finished or skipped.
        start, finish: as in `Timing`.
        allowed: the start that predecessors allow, `-FAR` where there is none.
        resume: when the work that remains goes on: the start if it has not begun; `FAR` if closed.
        work: seconds that must pass between `resume` and the finish.
        guess: as in `Timing`.
        late_finish: as in `Timing`; 0 and without meaning if closed.
        on_longest_path: as in `Timing`.
    """

    predecessors: list[Joints]
    closed: list[bool]
    start: list[int]
    finish: list[int]
    allowed: list[int]
    resume: list[int]
    work: list[int]
    guess: list[bool]
    late_finish: list[int]
    on_longest_path: list[bool]

    def drivers(self, position: int) -> list[int]:
        """The predecessors that hold the activity at `position` where it is: those of its driving links.

        An activity that has begun is held by predecessors that are still open only; a closed one by none.
        """
        resume = self.resume[position]
        begun = self.start[position] < resume
        return [
            predecessor
            for predecessor, lag in self.predecessors[position]
            if self.finish[predecessor] + lag == resume and not (begun and self.closed[predecessor])
        ]


@dataclass(frozen=True, slots=True)
class Schedule:
    """A network laid out in time.

    Attributes:
        network: what was scheduled.
        plan_start: the instant before which nothing starts.
        data_date: the instant up to which progress is known; None for the plan alone.
        finish: the finish of the task with which the window ends (of the last one, if none was named).
        network_finish: the latest finish of all.
        out_of_sequence: (predecessor, successor) where the successor began while the predecessor was open,
            in order of their keys.
        columns: for the parts of the engine only.
    """

    network: Network
    plan_start: int
    data_date: int | None
    finish: int
    network_finish: int
    out_of_sequence: tuple[tuple[str, str], ...]
    columns: Columns

    def of(self, key: str) -> Timing:
        """The timing of one activity.

        Raises:
            KeyError: the network has no such activity.
        """
        position = self.network.positions[key]
        columns = self.columns
        start, finish, allowed = columns.start[position], columns.finish[position], columns.allowed[position]
        allowed_start = None if allowed == -FAR else allowed
        if columns.closed[position]:
            return Timing(start, finish, allowed_start, None, None, None, None, False, False, (), False)
        total_float = columns.late_finish[position] - finish
        return Timing(
            start=start,
            finish=finish,
            allowed_start=allowed_start,
            late_start=start + total_float,
            late_finish=columns.late_finish[position],
            total_float=total_float,
            free_float=max(0, min(total_float, self._gap(position))),
            critical=total_float <= 0,
            on_longest_path=columns.on_longest_path[position],
            driven_by=tuple(sorted({self.network.keys[driver] for driver in columns.drivers(position)})),
            guess=columns.guess[position],
        )

    def _gap(self, position: int) -> int:
        """Seconds between a finish and the first open successor; about `FAR` if there is none."""
        resume = self.columns.resume
        following = min((resume[at] - lag for at, lag in self.network.successors[position]), default=FAR)
        return following - self.columns.finish[position]

    def timings(self) -> Iterator[tuple[str, Timing]]:
        """Every activity with its timing, each after all its predecessors."""
        return ((key, self.of(key)) for key in self.network.keys)
