"""What if this task slips? Ghosts on the timeline, what breaks, whom to call. Nothing is written."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Container

from warroom.board.rows import Task
from warroom.tui.doing.context import Context
from warroom.tui.drawing.ink import Spans
from warroom.tui.picture.picture import BIG_BOARD, Picture
from warroom.tui.screens.aside import AsideScreen
from warroom.tui.telling.heading import Piece, fitted
from warroom.tui.timeline.bars import Ghost
from warroom.tui.timeline.widget import Timeline
from warroom.tui.whatif.slip import TypedSlip
from warroom.tui.whatif.texts import Answer, answer, answer_items
from warroom.tui.widgets.header import Header
from warroom.tui.widgets.listing import Listing
from warroom.tui.widgets.painted import Lines
from warroom.vocabulary.text import one_line


class WhatIfScreen(AsideScreen):
    """About one task, whatever the cursor stands on. Digits, + and - say by how much it slips; each key is answered at
    once, on a big Board as soon as it is reckoned off the loop: the last key wins. Esc leaves no trace."""

    SCREEN_NAME: ClassVar[str] = "what-if"
    HEADER_LINES: ClassVar[int] = 2

    def __init__(self, ref: str | None = None) -> None:
        super().__init__(ref)
        self._slip = TypedSlip()
        self._wanted: tuple[Picture, Task, int] | None = None
        self._answer: Answer | None = None
        self._gone_to: str | None = None
        self._reckoning = False

    def compose(self) -> ComposeResult:
        yield Header(id="header", classes="-two")
        yield Lines(id="task-title")
        with Container(id="body"):
            yield Timeline(id="timeline")
            with Container(id="side"):
                yield Listing(id="consequences")
        yield Lines(id="footer")

    def on_mount(self) -> None:
        before = self.app.screen_stack[-2].query(Timeline) if len(self.app.screen_stack) > 1 else ()
        for timeline in before:
            self.query_one(Timeline).look_like(timeline)

    def show_about(self, ref: str | None) -> None:
        self._slip = TypedSlip()
        super().show_about(ref)

    def context(self) -> Context:
        back = self.picture.key("console.back")
        return replace(super().context(), read_only=f"a what-if changes nothing; {back} goes back")

    def take_key(self, key: str) -> None:
        slip = self._slip
        if key == "backspace":
            slip.erase()
        elif key in ("plus", "equals_sign"):
            slip.step(1)
        elif key == "minus":
            slip.step(-1)
        else:
            slip.type(key)
        self.draw()

    def draw(self) -> None:
        """Show what is known, and reckon what is not."""
        picture = self.picture
        task = None if self.ref is None else picture.board.task(self.ref)
        self._show_question(task)
        self._wanted = None if task is None else (picture, task, self._slip.seconds)
        if self._wanted is not None and len(picture.board.tasks) < BIG_BOARD:
            self._show_answer(answer(*self._wanted))
            return
        if self._answer is None:
            self.query_one(Timeline).show(picture)
            self._go_to_task()
        if not self._reckoning:
            self._reckoning = True
            self.beside(self._reckon, group="what-if")

    async def _reckon(self) -> None:
        """Answer what is asked last, off the loop, until nothing else is asked."""
        try:
            answered = None
            while self._wanted is not None and self._wanted is not answered:
                answered = self._wanted
                found = await asyncio.to_thread(answer, *answered)
                if self.is_attached and answered is self._wanted:
                    self._show_answer(found)
        finally:
            self._reckoning = False

    def _show_question(self, task: Task | None) -> None:
        if task is None:
            self.query_one("#task-title", Lines).show(
                lambda _: ((" What if? ", "bold reverse"), (" about no task", ""))
            )
            return
        pieces = question(task, self._slip, self.picture.key)
        self.query_one("#task-title", Lines).show(partial(fitted, pieces))

    def _show_answer(self, found: Answer) -> None:
        self._answer = found
        timeline, panel = self.query_one(Timeline), self.query_one("#consequences", Listing)
        timeline.show(found.picture, ghosts_of(found))
        self._go_to_task()
        panel.show(partial(answer_items, found))
        if not panel.has_focus:
            panel.move_to(0)  # the figures come first, whatever was broken before
        outcome = found.outcome
        moved = 0 if outcome is None else len(outcome.moves)
        panel.entitle(f"If so · {moved} task{'' if moved == 1 else 's'} move{'s' if moved == 1 else ''}")

    def _go_to_task(self) -> None:
        """Put the cursor on the task once; from then on it is free to look around."""
        if self.ref is not None and self._gone_to != self.ref:
            self._gone_to = self.ref
            self.query_one(Timeline).go_to(self.ref)
            self.call_after_refresh(self._show_what_follows)

    def _show_what_follows(self) -> None:
        """Where the timeline is low, what comes after the task is worth more than what comes before."""
        if not self.is_there:
            return
        timeline = self.query_one(Timeline)
        timeline.scroll_to(y=max(0, timeline.cursor - 2), animate=False)


def question(task: Task, slip: TypedSlip, key: Callable[[str], str]) -> list[Piece]:
    """What is asked, and how to ask something else."""
    ink = "status-late bold" if slip.seconds > 0 else "inside bold" if slip.seconds < 0 else "bold"
    won = slip.seconds < 0 and not slip.text
    asked: Spans = (
        ("takes less: " if won else "slips by ", "muted"),
        (slip.shown, ink if slip.understood else "status-failed bold"),
        ("▏" if slip.text else "", "bold"),
        ("" if slip.understood else " cannot be read", "status-failed"),
    )
    return [
        Piece(((" What if ", "bold reverse"), (f" {one_line(task.ref, 20)}", "bold"))),
        Piece(((one_line(task.title, 60), ""),), rank=3, short=((one_line(task.title, 30), ""),)),
        Piece(asked),
        Piece(((f"type 45 or 1h30, {key('what-if.more')} {key('what-if.less')} 15 min", "muted"),), rank=2, right=True),
        Piece(((f"{key('console.back')}: as it was", "muted"),), rank=1, right=True),
    ]


def ghosts_of(found: Answer) -> dict[str, Ghost]:
    """Where the tasks that move would lie, by ref."""
    if found.outcome is None:
        return {}
    forecast, effect = found.picture.forecast, found.outcome.effect
    before = forecast.expected.columns
    ghosts = {}
    for ref, moves in found.outcome.moves.items():
        start, finish = effect.span(ref)
        if before.begun(forecast.expected.network.positions[ref]):
            start = min(max(start, forecast.now), finish)  # what is done stays where it is
        ghosts[ref] = Ghost(start, finish, moves, asked=ref == found.task.ref)
    return ghosts
