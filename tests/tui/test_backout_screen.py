"""The way back on a screen of its own: triggers and clocks, the decision, and what there is instead."""

from __future__ import annotations

import pytest

from tests.cutover import Cutover
from tests.tui.looking import LARGE, MIDDLE, SIZES, SMALL, SnapCompare, host_of, settled, shown, toasts
from tests.tui.stage import WINDOW, Stage, StageHost
from warroom.board.rows import Invocation, RecoveryChoice, Trigger, TriggerCall
from warroom.tui.app import ConsoleApp
from warroom.tui.doing.prompt import Prompt
from warroom.tui.drawing.picked import OnRecovery, OnTrigger
from warroom.tui.screens.backout import BackoutScreen
from warroom.tui.screens.task import TaskScreen
from warroom.tui.widgets.listing import Listing
from warroom.vocabulary.words import BackoutStage, CallKind, Verdict, VoteChoice


@pytest.fixture
def clock_runs(real_size: Stage) -> Stage:
    """A rehearsal with ten triggers, three of them with a clock; that of the third runs."""
    real_size.do("rollback.start-clock", 3, by="ana", reason="no order ships")
    return real_size


def calls(stage: Stage) -> dict[tuple[int, CallKind], TriggerCall]:
    """What was called, by the number of the trigger and the kind of call."""
    board = stage.board()
    numbers = {trigger.id: number for number, trigger in enumerate(board.triggers, start=1)}
    return {(numbers[call.trigger_id], call.kind_of_call): call for call in board.rows(TriggerCall).values()}


def stand_on(app: ConsoleApp, picked: OnTrigger | OnRecovery) -> None:
    app.screen.query_one("#triggers", Listing).stand_on(picked)


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_the_way_back(snap_compare: SnapCompare, at_night: Stage, size: tuple[int, int]) -> None:
    at_night.do("rollback.raise", 1, by="rahul", reason="The stock differs", measured="1,204 EUR")
    assert snap_compare(at_night.app("helene", screen="back-out"), terminal_size=size)


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_many_triggers_and_ways_to_recover(snap_compare: SnapCompare, clock_runs: Stage, size: tuple[int, int]) -> None:
    assert snap_compare(clock_runs.app("ana", screen="back-out"), terminal_size=size)


async def test_each_trigger_tells_measure_threshold_standing_and_who_decides(clock_runs: Stage) -> None:
    clock_runs.to(60)
    app = clock_runs.app("ana", screen="back-out")
    async with app.run_test(size=LARGE) as pilot:
        await pilot.pause()
        screen = shown(app)
        for wanted in (
            "10 triggers  none is reached",
            "2. Master data was rejected",
            "when more than 1 % of the records of one file · measured by Rejects after two passes, by file",
            "● clock runs",
            "clock since Fri 27 Nov 17:50, 1h10 of 4h",
            "✓ not reached",
            "Instead, after the point of no return",
            "usual decide by",
            "worst decide by",
            "the time-box starts with go-live",
        ):
            assert wanted in screen


async def test_a_clock_is_started_and_stopped(clock_runs: Stage) -> None:
    app = clock_runs.app("ana", screen="back-out")
    async with app.run_test(size=MIDDLE) as pilot:
        await pilot.pause()
        stand_on(app, OnTrigger(1))
        await settled(pilot, "s")
        assert any("trigger 1 has no clock" in toast for toast in toasts(app))
        stand_on(app, OnTrigger(4))
        await pilot.pause()
        assert " s start clock " in shown(app)
        clock_runs.to(30)
        await settled(pilot, "s", *"the close fails", "tab", *"18:10", "enter")
        call = calls(clock_runs)[4, CallKind.CLOCK]
        assert (call.reason, call.at) == ("the close fails", WINDOW.replace(minute=10))
        assert " s stop clock " in shown(app)
        await settled(pilot, "s", *"it works", "enter")
        call = calls(clock_runs)[4, CallKind.CLOCK]
        assert call.ended_because == "it works"


async def test_a_trigger_is_raised_with_what_was_measured_and_withdrawn(at_night: Stage) -> None:
    app = at_night.app("rahul", screen="back-out")
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        await settled(pilot, "exclamation_mark", *"stock differs", "tab", *"1204 EUR", "enter")
        call = calls(at_night)[1, CallKind.RAISED]
        assert (call.reason, call.measured) == ("stock differs", "1204 EUR")
        assert "▲ REACHED" in shown(app)
        assert "helene or matteo decides" in shown(app)
        await settled(pilot, "exclamation_mark", *"counted wrong", "enter")
        assert calls(at_night)[1, CallKind.RAISED].ended_because == "counted wrong"
        assert "none is reached" in shown(app)


async def test_the_authority_backs_out_because_of_the_trigger_under_the_cursor(at_night: Stage) -> None:
    at_night.do("rollback.raise", 2, by="rahul", reason="The second attempt failed")
    app = at_night.app("helene", screen="gate")
    async with app.run_test(size=MIDDLE) as pilot:
        await settled(pilot, "B")
        assert isinstance(app.screen, BackoutScreen)
        stand_on(app, OnTrigger(2))
        await settled(pilot, "B")
        assert "called for by trigger 2" in shown(app)
        await settled(pilot, *"lost", "tab", *"BACK", "minus", *"OUT", "enter")
        board = at_night.board()
        assert board.backout_stage is BackoutStage.BACKING_OUT
        (invocation,) = board.rows(Invocation).values()
        trigger = board.rows(Trigger)[invocation.trigger_id or 0]
        assert (invocation.reason, trigger.position) == ("lost", board.triggers[1].position)
        screen = shown(app)
        assert "The back-out was invoked" in screen
        assert "0 of 1 done" in screen
        await settled(pilot, "exclamation_mark")
        assert any("triggers no longer count" in toast for toast in toasts(app))


async def test_a_task_of_it_is_opened(at_night: Stage) -> None:
    app = at_night.app("helene", screen="back-out")
    async with app.run_test(size=MIDDLE) as pilot:
        await pilot.pause()
        await settled(pilot, "tab", "enter")
        assert isinstance(app.screen, TaskScreen)
        assert app.screen.ref == "DM-90"


async def test_after_the_point_of_no_return_its_decider_chooses_a_way_to_recover(cutover: Cutover) -> None:
    app = ConsoleApp(StageHost(cutover.state_file, "gil"), screen="back-out")
    async with app.run_test(size=MIDDLE) as pilot:
        await pilot.pause()
        stand_on(app, OnRecovery("by-hand"))
        await settled(pilot, "D")
        assert any("the point of no return has not passed" in toast for toast in toasts(app))
        cutover.do("task.start", "END")
        host_of(app).catch_up()
        await settled(pilot)
        assert "the point of no return has passed" in shown(app)
        assert "gil decides" in shown(app)
        await settled(pilot, "D", *"too late", "enter")
        assert not isinstance(app.screen, Prompt)
        (choice,) = cutover.board().rows(RecoveryChoice).values()
        assert choice.reason == "too late"
        assert "by gil: too late" in shown(app)
        await settled(pilot, "D")
        assert any("by-hand was chosen already" in toast for toast in toasts(app))


async def test_nobody_else_chooses_it(cutover: Cutover) -> None:
    cutover.do("task.start", "END")
    app = ConsoleApp(StageHost(cutover.state_file, "lena"), screen="back-out")
    async with app.run_test(size=MIDDLE) as pilot:
        await pilot.pause()
        stand_on(app, OnRecovery("by-hand"))
        await settled(pilot, "D")
        assert any("only the authority that the runbook names may do that: gil" in toast for toast in toasts(app))


async def test_the_time_box_counts_down_once_live(at_night: Stage) -> None:
    app = at_night.app("helene", screen="back-out")
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        assert "the time-box starts with go-live" in shown(app)
        for gate in ("DM-12", "DM-14"):
            at_night.finish("DM-13") if gate == "DM-14" else None
            for seat in ("helene", "matteo", "rahul"):
                at_night.do("gate.vote", gate, by=seat, choice=VoteChoice.GO)
            at_night.do("gate.decide", gate, by="helene", verdict=Verdict.GO, reason="agreed")
        host_of(app).catch_up()
        await settled(pilot)
        assert "time-box ends Sun 29 Nov 21:26  in 48:00:00" in shown(app)
