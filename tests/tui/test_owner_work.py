"""An owner's night by keys alone: steps, evidence, blocks and on whom, help, and what was missed meanwhile."""

from __future__ import annotations

from datetime import timedelta

from tests.tui.looking import SMALL, host_of, settled, shown, toasts
from tests.tui.stage import WINDOW, Stage
from warroom.board.rows import Problem
from warroom.tui.screens.owner import OwnerView
from warroom.tui.screens.task import TaskScreen
from warroom.tui.widgets.listing import Listing
from warroom.vocabulary.words import BlockedOn, Result, TaskState


async def test_space_ticks_the_step_under_the_cursor_and_a_digit_any_step(at_evening: Stage) -> None:
    app = at_evening.app("rahul", screen="owner")
    async with app.run_test(size=SMALL) as pilot:
        await settled(pilot, "down", "down", "down", "space")
        task = at_evening.board().task("DM-07")
        assert task is not None

        def ticked() -> list[bool]:
            return [step.ticked_at is not None for step in at_evening.board().steps(task.id)]

        assert ticked() == [True, False, True, False, False]
        await settled(pilot, "2")
        assert ticked() == [True, True, True, False, False]
        await settled(pilot, "space", "2")
        assert ticked() == [True, False, False, False, False]
        await settled(pilot, "i", *"https://logs/7", "enter")
        assert ticked() == [True, False, True, False, False]
        steps = at_evening.board().steps(task.id)
        assert steps[2].evidence == "https://logs/7"
        assert "evidence: https://logs/7" in shown(app)


async def test_instructions_are_on_the_screen_and_whole_behind_enter(at_evening: Stage) -> None:
    app = at_evening.app("rahul", screen="owner")
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        assert "Import the two files with their external ids" in shown(app)
        await settled(pilot, "enter")
        assert isinstance(app.screen, TaskScreen)
        assert len(list(app.screen.query("*"))) <= 30


async def test_a_block_names_whom_it_waits_for_with_ticket_promise_and_chase(at_evening: Stage) -> None:
    at_evening.do("party.add", "bank", name="House bank", phone="+49 30 555 010")
    app = at_evening.app("rahul", screen="owner")
    async with app.run_test(size=SMALL) as pilot:
        await settled(pilot, "b", *"no bank file", "tab", *"bank", "tab", *"INC-4711", "tab", *"45m", "tab", *"+15")
        assert "= 19:47, in 15m" in shown(app)
        await settled(pilot, "enter")
        task = at_evening.board().task("DM-07")
        assert task is not None
        assert (task.state, task.blocked_reason) == (TaskState.BLOCKED, "no bank file")
        assert (task.blocked_on, task.blocked_by, task.blocked_ticket) == (BlockedOn.PARTY, "bank", "INC-4711")
        assert task.blocked_promise == WINDOW + timedelta(minutes=137)
        assert task.blocked_chase == WINDOW + timedelta(minutes=107)
        assert "waits for House bank (+49 30 555 010), ticket INC-4711, promised 20:17" in shown(app)
        await settled(pilot, "b")
        task = at_evening.board().task("DM-07")
        assert task is not None
        assert (task.state, task.blocked_on, task.blocked_ticket) == (TaskState.RUNNING, None, None)


async def test_whom_it_waits_for_must_be_there_and_what_was_typed_stays(at_evening: Stage) -> None:
    app = at_evening.app("rahul", screen="owner")
    async with app.run_test(size=SMALL) as pilot:
        await settled(pilot, "b", *"no file", "tab", *"nobody", "enter")
        assert "there is no person, party or problem called nobody" in shown(app)
        for _ in "nobody":
            await pilot.press("backspace")
        await settled(pilot, *"sofie", "enter")
        task = at_evening.board().task("DM-07")
        assert task is not None
        assert (task.blocked_on, task.blocked_by) == (BlockedOn.PERSON, "sofie")


async def test_eta_progress_and_a_result_are_two_keys_and_words(at_evening: Stage) -> None:
    app = at_evening.app("rahul", screen="owner")
    async with app.run_test(size=SMALL) as pilot:
        await settled(pilot, "e", *"20:10", "tab", *"rejects", "enter", "p", *"412000/1200000 rows", "enter")
        task = at_evening.board().task("DM-07")
        assert task is not None
        assert (task.eta, task.eta_reason) == (WINDOW + timedelta(minutes=130), "rejects")
        assert (task.progress_done, task.progress_total, task.progress_unit) == (412_000, 1_200_000, "rows")
        assert "412,000 of 1,200,000 rows, 34 %" in shown(app)
        await settled(pilot, "2", "3", "D", "p", *"two by hand", "enter")
        board = at_evening.board()
        task = board.task("DM-07")
        assert task is not None
        assert (task.state, task.result) == (TaskState.VERIFYING, Result.PASS)
        assert [note.text for note in board.notes(task.id)] == ["two by hand"]


async def test_the_cursor_goes_on_to_what_is_up_next(at_evening: Stage) -> None:
    at_evening.do("task.assign", "DM-06", people={"owner": "rahul"}, reason="greta is ill")
    app = at_evening.app("rahul", screen="owner")
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        mine = app.screen.query_one(Listing)
        while mine.selected != "DM-07":
            await settled(pilot, "down")
        await settled(pilot, "2", "3", "d")
        assert mine.selected == "DM-06"


async def test_help_shows_who_is_on_call_with_the_number_and_is_logged(at_evening: Stage) -> None:
    app = at_evening.app("rahul", screen="owner")
    async with app.run_test(size=SMALL) as pilot:
        await settled(pilot, "exclamation_mark")
        assert "+44 20 7946 0178 ext 2 anjali, Anjali Kulkarni (backup)" in shown(app)
        assert "jana, Jana Krüger (lead)" in shown(app)
        await settled(pilot, *"rejects pile up", "enter")
        (problem,) = at_evening.board().rows(Problem).values()
        assert (problem.title, problem.tasks) == ("help wanted at DM-07: rejects pile up", ("DM-07",))
        assert at_evening.board().handle(problem.owner_id) == "anjali"
        assert toasts(app) == ["ring anjali: +44 20 7946 0178 ext 2"]


async def test_who_is_away_is_not_called_first(at_evening: Stage) -> None:
    at_evening.do("person.away", "anjali", by="anjali", reason="flight")
    app = at_evening.app("rahul", screen="owner")
    async with app.run_test(size=SMALL) as pilot:
        await settled(pilot, "exclamation_mark", *"rejects", "enter")
        (problem,) = at_evening.board().rows(Problem).values()
        assert at_evening.board().handle(problem.owner_id) == "jana"


async def test_a_task_goes_to_its_backup_by_enter_and_a_reason(at_evening: Stage) -> None:
    app = at_evening.app("rahul", screen="owner")
    async with app.run_test(size=SMALL) as pilot:
        await settled(pilot, "A", "enter", *"ill", "enter")
        board = at_evening.board()
        task = board.task("DM-07")
        assert task is not None
        assert board.handle(task.owner_id) == "anjali"


async def test_what_was_missed_is_told_on_arrival_and_put_away(at_evening: Stage) -> None:
    at_evening.to(95)
    at_evening.do("task.unblock", "DM-06", by="greta")
    at_evening.do("task.note", "DM-07", by="sofie", text="half of it is there")
    at_evening.do("task.note", "DM-02", by="sofie", text="not about rahul")
    app = at_evening.app("rahul", screen="owner")
    async with app.run_test(size=SMALL) as pilot:
        await settled(pilot)
        screen = app.screen
        assert isinstance(screen, OwnerView)
        assert screen.since is not None
        assert [entry.subject for entry in screen.since.entries] == ["DM-07"]
        assert "WHILE YOU WERE AWAY ─ since 19:24" in shown(app)
        assert "sofie noted DM-07 half of it is there" in shown(app)
        assert screen.pane.selected == "DM-07", "keys are about what is up"
        await settled(pilot, "escape")
        assert "WHILE YOU WERE AWAY" not in shown(app)
        assert host_of(app).calls == []


async def test_what_was_missed_goes_with_the_first_thing_that_is_done(at_evening: Stage) -> None:
    at_evening.do("task.note", "DM-07", by="sofie", text="half of it is there")
    app = at_evening.app("rahul", screen="owner")
    async with app.run_test(size=SMALL) as pilot:
        await settled(pilot)
        assert "WHILE YOU WERE AWAY" in shown(app)
        await settled(pilot, "space")
        assert "WHILE YOU WERE AWAY" not in shown(app)


async def test_the_next_task_says_on_whom_it_waits(at_evening: Stage) -> None:
    app = at_evening.app("sofie", screen="owner")
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        assert "waits for DM-07 rahul (+44 20 7946 0178 ext 1) running, about 19:45" in shown(app)
        assert len(list(app.screen.query("*"))) <= 30
