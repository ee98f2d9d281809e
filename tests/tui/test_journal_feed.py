"""The journal as it grows, whole or of one task."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.tui.looking import MIDDLE, SIZES, SMALL, SnapCompare, caught_up, host_of, settled, shown, toasts
from tests.tui.stage import WINDOW, Stage
from warroom.actions.registry import ACTIONS
from warroom.board.rows import Alert
from warroom.tui.app import ConsoleApp
from warroom.tui.screens import journal
from warroom.tui.screens.journal import JournalScreen
from warroom.tui.screens.task import TaskScreen
from warroom.tui.telling.happenings import entry_mark
from warroom.tui.widgets.listing import Listing
from warroom.vocabulary.errors import Refused
from warroom.vocabulary.words import Verdict, VoteChoice


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_the_journal_at_night(snap_compare: SnapCompare, at_night: Stage, size: tuple[int, int]) -> None:
    assert snap_compare(at_night.app(screen="journal"), terminal_size=size)


@pytest.mark.parametrize("action", ACTIONS)
def test_every_action_is_told_in_words(at_evening: Stage, action: str) -> None:
    (entry, *_) = at_evening.state_file.entries()
    assert entry_mark(replace(entry, action=action)).word != action


def seqs(app: ConsoleApp) -> list[int | None]:
    return [item.position for item in app.screen.query_one(Listing)._items]


async def test_entries_stand_newest_first_as_the_state_file_has_them(at_evening: Stage) -> None:
    app = at_evening.app()
    async with app.run_test(size=MIDDLE) as pilot:
        await settled(pilot, "J")
        assert isinstance(app.screen, JournalScreen)
        assert seqs(app) == [entry.seq for entry in reversed(list(at_evening.state_file.entries()))]
        screen = shown(app)
        for wanted in ("rahul     gave an ETA DM-07", "ETA 19:45: rejects in the item file", "watch     alert DM-07"):
            assert wanted in screen


async def test_new_entries_come_by_themselves_and_the_cursor_stays(at_evening: Stage) -> None:
    app = at_evening.app("rahul", screen="journal")
    async with app.run_test(size=MIDDLE) as pilot:
        await settled(pilot, "down")
        feed = app.screen.query_one(Listing)
        kept = feed.selected_position
        at_evening.do("task.note", "DM-07", by="sofie", text="row 17 is empty")
        at_evening.do("task.eta", "DM-06", by="jana", eta=WINDOW.replace(hour=20), reason="asked")
        await caught_up(app, pilot)
        newest = at_evening.state_file.head().seq
        assert seqs(app)[:2] == [newest, newest - 1]
        assert feed.selected_position == kept
        assert "row 17 is empty" in shown(app)
        await settled(pilot, "n", *"mine", "enter")
        assert seqs(app)[0] == at_evening.state_file.head().seq == newest + 1


async def test_votes_and_verdicts_are_told(at_night: Stage) -> None:
    at_night.do("gate.vote", "DM-12", by="helene", choice=VoteChoice.CONDITIONAL, reason="stock")
    at_night.do("gate.decide", "DM-12", by="helene", verdict=Verdict.CONDITIONAL, reason="stock by Monday")
    app = at_night.app(screen="journal")
    async with app.run_test(size=MIDDLE) as pilot:
        await settled(pilot)
        screen = shown(app)
        assert "conditional: stock by Monday" in screen
        assert "helene    voted DM-12" in screen


async def test_f_shows_only_what_is_about_the_selected_task(at_evening: Stage) -> None:
    app = at_evening.app(screen="journal")
    async with app.run_test(size=MIDDLE) as pilot:
        await settled(pilot)
        whole = seqs(app)
        await settled(pilot, "f")
        assert "only DM-07, f shows all" in shown(app)
        board = at_evening.board()
        wanted = [
            entry.seq
            for entry in at_evening.state_file.entries()
            if entry.subject == "DM-07"
            or any(
                change.table == "alert" and board.rows(Alert)[change.key].subject == "DM-07" for change in entry.changes
            )
        ]
        assert seqs(app) == wanted[::-1]
        assert board.last_entry("DM-07") in wanted
        await settled(pilot, "f")
        assert seqs(app) == whole


async def test_from_a_task_it_opens_on_that_task_and_esc_goes_back_to_it(at_evening: Stage) -> None:
    app = at_evening.app()
    async with app.run_test(size=MIDDLE) as pilot:
        await settled(pilot, "enter", "J")
        assert "only DM-07" in shown(app)
        await settled(pilot, "escape")
        assert isinstance(app.screen, TaskScreen)
        await settled(pilot, "J", "enter")
        assert isinstance(app.screen, TaskScreen)
        assert len(app.screen_stack) <= 4


async def test_only_the_latest_are_kept(at_evening: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "LATEST", 5)
    app = at_evening.app(screen="journal")
    async with app.run_test(size=SMALL) as pilot:
        await settled(pilot)
        head = at_evening.state_file.head().seq
        assert seqs(app) == list(range(head, head - 5, -1))
        at_evening.do("task.note", "DM-07", text="one more")
        await caught_up(app, pilot)
        assert seqs(app) == list(range(head + 1, head - 4, -1))


async def test_a_journal_that_cannot_be_read_is_told(at_evening: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    app = at_evening.app(screen="journal")

    async def broken(last: int) -> tuple[()]:
        raise Refused("the disk is gone", hint="mount it")

    monkeypatch.setattr(host_of(app), "entries", broken)
    async with app.run_test(size=MIDDLE) as pilot:
        await settled(pilot)
        assert toasts(app) == ["the disk is gone\n→ mount it"]
        assert "nothing has been written" in shown(app)


async def test_who_only_looks_changes_nothing_here(at_evening: Stage) -> None:
    app = at_evening.app(screen="journal", read_only=True)
    async with app.run_test(size=MIDDLE) as pilot:
        await settled(pilot)
        await settled(pilot, *"sdbeunx", "space")
        assert host_of(app).calls == []
        assert set(toasts(app)) == {"this console only looks"}
