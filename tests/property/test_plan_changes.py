"""Whatever is changed in a running plan, it stays a plan; and a plan can be made into any other."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cutover import Cutover, caller, created, document, everything, gate, minute, opened, task
from tests.soaking import times
from warroom.actions import plan_file
from warroom.actions.plan_tasks import Part
from warroom.board.board import Board
from warroom.board.forecast import forecast
from warroom.board.from_runbook import bare_board
from warroom.board.plan_checks import plan_faults
from warroom.board.rows import Link, Person, Task
from warroom.lint.differences import differences
from warroom.runbook.document import PlannedCriterion, PlannedLink, PlannedTask, Rollback, RunbookDocument
from warroom.store.verify import verify
from warroom.vocabulary.errors import BadInput, Refused
from warroom.vocabulary.words import LinkType

handles = st.sampled_from(("omar", "bea", "vera", "gil"))
known = st.sampled_from(("A", "B", "B", "C", "C", "TRY", "TRY", "GO", "END", "AFTER", "U1", "U2", "X", "Y", "B-1"))
texts = st.builds(lambda ref, how: ref + how, known, st.sampled_from(("", "", " SS", " FF+5m", " SF-1h", " FS-10m")))
spans = st.sampled_from((60, 600, 3_600))
offsets = st.none() | st.integers(-60, 300).map(lambda minutes: minutes * 60)


@st.composite
def changes(draw: st.DrawFn) -> tuple[str, str, dict[str, Any]]:
    """Something that somebody tries with a running plan."""
    ref = draw(known)
    kind = draw(
        st.sampled_from(
            ("add", "add", "remove", "split", "assign", "link", "link", "unlink", "retime", "start", "finish")
        )
    )
    match kind:
        case "add":
            new = draw(st.sampled_from(("X", "Y")))
            links = tuple(PlannedLink(each) for each in draw(st.lists(known, max_size=2)))
            planned = task(new, 5, owner=draw(handles), backout=draw(st.integers(0, 5)) == 0)
            return "task.add", new, {"task": replace(planned, links=links), "before": draw(st.lists(texts, max_size=2))}
        case "remove":
            return "task.remove", ref, {"drop_links": draw(st.booleans())}
        case "split":
            parts = [Part(f"{ref}-{number}", draw(spans)) for number in range(draw(st.integers(1, 3)))]
            return "task.split", ref, {"parts": parts, "spread_steps": draw(st.booleans())}
        case "assign":
            return "task.assign", ref, {"people": {"owner": draw(handles), "verifier": draw(st.none() | handles)}}
        case "link":
            return (
                "task.link",
                ref,
                {"after": draw(st.lists(texts, min_size=1, max_size=2)), "instead": draw(st.booleans())},
            )
        case "unlink":
            return "task.unlink", ref, {"after": [draw(known)]}
        case "retime":
            given: dict[str, Any] = {"duration_s": draw(spans)}
            given |= {
                key: draw(offsets) for key in ("not_before_s", "deadline_s", "must_start_s") if draw(st.booleans())
            }
            return "task.retime", ref, {"times": given}
    return kind, ref, {}


@settings(max_examples=times(short=12, whole=25), deadline=None)
@given(tried=st.lists(st.tuples(st.sampled_from((0, 0, 5, 30)), changes()), min_size=5, max_size=25))
def test_a_changed_plan_stays_a_plan_and_its_journal_tells_it(
    tried: list[tuple[int, tuple[str, str, dict[str, Any]]]], template: Path
) -> None:
    with TemporaryDirectory() as folder, opened(Path(shutil.copy(template, folder))) as cutover:
        moved, now = cutover.board(), 0
        for later, (action, ref, arguments) in tried:
            now += later
            cutover.to(now)
            head, before = cutover.head(), moved
            allowed = attempt(cutover, action, ref, arguments)
            if not allowed and action != "finish":  # which is several actions
                assert cutover.head() == head
            moved = moved.apply(cutover.state_file.entries(moved.seq))
            loaded = cutover.board()
            assert everything(moved) == everything(loaded)
            assert plan_faults(loaded) == ()
            assert_whole(loaded)
            assert_history_stands(before, loaded, action)
            forecast(loaded, minute(now))
        blank = Board({}, seq=0, recorded_at=None, run_id=1, version_id=1, last_entries={})
        assert everything(blank.apply(cutover.entries())) == everything(moved)
        assert verify(cutover.state_file).sound


def attempt(cutover: Cutover, action: str, ref: str, arguments: dict[str, Any]) -> bool:
    try:
        if action == "finish":
            cutover.finish(ref)
        elif action == "start":
            cutover.do("task.start", ref)
        else:
            cutover.do(action, ref, reason="r", **arguments)
    except (Refused, BadInput, AssertionError, IndexError):
        return False
    return True


def assert_whole(board: Board) -> None:
    """No link dangles, and every list of steps counts from 1."""
    rows = board.rows(Task)
    for link in board.rows(Link).values():
        assert rows[link.predecessor_id].backout == rows[link.successor_id].backout
    for row in rows.values():
        assert [step.position for step in board.steps(row.id)] == list(range(1, len(board.steps(row.id)) + 1))
        assert (row.baseline_start_s is None) == (row.baseline_finish_s is None)
    plan = board.plan
    assert plan.ends_with is None or board.task(plan.ends_with) is not None
    assert plan.point_of_no_return is None or board.task(plan.point_of_no_return) is not None


def assert_history_stands(before: Board, after: Board, action: str) -> None:
    """A change of the plan leaves alone what has begun, its people aside."""
    if action in ("start", "finish"):
        return
    for row in before.tasks:
        if row.actual_start is not None:
            now = after.rows(Task)[row.id]
            assert (now.ref, now.duration_s, now.state) == (row.ref, row.duration_s, row.state)
            assert now.actual_start == row.actual_start
            assert after.predecessors(row.id) == before.predecessors(row.id) or {
                each.id for each in after.predecessors(row.id)
            } == {each.id for each in before.predecessors(row.id)}


# --- from any plan to any other --------------------------------------------------------------------------------------


@st.composite
def runbooks(draw: st.DrawFn) -> RunbookDocument:
    """A small runbook that the reader would take."""
    refs = draw(st.lists(st.sampled_from("ABCDEF"), min_size=1, max_size=6, unique=True))
    tasks: list[PlannedTask] = []
    for ref in refs:
        links = {
            (before.ref, draw(st.sampled_from(LinkType))): draw(st.sampled_from((0, 600, -300)))
            for before in tasks
            if draw(st.booleans())
        }
        planned = task(
            ref,
            draw(st.sampled_from((5, 30, 60))),
            owner=draw(st.sampled_from(("omar", "gil"))),
            verifier=draw(st.sampled_from((None, "vera"))),
            not_before_s=draw(offsets),
            deadline_s=draw(offsets),
            steps=tuple(draw(st.lists(st.sampled_from(("Do", "Look", "Tell")), max_size=3))),
            verify=tuple(draw(st.lists(st.sampled_from(("Count", "Compare")), max_size=2))),
            instructions=draw(st.sampled_from((None, "Mind the gap"))),
        )
        after = tuple(PlannedLink(before, lag, kind) for (before, kind), lag in links.items())
        tasks.append(replace(planned, links=after))
    shuffled = draw(st.permutations(tasks))
    gates = ()
    if draw(st.booleans()):
        seats = draw(st.lists(st.sampled_from(("lena", "gil", "vera")), min_size=1, max_size=3, unique=True))
        criteria = tuple(
            map(PlannedCriterion, draw(st.lists(st.sampled_from(("Totals agree", "No error")), max_size=2)))
        )
        gates = (gate("GO", refs[-1], seats=seats, quorum=1, criteria=criteria),)  # type: ignore[assignment]
    backout = [task("U1", 20, backout=True, undoes=tuple(draw(st.sets(st.sampled_from(refs), max_size=2))))]
    rollback = Rollback(
        point_of_no_return=draw(st.sampled_from([None, *refs])),
        authority=("lena",) if draw(st.booleans()) else (),
        tasks=tuple(backout) if draw(st.booleans()) else (),
    )
    return document(
        *shuffled,
        gates=gates,
        rollback=rollback,
        ends_with=draw(st.sampled_from([None, *refs])),
        hours=draw(st.sampled_from((4, 6))),
    )


@settings(max_examples=times(short=20, whole=40), deadline=None)
@given(before=runbooks(), after=runbooks(), running=st.booleans())
def test_a_plan_becomes_any_other_field_by_field(
    before: RunbookDocument, after: RunbookDocument, running: bool
) -> None:
    with TemporaryDirectory() as folder, opened(created(Path(folder) / "s.db", before)) as cutover:
        if running:
            cutover.rehearse()
        wanted = bare_board(after)
        if differences(cutover.board(), wanted):
            assert differences(bare_board(before), wanted)
            cutover.do("plan.apply", document=after, name="b.yaml", reason="r")
        board = cutover.board()
        assert differences(board, wanted) == ()
        assert len(board.rows(Person)) == len(wanted.rows(Person))
        assert [row.ref for row in board.tasks] == [row.ref for row in wanted.tasks]
        foreseen = plan_file.foresee(cutover.state_file, caller("lena"), document=after)
        assert differences(*foreseen) == ()
        assert verify(cutover.state_file).sound
