"""Correcting in the console: taking back, reopening, doing again, settling; and what is shown of it."""

from __future__ import annotations

import pytest

from tests.tui.looking import MIDDLE, SMALL, SnapCompare, caught_up, host_of, select, settled, shown, task_of, toasts
from tests.tui.stage import Stage
from warroom.tui.doing.prompt import Prompt
from warroom.vocabulary.words import TaskState, VoteChoice


async def test_u_shows_ones_own_last_action_and_enter_takes_it_back(at_evening: Stage) -> None:
    app = at_evening.app("rahul", screen="owner")
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        await settled(pilot, "space")
        ticked = app.host.board.seq
        await settled(pilot, "u")
        assert isinstance(app.screen, Prompt)
        assert "ticked DM-07: step 2: Test" in shown(app)
        await settled(pilot, *"wrong box", "enter")
        assert host_of(app).calls[-1] == ("undo", {"entry": ticked, "reason": "wrong box"})
        steps = app.host.board.steps(task_of(app, "DM-07").id)
        assert [step.ticked_at is not None for step in steps[:2]] == [True, False]
        await settled(pilot, "u")
        assert "gave an ETA DM-07" in shown(app)


async def test_ones_own_last_action_is_found_far_back(at_evening: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("warroom.tui.tasks.own_last.FIRST", 1)
    monkeypatch.setattr("warroom.tui.tasks.own_last.FURTHER", 2)
    app = at_evening.app("rahul", screen="owner")
    async with app.run_test(size=SMALL) as pilot:
        await settled(pilot, "space")
        for _ in range(5):
            at_evening.do("task.note", "DM-08", by="jana", text="seen")
        await caught_up(app, pilot)
        await settled(pilot, "u")
        assert "ticked DM-07: step 2: Test" in shown(app)


async def test_u_says_why_nothing_is_taken_back(at_evening: Stage) -> None:
    at_evening.do("task.note", "DM-07", by="jana", text="seen")
    for handle, reason in (
        ("rahul", "has been built on: task.note of DM-07 by jana"),
        ("callum", "task.verify of DM-02 by callum, entry 11, has been built on: task.start of DM-04 by tomasz"),
        ("helene", "there is nothing of yours to take back"),
    ):
        app = at_evening.app(handle)
        async with app.run_test(size=MIDDLE) as pilot:
            await settled(pilot, "u")
            assert not isinstance(app.screen, Prompt)
            assert any(reason in toast for toast in toasts(app)), toasts(app)


async def test_what_was_meant_to_be_taken_back_is_taken_back_or_nothing(at_evening: Stage) -> None:
    """While the question stands, somebody builds on it, or it is taken back in another window."""
    app = at_evening.app("rahul", screen="owner")
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        await settled(pilot, "u")
        at_evening.do("undo", by="rahul")
        await settled(pilot, "enter")
        assert isinstance(app.screen, Prompt)
        assert any("was taken back already" in toast for toast in toasts(app))
        await settled(pilot, "escape")
        await caught_up(app, pilot)
        await settled(pilot, "u")
        at_evening.do("task.note", "DM-07", by="jana", text="seen")
        await settled(pilot, "enter")
        assert isinstance(app.screen, Prompt)
        assert "has been built on" in shown(app)


async def test_reopen_do_again_and_settle(at_evening: Stage) -> None:
    app = at_evening.app("jana")
    async with app.run_test(size=MIDDLE) as pilot:
        select(app, "DM-05")
        await settled(pilot, "O", *"two are missing", "enter")
        assert task_of(app, "DM-05").state is TaskState.RUNNING
        assert task_of(app, "DM-07").stale_because == "DM-05 was reopened: two are missing"
        select(app, "DM-07")
        await pilot.pause()
        assert "↺ stale" in shown(app)
        await settled(pilot, "S", *"not concerned", "enter")
        assert task_of(app, "DM-07").stale_since is None
        select(app, "DM-04")
        await settled(pilot, "R", "right", "tab", *"wrong file", "enter")
        again = {row.ref: row.attempt for row in app.host.board.tasks if row.attempt > 1}
        assert set(again) == {"DM-04", "DM-05", "DM-06", "DM-07"} & set(again)
        assert again["DM-04"] == again["DM-05"] == again["DM-07"] == 2
        assert task_of(app, "DM-04").state is TaskState.NOT_STARTED


async def test_times_are_corrected(at_evening: Stage) -> None:
    app = at_evening.app("jana")
    async with app.run_test(size=MIDDLE) as pilot:
        select(app, "DM-01")
        await settled(pilot, "C", *"17:58", "tab", "tab", *"by the log", "enter")
        assert not isinstance(app.screen, Prompt), shown(app)
        start = task_of(app, "DM-01").actual_start
        assert start is not None
        assert (start.hour, start.minute) == (16, 58)
        await settled(pilot, "J")
        assert "start corrected from 18:00 to 17:58" in shown(app)


async def test_what_cannot_be_corrected_says_why(at_evening: Stage) -> None:
    app = at_evening.app("callum")
    async with app.run_test(size=MIDDLE) as pilot:
        select(app, "DM-05")
        await settled(pilot, "O", "R", "S")
        select(app, "DM-08")
        await settled(pilot, "O", "C")
        select(app, "DM-12")
        await settled(pilot, "R")
        assert toasts(app) == [
            "only its owner, the backup of an owner who is away, its verifier, the lead or a deputy may do that",
            "only its owner, the backup of an owner who is away, its verifier, the lead or a deputy may do that",
            "DM-05 is not stale",
            "DM-08 is not finished; it is waiting",
            "only its owner, the backup of an owner who is away, its verifier, the lead or a deputy may do that",
            "DM-12 is a gate: it is decided anew, or settled",
        ]
        assert host_of(app).calls == []


async def test_what_is_stale_is_up_for_its_owner_though_it_is_done(at_evening: Stage) -> None:
    at_evening.do("task.rerun", "DM-04", by="jana", reason="wrong file")
    app = at_evening.app("tomasz", screen="owner")
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        text = shown(app)
        assert "↺ DM-05" in text
        said = " ".join(line[:-1].strip() for line in text.split("\n"))  # but the scroll bar
        assert "DM-04 was re-run: wrong file (S still good, R do again)" in said


async def test_the_journal_shows_what_was_taken_back_and_by_what(at_evening: Stage) -> None:
    app = at_evening.app("rahul", screen="journal")
    async with app.run_test(size=MIDDLE) as pilot:
        await settled(pilot)
        at_evening.do("undo", by="rahul", reason="not yet known")
        await caught_up(app, pilot)
        lines = shown(app).split("\n")
        assert any("gave an ETA DM-07" in line and "↺ taken back" in line for line in lines)
        assert any("took back DM-07" in line for line in lines)


async def test_a_stale_gate_is_voted_on_again(at_night: Stage) -> None:
    at_night.do("gate.vote", "DM-12", by="helene", choice=VoteChoice.GO)
    app = at_night.app("helene")
    async with app.run_test(size=MIDDLE) as pilot:
        select(app, "DM-12")
        await settled(pilot, "D", "g", *"signed", "enter")
        assert task_of(app, "DM-12").state is TaskState.DONE
        await settled(pilot, "v")
        assert not isinstance(app.screen, Prompt)
        at_night.do("task.rerun", "DM-11", by="jana", reason="counted wrongly")
        await caught_up(app, pilot)
        assert "stale: DM-11 was re-run" in shown(app)
        await settled(pilot, "v", "g")
        assert host_of(app).calls[-1][0] == "gate.vote"


def test_the_war_room_with_stale_tasks(snap_compare: SnapCompare, at_evening: Stage) -> None:
    at_evening.do("task.rerun", "DM-04", by="jana", reason="loaded the customers of last year")
    assert snap_compare(at_evening.app(), terminal_size=MIDDLE)


def test_a_task_in_its_second_attempt(snap_compare: SnapCompare, at_evening: Stage) -> None:
    at_evening.do("task.rerun", "DM-04", by="jana", reason="loaded the customers of last year")
    at_evening.do("task.rerun", "DM-05", by="tomasz", reason="what DM-04 loads anew")

    assert snap_compare(at_evening.app("tomasz", screen="owner"), terminal_size=MIDDLE, press=["enter"])


def test_somebody_was_faster(snap_compare: SnapCompare, at_evening: Stage) -> None:
    app = at_evening.app("rahul", screen="owner")
    at_evening.do("task.note", "DM-07", by="jana", text="wait for me")
    assert snap_compare(app, terminal_size=SMALL, press=["space"])


def test_what_would_be_taken_back(snap_compare: SnapCompare, at_evening: Stage) -> None:
    assert snap_compare(at_evening.app("rahul", screen="owner"), terminal_size=SMALL, press=["u"])
