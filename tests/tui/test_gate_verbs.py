"""What is done on the go/no-go panel besides voting in two keys: criteria, voices, conditions, going back on it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from tests.tui.looking import LARGE, MIDDLE, SIZES, SMALL, SnapCompare, host_of, settled, shown, toasts
from tests.tui.stage import WINDOW, Stage
from warroom.board.rows import Assessment, Decision, Gate, GoCondition, Task, Vote, Waiver
from warroom.tui.app import ConsoleApp
from warroom.tui.doing.prompt import Prompt
from warroom.tui.drawing.picked import OnCriterion, OnSeat
from warroom.tui.screens.backout import BackoutScreen
from warroom.tui.screens.controls import ControlsScreen
from warroom.tui.screens.criterion import CriterionScreen
from warroom.tui.screens.gate import GateScreen
from warroom.tui.screens.task import TaskScreen
from warroom.tui.widgets.listing import Listing
from warroom.vocabulary.words import Assurance, Medium, TaskState, Verdict, VoteChoice


def stand_on(app: ConsoleApp, picked: OnCriterion | OnSeat) -> None:
    app.screen.query(Listing).first().stand_on(picked)


def assessments(stage: Stage) -> list[Assessment]:
    return list(stage.board().rows(Assessment).values())


def decisions(stage: Stage) -> list[Decision]:
    return list(stage.board().rows(Decision).values())


def gate_of(stage: Stage, ref: str) -> Gate:
    board = stage.board()
    task = board.task(ref)
    assert task is not None
    gate = board.gate_of(task.id)
    assert gate is not None
    return gate


# --- moving about ----------------------------------------------------------------------------------------------------


async def test_the_cursor_reaches_every_criterion_on_a_small_terminal(real_size: Stage) -> None:
    app = real_size.app("ana", screen="gate")
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        assert "5. Production has the version" in shown(app), "five of nine fit without moving"
        seen = []
        for _ in range(13):
            picked = app.screen.query(Listing).first().picked
            if isinstance(picked, OnCriterion):
                seen.append(picked.number)
                assert f" {picked.number}. " in shown(app), "what the cursor stands on is in view"
            await settled(pilot, "down")
        assert seen == list(range(1, 10))
        await settled(pilot, "end")
        assert "What calls for a back-out" in shown(app), "one list holds everything"


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_a_criterion_whole(snap_compare: SnapCompare, real_size: Stage, size: tuple[int, int]) -> None:
    real_size.do("problem.raise", by="ana", title="Label printers stand still", severity=1, owner="wilma")
    keys = ["right_square_bracket", *["down"] * 4, "enter"]
    assert snap_compare(real_size.app("ana", screen="gate"), terminal_size=size, press=keys)


async def test_enter_opens_what_a_criterion_rests_on_and_what_that_leads_to(real_size: Stage) -> None:
    app = real_size.app("ana", screen="gate")
    async with app.run_test(size=MIDDLE) as pilot:
        await pilot.pause()
        stand_on(app, OnCriterion(1))
        await settled(pilot, "enter")
        assert isinstance(app.screen, CriterionScreen)
        assert "5 of 5 are open" in shown(app)
        await settled(pilot, "enter")
        assert isinstance(app.screen, TaskScreen)
        assert app.screen.ref == "FO-03A"
        await settled(pilot, "escape", "right_square_bracket")
        assert "criterion 2 of 9" in shown(app)
        await settled(pilot, "escape", "right_square_bracket")
        assert "FO-56" in shown(app)
        stand_on(app, OnCriterion(1))
        await settled(pilot, "enter", "enter")
        assert isinstance(app.screen, ControlsScreen)


async def test_problems_and_tests_of_a_criterion(real_size: Stage) -> None:
    real_size.do(
        "problem.raise",
        by="ana",
        title="Label printers stand still",
        severity=1,
        owner="wilma",
        workaround="print in the office",
        tasks=["FO-57"],
    )
    app = real_size.app("ana", screen="gate")
    async with app.run_test(size=MIDDLE) as pilot:
        await settled(pilot, "right_square_bracket", "right_square_bracket")
        stand_on(app, OnCriterion(4))
        await settled(pilot, "enter")
        screen = shown(app)
        for wanted in ("1, severity 1  wilma", "Label printers stand still; workaround: print in the office"):
            assert wanted in screen
        await settled(pilot, "left_square_bracket")
        screen = shown(app)
        for wanted in ("criterion 3 of 9", "0 of 6 flows passed", "order-to-cash  1 open", "FO-62"):
            assert wanted in screen


# --- criteria --------------------------------------------------------------------------------------------------------


async def test_whoever_judges_a_criterion_says_whether_it_holds_and_what_shows_it(at_night: Stage) -> None:
    app = at_night.app("matteo", screen="gate")
    async with app.run_test(size=MIDDLE) as pilot:
        await pilot.pause()
        stand_on(app, OnCriterion(2))
        await pilot.pause()
        await settled(pilot, "m", "m", "enter")
        assert isinstance(app.screen, Prompt), "nothing is judged without evidence"
        assert assessments(at_night) == []
        await settled(pilot, *"page 3", "enter")
        (found,) = assessments(at_night)
        assert (found.met, found.evidence) == (True, "page 3")
        assert "met: page 3" in shown(app)
        await settled(pilot, "m", "n", *"off by 2", "enter")
        assert [one.met for one in assessments(at_night)] == [True, False]
        await settled(pilot, "enter")
        screen = shown(app)
        assert screen.index("off by 2") < screen.index("page 3"), "the newest first"


async def test_nobody_else_judges_it(at_night: Stage) -> None:
    app = at_night.app("callum", screen="gate")
    async with app.run_test(size=MIDDLE) as pilot:
        await pilot.pause()
        stand_on(app, OnCriterion(2))
        await settled(pilot, "m", "W")
        assert host_of(app).calls == []
        assert "only its evaluator, the lead or a deputy may do that" in toasts(app)


async def test_what_is_computed_is_not_judged_but_a_figure_is_measured(real_size: Stage) -> None:
    app = real_size.app("tess", screen="gate")
    async with app.run_test(size=LARGE) as pilot:
        await pilot.pause()
        stand_on(app, OnCriterion(1))
        await settled(pilot, "m")
        assert any("judged by what is recorded (tasks-done)" in toast for toast in toasts(app))
        stand_on(app, OnCriterion(7))
        await pilot.pause()
        await settled(pilot, "m", *"93,5x", "enter")
        assert isinstance(app.screen, Prompt)
        await settled(pilot, "backspace", "backspace", "backspace", *".5")
        assert "= 93.5" in shown(app)
        await settled(pilot, "tab", *"list of users", "enter")
        (found,) = assessments(real_size)
        assert (found.value, found.evidence) == (Decimal("93.5"), "list of users")
        assert "93.5 %: list of users" in shown(app)


async def test_the_decider_does_without_one_for_a_time(at_night: Stage) -> None:
    app = at_night.app("helene", screen="gate")
    async with app.run_test(size=MIDDLE) as pilot:
        await pilot.pause()
        stand_on(app, OnCriterion(3))
        await settled(pilot, "W", *"8h", "tab", *"two rejects", "enter")
        (waiver,) = at_night.board().rows(Waiver).values()
        assert (waiver.reason, waiver.expires_at) == ("two rejects", WINDOW + timedelta(minutes=206 + 480))
        assert "» waived" in shown(app)


# --- voices ----------------------------------------------------------------------------------------------------------


async def test_a_vote_given_by_voice_is_written_down_before_a_witness_and_counter_signed(at_night: Stage) -> None:
    app = at_night.app("jana", screen="gate")
    async with app.run_test(size=MIDDLE) as pilot:
        await pilot.pause()
        stand_on(app, OnSeat("Partner"))
        await settled(pilot, "V", "c", *"greta")
        assert "= Greta Lindner" in shown(app)
        await settled(pilot, "enter")
        assert isinstance(app.screen, Prompt), "a conditional vote needs its reason"
        await settled(pilot, "tab", *"stock", "enter")
        board = at_night.board()
        vote = next(vote for vote in board.rows(Vote).values() if board.handle(vote.person_id) == "rahul")
        assert (vote.choice, vote.assurance) == (VoteChoice.CONDITIONAL, Assurance.PROXY)
        assert (board.handle(vote.recorded_by_id), board.handle(vote.witness_id)) == ("jana", "greta")
        entry = list(at_night.state_file.entries())[-1]
        assert (entry.actor, entry.done_by, entry.by) == ("jana", "rahul", Medium.VOICE)
        await settled(pilot, "C")
        assert any("no vote of yours was written down" in toast for toast in toasts(app))
    app = at_night.app("rahul", screen="gate")
    async with app.run_test(size=MIDDLE) as pilot:
        await pilot.pause()
        assert "written down for you: C counter-signs it" in shown(app)
        await settled(pilot, "C")
        vote = next(vote for vote in at_night.board().rows(Vote).values() if vote.recorded_by_id is not None)
        assert (vote.assurance, vote.countersigned_at is not None) == (Assurance.CLAIMED, True)
        assert "written down for you" not in shown(app)


async def test_a_substitute_speaks_for_a_seat(real_size: Stage) -> None:
    app = real_size.app("ana", screen="gate")
    async with app.run_test(size=MIDDLE) as pilot:
        await pilot.pause()
        stand_on(app, OnSeat("Partner"))
        await settled(pilot, "V", "g", *"tess", "tab", "tab", *"dario", "enter")
        board = real_size.board()
        (vote,) = board.rows(Vote).values()
        assert (board.handle(vote.person_id), vote.choice) == ("dario", VoteChoice.GO)


async def test_a_voice_is_written_down_by_the_lead_or_a_scribe_only_and_never_one_s_own(at_night: Stage) -> None:
    for handle, said in (("greta", "only the lead, a deputy or a scribe"), ("rahul", "it is your own seat: v votes")):
        app = at_night.app(handle, screen="gate")
        async with app.run_test(size=MIDDLE) as pilot:
            await pilot.pause()
            stand_on(app, OnSeat("Partner"))
            await settled(pilot, "V")
            assert host_of(app).calls == []
            assert any(said in toast for toast in toasts(app)), toasts(app)


# --- deciding --------------------------------------------------------------------------------------------------------


async def test_a_conditional_go_takes_its_conditions_one_by_one(at_night: Stage) -> None:
    at_night.do("gate.vote", "DM-12", by="helene", choice=VoteChoice.CONDITIONAL, reason="stock")
    app = at_night.app("helene", screen="gate")
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        await settled(pilot, "D", "c", *"agreed", "tab", *"Count the stock", "tab", *"nobody", "tab", *"8h", "enter")
        assert "there is nobody called nobody" in shown(app)
        await settled(pilot, "shift+tab", *["backspace"] * 6, *"sofie", "tab", "tab", "a", "enter")
        assert isinstance(app.screen, Prompt)
        assert "Condition 2, nothing is decided yet" in shown(app)
        assert decisions(at_night) == []
        await settled(pilot, *"Call the bank", "tab", *"matteo", "tab", *"9:00", "enter")
        assert not isinstance(app.screen, Prompt)
        (decision,) = decisions(at_night)
        assert (decision.verdict, decision.reason) == (Verdict.CONDITIONAL, "agreed")
        board = at_night.board()
        conditions = sorted(board.rows(GoCondition).values(), key=lambda one: one.id)
        assert [one.text for one in conditions] == ["Count the stock", "Call the bank"]
        tasks = [board.rows(Task)[one.task_id] for one in conditions]
        assert [board.handle(task.owner_id) for task in tasks] == ["sofie", "matteo"]
        assert [task.deadline_s for task in tasks] == [(206 + 480) * 60, 15 * 3600]


async def test_leaving_between_conditions_decides_nothing(at_night: Stage) -> None:
    at_night.do("gate.vote", "DM-12", by="helene", choice=VoteChoice.CONDITIONAL, reason="stock")
    app = at_night.app("helene", screen="gate")
    async with app.run_test(size=MIDDLE) as pilot:
        await pilot.pause()
        keys = ["D", "c", *"agreed", "tab", *"Count", "tab", *"sofie", "tab", *"8h", "tab", "a", "enter", "escape"]
        await settled(pilot, *keys)
        assert isinstance(app.screen, GateScreen)
        assert host_of(app).calls == []


async def test_fields_are_asked_for_only_where_the_verdict_wants_them(at_night: Stage) -> None:
    app = at_night.app("helene", screen="gate")
    async with app.run_test(size=MIDDLE) as pilot:
        await pilot.pause()
        await settled(pilot, "D", "g")
        assert "then (" not in shown(app)
        await settled(pilot, "shift+tab", "n")
        assert "then (" in shown(app)
        assert "condition (" not in shown(app)
        await settled(pilot, "shift+tab", "right")
        assert "condition (" in shown(app)
        assert "then (" not in shown(app)


async def test_a_no_go_that_leads_to_a_back_out_leads_there(at_night: Stage) -> None:
    at_night.do("gate.vote", "DM-12", by="helene", choice=VoteChoice.NO_GO, reason="stock differs")
    app = at_night.app("helene", screen="gate")
    async with app.run_test(size=MIDDLE) as pilot:
        await pilot.pause()
        await settled(pilot, "D", "n", *"lost", "tab", "b", "enter")
        assert isinstance(app.screen, BackoutScreen)


async def test_a_retry_needs_its_time(at_night: Stage) -> None:
    at_night.do("gate.vote", "DM-12", by="helene", choice=VoteChoice.NO_GO, reason="stock differs")
    app = at_night.app("helene", screen="gate")
    async with app.run_test(size=MIDDLE) as pilot:
        await pilot.pause()
        await settled(pilot, "D", "n", *"lost", "tab", "r", "enter")
        assert "say when it is decided again" in shown(app)
        assert decisions(at_night) == []


async def test_a_verdict_that_let_go_is_gone_back_on(at_night: Stage) -> None:
    app = at_night.app("helene", screen="gate")
    async with app.run_test(size=MIDDLE) as pilot:
        await pilot.pause()
        await settled(pilot, "O")
        assert any("has let nothing go" in toast for toast in toasts(app))
        at_night.do("gate.vote", "DM-12", by="helene", choice=VoteChoice.GO)
        at_night.do("gate.decide", "DM-12", by="helene", verdict=Verdict.GO, reason="signed")
        host_of(app).catch_up()
        app.show_beside("gate", "DM-12")
        await settled(pilot, "O", *"a file was missing", "enter")
        assert gate_of(at_night, "DM-12").verdict is Verdict.NO_GO
        assert [one.verdict for one in decisions(at_night)] == [Verdict.GO, Verdict.NO_GO]
        task = at_night.board().task("DM-12")
        assert task is not None
        assert task.state is TaskState.FAILED
