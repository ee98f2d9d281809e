"""While a prompt is open the screen below goes on: each beat draws what has changed, all of it and nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from rich.console import RenderableType
from textual._compositor import ChopsUpdate
from textual.screen import Screen

from tests.tui.looking import settled
from tests.tui.stage import WINDOW, Stage
from warroom.tui.doing.prompt import Prompt

CLOCK = 1
"""The line of the terminal, inside of the frame, with the time."""


@pytest.mark.parametrize(
    ("screen", "key", "step", "most"),
    [("gate", "D", timedelta(minutes=1), 15), ("war-room", "n", timedelta(seconds=1), 3)],
)
async def test_the_clock_goes_on(at_evening: Stage, screen: str, key: str, step: timedelta, most: int) -> None:
    app = at_evening.app(screen=screen)
    drawn: list[RenderableType | None] = []
    async with app.run_test(size=(140, 45)) as pilot:
        await settled(pilot, key)
        assert isinstance(app.screen, Prompt)
        display = app._display

        def noted(of: Screen[object], what: RenderableType | None) -> None:
            drawn.append(what)
            display(of, what)

        app._display = noted  # type: ignore[method-assign, assignment]
        now = WINDOW + timedelta(minutes=95)
        for beat in range(4):
            drawn.clear()
            at_evening.clock.move_to(now)
            now += step
            app.beat()
            for _ in range(100):
                await pilot.pause(0.01)
                if drawn:
                    break
            lines = {y for one in drawn if isinstance(one, ChopsUpdate) for y, _, _ in one.spans}
            assert CLOCK in lines, beat
            assert all(isinstance(one, ChopsUpdate) for one in drawn)
            assert not beat or len(lines) <= most
