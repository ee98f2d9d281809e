"""The war room: are we inside the window, who must act, why are we late."""

from __future__ import annotations

from functools import lru_cache, partial
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Container

from warroom.tui.gauge import WORST_PER_CENT, gauge
from warroom.tui.screens.console import ConsoleScreen
from warroom.tui.side import alert_items, demand_items
from warroom.tui.task_texts import selected_line
from warroom.tui.trend import trend_lines
from warroom.tui.widgets.header import Header
from warroom.tui.widgets.listing import Listing
from warroom.tui.widgets.painted import Lines
from warroom.tui.widgets.timeline import Timeline


class WarRoom(ConsoleScreen):
    """The lead's screen."""

    SCREEN_NAME: ClassVar[str] = "war-room"

    def compose(self) -> ComposeResult:
        yield Header(id="header")
        yield Lines(id="gauge")
        yield Lines(id="trend")
        with Container(id="body"):
            yield Timeline(id="timeline")
            with Container(id="side"):
                yield Listing(id="act", nothing="nobody has to act now")
                yield Listing(id="alerts", nothing="no alert is open")
        yield Lines(id="selected")
        yield Lines(id="footer")

    def draw(self) -> None:
        picture = self.picture
        self._draw_gauge()
        self.show_trend()
        self.query_one(Timeline).show(picture)
        act, alerts = self.query_one("#act", Listing), self.query_one("#alerts", Listing)
        act.show(partial(demand_items, picture))
        act.entitle(f"Who must act · {len(picture.demands)}")
        alerts.show(partial(alert_items, picture))
        alerts.entitle(f"Alerts · {len(picture.board.open_alerts)}")
        self.selection_moved()

    def _draw_gauge(self) -> None:
        known = self.console.odds.known
        worst = None if known is None else known.confidence.percentile(WORST_PER_CENT)
        self.query_one("#gauge", Lines).show(partial(gauge, self.picture, worst=worst))

    def show_odds(self) -> None:
        super().show_odds()
        self._draw_gauge()

    @property
    def shows_trend(self) -> bool:
        return True

    def show_trend(self) -> None:
        both = lru_cache(1)(partial(trend_lines, self.picture, self.console.finishes.known))
        self.query_one("#trend", Lines).show(lambda width: both(width)[0], lambda width: both(width)[1])

    def selection_moved(self) -> None:
        self.query_one("#selected", Lines).show(partial(selected_line, self.picture, self.selected))

    def open_selected(self) -> None:
        pane = self.pane
        if isinstance(pane, Timeline) and pane.selected is None:
            pane.toggle_group()
        else:
            super().open_selected()

    @property
    def has_details(self) -> bool:
        return True

    @property
    def can_go_back(self) -> bool:
        return not isinstance(self.pane, Timeline)

    def go_back(self) -> None:
        """Back to the timeline, on the task that was selected beside it."""
        timeline = self.query_one(Timeline)
        task = self.selected
        if task is not None and self.pane is not timeline:
            timeline.go_to(task.ref)
        timeline.focus()
