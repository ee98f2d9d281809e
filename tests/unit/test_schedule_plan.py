"""The plan alone: forward dates, late dates, floats, the longest path. All worked by hand."""

from __future__ import annotations

import pytest

from tests.unit.schedule_networks import network
from warroom.schedule.network import Activity, BadNetwork, Network, Progress
from warroom.schedule.passes import schedule
from warroom.schedule.result import Schedule

# A 30 -> B 20 -> D 10 and A -> C 50 -> D: the upper branch has 30 to spare.
DIAMOND = network("A>B A>C B>D C>D", A=30, B=20, C=50, D=10)


def starts(result: Schedule) -> dict[str, int]:
    return {key: timing.start for key, timing in result.timings()}


def test_forward_dates() -> None:
    """CPM: early start = latest finish of the predecessors."""
    result = schedule(DIAMOND, plan_start=100)

    assert starts(result) == {"A": 100, "B": 130, "C": 130, "D": 180}
    assert result.finish == result.network_finish == 190
    assert result.of("A").allowed_start is None
    assert result.of("D").allowed_start == 180


def test_late_dates_and_floats() -> None:
    """CPM: late finish = earliest late start of the successors; total float = late - early; free float =
    earliest start of a successor - own finish."""
    result = schedule(DIAMOND, plan_start=0)

    slack = result.of("B")
    assert (slack.late_start, slack.late_finish, slack.total_float, slack.free_float) == (60, 80, 30, 30)
    assert not slack.critical
    assert not slack.on_longest_path
    for key in "ACD":
        timing = result.of(key)
        assert (timing.total_float, timing.free_float, timing.critical) == (0, 0, True)
        assert timing.on_longest_path
        assert (timing.late_start, timing.late_finish) == (timing.start, timing.finish)


def test_lag_and_lead() -> None:
    """CPM, FS with lag: start = finish + lag; a lead is a negative lag."""
    result = schedule(network("A>B+15 A>C-10", A=30, B=5, C=5), plan_start=0)

    assert starts(result) == {"A": 0, "B": 45, "C": 20}
    assert result.of("A").late_finish == 30
    assert result.of("C").total_float == 25


def test_nothing_starts_before_the_plan_does() -> None:
    """DESIGN 4 "Network": the network starts at plan_start; a lead does not reach before it."""
    result = schedule(network("A>B-100", A=30, B=5), plan_start=-50)

    assert starts(result) == {"A": -50, "B": -50}
    assert result.of("B").allowed_start == -120
    assert result.of("B").driven_by == ()


def test_not_before_binds_forward_only() -> None:
    """FIGURES 2.2 (8): "start no earlier than" binds forward; the predecessor gains the gap as free float."""
    built = network("A>B", Activity("B", 10, not_before=100), A=30)
    result = schedule(built, plan_start=0)

    assert result.of("B").start == 100
    assert result.of("B").driven_by == ()
    assert (result.of("A").total_float, result.of("A").free_float) == (70, 70)
    assert result.of("B").on_longest_path
    assert not result.of("A").on_longest_path


def test_a_tie_still_lists_the_predecessors_that_hold() -> None:
    built = network("A>C B>C X>C", Activity("C", 10, not_before=30), A=30, B=30, X=29)

    assert schedule(built, plan_start=0).of("C").driven_by == ("A", "B")


def test_milestones_have_no_width() -> None:
    """FIGURES 2.2 (10): start = finish."""
    result = schedule(network("A>M M>B", A=30, M=0, B=10), plan_start=0)

    assert (result.of("M").start, result.of("M").finish) == (30, 30)
    assert result.of("M").on_longest_path


def test_a_deadline_caps_late_dates_only() -> None:
    """FIGURES 2.2 (7): float goes negative back along the chain, forward dates and what follows stay."""
    built = network("A>B B>C", Activity("B", 20, deadline=40), A=30, C=10)
    result = schedule(built, plan_start=0)

    assert starts(result) == {"A": 0, "B": 30, "C": 50}
    assert [result.of(key).total_float for key in "ABC"] == [-10, -10, 0]
    assert result.of("A").late_start == -10
    assert result.of("A").free_float == 0


def test_window_anchor_gives_the_path_the_window_float() -> None:
    """DESIGN 4 "Backward pass": from the window end through `ends_with`; critical = total float <= 0."""
    loose = schedule(DIAMOND, plan_start=0, anchor=100)
    tight = schedule(DIAMOND, plan_start=0, anchor=80)

    assert [loose.of(key).total_float for key in "ABCD"] == [10, 40, 10, 10]
    assert not any(timing.critical for _, timing in loose.timings())
    assert loose.of("D").on_longest_path
    assert [tight.of(key).total_float for key in "ABCD"] == [-10, 20, -10, -10]


def test_what_follows_the_end_of_the_window_does_not_count() -> None:
    """DESIGN 4 "Network", 8 "Forecast": what does not lead to `ends_with` has the network's own finish, and
    takes no float from what does."""
    built = network("A>END END>MON A>SIDE", A=30, END=10, MON=500, SIDE=5)
    result = schedule(built, plan_start=0, ends_with="END", anchor=100)

    assert (result.finish, result.network_finish) == (40, 540)
    assert result.of("A").total_float == result.of("END").total_float == 60
    assert (result.of("MON").late_finish, result.of("MON").total_float) == (540, 0)
    assert (result.of("SIDE").late_finish, result.of("SIDE").total_float) == (540, 505)
    assert [key for key, timing in result.timings() if timing.on_longest_path] == ["A", "END"]


def test_without_anchor_the_path_to_the_named_end_has_no_float() -> None:
    """DESIGN 5: anchored at the own finish, so that the longest path has float 0."""
    result = schedule(network("A>END END>MON", A=30, END=10, MON=500), plan_start=0, ends_with="END")

    assert [result.of(key).total_float for key in ("A", "END", "MON")] == [0, 0, 0]
    assert not result.of("MON").on_longest_path


def test_a_deadline_behind_the_end_of_the_window_still_binds() -> None:
    """DESIGN 4 "Backward pass": from each deadline, along all that leads to it."""
    built = network("A>END END>MON", Activity("MON", 10, deadline=45), A=30, END=10)
    result = schedule(built, plan_start=0, ends_with="END", anchor=100)

    assert [result.of(key).total_float for key in ("A", "END", "MON")] == [-5, -5, -5]


def test_free_float_is_never_more_than_total_float() -> None:
    """FIGURES 2.2 (9): free float <= total float when that is >= 0, however late the successor."""
    built = network("END>MON", Activity("MON", 10, not_before=900), END=30)
    end = schedule(built, plan_start=0, ends_with="END", anchor=50).of("END")

    assert (end.total_float, end.free_float) == (20, 20)


def test_progress_is_put_aside() -> None:
    done = Activity("A", 30, progress=Progress.FINISHED, actual_start=500, actual_finish=900)

    assert starts(schedule(DIAMOND.with_activities([done]), plan_start=0)) == starts(schedule(DIAMOND, plan_start=0))


def test_several_last_ones_are_all_ends() -> None:
    """Row order never matters: with no named end, all that finish last carry the finish."""
    result = schedule(network("", A=30, B=30, C=10), plan_start=0, anchor=50)

    assert [result.of(key).total_float for key in "ABC"] == [20, 20, 20]
    assert [result.of(key).on_longest_path for key in "ABC"] == [True, True, False]


def test_an_empty_network_ends_where_it_starts() -> None:
    result = schedule(Network([], []), plan_start=7)

    assert (result.finish, result.network_finish) == (7, 7)
    assert dict(result.timings()) == {}


def test_an_unknown_end_is_refused() -> None:
    with pytest.raises(BadNetwork, match="no activity X"):
        schedule(DIAMOND, plan_start=0, ends_with="X")
    with pytest.raises(KeyError):
        schedule(DIAMOND, plan_start=0).of("X")
