"""What if: changes beside the schedule that stands. All worked by hand."""

from __future__ import annotations

import pytest

from tests.unit.schedule_networks import network
from warroom.schedule.calendars import Calendar
from warroom.schedule.network import Activity, BadNetwork, CyclicNetwork, Link, Network, Progress
from warroom.schedule.passes import schedule
from warroom.schedule.result import Schedule
from warroom.schedule.whatif import BadChange, Change, Changes, Effect, what_if

# A 0-30, B 30-50, C 30-80, D 80-90; the window ends at 100, B must be done by 60.
PLAN = network("A>B A>C B>D C>D", Activity("B", 20, deadline=60), A=30, C=50, D=10)


def base(*changed: Activity, now: int | None = None, anchor: int | None = 100, plan: Network = PLAN) -> Schedule:
    return schedule(plan.with_activities(changed), plan_start=0, data_date=now, ends_with="D", anchor=anchor)


def figures(effect: Effect) -> tuple[dict[str, int], int, int | None, bool, tuple[str, ...]]:
    return effect.moves, effect.finish_moves, effect.window_float, effect.breaks_window, effect.missed()


def test_a_slip_moves_what_the_float_does_not_hold() -> None:
    assert figures(what_if(base(), [Change("B", slip=5)])) == ({"B": 5}, 0, 10, False, ())
    assert figures(what_if(base(), [Change("C", slip=5)])) == ({"C": 5, "D": 5}, 5, 5, False, ())
    moved = what_if(base(), [Change("A", slip=15)])
    assert figures(moved) == (dict.fromkeys("ABCD", 15), 15, -5, True, ("B",))


def test_nothing_of_the_plan_is_touched() -> None:
    before = base()
    what_if(before, [Change("A", slip=15), Change("C", duration=1)])

    assert before.finish == 90
    assert before.network.activity("A") == PLAN.activity("A")


def test_time_won_back_is_less_work() -> None:
    assert what_if(base(), [Change("C", slip=-10)]).finish_moves == -10
    assert what_if(base(), [Change("C", slip=-500)]).finish_moves == -30  # B is next: 50


def test_many_changes_at_once() -> None:
    effect = what_if(base(), [Change("B", slip=10), Change("C", duration=20), Change("D", not_before=70)])

    assert effect.moves == {"B": 10, "C": -30, "D": -10}
    assert effect.finish == 80


def test_several_changes_of_one_activity_are_made_in_order() -> None:
    effect = what_if(base(), [Change("C", duration=20), Change("C", slip=3)])

    assert effect.moves["C"] == -27


def test_a_slip_of_work_that_has_begun_is_a_later_promise() -> None:
    running = Activity("A", 30, progress=Progress.RUNNING, actual_start=0)
    effect = what_if(base(running, now=10), [Change("A", slip=12)])

    assert effect.span("A")[1] == 42
    assert effect.finish_moves == 12


def test_a_slip_of_a_failed_one_makes_its_next_attempt_longer() -> None:
    failed = Activity("A", 30, progress=Progress.FAILED, actual_start=0, actual_finish=5)

    assert what_if(base(failed, now=10), [Change("A", slip=12)]).finish_moves == 12


def test_an_eta() -> None:
    running = Activity("A", 30, progress=Progress.RUNNING, actual_start=0)

    assert what_if(base(running, now=10), [Change("A", eta=50)]).finish_moves == 20
    assert what_if(base(), [Change("C", eta=95)]).span("C")[1] == 95


def test_skipping() -> None:
    effect = what_if(base(), [Change("C", skip=True)])

    assert effect.finish == 60
    assert effect.moves == {"D": -30}
    done = Activity("A", 30, progress=Progress.FINISHED, actual_start=0, actual_finish=30)
    assert what_if(base(done, now=40), [Change("C", skip=True)]).finish == 70


def test_links() -> None:
    apart = what_if(base(), Changes(unlinked=(("C", "D"),)))
    joined = what_if(base(), Changes(linked=(Link("B", "C", 10),), unlinked=(("A", "C"),)))

    assert (apart.finish, max(apart.after.finish)) == (60, 80)  # D ends the window, C is the last one
    assert joined.span("C")[0] == 60
    with pytest.raises(BadChange, match="no link from A to D"):
        what_if(base(), Changes(unlinked=(("A", "D"),)))
    with pytest.raises(CyclicNetwork):
        what_if(base(), Changes(linked=(Link("D", "A"),)))
    with pytest.raises(BadNetwork, match="there is no X"):
        what_if(base(), Changes(linked=(Link("D", "X"),)))


def test_a_new_owner_works_other_hours() -> None:
    """C goes to somebody who works from 40 to 60 and from 200 on: 20 of its 50 are done by 60, 30 after 200."""
    effect = what_if(base(), [Change("C", calendar=Calendar([(40, 60)], (0, 200)))])

    assert effect.span("C") == (40, 230)


def test_a_plan_puts_progress_aside() -> None:
    running = Activity("A", 30, progress=Progress.RUNNING, actual_start=50)

    assert what_if(base(running), [Change("A", slip=5)]).span("A")[0] == 5


def test_a_window_that_was_missed_before_is_not_broken_again() -> None:
    assert not what_if(base(anchor=80), [Change("A", slip=5)]).breaks_window
    assert what_if(base(anchor=None), [Change("A", slip=5)]).window_float is None


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (Change("X", slip=1), "no activity X"),
        (Change("A", slip=1), "A is finished already"),
        (Change("B", duration=-1), "less than no time"),
    ],
)
def test_changes_that_cannot_be_made(change: Change, message: str) -> None:
    done = Activity("A", 30, progress=Progress.FINISHED, actual_start=0, actual_finish=30)
    with pytest.raises(BadChange, match=message):
        what_if(base(done, now=40), [change])


def test_a_task_that_slips_behind_one_that_slips_is_late_by_both() -> None:
    for changes in ([Change("A", slip=4), Change("C", slip=6)], [Change("C", slip=6), Change("A", slip=4)]):
        assert what_if(base(), changes).moves == {"A": 4, "B": 4, "C": 10, "D": 10}
