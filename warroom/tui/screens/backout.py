"""The way back: what calls for it, who decides, until when, and what it undoes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Container

from warroom.tui.backout.panel import calling_items, trigger_tally, way_back_items
from warroom.tui.drawing.ink import Spans
from warroom.tui.drawing.items import Item
from warroom.tui.picture.picture import Picture
from warroom.tui.screens.console import TALL, WIDE
from warroom.tui.screens.counting import CountingScreen
from warroom.tui.telling.countdowns import Countdown, last_backout, time_box_left
from warroom.tui.widgets.header import Header
from warroom.tui.widgets.listing import Listing
from warroom.tui.widgets.painted import Lines


class BackoutScreen(CountingScreen):
    """The cursor stands on triggers and ways to recover, and beside them on the tasks of the back-out. Where there is
    little room one list holds everything."""

    SCREEN_NAME: ClassVar[str] = "back-out"
    HEADER_LINES: ClassVar[int] = 2

    def compose(self) -> ComposeResult:
        yield Header(id="header", classes="-two")
        yield Lines(id="task-title")
        yield Lines(id="countdowns")
        with Container(id="way"):
            yield Listing(id="triggers")
            yield Listing(id="back")
        yield Lines(id="footer")

    def draw(self) -> None:
        title: Spans = ((" The way back ", "bold reverse"), *trigger_tally(self.picture))
        self.query_one("#task-title", Lines).show(lambda _: title)
        calling, back = self.query_one("#triggers", Listing), self.query_one("#back", Listing)
        wall, small = self.console.host.wall_time(), self.app.size.width < WIDE and self.app.size.height < TALL

        def everything(picture: Picture, width: int) -> tuple[Item, ...]:
            return (*calling_items(picture, width), *way_back_items(picture, wall, width))

        calling.show(partial(everything if small else calling_items, self.picture))
        calling.entitle("Triggers, and what there is instead")
        back.show(partial(way_back_items, self.picture, wall))
        back.entitle("How late it still fits")

    def countdowns(self, run_time: datetime) -> Sequence[Countdown]:
        wall = self.console.host.wall_time()
        return last_backout(self.picture, run_time), time_box_left(self.picture, run_time, wall)
