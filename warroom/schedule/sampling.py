"""Drawing durations from estimates, many trials at once. Loads numpy: import it only where trials are run."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from warroom.schedule.estimates import Estimate, Pert, Samples, Triangular

Fractions = NDArray[np.float32]

_ROWS_AT_ONCE = 32  # of 1,000 trials each: they and what is computed from them stay in a core's cache
_PERT_STEPS = 1024
_QUANTILE_STEPS = 2048


class Sampler:
    """Draws the durations of a set of activities, each on condition that it takes longer than it already has.

    Attributes:
        keys: the activities, in the order of the rows that are drawn. Every key has its own row of random numbers,
            whatever the others are about, so that the figures do not jump when one of them is finished.
    """

    def __init__(self, estimates: Mapping[str, Estimate], worked: Mapping[str, int]) -> None:
        """`worked`: seconds that activities have already been at work for; others have not begun."""
        self.keys = sorted(estimates)
        self._estimates = [estimates[key] for key in self.keys]
        self._worked = np.array([worked.get(key, 0) for key in self.keys], dtype=np.float32)[:, None]
        self._pert = {estimate: _pert_table(estimate) for estimate in self._estimates if isinstance(estimate, Pert)}
        passed = [
            self._passed(estimate, worked[key]) if key in worked else 0.0
            for key, estimate in zip(self.keys, self._estimates, strict=True)
        ]
        self._passed_share = np.array(passed, dtype=np.float32)[:, None]
        steps = np.linspace(0, 1, _QUANTILE_STEPS + 1)
        self._quantile_tables = {
            estimate: np.interp(steps, *table).astype(np.float32) for estimate, table in self._pert.items()
        }
        self._triangles = _triangles(self._estimates)
        self._others = [row for row, estimate in enumerate(self._estimates) if not isinstance(estimate, Triangular)]

    def draw(self, trials: int, seed: tuple[int, ...]) -> NDArray[np.float32]:
        """Whole seconds for each key (row) and trial (column); the same for the same seed."""
        generator = np.random.Generator(np.random.SFC64(np.random.SeedSequence(seed)))
        drawn = generator.random((len(self.keys), trials), dtype=np.float32)
        for first in range(0, len(self.keys), _ROWS_AT_ONCE):
            rows = slice(first, first + _ROWS_AT_ONCE)
            passed = self._passed_share[rows]
            fractions = drawn[rows]
            if passed.any():
                fractions *= 1 - passed
                fractions += passed
            others = [row for row in self._others if rows.start <= row < rows.stop]
            values = {row: self._quantiles(row, drawn[row]) for row in others}
            _triangular_quantiles(fractions, self._triangles[rows])
            for row, found in values.items():
                drawn[row] = found
            if passed.any():
                np.copyto(fractions, self._worked[rows], where=passed >= 1)
            np.rint(fractions, out=fractions)
        return drawn

    def _passed(self, estimate: Estimate, worked: int) -> float:
        """The probability that it would have taken no longer than `worked` seconds."""
        if isinstance(estimate, Samples):
            return bisect_right(sorted(estimate.durations), worked) / len(estimate.durations)
        low, likely, high = estimate.low, estimate.likely, estimate.high
        if worked >= high:
            return 1.0
        if worked < low:
            return 0.0
        if isinstance(estimate, Pert):
            shares, durations = self._pert[estimate]
            return float(np.interp(worked, durations, shares))
        if worked < likely:
            return (worked - low) ** 2 / ((high - low) * (likely - low))
        return 1 - (high - worked) ** 2 / ((high - low) * (high - likely))

    def _quantiles(self, row: int, fractions: Fractions) -> Fractions:
        """The durations below which these shares of all trials of a row lie."""
        estimate = self._estimates[row]
        if isinstance(estimate, Samples):
            durations = np.array(sorted(estimate.durations), dtype=np.float32)
            places = (fractions * len(durations)).astype(np.intp)
            sampled: Fractions = durations[np.minimum(places, len(durations) - 1)]
            return sampled
        assert isinstance(estimate, Pert)
        if self._passed_share[row, 0] > 0:  # what is left may be a thin tail, where equal steps are too wide
            shares, quantiles = self._pert[estimate]
            return np.interp(fractions, shares, quantiles).astype(np.float32)
        table = self._quantile_tables[estimate]
        steps = fractions * np.float32(_QUANTILE_STEPS)
        below = np.minimum(steps.astype(np.intp), _QUANTILE_STEPS - 1)
        steps -= below
        low = table[below]
        found: Fractions = low + steps * (table[below + 1] - low)
        return found


def _triangles(estimates: list[Estimate]) -> NDArray[np.float32]:
    """Of each estimate: low, high, share at the most likely one, and the two factors under the roots.

    The quantile of a triangular distribution is low + sqrt(u (high - low) (likely - low)) up to the share at
    the most likely one, and high - sqrt((1 - u) (high - low) (high - likely)) beyond it.
    """
    rows = []
    for estimate in estimates:
        if isinstance(estimate, Triangular):
            low, likely, high = estimate.low, estimate.likely, estimate.high
            width = high - low
            share = (likely - low) / width if width else 1.0
            rows.append((low, high, share, width * (likely - low), width * (high - likely)))
        else:
            rows.append((0, 0, 1, 0, 0))
    return np.array(rows, dtype=np.float32).reshape(len(rows), 5)


def _triangular_quantiles(fractions: Fractions, triangles: NDArray[np.float32]) -> None:
    """Replace fractions by the quantiles of the triangular distribution of their row."""
    low, high, share, rising, falling = (triangles[:, column, None] for column in range(5))
    beyond = fractions >= share
    lower = fractions * rising
    np.subtract(1, fractions, out=fractions)
    fractions *= falling
    np.copyto(lower, fractions, where=beyond)
    np.sqrt(lower, out=lower)
    np.subtract(high, lower, out=fractions)
    lower += low
    np.copyto(fractions, lower, where=~beyond)


def _pert_table(estimate: Pert) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Shares of all trials, and the durations below which they lie: the density summed up in small steps."""
    width = estimate.high - estimate.low
    if width == 0:
        return np.array([0.0, 1.0]), np.array([float(estimate.low)] * 2)
    left = 4 * (estimate.likely - estimate.low) / width
    right = 4 * (estimate.high - estimate.likely) / width
    edges = np.linspace(0, 1, _PERT_STEPS + 1)
    middles = (edges[:-1] + edges[1:]) / 2
    density = edges**left * (1 - edges) ** right
    # Simpson's rule on each step
    weights = density[:-1] + 4 * middles**left * (1 - middles) ** right + density[1:]
    shares = np.concatenate(([0.0], np.cumsum(weights)))
    return shares / shares[-1], estimate.low + width * edges
