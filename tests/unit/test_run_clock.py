"""The run clock: segments, holding, speeds, and its inverse."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warroom.clock.run_clock import LIFE, RunClock, Segment

WALL = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
RUN = datetime(2026, 11, 27, 17, 0, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


def after(**span: int) -> datetime:
    return WALL + timedelta(**span)


def in_run(**span: int) -> datetime:
    return RUN + timedelta(**span)


# Life for an hour, held for half an hour, then a minute a second.
CLOCK = RunClock(
    (
        Segment(WALL, RUN),
        Segment(after(minutes=60), in_run(minutes=60), 0),
        Segment(after(minutes=90), in_run(minutes=60), 60 * LIFE),
    )
)


@pytest.mark.parametrize(
    ("wall", "run", "rate"),
    [
        (after(hours=-1), RUN, 0),
        (WALL, RUN, 1000),
        (after(minutes=59), in_run(minutes=59), 1000),
        (after(minutes=60), in_run(minutes=60), 0),
        (after(minutes=89), in_run(minutes=60), 0),
        (after(minutes=90), in_run(minutes=60), 60000),
        (after(minutes=91), in_run(minutes=120), 60000),
    ],
)
def test_run_time_and_rate(wall: datetime, run: datetime, rate: int) -> None:
    """DESIGN 2 "Times": a run's clock is a list of (wall, run, rate) segments; before the first it stands."""
    assert CLOCK.run_time(wall) == run
    assert CLOCK.rate_at(wall) == rate
    assert CLOCK.held(wall) is (rate == 0)


@pytest.mark.parametrize(
    ("run", "wall"),
    [
        (in_run(hours=-1), WALL),
        (RUN, WALL),
        (in_run(minutes=30), after(minutes=30)),
        (in_run(minutes=60), after(minutes=60)),
        (in_run(minutes=61), after(minutes=90, seconds=1)),
        (in_run(minutes=60, microseconds=1), after(minutes=90, microseconds=1)),
    ],
)
def test_wall_time_is_the_earliest(run: datetime, wall: datetime) -> None:
    assert CLOCK.wall_time(run) == wall


def test_a_held_clock_never_reaches_what_lies_ahead() -> None:
    held = RunClock(CLOCK.segments[:2])

    assert held.wall_time(in_run(minutes=60)) == after(minutes=60)
    assert held.wall_time(in_run(minutes=60, microseconds=1)) is None
    assert held.held(after(days=3))


def test_a_jump_forward_passes_what_it_jumps_over_at_once() -> None:
    clock = RunClock((Segment(WALL, RUN), Segment(after(minutes=10), in_run(minutes=50))))

    assert clock.wall_time(in_run(minutes=30)) == after(minutes=10)
    assert clock.wall_time(in_run(minutes=5)) == after(minutes=5)


def test_a_slow_clock_beyond_the_last_date_never_comes() -> None:
    assert RunClock((Segment(WALL, RUN, 1),)).wall_time(in_run(days=100_000)) is None


def test_of_segments_at_one_moment_the_last_holds() -> None:
    clock = RunClock((Segment(WALL, RUN), Segment(WALL, RUN, 0)))

    assert clock.held(WALL)
    assert clock.run_time(after(hours=1)) == RUN


def test_bad_clocks_are_refused() -> None:
    with pytest.raises(ValueError, match="at least one segment"):
        RunClock(())
    with pytest.raises(ValueError, match="in order"):
        RunClock((Segment(WALL, RUN), Segment(after(seconds=-1), RUN)))
    with pytest.raises(ValueError, match="never runs backwards"):
        RunClock((Segment(WALL, RUN), Segment(after(hours=1), in_run(minutes=59))))
    with pytest.raises(ValueError, match="never runs backwards"):
        Segment(WALL, RUN, -1)
    with pytest.raises(ValueError, match="not a time in UTC"):
        Segment(WALL.replace(tzinfo=None), RUN)
    with pytest.raises(ValueError, match="not a time in UTC"):
        Segment(WALL, RUN.astimezone(timezone(timedelta(hours=1))))


@st.composite
def clocks(draw: st.DrawFn, *, slowest: int = 0) -> RunClock:
    rates = st.integers(slowest, 100_000) | st.sampled_from([LIFE, 60 * LIFE])
    spans = st.integers(0, 10**12)
    segments = [Segment(WALL, RUN, draw(rates))]
    for span, jump, rate in draw(st.lists(st.tuples(spans, st.just(0) | spans, rates), max_size=4)):
        wall = segments[-1].wall + span * MICROSECOND
        segments.append(Segment(wall, segments[-1].run_time(wall) + jump * MICROSECOND, rate))
    return RunClock(tuple(segments))


walls = st.integers(-(10**12), 10**13).map(lambda microseconds: WALL + microseconds * MICROSECOND)


@given(clocks(), walls, walls)
def test_it_never_runs_backwards(clock: RunClock, one: datetime, other: datetime) -> None:
    assert clock.run_time(min(one, other)) <= clock.run_time(max(one, other))


@given(clocks(), walls)
def test_wall_time_is_the_first_moment_that_shows_a_run_time(clock: RunClock, wall: datetime) -> None:
    shown = clock.run_time(wall)
    first = clock.wall_time(shown)

    assert first is not None
    assert first <= max(wall, WALL)
    assert clock.run_time(first) == shown or wall < WALL  # two segments may begin at the same moment
    assert first == WALL or clock.run_time(first - MICROSECOND) < shown


@given(clocks(slowest=LIFE), walls.filter(lambda wall: wall >= WALL))
def test_wall_time_undoes_run_time_of_a_clock_that_is_never_slower_than_life(clock: RunClock, wall: datetime) -> None:
    assert clock.wall_time(clock.run_time(wall)) == wall
