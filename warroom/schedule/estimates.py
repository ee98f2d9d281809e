"""How long an activity may take: three points, or what rehearsals took. All in seconds."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Triangular:
    """Between `low` and `high`, most likely `likely`, with a density of straight lines.

    Raises:
        ValueError: the three are not in order, or below 0.
    """

    low: int
    likely: int
    high: int

    def __post_init__(self) -> None:
        _check(self.low, self.likely, self.high)


@dataclass(frozen=True, slots=True)
class Pert:
    """Between `low` and `high`, most likely `likely`: the beta distribution of PERT.

    Its parameters are 1 + 4 (likely - low) / (high - low) and 1 + 4 (high - likely) / (high - low), so that the
    mean is (low + 4 likely + high) / 6.

    Raises:
        ValueError: the three are not in order, or below 0.
    """

    low: int
    likely: int
    high: int

    def __post_init__(self) -> None:
        _check(self.low, self.likely, self.high)


@dataclass(frozen=True, slots=True)
class Samples:
    """What it took in rehearsals; each is as likely as the others.

    Raises:
        ValueError: none at all, or one below 0.
    """

    durations: tuple[int, ...]

    def __post_init__(self) -> None:
        if not self.durations or min(self.durations) < 0:
            raise ValueError("samples are one or more durations, none below 0")


Estimate = Triangular | Pert | Samples


def _check(low: int, likely: int, high: int) -> None:
    if not 0 <= low <= likely <= high:
        raise ValueError(f"an estimate runs from low over likely to high, not {low}, {likely}, {high}")
