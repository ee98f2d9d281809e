"""The network around a task: levels, lines, and walking along the links."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.cutover import Cutover, document, task
from tests.tui.looking import LARGE, MIDDLE, SIZES, SMALL, SnapCompare, host_of, settled, shown
from tests.tui.stage import Stage, StageHost
from warroom.runbook.document import RunbookDocument
from warroom.tui.app import ConsoleApp
from warroom.tui.network.net import levels_for, net_around
from warroom.tui.network.widget import Network
from warroom.tui.screens.network import NetworkScreen
from warroom.tui.screens.task import TaskScreen
from warroom.tui.timeline.widget import Timeline


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_the_network(snap_compare: SnapCompare, at_evening: Stage, size: tuple[int, int]) -> None:
    assert snap_compare(at_evening.app(screen="network"), terminal_size=size)


async def test_it_opens_around_the_selected_task_and_tells_float(at_evening: Stage) -> None:
    app = at_evening.app()
    async with app.run_test(size=MIDDLE) as pilot:
        await pilot.pause()
        app.screen.query_one(Timeline).go_to("DM-10")
        await settled(pilot, "N")
        assert isinstance(app.screen, NetworkScreen)
        network = app.screen.query_one(Network)
        assert (network.centre, network.selected) == ("DM-10", "DM-10")
        screen = shown(app)
        for wanted in ("DM-08", "DM-09", "DM-11", "DM-12", "float -20m", "8 before", "float -15m"):
            assert wanted in screen, wanted
        assert "›" in screen


async def test_it_may_be_asked_for_about_another_task_before_it_is_drawn(at_evening: Stage) -> None:
    app = at_evening.app()
    async with app.run_test(size=MIDDLE) as pilot:
        await pilot.pause()
        app.show_beside("network", "DM-10")
        app.show_beside("network", "DM-12")
        await settled(pilot)
        assert app.screen.query_one(Network).centre == "DM-12"
        app.show_beside("network", "DM-08")
        await settled(pilot)
        assert app.screen.query_one(Network).centre == "DM-08"


async def test_arrows_walk_along_the_links_and_what_lies_beyond_becomes_the_centre(at_evening: Stage) -> None:
    app = at_evening.app(screen="network")
    async with app.run_test(size=SMALL) as pilot:
        await settled(pilot)
        network = app.screen.query_one(Network)
        assert network.selected == "DM-07"
        walked = []
        for key in ("right", "down", "right", "right", "left", "left"):
            await settled(pilot, key)
            walked.append((network.selected, network.centre))
        assert walked == [
            ("DM-08", "DM-07"),
            ("DM-09", "DM-07"),
            ("DM-10", "DM-09"),
            ("DM-11", "DM-10"),
            ("DM-10", "DM-10"),
            ("DM-08", "DM-10"),
        ]
        assert "DM-08 Load open invoices" in shown(app)
        await settled(pilot, "enter")
        assert isinstance(app.screen, TaskScreen)
        assert app.screen.ref == "DM-08"
        await settled(pilot, "escape")
        assert app.screen.query_one(Network).selected == "DM-08"


async def test_keys_for_tasks_work_on_the_task_under_the_cursor(at_evening: Stage) -> None:
    app = at_evening.app("rahul", screen="network")
    async with app.run_test(size=MIDDLE) as pilot:
        await settled(pilot)
        await settled(pilot, "n", *"seen", "enter")
        assert [(name, told["ref"]) for name, told in host_of(app).calls] == [("task.note", "DM-07")]
        await settled(pilot, "left", "N")
        assert app.screen.query_one(Network).centre == "DM-05"


async def test_a_click_chooses(at_evening: Stage) -> None:
    app = at_evening.app(screen="network")
    async with app.run_test(size=LARGE) as pilot:
        await settled(pilot)
        network = app.screen.query_one(Network)
        assert network.net is not None
        node = next(node for node in network.net.nodes if node.task.ref == "DM-09")
        width = network.width // len(network.net.columns)
        await pilot.click(network, offset=(node.column * (width + 1) + 3, node.row * network._node_lines + 1))
        assert network.selected == "DM-09"


def test_no_two_tasks_stand_in_one_place_and_every_link_leads_one_level_on(at_evening: Stage) -> None:
    board = at_evening.board()
    for centre in (*board.tasks, *board.backout_tasks):
        for levels in (1, 2, 3):
            net = net_around(board, centre, levels)
            places = [(node.column, node.row) for node in net.nodes]
            assert len(set(places)) == len(places)
            assert all(0 <= row < net.rows for _, row in places)
            column = {node.task.id: node.column for node in net.nodes}
            assert all(column[after] == column[before] + 1 for before, after in net.links)
            assert len({node.task.id for node in net.nodes}) == len(net.nodes)


def test_how_many_levels_find_room() -> None:
    assert [levels_for(width) for width in (20, 80, 118, 198, 400)] == [1, 1, 2, 3, 3]


async def test_a_hub_of_many_can_be_scrolled(rehearse: Callable[[RunbookDocument], Cutover]) -> None:
    many = [task(f"T{number}", 10) for number in range(300)]
    cutover = rehearse(document(*many, task("HUB", 10, *(one.ref for one in many)), task("LAST", 5, "HUB")))
    app = ConsoleApp(StageHost(cutover.state_file, "lena"))
    async with app.run_test(size=MIDDLE) as pilot:
        await pilot.pause()
        app.screen.query_one(Timeline).go_to("HUB")
        await settled(pilot, "N")
        network = app.screen.query_one(Network)
        assert network.item_count == 302
        await settled(pilot, "left", "end")
        assert network.selected == "T299"
        assert "T299" in shown(app)
        await settled(pilot, "home")
        assert network.selected == "T0"
        await settled(pilot, "right", "right")
        assert network.selected == "LAST"


async def test_slash_walks_to_a_task_by_its_reference_or_by_words(at_evening: Stage) -> None:
    app = at_evening.app(screen="network")
    async with app.run_test(size=MIDDLE) as pilot:
        await settled(pilot, "slash", *"dm-12")
        assert "= DM-12 " in shown(app)
        await settled(pilot, "enter")
        network = app.screen.query_one(Network)
        assert (network.centre, network.selected) == ("DM-12", "DM-12")
        await settled(pilot, "slash", *"items", "enter")
        assert (network.centre, network.selected) == ("DM-07", "DM-07")
        await settled(pilot, "slash", *"zzzz", "enter")
        assert "no task is called so" in shown(app)
        await settled(pilot, "escape")
        assert network.centre == "DM-07"
        assert host_of(app).calls == []
