"""One task whole: state, people, times, what it waits for, steps, instructions, notes."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from textual.app import ComposeResult

from warroom.board.rows import Task
from warroom.tui.ink import Spans
from warroom.tui.screens.console import ConsoleScreen
from warroom.tui.task_texts import details
from warroom.tui.widgets.header import Header
from warroom.tui.widgets.listing import Listing
from warroom.tui.widgets.painted import Lines
from warroom.vocabulary.text import one_line


class TaskScreen(ConsoleScreen):
    """The cursor stands on the task's steps; all keys for tasks work on this one."""

    SCREEN_NAME: ClassVar[str] = "task"
    HEADER_LINES: ClassVar[int] = 2

    def __init__(self, ref: str) -> None:
        super().__init__()
        self.ref = ref

    def compose(self) -> ComposeResult:
        yield Header(id="header", classes="-two")
        yield Lines(id="task-title")
        yield Listing(id="task")
        yield Lines(id="footer")

    @property
    def selected(self) -> Task | None:
        return self.picture.board.task(self.ref)

    @property
    def position(self) -> int | None:
        return self.query_one(Listing).selected_position

    def draw(self) -> None:
        task = self.selected
        if task is None:
            self.query_one(Listing).show(lambda _: ())
            return
        title: Spans = ((f" {one_line(task.ref, 20)} ", "bold reverse"), (f" {one_line(task.title, 200)}", "bold"))
        self.query_one("#task-title", Lines).show(lambda _: title)
        self.query_one(Listing).show(partial(details, self.picture, task))

    @property
    def has_details(self) -> bool:
        return False

    @property
    def can_go_back(self) -> bool:
        return True

    def go_back(self) -> None:
        self.dismiss()
