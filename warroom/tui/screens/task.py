"""One task whole: what it takes on one side, what is known of it on the other."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Container
from textual.events import Resize

from warroom.board.rows import Task
from warroom.board.told import concerns
from warroom.tui.drawing.ink import Spans
from warroom.tui.journal.feed import Feed
from warroom.tui.picture.picture import BIG_BOARD, Picture
from warroom.tui.screens.aside import AsideScreen
from warroom.tui.screens.console import WIDE
from warroom.tui.tasks.details import fact_items, whole_items, work_items
from warroom.tui.telling.happenings import about
from warroom.tui.whatif.supposed import suppose_later
from warroom.tui.whatif.texts import Answer
from warroom.tui.widgets.header import Header
from warroom.tui.widgets.listing import Listing
from warroom.tui.widgets.painted import Lines
from warroom.vocabulary.text import one_line

REACH = 2_000
"""Its history is looked for in so many of the latest entries of the journal."""


class TaskScreen(AsideScreen):
    """The cursor stands on the task's steps; all keys for tasks work on this one. Where there is no room for two panes,
    one holds everything.

    Args:
        ref: the task; None: the one that is the most urgent when it is opened.
    """

    SCREEN_NAME: ClassVar[str] = "task"
    FOOTER_LINES: ClassVar[int] = 2
    HEADER_LINES: ClassVar[int] = 2

    def __init__(self, ref: str | None = None) -> None:
        super().__init__(ref)
        self._feed = Feed(self, REACH, self._draw_task)
        self._if_later: tuple[Answer, ...] | None = None
        self._supposed: tuple[Picture, Task] | None = None
        self._reckoning = False

    def compose(self) -> ComposeResult:
        yield Header(id="header", classes="-two")
        yield Lines(id="task-title")
        with Container(id="task-body"):
            yield Listing(id="task")
            yield Listing(id="facts", show_cursor=False)
        yield Lines(id="footer")

    @property
    def selected(self) -> Task | None:
        return None if self.ref is None else self.picture.board.task(self.ref)

    @property
    def position(self) -> int | None:
        return self.query_one("#task", Listing).selected_position

    def draw(self) -> None:
        self.ref = self.ref or self.picture.most_urgent
        self._feed.read()
        self._suppose()
        self._draw_task()

    def _suppose(self) -> None:
        """See what would follow if it were later: at once, and on a big Board as soon as it is reckoned off the loop.
        Until then what was known before stays."""
        task = self.selected
        if task is None:
            self._supposed, self._if_later = None, ()
            return
        before, self._supposed = self._supposed, (self.picture, task)
        if before is None or before[1].ref != task.ref:
            self._if_later = None
        if len(self.picture.board.tasks) < BIG_BOARD:
            self._if_later = suppose_later(self.picture, task)
        elif not self._reckoning:
            self._reckoning = True
            self.beside(self._reckon, group="later")

    async def _reckon(self) -> None:
        """Answer for the picture that is shown last, until no other is."""
        try:
            answered = None
            while self._supposed is not None and self._supposed is not answered:
                answered = self._supposed
                found = await asyncio.to_thread(suppose_later, *answered)
                if self.is_there and answered is self._supposed:
                    self._if_later = found
                    self._draw_task()
        finally:
            self._reckoning = False

    def _draw_task(self) -> None:
        task = self.selected
        work, facts = self.query_one("#task", Listing), self.query_one("#facts", Listing)
        if task is None:
            work.show(lambda _: ())
            facts.show(lambda _: ())
            return
        title: Spans = ((f" {one_line(task.ref, 20)} ", "bold reverse"), (f" {one_line(task.title, 200)}", "bold"))
        self.query_one("#task-title", Lines).show(lambda _: title)
        beside = self.app.size.width >= WIDE
        board = self.picture.board
        history = tuple(
            entry
            for entry in self._feed.entries
            if entry.run in (None, board.run_id)
            and (about(board, entry) == task.ref or concerns(board, entry, task.ref))
        )
        if beside:
            work.show(partial(work_items, self.picture, task, history))
        else:
            work.show(partial(whole_items, self.picture, task, history, self._if_later))
        facts.show(partial(fact_items, self.picture, task, self._if_later))

    def on_resize(self, _: Resize) -> None:
        self._draw_task()

    @property
    def has_details(self) -> bool:
        return False
