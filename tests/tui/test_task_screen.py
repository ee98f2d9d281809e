"""One task whole, in one pane or two, and the way there and back."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from tests.tui.looking import MIDDLE, SIZES, SMALL, SnapCompare, caught_up, host_of, settled, shown
from tests.tui.stage import WINDOW, Stage
from warroom.actions.evidence import Attachment, attachment
from warroom.board.rows import Task
from warroom.tui.picture.picture import Picture
from warroom.tui.screens import task as task_module
from warroom.tui.screens.task import TaskScreen
from warroom.tui.screens.war_room import WarRoom
from warroom.tui.timeline.widget import Timeline
from warroom.tui.whatif.supposed import suppose_later
from warroom.tui.whatif.texts import Answer
from warroom.tui.widgets.listing import Listing


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_a_late_task(snap_compare: SnapCompare, at_evening: Stage, size: tuple[int, int]) -> None:
    at_evening.do("task.note", "DM-07", by="sofie", text="Row 17 of the item file is empty")
    assert snap_compare(at_evening.app(), terminal_size=size, press=["enter"])


async def test_it_tells_everything(at_evening: Stage) -> None:
    at_evening.do("task.note", "DM-07", by="sofie", text="Row 17 is empty")
    app = at_evening.app()
    async with app.run_test(size=MIDDLE) as pilot:
        await settled(pilot, "enter")
        screen = shown(app)
        for wanted in (
            "Steps  1 of 3 ticked",
            "Verification  0 of 2 ticked",
            "Import the two files with their external",
            "19:32 sofie: Row 17 is empty",
            "rahul · Rahul Deshmukh",
            "baseline    18:45 to 19:05",
            "planned     18:45 to 19:05",
            "expected    18:47 to 19:45",
            "actual      18:47 to …",
            "held by     its ETA",
            "▲ own         +38m: a cause",
            "~ inherited   +2m",
            "✓ done      DM-05",
            "· waiting   DM-08",
        ):
            assert wanted in screen, wanted


async def test_evidence_is_listed_and_in_the_journal(at_evening: Stage) -> None:
    attached = attachment("items.png", "image/png", b"picture")
    at_evening.do("evidence.add", "DM-07", by="sofie", attached=attached, note="no rejects [left]")
    elsewhere = Attachment("dump.bak", "application/octet-stream", "ab" * 32, 5_000_000_000, None)
    at_evening.do("evidence.add", "DM-07", by="sofie", attached=elsewhere)
    app = at_evening.app()
    async with app.run_test(size=MIDDLE) as pilot:
        await settled(pilot, "enter", "end", "end")
        screen = shown(app)
        assert "Evidence  2, the newest first" in screen
        assert "sofie: 1 items.png (image/png)" in screen
        assert "sofie: 2 dump.bak" in screen
    app = at_evening.app(screen="journal")
    async with app.run_test(size=MIDDLE) as pilot:
        await caught_up(app, pilot)
        assert "attached DM-07" in shown(app)
        assert "items.png: no rejects [left]" in shown(app)


async def test_a_narrow_one_holds_everything_in_one_pane_that_scrolls(at_evening: Stage) -> None:
    app = at_evening.app()
    async with app.run_test(size=SMALL) as pilot:
        await settled(pilot, "enter")
        assert "Waits for this" not in shown(app)
        task = app.screen.query(Listing).first()
        parts = [line[0][0].strip() for item in task.items for line in item.lines]
        assert (
            parts.index("Steps")
            < parts.index("If it is later")
            < parts.index("Waits for this")
            < parts.index("History")
        )
        await settled(pilot, "end", "end")
        assert "started DM-07" in shown(app)
        await settled(pilot, "home", "home")
        assert "Steps  1 of 3 ticked" in shown(app)
        await pilot.resize_terminal(*MIDDLE)
        await pilot.pause()
        work, facts = app.screen.query(Listing)
        assert work.display
        assert facts.display
        assert "Waits for this" in shown(app)


async def test_ticking_and_unticking_where_the_cursor_stands(at_evening: Stage) -> None:
    app = at_evening.app("rahul")
    async with app.run_test(size=MIDDLE) as pilot:
        await settled(pilot, "enter", "space")
        steps = at_evening.board().steps(at_evening.board().task("DM-07").id)  # type: ignore[union-attr]
        assert [step.ticked_at is not None for step in steps] == [False] * 5, "the cursor stands on the first"
        await settled(pilot, "down", "down", "space")
        assert host_of(app).calls[-1][1]["positions"] == [3]


async def test_a_task_of_the_back_out_says_that_it_is_dormant(at_evening: Stage) -> None:
    app = at_evening.app()
    async with app.run_test(size=MIDDLE) as pilot:
        app.screen.query_one(Timeline).go_to("DM-90")
        await settled(pilot, "enter")
        assert isinstance(app.screen, TaskScreen)
        assert "dormant until that is invoked" in shown(app)
        assert "undoes DM-02, DM-04" in shown(app)
        await settled(pilot, "s", "escape")
        assert isinstance(app.screen, WarRoom)
        assert host_of(app).calls == []


async def test_screens_do_not_pile_up(at_evening: Stage) -> None:
    app = at_evening.app()
    async with app.run_test(size=MIDDLE) as pilot:
        for _ in range(3):
            await settled(pilot, *"goaJ", "enter")
        assert len(app.screen_stack) <= 6
        assert len({type(screen) for screen in app.screen_stack}) == len(app.screen_stack)
        for _ in range(6):
            await settled(pilot, "escape")
        assert isinstance(app.screen, WarRoom)


async def test_it_tells_what_follows_if_it_is_later(at_evening: Stage) -> None:
    app = at_evening.app()
    async with app.run_test(size=MIDDLE) as pilot:
        await settled(pilot, "enter")
        screen = shown(app)
        for wanted in (
            "If it is later  w asks more",
            "+15m    finish +15m, 8 pushed, nothing more breaks",
            "+30m    finish +30m, 8 pushed",
            "⚑ back-out decision passed by 15m",
            "+1h     finish +1h, 8 pushed",
            "┃ window missed by 25m, ⚑ back-out decision",
        ):
            assert wanted in screen, wanted
        assert at_evening.board().task("DM-07").eta is not None  # type: ignore[union-attr]  # nothing was changed
        before = at_evening.state_file.head().seq
        at_evening.do("task.eta", "DM-07", by="rahul", eta=WINDOW + timedelta(minutes=125), reason="more rejects")
        await caught_up(app, pilot)
        assert "window missed by 15m" in shown(app)
        assert at_evening.state_file.head().seq == before + 1


async def test_where_the_window_is_missed_already_it_tells_by_how_much_then(at_night: Stage) -> None:
    app = at_night.app()
    async with app.run_test(size=MIDDLE) as pilot:
        await pilot.pause()
        app.push_screen(TaskScreen("DM-12"))
        await settled(pilot)
        assert "+15m    finish +15m, 3 pushed, 21m beyond" in shown(app)


async def test_what_can_be_no_later_tells_nothing_of_it(at_evening: Stage) -> None:
    app = at_evening.app()
    async with app.run_test(size=MIDDLE) as pilot:
        await pilot.pause()
        app.push_screen(TaskScreen("DM-01"))
        await settled(pilot)
        assert "If it is later" not in shown(app)


async def test_on_a_big_board_it_is_reckoned_off_the_loop(at_evening: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(task_module, "BIG_BOARD", 1)
    let, threads = threading.Event(), []

    def slowly(picture: Picture, task: Task) -> tuple[Answer, ...]:
        threads.append(threading.current_thread())
        assert let.wait(30)
        return suppose_later(picture, task)

    monkeypatch.setattr(task_module, "suppose_later", slowly)
    app = at_evening.app()
    async with app.run_test(size=MIDDLE) as pilot:
        await pilot.press("enter")
        assert "If it is later  being reckoned …" in shown(app)
        await pilot.press("down", "up")  # it goes on meanwhile
        let.set()
        await settled(pilot)
        assert "nothing more breaks" in shown(app)
        assert threading.main_thread() not in threads
