"""The trials against the passes themselves: each trial is one schedule with the durations that were drawn."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.property.schedule_strategies import Case, cases
from warroom.schedule.estimates import Samples, Triangular
from warroom.schedule.montecarlo import confidence
from warroom.schedule.trials import Trials

DURATIONS = st.integers(0, 70)


@given(cases(working=True), st.data())
def test_each_trial_is_a_forward_pass(case: Case, data: st.DataObject) -> None:
    base = case.schedule()
    keys = [activity.key for activity in case.activities]
    drawn = np.array(
        data.draw(st.lists(st.tuples(*[DURATIONS] * 3), min_size=len(keys), max_size=len(keys))), dtype=np.float32
    )
    trials = Trials(base, {key: row for row, key in enumerate(keys)}, longest=70 * len(keys), size=3)
    trials.run(drawn)

    ends = None if case.ends_with else trials.finish == trials.finish.max(axis=0)
    critical = dict(trials.critical(ends))
    varying = {base.network.keys[position] for position in trials.varying}
    for trial in range(3):
        activities = tuple(
            replace(activity, duration=int(drawn[row, trial]), eta=None) if activity.key in varying else activity
            for row, activity in enumerate(case.activities)
        )
        single = replace(case, activities=activities).schedule()
        for key, timing in single.timings():
            position = base.network.positions[key]
            assert trials.finish[position, trial] == timing.finish, key
            assert trials.starts(position)[trial] == timing.start, key
            assert bool(position in critical and critical[position][trial]) is timing.on_longest_path


@given(cases(moved=False, working=True))
def test_without_spread_it_is_the_schedule(case: Case) -> None:
    """Issue: min = mode = max equals CPM."""
    base = case.schedule()
    estimates = {
        activity.key: Triangular(activity.duration, activity.duration, activity.duration)
        for activity in case.activities
    }
    found = confidence(base, estimates, trials=5)

    assert found.finishes == (base.finish,) * 5
    assert found.criticality == {key: 1.0 for key, timing in base.timings() if timing.on_longest_path}
    assert found.drivers == {}


@given(cases(working=True))
def test_the_order_of_rows_never_matters(case: Case) -> None:
    estimates = {activity.key: Samples((activity.duration, activity.duration + 9)) for activity in case.activities}
    turned = replace(case, activities=case.activities[::-1], links=case.links[::-1])
    first, second = (confidence(each.schedule(), estimates, trials=20) for each in (case, turned))

    assert first.finishes == second.finishes
    assert first.criticality == second.criticality
    assert first.drivers.keys() == second.drivers.keys()
