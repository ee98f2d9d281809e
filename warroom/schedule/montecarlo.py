"""How sure the forecast is: the schedule run many times with drawn durations. Loads numpy: import it when it is used.

What is finished does not vary, nor does what has no estimate, or has an ETA that lies ahead. What is running takes a
duration on condition that it is longer than it already took; past the longest one its forecast is only "now". Every
trial is a whole forward pass (see `trials` for what that knows).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import ceil

import numpy as np
from numpy.typing import NDArray

from warroom.schedule.backout import Backout
from warroom.schedule.estimates import Estimate, Samples
from warroom.schedule.network import Activity, Link, Network
from warroom.schedule.passes import schedule
from warroom.schedule.remaining import worked
from warroom.schedule.result import Schedule
from warroom.schedule.sampling import Sampler
from warroom.schedule.trials import Instants, Trials

BLOCK = 1_000
"""Trials that are run at once: fewer cost more calls, more do not stay in the cache."""

_DECISION = ""


@dataclass(frozen=True, slots=True)
class BackoutRisk:
    """What is asked about the back-out: does it still fit when the point of no return is reached?

    Attributes:
        backout: its network and terms.
        point_of_no_return: key of the activity whose start it is.
        estimates: of the durations of back-out activities, by key.
    """

    backout: Backout
    point_of_no_return: str
    estimates: Mapping[str, Estimate]


@dataclass(frozen=True, slots=True)
class Confidence:
    """What the trials say.

    Attributes:
        trials: how many were run.
        finishes: the finish of each, in order, seconds.
        inside: the share that finishes by the end of the window; None if the schedule has no anchor.
        backout_safe: the share in which the point of no return starts while a back-out still fits, with the
            back-out's own durations drawn; None if that was not asked, or has begun.
        criticality: the share in which an open activity is on the longest path, by key; 0 is left out.
        drivers: correlation of an activity's duration with the finish, strongest first; of those that vary and can be
            on the longest path.
    """

    trials: int
    finishes: tuple[int, ...]
    inside: float | None
    backout_safe: float | None
    criticality: dict[str, float]
    drivers: dict[str, float]

    def percentile(self, percent: int) -> int:
        """The earliest finish that at least `percent` of all trials keep; seconds.

        Raises:
            ValueError: not from 1 to 100.
        """
        if not 1 <= percent <= 100:
            raise ValueError("a percentile is from 1 to 100")
        return self.finishes[ceil(len(self.finishes) * percent / 100) - 1]


def confidence(
    base: Schedule,
    estimates: Mapping[str, Estimate],
    *,
    trials: int = 10_000,
    seed: int = 0,
    backout: BackoutRisk | None = None,
) -> Confidence:
    """What `trials` trials say about a schedule; as `refined`, whose last word it is.

    Raises:
        ValueError: less than one trial.
    """
    if trials < 1:
        raise ValueError("confidence needs at least one trial")
    counted = _Count(base, estimates, backout, seed)
    for size in _blocks(trials):
        counted.add(size)
    return counted.result()


def refined(
    base: Schedule,
    estimates: Mapping[str, Estimate],
    *,
    trials: int = 10_000,
    seed: int = 0,
    backout: BackoutRisk | None = None,
) -> Iterator[Confidence]:
    """What the first block of trials says, then the first two, and so on: stop reading to cancel the rest.

    Args:
        base: the schedule that is varied; the end of the window is its anchor.
        estimates: of durations by key, in the working time of their activity; other keys are ignored.
        trials: how many in all.
        seed: the same seed gives the same figures, whatever the order of rows.
        backout: what to ask about the back-out.
    """
    counted = _Count(base, estimates, backout, seed)
    for size in _blocks(trials):
        counted.add(size)
        yield counted.result()


def _blocks(trials: int) -> Iterator[int]:
    """The sizes of the blocks that make up so many trials."""
    for done in range(0, trials, BLOCK):
        yield min(BLOCK, trials - done)


def _longest(estimates: Mapping[str, Estimate]) -> int:
    """The sum of the longest durations, seconds."""
    return sum(
        max(estimate.durations) if isinstance(estimate, Samples) else estimate.high for estimate in estimates.values()
    )


def _begun_by_decision(backout: Backout, plan_start: int) -> Schedule:
    """A back-out behind an activity that stands for the decision, which has no name."""
    network = backout.needed_network()
    decision = [Link(_DECISION, key) for key in network.keys]
    return schedule(
        Network([Activity(_DECISION, 0), *network.activities], [*decision, *network.links]), plan_start=plan_start
    )


class _Varied:
    """A schedule with the sampler of its durations."""

    def __init__(self, base: Schedule, estimates: Mapping[str, Estimate]) -> None:
        known = {key: estimate for key, estimate in estimates.items() if key in base.network.positions}
        done = {}
        if base.data_date is not None:
            for activity in base.network.moved.values():
                now = base.data_date if activity.actual_start is None else max(base.data_date, activity.actual_start)
                if activity.key in known and not activity.progress.closed and worked(activity, now):
                    done[activity.key] = worked(activity, now)
        self.base = base
        self.sampler = Sampler(known, done)
        self.rows = {key: row for row, key in enumerate(self.sampler.keys)}
        self.longest = _longest(known)
        self.trials: Trials | None = None

    def run(
        self, size: int, seed: tuple[int, ...], begins: Instants | None = None
    ) -> tuple[Trials, NDArray[np.float32]]:
        """Run a block; `begins` is when the activity without name starts in each trial."""
        if self.trials is None or self.trials.size != size:
            self.trials = Trials(self.base, self.rows, self.longest, size)
        drawn = self.sampler.draw(size, seed)
        if begins is not None:
            self.trials.finish[self.base.network.positions[_DECISION]] = begins
        self.trials.run(drawn)
        return self.trials, drawn


class _Count:
    """What all blocks so far add up to."""

    def __init__(
        self, base: Schedule, estimates: Mapping[str, Estimate], backout: BackoutRisk | None, seed: int
    ) -> None:
        self.base, self.seed, self.blocks, self.trials = base, seed, 0, 0
        self.main = _Varied(base, estimates)
        self.risk = backout if backout is not None and self._pending(backout.point_of_no_return) else None
        if self.risk is not None:
            self.undone = _Varied(_begun_by_decision(self.risk.backout, base.plan_start), self.risk.estimates)
        self.finishes: list[NDArray[np.int64]] = []
        self.safe = 0
        self.critical: dict[int, int] = {}
        self.correlation: _Correlation | None = None

    def _pending(self, key: str) -> bool:
        position = self.base.network.positions.get(key)
        return position is not None and not self.base.columns.begun(position)

    def add(self, size: int) -> None:
        """Run one more block."""
        trials, drawn = self.main.run(size, (self.seed, self.blocks, 0))
        ends: NDArray[np.bool_] | None = None
        if self.base.ends_with is not None:
            finish = trials.finish[self.base.network.positions[self.base.ends_with]]
        else:
            finish = trials.finish.max(axis=0) if len(trials.finish) else np.full(size, float(self.base.plan_start))
            ends = trials.finish == finish
        self.finishes.append(finish.astype(np.int64))
        for position, mark in trials.critical(ends):
            self.critical[position] = self.critical.get(position, 0) + int(np.count_nonzero(mark))
        if self.correlation is None:
            keys = self.base.network.keys
            mattering = {keys[position]: row for position, row in trials.varying.items() if position in self.critical}
            self.correlation = _Correlation(mattering, drawn, finish)
        self.correlation.add(drawn, finish)
        if self.risk is not None:
            reached = trials.starts(self.base.network.positions[self.risk.point_of_no_return])
            backout, _ = self.undone.run(size, (self.seed, self.blocks, 1), reached)
            restored = backout.finish.max(axis=0)
            terms = self.risk.backout
            self.safe += int(np.count_nonzero(restored <= terms.restore_by - terms.buffer))
        self.blocks += 1
        self.trials += size

    def result(self) -> Confidence:
        """What they say so far."""
        count, keys = self.trials, self.base.network.keys
        finishes = np.sort(np.concatenate(self.finishes))
        anchor = self.base.anchor
        return Confidence(
            trials=count,
            finishes=tuple(finishes.tolist()),
            inside=None if anchor is None else float(np.count_nonzero(finishes <= anchor)) / count,
            backout_safe=None if self.risk is None else self.safe / count,
            criticality={keys[position]: found / count for position, found in sorted(self.critical.items())},
            drivers={} if self.correlation is None else self.correlation.result(),
        )


class _Correlation:
    """How the durations of some activities go along with the finish.

    It looks at those that were on a longest path in the first block: the finish does not depend on others.
    """

    def __init__(self, rows: dict[str, int], drawn: Instants, finish: Instants) -> None:
        self.keys = list(rows)
        self.rows = np.fromiter(rows.values(), dtype=np.intp)
        # All sums are of differences from these: plain ones would lose digits.
        self.middles = drawn[self.rows].mean(axis=1)[:, None]
        self.middle = float(finish.mean())
        self.count = 0
        self.sums, self.squares, self.products = (np.zeros(len(self.rows)) for _ in range(3))
        self.finish_sum = self.finish_square = 0.0

    def add(self, drawn: Instants, finish: Instants) -> None:
        durations = drawn[self.rows] - self.middles
        late = finish - finish.dtype.type(self.middle)
        self.count += len(late)
        self.sums += durations.sum(axis=1)
        self.squares += np.einsum("ij,ij->i", durations, durations)
        self.products += durations @ late
        self.finish_sum += float(late.sum())
        self.finish_square += float(late @ late)

    def result(self) -> dict[str, float]:
        """The correlation of each, strongest first; of those that vary by more than rounding."""
        spread = self.squares / self.count - (self.sums / self.count) ** 2
        finish_spread = self.finish_square / self.count - (self.finish_sum / self.count) ** 2
        common = self.products / self.count - self.sums * self.finish_sum / self.count**2
        found = {
            key: float(common[row] / np.sqrt(spread[row] * finish_spread))
            for row, key in enumerate(self.keys)
            if spread[row] > 0.5 and finish_spread > 0.5
        }
        return dict(sorted(found.items(), key=lambda pair: (-abs(pair[1]), pair[0])))
