"""The forecast from actuals: one case for each state of an activity, worked by hand.

A takes 30 and B 20 unless a case says otherwise; the plan starts at 0.
"""

from __future__ import annotations

import pytest

from tests.unit.schedule_networks import network
from warroom.schedule.network import Activity, Progress
from warroom.schedule.passes import schedule
from warroom.schedule.result import Schedule

OPEN, RUNNING, BLOCKED = Progress.OPEN, Progress.RUNNING, Progress.BLOCKED
FINISHED, SKIPPED, FAILED = Progress.FINISHED, Progress.SKIPPED, Progress.FAILED


def forecast(text: str, *activities: Activity, now: int, ends_with: str | None = None) -> Schedule:
    return schedule(network(text, *activities), plan_start=0, data_date=now, ends_with=ends_with)


def test_open_work_never_lies_before_now() -> None:
    """FIGURES 2.2 (1): no remaining work before the data date."""
    result = forecast("A>B", Activity("A", 30), Activity("B", 20), now=50)

    assert (result.of("A").start, result.of("B").start) == (50, 80)
    assert result.of("A").driven_by == ()
    assert not result.of("A").guess


def test_before_the_plan_begins_the_forecast_waits_for_it() -> None:
    result = forecast("A>B", Activity("A", 30, not_before=10), Activity("B", 20), now=-500)

    assert (result.of("A").start, result.of("B").start) == (10, 40)


def test_finished_stands_at_its_actual_times() -> None:
    """FIGURES 2.2 (2): dates fixed, no float, never critical; successors see actual finish + lag."""
    done = Activity("A", 30, progress=FINISHED, actual_start=5, actual_finish=45)
    result = forecast("A>B+10", done, Activity("B", 20), now=50)
    timing = result.of("A")

    assert (timing.start, timing.finish) == (5, 45)
    assert (timing.late_start, timing.late_finish, timing.total_float, timing.free_float) == (None,) * 4
    assert (timing.critical, timing.on_longest_path, timing.driven_by) == (False, False, ())
    assert (result.of("B").start, result.of("B").driven_by) == (55, ("A",))
    assert result.of("B").on_longest_path


def test_successors_of_finished_work_are_floored_at_now() -> None:
    """FIGURES 2.2 (2): "floored at the data date"; then now holds them, not the predecessor."""
    done = Activity("A", 30, progress=FINISHED, actual_start=0, actual_finish=30)
    timing = forecast("A>B", done, Activity("B", 20), now=50).of("B")

    assert (timing.start, timing.allowed_start, timing.driven_by) == (50, 30, ())


def test_actuals_after_the_data_date_stand() -> None:
    """DESIGN 8: the data date is floored to the minute, actuals inside that minute stand."""
    done = Activity("A", 30, progress=FINISHED, actual_start=20, actual_finish=57)
    running = Activity("B", 20, progress=RUNNING, actual_start=59)
    result = forecast("A>B", done, running, now=30)

    assert (result.of("A").finish, result.of("B").finish) == (57, 79)
    assert not result.of("B").guess


def test_running_needs_what_its_duration_leaves() -> None:
    """DESIGN 4: without an ETA it finishes at max(now, start + duration)."""
    result = forecast("A>B", Activity("A", 30, progress=RUNNING, actual_start=10), Activity("B", 20), now=25)
    timing = result.of("A")

    assert (timing.start, timing.finish, result.of("B").start) == (10, 40, 40)
    assert (timing.late_finish, timing.total_float, timing.critical) == (40, 0, True)
    assert timing.on_longest_path
    assert not timing.guess


@pytest.mark.parametrize(("now", "finish", "guess"), [(39, 40, False), (40, 40, False), (41, 41, True)])
def test_running_past_its_duration_is_a_guess(now: int, finish: int, guess: bool) -> None:
    """FIGURES 2.2 (4): overdue without estimate: forecast finish = now, flagged; so is all behind it."""
    result = forecast("A>B", Activity("A", 30, progress=RUNNING, actual_start=10), Activity("B", 20), now=now)

    assert (result.of("A").finish, result.of("A").guess) == (finish, guess)
    assert (result.of("B").start, result.of("B").guess) == (finish, guess)


@pytest.mark.parametrize(
    ("eta", "now", "finish", "guess"),
    [(90, 25, 90, False), (30, 25, 30, False), (90, 60, 90, False), (90, 90, 90, False), (90, 95, 95, True)],
)
def test_running_with_an_eta(eta: int, now: int, finish: int, guess: bool) -> None:
    """DESIGN 4: max(now, its ETA); one that has passed leaves only `now` and is a guess again."""
    running = Activity("A", 30, progress=RUNNING, actual_start=10, eta=eta)
    timing = forecast("", running, now=now).of("A")

    assert (timing.finish, timing.guess) == (finish, guess)


def test_blocked_goes_on_now_with_what_it_had_left() -> None:
    """DESIGN 8: a blocked task without ETA resumes now and needs its remaining duration (a guess)."""
    blocked = Activity("A", 30, progress=BLOCKED, actual_start=10, blocked_since=20)
    result = forecast("A>B", blocked, Activity("B", 20), now=100)

    assert (result.of("A").start, result.of("A").finish, result.of("A").guess) == (10, 120, True)
    assert (result.of("B").start, result.of("B").guess) == (120, True)


def test_blocked_counts_work_up_to_now_if_its_stop_is_unknown() -> None:
    blocked = Activity("A", 30, progress=BLOCKED, actual_start=10)

    assert forecast("", blocked, now=25).of("A").finish == 40
    assert forecast("", blocked, now=100).of("A").finish == 100


def test_blocked_with_an_eta_is_no_guess_until_that_has_passed() -> None:
    blocked = Activity("A", 30, progress=BLOCKED, actual_start=10, blocked_since=20, eta=200)

    assert (forecast("", blocked, now=100).of("A").finish, forecast("", blocked, now=100).of("A").guess) == (
        200,
        False,
    )
    assert (forecast("", blocked, now=201).of("A").finish, forecast("", blocked, now=201).of("A").guess) == (
        201,
        True,
    )


def test_blocked_before_it_began_needs_its_whole_duration() -> None:
    """It waits for predecessors and `not_before` like an open one, and is a guess."""
    blocked = Activity("B", 20, progress=BLOCKED, not_before=90, blocked_since=5)
    waiting = forecast("A>B", Activity("A", 30), blocked, now=10).of("B")
    held = forecast("A>B", Activity("A", 130), blocked, now=10).of("B")

    assert (waiting.start, waiting.finish, waiting.guess, waiting.driven_by) == (90, 110, True, ())
    assert (held.start, held.finish, held.guess, held.driven_by) == (140, 160, True, ("A",))


def test_blocked_before_the_plan_begins_waits_for_it() -> None:
    result = forecast("", Activity("A", 30, progress=BLOCKED), now=-100)

    assert (result.of("A").start, result.of("A").finish) == (0, 30)


def test_blocked_before_it_began_with_an_eta_is_drawn_up_to_it() -> None:
    blocked = Activity("B", 20, progress=BLOCKED, eta=200)
    timing = forecast("A>B", Activity("A", 30), blocked, now=10).of("B")

    assert (timing.start, timing.finish, timing.guess) == (180, 200, False)


def test_an_eta_is_no_way_round_open_predecessors() -> None:
    """What the ETA leaves to do, 15, is done once the predecessor has finished, at 40."""
    blocked = Activity("B", 20, progress=BLOCKED, eta=25)
    timing = forecast("A>B", Activity("A", 30), blocked, now=10).of("B")

    assert (timing.start, timing.finish, timing.driven_by) == (40, 55, ("A",))


def test_failed_is_done_again_from_now() -> None:
    """DESIGN 4: `failed` holds its successors; a guess, and so is all behind it. An old ETA is void."""
    failed = Activity("A", 30, progress=FAILED, actual_start=0, actual_finish=25, eta=26)
    result = forecast("A>B B>C", failed, Activity("B", 20), Activity("C", 5), now=40)

    assert (result.of("A").start, result.of("A").finish) == (40, 70)
    assert [result.of(key).guess for key in "ABC"] == [True, True, True]
    assert result.of("B").start == 70
    assert result.of("A").critical


def test_skipped_releases_its_successors() -> None:
    """DESIGN 4: it takes no time, holds nobody beyond the moment when it was skipped, and has no float."""
    skipped = Activity("B", 20, progress=SKIPPED, actual_start=3, actual_finish=12)
    result = forecast("A>B B>C+40", Activity("A", 30), skipped, Activity("C", 5), now=10)

    assert (result.of("B").start, result.of("B").finish, result.of("B").total_float) == (12, 12, None)
    assert (result.of("C").start, result.of("C").allowed_start, result.of("C").driven_by) == (12, 12, ("B",))
    assert result.of("A").total_float == 0
    assert result.of("A").on_longest_path


def test_skipped_at_an_unknown_time_holds_nobody() -> None:
    result = forecast("A>B B>C", Activity("A", 30), Activity("B", 20, progress=SKIPPED), Activity("C", 5), now=10)

    assert result.of("C").start == 10
    assert result.of("C").allowed_start is None


def test_a_guess_does_not_pass_what_is_closed() -> None:
    """Behind a guess is what waits for it; a finished or skipped successor waits for nothing."""
    guess = Activity("A", 30, progress=BLOCKED)
    skipped = Activity("B", 20, progress=SKIPPED, actual_finish=5)
    done = Activity("C", 20, progress=FINISHED, actual_start=0, actual_finish=9)
    result = forecast("A>B A>C B>D C>E A>F", guess, skipped, done, *(Activity(key, 5) for key in "DEF"), now=10)

    assert [result.of(key).guess for key in "ABCDEF"] == [True, False, False, False, False, True]


def test_out_of_sequence_work_is_held_by_retained_logic() -> None:
    """FIGURES 2.2 (5): retained logic holds the remainder until the predecessor finishes; the pair is listed.

    B has done 15 of its 20 at now = 25; A finishes at 40; B's last 5 follow.
    """
    first = Activity("A", 30, progress=RUNNING, actual_start=10)
    second = Activity("B", 20, progress=RUNNING, actual_start=10)
    result = forecast("A>B B>C", first, second, Activity("C", 5), now=25)

    assert (result.of("B").start, result.of("B").finish, result.of("B").driven_by) == (10, 45, ("A",))
    assert result.of("C").start == 45
    assert result.out_of_sequence == (("A", "B"),)
    assert [result.of(key).total_float for key in "ABC"] == [0, 0, 0]
    assert [result.of(key).on_longest_path for key in "ABC"] == [True, True, True]


def test_out_of_sequence_work_past_its_duration_ends_with_its_predecessor() -> None:
    second = Activity("B", 20, progress=RUNNING, actual_start=0)
    result = forecast("A>B", Activity("A", 30), second, now=25)

    assert (result.of("A").finish, result.of("B").finish) == (55, 55)
    assert result.of("B").guess


def test_out_of_sequence_eta_beyond_the_predecessor_leaves_it_float() -> None:
    """B's ETA is 100, A finishes at 55 and 5 of B's work would be left then: A may slip by 40."""
    second = Activity("B", 20, progress=RUNNING, actual_start=10, eta=100)
    result = forecast("A>B", Activity("A", 30), second, now=25)

    assert (result.of("B").finish, result.of("B").driven_by) == (100, ())
    assert (result.of("A").finish, result.of("A").total_float) == (55, 40)


def test_finished_out_of_sequence_is_listed_and_stands() -> None:
    done = Activity("B", 20, progress=FINISHED, actual_start=0, actual_finish=20)
    result = forecast("A>B B>C", Activity("A", 30), done, Activity("C", 5), now=25)

    assert result.out_of_sequence == (("A", "B"),)
    assert (result.of("B").finish, result.of("C").start) == (20, 25)
    assert result.of("A").total_float == 0


def test_a_lead_that_covers_the_start_is_in_sequence() -> None:
    """B may start 20 before A finishes: at 20 of 40. Started at 19 it would be too early."""
    first = Activity("A", 40, progress=RUNNING, actual_start=0)
    text = "A>B-20"
    covered = forecast(text, first, Activity("B", 30, progress=RUNNING, actual_start=20), now=25)
    early = forecast(text, first, Activity("B", 30, progress=RUNNING, actual_start=19), now=25)

    assert covered.out_of_sequence == ()
    assert covered.of("B").finish == 50
    assert early.out_of_sequence == (("A", "B"),)


def test_an_open_predecessor_is_out_of_sequence_whatever_it_is_forecast() -> None:
    """A is overdue and taken to finish now, before B's start in the running minute; still it is open."""
    first = Activity("A", 30, progress=RUNNING, actual_start=0)
    second = Activity("B", 30, progress=RUNNING, actual_start=99)

    assert forecast("A>B", first, second, now=60).out_of_sequence == (("A", "B"),)


def test_a_finished_end_leaves_open_work_to_the_network() -> None:
    """What no longer leads to the end through open work has the network's own finish."""
    done = Activity("END", 5, progress=FINISHED, actual_start=0, actual_finish=5)
    result = forecast("A>END END>MON", Activity("A", 30), done, Activity("MON", 50), now=10, ends_with="END")

    assert (result.finish, result.network_finish) == (5, 60)
    assert (result.of("A").total_float, result.of("MON").total_float) == (20, 0)
    assert not any(timing.on_longest_path for _, timing in result.timings())


def test_free_float_looks_at_open_successors_only() -> None:
    """FIGURES 2.2 (9): min over open successors."""
    done = Activity("B", 20, progress=FINISHED, actual_start=0, actual_finish=9)
    result = forecast("A>B A>C", Activity("A", 30), done, Activity("C", 5, not_before=100), now=10)

    assert result.of("A").free_float == 60


def test_a_block_within_the_running_minute_costs_no_work() -> None:
    """DESIGN 8 "Runs and time": the data date is floored to the minute, and actuals inside that minute stand."""
    stopped = Activity("A", 1200, progress=BLOCKED, actual_start=0, blocked_since=119)
    assert forecast("", stopped, now=60).of("A").finish == 1200
