"""Confirming by keys: whoever a task requires sees it among their own, and the owner sees who is missing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cutover import Cutover, document, rehearsing, task
from tests.tui.looking import SMALL, settled, shown, toasts
from tests.tui.stage import StageHost
from warroom.runbook.document import Requirement
from warroom.tui.app import ConsoleApp
from warroom.vocabulary.words import TaskState


@pytest.fixture
def crowded(tmp_path: Path) -> Iterator[Cutover]:
    """omar's LOAD needs vera and gil to start, and one of them to be finished."""
    requires = Requirement(("vera", "gil"), start=2, finish=1)
    with rehearsing(tmp_path / "state.db", document(task("LOAD", 60, steps=("Post",), requires=requires))) as cutover:
        yield cutover


def console(cutover: Cutover, handle: str, screen: str = "owner") -> ConsoleApp:
    return ConsoleApp(StageHost(cutover.state_file, handle), screen=screen)


async def test_whoever_is_required_confirms_by_a_key(crowded: Cutover) -> None:
    app = console(crowded, "gil")
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        asked = "LOAD needs vera and gil to confirm that they are there before it starts: nobody has yet - Y confirms"
        assert asked.split(":")[0][:40] in shown(app)
        assert "Y confirms" in shown(app)
        await settled(pilot, "Y")
        assert "Y confirms" not in shown(app)
    assert [one.person_id for one in crowded.board().confirmations(crowded.task("LOAD").id)] != []


async def test_the_owner_is_told_who_is_missing(crowded: Cutover) -> None:
    crowded.do("task.confirm", "LOAD", by="vera")
    app = console(crowded, "omar")
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        assert "only vera has" in shown(app)
        await settled(pilot, "s")
        assert any("only vera has" in toast for toast in toasts(app))
        await settled(pilot, "Y")
        assert any("only one of those whom it requires may do that" in toast for toast in toasts(app))
    assert crowded.task("LOAD").state is TaskState.NOT_STARTED


async def test_the_task_screen_tells_who_has_confirmed_what(crowded: Cutover) -> None:
    for handle in ("vera", "gil"):
        crowded.do("task.confirm", "LOAD", by=handle)
    crowded.do("task.start", "LOAD", by="omar")
    crowded.do("step.tick", "LOAD", by="omar", positions=[1])
    app = console(crowded, "vera")
    async with app.run_test(size=(100, 40)) as pilot:
        await pilot.pause()
        await settled(pilot, "t")
        assert "of vera, gil" in shown(app)
        assert "to start    2 of 2: vera" in shown(app)
        assert "to finish   0 of 1" in shown(app)
        await settled(pilot, "Y")
        assert "to finish   1 of 1: vera" in shown(app)
