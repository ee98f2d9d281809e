"""The log of the night: problems, decisions taken on the spot, papers made by hand."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.tui.looking import MIDDLE, SIZES, SMALL, SnapCompare, host_of, settled, shown, toasts
from tests.tui.stage import WINDOW, Stage
from warroom.board.night import decisions_of_the_night, paper_documents
from warroom.tui.doing.prompt import Prompt
from warroom.tui.drawing.picked import OnLogged
from warroom.tui.screens.log import LogScreen
from warroom.tui.screens.task import TaskScreen
from warroom.tui.widgets.listing import Listing
from warroom.vocabulary.words import ProblemStatus


@pytest.fixture
def logged(at_evening: Stage) -> Stage:
    """Three problems, one of them closed; a decision; two papers, one of them entered."""
    due = WINDOW + timedelta(minutes=120)
    at_evening.do(
        "problem.raise",
        by="rahul",
        title="Rows of the item file are empty",
        severity=1,
        owner="sofie",
        workaround="Take them out by hand",
        due_at=due,
        tasks=["DM-07"],
    )
    at_evening.do("problem.raise", by="greta", title="The stock report prints no totals", severity=3, tasks=["DM-06"])
    at_evening.do("problem.raise", by="imogen", title="Two users could not log off", severity=4)
    at_evening.do("problem.solve", 3, by="imogen", outcome="their sessions were ended")
    at_evening.do("log.decision", text="Load prices by hand", reason="only 40 of them", tasks=["DM-09"])
    at_evening.do("log.paper", by="greta", text="Delivery note 4711", owner="greta", due_at=due - timedelta(hours=1))
    at_evening.do("log.paper", by="greta", text="Receipt 12", owner="sofie", due_at=due)
    at_evening.do("log.entered", 2, by="sofie", entered_as="RC-1001")
    return at_evening


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_the_log(snap_compare: SnapCompare, logged: Stage, size: tuple[int, int]) -> None:
    assert snap_compare(logged.app(screen="log"), terminal_size=size)


async def test_it_tells_all_the_worst_first(logged: Stage) -> None:
    app = logged.app()
    async with app.run_test(size=MIDDLE) as pilot:
        await settled(pilot, "number_sign")
        assert isinstance(app.screen, LogScreen)
        screen = shown(app)
        for wanted in (
            "2 open problems, 1 of severity 1",
            "1 to enter",
            "▲ #1 severity 1 sofie  due 20:00",
            "workaround: Take them out by hand",
            "✓ #3 severity 4 solved",
            "jana decided about DM-09",
            "because: only 40 of them",
            "greta enters it  due 19:00 HAS PASSED",
            "entered as RC-1001 by sofie",
        ):
            assert wanted in screen, wanted
        assert screen.index("#1 severity 1") < screen.index("#2 severity 3") < screen.index("#3 severity 4")
        await settled(pilot, "enter")
        assert isinstance(app.screen, TaskScreen)
        assert app.screen.ref == "DM-07"


async def test_a_problem_is_raised_changed_closed_and_opened_again(at_evening: Stage) -> None:
    app = at_evening.app("rahul", screen="log")
    async with app.run_test(size=SMALL) as pilot:
        await settled(pilot, "p", *"No totals", "enter")
        assert isinstance(app.screen, Prompt), "a severity is needed"
        await settled(pilot, "2", "tab", *"sofie", "enter")
        (problem,) = at_evening.board().problems
        assert (problem.title, problem.severity, at_evening.board().handle(problem.owner_id)) == (
            "No totals",
            2,
            "sofie",
        )
        assert "■ #1 severity 2 sofie" in shown(app)
        await settled(pilot, "e", "1", *"count by hand", "enter")
        (problem,) = at_evening.board().problems
        assert (problem.severity, problem.workaround, problem.title) == (1, "count by hand", "No totals")
        await settled(pilot, "s", *"printed again", "enter")
        (problem,) = at_evening.board().problems
        assert (problem.status, problem.outcome) == (ProblemStatus.SOLVED, "printed again")
        await settled(pilot, "e")
        assert any("problem 1 is solved" in toast for toast in toasts(app))
        await settled(pilot, "O", *"no", "enter")
        assert at_evening.board().problems[0].status is ProblemStatus.OPEN


async def test_a_decision_and_a_paper_are_written_down_and_the_paper_entered(at_evening: Stage) -> None:
    app = at_evening.app("greta", screen="log")
    async with app.run_test(size=MIDDLE) as pilot:
        await settled(pilot, "d", *"Wait", "tab", *"bank", "tab", *"jana", "tab", *"DM-06, DM-07", "enter")
        board = at_evening.board()
        (decision,) = decisions_of_the_night(board)
        told = (decision.text, decision.because, board.handle(decision.decided_by_id), decision.tasks)
        assert told == ("Wait", "bank", "jana", ("DM-06", "DM-07"))
        await settled(pilot, "n", *"Note 1", "tab", *"sofie", "tab", *"45m", "enter")
        (paper,) = paper_documents(at_evening.board())
        assert (paper.text, paper.due_at) == ("Note 1", WINDOW + timedelta(minutes=137))
        app.screen.query_one(Listing).stand_on(OnLogged("paper 1"))
        await settled(pilot, "s", *"SH-1", "enter")
        assert paper_documents(at_evening.board())[0].entered_as == "SH-1"
        await settled(pilot, "s")
        assert any("entered as SH-1" in toast for toast in toasts(app))
        await settled(pilot, "u", *"wrong", "enter")
        assert paper_documents(at_evening.board())[0].entered_as is None


async def test_who_only_looks_writes_nothing(logged: Stage) -> None:
    app = logged.app("greta", screen="log", read_only=True)
    async with app.run_test(size=MIDDLE) as pilot:
        await settled(pilot, *"pdnseO")
        assert host_of(app).calls == []
        assert set(toasts(app)) == {"this console only looks"}
