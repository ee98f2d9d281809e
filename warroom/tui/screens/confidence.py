"""How sure the forecast is: histogram and S-curve of the finish, the odds, and what drives them."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Container

from warroom.tui.drawing.chart import charts
from warroom.tui.drawing.ink import Spans
from warroom.tui.drawing.items import Item
from warroom.tui.drawing.shares import share_ink, show_share
from warroom.tui.drawing.wrapping import wrapped
from warroom.tui.reckoning.odds import TRIALS, Reckoned
from warroom.tui.reckoning.odds_texts import odds_items
from warroom.tui.screens.aside import AsideScreen
from warroom.tui.widgets.header import Header
from warroom.tui.widgets.listing import Listing
from warroom.tui.widgets.painted import Lines
from warroom.tui.widgets.plot import Plot


class ConfidenceScreen(AsideScreen):
    """A first figure soon, and finer ones as they come. The cursor stands on the tasks that matter most."""

    SCREEN_NAME: ClassVar[str] = "confidence"
    HEADER_LINES: ClassVar[int] = 2

    def compose(self) -> ComposeResult:
        yield Header(id="header", classes="-two")
        yield Lines(id="task-title")
        with Container(id="odds"):
            yield Plot(id="plot")
            yield Listing(id="drivers", nothing="the odds are being reckoned")
        yield Lines(id="footer")

    @property
    def shows_odds(self) -> bool:
        return True

    def draw(self) -> None:
        self.console.odds.reckon()
        self.show_odds()

    def show_odds(self) -> None:
        super().show_odds()
        odds = self.console.odds
        known, drivers = odds.known, self.query_one("#drivers", Listing)
        self.query_one("#task-title", Lines).show(partial(_title, known, odds.nothing_varies))
        drivers.entitle("The odds")
        if known is None:
            self.query_one(Plot).show(lambda _width, _height: ())
            drivers.show(lambda width: _nothing_varies(width) if odds.nothing_varies else ())
            return
        forecast, picture = known.picture.forecast, known.picture
        self.query_one(Plot).show(
            partial(charts, known.confidence.finishes, forecast.end, forecast.origin, picture.zone)
        )
        drivers.show(partial(odds_items, known))


def _nothing_varies(width: int) -> tuple[Item, ...]:
    """What to do about it."""
    said = "Every duration is one figure, so there are no odds: the forecast is all there is. Durations as low, likely \
and high in the runbook, or two rehearsals, give some."
    return (Item(tuple(((f"  {line}", "muted"),) for line in wrapped(said, width - 4))),)


def _title(known: Reckoned | None, nothing_varies: bool, _width: int) -> Spans:
    title = (" Confidence ", "bold reverse")
    if nothing_varies:
        return (title, ("  no duration varies: no task has three points or two rehearsals", "muted"))
    if known is None or known.confidence.inside is None:
        return (title, ("  being reckoned …", "muted"))
    inside = known.confidence.inside
    return (
        title,
        (f"  {show_share(inside)} ", f"{share_ink(inside)} bold"),
        ("to finish inside the window", ""),
        (f"   {known.confidence.trials:,} of {TRIALS:,} trials", "muted"),
    )
