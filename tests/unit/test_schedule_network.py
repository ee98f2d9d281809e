"""Networks: what is checked when one is built, the order it keeps, and replacing activities."""

from __future__ import annotations

import pytest

from tests.unit.schedule_networks import links, network
from warroom.schedule.network import Activity, BadNetwork, CyclicNetwork, Network, Progress, find_cycle
from warroom.schedule.passes import schedule


def test_every_activity_comes_after_its_predecessors() -> None:
    built = network("C>B B>A C>D D>A", A=1, B=2, C=3, D=4)

    assert len(built) == 4
    assert sorted(built.keys) == ["A", "B", "C", "D"]
    for link in links("C>B B>A C>D D>A"):
        assert built.positions[link.predecessor] < built.positions[link.successor]


@pytest.mark.parametrize(
    ("text", "keys", "message"),
    [
        ("A>X", "AB", "there is no X"),
        ("X>A", "AB", "there is no X"),
        ("A>A", "AB", "A is linked to itself"),
        ("A>B", "ABA", "two activities are called A"),
    ],
)
def test_faults_are_named(text: str, keys: str, message: str) -> None:
    """FIGURES 2.2 (12): unknown predecessor and self link are rejected."""
    with pytest.raises(BadNetwork, match=message):
        Network([Activity(key, 1) for key in keys], links(text))


def test_a_cycle_is_rejected_with_its_path() -> None:
    """FIGURES 2.2 (12): a cycle is rejected with the path named; what leads to it is no part of the path."""
    with pytest.raises(CyclicNetwork, match="a cycle: B -> C -> D -> B") as caught:
        network("A>B B>C C>D D>B D>E", A=1, B=1, C=1, D=1, E=1)
    assert caught.value.path == ("B", "C", "D", "B")
    assert isinstance(caught.value, ValueError)


def test_a_pair_linked_twice_is_legal_and_the_stricter_link_decides() -> None:
    """FIGURES 2.2 (12): duplicates are legal."""
    result = schedule(network("A>B+5 A>B+20 A>B", A=10, B=10), plan_start=0)

    assert result.of("B").start == 30
    assert result.of("B").driven_by == ("A",)


def test_find_cycle() -> None:
    assert find_cycle([]) is None
    assert find_cycle([("A", "B"), ("A", "C"), ("B", "D"), ("C", "D")]) is None
    assert find_cycle([("A", "A")]) == ["A", "A"]
    assert find_cycle([("A", "B"), ("B", "A")]) == ["A", "B", "A"]
    assert find_cycle([("X", "A"), ("A", "Y"), ("A", "B"), ("B", "C"), ("C", "A")]) == ["A", "B", "C", "A"]


def test_find_cycle_walks_chains_of_any_length() -> None:
    chain = [(str(index), str(index + 1)) for index in range(50_000)]

    assert find_cycle(chain) is None
    assert find_cycle([*chain, ("50000", "49999")]) == ["49999", "50000", "49999"]


def test_replacing_activities_leaves_the_original_alone() -> None:
    before = network("A>B", A=10, B=10)
    running = Activity("A", 20, not_before=5, deadline=9, progress=Progress.RUNNING, actual_start=0)
    after = before.with_activities([running])

    assert after.activity("A") is running
    assert before.activity("A").progress is Progress.OPEN
    assert schedule(before, plan_start=0, data_date=0).of("B").start == 10
    assert schedule(after, plan_start=0, data_date=0).of("B").start == 20
    assert schedule(after, plan_start=0).of("A").start == 5
    assert schedule(after, plan_start=0).of("A").late_finish == 9
    reopened = after.with_activities([Activity("A", 10)])
    assert schedule(reopened, plan_start=0, data_date=0).of("A").finish == 10


def test_replacing_an_unknown_activity_is_refused() -> None:
    with pytest.raises(BadNetwork, match="no activity X"):
        network("A>B", A=1, B=1).with_activities([Activity("X", 1)])


def test_activities_that_contradict_themselves_are_refused() -> None:
    with pytest.raises(ValueError, match="never below 0"):
        Activity("A", -1)
    with pytest.raises(ValueError, match="actual start"):
        Activity("A", 1, progress=Progress.RUNNING)
    with pytest.raises(ValueError, match="actual finish"):
        Activity("A", 1, progress=Progress.FINISHED, actual_start=0)
