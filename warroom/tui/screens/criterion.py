"""One criterion of a gate whole: its evidence, and the tasks, controls, problems or tests that it rests on."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from textual.app import ComposeResult

from warroom.board.rows import Task
from warroom.rules.criteria import asks_confidence
from warroom.tui.drawing.ink import Spans
from warroom.tui.drawing.picked import OnCriterion, OnPart, Picked
from warroom.tui.gates.criterion_details import criterion_detail_items
from warroom.tui.gates.criterion_texts import found_at
from warroom.tui.screens.aside import AsideScreen
from warroom.tui.widgets.header import Header
from warroom.tui.widgets.listing import Listing
from warroom.tui.widgets.painted import Lines
from warroom.vocabulary.text import one_line


class CriterionScreen(AsideScreen):
    """Keys for gates and criteria work on this one; on a control under the cursor those for controls do.

    Args:
        ref: of the gate. number: of the criterion among those of the gate, from 1.
    """

    SCREEN_NAME: ClassVar[str] = "criterion"
    HEADER_LINES: ClassVar[int] = 2

    def __init__(self, ref: str, number: int) -> None:
        super().__init__(ref)
        self._number = number

    def compose(self) -> ComposeResult:
        yield Header(id="header", classes="-two")
        yield Lines(id="task-title")
        yield Listing(id="criterion")
        yield Lines(id="footer")

    @property
    def selected(self) -> Task | None:
        return None if self.ref is None else self.picture.board.task(self.ref)

    @property
    def picked(self) -> Picked | None:
        return self.pane.picked or OnCriterion(self._number)

    def draw(self) -> None:
        task = self.selected
        gate = None if task is None else self.picture.board.gate_of(task.id)
        known = self.console.odds.known
        found = found_at(self.picture, gate, None if known is None else known.per_cent)
        title: Spans = (
            (f" ◆ {one_line(self.ref or '', 20)} ", "bold reverse"),
            (f" criterion {self._number} of {len(found)}", "bold"),
            ("  [ ] other criteria", "muted"),
        )
        self.query_one("#task-title", Lines).show(lambda _: title)
        listing = self.query_one(Listing)
        if self._number > len(found):
            listing.show(lambda _: ())
            return
        listing.show(partial(criterion_detail_items, self.picture, found[self._number - 1]))

    @property
    def shows_odds(self) -> bool:
        task = self.selected
        gate = None if task is None else self.picture.board.gate_of(task.id)
        return gate is not None and gate.verdict is None and asks_confidence(self.picture.board, gate)

    def show_odds(self) -> None:
        super().show_odds()
        self.draw()

    def turn(self, by: int) -> None:
        """Show the criterion that comes so many later (negative: earlier), round and round."""
        task = self.selected
        gate = None if task is None else self.picture.board.gate_of(task.id)
        if gate is not None and (count := len(self.picture.board.criteria(gate.id))):
            self._number = (self._number - 1 + by) % count + 1
            self.show()

    @property
    def has_details(self) -> bool:
        return self.pane.selected is not None or isinstance(self.picked, OnPart)

    def open_selected(self) -> None:
        """The task or the control under the cursor."""
        ref, picked = self.pane.selected, self.picked
        if ref is not None:
            self.console.show_task(ref)
        elif isinstance(picked, OnPart):
            self.console.show_beside("controls", picked.key)
