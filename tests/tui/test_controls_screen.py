"""The controls: both sides, what differs, who signs; entered, disposed of and signed where they stand."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.tui.looking import LARGE, MIDDLE, SIZES, SMALL, SnapCompare, caught_up, host_of, settled, shown, toasts
from tests.tui.stage import Stage, second_mock, staged
from warroom.board.rows import Control
from warroom.rules.controls import PartStanding, control_standing
from warroom.tui.doing.prompt import Prompt
from warroom.tui.drawing.picked import OnPart
from warroom.tui.screens.controls import ControlScreen, ControlsScreen
from warroom.tui.screens.task import TaskScreen
from warroom.tui.widgets.listing import Listing
from warroom.vocabulary.comparison import ComparedPart, ComparedRows, Comparison, RowDifference, Source
from warroom.vocabulary.words import ControlStanding, Disposition, Side


@pytest.fixture
def counted(at_night: Stage) -> Stage:
    """One control is signed, one is off by 0.02, of one only the legacy side is there, of one nothing."""
    for key, legacy, new in (
        ("tb", "1204331.07", "1204331.07"),
        ("ar", "81220.10", "81220.12"),
        ("stock", "33000", ""),
    ):
        figure = {"value": Decimal(legacy), "evidence": "print of 18:00, page 4"}
        at_night.do("control.record", key, by="sofie", side=Side.LEGACY, **figure)
        if new:
            at_night.do("control.record", key, by="greta", side=Side.NEW, value=Decimal(new))
    at_night.do("control.sign", "tb", by="matteo")
    return at_night


@pytest.fixture
def compared(at_night: Stage) -> Stage:
    """Of one control two files were compared row by row."""
    row = RowDifference(("1200", "Stock"), Decimal("7.50"), None, Decimal("-7.50"), outside=True)
    rows = ComparedRows(1, 0, 1, 1, (row,))
    part = ComparedPart(None, None, Decimal(1000), Decimal("992.50"), 3, 2, rows)
    sources = (Source("old.csv", "a" * 64, 3, 0, 0), Source("new.csv", "b" * 64, 2, 0, 0))
    at_night.do("control.import", "tb", by="greta", comparison=Comparison(*sources, ("Account", "Name"), (part,)))
    return at_night


@pytest.fixture
def of_entities(tmp_path: Path) -> Iterator[Stage]:
    with staged(tmp_path / "state.db", "d365-fo-lcs.yaml", "ana", played=second_mock) as stage:
        for entity, value in (("DE", "100"), ("UK", "250.50")):
            stage.do("control.record", "tb", by="olga", side=Side.LEGACY, value=Decimal(value), entity=entity)
        yield stage


def control_of(stage: Stage, key: str) -> Control:
    return next(control for control in stage.board().controls if control.key == key)


def parts_of(stage: Stage, key: str) -> tuple[PartStanding, ...]:
    return control_standing(stage.board(), control_of(stage, key)).parts


def part_of(stage: Stage, key: str) -> PartStanding:
    (part,) = parts_of(stage, key)
    return part


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_the_controls(snap_compare: SnapCompare, counted: Stage, size: tuple[int, int]) -> None:
    assert snap_compare(counted.app("matteo", screen="controls"), terminal_size=size, press=["down"])


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_one_control_down_to_its_rows(snap_compare: SnapCompare, compared: Stage, size: tuple[int, int]) -> None:
    async def open_it(pilot: Pilot[None]) -> None:
        await settled(pilot, "enter")  # until its rows were read

    assert snap_compare(compared.app("matteo", screen="controls"), terminal_size=size, run_before=open_it)


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "200x60"])
async def test_figures_difference_and_signature_are_told(counted: Stage, size: tuple[int, int]) -> None:
    app = counted.app("matteo", screen="controls")
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        screen = shown(app)
        for wanted in ("✗ 1 outside", "○ 1 legacy missing", "◐ 1 new missing", "✓ 1 signed", "1,204,331.07"):
            assert wanted in screen
        for wanted in ("81,220.10", "81,220.12", "+0.02", "33,000", "signed by matteo 21:26", "matteo signs"):
            assert wanted in screen


async def test_it_opens_by_its_key_and_on_the_control_that_the_panel_showed(counted: Stage) -> None:
    app = counted.app("matteo", screen="gate")
    async with app.run_test(size=MIDDLE) as pilot:
        await pilot.pause()
        app.screen.query_one("#standing", Listing).focus()
        app.screen.query_one("#standing", Listing).stand_on(OnPart("ar"))
        await settled(pilot, "enter")
        assert isinstance(app.screen, ControlsScreen)
        assert app.screen.picked == OnPart("ar")
        await settled(pilot, "escape", "escape", "K")
        assert isinstance(app.screen, ControlsScreen)


async def test_a_side_is_entered_what_is_missing_first(counted: Stage) -> None:
    app = counted.app("greta", screen="controls")
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        app.screen.query_one("#parts", Listing).stand_on(OnPart("stock"))
        await settled(pilot, "e", "enter")
        assert isinstance(app.screen, Prompt), "a figure is needed"
        await settled(pilot, *"33,000.01")
        assert "= 33,000.01" in shown(app)
        await settled(pilot, "tab", *"count of 21:00", "enter")
        part = part_of(counted, "stock")
        assert (part.standing, part.new_value) == (ControlStanding.WITHIN, Decimal("33000.01"))
        assert part.new is not None
        assert part.new.evidence == "count of 21:00"
        assert "✓ within" in shown(app)
        await settled(pilot, "e", "tab", *"1", "enter")
        assert isinstance(app.screen, Prompt), "what was entered is frozen"
        assert "was entered already" in shown(app)


async def test_whoever_entered_it_does_not_sign_it_but_the_one_who_signs_does(counted: Stage) -> None:
    for handle, said in (("greta", "only the one who signs it"), ("matteo", "ar is outside")):
        app = counted.app(handle, screen="controls")
        async with app.run_test(size=MIDDLE) as pilot:
            await pilot.pause()
            app.screen.query_one("#parts", Listing).stand_on(OnPart("ar"))
            await settled(pilot, "s")
            assert host_of(app).calls == []
            assert any(said in toast for toast in toasts(app)), toasts(app)


async def test_a_difference_is_disposed_of_and_then_signed(counted: Stage) -> None:
    app = counted.app("matteo", screen="controls")
    async with app.run_test(size=MIDDLE) as pilot:
        await pilot.pause()
        app.screen.query_one("#parts", Listing).stand_on(OnPart("ar"))
        await settled(pilot, "d", "a", "enter")
        assert isinstance(app.screen, Prompt), "it needs its reason"
        await settled(pilot, *"rounding", "enter")
        part = part_of(counted, "ar")
        assert part.round is not None
        assert (part.round.disposition, part.round.disposed_because) == (Disposition.ACCEPT, "rounding")
        assert "≈ accepted" in shown(app)
        await settled(pilot, "s", *"agreed", "enter")
        part = part_of(counted, "ar")
        assert part.round is not None
        assert (part.standing, part.round.signed_note) == (ControlStanding.SIGNED, "agreed")
        await settled(pilot, "s")
        assert any("ar is signed already" in toast for toast in toasts(app))


async def test_a_figure_is_corrected_with_its_reason(counted: Stage) -> None:
    app = counted.app("greta", screen="controls")
    async with app.run_test(size=MIDDLE) as pilot:
        await pilot.pause()
        app.screen.query_one("#parts", Listing).stand_on(OnPart("ar"))
        await settled(pilot, "C", "tab", *"81220.10", "tab", *"swapped", "enter")
        part = part_of(counted, "ar")
        assert part.standing is ControlStanding.WITHIN
        assert part.new is not None
        assert part.new.corrected_because == "swapped"


async def test_the_next_round_keeps_the_one_before(counted: Stage) -> None:
    app = counted.app("matteo", screen="controls")
    async with app.run_test(size=MIDDLE) as pilot:
        await pilot.pause()
        await settled(pilot, "R", "tab", *"loaded again", "enter")
        part = part_of(counted, "tb")
        assert part.round is not None
        assert (part.standing, part.round.number) == (ControlStanding.MISSING_NEW, 2)
        await settled(pilot, "enter")
        assert isinstance(app.screen, ControlScreen)
        screen = shown(app)
        assert screen.index("Round 2  loaded again") < screen.index("Round 1")
        assert "21:26 by matteo (claimed)" in screen


async def test_another_entity_is_named_where_the_control_leaves_that_open(of_entities: Stage) -> None:
    app = of_entities.app("ana", screen="controls")
    async with app.run_test(size=LARGE) as pilot:
        await pilot.pause()
        assert [part.entity for part in parts_of(of_entities, "tb")] == ["DE", "UK"]
        app.screen.query_one("#parts", Listing).stand_on(OnPart("tb", "UK"))
        await settled(pilot, "e", "tab", *"250.50", "enter")
        new = {part.entity: part.new_value for part in parts_of(of_entities, "tb")}
        assert new == {"DE": None, "UK": Decimal("250.50")}
        await settled(pilot, "e", "l", *"7", "tab", "tab", "tab", *"SE", "enter")
        legacy = {part.entity: part.legacy_value for part in parts_of(of_entities, "tb")}
        assert legacy == {"DE": Decimal(100), "SE": Decimal(7), "UK": Decimal("250.50")}
        assert "SE EUR" in shown(app)


async def test_rows_of_the_last_comparison_and_the_tasks_that_load_it(compared: Stage) -> None:
    app = compared.app("matteo", screen="controls")
    async with app.run_test(size=MIDDLE) as pilot:
        await pilot.pause()
        await settled(pilot, "enter")
        assert isinstance(app.screen, ControlScreen)
        screen = shown(app)
        for wanted in ("1, 1 by more than may be; 1 only in legacy", "✗ 1200 Stock", "7.50", "-7.50", "from old.csv"):
            assert wanted in screen
        compared.do("control.dispose", "tb", by="matteo", disposition=Disposition.RELOAD, reason="a file was missing")
        await caught_up(app, pilot)
        assert "reload, by matteo 21:26: a file was missing" in shown(app)
        await settled(pilot, "C")
        assert any("tb was compared row by row" in toast for toast in toasts(app))
        await settled(pilot, "down", "enter")
        assert isinstance(app.screen, TaskScreen)
        assert app.screen.ref == "DM-08"


async def test_it_is_seen_in_a_replay_too(compared: Stage) -> None:
    app = compared.app("matteo", screen="controls")
    async with app.run_test(size=MIDDLE) as pilot:
        await pilot.pause()
        await settled(pilot, "r")
        assert app.past is not None
        await settled(pilot, "enter")
        assert "✗ 1200 Stock" in shown(app)
        await settled(pilot, "e")
        assert any("the past cannot be changed" in toast for toast in toasts(app))


async def test_who_only_looks_changes_nothing(counted: Stage) -> None:
    options: dict[str, Any] = {"screen": "controls", "read_only": True}
    app = counted.app("matteo", **options)
    async with app.run_test(size=MIDDLE) as pilot:
        await pilot.pause()
        await settled(pilot, *"esdCR")
        assert host_of(app).calls == []
        assert set(toasts(app)) == {"this console only looks"}
