"""People: who is there, who has answered, how much they have to do; and the call sheet with its numbers."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Container
from textual.events import Resize

from warroom.board.resources import resources
from warroom.tui.drawing.items import Item
from warroom.tui.drawing.picked import OnPerson
from warroom.tui.people.texts import Load, people_items, sheet_items, tasks_of, title_spans
from warroom.tui.picture.picture import Picture
from warroom.tui.screens.aside import AsideScreen
from warroom.tui.screens.console import WIDE
from warroom.tui.widgets.header import Header
from warroom.tui.widgets.listing import Listing
from warroom.tui.widgets.painted import Lines


class PeopleScreen(AsideScreen):
    """The cursor stands on people. Where there is no room for two panes, one holds everything.

    Args:
        ref: handle of the person to begin with.
    """

    SCREEN_NAME: ClassVar[str] = "people"
    HEADER_LINES: ClassVar[int] = 2

    def __init__(self, ref: str | None = None) -> None:
        super().__init__(ref)
        self._load: Load = {}
        self._reckoned: Picture | None = None
        self._reckoning = False
        self._screens: dict[str, str] = {}  # which screen those look at who are on line, by handle

    def compose(self) -> ComposeResult:
        yield Header(id="header", classes="-two")
        yield Lines(id="task-title")
        with Container(id="people-body"):
            yield Listing(id="people", nothing="there is nobody")
            yield Listing(id="sheet", show_cursor=False)
        yield Lines(id="footer")

    def draw(self) -> None:
        if not self._reckoning and self._reckoned is not self.picture:
            self._reckoning = True
            self.beside(self._reckon, group="load")
        self._draw_people()

    async def _reckon(self) -> None:
        """Reckon who has how much to do, off the loop; once more if the picture has moved on meanwhile."""
        try:
            while self._reckoned is not self.picture:
                picture = self.picture
                facts = await asyncio.to_thread(resources, picture.board, picture.forecast)
                self._load, self._reckoned = facts.load, picture
        finally:
            self._reckoning = False
        if self.is_there:
            self._draw_people()

    def _draw_people(self) -> None:
        picture, load = self.picture, self._load
        screens = self._screens = {one.handle: one.screen for one in self.console.connected()}
        self.query_one("#task-title", Lines).show(lambda _: title_spans(picture))
        people, sheet = self.query_one("#people", Listing), self.query_one("#sheet", Listing)

        def everything(width: int) -> tuple[Item, ...]:
            return (*people_items(picture, load, screens, width), *sheet_items(picture, width))

        beside = self.app.size.width >= WIDE
        people.show(partial(people_items, picture, load, screens) if beside else everything)
        sheet.show(partial(sheet_items, picture))
        sheet.entitle("Call sheet")
        people.entitle("On the night")
        if self.ref is not None:
            self.call_after_refresh(people.stand_on, OnPerson(self.ref))
            self.ref = None

    def beat(self) -> None:
        super().beat()
        known = {one.handle: one.screen for one in self.console.connected()}
        if known != self._screens and self.query_one_optional("#people") is not None:
            self._draw_people()

    def on_resize(self, _: Resize) -> None:
        self._draw_people()

    @property
    def _work_ref(self) -> str | None:
        """The task that the person under the cursor has now, or next."""
        picked = self.picked
        person = self.picture.board.person_called(picked.handle) if isinstance(picked, OnPerson) else None
        tasks = () if person is None else tasks_of(self.picture, person)
        return tasks[0].ref if tasks else None

    @property
    def has_details(self) -> bool:
        return self._work_ref is not None

    def open_selected(self) -> None:
        """What the person under the cursor is at."""
        if (ref := self._work_ref) is not None:
            self.console.show_task(ref)
