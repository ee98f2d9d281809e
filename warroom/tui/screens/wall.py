"""The wall: what the whole room looks at. No cursor, no keys; it follows now and turns its own pages."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Container
from textual.events import Resize

from warroom.clock.durations import MINUTE, show_duration
from warroom.clock.times import show_distance, show_time
from warroom.tui.alerts.side import demand_items
from warroom.tui.drawing.ink import Spans
from warroom.tui.gates.criterion_texts import found_at
from warroom.tui.gates.texts import next_gate
from warroom.tui.gates.wall_panel import gate_line, is_being_decided, panel_items
from warroom.tui.owners.pane_grid import PaneGrid
from warroom.tui.owners.panes import By, OwnerPane, owner_panes
from warroom.tui.picture.filter import Sieve
from warroom.tui.picture.picture import Picture
from warroom.tui.screens.console import TALL, ConsoleScreen
from warroom.tui.telling.countdowns import countdown_lines, decision_due, last_backout
from warroom.tui.telling.gauge import gauge
from warroom.tui.timeline.widget import Timeline
from warroom.tui.widgets.header import Header
from warroom.tui.widgets.listing import Listing
from warroom.tui.widgets.painted import Lines
from warroom.tui.widgets.pane import Pane
from warroom.vocabulary.text import one_line

PAGE_BEATS = 10
"""Heartbeats (seconds) for which a page of owners' panes stays."""

SWAP_BEATS = 20 * 60
"""Heartbeats (seconds) after which parts of the wall change places, so that nothing burns into the screen."""


class WallScreen(ConsoleScreen):
    """Two countdowns, the gauge, the next gate, the timeline, who must act, and the owners' panes page by page. While
    a gate is being decided its panel stands large above the timeline, or instead of it where there is no room."""

    SCREEN_NAME: ClassVar[str] = "wall"
    AUTO_FOCUS: ClassVar[str | None] = ""
    FOOT: ClassVar[str] = "#data-as-of"

    def __init__(self) -> None:
        super().__init__()
        self._as_of: datetime | None = None  # wall clock when the Board was last known to be current
        self._turned = 0

    def compose(self) -> ComposeResult:
        yield Header(id="header")
        yield Lines(id="gauge")
        yield Lines(id="countdowns")
        yield Lines(id="next-gate")
        with Container(id="body"):
            with Container(id="plan"):
                yield Listing(id="panel", show_cursor=False)
                yield Timeline(id="timeline", show_cursor=False)
            with Container(id="side"):
                yield Listing(id="act", nothing="nobody has to act now", show_cursor=False)
                yield PaneGrid(id="owners", show_cursor=False)
        yield Lines(id="data-as-of")

    @property
    def pane(self) -> Pane:
        """What can be narrowed down: the owners' panes."""
        return self.query_one(PaneGrid)

    def draw(self) -> None:
        picture = self.picture
        self.query_one("#gauge", Lines).show(partial(gauge, picture))
        timeline = self.query_one(Timeline)
        timeline.show(picture)
        timeline.fold_done()
        if picture.demands:
            timeline.go_to(picture.demands[0].ref)
        self._draw_gate()
        act = self.query_one("#act", Listing)
        act.show(partial(demand_items, picture))
        act.entitle(f"Who must act · {len(picture.demands)}")
        self.query_one(PaneGrid).show(picture, partial(_busy_panes, picture))
        self._turn_page()

    def show_odds(self) -> None:
        super().show_odds()
        self._draw_gate()

    def _draw_gate(self) -> None:
        """The next gate: in one line, and whole while it is being decided."""
        picture, known = self.picture, self.console.odds.known
        task = next_gate(picture)
        gate = None if task is None else picture.board.gate_of(task.id)
        found = found_at(picture, gate, None if known is None else known.per_cent)
        self.query_one("#next-gate", Lines).show(partial(gate_line, picture, task, gate, found))
        deciding = is_being_decided(picture, task, gate)
        self.set_class(deciding, "-deciding")
        if deciding and task is not None and gate is not None:
            panel = self.query_one("#panel", Listing)
            panel.show(partial(panel_items, picture, task, gate, found))
            panel.entitle(f"Go or no-go · {one_line(task.ref, 20)} {one_line(task.title, 60)}")

    def beat(self) -> None:
        super().beat()
        lines = self.query_one_optional("#countdowns", Lines)
        if lines is None:
            return
        now = self.console.surroundings().run_time
        counts = (decision_due(self.picture, next_gate(self.picture), now), last_backout(self.picture, now))
        lines.show(*countdown_lines(counts, large=self.app.size.height >= TALL and not self.console.compact))
        self._tell_age()
        self._turn_page()
        self._change_places()

    def on_resize(self, _: Resize) -> None:
        self.beat()

    def _turn_page(self) -> None:
        grid = self.query_one(PaneGrid)
        page = self.console.beats // PAGE_BEATS % grid.pages
        if page != grid.page:
            grid.turn_to(page)
        grid.entitle("Owners" + (f" · page {page + 1} of {grid.pages}" if grid.pages > 1 else ""))

    def _change_places(self) -> None:
        """By turns: as composed; the side column to the left; the header to the foot; both."""
        turn = self.console.beats // SWAP_BEATS % 4
        if turn == self._turned:
            return
        self._turned = turn
        body, side, plan = (self.query_one(name) for name in ("#body", "#side", "#plan"))
        header, age = self.query_one(Header), self.query_one("#data-as-of")
        with self.app.batch_update():
            if turn % 2:
                body.move_child(side, before=plan)
            else:
                body.move_child(side, after=plan)
            if turn >= 2:
                self.move_child(header, after=age)
            else:
                self.move_child(header, before=0)

    def _tell_age(self) -> None:
        """When what is shown was last known to be current; loud once it no longer is."""
        wall, trouble = self.console.host.wall_time(), self.console.host.trouble
        if trouble is None or self._as_of is None:
            self._as_of = wall
        zone = self.picture.zone
        shown = show_time(self._as_of, zone, seconds=True, day=False)
        if trouble is not None:
            age = show_duration(max(0, (wall - self._as_of) // timedelta(seconds=1)))
            said = f" ▲ STALE: data as of {shown}, {age} ago: {one_line(trouble.message, 120)} "
            stale: Spans = ((said, "beyond bold reverse"),)
            self.query_one("#data-as-of", Lines).show(lambda _: stale)
            return
        recorded = self.picture.board.recorded_at
        last: Spans = ()
        if recorded is not None:
            quiet = max(0, (wall - recorded) // timedelta(seconds=MINUTE)) * MINUTE
            last = ((f"   last entry {show_time(recorded, zone, day=False)}, {show_distance(-quiet)}", "muted"),)
        spans: Spans = ((" data as of ", "muted"), (shown, "bold"), *last)
        self.query_one("#data-as-of", Lines).show(lambda _: spans)

    @property
    def has_details(self) -> bool:
        return False


def _busy_panes(picture: Picture, sieve: Sieve | None) -> tuple[OwnerPane, ...]:
    """The panes of those who have something to do; all, where nobody has."""
    panes = owner_panes(picture, By.OWNER, sieve)
    return tuple(pane for pane in panes if pane.ref is not None) or panes
