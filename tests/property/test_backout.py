"""Back-outs of any shape: what must be undone against a naive model, and the order around what is left out."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cutover import MINUTE, document, minute, rehearsing, task
from tests.soaking import times
from warroom.runbook.document import Rollback
from warroom.schedule.backout import Backout, bridges
from warroom.schedule.forward import forward
from warroom.schedule.network import Activity, Link, Network
from warroom.vocabulary.words import LinkType, TaskState

REFS = [f"B{number}" for number in range(7)]


@st.composite
def backouts(draw: st.DrawFn) -> tuple[Network, set[str]]:
    """A network of back-out tasks with links of all types and lags, and which of them are needed."""
    refs = REFS[: draw(st.integers(1, len(REFS)))]
    activities = [Activity(ref, draw(st.integers(0, 90))) for ref in refs]
    pairs = [(first, last) for place, last in enumerate(refs) for first in refs[:place]]
    links = [
        Link(first, last, draw(st.integers(-5, 20)), draw(st.sampled_from(LinkType)))
        for first, last in pairs
        if draw(st.booleans())
    ]
    return Network(activities, links), {ref for ref in refs if draw(st.booleans())}


def naive_done(network: Network, needed: set[str], at: int) -> dict[str, int]:
    """When each needed task is finished, by walking the tasks in order; what is not needed is a point."""
    start: dict[str, int] = {}
    finish: dict[str, int] = {}
    for key in sorted(network.keys):
        duration = network.activity(key).duration if key in needed else 0
        earliest = at
        for link in network.links:
            if link.successor == key:
                lag = link.lag if link.predecessor in needed else 0
                end = start if link.type.leaves_start else finish
                bound = end[link.predecessor] + lag
                earliest = max(earliest, bound - duration if link.type.reaches_finish else bound)
        start[key], finish[key] = earliest, earliest + duration
    return {key: finish[key] for key in needed}


@given(backouts(), st.integers(0, 500))
def test_done_if_decided_is_what_the_naive_walk_says(drawn: tuple[Network, set[str]], at: int) -> None:
    network, needed = drawn
    backout = Backout(10_000, network, buffer=0, needed=needed)
    columns = forward(backout.needed_network(), plan_start=at, data_date=None)
    found = {key: columns.finish[position] for key, position in network.positions.items() if key in needed}
    assert found == naive_done(network, needed, at)
    assert backout.done_if_decided(at) == max(found.values(), default=at)


@given(backouts(), st.integers(0, 500))
def test_bridges_keep_every_time_of_what_is_needed(drawn: tuple[Network, set[str]], at: int) -> None:
    network, needed = drawn
    left_out = set(network.keys) - needed
    kept = [link for link in network.links if not {link.predecessor, link.successor} & left_out]
    woken = Network(
        [activity for activity in network.activities if activity.key in needed],
        [*kept, *bridges(network.links, left_out)],
    )
    columns = forward(woken, plan_start=at, data_date=None)
    found = {key: columns.finish[position] for key, position in woken.positions.items()}
    assert all(found[key] <= finish for key, finish in naive_done(network, needed, at).items())
    if all(link.lag >= 0 for link in network.links):
        assert found == naive_done(network, needed, at)


@settings(max_examples=times(short=10, whole=15), deadline=None)
@given(st.data())
def test_what_is_woken_is_what_undoes_something_begun(data: st.DataObject) -> None:
    main = ["M1", "M2", "M3", "M4"]
    backout = tuple(
        task(
            ref,
            data.draw(st.integers(1, 30)),
            *((REFS[place - 1],) if place and data.draw(st.booleans()) else ()),
            backout=True,
            undoes=tuple(sorted(data.draw(st.sets(st.sampled_from(main), max_size=2)))),
        )
        for place, ref in enumerate(REFS[:5])
    )
    runbook = document(*(task(ref, 10) for ref in main), rollback=Rollback(authority=("gil",), tasks=backout))
    begun = data.draw(st.sets(st.sampled_from(main)))
    with tempfile.TemporaryDirectory() as folder, rehearsing(Path(folder) / "s.db", runbook) as cutover:
        for ref in sorted(begun):
            cutover.do("task.start", ref)
            if data.draw(st.booleans()):
                cutover.do("task.fail", ref, reason="broken")
        cutover.to(20)
        before = cutover.forecast()
        assert before.backout is not None
        expected = before.backout.done_if_decided(20 * MINUTE)
        cutover.do("rollback.invoke", by="gil", reason="it is lost")
        needed = {one.ref for one in backout if not one.undoes or begun & set(one.undoes)}
        assert {ref for ref in REFS[:5] if cutover.task(ref).state is not TaskState.SKIPPED} == needed
        after = cutover.forecast()
        assert after.backing_out is not None
        assert after.backing_out.finish == expected
        invocation = cutover.board().invocation
        assert invocation is not None
        assert invocation.expected_done_at == minute(expected / MINUTE)


def test_a_bridge_goes_over_several() -> None:
    links = [
        Link("A", "B", 5, LinkType.START_START),
        Link("B", "C", 7),
        Link("C", "D", 9, LinkType.FINISH_FINISH),
    ]
    assert bridges(links, {"B", "C"}) == [Link("A", "D", 5, LinkType.START_FINISH)]
