"""Links of all types, alone and together, before and after work has begun. All worked by hand.

Sources: the definitions of the four relationships in any CPM text (for instance Kelley and Walker's method as extended
to precedence diagrams), FIGURES section 2.2 (5), (6), (9), and P6's default options as the issue names them.
"""

from __future__ import annotations

import pytest

from tests.unit.schedule_networks import links, network
from warroom.schedule.delay import pushes
from warroom.schedule.network import Activity, Network, Progress
from warroom.schedule.passes import schedule
from warroom.schedule.result import Hold, Holder, Schedule
from warroom.vocabulary.words import LinkType


def spans(result: Schedule) -> dict[str, tuple[int, int]]:
    return {key: (timing.start, timing.finish) for key, timing in result.timings()}


@pytest.mark.parametrize(
    ("link", "span", "late_finish", "free_float"),
    [
        ("A>B", (30, 50), 30, 0),
        ("A>B+5", (35, 55), 30, 0),
        ("A>B:SS+10", (10, 30), 30, 0),  # B leaves A no float: it starts 10 after A does
        ("A>B:FF+5", (15, 35), 30, 0),  # B's start is moved to 35 - 20
        ("A>B:SF+40", (20, 40), 30, 0),  # B finishes 40 after A starts
    ],
)
def test_each_type(link: str, span: tuple[int, int], late_finish: int, free_float: int) -> None:
    """A 30, B 20: the link holds B where the type says, and A has the float that B leaves it."""
    result = schedule(network(link, A=30, B=20), plan_start=0, ends_with="B")
    first = result.of("A")

    assert spans(result) == {"A": (0, 30), "B": span}
    assert (first.late_finish, first.free_float, first.total_float) == (late_finish, free_float, 0)
    assert result.of("B").driven_by == ("A",)
    assert first.on_longest_path


def test_a_link_that_does_not_hold_leaves_float() -> None:
    """SS: B may start at 0 + 10, `not_before` says 25; A's start may slip by 15 although its finish is later."""
    built = network("A>B:SS+10", Activity("B", 50, not_before=25), A=30)
    result = schedule(built, plan_start=0)

    assert spans(result)["B"] == (25, 75)
    assert (result.of("A").total_float, result.of("A").free_float) == (15, 15)
    assert result.of("B").driven_by == ()
    assert result.of("B").held_by == (Hold(Holder.NOT_BEFORE),)


def test_a_ladder_of_two_links_between_one_pair() -> None:
    """SS+10 and FF+10: A 50, B 20. FF holds B: it finishes at 60, starts at 40 and is not stretched back to 10."""
    result = schedule(network("A>B:SS+10 A>B:FF+10", A=50, B=20), plan_start=0)

    assert spans(result) == {"A": (0, 50), "B": (40, 60)}
    assert result.of("B").held_by == (Hold(Holder.LINK, "A", LinkType.FINISH_FINISH, 10),)
    assert result.of("A").total_float == 0


def test_a_finish_bound_never_moves_a_start_before_the_plan() -> None:
    result = schedule(network("A>B:FF", A=10, B=30), plan_start=0)

    assert spans(result) == {"A": (0, 10), "B": (0, 30)}
    assert result.of("A").total_float == 20


def test_a_lead_may_overlap() -> None:
    result = schedule(network("A>B:FF-15 A>C:SS-5", A=40, B=10, C=5), plan_start=0)

    assert spans(result) == {"A": (0, 40), "B": (15, 25), "C": (0, 5)}


def test_a_lag_from_the_start_counts_from_the_actual_start() -> None:
    """FIGURES 2.2 (6): A was planned for 0 and started at 12: B follows 20 later, whatever A's finish becomes."""
    running = Activity("A", 30, progress=Progress.RUNNING, actual_start=12, eta=500)
    result = schedule(network("A>B:SS+20", running, B=10), plan_start=0, data_date=20, ends_with="B")

    assert spans(result)["B"] == (32, 42)
    assert result.of("B").driven_by == ("A",)
    assert result.of("A").free_float == result.of("A").total_float  # its start is made: B does not limit its rest
    assert not result.of("A").on_longest_path


def test_a_guess_does_not_pass_a_start_that_is_made() -> None:
    overdue = Activity("A", 30, progress=Progress.RUNNING, actual_start=0)
    result = schedule(network("A>B:SS A>C:FF", overdue, B=10, C=5), plan_start=0, data_date=50)

    assert [result.of(key).guess for key in "ABC"] == [True, False, True]


def test_a_finish_bound_holds_what_remains_of_work_that_has_begun() -> None:
    """B needs 10 more from 30 on, and may finish at A's 60 + 5 only: it goes on at 55."""
    first = Activity("A", 60, progress=Progress.RUNNING, actual_start=0)
    second = Activity("B", 20, progress=Progress.RUNNING, actual_start=20)
    result = schedule(network("A>B:FF+5", first, second), plan_start=0, data_date=30)

    assert spans(result)["B"] == (20, 65)
    assert result.out_of_sequence == ()
    assert result.of("A").total_float == 0


def test_starting_before_the_start_that_was_waited_for_is_out_of_sequence() -> None:
    """Retained logic: A is still to start at 30, so that B's last 15 go on at 30 + 10."""
    begun = Activity("B", 20, progress=Progress.RUNNING, actual_start=15)
    built = network("A>B:SS+10", Activity("A", 30, not_before=30), begun)
    result = schedule(built, plan_start=0, data_date=20)

    assert spans(result)["B"] == (15, 55)
    assert result.out_of_sequence == (("A", "B"),)


def test_finishing_before_the_finish_that_was_waited_for_is_out_of_sequence() -> None:
    done = Activity("B", 20, progress=Progress.FINISHED, actual_start=0, actual_finish=20)
    result = schedule(network("A>B:FF", done, A=30), plan_start=0, data_date=25)

    assert result.out_of_sequence == (("A", "B"),)


def test_progress_override_goes_on_at_the_data_date() -> None:
    """FIGURES 2.2 (5), worked by hand. Now is 25, A 25-55 is open, B began at 10 and has 5 of its 20 left.

    Retained logic: B 55-60, C 60-65. Override: B 25-30, C 30-35, and A has float until the network's finish.
    """
    begun = Activity("B", 20, progress=Progress.RUNNING, actual_start=10)
    built = network("A>B B>C", begun, A=30, C=5)
    retained = schedule(built, plan_start=0, data_date=25)
    override = schedule(built, plan_start=0, data_date=25, progress_override=True)

    assert (retained.of("B").finish, retained.of("C").finish) == (60, 65)
    assert (override.of("B").finish, override.of("C").finish) == (30, 35)
    assert override.of("B").driven_by == ()
    assert (retained.of("A").total_float, override.of("A").total_float) == (0, 0)
    assert override.of("C").total_float == 20
    assert retained.out_of_sequence == override.out_of_sequence == (("A", "B"),)


def test_progress_override_leaves_links_in_sequence_alone() -> None:
    """Work that is held at its finish is not out of sequence: the link goes on to hold it."""
    begun = Activity("B", 20, progress=Progress.RUNNING, actual_start=10)
    built = network("A>B:FF", begun, A=30)
    result = schedule(built, plan_start=0, data_date=25, progress_override=True)

    assert result.of("B").finish == 55
    assert result.out_of_sequence == ()


def test_a_skipped_activity_asks_for_no_lag_whatever_the_type() -> None:
    skipped = Activity("A", 30, progress=Progress.SKIPPED, actual_finish=15)
    result = schedule(network("A>B:SS+90 A>C:FF+90", skipped, B=10, C=5), plan_start=0, data_date=20)

    assert spans(result)["B"] == (20, 30)
    assert spans(result)["C"] == (20, 25)


def test_who_pushes_through_a_link_from_a_start() -> None:
    """A was allowed to start at 0, and starts at 12 at the earliest: B, 5 after its start, is pushed by 12."""
    built = network("A>B:SS+5", A=30, B=10)
    forecast = schedule(built, plan_start=0, data_date=12)
    assert pushes(forecast, "A", 12) == {"B": 12}
    running = Activity("A", 30, progress=Progress.RUNNING, actual_start=0, eta=70)
    late = schedule(built.with_activities([running]), plan_start=0, data_date=3)
    assert pushes(late, "A", 40) == {}  # it takes longer, but its start was made in time


def test_the_links_of_a_network_are_kept() -> None:
    text = "A>B A>B:SS+10 B>C:SF-5"
    built = network(text, A=1, B=2, C=3)

    assert list(built.links) == links(text)
    position = built.positions["B"]
    assert [(built.keys[at], lag, kind.value) for at, lag, kind in built.links_into(position)] == [
        ("A", 0, "FS"),
        ("A", 10, "SS"),
    ]
    assert [(built.keys[at], lag, kind.value) for at, lag, kind in built.links_from(position)] == [("C", -5, "SF")]
    assert Network([], []).links == ()
