"""The go/no-go panel: criteria, votes, what is missing, and how long there still is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import ClassVar

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.containers import Container

from warroom.board.rows import Gate, Task
from warroom.rules.criteria import Judged, asks_confidence
from warroom.tui.drawing.ink import Spans, width_of
from warroom.tui.drawing.items import Item
from warroom.tui.drawing.picked import OnCriterion, OnPart, OnTrigger
from warroom.tui.gates.criterion_texts import found_at
from warroom.tui.gates.standing import standing_items
from warroom.tui.gates.texts import gate_items, gates_of, next_gate
from warroom.tui.picture.picture import Picture
from warroom.tui.screens.console import TALL, WIDE
from warroom.tui.screens.counting import CountingScreen
from warroom.tui.screens.criterion import CriterionScreen
from warroom.tui.telling.countdowns import Countdown, decision_due, last_backout
from warroom.tui.telling.tasks import state_spans
from warroom.tui.widgets.header import Header
from warroom.tui.widgets.listing import Listing
from warroom.tui.widgets.painted import Lines
from warroom.vocabulary.text import one_line


class GateScreen(CountingScreen):
    """One gate at a time: the one that it is about, else the next one to decide. Keys for gates work on it wherever the
    cursor stands; on a criterion, a seat or a control under it, those for them do too."""

    SCREEN_NAME: ClassVar[str] = "gate"
    HEADER_LINES: ClassVar[int] = 2

    def compose(self) -> ComposeResult:
        yield Header(id="header", classes="-two")
        yield Lines(id="task-title")
        yield Lines(id="countdowns")
        with Container(id="gate"):
            yield Listing(id="votes")
            yield Listing(id="standing")
        yield Lines(id="footer")

    @property
    def selected(self) -> Task | None:
        task = None if self.ref is None else self.picture.board.task(self.ref)
        return next_gate(self.picture) if task is None else task

    def draw(self) -> None:
        task = self.selected
        votes, standing = self.query_one("#votes", Listing), self.query_one("#standing", Listing)
        if task is None:
            self.query_one("#task-title", Lines).show(lambda _: ((" There is no gate in this plan ", "bold"),))
            votes.show(lambda _: ())
            standing.show(lambda _: ())
            return
        gates = [gate.ref for gate in gates_of(self.picture)]
        place = f"  {gates.index(task.ref) + 1} of {len(gates)}" if task.ref in gates else ""
        title: Spans = (
            (f" ◆ {one_line(task.ref, 20)} ", "bold reverse"),
            (f" {one_line(task.title, 80)}  ", "bold"),
            *state_spans(self.picture, task),
            (place, "muted"),
        )
        turning = ("  [ ] other gates", "  [ ]") if len(gates) > 1 else ()
        self.query_one("#task-title", Lines).show(partial(_with_hint, title, turning))
        known = self.console.odds.known
        confidence = None if known is None else known.per_cent
        found = found_at(self.picture, self._gate, confidence)
        one_list, short = self._is_small, self.app.size.height < TALL
        votes.show(partial(_whole if one_list else _votes, self.picture, task, found, confidence, short))
        votes.entitle("Go or no-go")
        standing.show(partial(standing_items, self.picture, task, found, confidence))
        standing.entitle("How it stands")

    @property
    def _is_small(self) -> bool:
        """Whether one list holds everything."""
        return self.app.size.width < WIDE and self.app.size.height < TALL

    @property
    def _gate(self) -> Gate | None:
        return None if self.selected is None else self.picture.board.gate_of(self.selected.id)

    @property
    def shows_odds(self) -> bool:
        """A gate that asks for the confidence has it reckoned, off the loop; the others tell it where it is known."""
        gate = self._gate
        return gate is not None and gate.verdict is None and asks_confidence(self.picture.board, gate)

    def show_odds(self) -> None:
        super().show_odds()
        self.draw()

    def countdowns(self, run_time: datetime) -> Sequence[Countdown]:
        return decision_due(self.picture, self.selected, run_time), last_backout(self.picture, run_time)

    def turn(self, by: int) -> None:
        """Show the gate that comes so many later (negative: earlier), round and round."""
        gates = [gate.ref for gate in gates_of(self.picture)]
        task = self.selected
        if task is not None and task.ref in gates:
            self.show_about(gates[(gates.index(task.ref) + by) % len(gates)])

    def open_selected(self) -> None:
        """What is under the cursor: a criterion, a control, a trigger, an open task; else the gate itself, whole."""
        task, picked = self.selected, self.picked
        ref = self.pane.selected or (None if task is None else task.ref)
        match picked:
            case OnCriterion() if task is not None:
                self.app.push_screen(CriterionScreen(task.ref, picked.number))
            case OnPart():
                self.console.show_beside("controls", picked.key)
            case OnTrigger():
                self.console.show_beside("back-out")
            case _ if ref is not None:
                self.console.show_task(ref)


def _with_hint(title: Spans, hints: tuple[str, ...], width: int) -> Spans:
    """A title with the longest of the hints that still fits behind it."""
    fitting = (hint for hint in hints if width_of(title) + cell_len(hint) <= width)
    return (*title, (next(fitting, ""), "muted"))


def _votes(
    picture: Picture, task: Task, found: tuple[Judged, ...], _: Decimal | None, short: bool, width: int
) -> tuple[Item, ...]:
    return gate_items(picture, task, found, width, short=short)


def _whole(
    picture: Picture, task: Task, found: tuple[Judged, ...], confidence: Decimal | None, short: bool, width: int
) -> tuple[Item, ...]:
    return (
        *gate_items(picture, task, found, width, short=short),
        *standing_items(picture, task, found, confidence, width),
    )
