"""The war room: are we inside the window, who must act, why are we late."""

from __future__ import annotations

from functools import lru_cache, partial
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Container

from warroom.tui.alerts.side import MESSAGES, REASONS, alert_items, demand_items
from warroom.tui.drawing.roomy import as_long_as_fits, lines_of
from warroom.tui.habits.zoom import is_zoomed
from warroom.tui.plots.trend import trend_lines
from warroom.tui.screens.console import ConsoleScreen
from warroom.tui.telling.gauge import WORST_PER_CENT, gauge
from warroom.tui.telling.tasks import selected_line
from warroom.tui.timeline.widget import Timeline
from warroom.tui.widgets.header import Header
from warroom.tui.widgets.listing import Listing
from warroom.tui.widgets.painted import Lines


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
        act.show(lambda width: as_long_as_fits(partial(demand_items, picture, width), REASONS, act.size.height))
        act.entitle(f"Who must act · {len(picture.demands)}")
        alerts.show(lambda width: as_long_as_fits(partial(alert_items, picture, width), MESSAGES, alerts.size.height))
        alerts.entitle(f"Alerts · {len(picture.board.open_alerts)}")
        self._share_side()
        self.selection_moved()

    def on_resize(self) -> None:
        self.call_after_refresh(self._share_side)

    def _share_side(self) -> None:
        """Give those who must act as many lines as that takes, and the alerts the others; where there is not room for
        both, the alerts have two fifths. On a small terminal the style sheet says how many."""
        if not self.is_there or is_zoomed(self):
            return
        act, alerts = self.query_one("#act", Listing), self.query_one("#alerts", Listing)
        room = self.query_one("#side").size.height
        if not room or not act.width:
            return
        if self.has_class("-low") and self.has_class("-narrow"):
            act.styles.height = None
            return
        picture, borders = self.picture, 1
        wanted = borders + lines_of(demand_items(picture, act.width, REASONS[-1]) or act.items)
        alerts_want = borders + lines_of(alert_items(picture, alerts.width, MESSAGES[-1]) or alerts.items)
        height = max(2, min(wanted, room - min(alerts_want, room * 2 // 5)))
        if act.styles.height is None or act.styles.height.value != height:
            act.styles.height = height

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
