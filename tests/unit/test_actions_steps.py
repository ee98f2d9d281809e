"""Ticking steps and verification steps: by whom, when, all or none."""

from __future__ import annotations

import pytest

from tests.cutover import Cutover, minute
from warroom.vocabulary.errors import BadInput, Refused

EVERYBODY = {"lena", "omar", "bea", "vera", "gil", "sam"}


def ticked(cutover: Cutover, ref: str) -> list[int]:
    return [step.position for step in cutover.board().steps(cutover.task(ref).id) if step.ticked_at is not None]


@pytest.fixture
def loading(cutover: Cutover) -> Cutover:
    """B is running: step B.1, verification step B.2."""
    cutover.finish("A")
    cutover.to(30)
    cutover.do("task.start", "B", by="omar")
    return cutover


@pytest.mark.parametrize(
    ("position", "who"), [(1, {"lena", "omar"}), (2, {"lena", "vera"})], ids=["step", "verification step"]
)
def test_who_may_tick_which(position: int, who: set[str], loading: Cutover) -> None:
    may = set()
    for handle in EVERYBODY:
        try:
            loading.do("step.tick", "B", by=handle, positions=[position])
        except Refused:
            continue
        may.add(handle)
        loading.do("step.untick", "B", by=handle, positions=[position])
    assert may == who


def test_without_a_verifier_whoever_works_checks(cutover: Cutover) -> None:
    cutover.finish("A")
    cutover.do("task.start", "C", by="bea")
    cutover.do("step.tick", "C", by="bea", positions=[1])
    assert ticked(cutover, "C") == [1]


def test_a_tick_keeps_who_when_and_the_evidence(cutover: Cutover) -> None:
    cutover.do("task.start", "A", by="omar")
    cutover.to(7)
    entry = cutover.do("step.tick", "A", by="lena", done_by="bea", positions=[2, 1, 2], evidence="412 rows")
    board = cutover.board()
    first, second = board.steps(cutover.task("A").id)

    assert (entry.action, entry.subject, entry.reason, len(entry.changes)) == ("step.tick", "A", "412 rows", 2)
    for step in (first, second):
        assert (step.ticked_at, board.handle(step.ticked_by_id), step.evidence) == (minute(7), "bea", "412 rows")
    cutover.do("step.untick", "A", by="omar", positions=[1])
    first, second = cutover.board().steps(cutover.task("A").id)
    assert (first.ticked_at, first.ticked_by_id, first.evidence) == (None, None, None)
    assert second.evidence == "412 rows"


def test_all_or_none(cutover: Cutover) -> None:
    cutover.do("task.start", "A", by="omar")
    cutover.do("step.tick", "A", by="omar", positions=[2])
    head = cutover.head()
    with pytest.raises(Refused, match=r"A\.2 was ticked already by Omar Owner"):
        cutover.do("step.tick", "A", by="lena", positions=[1, 2])
    with pytest.raises(Refused, match=r"A\.1 is not ticked"):
        cutover.do("step.untick", "A", by="lena", positions=[2, 1])
    assert (ticked(cutover, "A"), cutover.head()) == ([2], head)


@pytest.mark.parametrize(
    ("positions", "said", "hint"),
    [
        ([3], "A has no step 3", "A.1 to A.2"),
        ([0], "A has no step 0", "A.1 to A.2"),
        ([], "no step is named", "A.1"),
    ],
)
def test_a_step_that_is_not_there(positions: list[int], said: str, hint: str, cutover: Cutover) -> None:
    cutover.do("task.start", "A", by="omar")
    with pytest.raises(BadInput, match=said) as caught:
        cutover.do("step.tick", "A", by="omar", positions=positions)
    assert hint in (caught.value.hint or "")


def test_a_task_without_steps_says_so(cutover: Cutover) -> None:
    with pytest.raises(BadInput) as caught:
        cutover.do("step.tick", "END", positions=[1])
    assert caught.value.hint == "it has no steps"


def test_steps_are_ticked_while_their_task_is_at_that_point(loading: Cutover) -> None:
    """Steps while it runs; verification steps while it runs and while it is verified; nothing before and after."""
    with pytest.raises(Refused, match="C is not started"):
        loading.do("step.tick", "C", by="bea", positions=[1])
    loading.do("step.tick", "B", by="omar", positions=[1])
    loading.do("task.done", "B", by="omar")
    with pytest.raises(Refused, match="B is verifying"):
        loading.do("step.untick", "B", by="omar", positions=[1])
    loading.do("step.tick", "B", by="vera", positions=[2])
    loading.do("task.verify", "B", by="vera")
    for position, by in ((1, "omar"), (2, "vera")):
        with pytest.raises(Refused, match="B is done"):
            loading.do("step.untick", "B", by=by, positions=[position])
