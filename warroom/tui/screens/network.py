"""The network around a task: what it rests on and what rests on it, level by level, with float."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from textual.app import ComposeResult

from warroom.board.board import Board
from warroom.board.chain import downstream, upstream
from warroom.board.rows import Task
from warroom.tui.drawing.ink import Spans
from warroom.tui.network.widget import Network
from warroom.tui.screens.aside import AsideScreen
from warroom.tui.tasks.chain import chain_items
from warroom.tui.telling.tasks import selected_line
from warroom.tui.widgets.header import Header
from warroom.tui.widgets.listing import Listing
from warroom.tui.widgets.painted import Lines
from warroom.vocabulary.text import one_line


class NetworkScreen(AsideScreen):
    """Around one task: the most urgent one where none is named. The cursor walks along the links.

    Args:
        ref: the task in the centre.
    """

    SCREEN_NAME: ClassVar[str] = "network"
    HEADER_LINES: ClassVar[int] = 2

    def compose(self) -> ComposeResult:
        yield Header(id="header", classes="-two")
        yield Lines(id="task-title")
        yield Network(id="network")
        yield Listing(id="chain", show_cursor=False)
        yield Lines(id="selected")
        yield Lines(id="footer")

    def __init__(self, ref: str | None = None) -> None:
        super().__init__(ref)
        self._counted: tuple[Board, str, int, int] | None = None  # how many are before and after a task of a Board

    @property
    def _network(self) -> Network:
        return self.query_one(Network)

    def show_about(self, ref: str | None) -> None:
        if self._is_complete:  # else the first drawing is about `ref`
            self._network.show(self.picture, ref)
        super().show_about(ref)

    def draw(self) -> None:
        network = self._network
        network.show(self.picture, network.centre or self.ref or self.picture.most_urgent)
        self.selection_moved()

    def selection_moved(self) -> None:
        picture, network = self.picture, self._network
        self.ref = network.centre
        task = None if self.ref is None else picture.board.task(self.ref)
        title: Spans = ((" Network ", "bold reverse"), ("  there is no task", "muted"))
        if task is not None:
            before, after = self._count(picture.board, task)
            walks = " ".join(picture.key(f"move.{way}") for way in ("left", "right", "up", "down"))
            title = (
                (" Network ", "bold reverse"),
                (f"  {before} before ", "muted"),
                (f" {one_line(task.ref, 20)} ", "bold"),
                (one_line(task.title, 60), ""),
                (f"  {after} after", "muted"),
                (f"  {walks} walk", "muted"),
            )
        self.query_one("#task-title", Lines).show(lambda _: title)
        self.query_one("#selected", Lines).show(partial(selected_line, picture, self.selected))
        self._draw_chain()

    def _draw_chain(self) -> None:
        """All that comes before and after the task under the cursor, where there is room to tell it."""
        chain, task = self.query_one("#chain", Listing), self.selected
        if task is not None and self.has_class("-tall"):
            chain.entitle(f"Before and after {one_line(task.ref, 20)}")
            chain.show(partial(chain_items, self.picture, task))

    def _count(self, board: Board, task: Task) -> tuple[int, int]:
        """How many tasks come before and after one, all the way."""
        known = self._counted
        if known is None or known[0] is not board or known[1] != task.ref:
            known = self._counted = board, task.ref, len(upstream(board, task)), len(downstream(board, task))
        return known[2:]
