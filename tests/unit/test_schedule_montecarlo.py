"""The Monte Carlo against closed forms and scipy's distributions; sources are named where they are used."""

from __future__ import annotations

from importlib import import_module
from itertools import pairwise
from math import erf, sqrt
from typing import Any

import numpy as np
import pytest

from tests.unit.schedule_networks import network
from warroom.schedule.backout import Backout
from warroom.schedule.calendars import Calendar
from warroom.schedule.estimates import Estimate, Pert, Samples, Triangular
from warroom.schedule.montecarlo import BLOCK, BackoutRisk, Confidence, confidence, refined
from warroom.schedule.network import Activity, Network, Progress
from warroom.schedule.passes import schedule
from warroom.schedule.sampling import Sampler

TRIALS = 20_000
UNIFORM = Samples(tuple(range(0, 10_001, 10)))  # as good as uniform between 0 and 10,000


def distributions() -> Any:
    """scipy.stats, which takes a second to load, and which only those who run these tests should wait for."""
    return import_module("scipy.stats")


def alone(estimate: Estimate, worked: int = 0, trials: int = TRIALS) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    sampler = Sampler({"A": estimate}, {"A": worked} if worked else {})
    return np.sort(sampler.draw(trials, (1,))[0].astype(np.float64))


def check_quantiles(drawn: np.ndarray[tuple[int], np.dtype[np.float64]], quantile: object, width: float) -> None:
    """Every tenth percentile lies within four standard errors (in probability), or a thousandth of the width."""
    for share in np.arange(0.1, 0.95, 0.1):
        error = 4 * sqrt(share * (1 - share) / len(drawn))
        low, high = quantile(max(0.0, share - error)), quantile(min(1.0, share + error))  # type: ignore[operator]
        assert low - width / 1000 - 1 <= np.quantile(drawn, share) <= high + width / 1000 + 1


@pytest.mark.parametrize(("low", "likely", "high"), [(600, 1200, 4800), (0, 0, 900), (100, 5000, 5000)])
def test_triangular_quantiles(low: int, likely: int, high: int) -> None:
    """scipy.stats.triang."""
    stats = distributions()
    width = high - low
    law = stats.triang((likely - low) / width, loc=low, scale=width)
    drawn = alone(Triangular(low, likely, high))

    check_quantiles(drawn, law.ppf, width)
    assert low <= drawn[0] <= drawn[-1] <= high
    assert drawn.mean() == pytest.approx((low + likely + high) / 3, abs=4 * law.std() / sqrt(TRIALS) + 1)


@pytest.mark.parametrize(("low", "likely", "high"), [(600, 1200, 4800), (0, 0, 9000), (100, 5000, 5000)])
def test_pert_quantiles(low: int, likely: int, high: int) -> None:
    """scipy.stats.beta with PERT's parameters; mean (low + 4 likely + high) / 6."""
    stats = distributions()
    width = high - low
    left, right = 1 + 4 * (likely - low) / width, 1 + 4 * (high - likely) / width
    law = stats.beta(left, right, loc=low, scale=width)
    drawn = alone(Pert(low, likely, high))

    check_quantiles(drawn, law.ppf, width)
    assert drawn.mean() == pytest.approx((low + 4 * likely + high) / 6, abs=4 * law.std() / sqrt(TRIALS) + 1)


@pytest.mark.parametrize("worked", [700, 2500, 4500])
@pytest.mark.parametrize("kind", [Triangular, Pert])
def test_what_has_run_for_a_while_takes_longer_than_that(kind: type[Triangular | Pert], worked: int) -> None:
    """Conditional on D > e: its quantile at u is that of D at F(e) + (1 - F(e)) u."""
    stats = distributions()
    low, likely, high = 600, 1200, 4800
    width = high - low
    law = stats.triang((likely - low) / width, loc=low, scale=width)
    if kind is Pert:
        law = stats.beta(1 + 4 * (likely - low) / width, 1 + 4 * (high - likely) / width, loc=low, scale=width)
    passed = law.cdf(worked)
    drawn = alone(kind(low, likely, high), worked)

    assert drawn[0] >= worked
    check_quantiles(drawn, lambda share: law.ppf(passed + (1 - passed) * share), high - worked)


def test_samples_are_drawn_alike_and_those_that_are_passed_are_out() -> None:
    values, counts = np.unique(alone(Samples((30, 10, 10, 20))), return_counts=True)
    assert values.tolist() == [10, 20, 30]
    assert counts / TRIALS == pytest.approx([0.5, 0.25, 0.25], abs=0.015)
    assert set(alone(Samples((30, 10, 20)), worked=10).tolist()) == {20.0, 30.0}


@pytest.mark.parametrize("estimate", [Triangular(10, 20, 30), Pert(10, 20, 30), Samples((10, 30)), Pert(9, 9, 9)])
def test_past_its_longest_it_takes_what_it_took(estimate: Estimate) -> None:
    assert set(alone(estimate, worked=30).tolist()) == {30.0}


def run(text: str, estimates: dict[str, Estimate], anchor: int | None = None, trials: int = TRIALS) -> Confidence:
    built = network(text, *(Activity(key, 0) for key in sorted({*estimates})))
    return confidence(schedule(built, plan_start=0, anchor=anchor), estimates, trials=trials, seed=3)


def test_a_chain_adds_means_and_variances() -> None:
    """Twelve uniforms in a chain: mean 60,000, standard deviation 10,000 (Irwin-Hall), nearly normal."""
    keys = [f"A{number:02}" for number in range(12)]
    text = " ".join(f"{first}>{second}" for first, second in pairwise(keys))
    found = run(text, dict.fromkeys(keys, UNIFORM), anchor=70_000)
    finishes = np.array(found.finishes)

    assert finishes.mean() == pytest.approx(60_000, abs=4 * 10_000 / sqrt(TRIALS))
    assert finishes.std() == pytest.approx(10_000, rel=0.02)
    assert found.inside == pytest.approx(0.5 * (1 + erf(1 / sqrt(2))), abs=0.012)
    assert found.percentile(50) == pytest.approx(60_000, abs=500)
    assert set(found.criticality.values()) == {1.0}
    assert all(value == pytest.approx(1 / sqrt(12), abs=0.03) for value in found.drivers.values())


@pytest.mark.parametrize("count", [2, 5])
def test_parallel_uniforms_multiply_their_distributions(count: int) -> None:
    """The last of n uniforms: P(finish <= x) = x^n, mean n / (n + 1); each is the last one in 1 of n trials."""
    keys = [f"A{number}" for number in range(count)]
    found = run(" ".join(f"{key}>END" for key in keys), {**dict.fromkeys(keys, UNIFORM), "END": Samples((0,))}, 8_000)

    assert found.inside == pytest.approx(0.8**count, abs=0.015)
    assert np.mean(found.finishes) == pytest.approx(10_000 * count / (count + 1), rel=0.01)
    assert all(found.criticality[key] == pytest.approx(1 / count, abs=0.02) for key in keys)
    assert found.percentile(80) == pytest.approx(10_000 * 0.8 ** (1 / count), rel=0.02)


def test_percentiles_are_finishes_that_enough_trials_keep() -> None:
    found = Confidence(4, (10, 20, 30, 40), None, None, {}, {})

    assert [found.percentile(percent) for percent in (1, 25, 26, 50, 80, 100)] == [10, 10, 20, 20, 40, 40]
    with pytest.raises(ValueError, match="from 1 to 100"):
        found.percentile(0)


def test_finished_work_and_promises_do_not_vary() -> None:
    """A is done, B runs with an ETA, C is open: only C's 10 or 30 are left to chance."""
    done = Activity("A", 30, progress=Progress.FINISHED, actual_start=0, actual_finish=40)
    promised = Activity("B", 30, progress=Progress.RUNNING, actual_start=40, eta=90)
    built = network("A>B B>C", done, promised, C=20)
    base = schedule(built, plan_start=0, data_date=50, anchor=100)
    found = confidence(base, dict.fromkeys("ABC", Samples((10, 30))), trials=2000)

    assert set(found.finishes) == {100, 120}
    assert found.inside == pytest.approx(0.5, abs=0.05)
    assert found.criticality == {"B": 1.0, "C": 1.0}
    assert list(found.drivers) == ["C"]
    assert found.drivers["C"] == pytest.approx(1)


def test_running_work_finishes_after_now() -> None:
    running = Activity("A", 20, progress=Progress.RUNNING, actual_start=0)
    base = schedule(network("", running), plan_start=0, data_date=15)
    found = confidence(base, {"A": Samples((10, 20, 30))}, trials=500)

    assert set(found.finishes) == {20, 30}


def test_work_through_a_calendar() -> None:
    """2 or 12 seconds of work from 0 on, in a calendar that works 10 and rests 90: done at 2 or at 102."""
    shifts = Calendar([(0, 10), (100, 110)], (0, 1000))
    base = schedule(network("", Activity("A", 5, calendar=shifts)), plan_start=0)
    found = confidence(base, {"A": Samples((2, 12))}, trials=200)

    assert set(found.finishes) == {2, 102}


def test_the_back_out_still_fits_or_not() -> None:
    """The point of no return starts at 10 or 30, and a back-out takes 20 or 40, 5 are kept: done by 65 in 3 of 4."""
    main = schedule(network("A>PNR", A=20, PNR=100), plan_start=0)
    backout = Backout(restore_by=70, network=network("UNDO>CHECK", UNDO=30, CHECK=0), buffer=5)
    estimates: dict[str, Estimate] = {"A": Samples((10, 30))}
    risk = BackoutRisk(backout, "PNR", {"UNDO": Samples((20, 40))})
    found = confidence(main, estimates, trials=TRIALS, backout=risk)

    assert found.backout_safe == pytest.approx(0.75, abs=0.02)
    begun = network("", Activity("PNR", 100, progress=Progress.RUNNING, actual_start=0))
    late = schedule(begun, plan_start=0, data_date=5)
    assert confidence(late, {}, trials=10, backout=risk).backout_safe is None


def test_the_same_seed_gives_the_same_figures_and_another_one_others() -> None:
    base = schedule(network("A>B", A=10, B=10), plan_start=0)
    estimates: dict[str, Estimate] = {"A": Triangular(100, 200, 900), "B": Pert(100, 200, 900)}
    first, same = (confidence(base, estimates, trials=1500, seed=5) for _ in range(2))

    assert first == same
    assert confidence(base, estimates, trials=1500, seed=6).finishes != first.finishes


def test_a_first_word_comes_at_once_and_is_refined() -> None:
    base = schedule(network("A>B", A=10, B=10), plan_start=0)
    estimates: dict[str, Estimate] = {"A": Triangular(100, 200, 900)}
    words = refined(base, estimates, trials=2 * BLOCK + 500, seed=5)
    first = next(words)

    assert first.trials == BLOCK
    assert first == confidence(base, estimates, trials=BLOCK, seed=5)
    assert [word.trials for word in words] == [2 * BLOCK, 2 * BLOCK + 500]


def test_figures_of_one_activity_do_not_depend_on_the_progress_of_others() -> None:
    """Each key has its own random numbers: finishing A leaves the draws of B as they were."""
    both = Sampler({"A": UNIFORM, "B": UNIFORM}, {}).draw(10, (1,))
    after = Sampler({"A": UNIFORM, "B": UNIFORM}, {"A": 9_000}).draw(10, (1,))

    assert both[1].tolist() == after[1].tolist()


def test_nothing_to_vary_and_nothing_to_do() -> None:
    assert confidence(schedule(network("", A=10), plan_start=0), {}, trials=3).finishes == (10, 10, 10)
    assert confidence(schedule(Network([], []), plan_start=7), {}, trials=2).finishes == (7, 7)
    with pytest.raises(ValueError, match="at least one trial"):
        confidence(schedule(network("", A=10), plan_start=0), {}, trials=0)


@pytest.mark.parametrize("kind", [Triangular, Pert])
def test_estimates_that_contradict_themselves_are_refused(kind: type[Triangular | Pert]) -> None:
    with pytest.raises(ValueError, match="from low over likely to high"):
        kind(10, 5, 20)
    with pytest.raises(ValueError, match="one or more durations"):
        Samples(())
