"""What holds of every schedule (FIGURES section 2.2, point 13, and the rules it rests on)."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.property.schedule_strategies import DATA_DATE, Case, cases
from warroom.schedule.again import can_place_again, place_again
from warroom.schedule.delay import delays, pushes
from warroom.schedule.network import FAR, Activity, Link, Network, Progress
from warroom.schedule.passes import schedule
from warroom.schedule.result import Schedule
from warroom.vocabulary.words import LinkType

plans = cases(moved=False, deadlines=False, types=False)
anything = cases(working=True, waiting=True, override=True)


def laid_out(case: Case, **changes: Any) -> Schedule:
    return replace(case, **changes).schedule()


@given(cases(deadlines=False))
def test_early_is_not_after_late_without_deadline_or_window(case: Case) -> None:
    result = laid_out(case, anchor=None)

    for key, timing in result.timings():
        if timing.total_float is None:
            assert result.network.activity(key).progress.closed
        else:
            assert timing.late_start is not None
            assert timing.free_float is not None
            assert timing.total_float >= 0
            assert timing.start <= timing.late_start
            assert 0 <= timing.free_float <= timing.total_float


@given(cases())
def test_floats_are_one_figure_seen_from_both_ends(case: Case) -> None:
    for _, timing in case.schedule().timings():
        if timing.total_float is not None:
            assert timing.late_start is not None
            assert timing.late_finish is not None
            assert timing.late_finish - timing.finish == timing.total_float
            assert timing.late_start - timing.start == timing.total_float
            assert timing.critical is (timing.total_float <= 0)


@given(cases(deadlines=False), st.integers(0, 200), st.randoms(use_true_random=False))
def test_a_slip_moves_the_finish_by_what_the_float_does_not_hold(case: Case, slip: int, random: Random) -> None:
    """Slip d moves the finish of the network by max(0, d - total float), with links of all types.

    The slip is a later start: a longer duration would pull a start that a finish-to-finish link holds forward.
    """
    case = replace(case, anchor=None, ends_with=None)
    before = case.schedule()
    movable = [activity for activity in case.activities if activity.progress is Progress.OPEN]
    if not movable:
        return
    activity = random.choice(movable)
    timing = before.of(activity.key)
    total_float = timing.total_float
    assert total_float is not None

    slipped = replace(activity, not_before=timing.start + slip)
    activities = tuple(slipped if other is activity else other for other in case.activities)
    after = laid_out(case, activities=activities)

    assert after.finish - before.finish == max(0, slip - total_float)


@given(cases(working=True), st.integers(-40, 60), st.sampled_from(LinkType), st.randoms(use_true_random=False))
def test_adding_a_link_never_makes_anything_earlier(case: Case, lag: int, link_type: LinkType, random: Random) -> None:
    if len(case.activities) < 2:
        return
    first, second = sorted(random.sample(range(len(case.activities)), 2))
    link = Link(case.activities[first].key, case.activities[second].key, lag, link_type)
    before, after = case.schedule(), laid_out(case, links=(*case.links, link))

    for key, timing in before.timings():
        assert after.of(key).start >= timing.start
        assert after.of(key).finish >= timing.finish


@given(anything, st.randoms(use_true_random=False))
def test_the_order_of_rows_never_matters(case: Case, random: Random) -> None:
    shuffled = laid_out(
        case,
        activities=tuple(random.sample(case.activities, len(case.activities))),
        links=tuple(random.sample(case.links, len(case.links))),
    )
    result = case.schedule()

    assert dict(shuffled.timings()) == dict(result.timings())
    assert (shuffled.finish, shuffled.network_finish) == (result.finish, result.network_finish)
    assert shuffled.out_of_sequence == result.out_of_sequence


@given(cases(moved=False, working=True, waiting=True), st.integers(0, 500))
def test_a_forecast_before_anything_happened_is_the_plan(case: Case, before: int) -> None:
    plan = laid_out(case, data_date=None)
    forecast = laid_out(case, data_date=case.plan_start - before)

    assert dict(forecast.timings()) == dict(plan.timings())
    assert set(delays(plan, forecast).values()) <= set(delays(plan, plan).values())


@given(anything)
def test_replacing_activities_is_the_same_as_building_anew(case: Case) -> None:
    bare = Network([Activity(activity.key, 1) for activity in case.activities], case.links)
    replaced = bare.with_activities(case.activities)
    result = schedule(
        replaced,
        plan_start=case.plan_start,
        data_date=case.data_date,
        ends_with=case.ends_with,
        anchor=case.anchor,
        progress_override=case.progress_override,
    )

    assert dict(result.timings()) == dict(case.schedule().timings())


@given(cases())
def test_what_remains_never_lies_before_now_or_the_plan(case: Case) -> None:
    result = laid_out(case, data_date=DATA_DATE)

    for key, timing in result.timings():
        activity = result.network.activity(key)
        assert timing.start <= timing.finish
        if not activity.progress.closed:
            assert timing.finish >= DATA_DATE
        if activity.progress is Progress.OPEN:
            assert timing.start >= max(DATA_DATE, case.plan_start)


@given(cases())
def test_the_longest_path_is_a_chain_of_drivers_to_the_end(case: Case) -> None:
    result = case.schedule()
    marked = {key for key, timing in result.timings() if timing.on_longest_path}
    driven = {driver for key in marked for driver in result.of(key).driven_by}

    for key in marked:
        ends_it = key == case.ends_with if case.ends_with else result.of(key).finish == result.finish
        assert ends_it or key in driven
        if case.anchor is None and not any(activity.latest_finish(begun=False) < FAR for activity in case.activities):
            assert result.of(key).total_float == 0


@given(cases())
def test_a_guess_reaches_all_open_work_behind_it(case: Case) -> None:
    result = case.schedule()
    for link in case.links:
        successor = result.network.activity(link.successor)
        made = link.type.leaves_start and case.data_date is not None and result.network.activity(link.predecessor).begun
        if result.of(link.predecessor).guess and not made and not successor.progress.closed:
            assert result.of(link.successor).guess


@given(plans, st.integers(1, 200), st.randoms(use_true_random=False))
def test_pushes_of_a_longer_duration_are_the_difference_of_two_schedules(case: Case, own: int, random: Random) -> None:
    """Before anything has happened, an own delay is nothing but more duration."""
    case = replace(case, data_date=case.plan_start)
    activity = random.choice(case.activities)
    longer = replace(activity, duration=activity.duration + own)
    before = case.schedule()
    after = laid_out(case, activities=tuple(longer if other is activity else other for other in case.activities))
    moved = {
        key: after.of(key).finish - timing.finish
        for key, timing in before.timings()
        if key != activity.key and after.of(key).finish != timing.finish
    }

    assert delays(before, after)[activity.key].own == own
    assert pushes(after, activity.key, own) == moved


@given(anything, st.randoms(use_true_random=False))
def test_placing_anew_what_lies_behind_a_change_equals_a_full_pass(case: Case, random: Random) -> None:
    """`place_again` against `schedule`, change after change."""
    before = case.schedule()
    columns = before.columns
    if not can_place_again(columns, progress_override=case.progress_override):
        return
    for _ in range(3):
        movable = [activity for activity in columns.network.activities if not activity.progress.closed]
        if not movable:
            return
        activity = random.choice(movable)
        changed = replace(
            activity,
            duration=max(0, activity.duration + random.randint(-30, 60)),
            not_before=random.choice([activity.not_before, random.randint(-50, 250)]),
            eta=random.choice([activity.eta, random.randint(-50, 250)]),
        )
        columns = place_again(columns, changed, plan_start=case.plan_start, data_date=case.data_date)
        full = laid_out(case, activities=tuple(columns.network.activities)).columns
        places = [full.network.positions[key] for key in columns.network.keys]
        for name in ("start", "finish", "resume", "work"):
            expected = getattr(full, name)
            assert getattr(columns, name) == [expected[place] for place in places]
