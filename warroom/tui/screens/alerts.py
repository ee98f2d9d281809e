"""All alerts, open and closed, with everything that they push."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from textual.app import ComposeResult

from warroom.board.rows import Alert
from warroom.tui.alerts.texts import alert_list
from warroom.tui.drawing.ink import Spans
from warroom.tui.screens.aside import AsideScreen
from warroom.tui.widgets.header import Header
from warroom.tui.widgets.listing import Listing
from warroom.tui.widgets.painted import Lines


class AlertsScreen(AsideScreen):
    """The cursor stands on alerts; what is selected is the task that is the cause."""

    SCREEN_NAME: ClassVar[str] = "alerts"
    HEADER_LINES: ClassVar[int] = 2

    def compose(self) -> ComposeResult:
        yield Header(id="header", classes="-two")
        yield Lines(id="task-title")
        yield Listing(id="all-alerts")
        yield Lines(id="footer")

    @property
    def alert(self) -> Alert | None:
        number = self.query_one(Listing).selected_position
        return None if number is None else self.picture.board.rows(Alert).get(number)

    def draw(self) -> None:
        board = self.picture.board
        said = f"  {len(board.open_alerts)} open, {len(board.alerts)} in all"
        watching = "" if self.console.surroundings().watched else "  ▲ nobody watches for new ones"
        title: Spans = ((" Alerts ", "bold reverse"), (said, ""), (watching, "status-late bold"))
        self.query_one("#task-title", Lines).show(lambda _: title)
        self.query_one(Listing).show(partial(alert_list, self.picture))
