"""The owners' panes: who has what now and next, in one widget, a page at a time."""

from __future__ import annotations

import pytest

from tests.tui.looking import LARGE, MIDDLE, SIZES, SMALL, SnapCompare, caught_up, host_of, settled, shown, toasts
from tests.tui.stage import Stage
from warroom.tui.owners.pane_grid import PaneGrid
from warroom.tui.owners.panes import By, owner_panes
from warroom.tui.screens.owners import PAGE_BEATS, OwnersScreen
from warroom.tui.screens.task import TaskScreen
from warroom.tui.screens.war_room import WarRoom
from warroom.vocabulary.words import TaskState


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_the_panes_in_the_evening(snap_compare: SnapCompare, at_evening: Stage, size: tuple[int, int]) -> None:
    assert snap_compare(at_evening.app(screen="owners"), terminal_size=size)


def test_streams(snap_compare: SnapCompare, at_evening: Stage) -> None:
    assert snap_compare(at_evening.app(screen="owners"), terminal_size=MIDDLE, press=["o"])


def test_every_task_is_in_one_pane_and_those_in_trouble_come_first(at_evening: Stage) -> None:
    picture = at_evening.app().picture
    for by in By:
        panes = owner_panes(picture, by)
        assert sum(pane.total for pane in panes) == len(picture.forecast.delays)
        assert len({pane.key for pane in panes}) == len(panes)
    owners = owner_panes(picture, By.OWNER)
    assert [(pane.key, pane.late, pane.causes) for pane in owners[:2]] == [("rahul", 2, 1), ("greta", 2, 1)]
    assert [task.ref for task in owners[0].now] == ["DM-07"]
    assert [task.ref for task in owners[0].following] == ["DM-08"]
    wanted = [demand.ref for demand in picture.demands]
    assert [pane.ref for pane in owners[:2]] == wanted[:2], "in the order of who must act"
    assert owners[-1].ref is None, "whoever is done comes last"


async def test_o_opens_them_turns_to_streams_and_esc_goes_back(at_evening: Stage) -> None:
    app = at_evening.app()
    async with app.run_test(size=MIDDLE) as pilot:
        await settled(pilot, "o")
        assert isinstance(app.screen, OwnersScreen)
        assert "rahul Data lead" in shown(app)
        await settled(pilot, "o")
        assert "Finance lead matteo" in shown(app)
        await settled(pilot, "o", "escape")
        assert isinstance(app.screen, WarRoom)


async def test_pages_fit_the_screen_and_turn(at_evening: Stage) -> None:
    app = at_evening.app(screen="owners")
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        grid = app.screen.query_one(PaneGrid)
        assert (grid.columns, grid.rows_of_page, grid.pages) == (2, 3, 2)
        keys = [pane.key for pane in owner_panes(app.picture, By.OWNER)]
        for page, first in enumerate(keys[:: grid.panes_of_page]):
            assert grid.page == page
            assert grid.selected_pane is not None
            assert grid.selected_pane.key == first
            assert f" {first} " in shown(app)
            assert f"page {page + 1} of 2" in shown(app)
            await settled(pilot, "pagedown")
        await settled(pilot, "pageup", "pageup", "pageup")
        assert grid.page == 0
        await settled(pilot, "right", "down", "left")
        assert grid.cursor == 2
        await pilot.resize_terminal(*LARGE)
        await pilot.pause()
        assert grid.pages == 1
        assert all(f" {key} " in shown(app) for key in keys)


async def test_the_most_urgent_task_of_a_pane_is_selected_and_keys_work_on_it(at_evening: Stage) -> None:
    app = at_evening.app("rahul", screen="owners")
    async with app.run_test(size=MIDDLE) as pilot:
        await pilot.pause()
        grid = app.screen.query_one(PaneGrid)
        await settled(pilot, "right")
        assert grid.selected == "DM-06"
        await settled(pilot, "s")
        assert host_of(app).calls == []
        await settled(pilot, "left")
        assert grid.selected == "DM-07"
        await settled(pilot, "b", *"disk full", "enter")
        task = at_evening.board().task("DM-07")
        assert task is not None
        assert (task.state, task.blocked_reason) == (TaskState.BLOCKED, "disk full")
        assert "■ DM-07" in shown(app)
        assert grid.selected == "DM-07", "the cursor stays with its owner wherever the pane has gone"
        await settled(pilot, "enter")
        assert isinstance(app.screen, TaskScreen)
        assert app.screen.ref == "DM-07"


async def test_they_move_with_the_board(at_evening: Stage) -> None:
    app = at_evening.app(screen="owners")
    async with app.run_test(size=MIDDLE) as pilot:
        await pilot.pause()
        at_evening.do("task.unblock", "DM-06", by="greta")
        await caught_up(app, pilot)
        assert "DM-06 Note control totals" in shown(app)
        assert "■" not in shown(app).split("By owner")[1]


async def test_who_only_looks_changes_nothing_here(at_evening: Stage) -> None:
    app = at_evening.app(screen="owners", read_only=True)
    async with app.run_test(size=MIDDLE) as pilot:
        await pilot.pause()
        await settled(pilot, *"sdbeunx", "space")
        assert host_of(app).calls == []
        assert set(toasts(app)) == {"this console only looks"}


async def test_a_click_selects_a_pane(at_evening: Stage) -> None:
    app = at_evening.app(screen="owners")
    async with app.run_test(size=MIDDLE) as pilot:
        await pilot.pause()
        grid = app.screen.query_one(PaneGrid)
        await pilot.click(PaneGrid, offset=(grid.pane_width + 5, 2))
        assert grid.cursor == 1


async def test_it_is_made_of_a_handful_of_widgets(at_evening: Stage) -> None:
    app = at_evening.app(screen="owners")
    async with app.run_test(size=LARGE) as pilot:
        await pilot.pause()
        assert len(list(app.screen.query("*"))) <= 6


async def test_what_is_executed_is_up_for_its_verifier(at_evening: Stage) -> None:
    at_evening.do("step.tick", "DM-07", by="rahul", positions=[2, 3])
    at_evening.do("task.done", "DM-07", by="rahul")
    panes = {pane.key: pane for pane in owner_panes(at_evening.app().picture, By.OWNER)}
    assert [task.ref for task in panes["sofie"].now] == ["DM-07"]
    assert [task.ref for task in panes["rahul"].now] == []
    assert panes["rahul"].total == 2, "it still counts with its owner"


async def test_pages_turn_by_themselves_only_where_nobody_can_act(at_evening: Stage) -> None:
    for read_only in (True, False):
        app = at_evening.app(screen="owners", read_only=read_only)
        async with app.run_test(size=SMALL) as pilot:
            await pilot.pause()
            grid = app.screen.query_one(PaneGrid)
            pages = set()
            for _ in range(2 * PAGE_BEATS):
                app.beat()
                pages.add(grid.page)
            assert pages == ({0, 1} if read_only else {0})


# --- narrowed down -----------------------------------------------------------------------------------------------


def typed(text: str) -> list[str]:
    return ["slash", *text]


async def test_they_are_narrowed_down_in_the_language_of_every_list(at_evening: Stage) -> None:
    app = at_evening.app(screen="owners")
    async with app.run_test(size=MIDDLE) as pilot:
        await pilot.pause()
        grid = app.screen.query_one(PaneGrid)
        whole = grid.item_count
        for text, owners in (
            ("owner:rahul", ["rahul"]),
            ("state:blocked", ["greta"]),
            ("late: -owner:rahul state:blocked", ["greta"]),
            ("data lead", ["rahul"]),
        ):
            await settled(pilot, *typed(text), "enter")
            assert [pane.key for pane in grid._panes] == owners, text
            assert f"/{text}" in str(grid.border_title)
            await settled(pilot, "escape")
            assert grid.item_count == whole
        await settled(pilot, *typed("state:blocked"), "enter")
        assert "DM-06" in shown(app)
        assert "DM-10" not in shown(app), "of an owner only what is wanted is told"
        await settled(pilot, "o")
        assert [pane.key for pane in grid._panes] == ["finance"], "and of streams too"
        at_evening.do("task.unblock", "DM-06", by="greta")
        await caught_up(app, pilot)
        assert grid.item_count == 0
        assert "nothing matches" in shown(app)


async def test_what_is_left_is_paged(at_evening: Stage) -> None:
    app = at_evening.app(screen="owners")
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        grid = app.screen.query_one(PaneGrid)
        await settled(pilot, "pagedown")
        assert (grid.page, grid.pages) == (1, 2)
        await settled(pilot, *typed("late:"), "pagedown", "enter")
        assert 0 < grid.item_count < len(owner_panes(app.picture, By.OWNER))
        assert grid.pages == -(-grid.item_count // grid.panes_of_page)
        assert grid.page < grid.pages


async def test_the_wall_is_narrowed_down_and_turns_the_pages_of_what_is_left(at_evening: Stage) -> None:
    app = at_evening.app(wall=True)
    async with app.run_test(size=LARGE) as pilot:
        await pilot.pause()
        grid = app.screen.query_one(PaneGrid)
        await settled(pilot, *typed("stream:data"), "enter")
        assert {pane.key for pane in grid._panes} == {"rahul", "sofie"}
        app.beat()
        await settled(pilot, "escape")
        assert len(grid._panes) > 2
