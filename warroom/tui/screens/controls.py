"""The controls: what both systems show, what differs, who has signed; and one of them whole, down to its rows."""

from __future__ import annotations

import json
from functools import partial
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.containers import Container

from warroom.board.rows import Document
from warroom.tui.controls.texts import control_items, on_part, part_items, part_under, tally
from warroom.tui.drawing.ink import Spans
from warroom.tui.drawing.picked import OnPart, Picked
from warroom.tui.screens.aside import AsideScreen
from warroom.tui.widgets.header import Header
from warroom.tui.widgets.listing import Listing
from warroom.tui.widgets.painted import Lines
from warroom.vocabulary.errors import WarroomError
from warroom.vocabulary.text import one_line


class ControlsScreen(AsideScreen):
    """The cursor stands on the controls, part by part; beside them, where there is room, the one under it.

    Args:
        ref: key of the control to begin with.
    """

    SCREEN_NAME: ClassVar[str] = "controls"
    HEADER_LINES: ClassVar[int] = 2

    def compose(self) -> ComposeResult:
        yield Header(id="header", classes="-two")
        yield Lines(id="task-title")
        with Container(id="controls"):
            yield Listing(id="parts")
            yield Listing(id="rounds", show_cursor=False)
        yield Lines(id="footer")

    def draw(self) -> None:
        title: Spans = ((" Controls ", "bold reverse"), *tally(self.picture))
        self.query_one("#task-title", Lines).show(lambda _: title)
        parts = self.query_one("#parts", Listing)
        parts.show(partial(part_items, self.picture))
        parts.entitle("Legacy and new")
        if self.ref is not None and (found := part_under(self.picture, OnPart(self.ref))) is not None:
            self.ref = None
            self.call_after_refresh(parts.stand_on, on_part(*found))
        self.selection_moved()

    @property
    def picked(self) -> Picked | None:
        return self.query_one("#parts", Listing).picked

    def selection_moved(self) -> None:
        picked, rounds = self.picked, self.query_one("#rounds", Listing)
        if isinstance(picked, OnPart):
            rounds.show(partial(control_items, self.picture, picked, None, whole=False))
            rounds.entitle(f"Rounds · {self.picture.key('task.details')} shows all of it, row by row")

    @property
    def has_details(self) -> bool:
        return self.picked is not None

    def open_selected(self) -> None:
        """All of the control under the cursor."""
        if isinstance(self.picked, OnPart):
            self.app.push_screen(ControlScreen(self.picked))


class ControlScreen(AsideScreen):
    """One control for an entity and currency, whole; keys for controls work on it wherever the cursor stands."""

    SCREEN_NAME: ClassVar[str] = "control"
    HEADER_LINES: ClassVar[int] = 2

    def __init__(self, part: OnPart) -> None:
        super().__init__()
        self._part = part
        self._rows: dict[str, dict[str, Any]] = {}  # what was read of comparisons, by SHA-256

    def compose(self) -> ComposeResult:
        yield Header(id="header", classes="-two")
        yield Lines(id="task-title")
        yield Listing(id="control")
        yield Lines(id="footer")

    def draw(self) -> None:
        back = f"  {self.picture.key('console.back')} goes back"
        title: Spans = ((f" Control {one_line(self._part.key, 20)} ", "bold reverse"), (back, "muted"))
        self.query_one("#task-title", Lines).show(lambda _: title)
        sha256 = self._sha256
        rows = None if sha256 is None else self._rows.get(sha256)
        self.query_one(Listing).show(partial(control_items, self.picture, self._part, rows))
        if sha256 is not None and rows is None:
            self.beside(partial(self._read, sha256), group="rows", exclusive=True)

    @property
    def _sha256(self) -> str | None:
        """Of what was kept of the last comparison row by row."""
        found = part_under(self.picture, self._part)
        key = None if found is None or found[1].round is None else found[1].round.rows_document_id
        return None if key is None else self.picture.board.rows(Document)[key].sha256

    async def _read(self, sha256: str) -> None:
        try:
            self._rows[sha256] = json.loads(await self.console.host.content(sha256))
        except WarroomError as error:
            self.console.complain(error)
            return
        if self.is_there:
            self.draw()

    @property
    def picked(self) -> Picked | None:
        found = part_under(self.picture, self._part)
        return None if found is None else on_part(*found)

    @property
    def has_details(self) -> bool:
        return self.pane.selected is not None
